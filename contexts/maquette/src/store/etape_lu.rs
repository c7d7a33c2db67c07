//! Étapes as the REST interface reads them.

use std::collections::HashMap;

use db::DbError;
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::select;

use super::condition::{Condition, marques};
use super::page_lue::{Fenetre, page_lue};

/// One étape version, or an étape that has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EtapeLue {
    /// COD_ETP.
    pub code: String,
    /// COD_VRS_VET; absent when the catalogue has no versions.
    pub version: Option<String>,
    /// The version's label, else the étape's.
    pub libelle: String,
    /// Short label of the étape.
    pub libelle_court: Option<String>,
    /// Cycle.
    pub cycle: Option<String>,
    /// Code of the component.
    pub composante: Option<String>,
    /// Its label.
    pub composante_libelle: Option<String>,
    /// Taught at a distance.
    pub a_distance: Option<bool>,
    /// Recruits this year.
    pub ouverte: Option<bool>,
    /// Gone from the source.
    pub disparue: bool,
    /// Diploma versions it belongs to.
    pub diplomes: Vec<RattachementLu>,
}

/// A diploma version that an étape belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RattachementLu {
    /// COD_DIP.
    pub code: String,
    /// COD_VRS_VDI.
    pub version: String,
    /// Its label.
    pub libelle: Option<String>,
    /// Year within the diploma.
    pub rang: Option<i64>,
    /// First and last years of recruitment.
    pub recrutement: (Option<i64>, Option<i64>),
    /// First and last years of validation.
    pub validation: (Option<i64>, Option<i64>),
}

/// What narrows the list.
#[derive(Clone, Debug, Default)]
pub struct FiltreEtape<'a> {
    /// Folded text.
    pub recherche: &'a str,
    /// Exact code.
    pub code: Option<&'a str>,
    /// Code of a component.
    pub composante: Option<&'a str>,
    /// Code of a diploma that it belongs to.
    pub diplome: Option<&'a str>,
    /// Taught at a distance, or not.
    pub a_distance: Option<bool>,
    /// `ouverte`, `validation`, `disparue`; absent: all that the source has.
    pub etat: Option<&'a str>,
}

const COLONNES: &str = "SELECT e.code, v.version, COALESCE(v.libelle, e.libelle, ''), e.libelle_court, e.cycle, v.composante, c.libelle,
    v.a_distance, v.ouverte, (e.ferme_le IS NOT NULL OR v.ferme_le IS NOT NULL)";
const DEPUIS: &str = "FROM maquette_etape e
    LEFT JOIN maquette_version_etape v ON v.annee = e.annee AND v.etape = e.code
    LEFT JOIN maquette_composante c ON c.annee = v.annee AND c.code = v.composante WHERE";

fn lire(r: &QueryResult) -> Result<EtapeLue, DbError> {
    Ok(EtapeLue {
        code: r.try_get_by_index(0)?,
        version: r.try_get_by_index(1)?,
        libelle: r.try_get_by_index(2)?,
        libelle_court: r.try_get_by_index(3)?,
        cycle: r.try_get_by_index(4)?,
        composante: r.try_get_by_index(5)?,
        composante_libelle: r.try_get_by_index(6)?,
        a_distance: r.try_get_by_index(7)?,
        ouverte: r.try_get_by_index(8)?,
        disparue: r.try_get_by_index(9)?,
        diplomes: Vec::new(),
    })
}

/// One page of étape versions, by code.
///
/// # Errors
/// Those of the database.
pub async fn etape_lu_list<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    f: &FiltreEtape<'_>,
    fenetre: Fenetre,
) -> Result<(u64, Vec<EtapeLue>), DbError> {
    let mut ou = Condition::new("e.annee = ?", [i64::from(annee).into()]);
    ou.et(match f.etat {
        Some("ouverte") => "e.ferme_le IS NULL AND v.ferme_le IS NULL AND COALESCE(v.ouverte, TRUE)",
        Some("validation") => "e.ferme_le IS NULL AND v.ferme_le IS NULL AND NOT v.ouverte",
        Some("disparue") => "(e.ferme_le IS NOT NULL OR v.ferme_le IS NOT NULL)",
        _ => "e.ferme_le IS NULL AND v.ferme_le IS NULL",
    });
    ou.mots(f.recherche, &["e.recherche", "v.recherche"]);
    ou.parmi("e.code", f.code.as_slice());
    ou.parmi("v.composante", f.composante.as_slice());
    if let Some(a_distance) = f.a_distance {
        ou.et_avec("v.a_distance = ?", [a_distance.into()]);
    }
    if let Some(diplome) = f.diplome {
        let sql = "EXISTS (SELECT 1 FROM maquette_rattachement r WHERE r.annee = e.annee AND r.etape = e.code
            AND r.version_etape = v.version AND r.diplome = ? AND r.ferme_le IS NULL)";
        ou.et_avec(sql, [diplome.into()]);
    }
    let depuis = format!("{DEPUIS} {}", ou.sql());
    let page = format!("{COLONNES} {depuis} ORDER BY e.code, v.version {}", fenetre.limite());
    let (total, rows) = page_lue(conn, &page, &depuis, ou.valeurs(), fenetre).await?;
    let mut etapes = rows.iter().map(lire).collect::<Result<Vec<_>, _>>()?;
    rattacher(conn, annee, &mut etapes).await?;
    Ok((total, etapes))
}

/// One étape version; without a version, the étape of a catalogue that has none.
///
/// # Errors
/// Those of the database.
pub async fn etape_lu_read<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    code: &str,
    version: Option<&str>,
) -> Result<Option<EtapeLue>, DbError> {
    let mut ou = Condition::new("e.annee = ? AND e.code = ?", [i64::from(annee).into(), code.into()]);
    match version {
        Some(version) => ou.et_avec("v.version = ?", [version.into()]),
        None => ou.et("v.version IS NULL"),
    }
    let rows = select(conn, &format!("{COLONNES} {DEPUIS} {}", ou.sql()), ou.valeurs()).await?;
    let mut etapes = rows.iter().map(lire).collect::<Result<Vec<_>, _>>()?;
    rattacher(conn, annee, &mut etapes).await?;
    Ok(etapes.pop())
}

/// Diploma versions of a page of étapes, in one query.
async fn rattacher<C: ConnectionTrait>(conn: &C, annee: u16, etapes: &mut [EtapeLue]) -> Result<(), DbError> {
    if etapes.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "SELECT r.etape, r.version_etape, r.diplome, r.version_diplome, COALESCE(v.libelle, d.libelle), r.rang,
            r.recrutement_debut, r.recrutement_fin, r.validation_debut, r.validation_fin
         FROM maquette_rattachement r
         LEFT JOIN maquette_diplome d ON d.annee = r.annee AND d.code = r.diplome
         LEFT JOIN maquette_version_diplome v ON v.annee = r.annee AND v.diplome = r.diplome AND v.version = r.version_diplome
         WHERE r.annee = ? AND r.ferme_le IS NULL AND r.etape IN ({}) ORDER BY r.diplome, r.version_diplome",
        marques(etapes.len())
    );
    let valeurs = std::iter::once(Value::from(i64::from(annee)));
    let valeurs: Vec<Value> = valeurs.chain(etapes.iter().map(|e| e.code.as_str().into())).collect();
    let mut lus: HashMap<(String, String), Vec<RattachementLu>> = HashMap::new();
    for r in select(conn, &sql, valeurs).await? {
        let cle = (r.try_get_by_index(0)?, r.try_get_by_index(1)?);
        lus.entry(cle).or_default().push(RattachementLu {
            code: r.try_get_by_index(2)?,
            version: r.try_get_by_index(3)?,
            libelle: r.try_get_by_index(4)?,
            rang: r.try_get_by_index(5)?,
            recrutement: (r.try_get_by_index(6)?, r.try_get_by_index(7)?),
            validation: (r.try_get_by_index(8)?, r.try_get_by_index(9)?),
        });
    }
    for e in etapes {
        e.diplomes = lus.remove(&(e.code.clone(), e.version.clone().unwrap_or_default())).unwrap_or_default();
    }
    Ok(())
}
