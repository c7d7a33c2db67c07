//! How old each data set is: whoever keeps one says so, and one page shows them all.

use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use kernel::Source;

/// A data set that somebody keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JeuTenu {
    /// Short stable name: `offre`, `etudiants`.
    pub code: String,
    /// As pages write it.
    pub libelle: String,
    /// Where it comes from.
    pub source: Source,
    /// How many things of it are kept, and what they are: « 3 000 éléments ».
    pub lignes: u64,
    /// When the most recent of it was read at the source; absent while nothing was.
    pub obtenu_le: Option<DateTime<Utc>>,
    /// When the oldest part of it was read, when its parts have ages of their own.
    pub plus_ancien: Option<DateTime<Utc>>,
    /// When it was last tried to read it.
    pub essai_le: Option<DateTime<Utc>>,
    /// Why the last try failed, as a French sentence; absent when it did not.
    pub echec: Option<String>,
    /// The age beyond which it deserves a look.
    pub attendue: Duration,
}

/// Who keeps data sets.
#[async_trait]
pub trait JeuxTenus: Send + Sync {
    /// Each of them, as it stands now. What cannot be known is left out, never invented.
    async fn jeux(&self) -> Vec<JeuTenu>;
}
