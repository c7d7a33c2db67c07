//! Why a verb of the registry did nothing.

use db::{DbError, MaybeDb};
use kernel::{Fault, FaultKind};
use mail::MailFault;

use crate::domain::registre::Ecart;

/// Why the registry's verb did nothing.
#[derive(Debug, thiserror::Error)]
pub enum RegistreFault {
    /// No such registration.
    #[error("inscription {0} inconnue")]
    Inconnue(i64),
    /// No such request, or it was decided already.
    #[error("demande {0} inconnue ou déjà traitée")]
    Demande(i64),
    /// Somebody changed it since the page was opened.
    #[error("inscription changée entre-temps")]
    Perime,
    /// Where it stands forbids it.
    #[error("inscription écartée : {0:?}")]
    Ecart(Ecart),
    /// A reason is needed.
    #[error("motif manquant")]
    Motif,
    /// Nothing was chosen.
    #[error("aucune inscription")]
    Vide,
    /// What is asked can no longer be done.
    #[error("demande inapplicable : {0}")]
    Voulu(&'static str),
    /// The database.
    #[error(transparent)]
    Base(#[from] DbError),
}

impl From<MailFault> for RegistreFault {
    /// A message that cannot be written down is not worth losing the action for, unless the database itself fails: see `courrier`.
    fn from(fault: MailFault) -> Self {
        match fault {
            MailFault::Base(err) => Self::Base(err),
            autre => Self::Base(DbError::Value(autre.to_string())),
        }
    }
}

impl MaybeDb for RegistreFault {
    fn as_db(&self) -> Option<&DbError> {
        match self {
            Self::Base(err) => Some(err),
            _ => None,
        }
    }
}

impl Fault for RegistreFault {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Inconnue(_) => FaultKind::NotFound,
            Self::Perime | Self::Ecart(_) | Self::Voulu(_) | Self::Demande(_) => FaultKind::Conflict,
            Self::Motif | Self::Vide => FaultKind::Invalid,
            Self::Base(err) => err.kind(),
        }
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::Inconnue(_) => "inscription-inconnue",
            Self::Demande(_) => "demande-traitee",
            Self::Perime => "inscription-changee",
            Self::Ecart(_) => "inscription-etat",
            Self::Motif => "inscription-motif",
            Self::Vide => "inscription-vide",
            Self::Voulu(_) => "demande-inapplicable",
            Self::Base(err) => err.slug(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Inconnue(id) => format!("L’inscription n° {id} n’existe pas."),
            Self::Demande(id) => {
                format!("La demande n° {id} a déjà reçu une réponse, ou a été retirée. Rien n’a été modifié.")
            }
            Self::Perime => {
                "Cette inscription a changé depuis que vous l’avez ouverte. Rien n’a été modifié.".to_owned()
            }
            Self::Ecart(ecart) => {
                format!("Cette inscription ne le permet pas : {}. Rien n’a été modifié.", ecart.phrase())
            }
            Self::Motif => "Un motif est nécessaire : l’étudiant le lira. Rien n’a été modifié.".to_owned(),
            Self::Vide => "Aucune des inscriptions choisies ne le permet. Rien n’a été modifié.".to_owned(),
            Self::Voulu(pourquoi) => {
                format!("Ce changement ne peut plus être appliqué : {pourquoi}. Rien n’a été modifié.")
            }
            Self::Base(err) => err.message(),
        }
    }

    fn way_out(&self) -> String {
        match self {
            Self::Inconnue(_) => "Revenez à la liste des inscriptions.".to_owned(),
            Self::Demande(_) | Self::Perime => {
                "Relisez l’inscription telle qu’elle est maintenant, puis recommencez s’il y a lieu."
                    .to_owned()
            }
            Self::Ecart(_) | Self::Vide => "Revenez à la liste et choisissez-en d’autres.".to_owned(),
            Self::Motif => "Écrivez en une phrase ce que l’étudiant doit savoir.".to_owned(),
            Self::Voulu(_) => {
                "Refusez la demande en disant pourquoi, ou changez ce qui l’empêche.".to_owned()
            }
            Self::Base(err) => err.way_out(),
        }
    }
}
