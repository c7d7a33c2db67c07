use chrono::NaiveDate;
use db::{DbError, MaybeDb};
use kernel::{Fault, FaultKind};

use super::CorrectionFault;
use crate::domain::correction::Refus;

/// Why nothing was decided of an anomaly. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ArbitrageFault {
    /// The database.
    #[error(transparent)]
    Base(#[from] DbError),
    /// The correction that it needs is refused.
    #[error(transparent)]
    Correction(#[from] CorrectionFault),
    /// What was typed.
    #[error(transparent)]
    Refus(#[from] Refus),
    /// No such anomaly.
    #[error("anomalie {0} inconnue")]
    Inconnue(i64),
    /// The sources no longer have it.
    #[error("anomalie {0} disparue")]
    Disparue(i64),
    /// None of those chosen is still there.
    #[error("aucune anomalie")]
    Vide,
    /// It is no longer as the form showed it.
    #[error("anomalie {0} changée")]
    Change(i64),
    /// No value settles it.
    #[error("anomalie {0} : aucune valeur ne la règle")]
    SansValeur(i64),
    /// A correction needs an end.
    #[error("fin absente")]
    SansFin,
    /// No day was given.
    #[error("jour absent")]
    SansJour,
    /// It needs a correction, which this person may not set.
    #[error("correction interdite")]
    Interdit,
    /// A day that is past or too far.
    #[error("jour impossible : {0}")]
    Jour(NaiveDate),
}

impl MaybeDb for ArbitrageFault {
    fn as_db(&self) -> Option<&DbError> {
        match self {
            Self::Base(err) => Some(err),
            Self::Correction(fault) => fault.as_db(),
            _ => None,
        }
    }
}

impl ArbitrageFault {
    /// The field of the form that it speaks of, if it does.
    #[must_use]
    pub fn champ_du_formulaire(&self) -> Option<&'static str> {
        match self {
            Self::Refus(refus) | Self::Correction(CorrectionFault::Refus(refus)) => {
                Some(refus.champ_du_formulaire())
            }
            Self::SansFin => Some("fin"),
            Self::SansJour | Self::Jour(_) => Some("jusqu_au"),
            _ => None,
        }
    }
}

impl Fault for ArbitrageFault {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Base(_) => FaultKind::Internal,
            Self::Correction(fault) => fault.kind(),
            Self::Refus(_) | Self::SansValeur(_) | Self::SansFin | Self::SansJour | Self::Jour(_) => {
                FaultKind::Invalid
            }
            Self::Interdit => FaultKind::Forbidden,
            Self::Inconnue(_) => FaultKind::NotFound,
            Self::Disparue(_) | Self::Vide | Self::Change(_) => FaultKind::Conflict,
        }
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::Base(_) => "base-de-donnees",
            Self::Correction(fault) => fault.slug(),
            Self::Refus(_) | Self::SansFin | Self::SansJour | Self::Jour(_) => "decision-refusee",
            Self::Interdit => "correction-interdite",
            Self::Inconnue(_) => "anomalie-inconnue",
            Self::Disparue(_) => "anomalie-disparue",
            Self::Vide => "aucune-anomalie",
            Self::Change(_) => "anomalie-changee",
            Self::SansValeur(_) => "anomalie-sans-valeur",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Base(err) => err.message(),
            Self::Correction(fault) => fault.message(),
            Self::Refus(refus) => refus.phrase(),
            Self::Inconnue(id) => format!("L’anomalie n° {id} n’existe pas."),
            Self::Disparue(id) => {
                format!("L’anomalie n° {id} n’est plus dans les sources : il n’y a plus rien à décider. Rien n’a été écrit.")
            }
            Self::Vide => "Aucune des anomalies choisies n’est encore dans les sources. Rien n’a été écrit.".to_owned(),
            Self::Change(id) => format!(
                "L’anomalie n° {id} a changé depuis que vous avez ouvert cette page. Rien n’a été écrit."
            ),
            Self::SansValeur(_) => "Aucune valeur ne règle cette anomalie, ou son objet n’est plus là.".to_owned(),
            Self::SansFin => "Donnez le dernier jour de la correction que cette décision demande.".to_owned(),
            Self::SansJour => "Donnez le jour jusqu’auquel l’ignorer, par exemple 2025-01-31.".to_owned(),
            Self::Interdit => {
                "Cette décision change la valeur affichée : il faut pour cela le droit de corriger. Rien n’a été enregistré."
                    .to_owned()
            }
            Self::Jour(jour) => {
                format!("Une anomalie ne peut pas être ignorée jusqu’au {}.", jour.format("%d/%m/%Y"))
            }
        }
    }

    fn way_out(&self) -> String {
        match self {
            Self::Base(err) => err.way_out(),
            Self::Correction(fault) => fault.way_out(),
            Self::Refus(Refus::Motif) => "Écrivez en quelques mots pourquoi vous décidez ainsi.".to_owned(),
            Self::Refus(_) => "Modifiez ce que vous avez saisi, puis enregistrez de nouveau.".to_owned(),
            Self::Inconnue(_) | Self::Disparue(_) | Self::Vide => {
                "Revenez à la liste : elle montre ce qui reste à traiter.".to_owned()
            }
            Self::Change(_) => "Relisez ce qui a changé, puis décidez de nouveau.".to_owned(),
            Self::SansValeur(_) => {
                "Corrigez la source, ou réglez l’anomalie par « C’est normal » en disant pourquoi.".to_owned()
            }
            Self::SansFin => {
                "Choisissez une date, au plus tard à la durée que permet le paramétrage.".to_owned()
            }
            Self::Interdit => "Attribuez l’anomalie au service informatique.".to_owned(),
            Self::SansJour | Self::Jour(_) => "Choisissez un jour à venir, dans les trois ans.".to_owned(),
        }
    }
}
