//! Bulk writing: one statement per chunk, never a query per row.

use sea_orm::sea_query::{Alias, OnConflict, Query, SimpleExpr};
use sea_orm::{ConnectionTrait, Value};

use crate::DbError;
use crate::dialect::Engine;

/// Where rows go, and what happens to those whose key is held.
#[derive(Clone, Copy, Debug)]
pub struct Upsert<'a> {
    /// Table.
    pub table: &'a str,
    /// Columns, in the order of each row's values.
    pub columns: &'a [&'a str],
    /// Columns of the unique key.
    pub key: &'a [&'a str],
    /// Columns taken from the new row when the key is held; empty means the held row stays.
    pub update: &'a [&'a str],
}

/// Rows of one statement: larger ones gain nothing and cost memory.
const CHUNK: usize = 500;

/// Inserts rows; those whose key is held take the columns of `update`.
///
/// # Errors
/// Whatever the engine refuses.
pub async fn upsert_rows<C, I>(conn: &C, target: Upsert<'_>, rows: I) -> Result<u64, DbError>
where
    C: ConnectionTrait,
    I: IntoIterator<Item = Vec<Value>>,
{
    let mut conflict = OnConflict::columns(target.key.iter().map(|c| Alias::new(*c)));
    if target.update.is_empty() {
        conflict.do_nothing();
    } else {
        conflict.update_columns(target.update.iter().map(|c| Alias::new(*c)));
    }
    write_rows(conn, target.table, target.columns, Some(&conflict), rows).await
}

/// Inserts rows.
///
/// # Errors
/// Whatever the engine refuses, a held key included.
pub async fn insert_rows<C, I>(conn: &C, table: &str, columns: &[&str], rows: I) -> Result<u64, DbError>
where
    C: ConnectionTrait,
    I: IntoIterator<Item = Vec<Value>>,
{
    write_rows(conn, table, columns, None, rows).await
}

async fn write_rows<C, I>(
    conn: &C,
    table: &str,
    columns: &[&str],
    conflict: Option<&OnConflict>,
    rows: I,
) -> Result<u64, DbError>
where
    C: ConnectionTrait,
    I: IntoIterator<Item = Vec<Value>>,
{
    let engine = Engine::of_backend(conn.get_database_backend());
    let chunk = CHUNK.min(engine.bind_limit() / columns.len().max(1));
    let mut rows = rows.into_iter().peekable();
    let mut written = 0;
    while rows.peek().is_some() {
        let mut insert = Query::insert();
        insert.into_table(Alias::new(table)).columns(columns.iter().map(|c| Alias::new(*c)));
        if let Some(conflict) = conflict {
            insert.on_conflict(conflict.clone());
        }
        for row in rows.by_ref().take(chunk) {
            insert
                .values(row.into_iter().map(SimpleExpr::from))
                .map_err(|err| DbError::Value(format!("{table} : {err}")))?;
        }
        written += conn.execute(&insert).await?.rows_affected();
    }
    Ok(written)
}
