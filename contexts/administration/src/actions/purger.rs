//! Jobs that ended long ago are forgotten: what they did is in the journal and in the reports of their own pages.

use chrono::Duration;
use db::{Db, DbError, journal};
use jobs::Queue;
use kernel::{Actor, Clock};

/// Key of the setting that says how many days ended jobs are kept.
pub const CONSERVER: &str = "travaux.conserver_jours";

/// Forgets the jobs that ended more than `jours` days ago; says how many. A purge that finds nothing writes nothing.
///
/// # Errors
/// Those of the database.
pub async fn purger(
    db: &Db,
    clock: &dyn Clock,
    queue: &Queue,
    jours: i64,
    acteur: &Actor,
) -> Result<u64, DbError> {
    let quand = clock.now();
    let limite = quand - Duration::days(jours.max(1));
    db.write(|tx| async move {
        let oublies = queue.forget_on(&*tx, limite).await?;
        if oublies > 0 {
            let entree = journal::Entry {
                quand,
                acteur,
                action: "travaux.purger",
                objet: "travaux",
                cle: "tous",
                avant: None,
                apres: Some(serde_json::json!({ "oublies": oublies, "finis_avant": limite })),
            };
            journal::write(&*tx, entree).await?;
        }
        Ok(oublies)
    })
    .await
}
