//! The épreuves of a period, taken to another.

use db::DbError;
use db::sea_orm::ConnectionTrait;
use db::sql::{count, execute};

/// Épreuves of a period that are not cancelled.
///
/// # Errors
/// Those of the database.
pub async fn epreuves_compte<C: ConnectionTrait>(conn: &C, periode: i64) -> Result<u64, DbError> {
    let sql = "SELECT COUNT(*) FROM iexam_epreuve WHERE periode = ? AND annulee_le IS NULL";
    count(conn, sql, [periode.into()]).await
}

/// Copies the épreuves of a period that are not cancelled, without their days; one statement. How many there were.
///
/// # Errors
/// Those of the database.
pub async fn epreuves_copier<C: ConnectionTrait>(conn: &C, de: i64, vers: i64) -> Result<u64, DbError> {
    let sql = "INSERT INTO iexam_epreuve (periode, element, rang, libelle, nature, duree_min, documents, sujet_par, surveillee, recherche)
        SELECT CAST(? AS BIGINT), element, rang, libelle, nature, duree_min, documents, sujet_par, surveillee, recherche
        FROM iexam_epreuve WHERE periode = ? AND annulee_le IS NULL";
    execute(conn, sql, [vers.into(), de.into()]).await
}
