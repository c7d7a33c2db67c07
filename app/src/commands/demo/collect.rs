//! The first collections of a demonstration, done once: everything of the current year, then of the year before.

use jobs::{Job, JobId};
use kernel::{Actor, AnneeUniversitaire};
use maquette::actions::demander::{NATURE, annee_courante, demander};
use maquette::domain::{Demande, EtatCollecte, Portee, Rapport};
use maquette::store::collecte::collecte_last;

use crate::Failure;
use crate::assembly::House;
use crate::commands::collecte::outcome;
use crate::shutdown::Shutdown;
use crate::terminal::Followed;

/// Collects what was never collected. The worker of this process does it; this waits and shows.
pub(super) async fn first(house: &House, shutdown: &Shutdown) -> Result<(), Failure> {
    resumed(house, shutdown).await?;
    if !shutdown.was_asked() && !done(house, None).await? {
        collect(house, None, "Collecte de l'année en cours", shutdown).await?;
    }
    let before = annee_courante(&house.outils).await?.precedente();
    if !shutdown.was_asked() && !done(house, Some(before)).await? {
        collect(house, Some(before), &format!("Collecte de {}", before.libelle()), shutdown).await?;
    }
    Ok(())
}

/// Collections that an earlier start left unfinished are resumed by the worker: they come first, and may be all there is to do.
async fn resumed(house: &House, shutdown: &Shutdown) -> Result<(), Failure> {
    let mut left = house.queue.recent(NATURE, 20).await?;
    left.retain(|job| !job.etat.is_final());
    for job in left.iter().rev() {
        follow(house, job.id, "Collecte reprise", shutdown).await?;
    }
    Ok(())
}

/// Waits for a job with its progress shown; gives nothing when somebody stops the demonstration meanwhile.
async fn follow(house: &House, job: JobId, title: &str, shutdown: &Shutdown) -> Result<Option<Job>, Failure> {
    let _followed = Followed::start(&house.queue, job, title);
    tokio::select! {
        ended = end_of(house, job) => ended.map(Some),
        () = shutdown.asked() => Ok(None),
    }
}

/// Whether a collection of everything went through.
async fn done(house: &House, annee: Option<AnneeUniversitaire>) -> Result<bool, Failure> {
    let found = house
        .db
        .read(|c| async move { collecte_last(&c, Some(Portee::Tout), annee, EtatCollecte::Terminee).await })
        .await?;
    Ok(found.is_some())
}

/// Collects everything of a year, or until somebody stops the demonstration.
async fn collect(
    house: &House,
    annee: Option<AnneeUniversitaire>,
    title: &str,
    shutdown: &Shutdown,
) -> Result<(), Failure> {
    let demande = Demande { portee: Portee::Tout, annee, simulation: false, accepter_chute: false };
    let (_, job) = demander(&house.outils, &house.queue, &demande, &Actor::Commande).await?;
    let Some(ended) = follow(house, job, title, shutdown).await? else { return Ok(()) };
    let rapport: Rapport =
        ended.resultat.clone().and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default();
    outcome(&ended, &rapport)
}

async fn end_of(house: &House, id: JobId) -> Result<Job, Failure> {
    loop {
        match house.queue.read(id).await? {
            Some(job) if job.etat.is_final() => return Ok(job),
            Some(_) => tokio::time::sleep(std::time::Duration::from_millis(200)).await,
            None => return Err(Failure::new("La collecte a disparu de la base.")),
        }
    }
}
