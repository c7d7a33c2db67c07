//! Why a payment online cannot begin.

use contracts::maquette::Indisponible;
use db::{DbError, MaybeDb};
use kernel::{Fault, FaultKind};
use paybox::RefusCommande;

/// Why a payment online cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum EnLigneFault {
    /// The student has no registration there.
    #[error("inscription inconnue")]
    Inconnue,
    /// The service takes no payment online.
    #[error("pas de paiement en ligne")]
    Ferme,
    /// Nothing is left to pay.
    #[error("rien à payer")]
    RienADevoir,
    /// The registry has not verified it.
    #[error("inscription à vérifier")]
    PasVerifiee,
    /// The period is sealed.
    #[error("période close")]
    PeriodeClose,
    /// Too many attempts in an hour.
    #[error("trop de tentatives")]
    TropDEssais,
    /// The bank would refuse the request.
    #[error(transparent)]
    Refus(#[from] RefusCommande),
    /// Maquette does not say who the student is.
    #[error(transparent)]
    Maquette(#[from] Indisponible),
    /// The database.
    #[error(transparent)]
    Base(#[from] DbError),
}

impl MaybeDb for EnLigneFault {
    fn as_db(&self) -> Option<&DbError> {
        match self {
            Self::Base(err) => Some(err),
            _ => None,
        }
    }
}

impl Fault for EnLigneFault {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Inconnue => FaultKind::NotFound,
            Self::Refus(err) => err.kind(),
            Self::Maquette(_) => FaultKind::Outage,
            Self::Base(err) => err.kind(),
            _ => FaultKind::Conflict,
        }
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::Inconnue => "inscription-inconnue",
            Self::Ferme => "paiement-ferme",
            Self::RienADevoir => "paiement-rien-a-devoir",
            Self::PasVerifiee => "paiement-pas-verifiee",
            Self::PeriodeClose => "paiement-periode-close",
            Self::TropDEssais => "paiement-trop-d-essais",
            Self::Refus(err) => err.slug(),
            Self::Maquette(_) => "maquette-indisponible",
            Self::Base(err) => err.slug(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Inconnue => "Vous n’avez pas d’inscription à cette période d’examens.".to_owned(),
            Self::Ferme => "Le paiement en ligne n’est pas ouvert. Rien n’est débité.".to_owned(),
            Self::RienADevoir => {
                "Il ne reste rien à payer pour cette inscription. Rien n’est débité.".to_owned()
            }
            Self::PasVerifiee => {
                "Votre inscription n’est pas encore vérifiée par la scolarité. Rien n’est débité.".to_owned()
            }
            Self::PeriodeClose => {
                "Cette période d’examens est archivée : on n’y paie plus. Rien n’est débité.".to_owned()
            }
            Self::TropDEssais => {
                "Vous avez ouvert beaucoup de pages de paiement en une heure. Rien n’est débité.".to_owned()
            }
            Self::Refus(err) => err.message(),
            Self::Maquette(_) => {
                "Votre identité n’a pas pu être lue pour la banque. Rien n’est débité.".to_owned()
            }
            Self::Base(err) => err.message(),
        }
    }

    fn way_out(&self) -> String {
        match self {
            Self::Inconnue => "Revenez à vos examens.".to_owned(),
            Self::Ferme => "Payez par chèque ou par virement, ou au guichet de la scolarité.".to_owned(),
            Self::RienADevoir => "Il n’y a rien à faire : regardez où en est votre inscription.".to_owned(),
            Self::PasVerifiee => {
                "Vous recevrez un courriel quand elle le sera ; vous pourrez alors payer.".to_owned()
            }
            Self::PeriodeClose => {
                "Écrivez à la scolarité si vous pensez devoir encore quelque chose.".to_owned()
            }
            Self::TropDEssais => "Réessayez dans une heure, ou payez par un autre moyen.".to_owned(),
            Self::Refus(err) => err.way_out(),
            Self::Maquette(_) => "Réessayez dans quelques minutes.".to_owned(),
            Self::Base(err) => err.way_out(),
        }
    }
}
