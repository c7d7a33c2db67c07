use db::{DbError, MaybeDb};
use kernel::{AnneeUniversitaire, Fault, FaultKind, Outage};

/// Why a collection could not be asked, done or confirmed.
#[derive(Debug, thiserror::Error)]
pub enum CollecteFault {
    /// A source did not give what was asked.
    #[error(transparent)]
    Panne(#[from] Outage),
    /// The database.
    #[error(transparent)]
    Base(#[from] DbError),
    /// Somebody asked to stop.
    #[error("collecte annulée")]
    Annulee,
    /// No such collection.
    #[error("collecte {0} inconnue")]
    Inconnue(i64),
    /// It is not waiting for a confirmation.
    #[error("collecte {0} : rien à confirmer")]
    RienAConfirmer(i64),
    /// People were asked for a year whose offer was never collected.
    #[error("offre de {0} absente")]
    OffreAbsente(AnneeUniversitaire),
    /// Nobody said which year is the current one.
    #[error("année courante inconnue")]
    AnneeInconnue,
}

impl MaybeDb for CollecteFault {
    fn as_db(&self) -> Option<&DbError> {
        match self {
            Self::Base(err) => Some(err),
            _ => None,
        }
    }
}

impl Fault for CollecteFault {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Panne(_) => FaultKind::Outage,
            Self::Base(_) => FaultKind::Internal,
            Self::Inconnue(_) => FaultKind::NotFound,
            Self::Annulee | Self::RienAConfirmer(_) => FaultKind::Conflict,
            Self::OffreAbsente(_) | Self::AnneeInconnue => FaultKind::Invalid,
        }
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::Panne(_) => "source-en-panne",
            Self::Base(_) => "base-de-donnees",
            Self::Annulee => "collecte-annulee",
            Self::Inconnue(_) => "collecte-inconnue",
            Self::RienAConfirmer(_) => "rien-a-confirmer",
            Self::OffreAbsente(_) => "offre-absente",
            Self::AnneeInconnue => "annee-inconnue",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Panne(outage) => {
                format!("{} : {} Rien n'a été modifié.", outage.source_.libelle(), outage.detail)
            }
            Self::Base(err) => err.message(),
            Self::Annulee => "La collecte a été annulée. Rien n'a été modifié.".to_owned(),
            Self::Inconnue(id) => format!("La collecte n° {id} n'existe pas."),
            Self::RienAConfirmer(id) => format!("La collecte n° {id} n'attend pas de confirmation."),
            Self::OffreAbsente(annee) => {
                format!("L'offre de {} n'a pas encore été collectée.", annee.libelle())
            }
            Self::AnneeInconnue => "L'année courante n'est pas encore connue.".to_owned(),
        }
    }

    fn way_out(&self) -> String {
        match self {
            Self::Panne(outage) => {
                format!("{} Ce qui a déjà été lu est gardé : la prochaine collecte reprendra de là.", outage.remede)
            }
            Self::Base(err) => err.way_out(),
            Self::Annulee => "Relancez-la quand vous voulez.".to_owned(),
            Self::Inconnue(_) => "Choisissez-la dans la liste des collectes.".to_owned(),
            Self::RienAConfirmer(_) => "Ouvrez son rapport pour voir ce qu'elle a fait.".to_owned(),
            Self::OffreAbsente(_) => "Collectez d'abord l'offre de cette année, ou collectez tout.".to_owned(),
            Self::AnneeInconnue => {
                "Indiquez l'année à collecter, par exemple 2024 pour 2024/2025 ; ou collectez l'offre, qui la dira."
                    .to_owned()
            }
        }
    }
}
