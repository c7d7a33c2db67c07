//! SQLite: a test copies a file that carries its migrations already, made by the first test that asked for them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::DateTime;
use db::sea_orm::ConnectionTrait as _;
use db::{Db, DbError, Engine, Migration, Options, fingerprint};
use tempfile::TempDir;

/// Models of migrations that nobody has any more.
const OLD: Duration = Duration::from_hours(24);

/// Puts at `file` an empty database that carries these migrations.
#[expect(clippy::expect_used, reason = "a test that has no database cannot go on")]
pub(crate) async fn copy(file: &Path, migrations: &[Migration]) {
    // Beside the tests themselves: shared by their processes, and gone with them.
    let tests = std::env::current_exe().expect("path of the test");
    let models = tests.parent().expect("folder of the test").join("testkit-models");
    let model = models.join(format!("{}.db", fingerprint(Engine::Sqlite, migrations)));
    // Made, or made again when another process took it for an old one meanwhile.
    while std::fs::copy(&model, file).is_err() {
        std::fs::create_dir_all(&models).expect("folder of the models");
        sweep(&models);
        make(&models, &model, migrations).await;
    }
}

/// Whole, or not at all: two processes that make the same one put the same file.
#[expect(clippy::expect_used, reason = "a test that has no database cannot go on")]
async fn make(models: &Path, model: &Path, migrations: &[Migration]) {
    let folder = TempDir::new_in(models).expect("temporary folder");
    let made = folder.path().join("made.db");
    let db = Db::open(&Options::creating(format!("sqlite:{}", made.display()))).await.expect("SQLite opens");
    db.migrate(migrations, DateTime::UNIX_EPOCH).await.expect("migrations apply");
    // Nothing may be left in the journal: only the file is copied.
    db.read(|c| async move {
        c.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        Ok::<_, DbError>(())
    })
    .await
    .expect("the journal is folded");
    db.close().await;
    std::fs::rename(&made, model).expect("the model is put in its place");
}

fn sweep(models: &Path) {
    let old = |path: &PathBuf| {
        let age = path.metadata().and_then(|m| m.modified()).ok().and_then(|made| made.elapsed().ok());
        age.is_some_and(|age| age > OLD)
    };
    for path in std::fs::read_dir(models).into_iter().flatten().flatten().map(|e| e.path()).filter(old) {
        // Another process may be doing the same.
        let _ = if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
    }
}
