//! Corrections by their end: for what watches over them.

use chrono::NaiveDate;
use db::DbError;
use db::sea_orm::ConnectionTrait;
use db::sql::count;

/// How many corrections in force end between two days, both included.
///
/// # Errors
/// Those of the database.
pub async fn correction_count_ending<C: ConnectionTrait>(
    conn: &C,
    du: NaiveDate,
    au: NaiveDate,
) -> Result<u64, DbError> {
    let sql = "SELECT COUNT(*) FROM maquette_correction WHERE retiree_le IS NULL AND fin >= ? AND fin <= ?";
    count(conn, sql, [du.into(), au.into()]).await
}
