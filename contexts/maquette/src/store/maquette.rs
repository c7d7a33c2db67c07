//! Maquettes, side by side.

use db::DbError;
use db::sea_orm::ConnectionTrait;
use db::sql::select;

/// First and last academic years of the latest maquette that covers a year.
///
/// # Errors
/// Those of the database.
pub async fn maquette_of<C: ConnectionTrait>(conn: &C, annee: u16) -> Result<Option<(i64, i64)>, DbError> {
    let sql = "SELECT annee_debut, annee_fin FROM maquette_maquette
        WHERE ferme_le IS NULL AND annee_debut <= ? AND annee_fin >= ? ORDER BY annee_debut DESC LIMIT 1";
    let rows = select(conn, sql, [i64::from(annee).into(), i64::from(annee).into()]).await?;
    rows.first().map(|r| Ok((r.try_get_by_index(0)?, r.try_get_by_index(1)?))).transpose()
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
