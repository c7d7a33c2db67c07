use chrono::Duration;
use jobs::{ATTEMPTS, Etat, MIGRATIONS, Queue};

use crate::support::{dead_owner, enqueue, give_to, queue, read};

testkit::db_test!(a_job_is_taken_once_and_carries_its_payload, MIGRATIONS, |db| async move {
    let (a, b) = (queue(&db), queue(&db));
    let id = enqueue(&a, None).await;
    let job = a.claim(&["test"]).await.expect("claim").expect("job");
    assert_eq!((job.id, job.etat, job.tentatives), (id, Etat::EnCours, 1));
    assert_eq!(job.charge["n"], 1);
    assert_eq!(job.acteur, kernel::Actor::Commande);
    assert_eq!(b.claim(&["test"]).await.expect("claim"), None);
    assert_eq!(b.claim_one(id).await.expect("claim"), None);
    assert_eq!(a.load().await.expect("load"), jobs::Charge { en_cours: 1, en_attente: 0 });
    assert!(a.finish(&job, serde_json::json!({"vu": true})).await.expect("finish"));
    let job = read(&b, id).await;
    assert_eq!((job.etat, job.resultat), (Etat::Termine, Some(serde_json::json!({"vu": true}))));
    assert!(job.fini_le.is_some());
});

testkit::db_test!(other_natures_are_left_alone, MIGRATIONS, |db| async move {
    let queue = queue(&db);
    enqueue(&queue, None).await;
    assert_eq!(queue.claim(&["autre"]).await.expect("claim"), None);
    assert_eq!(queue.recent("autre", 10).await.expect("recent"), []);
});

testkit::db_test!(a_verrou_is_held_by_one, MIGRATIONS, |db| async move {
    let queue = queue(&db);
    let first = enqueue(&queue, Some("collecte")).await;
    let second = enqueue(&queue, Some("collecte")).await;
    let elsewhere = enqueue(&queue, Some("autre")).await;
    let job = queue.claim(&["test"]).await.expect("claim").expect("job");
    assert_eq!(job.id, first);
    assert_eq!(queue.claim_one(second).await.expect("claim"), None);
    assert_eq!(queue.claim(&["test"]).await.expect("claim").map(|j| j.id), Some(elsewhere));
    assert_eq!(queue.running("collecte").await.expect("running").map(|j| j.id), Some(first));
    assert!(queue.fail(&job, "Refusé.").await.expect("fail"));
    assert_eq!(queue.claim(&["test"]).await.expect("claim").map(|j| j.id), Some(second));
    let recent: Vec<_> = queue.recent("test", 2).await.expect("recent").iter().map(|j| j.id).collect();
    assert_eq!(recent, [elsewhere, second]);
});

testkit::db_test!(a_job_of_a_dead_process_runs_again, MIGRATIONS, |db| async move {
    let queue = queue(&db);
    let id = enqueue(&queue, Some("collecte")).await;
    let behind = enqueue(&queue, Some("collecte")).await;
    let first = queue.claim(&["test"]).await.expect("claim").expect("job");
    give_to(&db, id, &dead_owner(&first)).await;
    let second = queue.claim(&["test"]).await.expect("claim").expect("job");
    assert_eq!((second.id, second.tentatives), (id, 2));
    // The first run, were it alive after all, can no longer end the job.
    assert!(!queue.finish(&first, serde_json::json!(1)).await.expect("finish"));
    assert!(queue.finish(&second, serde_json::json!(2)).await.expect("finish"));
    assert_eq!(queue.claim(&["test"]).await.expect("claim").map(|j| j.id), Some(behind));
});

testkit::db_test!(a_number_given_to_another_process_is_a_dead_owner, MIGRATIONS, |db| async move {
    let queue = queue(&db);
    let id = enqueue(&queue, None).await;
    let job = queue.claim(&["test"]).await.expect("claim").expect("job");
    let mine = job.proprietaire.expect("owner");
    let (process, _start) = mine.rsplit_once(':').expect("start");
    give_to(&db, id, &format!("{process}:1")).await;
    assert_eq!(queue.claim(&["test"]).await.expect("claim").map(|j| j.tentatives), Some(2));
});

testkit::db_test!(another_machine_is_believed_until_it_is_silent, MIGRATIONS, |db| async move {
    let clock = testkit::clock();
    let queue = Queue::new(db.clone(), clock.clone());
    let id = enqueue(&queue, None).await;
    queue.claim(&["test"]).await.expect("claim").expect("job");
    give_to(&db, id, "autre-machine:4294967295:1").await;
    clock.advance(Duration::seconds(119));
    assert_eq!(queue.claim(&["test"]).await.expect("claim"), None);
    clock.advance(Duration::seconds(2));
    assert_eq!(queue.claim(&["test"]).await.expect("claim").map(|j| j.id), Some(id));
});

testkit::db_test!(a_job_that_kills_its_process_is_given_up, MIGRATIONS, |db| async move {
    let queue = queue(&db);
    let id = enqueue(&queue, Some("collecte")).await;
    for attempt in 1..=ATTEMPTS {
        let job = queue.claim(&["test"]).await.expect("claim").expect("job");
        assert_eq!(job.tentatives, attempt);
        give_to(&db, id, &dead_owner(&job)).await;
    }
    assert_eq!(queue.claim(&["test"]).await.expect("claim"), None);
    let job = read(&queue, id).await;
    assert_eq!(job.etat, Etat::Echoue);
    assert!(job.erreur.expect("sentence").contains("interrompu 5 fois"));
    assert_eq!(queue.running("collecte").await.expect("running"), None);
});
