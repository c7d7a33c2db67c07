use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Statement, Value};
use sha2::{Digest, Sha256};

use crate::DbError;
use crate::dialect::Engine;

/// One step of a context's tables. Only expands: adds a table, a column, an index; never drops nor rewrites.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// The crate that owns the tables.
    pub context: &'static str,
    /// Ordered name: `0001_offre`.
    pub name: &'static str,
    /// Statements separated by `;` at the end of a line, with the type words of [`Engine`].
    pub sql: &'static str,
}

/// What was applied, as the first migration finds it.
const APPLIED: &str = "CREATE TABLE IF NOT EXISTS migration (
    context TEXT NOT NULL, name TEXT NOT NULL, empreinte TEXT NOT NULL, appliquee_le {instant} NOT NULL,
    PRIMARY KEY (context, name))";

/// Fingerprint of the tables that these migrations make on that engine: another as soon as one statement is.
#[must_use]
pub fn fingerprint(engine: Engine, migrations: &[Migration]) -> String {
    let said = migrations.iter().map(|m| format!("{}/{}\n{}\n", m.context, m.name, engine.ddl(m.sql)));
    empreinte(&std::iter::once(engine.ddl(APPLIED)).chain(said).collect::<String>())
}

pub(crate) async fn apply(
    tx: &DatabaseTransaction,
    engine: Engine,
    migrations: &[Migration],
    now: DateTime<Utc>,
) -> Result<usize, DbError> {
    if let Some(lock) = engine.migration_lock() {
        tx.execute_unprepared(lock).await?;
    }
    tx.execute_unprepared(&engine.ddl(APPLIED)).await?;
    let backend = tx.get_database_backend();
    let mut done = HashMap::new();
    for row in tx
        .query_all_raw(Statement::from_string(backend, "SELECT context, name, empreinte FROM migration"))
        .await?
    {
        let key: (String, String) = (row.try_get("", "context")?, row.try_get("", "name")?);
        done.insert(key, row.try_get::<String>("", "empreinte")?);
    }
    let mut applied = 0;
    for m in migrations {
        let empreinte = empreinte(m.sql);
        match done.get(&(m.context.to_owned(), m.name.to_owned())) {
            Some(held) if *held == empreinte => continue,
            Some(_) => {
                return Err(DbError::Migration(format!(
                    "La migration {}/{} a changé depuis qu'elle a été appliquée : une migration s'ajoute, elle ne se récrit pas.",
                    m.context, m.name
                )));
            }
            None => {}
        }
        for sql in m.sql.split(";\n").map(str::trim).filter(|s| !s.is_empty()) {
            tx.execute_unprepared(&engine.ddl(sql.trim_end_matches(';'))).await?;
        }
        let marks = if engine == Engine::Postgres { "$1, $2, $3, $4" } else { "?, ?, ?, ?" };
        let values: [Value; 4] = [m.context.into(), m.name.into(), empreinte.into(), now.into()];
        tx.execute_raw(Statement::from_sql_and_values(
            backend,
            format!("INSERT INTO migration (context, name, empreinte, appliquee_le) VALUES ({marks})"),
            values,
        ))
        .await?;
        applied += 1;
    }
    Ok(applied)
}

fn empreinte(sql: &str) -> String {
    Sha256::digest(sql.as_bytes()).iter().take(16).fold(String::new(), |mut out, byte| {
        use std::fmt::Write;
        let _ = write!(out, "{byte:02x}");
        out
    })
}
