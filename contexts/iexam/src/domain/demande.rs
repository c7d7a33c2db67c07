//! A change that a student asks for after validation, and what it would change.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::inscription::Decision;

/// What a registration would hold once the request is accepted: the whole of it, not the difference, so that what changed meanwhile shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voulu {
    /// Row of the modality; none when nothing is sat.
    pub modalite: Option<i64>,
    /// Row of the centre; none when the modality needs none.
    pub centre: Option<i64>,
    /// What is decided, by row of épreuve.
    pub choix: BTreeMap<i64, Decision>,
}

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EtatDemande {
    /// The registry has not decided.
    EnAttente,
    /// Applied.
    Acceptee,
    /// Not applied, with a reason.
    Refusee,
    /// Taken back by the student.
    Retiree,
}

impl EtatDemande {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::EnAttente, Self::Acceptee, Self::Refusee, Self::Retiree];

    /// The spelling stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::EnAttente => "en_attente",
            Self::Acceptee => "acceptee",
            Self::Refusee => "refusee",
            Self::Retiree => "retiree",
        }
    }

    /// The state of that spelling.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.code() == code)
    }

    /// As pages write it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::EnAttente => "En attente",
            Self::Acceptee => "Acceptée",
            Self::Refusee => "Refusée",
            Self::Retiree => "Retirée",
        }
    }
}
