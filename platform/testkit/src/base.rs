use std::sync::atomic::{AtomicU32, Ordering};

use chrono::DateTime;
use db::sea_orm::ConnectionTrait;
use db::{Db, Migration, Options};
use tempfile::TempDir;

/// A database of one test, removed with it.
#[derive(Debug)]
pub struct Base {
    db: Db,
    folder: Option<TempDir>,
    schema: Option<(Options, String)>,
}

static NUMBER: AtomicU32 = AtomicU32::new(0);

#[expect(clippy::expect_used, reason = "a test that has no database cannot go on")]
impl Base {
    /// A SQLite file in a temporary folder.
    ///
    /// # Panics
    /// When the file cannot be made or a migration fails.
    pub async fn sqlite(migrations: &[Migration]) -> Self {
        let folder = TempDir::new().expect("temporary folder");
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        let db = Db::open(&Options::creating(url)).await.expect("SQLite opens");
        Self::migrated(db, migrations, Some(folder), None).await
    }

    /// A schema of the test server, or `None`, saying so, when there is no server.
    ///
    /// # Panics
    /// When the server is given and refuses.
    #[expect(
        clippy::disallowed_methods,
        reason = "the address of the test server comes from the test runner"
    )]
    pub async fn postgres(migrations: &[Migration]) -> Option<Self> {
        let Ok(url) = std::env::var("TELEMAQUE_TEST_POSTGRES") else {
            eprintln!("skipped: TELEMAQUE_TEST_POSTGRES is not set (make test starts a server)");
            return None;
        };
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let schema = format!("test_{}_{number}", std::process::id());
        let server = Options { connections: 1, ..Options::new(url.clone()) };
        let admin = Db::open(&server).await.expect("PostgreSQL answers");
        execute(&admin, format!("CREATE SCHEMA {schema}")).await;
        admin.close().await;
        let db = Db::open(&Options { schema: Some(schema.clone()), connections: 2, ..Options::new(url) })
            .await
            .expect("schema opens");
        Some(Self::migrated(db, migrations, None, Some((server, schema))).await)
    }

    async fn migrated(
        db: Db,
        migrations: &[Migration],
        folder: Option<TempDir>,
        schema: Option<(Options, String)>,
    ) -> Self {
        let all: Vec<_> = db::journal::MIGRATIONS.iter().chain(migrations).copied().collect();
        db.migrate(&all, DateTime::UNIX_EPOCH).await.expect("migrations apply");
        Self { db, folder, schema }
    }

    /// The database.
    #[must_use]
    pub fn db(&self) -> Db {
        self.db.clone()
    }

    /// Removes it.
    ///
    /// # Panics
    /// When it cannot be removed.
    pub async fn close(self) {
        self.db.close().await;
        if let Some((server, schema)) = self.schema {
            let admin = Db::open(&server).await.expect("PostgreSQL answers");
            execute(&admin, format!("DROP SCHEMA {schema} CASCADE")).await;
            admin.close().await;
        }
        drop(self.folder);
    }
}

#[expect(clippy::expect_used, reason = "a test that has no database cannot go on")]
async fn execute(db: &Db, sql: String) {
    let done: Result<(), db::DbError> = db
        .write(|tx| {
            let sql = sql.clone();
            async move {
                tx.execute_unprepared(&sql).await?;
                Ok(())
            }
        })
        .await;
    done.expect("schema statement");
}
