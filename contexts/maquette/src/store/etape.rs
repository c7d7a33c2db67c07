//! Étapes as pages show them.

use std::collections::HashMap;

use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::{count, select};
use db::{DbError, Page, Paging};

use super::condition::{Condition, Facette, lire_facette, marques};

/// One étape version, or an étape that has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EtapeVue {
    /// COD_ETP.
    pub code: String,
    /// COD_VRS_VET; absent when the catalogue has no versions.
    pub version: Option<String>,
    /// The version's label, or the étape's.
    pub libelle: String,
    /// Code and label of the component.
    pub composante: Option<String>,
    /// Taught at a distance.
    pub a_distance: Option<bool>,
    /// Recruits this year.
    pub ouverte: Option<bool>,
    /// Gone from the source.
    pub fermee: bool,
    /// Cycle of the étape.
    pub cycle: Option<String>,
    /// Students registered and neither cancelled nor resigned.
    pub inscrits: u64,
}

/// What narrows a list of étapes. Several values of one filter widen it; several filters narrow it.
#[derive(Clone, Debug, Default)]
pub struct Filtre<'a> {
    /// Folded text, searched in code and labels.
    pub recherche: &'a str,
    /// `ouverte`, `validation`, `fermee`; absent: all that the source has.
    pub etat: Option<&'a str>,
    /// Component codes.
    pub composantes: &'a [&'a str],
    /// Cycles.
    pub cycles: &'a [&'a str],
    /// Codes of diplomas.
    pub diplomes: &'a [&'a str],
    /// Each narrows: `distance`, `anomalie`, `inscrits`, `sans-inscrits`, `sans-diplome`.
    pub avec: &'a [&'a str],
    /// Column sorted by: `code`, `libelle`, `composante`.
    pub tri: &'a str,
    /// From large to small.
    pub decroissant: bool,
}

const TABLES: &str = "FROM maquette_etape e
    LEFT JOIN maquette_version_etape v ON v.annee = e.annee AND v.etape = e.code
    LEFT JOIN maquette_composante c ON c.annee = e.annee AND c.code = v.composante
    WHERE";

const INSCRITS: &str =
    "EXISTS (SELECT 1 FROM maquette_inscription_administrative i WHERE i.annee = e.annee AND i.etape = e.code
    AND i.version = COALESCE(v.version, i.version) AND i.etat = 'E' AND i.ferme_le IS NULL)";

const RATTACHEE: &str =
    "EXISTS (SELECT 1 FROM maquette_rattachement r WHERE r.annee = e.annee AND r.etape = e.code
    AND r.version_etape = v.version AND r.ferme_le IS NULL)";

fn condition(annee: u16, f: &Filtre<'_>) -> Condition {
    let an = || Value::from(i64::from(annee));
    let mut c = Condition::new("e.annee = ?", [an()]);
    c.et(match f.etat {
        Some("ouverte") => "e.ferme_le IS NULL AND v.ferme_le IS NULL AND COALESCE(v.ouverte, TRUE)",
        Some("validation") => "e.ferme_le IS NULL AND v.ferme_le IS NULL AND NOT v.ouverte",
        Some("fermee") => "(e.ferme_le IS NOT NULL OR v.ferme_le IS NOT NULL)",
        _ => "e.ferme_le IS NULL AND v.ferme_le IS NULL",
    });
    c.mots(f.recherche, &["e.recherche", "v.recherche"]);
    c.parmi("v.composante", f.composantes);
    c.parmi("e.cycle", f.cycles);
    if !f.diplomes.is_empty() {
        let sql = format!(
            "EXISTS (SELECT 1 FROM maquette_rattachement r WHERE r.annee = e.annee AND r.etape = e.code AND r.version_etape = v.version
              AND r.ferme_le IS NULL AND r.diplome IN ({}))",
            marques(f.diplomes.len())
        );
        c.et_avec(&sql, f.diplomes.iter().map(|d| Value::from(*d)));
    }
    for avec in f.avec {
        match *avec {
            "distance" => c.et("v.a_distance"),
            "anomalie" => c.et_avec(
                "(e.code || ' · ' || v.version) IN (SELECT cle_objet FROM maquette_anomalie
                  WHERE annee = ? AND objet = 'version_etape' AND ferme_le IS NULL)",
                [an()],
            ),
            "inscrits" => c.et(INSCRITS),
            "sans-inscrits" => c.et(&format!("NOT {INSCRITS}")),
            "sans-diplome" => c.et(&format!("NOT {RATTACHEE}")),
            _ => {}
        }
    }
    c
}

const COLONNES: &str =
    "SELECT e.code, v.version, COALESCE(v.libelle, e.libelle), COALESCE(c.libelle, v.composante),
    v.a_distance, v.ouverte, (e.ferme_le IS NOT NULL OR v.ferme_le IS NOT NULL), e.cycle";

fn lire(row: &QueryResult) -> Result<EtapeVue, DbError> {
    Ok(EtapeVue {
        code: row.try_get_by_index(0)?,
        version: row.try_get_by_index(1)?,
        libelle: row.try_get_by_index::<Option<String>>(2)?.unwrap_or_default(),
        composante: row.try_get_by_index(3)?,
        a_distance: row.try_get_by_index(4)?,
        ouverte: row.try_get_by_index(5)?,
        fermee: row.try_get_by_index(6)?,
        cycle: row.try_get_by_index(7)?,
        inscrits: 0,
    })
}

/// One page of étapes.
///
/// # Errors
/// Those of the database.
pub async fn etape_list<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    filtre: &Filtre<'_>,
    paging: Paging,
) -> Result<Page<EtapeVue>, DbError> {
    let c = condition(annee, filtre);
    let total = count(conn, &format!("SELECT COUNT(*) {TABLES} {}", c.sql()), c.valeurs()).await?;
    let sens = if filtre.decroissant { "DESC" } else { "ASC" };
    let tri = match filtre.tri {
        "libelle" => {
            format!(
                "COALESCE(SUBSTR(v.recherche, LENGTH(e.code) + LENGTH(v.version) + 3, 60), SUBSTR(e.recherche, LENGTH(e.code) + 2, 60)) {sens}, e.code, v.version"
            )
        }
        "composante" => format!("4 {sens}, e.code, v.version"),
        _ => format!("e.code {sens}, v.version {sens}"),
    };
    let sql = format!(
        "{COLONNES} {TABLES} {} ORDER BY {tri} LIMIT {} OFFSET {}",
        c.sql(),
        paging.taille(),
        paging.offset()
    );
    let mut etapes =
        select(conn, &sql, c.valeurs()).await?.iter().map(lire).collect::<Result<Vec<_>, _>>()?;
    compter_inscrits(conn, annee, &mut etapes).await?;
    Ok(Page::new(paging, total, etapes))
}

/// Head counts of a page of étapes, in one query.
async fn compter_inscrits<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    etapes: &mut [EtapeVue],
) -> Result<(), DbError> {
    if etapes.is_empty() {
        return Ok(());
    }
    let marques = marques(etapes.len());
    let sql = format!(
        "SELECT etape, version, COUNT(DISTINCT etudiant) FROM maquette_inscription_administrative
         WHERE annee = ? AND etat = 'E' AND ferme_le IS NULL AND etape IN ({marques}) GROUP BY etape, version"
    );
    let valeurs =
        std::iter::once(i64::from(annee).into()).chain(etapes.iter().map(|e| e.code.as_str().into()));
    let mut comptes: HashMap<(String, String), u64> = HashMap::new();
    for row in select(conn, &sql, valeurs).await? {
        let cle = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        comptes.insert(cle, row.try_get_by_index::<i64>(2)?.unsigned_abs());
    }
    for e in etapes {
        e.inscrits = match &e.version {
            Some(version) => comptes.get(&(e.code.clone(), version.clone())).copied().unwrap_or_default(),
            // A catalogue without versions: whoever registered to the étape.
            None => comptes.iter().filter(|((code, _), _)| *code == e.code).map(|(_, n)| n).sum(),
        };
    }
    Ok(())
}

/// One étape version; without a version, the étape itself or its only version.
///
/// # Errors
/// Those of the database.
pub async fn etape_read<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    code: &str,
    version: Option<&str>,
) -> Result<Option<EtapeVue>, DbError> {
    let mut sql = format!("{COLONNES} {TABLES} e.annee = ? AND e.code = ?");
    let mut valeurs: Vec<Value> = vec![i64::from(annee).into(), code.into()];
    if let Some(version) = version {
        sql.push_str(" AND v.version = ?");
        valeurs.push(version.into());
    }
    sql.push_str(" ORDER BY v.version DESC LIMIT 1");
    let mut etapes = select(conn, &sql, valeurs).await?.iter().map(lire).collect::<Result<Vec<_>, _>>()?;
    compter_inscrits(conn, annee, &mut etapes).await?;
    Ok(etapes.pop())
}

/// A diploma version that an étape belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiplomeDEtape {
    /// COD_DIP.
    pub code: String,
    /// COD_VRS_VDI.
    pub version: String,
    /// Its label.
    pub libelle: String,
    /// Years of recruitment, ends unknown when absent.
    pub recrutement: (Option<i64>, Option<i64>),
    /// Years of validation.
    pub validation: (Option<i64>, Option<i64>),
    /// Year within the diploma.
    pub rang: Option<i64>,
}

/// Diploma versions of an étape version.
///
/// # Errors
/// Those of the database.
pub async fn etape_diplomes<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    code: &str,
    version: &str,
) -> Result<Vec<DiplomeDEtape>, DbError> {
    let sql = "SELECT r.diplome, r.version_diplome, COALESCE(v.libelle, d.libelle, r.diplome), r.recrutement_debut, r.recrutement_fin,
            r.validation_debut, r.validation_fin, r.rang
        FROM maquette_rattachement r
        LEFT JOIN maquette_diplome d ON d.annee = r.annee AND d.code = r.diplome
        LEFT JOIN maquette_version_diplome v ON v.annee = r.annee AND v.diplome = r.diplome AND v.version = r.version_diplome
        WHERE r.annee = ? AND r.etape = ? AND r.version_etape = ? AND r.ferme_le IS NULL
        ORDER BY r.diplome, r.version_diplome";
    let rows = select(conn, sql, [i64::from(annee).into(), code.into(), version.into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(DiplomeDEtape {
                code: row.try_get_by_index(0)?,
                version: row.try_get_by_index(1)?,
                libelle: row.try_get_by_index(2)?,
                recrutement: (row.try_get_by_index(3)?, row.try_get_by_index(4)?),
                validation: (row.try_get_by_index(5)?, row.try_get_by_index(6)?),
                rang: row.try_get_by_index(7)?,
            })
        })
        .collect()
}

/// Values of the filters of the list: components, cycles.
///
/// # Errors
/// Those of the database.
pub async fn etape_facettes<C: ConnectionTrait>(conn: &C, annee: u16) -> Result<[Facette; 2], DbError> {
    let composantes = "SELECT v.composante, COALESCE(MAX(c.libelle), v.composante), COUNT(*) FROM maquette_version_etape v
        LEFT JOIN maquette_composante c ON c.annee = v.annee AND c.code = v.composante
        WHERE v.annee = ? AND v.ferme_le IS NULL AND v.composante IS NOT NULL GROUP BY v.composante ORDER BY 2";
    let cycles = "SELECT cycle, cycle, COUNT(*) FROM maquette_etape
        WHERE annee = ? AND ferme_le IS NULL AND cycle IS NOT NULL GROUP BY cycle ORDER BY 1";
    let an = || [Value::from(i64::from(annee))];
    Ok([
        lire_facette(&select(conn, composantes, an()).await?)?,
        lire_facette(&select(conn, cycles, an()).await?)?,
    ])
}
