//! Maquettes, side by side.

use contracts::parametres::bornes;
use db::DbError;
use db::sea_orm::{ConnectionTrait, QueryResult};
use db::sql::select;

use super::parametre::parametre_read;

/// First and last academic years of the latest maquette that covers a year: as Kofr declares it, else as the university does.
///
/// # Errors
/// Those of the database.
pub async fn maquette_of<C: ConnectionTrait>(conn: &C, annee: u16) -> Result<Option<(i64, i64)>, DbError> {
    let sql = "SELECT annee_debut, annee_fin FROM maquette_maquette
        WHERE ferme_le IS NULL AND annee_debut <= ? AND annee_fin >= ? ORDER BY annee_debut DESC LIMIT 1";
    let rows = select(conn, sql, [i64::from(annee).into(), i64::from(annee).into()]).await?;
    if let Some(row) = rows.first() {
        return Ok(Some((row.try_get_by_index(0)?, row.try_get_by_index(1)?)));
    }
    let locale = parametre_read(conn, MAQUETTE_LOCALE).await?;
    let bornes =
        locale.and_then(|valeur| bornes(&valeur)).map(|(debut, fin)| (debut.premiere(), fin.premiere()));
    Ok(bornes
        .filter(|(debut, fin)| (*debut..=*fin).contains(&annee))
        .map(|(debut, fin)| (debut.into(), fin.into())))
}

/// Parameter by which a university declares its maquette while Kofr declares none.
pub const MAQUETTE_LOCALE: &str = "maquette_locale";

/// The maquettes that Kofr declares, as « 2024-2028 », the latest first.
///
/// # Errors
/// Those of the database.
pub async fn maquettes_declarees<C: ConnectionTrait>(conn: &C) -> Result<Vec<String>, DbError> {
    let sql = "SELECT annee_debut, annee_fin FROM maquette_maquette WHERE ferme_le IS NULL ORDER BY annee_debut DESC";
    let rows = select(conn, sql, []).await?;
    let dire =
        |r: &QueryResult| Ok(format!("{}-{}", r.try_get_by_index::<i64>(0)?, r.try_get_by_index::<i64>(1)?));
    rows.iter().map(dire).collect()
}

/// Years whose offer was collected, the latest first.
///
/// # Errors
/// Those of the database.
pub async fn annees_tenues<C: ConnectionTrait>(conn: &C) -> Result<Vec<u16>, DbError> {
    let rows =
        select(conn, "SELECT DISTINCT annee FROM maquette_ensemble WHERE annee > 0 ORDER BY annee DESC", [])
            .await?;
    rows.iter().map(|r| Ok(u16::try_from(r.try_get_by_index::<i64>(0)?).unwrap_or_default())).collect()
}

/// A maquette as Kofr declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaquetteVue {
    /// First academic year.
    pub debut: i64,
    /// Last academic year.
    pub fin: Option<i64>,
    /// Its name.
    pub libelle: String,
}

/// The maquettes declared, the first first.
///
/// # Errors
/// Those of the database.
pub async fn maquette_list<C: ConnectionTrait>(conn: &C) -> Result<Vec<MaquetteVue>, DbError> {
    let sql = "SELECT annee_debut, annee_fin, libelle FROM maquette_maquette WHERE ferme_le IS NULL ORDER BY annee_debut";
    let rows = select(conn, sql, []).await?;
    rows.iter()
        .map(|r| {
            let (debut, fin): (i64, Option<i64>) = (r.try_get_by_index(0)?, r.try_get_by_index(1)?);
            let libelle: Option<String> = r.try_get_by_index(2)?;
            Ok(MaquetteVue { debut, fin, libelle: libelle.unwrap_or_else(|| debut.to_string()) })
        })
        .collect()
}

/// What a year holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BilanAnnee {
    /// First civil year.
    pub annee: u16,
    /// Étapes.
    pub etapes: u64,
    /// Open elements.
    pub elements: u64,
    /// Students.
    pub etudiants: u64,
}

/// What each year holds, the latest first.
///
/// # Errors
/// Those of the database.
pub async fn annee_bilans<C: ConnectionTrait>(conn: &C) -> Result<Vec<BilanAnnee>, DbError> {
    let sql = "SELECT a.annee,
            (SELECT COUNT(*) FROM maquette_etape e WHERE e.annee = a.annee AND e.ferme_le IS NULL),
            (SELECT COUNT(*) FROM maquette_element e WHERE e.annee = a.annee AND e.ferme_le IS NULL AND NOT COALESCE(e.ferme, FALSE)),
            (SELECT COUNT(*) FROM maquette_etudiant e WHERE e.annee = a.annee AND e.ferme_le IS NULL)
        FROM (SELECT DISTINCT annee FROM maquette_ensemble WHERE annee > 0) a ORDER BY a.annee DESC";
    let rows = select(conn, sql, []).await?;
    rows.iter()
        .map(|r| {
            let nombre = |i| -> Result<u64, DbError> { Ok(r.try_get_by_index::<i64>(i)?.unsigned_abs()) };
            Ok(BilanAnnee {
                annee: u16::try_from(r.try_get_by_index::<i64>(0)?).unwrap_or_default(),
                etapes: nombre(1)?,
                elements: nombre(2)?,
                etudiants: nombre(3)?,
            })
        })
        .collect()
}
