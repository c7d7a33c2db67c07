use std::fmt;

use chrono::{DateTime, Utc};
use kernel::Actor;
use serde::{Deserialize, Serialize};

/// Number of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobId(pub i64);

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Etat {
    /// Nobody runs it yet.
    EnAttente,
    /// A worker runs it, or died running it.
    EnCours,
    /// Done; `resultat` says what it gave.
    Termine,
    /// Failed; `erreur` says why.
    Echoue,
    /// Stopped on request.
    Annule,
}

impl Etat {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::EnAttente, Self::EnCours, Self::Termine, Self::Echoue, Self::Annule];

    /// The spelling stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::EnAttente => "en_attente",
            Self::EnCours => "en_cours",
            Self::Termine => "termine",
            Self::Echoue => "echoue",
            Self::Annule => "annule",
        }
    }

    /// As pages write it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::EnAttente => "En attente",
            Self::EnCours => "En cours",
            Self::Termine => "Terminé",
            Self::Echoue => "Échoué",
            Self::Annule => "Annulé",
        }
    }

    /// Whether nothing more will happen to the job.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Termine | Self::Echoue | Self::Annule)
    }
}

/// How far a job is: what it does now, and how much of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Avancement {
    /// The present step, as a reader sees it: « Lecture des éléments ».
    pub texte: String,
    /// Units done in this step.
    pub fait: u64,
    /// Units of this step; 0 when nobody knows.
    pub total: u64,
}

/// A job to be done.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Kind, as its handler names it: `maquette.collecte`.
    pub nature: String,
    /// What the handler needs to know.
    pub charge: serde_json::Value,
    /// Jobs of one verrou never run at once; the later waits.
    pub verrou: Option<String>,
    /// Who asked.
    pub acteur: Actor,
}

/// A job, as the table and this process's memory know it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Job {
    /// Number.
    pub id: JobId,
    /// Kind.
    pub nature: String,
    /// Payload.
    pub charge: serde_json::Value,
    /// Lock name.
    pub verrou: Option<String>,
    /// State.
    pub etat: Etat,
    /// Who asked.
    pub acteur: Actor,
    /// When it was asked.
    pub cree_le: DateTime<Utc>,
    /// When its present or last run began.
    pub demarre_le: Option<DateTime<Utc>>,
    /// When it ended.
    pub fini_le: Option<DateTime<Utc>>,
    /// Last sign of life of whoever runs it.
    pub battement_le: Option<DateTime<Utc>>,
    /// Who runs it: `host:pid:start`.
    #[serde(skip)]
    pub proprietaire: Option<String>,
    /// Runs begun.
    pub tentatives: i64,
    /// How far it is.
    pub avancement: Avancement,
    /// Whether somebody asked it to stop.
    pub annulation_demandee: bool,
    /// What it gave.
    pub resultat: Option<serde_json::Value>,
    /// Why it failed, as a French sentence.
    pub erreur: Option<String>,
}

/// How much work there is, for the health page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// Jobs that run.
    pub en_cours: u64,
    /// Jobs that wait.
    pub en_attente: u64,
}
