use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jobs::{Etat, JobError, MIGRATIONS, Worker};
use serde_json::json;
use tokio::sync::mpsc;

use crate::support::{Running, dead_owner, enqueue, give_to, queue, read, worker};

testkit::db_test!(two_workers_share_the_work_without_meeting, MIGRATIONS, |db| async move {
    let (a, b) = (queue(&db), queue(&db));
    let seen: Arc<Mutex<HashMap<String, i32>>> = Arc::default();
    let (done, mut ends) = mpsc::unbounded_channel();
    let work = move |job: jobs::Job, _| {
        let (seen, done) = (Arc::clone(&seen), done.clone());
        async move {
            let verrou = job.verrou.clone().expect("verrou");
            let at_once =
                *seen.lock().expect("lock").entry(verrou.clone()).and_modify(|n| *n += 1).or_insert(1);
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
            *seen.lock().expect("lock").get_mut(&verrou).expect("entered") -= 1;
            done.send((job.id, at_once)).expect("test listens");
            Ok(json!(at_once))
        }
    };
    let mut ids = Vec::new();
    for n in 0..24 {
        ids.push(enqueue(&a, Some(["rouge", "vert", "bleu"][n % 3])).await);
    }
    let workers: Vec<_> =
        [&a, &b].map(|q| Running::start(worker(q, work.clone()).at_once(4))).into_iter().collect();
    let mut ran = Vec::new();
    while ran.len() < ids.len() {
        let (id, at_once) = ends.recv().await.expect("end");
        assert_eq!(at_once, 1, "two jobs of one verrou at once");
        ran.push(id);
    }
    for running in workers {
        running.stop().await;
    }
    ran.sort_unstable();
    assert_eq!(ran, ids);
    for id in ids {
        let job = read(&a, id).await;
        assert_eq!((job.etat, job.tentatives), (Etat::Termine, 1));
    }
});

testkit::db_test!(a_panic_or_a_failure_ends_the_job_not_the_worker, MIGRATIONS, |db| async move {
    let queue = queue(&db);
    let (done, mut ends) = mpsc::unbounded_channel();
    let (panics, fails, works) =
        (enqueue(&queue, None).await, enqueue(&queue, None).await, enqueue(&queue, None).await);
    let running = Running::start(
        worker(&queue, move |job, _| {
            let done = done.clone();
            async move {
                assert!(job.id != panics, "a defect");
                if job.id == fails {
                    return Err(JobError::Echec("Eve ne répond pas. Réessayez.".into()));
                }
                done.send(job.id).expect("test listens");
                Ok(json!("fait"))
            }
        })
        .at_once(1),
    );
    assert_eq!(ends.recv().await, Some(works));
    running.stop().await;
    let job = read(&queue, panics).await;
    assert_eq!(job.etat, Etat::Echoue);
    assert!(job.erreur.expect("sentence").contains("défaut du logiciel"));
    assert_eq!(read(&queue, fails).await.erreur.as_deref(), Some("Eve ne répond pas. Réessayez."));
    assert_eq!(read(&queue, works).await.resultat, Some(json!("fait")));
});

testkit::db_test!(what_runs_at_shutdown_goes_back_to_the_queue, MIGRATIONS, |db| async move {
    let queue = queue(&db);
    let (started, mut starts) = mpsc::unbounded_channel();
    let running = Running::start(
        worker(&queue, move |job, _| {
            started.send(job.id).expect("test listens");
            std::future::pending()
        })
        .grace(Duration::from_millis(1)),
    );
    let id = enqueue(&queue, Some("collecte")).await;
    assert_eq!(starts.recv().await, Some(id));
    running.stop().await;
    let job = read(&queue, id).await;
    assert_eq!((job.etat, job.tentatives, job.proprietaire), (Etat::EnAttente, 0, None));
    assert_eq!(queue.claim(&["test"]).await.expect("claim").map(|j| j.id), Some(id));
});

testkit::db_test!(a_handler_that_hears_the_shutdown_is_resumed_too, MIGRATIONS, |db| async move {
    let queue = queue(&db);
    let (started, mut starts) = mpsc::unbounded_channel();
    let (ended, mut ends) = mpsc::unbounded_channel();
    let running = Running::start(
        worker(&queue, move |job, progress| {
            let (started, ended) = (started.clone(), ended.clone());
            async move {
                started.send(job.id).expect("test listens");
                progress.when_cancelled().await;
                ended.send(job.id).expect("test listens");
                progress.checkpoint()?;
                Ok(json!(null))
            }
        })
        .grace(Duration::from_millis(200)),
    );
    let id = enqueue(&queue, None).await;
    assert_eq!(starts.recv().await, Some(id));
    running.stop().await;
    assert_eq!(ends.recv().await, Some(id), "the handler was told before it was dropped");
    let job = read(&queue, id).await;
    assert_eq!((job.etat, job.annulation_demandee), (Etat::EnAttente, false));
});

testkit::db_test!(a_command_runs_its_job_after_resuming_the_one_before, MIGRATIONS, |db| async move {
    let queue = queue(&db);
    let killed = enqueue(&queue, Some("collecte")).await;
    let job = queue.claim_one(killed).await.expect("claim").expect("job");
    give_to(&db, killed, &dead_owner(&job)).await;
    let mine = enqueue(&queue, Some("collecte")).await;
    let command: Worker = worker(&queue, |job, _| async move { Ok(json!(job.tentatives)) });
    let ended = command.run_one(mine).await.expect("run");
    assert_eq!((ended.id, ended.etat, ended.resultat), (mine, Etat::Termine, Some(json!(1))));
    assert_eq!(read(&queue, killed).await.resultat, Some(json!(2)));
    assert!(command.run_one(jobs::JobId(999)).await.is_err());
});
