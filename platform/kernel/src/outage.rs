use std::fmt;

use serde::{Deserialize, Serialize};

/// An outside system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Apogée's SOAP web services: people and registrations.
    Apogee,
    /// The nightly extraction of Apogée's tables: structure of the offer.
    Extraction,
    /// Kofr: hours, ECTS, texts.
    Kofr,
    /// Eve: teachers.
    Eve,
}

impl Source {
    /// Every source, in the order pages show them.
    pub const ALL: [Self; 4] = [Self::Extraction, Self::Apogee, Self::Kofr, Self::Eve];

    /// The spelling stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Apogee => "apogee",
            Self::Extraction => "extraction",
            Self::Kofr => "kofr",
            Self::Eve => "eve",
        }
    }

    /// As pages write it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Apogee => "Apogée (services web)",
            Self::Extraction => "Apogée (extraction)",
            Self::Kofr => "Kofr",
            Self::Eve => "Eve",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.libelle())
    }
}

/// Why a source could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutageKind {
    /// Nobody at that address, or the connection was refused.
    Injoignable,
    /// No answer within the delay.
    Delai,
    /// The connection was closed before the answer was whole.
    Tronquee,
    /// An answer that is not the contract: HTML, a wrong document.
    Illisible,
    /// Credentials refused.
    Refus,
    /// The source says that it is out of order (`technical.data.transaction.connexion`, HTTP 5xx).
    EnPanne,
    /// The source says that we asked wrongly: a defect of ours, or of a setting.
    Demande,
    /// A set of files that contradicts its own manifest, or a malformed line.
    Incoherente,
}

impl OutageKind {
    /// Whether asking again may succeed.
    #[must_use]
    pub fn is_transient(self) -> bool {
        matches!(self, Self::Injoignable | Self::Delai | Self::Tronquee | Self::EnPanne)
    }
}

/// A source that did not give what was asked. Never an empty list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{source_name} : {detail} {remede}", source_name = .source_.libelle())]
pub struct Outage {
    /// Which system.
    #[serde(rename = "source")]
    pub source_: Source,
    /// Which part of it: an operation, an endpoint, a table.
    pub quoi: String,
    /// What kind of failure.
    pub kind: OutageKind,
    /// What was seen, as a French sentence with its full stop and without personal data.
    pub detail: String,
    /// What to do, as a French sentence with its full stop.
    pub remede: String,
}
