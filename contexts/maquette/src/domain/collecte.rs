//! What a collection is asked, where it stands, and what it reports.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use contracts::apogee::Rejet;
use kernel::{AnneeUniversitaire, Outage};
use serde::{Deserialize, Serialize};

use super::chute::Chute;
use super::ecarte::Ecarte;

/// What is collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Portee {
    /// The offer: Apogée's structure, Kofr's hours, ECTS and texts.
    Offre,
    /// People: Eve's teachers, Apogée's students and registrations.
    Personnes,
    /// Both, the offer first.
    Tout,
    /// Nothing is read: local corrections set or ended, kept as a change set like any other.
    Correction,
}

impl Portee {
    /// The spelling stored and typed.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Offre => "offre",
            Self::Personnes => "personnes",
            Self::Tout => "tout",
            Self::Correction => "correction",
        }
    }

    /// As pages write it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Offre => "Offre",
            Self::Personnes => "Personnes",
            Self::Tout => "Offre et personnes",
            Self::Correction => "Correction locale",
        }
    }

    /// The scope stored under that code, those that nobody may ask for included.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Offre, Self::Personnes, Self::Tout, Self::Correction].into_iter().find(|p| p.code() == code)
    }

    /// Whether the offer is within.
    #[must_use]
    pub fn offre(self) -> bool {
        matches!(self, Self::Offre | Self::Tout)
    }

    /// Whether people are within.
    #[must_use]
    pub fn personnes(self) -> bool {
        matches!(self, Self::Personnes | Self::Tout)
    }
}

impl fmt::Display for Portee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Portee {
    type Err = String;

    fn from_str(texte: &str) -> Result<Self, Self::Err> {
        [Self::Offre, Self::Personnes, Self::Tout]
            .into_iter()
            .find(|p| p.code() == texte)
            .ok_or_else(|| format!("« {texte} » ne se collecte pas. Écrivez offre, personnes ou tout."))
    }
}

/// What a collection is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demande {
    /// What.
    pub portee: Portee,
    /// Which year; absent, the current one.
    pub annee: Option<AnneeUniversitaire>,
    /// Compare and show, write nothing.
    pub simulation: bool,
    /// Somebody has seen the fall and wants it applied.
    pub accepter_chute: bool,
}

/// Where a collection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EtatCollecte {
    /// Asked, not begun.
    EnAttente,
    /// Reading, comparing or applying.
    EnCours,
    /// Done.
    Terminee,
    /// Stopped before applying, because too many rows would be closed: somebody must say.
    AConfirmer,
    /// A source failed; nothing was applied, what was read is kept for a next try.
    Interrompue,
    /// Somebody stopped it; nothing was applied.
    Annulee,
}

impl EtatCollecte {
    const ALL: [Self; 6] =
        [Self::EnAttente, Self::EnCours, Self::Terminee, Self::AConfirmer, Self::Interrompue, Self::Annulee];

    /// The spelling stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::EnAttente => "en_attente",
            Self::EnCours => "en_cours",
            Self::Terminee => "terminee",
            Self::AConfirmer => "a_confirmer",
            Self::Interrompue => "interrompue",
            Self::Annulee => "annulee",
        }
    }

    /// As pages write it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::EnAttente => "En attente",
            Self::EnCours => "En cours",
            Self::Terminee => "Terminée",
            Self::AConfirmer => "À confirmer",
            Self::Interrompue => "Interrompue",
            Self::Annulee => "Annulée",
        }
    }

    /// The state of that code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.code() == code)
    }

    /// Whether nothing more will happen to it by itself.
    #[must_use]
    pub fn finale(self) -> bool {
        !matches!(self, Self::EnAttente | Self::EnCours)
    }
}

/// What happened to the rows of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bilan {
    /// New at the source.
    pub ajoutes: u64,
    /// Different.
    pub modifies: u64,
    /// Gone from the source.
    pub fermes: u64,
    /// Back at the source.
    pub rouverts: u64,
    /// Equal: nothing written.
    pub inchanges: u64,
}

/// What a collection did: the object that `--json` prints.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rapport {
    /// Number of the collection.
    pub collecte: i64,
    /// Where it stands.
    pub etat: String,
    /// What was asked.
    pub portee: String,
    /// The year collected.
    pub annee: Option<AnneeUniversitaire>,
    /// Whether nothing was to be written.
    pub simulation: bool,
    /// Rows read at the sources, by kind.
    pub lus: BTreeMap<String, u64>,
    /// Rows added, all kinds but anomalies.
    pub ajoutes: u64,
    /// Rows changed.
    pub modifies: u64,
    /// Rows closed.
    pub fermes: u64,
    /// Rows reopened.
    pub rouverts: u64,
    /// Rows equal.
    pub inchanges: u64,
    /// Anomalies open after it, for this year.
    pub anomalies: u64,
    /// Rows of a source that could not be read.
    pub rejets: u64,
    /// From beginning to end, in milliseconds.
    pub duree_ms: u64,
    /// The same counts by kind.
    pub par_genre: BTreeMap<String, Bilan>,
    /// Rows read but outside the year, by kind.
    pub hors_annee: BTreeMap<String, u64>,
    /// The first rejected rows.
    pub lignes_rejetees: Vec<Rejet>,
    /// Falls that stopped it, or that were accepted.
    pub chutes: Vec<Chute>,
    /// Time of each step, in milliseconds.
    pub etapes_ms: BTreeMap<String, u64>,
    /// What waiting for the sources cost.
    pub attentes: Vec<AttenteSource>,
    /// Sources replaced by their last good copy, and other things the reader should know. French sentences.
    pub avis: Vec<String>,
    /// Sources that failed and whose last good copy was used instead.
    #[serde(default)]
    pub replis: Vec<Outage>,
    /// The failure that interrupted it.
    pub panne: Option<Outage>,
    /// Files read again from an interrupted collection instead of the source.
    pub repris: u64,
    /// What was read and not kept: it has a table of its own, and is not part of what is printed.
    #[serde(skip)]
    pub ecartes: Arc<Vec<Ecarte>>,
}

/// How long a source kept us waiting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttenteSource {
    /// Name of the source.
    pub source: String,
    /// Calls answered.
    pub appels: u64,
    /// Calls made again.
    pub reprises: u64,
    /// Wall-clock time of the reading, in milliseconds.
    pub lecture_ms: u64,
    /// Sum of the waits of all calls, in milliseconds.
    pub attente_ms: u64,
    /// Share of the reading during which the source was working for us, in hundredths.
    pub occupation: u64,
}

/// Rejected rows that a report keeps.
pub const REJETS_GARDES: usize = 200;
