//! Payload → action.

use std::sync::Arc;

use async_trait::async_trait;
use ::jobs::{Handler, Job, JobError, Progress};

use crate::actions::demander::NATURE;
use crate::actions::{CollecteFault, Collecteur};

/// The job that carries a collection.
#[derive(Clone, Debug)]
pub struct CollecteJob(pub Arc<Collecteur>);

#[async_trait]
impl Handler for CollecteJob {
    fn nature(&self) -> &'static str {
        NATURE
    }

    async fn run(&self, job: &Job, progress: Progress) -> Result<serde_json::Value, JobError> {
        let id = job.charge.get("collecte").and_then(serde_json::Value::as_i64).unwrap_or_default();
        let collecteur = Arc::clone(&self.0);
        // A collection computes as much as it waits: it gets a thread of its own, and pages stay quick.
        let ici = tokio::runtime::Handle::current();
        let travail = tokio::task::spawn_blocking(move || ici.block_on(collecteur.executer(id, &progress)));
        match travail.await {
            Ok(Ok(rapport)) => serde_json::to_value(rapport).map_err(|err| JobError::Echec(err.to_string())),
            Ok(Err(CollecteFault::Annulee)) => Err(JobError::Annule),
            Ok(Err(fault)) => Err(fault.into()),
            Err(err) => std::panic::resume_unwind(err.into_panic()),
        }
    }
}
