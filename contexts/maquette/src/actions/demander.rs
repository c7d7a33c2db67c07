//! Asking for a collection, confirming one that stopped.

use ::jobs::{JobId, NewJob, Queue};
use db::{Db, journal};
use kernel::{Actor, AnneeUniversitaire};

use super::{CollecteFault, Outils};
use crate::domain::{Demande, EtatCollecte};
use crate::store::{collecte, parametre};

/// Nature of the job that carries a collection.
pub const NATURE: &str = "maquette.collecte";

/// Collections run one after the other, whoever asks.
pub const VERROU: &str = "maquette.collecte";

/// The current year: the parameter, else the year of the present day until a collection says better.
///
/// # Errors
/// Those of the database.
pub async fn annee_courante(outils: &Outils) -> Result<AnneeUniversitaire, CollecteFault> {
    let tenue =
        outils.db.read(|c| async move { parametre::parametre_read(&c, "annee_courante").await }).await?;
    Ok(match tenue.and_then(|t| t.parse().ok()) {
        Some(annee) => annee,
        None => AnneeUniversitaire::du_jour(outils.clock.now().date_naive()),
    })
}

/// Whether a collection ever said which year is current.
async fn annee_dite(db: &Db) -> Result<bool, CollecteFault> {
    Ok(db.read(|c| async move { parametre::parametre_read(&c, "annee_courante").await }).await?.is_some())
}

/// Records a collection and queues the job that carries it, in one transaction.
///
/// # Errors
/// [`CollecteFault::AnneeInconnue`] when people are asked without a year before any offer was collected; those of the database.
pub async fn demander(
    outils: &Outils,
    queue: &Queue,
    demande: &Demande,
    acteur: &Actor,
) -> Result<(i64, JobId), CollecteFault> {
    if demande.annee.is_none() && !demande.portee.offre() && !annee_dite(&outils.db).await? {
        return Err(CollecteFault::AnneeInconnue);
    }
    // An offer collected without a year before any other takes the year that Apogée says is open: see `collecter`.
    let annee = match demande.annee {
        Some(annee) => annee,
        None => annee_courante(outils).await?,
    };
    let quand = outils.clock.now();
    let sorti = outils
        .db
        .write(|tx| async move {
            let id = collecte::collecte_create(&*tx, demande, annee, acteur, quand).await?;
            let charge = serde_json::json!({ "collecte": id });
            let job = NewJob {
                nature: NATURE.to_owned(),
                charge,
                verrou: Some(VERROU.to_owned()),
                acteur: acteur.clone(),
            };
            let job = queue.enqueue_on(&*tx, &job).await?;
            let suite = collecte::Suite { job_id: Some(job.0), ..Default::default() };
            collecte::collecte_update(&*tx, id, suite).await?;
            let entree = journal::Entry {
                quand,
                acteur,
                action: "collecte.demander",
                objet: "collecte",
                cle: &id.to_string(),
                avant: None,
                apres: serde_json::to_value(demande).ok(),
            };
            journal::write(&*tx, entree).await?;
            Ok::<_, CollecteFault>((id, job))
        })
        .await?;
    queue.wake();
    Ok(sorti)
}

/// Accepts the fall that stopped a collection and queues it again; the sources are read anew, so that what is applied is what they
/// say at that moment.
///
/// # Errors
/// [`CollecteFault::Inconnue`], [`CollecteFault::RienAConfirmer`], those of the database.
pub async fn confirmer(
    outils: &Outils,
    queue: &Queue,
    id: i64,
    acteur: &Actor,
) -> Result<(i64, JobId), CollecteFault> {
    let tenue = outils.db.read(|c| async move { collecte::collecte_read(&c, id).await }).await?;
    let tenue = tenue.ok_or(CollecteFault::Inconnue(id))?;
    if tenue.etat != EtatCollecte::AConfirmer {
        return Err(CollecteFault::RienAConfirmer(id));
    }
    let demande =
        Demande { portee: tenue.portee, annee: Some(tenue.annee), simulation: false, accepter_chute: true };
    let suivante = demander(outils, queue, &demande, acteur).await?;
    abandonner(outils, id, acteur, "collecte.confirmer").await?;
    Ok(suivante)
}

/// Sets aside a collection that stopped: nothing of it will be applied.
///
/// # Errors
/// [`CollecteFault::Inconnue`], [`CollecteFault::RienAConfirmer`], those of the database.
pub async fn renoncer(outils: &Outils, id: i64, acteur: &Actor) -> Result<(), CollecteFault> {
    let tenue = outils.db.read(|c| async move { collecte::collecte_read(&c, id).await }).await?;
    if tenue.ok_or(CollecteFault::Inconnue(id))?.etat != EtatCollecte::AConfirmer {
        return Err(CollecteFault::RienAConfirmer(id));
    }
    abandonner(outils, id, acteur, "collecte.renoncer").await
}

async fn abandonner(outils: &Outils, id: i64, acteur: &Actor, action: &str) -> Result<(), CollecteFault> {
    let quand = outils.clock.now();
    outils
        .db
        .write(|tx| async move {
            let suite = collecte::Suite { etat: Some(EtatCollecte::Annulee), ..Default::default() };
            collecte::collecte_update(&*tx, id, suite).await?;
            let entree = journal::Entry {
                quand,
                acteur,
                action,
                objet: "collecte",
                cle: &id.to_string(),
                avant: Some(EtatCollecte::AConfirmer.code().into()),
                apres: Some(EtatCollecte::Annulee.code().into()),
            };
            journal::write(&*tx, entree).await?;
            Ok(())
        })
        .await
}
