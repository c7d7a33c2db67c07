//! How the collections of each scope last ended, for the metrics.

use chrono::{DateTime, Utc};
use db::sea_orm::ConnectionTrait;
use db::{DbError, sql};

/// The last collection of a scope that ended in a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// Code of the scope.
    pub portee: String,
    /// Code of the state.
    pub etat: String,
    /// When it ended.
    pub finie_le: DateTime<Utc>,
}

/// The last of each scope and state; simulations and undos aside.
///
/// # Errors
/// Those of the database.
pub async fn collecte_issues<C: ConnectionTrait>(conn: &C) -> Result<Vec<Issue>, DbError> {
    let sql = "SELECT portee, etat, finie_le FROM maquette_collecte WHERE id IN (
            SELECT MAX(id) FROM maquette_collecte
            WHERE finie_le IS NOT NULL AND NOT simulation AND annule_id IS NULL AND portee <> 'correction'
            GROUP BY portee, etat)
        ORDER BY portee, etat";
    let issue = |row: &db::sea_orm::QueryResult| {
        Ok(Issue {
            portee: row.try_get("", "portee")?,
            etat: row.try_get("", "etat")?,
            finie_le: row.try_get("", "finie_le")?,
        })
    };
    sql::select(conn, sql, []).await?.iter().map(issue).collect()
}
