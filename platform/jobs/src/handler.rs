use async_trait::async_trait;
use kernel::Fault;

use crate::{Job, Progress};

/// How one kind of job is done. Idempotent: a job whose process was killed is run again from its payload.
#[async_trait]
pub trait Handler: Send + Sync {
    /// The kind it does: `maquette.collecte`.
    fn nature(&self) -> &'static str;

    /// Does it, says how far it is, and stops soon after [`Progress::cancelled`] turns true.
    ///
    /// # Errors
    /// [`JobError::Annule`] when it stopped on request, [`JobError::Echec`] when it could not be done.
    async fn run(&self, job: &Job, progress: Progress) -> Result<serde_json::Value, JobError>;
}

/// Why a job gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JobError {
    /// Stopped on request.
    #[error("Le travail a été annulé à la demande. Rien n'a été modifié.")]
    Annule,
    /// Could not be done: a French sentence that says what happened and what to do.
    #[error("{0}")]
    Echec(String),
}

impl<F: Fault> From<F> for JobError {
    fn from(fault: F) -> Self {
        Self::Echec(format!("{} {}", fault.message(), fault.way_out()))
    }
}
