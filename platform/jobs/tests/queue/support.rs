use std::future::Future;
use std::sync::Arc;

use async_trait::async_trait;
use db::Db;
use db::sea_orm::ConnectionTrait;
use db::sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use jobs::{Handler, Job, JobError, JobId, NewJob, Progress, Queue, Worker};
use kernel::Actor;
use serde_json::{Value, json};
use tokio::sync::oneshot;

/// A handler made of a closure.
pub struct Made<F>(pub F);

#[async_trait]
impl<F, Fut> Handler for Made<F>
where
    F: Fn(Job, Progress) -> Fut + Send + Sync,
    Fut: Future<Output = Result<Value, JobError>> + Send,
{
    fn nature(&self) -> &'static str {
        "test"
    }

    async fn run(&self, job: &Job, progress: Progress) -> Result<Value, JobError> {
        (self.0)(job.clone(), progress).await
    }
}

pub fn queue(db: &Db) -> Queue {
    Queue::new(db.clone(), testkit::clock())
}

pub async fn enqueue(queue: &Queue, verrou: Option<&str>) -> JobId {
    let verrou = verrou.map(str::to_owned);
    let new = NewJob { nature: "test".into(), charge: json!({"n": 1}), verrou, acteur: Actor::Commande };
    queue.enqueue(new).await.expect("enqueue")
}

pub async fn read(queue: &Queue, id: JobId) -> Job {
    queue.read(id).await.expect("read").expect("job")
}

/// A worker running in the background, until `stop`.
pub struct Running {
    stop: oneshot::Sender<()>,
    task: tokio::task::JoinHandle<()>,
}

impl Running {
    pub fn start(worker: Worker) -> Self {
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            worker
                .run_until(async {
                    let _ = stopped.await;
                })
                .await;
        });
        Self { stop, task }
    }

    pub async fn stop(self) {
        self.stop.send(()).expect("worker lives");
        self.task.await.expect("worker ends");
    }
}

pub fn worker<F, Fut>(queue: &Queue, f: F) -> Worker
where
    F: Fn(Job, Progress) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Value, JobError>> + Send,
{
    Worker::new(queue.clone(), vec![Arc::new(Made(f))])
}

/// Makes the job's present run that of another process.
pub async fn give_to(db: &Db, id: JobId, owner: &str) {
    let mut q = Query::update();
    q.table(Alias::new("job"))
        .value(Alias::new("proprietaire"), owner)
        .and_where(Expr::col(Alias::new("id")).eq(id.0));
    let done: Result<(), db::DbError> = db
        .write(|tx| {
            let q = q.clone();
            async move {
                tx.execute(&q).await?;
                Ok(())
            }
        })
        .await;
    done.expect("update");
}

/// This machine, by the name the queue gives it, with a process number that no process has.
pub fn dead_owner(job: &Job) -> String {
    let owner = job.proprietaire.clone().expect("owner");
    let host = owner.split(':').next().expect("host").to_owned();
    format!("{host}:4294967295:1")
}
