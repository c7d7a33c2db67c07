//! Refusals of arrangements.

use contracts::maquette::Indisponible;
use db::{DbError, MaybeDb};
use kernel::{Fault, FaultKind, NumeroEtudiant};

/// Why an arrangement was not written. Nothing was.
#[derive(Debug, thiserror::Error)]
pub enum AmenagementFault {
    /// The database.
    #[error(transparent)]
    Base(#[from] DbError),
    /// People could not be read.
    #[error(transparent)]
    Offre(#[from] Indisponible),
    /// No such arrangement.
    #[error("aménagement inconnu")]
    Inconnu,
    /// No such student.
    #[error("étudiant {0} inconnu")]
    EtudiantInconnu(NumeroEtudiant),
    /// A field, and what is wrong with it.
    #[error("{0} : {1}")]
    Champ(&'static str, String),
    /// Somebody else wrote it since the form was opened.
    #[error("l’aménagement a changé")]
    Perime,
}

impl MaybeDb for AmenagementFault {
    fn as_db(&self) -> Option<&DbError> {
        match self {
            Self::Base(err) => Some(err),
            _ => None,
        }
    }
}

impl Fault for AmenagementFault {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Base(_) => FaultKind::Internal,
            Self::Offre(_) => FaultKind::Outage,
            Self::Inconnu => FaultKind::NotFound,
            Self::EtudiantInconnu(_) | Self::Champ(..) => FaultKind::Invalid,
            Self::Perime => FaultKind::Conflict,
        }
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::Base(_) => "base-de-donnees",
            Self::Offre(_) => "maquette-muette",
            Self::Inconnu => "amenagement-inconnu",
            Self::EtudiantInconnu(_) => "etudiant-inconnu",
            Self::Champ(..) => "amenagement-invalide",
            Self::Perime => "amenagement-change",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Base(err) => err.message(),
            Self::Offre(_) => "Maquette ne répond pas : les étudiants n’ont pas pu être lus. Rien n’a été modifié.".to_owned(),
            Self::Inconnu => "Cet aménagement n’existe pas.".to_owned(),
            Self::EtudiantInconnu(numero) => {
                format!("Aucun étudiant ne porte le numéro {numero} cette année. Rien n’a été modifié.")
            }
            Self::Champ(_, phrase) => format!("{phrase} Rien n’a été modifié."),
            Self::Perime => {
                "Quelqu’un d’autre a modifié cet aménagement depuis que vous l’avez ouvert. Rien n’a été modifié.".to_owned()
            }
        }
    }

    fn way_out(&self) -> String {
        match self {
            Self::Base(err) => err.way_out(),
            Self::Offre(_) => "Réessayez dans quelques minutes.".to_owned(),
            Self::Inconnu => "Revenez à la liste des aménagements.".to_owned(),
            Self::EtudiantInconnu(_) => "Cherchez l’étudiant par son nom ou son numéro.".to_owned(),
            Self::Champ(..) => "Corrigez-le, puis enregistrez de nouveau.".to_owned(),
            Self::Perime => {
                "Relisez ce qui a changé, puis enregistrez si votre choix reste le même.".to_owned()
            }
        }
    }
}
