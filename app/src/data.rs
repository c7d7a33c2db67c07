//! Opening the database of an installation.

use std::path::{Path, PathBuf};

use db::sea_orm::ConnectionTrait;
use db::sea_orm::sea_query::{Alias, Query};
use db::{Db, DbError, Options};

use crate::settings::Settings;
use crate::{Failure, assembly};

/// Makes the folder of an installation, for its owner alone: the database in it holds people. Gives its absolute path.
///
/// # Errors
/// When it cannot be made.
pub fn folder(folder: &Path) -> Result<PathBuf, Failure> {
    use std::os::unix::fs::DirBuilderExt as _;
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.and_then(|()| folder.canonicalize()).map_err(|err| {
        Failure::new(format!(
            "Le dossier « {} » ne peut pas être créé : {err}. Choisissez-en un autre avec --data.",
            folder.display()
        ))
    })
}

/// Opens a database that exists, whatever its tables.
///
/// # Errors
/// When it does not open.
pub async fn open(settings: &Settings) -> Result<Db, Failure> {
    Ok(Db::open(&Options::new(&settings.base.url.0)).await?)
}

/// Opens a database that exists and whose tables are up to date.
///
/// # Errors
/// When it does not open, or when migrations are to be applied first.
pub async fn open_ready(settings: &Settings) -> Result<Db, Failure> {
    let db = open(settings).await.map_err(|failure| {
        Failure::new(format!("{failure} Une nouvelle installation se prépare par « telemaque migrer »."))
    })?;
    let missing = pending(&db).await?;
    if missing.is_empty() {
        return Ok(db);
    }
    Err(Failure::new(format!(
        "La base n'est pas à jour : {} migration(s) à appliquer ({}). Lancez « telemaque migrer », puis recommencez.",
        missing.len(),
        missing.join(", ")
    )))
}

/// Makes the database if it is not there, applies what is missing, and says how many migrations that was.
///
/// # Errors
/// When it cannot be opened or a migration fails.
pub async fn open_migrated(settings: &Settings, clock: &dyn kernel::Clock) -> Result<(Db, usize), Failure> {
    let db = Db::open(&Options::creating(&settings.base.url.0)).await?;
    let applied = db.migrate(&assembly::migrations(), clock.now()).await?;
    Ok((db, applied))
}

/// Migrations that this version needs and that the database has not seen: `maquette/0001_offre`.
///
/// # Errors
/// When the database does not answer.
pub async fn pending(db: &Db) -> Result<Vec<String>, DbError> {
    db.ping().await?;
    let held = db
        .read(|c| async move {
            let mut q = Query::select();
            q.columns(["context", "name"].map(Alias::new)).from(Alias::new("migration"));
            // The table itself is made by the first migration: without it nothing was applied.
            let Ok(rows) = c.query_all(&q).await else { return Ok(Vec::new()) };
            rows.iter()
                .map(|row| Ok((row.try_get::<String>("", "context")?, row.try_get::<String>("", "name")?)))
                .collect::<Result<Vec<_>, DbError>>()
        })
        .await?;
    let known = |m: &db::Migration| held.iter().any(|(context, name)| context == m.context && name == m.name);
    let missing = assembly::migrations().into_iter().filter(|m| !known(m));
    Ok(missing.map(|m| format!("{}/{}", m.context, m.name)).collect())
}
