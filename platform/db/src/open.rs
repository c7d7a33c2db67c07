use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::future::Future;
use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sea_orm::{
    ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};

use crate::dialect::{Engine, connect_options};
use crate::{DbError, Migration, migration, sql};

/// How to open a database.
#[derive(Clone, Debug)]
pub struct Options {
    /// `sqlite:chemin` or `postgres://…`.
    pub url: String,
    /// Whether a SQLite file that does not exist is made. Only commands that found an installation say yes: elsewhere a
    /// mistyped path must be refused, never become an empty database.
    pub create: bool,
    /// PostgreSQL schema, when it is not the default.
    pub schema: Option<String>,
    /// Connections that read (SQLite) or that do everything (PostgreSQL).
    pub connections: u32,
}

impl Options {
    /// An existing database, with the usual number of connections.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), create: false, schema: None, connections: 4 }
    }

    /// The same, made if it does not exist.
    #[must_use]
    pub fn creating(url: impl Into<String>) -> Self {
        Self { create: true, ..Self::new(url) }
    }
}

/// The suite's database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    engine: Engine,
    reader: DatabaseConnection,
    writer: DatabaseConnection,
    commits: Arc<AtomicU64>,
    apart: Option<(&'static str, Arc<AtomicU64>)>,
    shared: Arc<Mutex<HashMap<Shared, Arc<dyn Any + Send + Sync>>>>,
}

/// What is kept once by handle: those set apart have their own, since they do not count the same commits.
type Shared = (Option<&'static str>, TypeId);

/// The commits of each handle that was set apart.
#[derive(Debug, Default)]
struct Parts(Mutex<HashMap<&'static str, Arc<AtomicU64>>>);

/// A transaction in course. Derefs to SeaORM's.
#[derive(Clone, Debug)]
pub struct Tx(Arc<DatabaseTransaction>);

impl Deref for Tx {
    type Target = DatabaseTransaction;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// The tables of the suite's schema whose size is no longer, by a tenth, the one their statistics were made at.
const CHANGED_SIZE: &str = "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname = ANY(current_schemas(FALSE))
      AND ABS(pg_relation_size(c.oid) / current_setting('block_size')::BIGINT - c.relpages) * 10 > c.relpages
    ORDER BY c.relname";

/// Attempts of one transaction on PostgreSQL before its conflict is reported.
const ATTEMPTS: u32 = 5;

impl Db {
    /// Opens the database at `options.url`.
    ///
    /// # Errors
    /// An unknown kind of address, or one that leads to no database.
    pub async fn open(options: &Options) -> Result<Self, DbError> {
        let url = options.url.as_str();
        let Some(engine) = Engine::of_url(url) else {
            return Err(DbError::Address(format!(
                "L'adresse de base « {} » n'est pas reconnue : écrivez sqlite:chemin/telemaque.db ou postgres://…",
                sans_secret(url)
            )));
        };
        let unreachable = |err: sea_orm::DbErr| {
            DbError::Address(format!("La base « {} » ne s'ouvre pas : {err}.", sans_secret(url)))
        };
        match engine {
            Engine::Sqlite => {
                // The writer comes first: it is the one that may make the file and sets WAL.
                let writer = Database::connect(connect_options(url, engine, 1, options.create))
                    .await
                    .map_err(unreachable)?;
                let reader =
                    Database::connect(connect_options(url, engine, options.connections.max(1), false))
                        .await
                        .map_err(unreachable)?;
                Ok(Self {
                    engine,
                    reader,
                    writer,
                    commits: Arc::default(),
                    apart: None,
                    shared: Arc::default(),
                })
            }
            Engine::Postgres => {
                let mut o = connect_options(url, engine, options.connections.max(2) * 2, false);
                if let Some(schema) = &options.schema {
                    o.set_schema_search_path(schema.clone());
                }
                let pool = Database::connect(o).await.map_err(unreachable)?;
                Ok(Self {
                    engine,
                    reader: pool.clone(),
                    writer: pool,
                    commits: Arc::default(),
                    apart: None,
                    shared: Arc::default(),
                })
            }
        }
    }

    /// Which engine is behind.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// A handle for a context that writes often, and only what it alone reads through memory: its commits are not counted by the other
    /// handles, which keep what they hold in memory; it counts its own and theirs. The same `name` gives the same handle.
    #[must_use]
    pub fn apart(&self, name: &'static str) -> Self {
        let whole = Self { apart: None, ..self.clone() };
        let parts = whole.shared(Parts::default);
        let counter =
            Arc::clone(parts.0.lock().unwrap_or_else(PoisonError::into_inner).entry(name).or_default());
        Self { apart: Some((name, counter)), ..whole }
    }

    /// A number that grows with each transaction committed through this handle and its clones, save those of handles set [`Self::apart`]:
    /// what was read from the database and kept in memory is still what this process has last written as long as the number has not moved.
    /// Other processes are not counted.
    #[must_use]
    pub fn commits(&self) -> u64 {
        // Both only grow: their sum stands still when neither has moved.
        let own = self.apart.as_ref().map_or(0, |(_, own)| own.load(Ordering::Acquire));
        self.commits.load(Ordering::Acquire) + own
    }

    /// The one `T` of this handle and its clones, made at its first use: what is kept in memory of the database is kept once, whoever asks.
    #[must_use]
    pub fn shared<T: Any + Send + Sync>(&self, make: impl FnOnce() -> T) -> Arc<T> {
        let key = (self.apart.as_ref().map(|(name, _)| *name), TypeId::of::<T>());
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        match shared.get(&key).cloned().map(Arc::downcast::<T>) {
            Some(Ok(held)) => held,
            _ => {
                let made = Arc::new(make());
                shared.insert(key, Arc::clone(&made) as _);
                made
            }
        }
    }

    /// Applies the migrations that are missing, in order, in one transaction.
    ///
    /// # Errors
    /// A migration that fails, or one that was applied and whose text has changed since.
    pub async fn migrate(
        &self,
        migrations: &[Migration],
        now: chrono::DateTime<chrono::Utc>,
    ) -> Result<usize, DbError> {
        self.write(|tx| async move { migration::apply(&tx, self.engine, migrations, now).await }).await
    }

    /// Runs `f` on a connection that reads.
    ///
    /// # Errors
    /// Those of `f`.
    pub async fn read<T, E, F, Fut>(&self, f: F) -> Result<T, E>
    where
        F: FnOnce(DatabaseConnection) -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        f(self.reader.clone()).await
    }

    /// Runs `f` in a transaction, committed when it succeeds and rolled back when it fails. On PostgreSQL a conflict with another
    /// transaction runs `f` again, a few times.
    ///
    /// # Errors
    /// Those of `f`, and those of beginning and committing.
    pub async fn write<T, E, F, Fut>(&self, f: F) -> Result<T, E>
    where
        F: Fn(Tx) -> Fut,
        Fut: Future<Output = Result<T, E>>,
        E: From<DbError> + MaybeDb,
    {
        let mut attempt = 1;
        loop {
            match self.attempt(&f).await {
                Err(err) if attempt < ATTEMPTS && err.as_db().is_some_and(DbError::is_retryable) => {
                    tokio::time::sleep(Duration::from_millis(5 << attempt)).await;
                    attempt += 1;
                }
                done => return done,
            }
        }
    }

    async fn attempt<T, E, F, Fut>(&self, f: &F) -> Result<T, E>
    where
        F: Fn(Tx) -> Fut,
        Fut: Future<Output = Result<T, E>>,
        E: From<DbError>,
    {
        let mode = (self.engine == Engine::Sqlite).then_some(SqliteTransactionMode::Immediate);
        let options = TransactionOptions { sqlite_transaction_mode: mode, ..TransactionOptions::default() };
        let tx = self.writer.begin_with_options(options).await.map_err(DbError::from)?;
        let tx = Arc::new(tx);
        let outcome = f(Tx(Arc::clone(&tx))).await;
        let Some(tx) = Arc::into_inner(tx) else {
            return Err(DbError::Value("une transaction a été gardée au-delà de son bloc".into()).into());
        };
        match outcome {
            Ok(value) => {
                tx.commit().await.map_err(DbError::from)?;
                let counter = self.apart.as_ref().map_or(&self.commits, |(_, own)| own);
                counter.fetch_add(1, Ordering::Release);
                Ok(value)
            }
            Err(err) => {
                // A rollback that fails leaves the connection closed, which rolls back all the same.
                if let Err(rollback) = tx.rollback().await {
                    tracing::warn!(%rollback, "rollback");
                }
                Err(err)
            }
        }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), DbError> {
        let backend = self.reader.get_database_backend();
        self.reader.query_one_raw(Statement::from_string(backend, "SELECT 1")).await?;
        Ok(())
    }

    /// Lets the engine refresh its statistics and fold its journal: after bulk work. Only tables that grew or shrank by a tenth since
    /// they were last looked at are: looking at all of them costs as much whatever changed, and more in a base shared with others.
    ///
    /// # Errors
    /// When the engine refuses.
    pub async fn settle(&self) -> Result<(), DbError> {
        match self.engine {
            Engine::Sqlite => {
                for sql in ["PRAGMA optimize", "PRAGMA wal_checkpoint(PASSIVE)"] {
                    self.writer.execute_unprepared(sql).await?;
                }
            }
            Engine::Postgres => {
                let rows = sql::select(&self.writer, CHANGED_SIZE, []).await?;
                let tables =
                    rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<Vec<String>, _>>()?;
                if !tables.is_empty() {
                    self.writer.execute_unprepared(&format!("ANALYZE {}", tables.join(", "))).await?;
                }
            }
        }
        Ok(())
    }

    /// Closes every connection.
    pub async fn close(self) {
        for pool in [self.reader, self.writer] {
            if let Err(err) = pool.close().await {
                tracing::warn!(%err, "close");
            }
        }
    }
}

/// Errors that may carry a [`DbError`], so that [`Db::write`] knows what is worth running again.
pub trait MaybeDb {
    /// The database error within, if any.
    fn as_db(&self) -> Option<&DbError>;
}

impl MaybeDb for DbError {
    fn as_db(&self) -> Option<&DbError> {
        Some(self)
    }
}

/// An address without its password, for messages.
fn sans_secret(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if scheme + 3 < at => {
            let user = url.get(scheme + 3..at).unwrap_or_default().split(':').next().unwrap_or_default();
            format!(
                "{}{user}{}",
                url.get(..scheme + 3).unwrap_or_default(),
                url.get(at..).unwrap_or_default()
            )
        }
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::sans_secret;

    #[test]
    fn messages_never_carry_a_password() {
        assert_eq!(sans_secret("postgres://u:secret@h/base"), "postgres://u@h/base");
        assert_eq!(sans_secret("sqlite:/x.db"), "sqlite:/x.db");
    }
}
