//! Diplomas as pages show them.

use std::collections::HashMap;

use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::select;
use db::{DbError, Page, Paging};

use super::condition::{Condition, Facette, lire_facette, marques, total};

/// One diploma.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DiplomeVu {
    /// COD_DIP.
    pub code: String,
    /// Label.
    pub libelle: String,
    /// Cycle.
    pub cycle: Option<String>,
    /// Type of diploma.
    pub type_diplome: Option<String>,
    /// Gone from the source.
    pub ferme: bool,
    /// Versions open at the source.
    pub versions: u64,
    /// Étape versions attached to one of them.
    pub etapes: u64,
    /// Students with a registration in progress.
    pub inscrits: u64,
}

/// What narrows a list of diplomas.
#[derive(Clone, Debug, Default)]
pub struct Filtre<'a> {
    /// Folded text.
    pub recherche: &'a str,
    /// Cycles.
    pub cycles: &'a [&'a str],
    /// Types of diploma.
    pub types: &'a [&'a str],
    /// Codes of components of their versions.
    pub composantes: &'a [&'a str],
    /// `recrute`: a version recruits that year; `sans`: no version does; `ferme`: gone from the source.
    pub etat: Option<&'a str>,
    /// `code`, `libelle`, `cycle`, `type`.
    pub tri: &'a str,
    /// From large to small.
    pub decroissant: bool,
}

const RECRUTE: &str = "EXISTS (SELECT 1 FROM maquette_version_diplome v WHERE v.annee = d.annee AND v.diplome = d.code
    AND v.ferme_le IS NULL AND COALESCE(v.recrutement_debut, 0) <= d.annee AND COALESCE(v.recrutement_fin, 9999) >= d.annee)";

fn condition(annee: u16, f: &Filtre<'_>) -> Condition {
    let mut c = Condition::new("d.annee = ?", [i64::from(annee).into()]);
    match f.etat {
        Some("ferme") => c.et("d.ferme_le IS NOT NULL"),
        autre => {
            c.et("d.ferme_le IS NULL");
            match autre {
                Some("recrute") => c.et(RECRUTE),
                Some("sans") => c.et(&format!("NOT {RECRUTE}")),
                _ => {}
            }
        }
    }
    c.mots(f.recherche, &["d.recherche"]);
    c.parmi("d.cycle", f.cycles);
    c.parmi("d.type_diplome", f.types);
    if !f.composantes.is_empty() {
        let sql = format!(
            "d.code IN (SELECT diplome FROM maquette_version_diplome WHERE annee = ? AND ferme_le IS NULL AND composante IN ({}))",
            marques(f.composantes.len())
        );
        let annee = std::iter::once(Value::from(i64::from(annee)));
        c.et_avec(&sql, annee.chain(f.composantes.iter().map(|v| Value::from(*v))));
    }
    c
}

const COLONNES: &str = "SELECT d.code, d.libelle, d.cycle, d.type_diplome, (d.ferme_le IS NOT NULL) FROM maquette_diplome d WHERE";

fn lire(row: &QueryResult) -> Result<DiplomeVu, DbError> {
    Ok(DiplomeVu {
        code: row.try_get_by_index(0)?,
        libelle: row.try_get_by_index::<Option<String>>(1)?.unwrap_or_default(),
        cycle: row.try_get_by_index(2)?,
        type_diplome: row.try_get_by_index(3)?,
        ferme: row.try_get_by_index(4)?,
        ..DiplomeVu::default()
    })
}

/// One page of diplomas.
///
/// # Errors
/// Those of the database.
pub async fn diplome_list<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    f: &Filtre<'_>,
    paging: Paging,
) -> Result<Page<DiplomeVu>, DbError> {
    let c = condition(annee, f);
    let total = total(conn, "maquette_diplome d", &c, paging).await?;
    let sens = if f.decroissant { "DESC" } else { "ASC" };
    let tri = match f.tri {
        "libelle" => format!("SUBSTR(d.recherche, LENGTH(d.code) + 2, 60) {sens}, d.code"),
        "cycle" => format!("d.cycle {sens}, d.code"),
        "type" => format!("d.type_diplome {sens}, d.code"),
        _ => format!("d.code {sens}"),
    };
    let sql =
        format!("{COLONNES} {} ORDER BY {tri} LIMIT {} OFFSET {}", c.sql(), paging.taille(), paging.offset());
    let mut vus = select(conn, &sql, c.valeurs()).await?.iter().map(lire).collect::<Result<Vec<_>, _>>()?;
    compter(conn, annee, &mut vus).await?;
    Ok(Page::new(paging, total, vus))
}

/// One diploma.
///
/// # Errors
/// Those of the database.
pub async fn diplome_read<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    code: &str,
) -> Result<Option<DiplomeVu>, DbError> {
    let sql = format!("{COLONNES} d.annee = ? AND d.code = ?");
    let rows = select(conn, &sql, [i64::from(annee).into(), code.into()]).await?;
    let mut vus = rows.iter().map(lire).collect::<Result<Vec<_>, _>>()?;
    compter(conn, annee, &mut vus).await?;
    Ok(vus.pop())
}

/// Versions, étapes and students of a page of diplomas, in three queries.
async fn compter<C: ConnectionTrait>(conn: &C, annee: u16, vus: &mut [DiplomeVu]) -> Result<(), DbError> {
    if vus.is_empty() {
        return Ok(());
    }
    let marques = marques(vus.len());
    let valeurs: Vec<Value> =
        std::iter::once(i64::from(annee).into()).chain(vus.iter().map(|d| d.code.as_str().into())).collect();
    let comptes = async |colonnes: &str| -> Result<HashMap<String, u64>, DbError> {
        let sql = format!("SELECT diplome, {colonnes} AND diplome IN ({marques}) GROUP BY diplome");
        let rows = select(conn, &sql, valeurs.clone()).await?;
        let lus = rows.iter().map(|r| {
            let cle = r.try_get_by_index::<Option<String>>(0)?.unwrap_or_default();
            Ok((cle, r.try_get_by_index::<i64>(1)?.unsigned_abs()))
        });
        lus.collect()
    };
    let versions =
        comptes("COUNT(*) FROM maquette_version_diplome WHERE annee = ? AND ferme_le IS NULL").await?;
    let etapes = comptes("COUNT(DISTINCT etape || ' ' || version_etape) FROM maquette_rattachement WHERE annee = ? AND ferme_le IS NULL").await?;
    let inscrits = comptes("COUNT(DISTINCT etudiant) FROM maquette_inscription_administrative WHERE annee = ? AND etat = 'E' AND ferme_le IS NULL").await?;
    for d in vus {
        let de = |comptes: &HashMap<String, u64>| comptes.get(&d.code).copied().unwrap_or_default();
        (d.versions, d.etapes, d.inscrits) = (de(&versions), de(&etapes), de(&inscrits));
    }
    Ok(())
}

/// A version of a diploma.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionVue {
    /// COD_VRS_VDI.
    pub version: String,
    /// Label.
    pub libelle: String,
    /// Component.
    pub composante: Option<String>,
    /// First and last year of recruitment.
    pub recrutement: (Option<i64>, Option<i64>),
    /// First and last year of validation.
    pub validation: (Option<i64>, Option<i64>),
    /// Gone from the source.
    pub ferme: bool,
    /// Étapes attached to it.
    pub etapes: Vec<EtapeDeVersion>,
}

/// An étape of a version of a diploma.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EtapeDeVersion {
    /// COD_ETP.
    pub code: String,
    /// COD_VRS_VET.
    pub version: String,
    /// Label.
    pub libelle: String,
    /// Year within the diploma.
    pub rang: Option<i64>,
    /// First and last year of recruitment through this attachment.
    pub recrutement: (Option<i64>, Option<i64>),
    /// First and last year of validation.
    pub validation: (Option<i64>, Option<i64>),
    /// The attachment is gone from the source.
    pub ferme: bool,
    /// Students registered to it through this version of the diploma.
    pub inscrits: u64,
}

/// Versions of a diploma with their étapes and head counts, in three queries. Closed ones come last.
///
/// # Errors
/// Those of the database.
pub async fn diplome_versions<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    code: &str,
) -> Result<Vec<VersionVue>, DbError> {
    let cle = || [Value::from(i64::from(annee)), code.into()];
    let sql = "SELECT v.version, COALESCE(v.libelle, ''), COALESCE(c.libelle, v.composante), v.recrutement_debut, v.recrutement_fin,
            v.validation_debut, v.validation_fin, (v.ferme_le IS NOT NULL)
        FROM maquette_version_diplome v
        LEFT JOIN maquette_composante c ON c.annee = v.annee AND c.code = v.composante
        WHERE v.annee = ? AND v.diplome = ? ORDER BY 8, v.version DESC";
    let mut versions = Vec::new();
    for row in select(conn, sql, cle()).await? {
        versions.push(VersionVue {
            version: row.try_get_by_index(0)?,
            libelle: row.try_get_by_index(1)?,
            composante: row.try_get_by_index(2)?,
            recrutement: (row.try_get_by_index(3)?, row.try_get_by_index(4)?),
            validation: (row.try_get_by_index(5)?, row.try_get_by_index(6)?),
            ferme: row.try_get_by_index(7)?,
            etapes: Vec::new(),
        });
    }
    let sql = "SELECT version_diplome, etape, version, COUNT(DISTINCT etudiant) FROM maquette_inscription_administrative
        WHERE annee = ? AND diplome = ? AND etat = 'E' AND ferme_le IS NULL GROUP BY version_diplome, etape, version";
    let mut inscrits: HashMap<(String, String, String), u64> = HashMap::new();
    for row in select(conn, sql, cle()).await? {
        let version = row.try_get_by_index::<Option<String>>(0)?.unwrap_or_default();
        let cle = (version, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        inscrits.insert(cle, row.try_get_by_index::<i64>(3)?.unsigned_abs());
    }
    let sql = "SELECT r.version_diplome, r.etape, r.version_etape, COALESCE(v.libelle, e.libelle, ''), r.rang, r.recrutement_debut,
            r.recrutement_fin, r.validation_debut, r.validation_fin, (r.ferme_le IS NOT NULL)
        FROM maquette_rattachement r
        LEFT JOIN maquette_version_etape v ON v.annee = r.annee AND v.etape = r.etape AND v.version = r.version_etape
        LEFT JOIN maquette_etape e ON e.annee = r.annee AND e.code = r.etape
        WHERE r.annee = ? AND r.diplome = ? ORDER BY 10, r.rang IS NULL, r.rang, r.etape, r.version_etape";
    for row in select(conn, sql, cle()).await? {
        let version: String = row.try_get_by_index(0)?;
        let etape = EtapeDeVersion {
            code: row.try_get_by_index(1)?,
            version: row.try_get_by_index(2)?,
            libelle: row.try_get_by_index(3)?,
            rang: row.try_get_by_index(4)?,
            recrutement: (row.try_get_by_index(5)?, row.try_get_by_index(6)?),
            validation: (row.try_get_by_index(7)?, row.try_get_by_index(8)?),
            ferme: row.try_get_by_index(9)?,
            inscrits: 0,
        };
        let nombre = inscrits.get(&(version.clone(), etape.code.clone(), etape.version.clone()));
        if let Some(v) = versions.iter_mut().find(|v| v.version == version) {
            v.etapes.push(EtapeDeVersion { inscrits: nombre.copied().unwrap_or_default(), ..etape });
        }
    }
    Ok(versions)
}

/// Values of the filters of the list: cycles, types, components.
///
/// # Errors
/// Those of the database.
pub async fn diplome_facettes<C: ConnectionTrait>(conn: &C, annee: u16) -> Result<[Facette; 3], DbError> {
    let an = || [Value::from(i64::from(annee))];
    let cycles = "SELECT cycle, cycle, COUNT(*) FROM maquette_diplome
        WHERE annee = ? AND ferme_le IS NULL AND cycle IS NOT NULL GROUP BY cycle ORDER BY 1";
    let types = "SELECT type_diplome, type_diplome, COUNT(*) FROM maquette_diplome
        WHERE annee = ? AND ferme_le IS NULL AND type_diplome IS NOT NULL GROUP BY type_diplome ORDER BY 3 DESC, 1 LIMIT 60";
    let composantes = "SELECT v.composante, COALESCE(MAX(c.libelle), v.composante), COUNT(DISTINCT v.diplome) FROM maquette_version_diplome v
        LEFT JOIN maquette_composante c ON c.annee = v.annee AND c.code = v.composante
        WHERE v.annee = ? AND v.ferme_le IS NULL AND v.composante IS NOT NULL GROUP BY v.composante ORDER BY 2";
    Ok([
        lire_facette(&select(conn, cycles, an()).await?)?,
        lire_facette(&select(conn, types, an()).await?)?,
        lire_facette(&select(conn, composantes, an()).await?)?,
    ])
}
