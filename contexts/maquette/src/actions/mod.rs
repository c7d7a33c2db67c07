//! One verb, one file, one transaction.

pub mod absence;
pub mod absence_demander;
pub mod annuler;
mod annuler_constat;
mod annuler_faute;
pub mod arbitrer;
mod arbitrer_fault;
pub mod collecter;
pub mod comparer;
pub mod corriger;
mod corriger_collecte;
mod corriger_fault;
mod corriger_jeu;
pub mod demander;
mod fault;
pub mod importer;
mod importer_constat;
mod importer_fault;
pub mod importer_lire;
mod lire_kofr;
mod lire_offre;
mod lire_personnes;
pub mod offrir;
pub mod parametrer;
pub mod tenus;
pub mod veiller;
pub mod verifier;

use std::sync::Arc;

use contracts::apogee::PorteApogee;
use db::Db;
use kernel::Clock;
use serde::{Deserialize, Serialize};

pub use arbitrer_fault::ArbitrageFault;
pub use collecter::Collecteur;
pub use corriger_fault::CorrectionFault;
pub use fault::CollecteFault;
pub use importer_fault::ImportFault;

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

/// What a university sets for itself: section `[maquette]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reglages {
    /// Part des lignes d'un genre, en pour cent, qui peut se fermer sans demander à personne.
    pub seuil_chute: u8,
    /// Durée pendant laquelle ce qu'une collecte interrompue a lu peut servir à la suivante, en heures.
    pub reprise_heures: i64,
    /// Étapes demandées à Kofr, ou listes d'inscrits à Apogée, à la fois.
    pub simultanees: usize,
    /// Natures d'éléments qui sont des semestres, à 30 ECTS.
    pub natures_semestre: Vec<String>,
    /// Durée la plus longue d'une correction locale, en jours.
    pub correction_max_jours: i64,
}

impl Default for Reglages {
    fn default() -> Self {
        Self {
            seuil_chute: 10,
            reprise_heures: 12,
            simultanees: 4,
            natures_semestre: Usages::default().natures_semestre,
            correction_max_jours: 366,
        }
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
