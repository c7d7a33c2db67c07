//! One verb, one file, one transaction.

pub mod collecter;
pub mod comparer;
pub mod demander;
mod fault;
mod lire_kofr;
mod lire_offre;
mod lire_personnes;
pub mod verifier;

use std::sync::Arc;

use contracts::apogee::PorteApogee;
use db::Db;
use kernel::Clock;

pub use collecter::Collecteur;
pub use fault::CollecteFault;

use crate::domain::controles::Usages;

/// Where a collection reads.
#[derive(Clone)]
pub struct Sources {
    /// API's door to Apogée.
    pub apogee: Arc<dyn PorteApogee>,
    /// Kofr.
    pub kofr: kofr::Client,
    /// Eve.
    pub eve: eve::Client,
}

impl std::fmt::Debug for Sources {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sources").field("kofr", &self.kofr).field("eve", &self.eve).finish_non_exhaustive()
    }
}

/// What a university sets for itself.
#[derive(Clone, Debug)]
pub struct Reglages {
    /// Share of the rows of a kind, in hundredths, that may be closed without asking somebody.
    pub seuil_chute: u8,
    /// How long what an interrupted collection has read may serve another, in hours.
    pub reprise_heures: i64,
    /// Étapes asked to Kofr, or lists of students to Apogée, at once.
    pub simultanees: usize,
    /// Local natures.
    pub usages: Usages,
}

impl Default for Reglages {
    fn default() -> Self {
        Self { seuil_chute: 10, reprise_heures: 12, simultanees: 4, usages: Usages::default() }
    }
}

/// What every action is given.
#[derive(Clone, Debug)]
pub struct Outils {
    /// The database.
    pub db: Db,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// What a university sets.
    pub reglages: Reglages,
}
