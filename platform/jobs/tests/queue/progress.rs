use std::sync::Arc;

use jobs::{Avancement, Etat, MIGRATIONS};
use serde_json::json;
use tokio::sync::{Notify, mpsc};

use crate::support::{Running, enqueue, queue, read, worker};

testkit::db_test!(progress_is_seen_while_the_job_holds_the_writer, MIGRATIONS, |db| async move {
    let (here, elsewhere) = (queue(&db), queue(&db));
    let (said, mut sayings) = mpsc::unbounded_channel();
    let go_on = Arc::new(Notify::new());
    let running = Running::start(worker(&here, {
        let (db, go_on) = (db.clone(), Arc::clone(&go_on));
        move |_, progress| {
            let (db, go_on, said) = (db.clone(), Arc::clone(&go_on), said.clone());
            async move {
                // An open write transaction: on SQLite nobody else writes until it ends.
                db.write(|_tx| {
                    let (progress, said, go_on) = (progress.clone(), said.clone(), Arc::clone(&go_on));
                    async move {
                        progress.step("Application");
                        for fait in [10, 20] {
                            progress.advance(fait, 100);
                            said.send(fait).expect("test listens");
                            go_on.notified().await;
                        }
                        Ok::<_, db::DbError>(())
                    }
                })
                .await?;
                progress.step("Rapport");
                Ok(json!(null))
            }
        }
    }));
    let id = enqueue(&here, Some("collecte")).await;
    for fait in [10, 20] {
        assert_eq!(sayings.recv().await, Some(fait));
        let seen = here.progress(id).await.expect("progress").expect("job");
        assert_eq!(seen, Avancement { texte: "Application".into(), fait, total: 100 });
        assert_eq!(read(&here, id).await.avancement, seen);
        go_on.notify_one();
    }
    running.stop().await;
    // Once ended, every process reads the last word from the table.
    let job = read(&elsewhere, id).await;
    assert_eq!((job.etat, job.avancement.texte.as_str()), (Etat::Termine, "Rapport"));
    assert_eq!(elsewhere.progress(id).await.expect("progress"), Some(job.avancement));
    assert_eq!(here.progress(jobs::JobId(999)).await.expect("progress"), None);
});

testkit::db_test!(progress_reaches_other_processes, MIGRATIONS, |db| async move {
    let (here, elsewhere) = (queue(&db), queue(&db));
    let running = Running::start(worker(&here, |_, progress| async move {
        progress.step("Lecture");
        progress.advance(3, 7);
        progress.when_cancelled().await;
        progress.checkpoint()?;
        Ok(json!(null))
    }));
    let id = enqueue(&here, None).await;
    let expected = Some(Avancement { texte: "Lecture".into(), fait: 3, total: 7 });
    while elsewhere.progress(id).await.expect("progress") != expected {
        tokio::task::yield_now().await;
    }
    assert!(elsewhere.cancel(id).await.expect("cancel"));
    while !read(&elsewhere, id).await.etat.is_final() {
        tokio::task::yield_now().await;
    }
    assert_eq!(elsewhere.progress(id).await.expect("progress"), expected);
    running.stop().await;
});
