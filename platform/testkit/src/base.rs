use db::{Db, Migration, Options};
use tempfile::TempDir;

use crate::modele;
use crate::serveur::Lent;

/// A database of one test, empty and its own.
#[derive(Debug)]
pub struct Base {
    db: Db,
    kept: Kept,
}

#[derive(Debug)]
enum Kept {
    File(TempDir),
    Server(Box<Lent>),
}

fn all(migrations: &[Migration]) -> Vec<Migration> {
    db::journal::MIGRATIONS.iter().chain(migrations).copied().collect()
}

#[expect(clippy::expect_used, reason = "a test that has no database cannot go on")]
impl Base {
    /// A SQLite file in a temporary folder.
    ///
    /// # Panics
    /// When the file cannot be made or a migration fails.
    pub async fn sqlite(migrations: &[Migration]) -> Self {
        let folder = TempDir::new().expect("temporary folder");
        let file = folder.path().join("test.db");
        modele::copy(&file, &all(migrations)).await;
        let db = Db::open(&Options::new(format!("sqlite:{}", file.display()))).await.expect("SQLite opens");
        Self { db, kept: Kept::File(folder) }
    }

    /// A database of the test server, or `None`, saying so, when there is no server.
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
        let lent = Lent::take(&url, &all(migrations)).await;
        Some(Self { db: lent.db.clone(), kept: Kept::Server(Box::new(lent)) })
    }

    /// The database.
    #[must_use]
    pub fn db(&self) -> Db {
        self.db.clone()
    }

    /// Ends it: the file is removed, the database of the server is lent to another test.
    pub async fn close(self) {
        match self.kept {
            Kept::File(folder) => {
                self.db.close().await;
                drop(folder);
            }
            Kept::Server(lent) => lent.give_back().await,
        }
    }
}
