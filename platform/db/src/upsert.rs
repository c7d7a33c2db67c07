//! Bulk writing: one statement per chunk, never a query per row.

use sea_orm::{ConnectionTrait, Statement, Value};

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
    let taken: Vec<String> = target.update.iter().map(|c| format!("{c} = excluded.{c}")).collect();
    let action = if taken.is_empty() {
        "DO NOTHING".to_owned()
    } else {
        format!("DO UPDATE SET {}", taken.join(", "))
    };
    let conflict = format!(" ON CONFLICT ({}) {action}", target.key.join(", "));
    write_rows(conn, target.table, target.columns, &conflict, rows).await
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
    write_rows(conn, table, columns, "", rows).await
}

/// The statement is text, written once for all full chunks: the builder would write it again for each, which costs more than the
/// insertion itself. Names are the constants of a store room; values are bound.
async fn write_rows<C, I>(
    conn: &C,
    table: &str,
    columns: &[&str],
    conflict: &str,
    rows: I,
) -> Result<u64, DbError>
where
    C: ConnectionTrait,
    I: IntoIterator<Item = Vec<Value>>,
{
    let backend = conn.get_database_backend();
    let engine = Engine::of_backend(backend);
    let chunk = CHUNK.min(engine.bind_limit() / columns.len().max(1));
    let statement = |n: usize| {
        let row = format!("({})", vec!["?"; columns.len()].join(", "));
        let rows = vec![row; n].join(", ");
        engine.marks(&format!("INSERT INTO {table} ({}) VALUES {rows}{conflict}", columns.join(", ")))
    };
    let mut full: Option<String> = None;
    let mut rows = rows.into_iter();
    let mut written = 0;
    loop {
        let mut values = Vec::with_capacity(chunk * columns.len());
        let mut n = 0;
        for row in rows.by_ref().take(chunk) {
            if row.len() != columns.len() {
                return Err(DbError::Value(format!(
                    "{table} : {} valeurs pour {} colonnes",
                    row.len(),
                    columns.len()
                )));
            }
            values.extend(row);
            n += 1;
        }
        if n == 0 {
            return Ok(written);
        }
        let sql = if n == chunk { full.get_or_insert_with(|| statement(n)).clone() } else { statement(n) };
        written +=
            conn.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?.rows_affected();
    }
}
