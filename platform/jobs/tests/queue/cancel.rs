use jobs::{Etat, JobError, MIGRATIONS};
use tokio::sync::mpsc;

use crate::support::{Running, dead_owner, enqueue, give_to, queue, read, worker};

testkit::db_test!(what_waits_is_annulled_at_once, MIGRATIONS, |db| async move {
    let queue = queue(&db);
    let id = enqueue(&queue, None).await;
    assert!(queue.cancel(id).await.expect("cancel"));
    assert_eq!(read(&queue, id).await.etat, Etat::Annule);
    assert!(!queue.cancel(id).await.expect("cancel"));
    assert!(!queue.cancel(jobs::JobId(999)).await.expect("cancel"));
    assert_eq!(queue.claim(&["test"]).await.expect("claim"), None);
});

testkit::db_test!(what_a_dead_process_ran_is_annulled_at_once, MIGRATIONS, |db| async move {
    let queue = queue(&db);
    let id = enqueue(&queue, Some("collecte")).await;
    let job = queue.claim(&["test"]).await.expect("claim").expect("job");
    give_to(&db, id, &dead_owner(&job)).await;
    assert!(queue.cancel(id).await.expect("cancel"));
    assert_eq!(read(&queue, id).await.etat, Etat::Annule);
});

testkit::db_test!(what_runs_here_or_elsewhere_hears_it, MIGRATIONS, |db| async move {
    // Two queues on one database are what two processes are: the second sees the first only through the table.
    let (here, elsewhere) = (queue(&db), queue(&db));
    let (started, mut starts) = mpsc::unbounded_channel();
    let (ended, mut ends) = mpsc::unbounded_channel();
    let running = Running::start(worker(&here, move |job, progress| {
        let (started, ended) = (started.clone(), ended.clone());
        async move {
            started.send(job.id).expect("test listens");
            progress.when_cancelled().await;
            ended.send(job.id).expect("test listens");
            progress.checkpoint()?;
            Err(JobError::Echec("n'a pas entendu".into()))
        }
    }));
    let mut ids = Vec::new();
    for asker in [&here, &elsewhere] {
        let id = enqueue(&here, None).await;
        assert_eq!(starts.recv().await, Some(id));
        assert!(asker.cancel(id).await.expect("cancel"));
        assert_eq!(ends.recv().await, Some(id));
        ids.push(id);
    }
    running.stop().await;
    for id in ids {
        let job = read(&elsewhere, id).await;
        assert_eq!((job.etat, job.erreur), (Etat::Annule, None));
    }
});
