//! Queries written as SQL, where the builder would hide them. Values are always bound: `?` on both engines.

use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};

use crate::DbError;
use crate::dialect::Engine;

/// Rows of a query whose values are marked `?`, in order.
///
/// # Errors
/// Whatever the engine refuses.
pub async fn select<C: ConnectionTrait>(
    conn: &C,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<QueryResult>, DbError> {
    let backend = conn.get_database_backend();
    let sql = Engine::of_backend(backend).marks(sql);
    Ok(conn.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?)
}

/// Runs a statement whose values are marked `?`, in order; says how many rows it touched.
///
/// # Errors
/// Whatever the engine refuses.
pub async fn execute<C: ConnectionTrait>(
    conn: &C,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64, DbError> {
    let backend = conn.get_database_backend();
    let sql = Engine::of_backend(backend).marks(sql);
    Ok(conn.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?.rows_affected())
}

/// The number that a statement ending on `RETURNING id` gives.
///
/// # Errors
/// Whatever the engine refuses; [`DbError::Value`] when no row was touched.
pub async fn returning_id<C: ConnectionTrait>(
    conn: &C,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<i64, DbError> {
    match select(conn, sql, values).await?.first() {
        Some(row) => Ok(row.try_get_by_index(0)?),
        None => Err(DbError::Value("RETURNING".into())),
    }
}

/// The first column of the first row, as a count; 0 when there is no row.
///
/// # Errors
/// Whatever the engine refuses.
pub async fn count<C: ConnectionTrait>(
    conn: &C,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64, DbError> {
    let rows = select(conn, sql, values).await?;
    let n: i64 = match rows.first() {
        Some(row) => row.try_get_by_index(0)?,
        None => 0,
    };
    Ok(n.unsigned_abs())
}

/// A text as a LIKE pattern that finds it anywhere, its own wildcards made plain. Use with `LIKE ? ESCAPE '!'`.
#[must_use]
pub fn like(texte: &str) -> String {
    let mut out = String::from("%");
    for c in texte.chars() {
        if matches!(c, '%' | '_' | '!') {
            out.push('!');
        }
        out.push(c);
    }
    out.push('%');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_numbered_for_postgresql_and_text_left_alone() {
        assert_eq!(Engine::Postgres.marks("a = ? AND b = '?' AND c = ?"), "a = $1 AND b = '?' AND c = $2");
        assert_eq!(Engine::Sqlite.marks("a = ?"), "a = ?");
    }

    #[test]
    fn what_is_searched_is_never_a_wildcard() {
        assert_eq!(like("50 %_!"), "%50 !%!_!!%");
    }
}
