//! When each session was last used, written behind the pages that use it.
//!
//! The evening before a deadline a thousand sessions make their first page of the minute together. What comes while one write is under way
//! leaves with the next, and these commits are set apart: nothing that is kept in memory depends on them.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use db::{Db, DbError, Tx};
use tokio::task::JoinHandle;

use crate::comptes::store::sessions_touch;

#[derive(Default)]
struct Waiting {
    sessions: Mutex<BTreeMap<i64, DateTime<Utc>>>,
    turn: tokio::sync::Mutex<()>,
}

impl Waiting {
    fn sessions(&self) -> MutexGuard<'_, BTreeMap<i64, DateTime<Utc>>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Notes a use, without making the page wait: a collection may hold the writer for some seconds. What is started, when nobody was about to
/// write already, is a task that writes all that has been noted when its turn comes.
pub(crate) fn note(db: &Db, session: i64, now: DateTime<Utc>) -> Option<JoinHandle<()>> {
    let waiting = db.shared(Waiting::default);
    let first = {
        let mut sessions = waiting.sessions();
        let first = sessions.is_empty();
        sessions.insert(session, now);
        first
    };
    let db = db.apart("sessions");
    first.then(|| {
        tokio::spawn(async move {
            let _turn = waiting.turn.lock().await;
            let sessions = std::mem::take(&mut *waiting.sessions());
            if let Err(err) = write(&db, &sessions).await {
                tracing::warn!(%err, "last use of sessions");
            }
        })
    })
}

/// They were noted within the time of one write: the latest instant stands for all.
async fn write(db: &Db, sessions: &BTreeMap<i64, DateTime<Utc>>) -> Result<(), DbError> {
    let Some(now) = sessions.values().max().copied() else { return Ok(()) };
    let ids: &Vec<i64> = &sessions.keys().copied().collect();
    db.write(|tx: Tx| async move { sessions_touch(&*tx, ids, now).await }).await
}

#[cfg(test)]
mod tests {
    use chrono::Duration;
    use db::sea_orm::DatabaseConnection;
    use db::sql;

    use super::*;

    async fn seen(c: DatabaseConnection) -> Result<Vec<DateTime<Utc>>, DbError> {
        let rows = sql::select(&c, "SELECT vue_le FROM web_session ORDER BY id", []).await?;
        rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
    }

    testkit::db_test!(
        uses_noted_together_are_written_together_and_apart,
        crate::MIGRATIONS,
        |db| async move {
            let before = kernel::Clock::now(&*testkit::clock());
            let after = before + Duration::minutes(5);
            let ids: Vec<i64> = db
                .write(|tx: Tx| async move {
                    let sql =
                        "INSERT INTO web_compte (identifiant, nom, empreinte, role, actif, cree_le, echecs)
                    VALUES ('a', 'A', '', 'etudiant', ?, ?, 0) RETURNING id";
                    let compte = sql::returning_id(&*tx, sql, [true.into(), before.into()]).await?;
                    let colonnes = ["jeton", "compte", "creee_le", "vue_le", "expire_le", "appareil", "csrf"];
                    let rows = ["x", "y", "z"].map(|jeton| {
                        vec![
                            jeton.into(),
                            compte.into(),
                            before.into(),
                            before.into(),
                            after.into(),
                            "".into(),
                            jeton.into(),
                        ]
                    });
                    db::insert_numbered(&*tx, "web_session", &colonnes, rows).await
                })
                .await
                .unwrap();
            let commits = db.commits();
            let written = note(&db, ids[0], after);
            assert!(note(&db, ids[2], after).is_none(), "who came first writes for both");
            written.unwrap().await.unwrap();
            assert_eq!(db.read(seen).await.unwrap(), [after, before, after]);
            assert_eq!(db.commits(), commits, "nothing kept in memory is read again");
            assert!(note(&db, ids[1], after).is_some(), "then it begins anew");
        }
    );
}
