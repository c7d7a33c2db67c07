//! What API does.

mod etats;
mod verifier_liens;

use db::{DbError, MaybeDb};
use kernel::{Fault, FaultKind};

pub use etats::etat;
pub(crate) use verifier_liens::verifier_liens;

/// A refusal of API.
#[derive(Debug, thiserror::Error)]
pub enum ApiFault {
    /// The links are being tried already.
    #[error("une vérification des liens est en cours")]
    VerificationEnCours,
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl MaybeDb for ApiFault {
    fn as_db(&self) -> Option<&DbError> {
        match self {
            Self::Db(err) => Some(err),
            Self::VerificationEnCours => None,
        }
    }
}

impl Fault for ApiFault {
    fn kind(&self) -> FaultKind {
        match self {
            Self::VerificationEnCours => FaultKind::Conflict,
            Self::Db(err) => err.kind(),
        }
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::VerificationEnCours => "verification-en-cours",
            Self::Db(err) => err.slug(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::VerificationEnCours => "Une vérification des liens est déjà en cours.".to_owned(),
            Self::Db(err) => err.message(),
        }
    }

    fn way_out(&self) -> String {
        match self {
            Self::VerificationEnCours => {
                "Attendez qu’elle se termine : la page « Liens » en montrera le résultat.".to_owned()
            }
            Self::Db(err) => err.way_out(),
        }
    }
}
