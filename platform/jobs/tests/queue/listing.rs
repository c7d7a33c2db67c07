//! Jobs looked at, asked again, forgotten.

use std::sync::Arc;

use chrono::Duration;
use db::Paging;
use jobs::{Etat, Filter, MIGRATIONS, Queue};
use kernel::Clock;

use crate::support::{enqueue, read};

testkit::db_test!(jobs_are_listed_counted_and_asked_again, MIGRATIONS, |db| async move {
    let queue = crate::support::queue(&db);
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(enqueue(&queue, None).await);
    }
    let first = queue.claim(&["test"]).await.expect("claim").expect("job");
    assert!(queue.fail(&first, "La source ne répond pas.").await.expect("fail"));
    let second = queue.claim(&["test"]).await.expect("claim").expect("job");
    assert!(queue.finish(&second, serde_json::json!({})).await.expect("finish"));

    let all = queue.page(&Filter::default(), Paging::new(1, 2)).await.expect("page");
    assert_eq!((all.total, all.elements.len(), all.elements[0].id), (3, 2, ids[2]), "the latest first");
    let failed = Filter { etats: vec![Etat::Echoue], ..Filter::default() };
    assert_eq!(queue.page(&failed, Paging::new(1, 50)).await.expect("page").elements[0].id, ids[0]);
    let other = Filter { nature: Some("autre'; --".into()), ..Filter::default() };
    assert_eq!(queue.count(&other).await.expect("count"), 0);
    let states = queue.count_by_state().await.expect("states");
    assert_eq!(states.iter().map(|(_, n)| *n).collect::<Vec<_>>(), [1, 0, 1, 1, 0]);

    let retry = async |id| {
        let queue = &queue;
        db.write(|tx| async move { queue.retry_on(&*tx, id).await }).await.expect("retry")
    };
    assert!(retry(ids[0]).await && !retry(ids[0]).await, "once only");
    assert!(!retry(ids[1]).await, "what is done is not done again");
    let again = read(&queue, ids[0]).await;
    assert_eq!((again.etat, again.erreur, again.fini_le, again.tentatives), (Etat::EnAttente, None, None, 0));
    let claimed = queue.claim(&["test"]).await.expect("claim").expect("job");
    assert_eq!(claimed.id, ids[0], "it is run again, before those asked after it");
});

testkit::db_test!(only_what_has_ended_long_ago_is_forgotten, MIGRATIONS, |db| async move {
    let clock = testkit::clock();
    let queue = Queue::new(db.clone(), Arc::<kernel::FixedClock>::clone(&clock));
    let old = enqueue(&queue, None).await;
    let waiting = enqueue(&queue, None).await;
    let job = queue.claim(&["test"]).await.expect("claim").expect("job");
    assert!(queue.finish(&job, serde_json::json!({})).await.expect("finish"));
    let limit = clock.now() + Duration::days(1);
    clock.advance(Duration::days(2));
    let queue = &queue;
    let forgotten = db.write(|tx| async move { queue.forget_on(&*tx, limit).await }).await;
    assert_eq!(forgotten.expect("forget"), 1);
    assert_eq!(queue.read(old).await.expect("read"), None);
    assert_eq!(read(queue, waiting).await.etat, Etat::EnAttente);
});
