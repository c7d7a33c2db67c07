//! Payload → action.

use std::sync::Arc;

use ::jobs::{Handler, Job, JobError, Progress};
use async_trait::async_trait;
use contracts::liens::EtatDesSources;
use kernel::Source;

use crate::actions::annuler::{self, AnnulationFault};
use crate::actions::demander::NATURE;
use crate::actions::{CollecteFault, Collecteur, Outils};

/// The job that carries a collection.
#[derive(Clone)]
pub struct CollecteJob {
    /// What does it.
    pub collecteur: Arc<Collecteur>,
    /// Who is told that a source failed or answered.
    pub etats: Arc<dyn EtatDesSources>,
}

impl std::fmt::Debug for CollecteJob {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CollecteJob").field("collecteur", &self.collecteur).finish_non_exhaustive()
    }
}

/// Sources that a collection of this scope has read whole when it ends well.
fn lues(portee: &str) -> &'static [Source] {
    match portee {
        "offre" => &[Source::Extraction],
        "personnes" => &[Source::Apogee, Source::Eve],
        _ => &[Source::Extraction, Source::Apogee, Source::Eve],
    }
}

#[async_trait]
impl Handler for CollecteJob {
    fn nature(&self) -> &'static str {
        NATURE
    }

    async fn run(&self, job: &Job, progress: Progress) -> Result<serde_json::Value, JobError> {
        let id = job.charge.get("collecte").and_then(serde_json::Value::as_i64).unwrap_or_default();
        let collecteur = Arc::clone(&self.collecteur);
        // A collection computes as much as it waits: it gets a thread of its own, and pages stay quick.
        let ici = tokio::runtime::Handle::current();
        let travail = tokio::task::spawn_blocking(move || ici.block_on(collecteur.executer(id, &progress)));
        match travail.await {
            Ok(Ok(rapport)) => {
                for source in lues(&rapport.portee) {
                    self.etats.constater(*source, None).await;
                }
                for panne in &rapport.replis {
                    self.etats.constater(panne.source_, Some(panne)).await;
                }
                serde_json::to_value(rapport).map_err(|err| JobError::Echec(err.to_string()))
            }
            Ok(Err(CollecteFault::Annulee)) => Err(JobError::Annule),
            Ok(Err(fault)) => {
                if let CollecteFault::Panne(panne) = &fault {
                    self.etats.constater(panne.source_, Some(panne)).await;
                }
                Err(fault.into())
            }
            Err(err) => std::panic::resume_unwind(err.into_panic()),
        }
    }
}

/// The job that carries the undo of a change set.
#[derive(Clone, Debug)]
pub struct AnnulationJob(pub Outils);

#[async_trait]
impl Handler for AnnulationJob {
    fn nature(&self) -> &'static str {
        annuler::NATURE
    }

    async fn run(&self, job: &Job, progress: Progress) -> Result<serde_json::Value, JobError> {
        let id = job.charge.get("collecte").and_then(serde_json::Value::as_i64).unwrap_or_default();
        let outils = self.0.clone();
        let ici = tokio::runtime::Handle::current();
        let travail = tokio::task::spawn_blocking(move || {
            ici.block_on(async move { annuler::executer(&outils, id, &progress).await })
        });
        match travail.await {
            Ok(Ok(rapport)) => serde_json::to_value(rapport).map_err(|err| JobError::Echec(err.to_string())),
            Ok(Err(AnnulationFault::Arretee)) => Err(JobError::Annule),
            Ok(Err(fault)) => Err(fault.into()),
            Err(err) => std::panic::resume_unwind(err.into_panic()),
        }
    }
}
