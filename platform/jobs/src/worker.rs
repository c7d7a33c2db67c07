use std::collections::HashMap;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use db::DbError;
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

use crate::{Etat, Handler, Job, JobError, JobId, Queue};

/// How often an idle worker looks whether another process enqueued something.
const POLL: Duration = Duration::from_millis(500);

/// How long handlers have to stop by themselves once the process is asked to; then they are dropped.
const GRACE: Duration = Duration::from_secs(2);

/// Runs jobs.
#[derive(Clone)]
pub struct Worker {
    queue: Queue,
    handlers: Arc<HashMap<&'static str, Arc<dyn Handler>>>,
    at_once: usize,
    grace: Duration,
}

impl Worker {
    /// A worker that knows these handlers and runs two jobs at once.
    #[must_use]
    pub fn new(queue: Queue, handlers: Vec<Arc<dyn Handler>>) -> Self {
        let handlers = handlers.into_iter().map(|h| (h.nature(), h)).collect();
        Self { queue, handlers: Arc::new(handlers), at_once: 2, grace: GRACE }
    }

    /// The same, running up to `n` jobs at once.
    #[must_use]
    pub fn at_once(self, n: usize) -> Self {
        Self { at_once: n.max(1), ..self }
    }

    /// The same, with another delay left to handlers once the process is asked to stop.
    #[must_use]
    pub fn grace(self, grace: Duration) -> Self {
        Self { grace, ..self }
    }

    /// Runs jobs until `shutdown` ends. What runs then is told to stop and goes back to the queue, to be resumed.
    pub async fn run_until(&self, shutdown: impl Future<Output = ()>) {
        let natures: Vec<&str> = self.handlers.keys().copied().collect();
        let keeper = Keeper::start(&self.queue);
        let (stop, stopped) = watch::channel(false);
        let mut running = JoinSet::new();
        let mut shutdown = pin!(shutdown);
        'work: loop {
            while running.len() < self.at_once {
                let claimed = tokio::select! {
                    biased;
                    () = &mut shutdown => break 'work,
                    claimed = self.queue.claim(&natures) => claimed,
                };
                match claimed {
                    Ok(Some(job)) => {
                        let (worker, stopped) = (self.clone(), stopped.clone());
                        running.spawn(async move { worker.execute(&job, stopped).await });
                    }
                    Ok(None) => break,
                    Err(err) => {
                        tracing::warn!(%err, "file des travaux");
                        break;
                    }
                }
            }
            tokio::select! {
                biased;
                () = &mut shutdown => break,
                Some(_) = running.join_next() => {}
                () = self.queue.woken() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
        stop.send_replace(true);
        while running.join_next().await.is_some() {}
        drop(keeper);
    }

    /// Runs that very job in this process, or follows it when another process was faster, and gives it as it ended. Waits for its
    /// verrou; a job that holds it and whose process is gone is resumed first.
    ///
    /// # Errors
    /// When the database refuses, or there is no such job.
    pub async fn run_one(&self, id: JobId) -> Result<Job, DbError> {
        let _keeper = Keeper::start(&self.queue);
        let (_stop, stopped) = watch::channel(false);
        loop {
            let Some(job) = self.queue.read(id).await? else {
                return Err(DbError::Value(format!("le travail {id} n'existe pas")));
            };
            if job.etat.is_final() {
                return Ok(job);
            }
            if let Some(job) = self.claim_or_resume(&job).await? {
                self.execute(&job, stopped.clone()).await;
            } else {
                tokio::time::sleep(POLL).await;
            }
        }
    }

    async fn claim_or_resume(&self, job: &Job) -> Result<Option<Job>, DbError> {
        if let Some(taken) = self.queue.claim_one(job.id).await? {
            return Ok(Some(taken));
        }
        let Some(verrou) = job.verrou.as_deref().filter(|_| job.etat == Etat::EnAttente) else {
            return Ok(None);
        };
        match self.queue.running(verrou).await? {
            Some(holder) if self.handlers.contains_key(holder.nature.as_str()) => {
                self.queue.claim_one(holder.id).await
            }
            _ => Ok(None),
        }
    }

    /// Runs a job that this process holds, and records its end.
    async fn execute(&self, job: &Job, mut stopped: watch::Receiver<bool>) {
        let Some(handler) = self.handlers.get(job.nature.as_str()).cloned() else {
            let sentence = format!(
                "Cette version du logiciel ne connaît pas les travaux « {} ». Mettez à jour tous les processus.",
                job.nature
            );
            self.record(job, || self.queue.fail(job, &sentence)).await;
            return;
        };
        let progress = self.queue.0.live.enter(job);
        let mut task = tokio::spawn({
            let job = job.clone();
            async move { handler.run(&job, progress).await }
        });
        let ended = tokio::select! {
            ended = &mut task => Some(ended),
            _ = stopped.wait_for(|stop| *stop) => None,
        };
        match ended {
            Some(outcome) => self.conclude(job, outcome).await,
            None => self.leave(job, task).await,
        }
        self.queue.0.live.leave(job.id);
    }

    /// The process ends: the handler is asked to stop, then dropped. Unless it came to its end all the same, or somebody had asked to
    /// stop it, the job goes back to the queue as if this run had not begun.
    async fn leave(&self, job: &Job, mut task: tokio::task::JoinHandle<Result<Value, JobError>>) {
        let resumed = self.queue.0.live.get(job.id).is_some_and(|cell| cell.leave());
        let outcome = match tokio::time::timeout(self.grace, &mut task).await {
            Ok(outcome) => outcome,
            Err(_late) => {
                task.abort();
                task.await
            }
        };
        match outcome {
            Ok(Err(_)) | Err(_) if resumed => self.record(job, || self.queue.release(job)).await,
            outcome => self.conclude(job, outcome).await,
        }
    }

    async fn conclude(&self, job: &Job, outcome: Result<Result<Value, JobError>, JoinError>) {
        match outcome {
            Ok(Ok(resultat)) => self.record(job, || self.queue.finish(job, resultat.clone())).await,
            Ok(Err(JobError::Annule)) => self.record(job, || self.queue.annul(job)).await,
            Ok(Err(JobError::Echec(sentence))) => self.record(job, || self.queue.fail(job, &sentence)).await,
            Err(aborted) if aborted.is_cancelled() => self.record(job, || self.queue.release(job)).await,
            Err(_panic) => {
                tracing::error!(job = %job.id, nature = job.nature, "le travail a paniqué");
                let sentence = "Le travail s'est arrêté sur un défaut du logiciel. Rien n'a été appliqué à moitié. Relancez-le ; \
                                si cela se reproduit, transmettez le journal du serveur au service informatique.";
                self.record(job, || self.queue.fail(job, sentence)).await;
            }
        }
    }

    /// Writes the end of a job, several times if it must: a job whose end is not written would seem to run for ever.
    async fn record<F, Fut>(&self, job: &Job, write: F)
    where
        F: Fn() -> Fut,
        Fut: Future<Output = Result<bool, DbError>>,
    {
        for attempt in 1..=8 {
            match write().await {
                Ok(true) => return,
                Ok(false) => {
                    tracing::warn!(job = %job.id, "le travail avait été repris ou clos par un autre processus");
                    return;
                }
                Err(err) => {
                    tracing::error!(job = %job.id, %err, attempt, "fin d'un travail");
                    tokio::time::sleep(Duration::from_millis(100 << attempt)).await;
                }
            }
        }
    }
}

/// The background task, ended with whoever started it.
struct Keeper(tokio::task::JoinHandle<()>);

impl Keeper {
    fn start(queue: &Queue) -> Self {
        let queue = queue.clone();
        Self(tokio::spawn(async move { queue.keep().await }))
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.0.abort();
    }
}
