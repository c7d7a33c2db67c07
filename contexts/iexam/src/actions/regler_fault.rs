//! Why exams were not set as asked.

use db::{DbError, MaybeDb};
use kernel::{Fault, FaultKind};

use crate::domain::sceau::Ferme;

/// A value that cannot be, by its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refus {
    /// Name of the field.
    pub champ: &'static str,
    /// A French sentence.
    pub phrase: String,
}

impl Refus {
    /// A value that cannot be.
    #[must_use]
    pub fn new(champ: &'static str, phrase: impl Into<String>) -> Self {
        Self { champ, phrase: phrase.into() }
    }
}

/// Why a period, a modality or a centre was not set. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ReglageFault {
    /// The database.
    #[error(transparent)]
    Base(#[from] DbError),
    /// No such thing.
    #[error("{0} inconnu : {1}")]
    Inconnu(&'static str, String),
    /// What was typed.
    #[error("saisie refusée")]
    Saisie(Vec<Refus>),
    /// What stands in the way.
    #[error("empêché : {}", .0.join(" "))]
    Empeche(Vec<String>),
    /// What must be confirmed in so many words.
    #[error("à confirmer : {}", .0.join(" "))]
    AConfirmer(Vec<String>),
    /// Somebody saved meanwhile.
    #[error("{0} changé entre-temps")]
    Change(&'static str),
}

impl ReglageFault {
    /// One value that cannot be.
    #[must_use]
    pub fn saisie(champ: &'static str, phrase: impl Into<String>) -> Self {
        Self::Saisie(vec![Refus::new(champ, phrase)])
    }

    /// One thing that stands in the way.
    #[must_use]
    pub fn empeche(phrase: impl Into<String>) -> Self {
        Self::Empeche(vec![phrase.into()])
    }

    /// What is wrong with a field, if anything is.
    #[must_use]
    pub fn du_champ(&self, champ: &str) -> Option<String> {
        let Self::Saisie(refus) = self else { return None };
        let phrases: Vec<_> = refus.iter().filter(|r| r.champ == champ).map(|r| r.phrase.as_str()).collect();
        (!phrases.is_empty()).then(|| phrases.join(" "))
    }
}

/// Nothing, or what was typed wrong.
pub(crate) fn sans_refus(refus: Vec<Refus>) -> Result<(), ReglageFault> {
    if refus.is_empty() { Ok(()) } else { Err(ReglageFault::Saisie(refus)) }
}

impl From<Ferme> for ReglageFault {
    fn from(ferme: Ferme) -> Self {
        Self::empeche(ferme.phrase())
    }
}

impl MaybeDb for ReglageFault {
    fn as_db(&self) -> Option<&DbError> {
        match self {
            Self::Base(err) => Some(err),
            _ => None,
        }
    }
}

impl Fault for ReglageFault {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Base(_) => FaultKind::Internal,
            Self::Inconnu(..) => FaultKind::NotFound,
            Self::Saisie(_) => FaultKind::Invalid,
            Self::Empeche(_) | Self::AConfirmer(_) | Self::Change(_) => FaultKind::Conflict,
        }
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::Base(_) => "base-de-donnees",
            Self::Inconnu(..) => "reglage-inconnu",
            Self::Saisie(_) => "saisie-refusee",
            Self::Empeche(_) => "reglage-empeche",
            Self::AConfirmer(_) => "a-confirmer",
            Self::Change(_) => "reglage-change",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Base(err) => err.message(),
            Self::Inconnu(quoi, nom) => format!("{quoi} «\u{a0}{nom}\u{a0}» n’existe pas."),
            Self::Saisie(refus) => {
                let phrases: Vec<_> = refus.iter().map(|r| r.phrase.as_str()).collect();
                format!("{} Rien n’a été écrit.", phrases.join(" "))
            }
            Self::Empeche(phrases) => format!("{} Rien n’a été écrit.", phrases.join(" ")),
            Self::AConfirmer(phrases) => {
                format!("{} Rien n’a été écrit tant que ce n’est pas confirmé.", phrases.join(" "))
            }
            Self::Change(quoi) => format!(
                "{quoi} a changé depuis que vous avez ouvert cette page\u{a0}: quelqu’un d’autre a enregistré avant vous. Rien n’a été écrit."
            ),
        }
    }

    fn way_out(&self) -> String {
        match self {
            Self::Base(err) => err.way_out(),
            Self::Inconnu(..) => "Choisissez dans la liste ce que vous vouliez ouvrir.".to_owned(),
            Self::Saisie(_) => "Corrigez ce qui est indiqué, puis enregistrez de nouveau.".to_owned(),
            Self::Empeche(_) => "Réglez ce qui l’empêche, puis recommencez.".to_owned(),
            Self::AConfirmer(_) => "Relisez ce que cela entraîne, puis confirmez.".to_owned(),
            Self::Change(_) => {
                "Relisez ce qui a changé, puis enregistrez de nouveau si votre choix reste le même."
                    .to_owned()
            }
        }
    }
}
