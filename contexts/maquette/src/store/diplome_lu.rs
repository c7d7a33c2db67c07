//! Diploma versions as the REST interface reads them.

use std::collections::HashMap;

use db::DbError;
use db::sea_orm::{ConnectionTrait, Value};
use db::sql::select;

use super::condition::{Condition, marques};
use super::page_lue::{Fenetre, page_lue};

/// One diploma version, or a diploma that has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiplomeLu {
    /// COD_DIP.
    pub code: String,
    /// COD_VRS_VDI.
    pub version: Option<String>,
    /// The version's label, else the diploma's.
    pub libelle: Option<String>,
    /// Short label of the diploma.
    pub libelle_court: Option<String>,
    /// Cycle.
    pub cycle: Option<String>,
    /// Type.
    pub type_diplome: Option<String>,
    /// Code of the component.
    pub composante: Option<String>,
    /// First and last years of recruitment.
    pub recrutement: (Option<i64>, Option<i64>),
    /// First and last years of validation.
    pub validation: (Option<i64>, Option<i64>),
    /// Gone from the source.
    pub disparu: bool,
    /// Étape versions within: code, version, year within the diploma.
    pub etapes: Vec<(String, String, Option<i64>)>,
}

/// What narrows the list.
#[derive(Clone, Debug, Default)]
pub struct FiltreDiplome<'a> {
    /// Folded text.
    pub recherche: &'a str,
    /// Exact code.
    pub code: Option<&'a str>,
    /// Code of a component.
    pub composante: Option<&'a str>,
    /// Cycle.
    pub cycle: Option<&'a str>,
    /// Gone ones instead of those that the source has.
    pub disparus: bool,
}

/// Versions come with or without the row of their diploma, and diplomas with or without versions: sources have both.
const DEPUIS: &str = "FROM (SELECT annee, diplome AS code, version FROM maquette_version_diplome WHERE annee = ?
        UNION ALL
        SELECT s.annee, s.code, NULL FROM maquette_diplome s WHERE s.annee = ? AND NOT EXISTS
            (SELECT 1 FROM maquette_version_diplome x WHERE x.annee = s.annee AND x.diplome = s.code)) k
    LEFT JOIN maquette_diplome d ON d.annee = k.annee AND d.code = k.code
    LEFT JOIN maquette_version_diplome v ON v.annee = k.annee AND v.diplome = k.code AND v.version = k.version";

/// One page of diploma versions, by code.
///
/// # Errors
/// Those of the database.
pub async fn diplome_lu_list<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    f: &FiltreDiplome<'_>,
    fenetre: Fenetre,
) -> Result<(u64, Vec<DiplomeLu>), DbError> {
    let an = Value::from(i64::from(annee));
    let mut ou = Condition::new(
        if f.disparus {
            "(d.ferme_le IS NOT NULL OR v.ferme_le IS NOT NULL)"
        } else {
            "d.ferme_le IS NULL AND v.ferme_le IS NULL"
        },
        [an.clone(), an.clone()],
    );
    ou.mots(f.recherche, &["d.recherche", "v.recherche"]);
    for (colonne, valeur) in [("k.code", f.code), ("v.composante", f.composante), ("d.cycle", f.cycle)] {
        ou.parmi(colonne, valeur.as_slice());
    }
    let depuis = format!("{DEPUIS} WHERE {}", ou.sql());
    let page = format!(
        "SELECT k.code, k.version, COALESCE(v.libelle, d.libelle), d.libelle_court, d.cycle, d.type_diplome, v.composante,
            v.recrutement_debut, v.recrutement_fin, v.validation_debut, v.validation_fin,
            (d.ferme_le IS NOT NULL OR v.ferme_le IS NOT NULL) {depuis} ORDER BY k.code, k.version {}",
        fenetre.limite()
    );
    let (total, rows) = page_lue(conn, &page, &depuis, ou.valeurs(), fenetre).await?;
    let lire = |r: &db::sea_orm::QueryResult| {
        Ok::<_, DbError>(DiplomeLu {
            code: r.try_get_by_index(0)?,
            version: r.try_get_by_index(1)?,
            libelle: r.try_get_by_index(2)?,
            libelle_court: r.try_get_by_index(3)?,
            cycle: r.try_get_by_index(4)?,
            type_diplome: r.try_get_by_index(5)?,
            composante: r.try_get_by_index(6)?,
            recrutement: (r.try_get_by_index(7)?, r.try_get_by_index(8)?),
            validation: (r.try_get_by_index(9)?, r.try_get_by_index(10)?),
            disparu: r.try_get_by_index(11)?,
            etapes: Vec::new(),
        })
    };
    let mut diplomes = rows.iter().map(lire).collect::<Result<Vec<_>, _>>()?;
    if diplomes.is_empty() {
        return Ok((total, diplomes));
    }
    let sql = format!(
        "SELECT diplome, version_diplome, etape, version_etape, rang FROM maquette_rattachement
         WHERE annee = ? AND ferme_le IS NULL AND diplome IN ({}) ORDER BY rang IS NULL, rang, etape, version_etape",
        marques(diplomes.len())
    );
    let valeurs = std::iter::once(an).chain(diplomes.iter().map(|d| d.code.as_str().into()));
    let mut etapes: HashMap<(String, String), Vec<_>> = HashMap::new();
    for r in select(conn, &sql, valeurs.collect::<Vec<Value>>()).await? {
        let place = etapes.entry((r.try_get_by_index(0)?, r.try_get_by_index(1)?)).or_default();
        place.push((r.try_get_by_index(2)?, r.try_get_by_index(3)?, r.try_get_by_index(4)?));
    }
    for d in &mut diplomes {
        let cle = (d.code.clone(), d.version.clone().unwrap_or_default());
        d.etapes = etapes.remove(&cle).unwrap_or_default();
    }
    Ok((total, diplomes))
}
