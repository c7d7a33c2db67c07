//! Étapes as pages show them.

use std::collections::HashMap;

use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::{count, like, select};
use db::{DbError, Page, Paging};

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
    /// Students registered and neither cancelled nor resigned.
    pub inscrits: u64,
}

/// What narrows a list of étapes.
#[derive(Clone, Debug, Default)]
pub struct Filtre<'a> {
    /// Folded text, searched in code and labels.
    pub recherche: &'a str,
    /// `ouverte`, `validation`, `fermee`; absent: all that the source has.
    pub etat: Option<&'a str>,
    /// Component code.
    pub composante: Option<&'a str>,
    /// Column sorted by: `code`, `libelle`, `composante`.
    pub tri: &'a str,
    /// From large to small.
    pub decroissant: bool,
}

const DEPUIS: &str = "FROM maquette_etape e
    LEFT JOIN maquette_version_etape v ON v.annee = e.annee AND v.etape = e.code
    LEFT JOIN maquette_composante c ON c.annee = e.annee AND c.code = v.composante
    WHERE e.annee = ?";

fn conditions(annee: u16, f: &Filtre<'_>) -> (String, Vec<Value>) {
    let mut sql = String::from(DEPUIS);
    let mut valeurs: Vec<Value> = vec![i64::from(annee).into()];
    sql.push_str(match f.etat {
        Some("ouverte") => " AND e.ferme_le IS NULL AND v.ferme_le IS NULL AND COALESCE(v.ouverte, TRUE)",
        Some("validation") => " AND e.ferme_le IS NULL AND v.ferme_le IS NULL AND NOT v.ouverte",
        Some("fermee") => " AND (e.ferme_le IS NOT NULL OR v.ferme_le IS NOT NULL)",
        _ => " AND e.ferme_le IS NULL AND v.ferme_le IS NULL",
    });
    for mot in f.recherche.split_whitespace() {
        sql.push_str(" AND (e.recherche LIKE ? ESCAPE '!' OR v.recherche LIKE ? ESCAPE '!')");
        valeurs.extend([like(mot).into(), like(mot).into()]);
    }
    if let Some(composante) = f.composante {
        sql.push_str(" AND v.composante = ?");
        valeurs.push(composante.into());
    }
    (sql, valeurs)
}

const COLONNES: &str =
    "SELECT e.code, v.version, COALESCE(v.libelle, e.libelle), COALESCE(c.libelle, v.composante),
    v.a_distance, v.ouverte, (e.ferme_le IS NOT NULL OR v.ferme_le IS NOT NULL)";

fn lire(row: &QueryResult) -> Result<EtapeVue, DbError> {
    Ok(EtapeVue {
        code: row.try_get_by_index(0)?,
        version: row.try_get_by_index(1)?,
        libelle: row.try_get_by_index::<Option<String>>(2)?.unwrap_or_default(),
        composante: row.try_get_by_index(3)?,
        a_distance: row.try_get_by_index(4)?,
        ouverte: row.try_get_by_index(5)?,
        fermee: row.try_get_by_index(6)?,
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
    let (depuis, valeurs) = conditions(annee, filtre);
    let total = count(conn, &format!("SELECT COUNT(*) {depuis}"), valeurs.clone()).await?;
    let sens = if filtre.decroissant { "DESC" } else { "ASC" };
    let tri = match filtre.tri {
        "libelle" => format!("3 {sens}, e.code, v.version"),
        "composante" => format!("4 {sens}, e.code, v.version"),
        _ => format!("e.code {sens}, v.version {sens}"),
    };
    let sql =
        format!("{COLONNES} {depuis} ORDER BY {tri} LIMIT {} OFFSET {}", paging.taille(), paging.offset());
    let mut etapes = select(conn, &sql, valeurs).await?.iter().map(lire).collect::<Result<Vec<_>, _>>()?;
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
    let marques = vec!["?"; etapes.len()].join(", ");
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
        let cle = (e.code.clone(), e.version.clone().unwrap_or_default());
        e.inscrits = comptes.get(&cle).copied().unwrap_or_default();
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
    let mut sql = format!("{COLONNES} {DEPUIS} AND e.code = ?");
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

/// Components that have étapes, with how many.
///
/// # Errors
/// Those of the database.
pub async fn etape_composantes<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
) -> Result<Vec<(String, String, u64)>, DbError> {
    let sql = "SELECT v.composante, COALESCE(MAX(c.libelle), v.composante), COUNT(*) FROM maquette_version_etape v
        LEFT JOIN maquette_composante c ON c.annee = v.annee AND c.code = v.composante
        WHERE v.annee = ? AND v.ferme_le IS NULL AND v.composante IS NOT NULL GROUP BY v.composante ORDER BY 2";
    let rows = select(conn, sql, [i64::from(annee).into()]).await?;
    rows.iter()
        .map(|row| {
            let n: i64 = row.try_get_by_index(2)?;
            Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, n.unsigned_abs()))
        })
        .collect()
}
