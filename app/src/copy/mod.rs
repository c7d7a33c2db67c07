//! A whole database into another, of the same engine or of the other one.
//!
//! What is copied is what the migrations declare: their portable type words say how each column travels, so that nothing is asked
//! of either engine's catalogue. The source is held still by one transaction, the target filled by one: half a copy never shows.

mod schema;

use db::sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Order, Query, SelectStatement, SimpleExpr};
use db::sea_orm::{ConnectionTrait, QueryResult, Statement, Value};
use db::{Db, DbError, Engine, Tx, insert_rows};

pub use schema::{Column, Kind, Table, tables};

use crate::{Failure, assembly, data};

/// Rows read and written at a time.
const PAGE: u64 = 1000;

/// What became of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Its name.
    pub name: String,
    /// Rows copied.
    pub rows: u64,
}

/// Copies every table of `from` into `to`, whose tables exist and are empty.
///
/// # Errors
/// A source that is not up to date, a target that holds something, a database that refuses.
pub async fn copy(from: &Db, to: &Db) -> Result<Vec<Copied>, Failure> {
    let tables = tables(&assembly::migrations()).map_err(Failure::new)?;
    let missing = data::pending(from).await?;
    if !missing.is_empty() {
        return Err(Failure::new(format!(
            "La base de départ n'est pas à jour ({}). Lancez d'abord « telemaque migrer » sur elle.",
            missing.join(", ")
        )));
    }
    let copied = from
        .write(|source| {
            let tables = &tables;
            async move {
                hold_still(&source, from.engine()).await?;
                to.write(|target| {
                    let source = source.clone();
                    async move { copy_tables(&source, &target, to.engine(), tables).await }
                })
                .await
            }
        })
        .await;
    copied.map_err(|err| match err {
        DbError::Value(text) => Failure::new(text),
        err => err.into(),
    })
}

/// Every statement of the transaction sees the same instant. SQLite's writer transaction already keeps everybody else out.
async fn hold_still(source: &Tx, engine: Engine) -> Result<(), DbError> {
    if engine == Engine::Postgres {
        source.execute_unprepared("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ").await?;
    }
    Ok(())
}

async fn copy_tables(
    source: &Tx,
    target: &Tx,
    engine: Engine,
    tables: &[Table],
) -> Result<Vec<Copied>, DbError> {
    for table in tables {
        if count(target, table).await? > 0 {
            return Err(DbError::Value(format!(
                "La base d'arrivée contient déjà des données (table {}). Donnez une base vide : rien n'a été copié.",
                table.name
            )));
        }
    }
    let mut copied = Vec::new();
    for table in tables {
        let rows = copy_table(source, target, table).await?;
        let (left, arrived) = (count(source, table).await?, count(target, table).await?);
        if left != rows || arrived != rows {
            return Err(DbError::Value(format!(
                "La table {} compte {left} lignes au départ et {arrived} à l'arrivée : rien n'a été copié.",
                table.name
            )));
        }
        follow_on(target, engine, table).await?;
        copied.push(Copied { name: table.name.clone(), rows });
    }
    Ok(copied)
}

async fn copy_table(source: &Tx, target: &Tx, table: &Table) -> Result<u64, DbError> {
    let columns: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
    let mut last: Option<Vec<Value>> = None;
    let mut total = 0;
    loop {
        let page = source.query_all(&page_after(table, last.take())).await?;
        let Some(end) = page.last() else { return Ok(total) };
        last = Some(key_of(table, end)?);
        let rows = page.iter().map(|row| values(table, row)).collect::<Result<Vec<_>, _>>()?;
        total += rows.len() as u64;
        insert_rows(&**target, &table.name, &columns, rows).await?;
    }
}

/// The next rows in the order of the key, after the last one seen.
fn page_after(table: &Table, last: Option<Vec<Value>>) -> SelectStatement {
    let mut q = Query::select();
    q.columns(table.columns.iter().map(|c| Alias::new(&c.name))).from(Alias::new(&table.name)).limit(PAGE);
    for key in &table.key {
        q.order_by(Alias::new(key), Order::Asc);
    }
    if let Some(last) = last {
        let columns = Expr::tuple(table.key.iter().map(|key| Expr::col(Alias::new(key))));
        q.and_where(columns.gt(Expr::tuple(last.into_iter().map(SimpleExpr::from))));
    }
    q
}

fn key_of(table: &Table, row: &QueryResult) -> Result<Vec<Value>, DbError> {
    table.columns.iter().filter(|c| table.key.contains(&c.name)).map(|c| c.kind.read(row, &c.name)).collect()
}

fn values(table: &Table, row: &QueryResult) -> Result<Vec<Value>, DbError> {
    table.columns.iter().map(|c| c.kind.read(row, &c.name)).collect()
}

async fn count(conn: &Tx, table: &Table) -> Result<u64, DbError> {
    let mut q = Query::select();
    q.expr_as(Func::count(Expr::cust("*")), Alias::new("n")).from(Alias::new(&table.name));
    let row = conn.query_one(&q).await?;
    let n: i64 = row.map_or(Ok(0), |row| row.try_get("", "n"))?;
    Ok(u64::try_from(n).unwrap_or_default())
}

/// PostgreSQL does not learn from the numbers that it was given; SQLite does.
async fn follow_on(target: &Tx, engine: Engine, table: &Table) -> Result<(), DbError> {
    let Some(id) = table.columns.iter().find(|c| c.kind == Kind::Id) else { return Ok(()) };
    if engine == Engine::Postgres {
        let (table, id) = (&table.name, &id.name);
        let sql = format!(
            "SELECT setval(pg_get_serial_sequence('{table}', '{id}'), COALESCE(MAX({id}), 1), MAX({id}) IS NOT NULL) FROM {table}"
        );
        target.query_one_raw(Statement::from_string(target.get_database_backend(), sql)).await?;
    }
    Ok(())
}
