//! Bulk writing: one statement per chunk, never a query per row.

use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

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

/// Inserts rows, and gives the numbers (`id`) they took, in their order.
///
/// # Errors
/// Whatever the engine refuses, a held key included.
pub async fn insert_numbered<C, I>(
    conn: &C,
    table: &str,
    columns: &[&str],
    rows: I,
) -> Result<Vec<i64>, DbError>
where
    C: ConnectionTrait,
    I: IntoIterator<Item = Vec<Value>>,
{
    let mut numbers = Vec::new();
    for statement in statements(conn.get_database_backend(), table, columns, " RETURNING id", rows) {
        let taken = conn.query_all_raw(statement?).await?;
        let mut taken = taken.iter().map(|row| row.try_get_by_index(0)).collect::<Result<Vec<i64>, _>>()?;
        // Numbers grow in the order of the rows; the order in which they are returned is promised by no engine.
        taken.sort_unstable();
        numbers.append(&mut taken);
    }
    Ok(numbers)
}

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
    let mut written = 0;
    for statement in statements(conn.get_database_backend(), table, columns, conflict, rows) {
        written += conn.execute_raw(statement?).await?.rows_affected();
    }
    Ok(written)
}

/// The statements that insert rows, a chunk each; `end` is what follows the values.
///
/// Each is text, written once for all full chunks: the builder would write it again for each, which costs more than the insertion itself.
/// Names are the constants of a store room; values are bound.
fn statements(
    backend: DbBackend,
    table: &str,
    columns: &[&str],
    end: &str,
    rows: impl IntoIterator<Item = Vec<Value>>,
) -> impl Iterator<Item = Result<Statement, DbError>> {
    let engine = Engine::of_backend(backend);
    let chunk = CHUNK.min(engine.bind_limit() / columns.len().max(1));
    let text = move |n: usize| {
        let row = format!("({})", vec!["?"; columns.len()].join(", "));
        let rows = vec![row; n].join(", ");
        engine.marks(&format!("INSERT INTO {table} ({}) VALUES {rows}{end}", columns.join(", ")))
    };
    let mut full: Option<String> = None;
    let mut rows = rows.into_iter();
    std::iter::from_fn(move || {
        let mut values = Vec::with_capacity(columns.len());
        let mut n = 0;
        for row in rows.by_ref().take(chunk) {
            if row.len() != columns.len() {
                let (given, wanted) = (row.len(), columns.len());
                return Some(Err(DbError::Value(format!(
                    "{table} : {given} valeurs pour {wanted} colonnes"
                ))));
            }
            values.extend(row);
            n += 1;
        }
        let sql = match n {
            0 => return None,
            n if n == chunk => full.get_or_insert_with(|| text(n)).clone(),
            n => text(n),
        };
        Some(Ok(Statement::from_sql_and_values(backend, sql, values)))
    })
}
