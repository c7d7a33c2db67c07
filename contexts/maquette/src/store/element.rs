//! Elements as pages show them.

use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::{count, like, select};
use db::{DbError, Page, Paging};
use kernel::Centi;

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
}

/// What narrows a list of elements.
#[derive(Clone, Debug, Default)]
pub struct Filtre<'a> {
    /// Folded text.
    pub recherche: &'a str,
    /// Codes of natures.
    pub natures: &'a [&'a str],
    /// `ouvert`, `suspendu`, `ferme`, `partage`; absent: all that the source has open.
    pub etat: Option<&'a str>,
    /// `code`, `libelle`, `nature`, `ects`.
    pub tri: &'a str,
    /// From large to small.
    pub decroissant: bool,
}

const USAGES: &str =
    "(SELECT COUNT(*) FROM maquette_lien_liste_element u WHERE u.annee = e.annee AND u.element = e.code
    AND u.ferme_le IS NULL)";

fn colonnes() -> String {
    format!(
        "SELECT e.code, e.libelle, e.nature, n.libelle, COALESCE(c.libelle, e.composante), e.periode, e.ects, e.ects_apogee,
            e.ects_kofr, COALESCE(e.ferme, FALSE), COALESCE(e.suspendu, FALSE), e.motif_suspension, (e.ferme_le IS NOT NULL), {USAGES}
         FROM maquette_element e
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
    })
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
    let mut ou = String::from(" WHERE e.annee = ?");
    let mut valeurs: Vec<Value> = vec![i64::from(annee).into()];
    let ouvert = " AND e.ferme_le IS NULL AND NOT COALESCE(e.ferme, FALSE)";
    ou.push_str(match f.etat {
        Some("suspendu") => " AND e.ferme_le IS NULL AND e.suspendu",
        Some("ferme") => " AND (e.ferme_le IS NOT NULL OR e.ferme)",
        Some("partage") => {
            " AND e.ferme_le IS NULL AND e.code IN (SELECT element FROM maquette_lien_liste_element
              WHERE annee = e.annee AND ferme_le IS NULL GROUP BY element HAVING COUNT(*) > 1)"
        }
        _ => ouvert,
    });
    for mot in f.recherche.split_whitespace() {
        ou.push_str(" AND e.recherche LIKE ? ESCAPE '!'");
        valeurs.push(like(mot).into());
    }
    if !f.natures.is_empty() {
        ou.push_str(&format!(" AND e.nature IN ({})", vec!["?"; f.natures.len()].join(", ")));
        valeurs.extend(f.natures.iter().map(|n| Value::from(*n)));
    }
    let total = count(conn, &format!("SELECT COUNT(*) FROM maquette_element e{ou}"), valeurs.clone()).await?;
    let sens = if f.decroissant { "DESC" } else { "ASC" };
    let tri = match f.tri {
        "libelle" => format!("e.libelle {sens}, e.code"),
        "nature" => format!("e.nature {sens}, e.code"),
        "ects" => format!("e.ects IS NULL, e.ects {sens}, e.code"),
        _ => format!("e.code {sens}"),
    };
    let sql =
        format!("{}{ou} ORDER BY {tri} LIMIT {} OFFSET {}", colonnes(), paging.taille(), paging.offset());
    let rows = select(conn, &sql, valeurs).await?.iter().map(lire).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::new(paging, total, rows))
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
    let sql = format!("{} WHERE e.annee = ? AND e.code = ?", colonnes());
    select(conn, &sql, [i64::from(annee).into(), code.into()]).await?.first().map(lire).transpose()
}

/// Natures in use, with how many open elements have each.
///
/// # Errors
/// Those of the database.
pub async fn element_natures<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
) -> Result<Vec<(String, String, u64)>, DbError> {
    let sql = "SELECT e.nature, COALESCE(MAX(n.libelle), e.nature), COUNT(*) FROM maquette_element e
        LEFT JOIN maquette_nature n ON n.annee = e.annee AND n.code = e.nature
        WHERE e.annee = ? AND e.ferme_le IS NULL AND NOT COALESCE(e.ferme, FALSE) GROUP BY e.nature ORDER BY 3 DESC, 1 LIMIT 40";
    let rows = select(conn, sql, [i64::from(annee).into()]).await?;
    rows.iter()
        .map(|row| {
            let n: i64 = row.try_get_by_index(2)?;
            Ok((
                row.try_get_by_index::<Option<String>>(0)?.unwrap_or_default(),
                row.try_get_by_index::<Option<String>>(1)?.unwrap_or_default(),
                n.unsigned_abs(),
            ))
        })
        .collect()
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

/// An étape that leads to an element, by however many levels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageVu {
    /// COD_ETP.
    pub etape: String,
    /// COD_VRS_VET.
    pub version: String,
    /// Label.
    pub libelle: String,
}

/// Étapes that lead to an element, found upwards; UNION keeps each list once, so that a cycle ends.
///
/// # Errors
/// Those of the database.
pub async fn element_etapes<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    code: &str,
) -> Result<Vec<UsageVu>, DbError> {
    let sql = "WITH RECURSIVE haut(liste) AS (
            SELECT liste FROM maquette_lien_liste_element WHERE annee = ? AND element = ? AND ferme_le IS NULL
            UNION
            SELECT h.liste FROM haut a
            JOIN maquette_lien_element_liste b ON b.annee = ? AND b.liste = a.liste AND b.ferme_le IS NULL AND b.lien_ferme_le IS NULL
            JOIN maquette_lien_liste_element h ON h.annee = b.annee AND h.element = b.element AND h.ferme_le IS NULL)
        SELECT DISTINCT l.etape, l.version, COALESCE(v.libelle, e.libelle, '') FROM haut a
        JOIN maquette_lien_etape_liste l ON l.annee = ? AND l.liste = a.liste AND l.ferme_le IS NULL AND l.lien_ferme_le IS NULL
        LEFT JOIN maquette_version_etape v ON v.annee = l.annee AND v.etape = l.etape AND v.version = l.version
        LEFT JOIN maquette_etape e ON e.annee = l.annee AND e.code = l.etape
        ORDER BY 1, 2";
    let an = i64::from(annee);
    let rows = select(conn, sql, [an.into(), code.into(), an.into(), an.into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(UsageVu {
                etape: row.try_get_by_index(0)?,
                version: row.try_get_by_index(1)?,
                libelle: row.try_get_by_index(2)?,
            })
        })
        .collect()
}

/// Lists that hold an element: code, label, type.
///
/// # Errors
/// Those of the database.
pub async fn element_listes<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    code: &str,
) -> Result<Vec<(String, String, String)>, DbError> {
    let sql = "SELECT h.liste, COALESCE(l.libelle, ''), COALESCE(l.type_liste, '') FROM maquette_lien_liste_element h
        LEFT JOIN maquette_liste l ON l.annee = h.annee AND l.code = h.liste
        WHERE h.annee = ? AND h.element = ? AND h.ferme_le IS NULL ORDER BY 1";
    let rows = select(conn, sql, [i64::from(annee).into(), code.into()]).await?;
    rows.iter()
        .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?)))
        .collect()
}
