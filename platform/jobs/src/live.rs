//! Present progress of the jobs that this process runs.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::{Avancement, Job, JobError, JobId};

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One running job's present state.
#[derive(Debug)]
pub(crate) struct Cell {
    pub(crate) id: JobId,
    /// Which run of the job this is: a run that was taken over must not write over its successor.
    pub(crate) tentatives: i64,
    avancement: Mutex<Avancement>,
    dirty: AtomicBool,
    cancelled: watch::Sender<bool>,
    /// Asked to stop because the process ends, not because somebody no longer wants the job.
    leaving: AtomicBool,
}

impl Cell {
    fn new(id: JobId, tentatives: i64, cancelled: bool) -> Arc<Self> {
        Arc::new(Self {
            id,
            tentatives,
            avancement: Mutex::default(),
            dirty: AtomicBool::new(false),
            cancelled: watch::Sender::new(cancelled),
            leaving: AtomicBool::new(false),
        })
    }

    pub(crate) fn avancement(&self) -> Avancement {
        lock(&self.avancement).clone()
    }

    /// Whether something changed since the last call.
    pub(crate) fn take_dirty(&self) -> bool {
        self.dirty.swap(false, Ordering::AcqRel)
    }

    pub(crate) fn mark_dirty(&self) {
        self.dirty.store(true, Ordering::Release);
    }

    pub(crate) fn cancel(&self) {
        if !self.cancelled.send_replace(true) {
            self.mark_dirty();
        }
    }

    pub(crate) fn cancelled(&self) -> bool {
        *self.cancelled.borrow()
    }

    /// Asks the handler to stop because the process ends; the job will be resumed. Says whether that is the only reason.
    pub(crate) fn leave(&self) -> bool {
        let already = self.cancelled.send_replace(true);
        self.leaving.store(!already, Ordering::Release);
        !already
    }

    /// Whether somebody asked to stop the job itself.
    pub(crate) fn unwanted(&self) -> bool {
        self.cancelled() && !self.leaving.load(Ordering::Acquire)
    }
}

/// The process-wide map, by job.
#[derive(Debug, Default)]
pub(crate) struct Live(Mutex<HashMap<JobId, Arc<Cell>>>);

impl Live {
    /// Enters a job that starts running here.
    pub(crate) fn enter(&self, job: &Job) -> Progress {
        let cell = Cell::new(job.id, job.tentatives, job.annulation_demandee);
        lock(&self.0).insert(job.id, Arc::clone(&cell));
        Progress(cell)
    }

    /// Forgets a job, once its end is in the table.
    pub(crate) fn leave(&self, id: JobId) {
        lock(&self.0).remove(&id);
    }

    pub(crate) fn get(&self, id: JobId) -> Option<Arc<Cell>> {
        lock(&self.0).get(&id).cloned()
    }

    pub(crate) fn all(&self) -> Vec<Arc<Cell>> {
        lock(&self.0).values().cloned().collect()
    }

    /// The job with its present progress, when it runs here.
    pub(crate) fn overlay(&self, mut job: Job) -> Job {
        if let Some(cell) = self.get(job.id).filter(|_| !job.etat.is_final()) {
            job.avancement = cell.avancement();
            job.annulation_demandee |= cell.unwanted();
        }
        job
    }
}

/// What a handler says of its advance, and hears of its cancelling. Cheap to clone; never waits.
#[derive(Clone, Debug)]
pub struct Progress(Arc<Cell>);

impl Progress {
    /// A progress that nobody watches, to call an action outside of any job.
    #[must_use]
    pub fn unwatched() -> Self {
        Self(Cell::new(JobId(0), 0, false))
    }

    /// Begins a step: its text, its count back to nothing.
    pub fn step(&self, texte: impl Into<String>) {
        *lock(&self.0.avancement) = Avancement { texte: texte.into(), fait: 0, total: 0 };
        self.0.mark_dirty();
    }

    /// `fait` units done out of `total` in this step; a total of 0 is an unknown one.
    pub fn advance(&self, fait: u64, total: u64) {
        {
            let mut avancement = lock(&self.0.avancement);
            avancement.fait = fait;
            avancement.total = total;
        }
        self.0.mark_dirty();
    }

    /// What was last said.
    #[must_use]
    pub fn present(&self) -> Avancement {
        self.0.avancement()
    }

    /// Whether the job should stop: somebody asked, or another worker took it over.
    #[must_use]
    pub fn cancelled(&self) -> bool {
        self.0.cancelled()
    }

    /// Ends once the job should stop: for a `select!` around a long wait.
    pub async fn when_cancelled(&self) {
        let mut seen = self.0.cancelled.subscribe();
        // The sender lives as long as `self`: waiting cannot fail.
        let _ = seen.wait_for(|cancelled| *cancelled).await;
    }

    /// A place where the handler may stop.
    ///
    /// # Errors
    /// [`JobError::Annule`] when it should.
    pub fn checkpoint(&self) -> Result<(), JobError> {
        if self.cancelled() { Err(JobError::Annule) } else { Ok(()) }
    }
}
