//! What API does.

mod etats;
pub(crate) mod fraicheur;
pub(crate) mod lire;
mod verifier_liens;

use db::{DbError, MaybeDb};
use kernel::{Fault, FaultKind, Outage};

use crate::domain::copie::sans_adresse;

pub use etats::etat;
pub(crate) use verifier_liens::verifier_liens;

/// A refusal of API.
#[derive(Debug, thiserror::Error)]
pub enum ApiFault {
    /// The links are being tried already.
    #[error("une vérification des liens est en cours")]
    VerificationEnCours,
    /// Apogée does not answer, and nothing is held in its stead.
    #[error(transparent)]
    Panne(#[from] Outage),
    /// Nobody has this number.
    #[error("aucun étudiant n'a ce numéro")]
    EtudiantInconnu,
    /// This process was composed without a door to Apogée.
    #[error("aucune porte vers Apogée")]
    SansPorte,
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl MaybeDb for ApiFault {
    fn as_db(&self) -> Option<&DbError> {
        match self {
            Self::Db(err) => Some(err),
            Self::VerificationEnCours | Self::Panne(_) | Self::EtudiantInconnu | Self::SansPorte => None,
        }
    }
}

impl Fault for ApiFault {
    fn kind(&self) -> FaultKind {
        match self {
            Self::VerificationEnCours => FaultKind::Conflict,
            Self::Panne(_) | Self::SansPorte => FaultKind::Outage,
            Self::EtudiantInconnu => FaultKind::NotFound,
            Self::Db(err) => err.kind(),
        }
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::VerificationEnCours => "verification-en-cours",
            Self::Panne(_) => "apogee-en-panne",
            Self::EtudiantInconnu => "etudiant-inconnu",
            Self::SansPorte => "sans-porte",
            Self::Db(err) => err.slug(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::VerificationEnCours => "Une vérification des liens est déjà en cours.".to_owned(),
            Self::Panne(panne) => {
                format!("Apogée : {} Aucune copie de cette réponse n’est tenue.", sans_adresse(panne))
            }
            Self::SansPorte => "Apogée n’est pas configuré sur ce serveur.".to_owned(),
            Self::EtudiantInconnu => "Apogée ne connaît aucun étudiant de ce numéro.".to_owned(),
            Self::Db(err) => err.message(),
        }
    }

    fn way_out(&self) -> String {
        match self {
            Self::VerificationEnCours => {
                "Attendez qu’elle se termine : la page « Liens » en montrera le résultat.".to_owned()
            }
            Self::Panne(panne) => panne.remede.clone(),
            Self::SansPorte => {
                "Demandez au service informatique de renseigner la section [apogee].".to_owned()
            }
            Self::EtudiantInconnu => {
                "Vérifiez le numéro : huit chiffres, tels qu’ils sont sur la carte.".to_owned()
            }
            Self::Db(err) => err.way_out(),
        }
    }
}
