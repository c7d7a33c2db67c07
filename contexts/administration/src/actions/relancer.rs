//! A job that failed or was stopped, asked again; one that runs or waits, asked to stop.

use db::{Db, DbError, MaybeDb, journal};
use jobs::{Etat, JobId, Queue};
use kernel::{Actor, Clock, Fault, FaultKind};

/// Puts the job back in the queue: same number, same payload.
///
/// # Errors
/// [`TravailFault::Inconnu`], [`TravailFault::PasRelancable`], those of the database.
pub async fn relancer(
    db: &Db,
    clock: &dyn Clock,
    queue: &Queue,
    id: i64,
    acteur: &Actor,
) -> Result<(), TravailFault> {
    let travail = queue.read(JobId(id)).await?.ok_or(TravailFault::Inconnu(id))?;
    let (quand, avant) = (clock.now(), travail.etat);
    db.write(|tx| async move {
        if !queue.retry_on(&*tx, JobId(id)).await? {
            return Err(TravailFault::PasRelancable(id));
        }
        noter(&tx, id, "travail.relancer", (avant, Etat::EnAttente), acteur, quand).await?;
        Ok(())
    })
    .await?;
    queue.wake();
    Ok(())
}

/// Asks the job to stop; it stops at its next checkpoint.
///
/// # Errors
/// [`TravailFault::Inconnu`], [`TravailFault::DejaFini`], those of the database.
pub async fn arreter(
    db: &Db,
    clock: &dyn Clock,
    queue: &Queue,
    id: i64,
    acteur: &Actor,
) -> Result<(), TravailFault> {
    let travail = queue.read(JobId(id)).await?.ok_or(TravailFault::Inconnu(id))?;
    if !queue.cancel(JobId(id)).await? {
        return Err(TravailFault::DejaFini(id));
    }
    let (quand, avant) = (clock.now(), travail.etat);
    db.write(|tx| async move {
        noter(&tx, id, "travail.arreter", (avant, Etat::Annule), acteur, quand).await?;
        Ok::<_, TravailFault>(())
    })
    .await
}

async fn noter(
    tx: &db::Tx,
    id: i64,
    action: &str,
    (avant, apres): (Etat, Etat),
    acteur: &Actor,
    quand: chrono::DateTime<chrono::Utc>,
) -> Result<(), DbError> {
    let etat = |etat: Etat| Some(serde_json::json!({ "etat": etat.libelle() }));
    let cle = id.to_string();
    let entree = journal::Entry {
        quand,
        acteur,
        action,
        objet: "travail",
        cle: &cle,
        avant: etat(avant),
        apres: etat(apres),
    };
    journal::write(&**tx, entree).await
}

/// Why nothing was asked.
#[derive(Debug, thiserror::Error)]
pub enum TravailFault {
    /// No such job: it may have been forgotten by rule.
    #[error("travail {0} inconnu")]
    Inconnu(i64),
    /// It neither failed nor was stopped.
    #[error("travail {0} : rien à relancer")]
    PasRelancable(i64),
    /// It has ended.
    #[error("travail {0} : déjà fini")]
    DejaFini(i64),
    /// The database.
    #[error(transparent)]
    Base(#[from] DbError),
}

impl MaybeDb for TravailFault {
    fn as_db(&self) -> Option<&DbError> {
        match self {
            Self::Base(err) => Some(err),
            _ => None,
        }
    }
}

impl Fault for TravailFault {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Inconnu(_) => FaultKind::NotFound,
            Self::PasRelancable(_) | Self::DejaFini(_) => FaultKind::Conflict,
            Self::Base(err) => err.kind(),
        }
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::Inconnu(_) => "travail-inconnu",
            Self::PasRelancable(_) => "travail-pas-relancable",
            Self::DejaFini(_) => "travail-deja-fini",
            Self::Base(err) => err.slug(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Inconnu(id) => format!("Le travail n° {id} n’existe pas, ou plus."),
            Self::PasRelancable(id) => {
                format!("Le travail n° {id} n’a ni échoué ni été arrêté : il n’y a rien à relancer.")
            }
            Self::DejaFini(id) => format!("Le travail n° {id} était déjà fini. Rien n’a changé."),
            Self::Base(err) => err.message(),
        }
    }

    fn way_out(&self) -> String {
        match self {
            Self::Inconnu(_) => {
                "Les travaux finis sont oubliés après quelque temps : le journal garde ce qu’ils ont fait."
                    .to_owned()
            }
            Self::PasRelancable(_) | Self::DejaFini(_) => {
                "Rechargez la page du travail pour voir où il en est.".to_owned()
            }
            Self::Base(err) => err.way_out(),
        }
    }
}
