//! Links to outside systems: who can verify one, and what a verification says.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use kernel::{Outage, Source};

/// What asking one link gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// The operation, endpoint or table.
    pub lien: String,
    /// Time to the whole answer, in milliseconds.
    pub latence_ms: u64,
    /// What it saw (« 2 maquettes »), or what is wrong and what to do.
    pub resultat: Result<String, Outage>,
}

/// A connector that can try each of its links.
#[async_trait]
pub trait Verifiable: Send + Sync {
    /// The system.
    fn source(&self) -> Source;
    /// Tries every link, one after the other or a few at a time, and reports each.
    async fn verifier(&self) -> Vec<Verification>;
}

/// What was last known of a source, for pages that use its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EtatSource {
    /// The system.
    pub source: Source,
    /// Whether every link of it answered; absent while none was ever tried.
    pub en_marche: Option<bool>,
    /// Since when it is in this state.
    pub depuis: Option<DateTime<Utc>>,
    /// What is wrong, as a French sentence.
    pub detail: Option<String>,
    /// What to do, as a French sentence.
    pub remede: Option<String>,
    /// When its links were last tried.
    pub verifie_le: Option<DateTime<Utc>>,
}

/// Who knows the state of the sources: API, from its last verifications and from what collections met.
#[async_trait]
pub trait EtatDesSources: Send + Sync {
    /// The state of each source, in the order of [`Source::ALL`].
    async fn etats(&self) -> Vec<EtatSource>;

    /// Takes note that a source failed, or answered, outside of a verification.
    async fn constater(&self, source: Source, panne: Option<&Outage>);
}

/// Who keeps something read at a source, and so knows how old it is.
#[async_trait]
pub trait CopieTenue: Send + Sync {
    /// When what is held of `source` was last read whole; absent when nothing is, or when this is not known here.
    async fn obtenue_le(&self, source: Source) -> Option<DateTime<Utc>>;
}
