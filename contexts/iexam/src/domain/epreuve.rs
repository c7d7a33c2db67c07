//! The exam of an element in a period.

use chrono::{DateTime, Duration, Utc};
use kernel::CodeElement;

/// How it is sat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nature {
    /// On paper.
    Ecrit,
    /// In front of somebody.
    Oral,
    /// A practical test.
    Pratique,
    /// Work that is handed in: nobody is convoked.
    Dossier,
}

impl Nature {
    /// Every nature.
    pub const ALL: [Self; 4] = [Self::Ecrit, Self::Oral, Self::Pratique, Self::Dossier];

    /// The spelling stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Ecrit => "ecrit",
            Self::Oral => "oral",
            Self::Pratique => "pratique",
            Self::Dossier => "dossier",
        }
    }

    /// The nature of that spelling.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|n| n.code() == code)
    }

    /// As pages write it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Ecrit => "Écrit",
            Self::Oral => "Oral",
            Self::Pratique => "Pratique",
            Self::Dossier => "Dossier",
        }
    }

    /// What a code, a spreadsheet or Kofr calls it, accents and case aside.
    #[must_use]
    pub fn lire(texte: &str) -> Option<Self> {
        let plie = kernel::fold(texte.trim());
        Self::ALL.into_iter().find(|n| plie == n.code() || plie.starts_with(n.code()))
    }
}

/// One épreuve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Epreuve {
    /// Row.
    pub id: i64,
    /// Period.
    pub periode: i64,
    /// COD_ELP.
    pub element: CodeElement,
    /// Tells apart the two épreuves of one element.
    pub rang: i64,
    /// Label of the element, as it was when the épreuve was made.
    pub libelle: String,
    /// How it is sat.
    pub nature: Nature,
    /// When it starts, everywhere in the world at once; unknown until it is scheduled.
    pub debut: Option<DateTime<Utc>>,
    /// Minutes, extra time aside; unknown until it is decided.
    pub duree_min: Option<i64>,
    /// What candidates may bring.
    pub documents: String,
    /// Who owns the subject.
    pub sujet_par: String,
    /// Whether its hours count as supervised.
    pub surveillee: bool,
    /// Cancelled.
    pub annulee: bool,
}

impl Epreuve {
    /// When it ends for somebody with so many extra minutes per hour.
    #[must_use]
    pub fn fin(&self, majoration: i64) -> Option<DateTime<Utc>> {
        let duree = super::amenagement::duree_majoree(self.duree_min?, majoration);
        self.debut?.checked_add_signed(Duration::minutes(duree))
    }
}
