//! Elements as pages show them.

use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::select;
use db::{DbError, Page, Paging};
use kernel::Centi;

use super::condition::{Condition, Facette, lire_facette, total_apres};
use super::correction_lue::correction_cles;
use crate::domain::genre::Genre;
use crate::domain::valeur::cle_json;

/// One element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementVu {
    /// COD_ELP.
    pub code: String,
    /// Label.
    pub libelle: String,
    /// Code of its nature.
    pub nature: String,
    /// Label of its nature.
    pub nature_libelle: Option<String>,
    /// Component.
    pub composante: Option<String>,
    /// S1, S2, AN…
    pub periode: Option<String>,
    /// ECTS decided.
    pub ects: Option<Centi>,
    /// ECTS that Apogée says.
    pub ects_apogee: Option<Centi>,
    /// ECTS that Kofr says.
    pub ects_kofr: Option<Centi>,
    /// Closed at the source.
    pub ferme: bool,
    /// Suspended at the source.
    pub suspendu: bool,
    /// Why it is suspended.
    pub motif_suspension: Option<String>,
    /// Gone from the source.
    pub disparu: bool,
    /// Open lists it is in.
    pub usages: u64,
    /// Who answers for it, by name, as Kofr says it.
    pub responsable: Option<String>,
    /// A local value stands on one of its fields.
    pub corrige: bool,
}

/// What narrows a list of elements. Several values of one filter widen it; several filters narrow it.
#[derive(Clone, Debug, Default)]
pub struct Filtre<'a> {
    /// Folded text.
    pub recherche: &'a str,
    /// What was found of it in memory: the numbers of the rows, when they are few.
    pub trouves: Option<&'a [i64]>,
    /// How many rows the list has, when that is known.
    pub total: Option<u64>,
    /// Codes of natures.
    pub natures: &'a [&'a str],
    /// Codes of components.
    pub composantes: &'a [&'a str],
    /// Periods.
    pub periodes: &'a [&'a str],
    /// At least and at most so many ECTS; an element without ECTS is in no range.
    pub ects: (Option<Centi>, Option<Centi>),
    /// `suspendu`, `ferme`, `tous`; absent: all that the source has open.
    pub etat: Option<&'a str>,
    /// Each narrows: `partage`, `anomalie`, `correction`, `inutilise`, `sans-ects`.
    pub avec: &'a [&'a str],
    /// `code`, `libelle`, `nature`, `periode`, `composante`, `ects`.
    pub tri: &'a str,
    /// From large to small.
    pub decroissant: bool,
}

const USAGES: &str =
    "(SELECT COUNT(*) FROM maquette_lien_liste_element u WHERE u.annee = e.annee AND u.element = e.code
    AND u.ferme_le IS NULL)";

/// Columns of the rows of `depuis`: what is joined or counted is so for the rows shown, never for those skipped.
fn colonnes(depuis: &str) -> String {
    format!(
        "SELECT e.code, e.libelle, e.nature, n.libelle, COALESCE(c.libelle, e.composante), e.periode, e.ects, e.ects_apogee,
            e.ects_kofr, COALESCE(e.ferme, FALSE), COALESCE(e.suspendu, FALSE), e.motif_suspension, (e.ferme_le IS NOT NULL), {USAGES},
            e.responsable
         FROM {depuis} e
         LEFT JOIN maquette_nature n ON n.annee = e.annee AND n.code = e.nature
         LEFT JOIN maquette_composante c ON c.annee = e.annee AND c.code = e.composante"
    )
}

fn lire(row: &QueryResult) -> Result<ElementVu, DbError> {
    let centi =
        |i| -> Result<Option<Centi>, DbError> { Ok(row.try_get_by_index::<Option<i64>>(i)?.map(Centi)) };
    Ok(ElementVu {
        code: row.try_get_by_index(0)?,
        libelle: row.try_get_by_index::<Option<String>>(1)?.unwrap_or_default(),
        nature: row.try_get_by_index::<Option<String>>(2)?.unwrap_or_default(),
        nature_libelle: row.try_get_by_index(3)?,
        composante: row.try_get_by_index(4)?,
        periode: row.try_get_by_index(5)?,
        ects: centi(6)?,
        ects_apogee: centi(7)?,
        ects_kofr: centi(8)?,
        ferme: row.try_get_by_index(9)?,
        suspendu: row.try_get_by_index(10)?,
        motif_suspension: row.try_get_by_index(11)?,
        disparu: row.try_get_by_index(12)?,
        usages: row.try_get_by_index::<i64>(13)?.unsigned_abs(),
        responsable: row.try_get_by_index(14)?,
        corrige: false,
    })
}

fn condition(annee: u16, f: &Filtre<'_>) -> Condition {
    let an = || Value::from(i64::from(annee));
    let mut c = Condition::new("e.annee = ?", [an()]);
    c.et(match f.etat {
        Some("suspendu") => "e.ferme_le IS NULL AND e.suspendu",
        Some("ferme") => "(e.ferme_le IS NOT NULL OR e.ferme)",
        Some("tous") => "e.ferme_le IS NULL",
        _ => OUVERT,
    });
    match f.trouves {
        Some(ids) => c.numeros("e.id", ids),
        None => c.mots(f.recherche, &["e.recherche"]),
    }
    c.parmi("e.nature", f.natures);
    c.parmi("e.composante", f.composantes);
    c.parmi("e.periode", f.periodes);
    let (min, max) = f.ects;
    if let Some(min) = min {
        c.et_avec("e.ects >= ?", [min.0.into()]);
    }
    if let Some(max) = max {
        c.et_avec("e.ects <= ?", [max.0.into()]);
    }
    for avec in f.avec {
        match *avec {
            "partage" => c.et_avec(
                "e.code IN (SELECT element FROM maquette_lien_liste_element WHERE annee = ? AND ferme_le IS NULL
                  GROUP BY element HAVING COUNT(*) > 1)",
                [an()],
            ),
            "anomalie" => c.et_avec(
                "e.code IN (SELECT cle_objet FROM maquette_anomalie WHERE annee = ? AND objet = 'element' AND ferme_le IS NULL)",
                [an()],
            ),
            "correction" => c.et_avec(CORRIGE, [an()]),
            "inutilise" => c.et_avec(
                "e.code NOT IN (SELECT element FROM maquette_lien_liste_element WHERE annee = ? AND ferme_le IS NULL)",
                [an()],
            ),
            "sans-ects" => c.et("e.ects IS NULL"),
            _ => {}
        }
    }
    c
}

/// With a local value that holds, on itself or on its hours; keys of corrections are JSON arrays.
const CORRIGE: &str = "EXISTS (SELECT 1 FROM maquette_correction k WHERE k.annee IN (0, ?) AND k.retiree_le IS NULL
    AND ((k.genre = 'element' AND k.cle = '[\"' || e.code || '\"]') OR (k.genre = 'heures' AND k.cle LIKE '[\"' || e.code || '\",%')))";

/// What the source has open: the elements that the list shows when nothing is asked.
const OUVERT: &str = "e.ferme_le IS NULL AND NOT COALESCE(e.ferme, FALSE)";

/// How many elements the source has open, and how many it has closed without taking them away.
///
/// # Errors
/// Those of the database.
pub async fn element_counts<C: ConnectionTrait>(conn: &C, annee: u16) -> Result<(u64, u64), DbError> {
    let sql =
        "SELECT COALESCE(ferme, FALSE), COUNT(*) FROM maquette_element WHERE annee = ? AND ferme_le IS NULL
        GROUP BY COALESCE(ferme, FALSE)";
    let (mut ouverts, mut fermes) = (0, 0);
    for row in select(conn, sql, [i64::from(annee).into()]).await? {
        let nombre = row.try_get_by_index::<i64>(1)?.unsigned_abs();
        if row.try_get_by_index(0)? { fermes = nombre } else { ouverts = nombre }
    }
    Ok((ouverts, fermes))
}

/// One page of elements.
///
/// # Errors
/// Those of the database.
pub async fn element_list<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    f: &Filtre<'_>,
    paging: Paging,
) -> Result<Page<ElementVu>, DbError> {
    let c = condition(annee, f);
    let sens = if f.decroissant { "DESC" } else { "ASC" };
    let tri = match f.tri {
        "libelle" => format!("SUBSTR(e.recherche, LENGTH(e.code) + 2, 60) {sens}, e.code"),
        "nature" => format!("e.nature {sens}, e.code"),
        "periode" => format!("e.periode {sens}, e.code"),
        "composante" => format!("e.composante {sens}, e.code"),
        "ects" => format!("e.ects IS NULL, e.ects {sens}, e.code"),
        _ => format!("e.code {sens}"),
    };
    let tranche = format!(
        "(SELECT e.* FROM maquette_element e WHERE {} ORDER BY {tri} LIMIT {} OFFSET {})",
        c.sql(),
        paging.taille(),
        paging.offset()
    );
    let sql = format!("{} ORDER BY {tri}", colonnes(&tranche));
    let mut vus = select(conn, &sql, c.valeurs()).await?.iter().map(lire).collect::<Result<Vec<_>, _>>()?;
    let total = match f.total {
        Some(total) => total,
        None => total_apres(conn, "maquette_element e", &c, paging, vus.len()).await?,
    };
    marquer(conn, annee, &mut vus).await?;
    Ok(Page::new(paging, total, vus))
}

/// Says which elements of a page have a local value.
async fn marquer<C: ConnectionTrait>(conn: &C, annee: u16, vus: &mut [ElementVu]) -> Result<(), DbError> {
    let cles: Vec<String> = vus.iter().map(|e| cle_json(&[e.code.as_str().into()])).collect();
    let corriges = correction_cles(conn, annee, Genre::Element, &cles).await?;
    for (e, cle) in vus.iter_mut().zip(&cles) {
        e.corrige = corriges.iter().any(|(corrigee, _)| corrigee == cle);
    }
    Ok(())
}

/// One element.
///
/// # Errors
/// Those of the database.
pub async fn element_read<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    code: &str,
) -> Result<Option<ElementVu>, DbError> {
    let sql = format!("{} WHERE e.annee = ? AND e.code = ?", colonnes("maquette_element"));
    select(conn, &sql, [i64::from(annee).into(), code.into()]).await?.first().map(lire).transpose()
}

/// Values of the filters of the list, counted in open elements: natures, components, periods.
///
/// # Errors
/// Those of the database.
pub async fn element_facettes<C: ConnectionTrait>(conn: &C, annee: u16) -> Result<[Facette; 3], DbError> {
    let de = async |colonne: &str, table: Option<&str>, ordre: &str| -> Result<Facette, DbError> {
        // Counted first, named after: the labels of some tens of codes, not of every element.
        let groupes = format!(
            "SELECT e.{colonne} AS code, COUNT(*) AS nombre FROM maquette_element e
             WHERE e.annee = ? AND {OUVERT} AND e.{colonne} IS NOT NULL GROUP BY e.{colonne}"
        );
        let an = Value::from(i64::from(annee));
        let (sql, valeurs) = match table {
            Some(table) => (
                format!(
                    "SELECT g.code, COALESCE(t.libelle, g.code), g.nombre FROM ({groupes}) g
                     LEFT JOIN {table} t ON t.annee = ? AND t.code = g.code ORDER BY {ordre} LIMIT 60"
                ),
                vec![an.clone(), an],
            ),
            None => (
                format!("SELECT g.code, g.code, g.nombre FROM ({groupes}) g ORDER BY {ordre} LIMIT 60"),
                vec![an],
            ),
        };
        lire_facette(&select(conn, &sql, valeurs).await?)
    };
    Ok([
        de("nature", Some("maquette_nature"), "3 DESC, 1").await?,
        de("composante", Some("maquette_composante"), "2").await?,
        de("periode", None, "1").await?,
    ])
}

/// Hours of one type of an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeuresVues {
    /// CM, TD, TP, EAD…
    pub type_heure: String,
    /// Decided.
    pub heures: Option<Centi>,
    /// What Apogée says.
    pub apogee: Option<Centi>,
    /// What Kofr says.
    pub kofr: Option<Centi>,
    /// Groups.
    pub groupes: Option<i64>,
}

/// Hours of an element.
///
/// # Errors
/// Those of the database.
pub async fn element_heures<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    code: &str,
) -> Result<Vec<HeuresVues>, DbError> {
    let sql = "SELECT type_heure, heures, heures_apogee, heures_kofr, groupes FROM maquette_heures
        WHERE annee = ? AND element = ? AND ferme_le IS NULL ORDER BY type_heure";
    let rows = select(conn, sql, [i64::from(annee).into(), code.into()]).await?;
    rows.iter()
        .map(|row| {
            let centi = |i| -> Result<Option<Centi>, DbError> {
                Ok(row.try_get_by_index::<Option<i64>>(i)?.map(Centi))
            };
            Ok(HeuresVues {
                type_heure: row.try_get_by_index(0)?,
                heures: centi(1)?,
                apogee: centi(2)?,
                kofr: centi(3)?,
                groupes: row.try_get_by_index(4)?,
            })
        })
        .collect()
}
