//! API: the only door to Apogée, and the watch over every link to the outside.
//!
//! - `porte/` opens the door: it implements [`contracts::apogee::PorteApogee`] with the extraction for the structure and the web
//!   services for people, and turns what they say into the contract's words. No other crate sees `apogee`.
//! - the links: `actions/verifier_liens.rs` asks every connector ([`contracts::liens::Verifiable`], those of other contexts
//!   included) to try its links, `domain/lien.rs` decides what that changes, `store/lien.rs` keeps it, and the page `/liens`
//!   and `telemaque liens` read the same rows.
//!
//! - single questions (`lecteur.rs`, `rest/`): one student, one list, answered through `actions/lire.rs`, which remembers what
//!   Apogée said and serves the last good copy, stamped with its age, while it does not answer; `/fraicheur` shows how old all is.
//!
//! To let the others see one more thing of Apogée: a field of the contract, its column in `apogee::extraction::tables` or its
//! operation in `apogee::client`, and one line in `porte/structure.rs` or `porte/dossier.rs`.
//! To watch another system: implement `Verifiable` in the context that owns its connector; `app` hands it to [`Api::new`].

mod actions;
pub mod domain;
mod lecteur;
mod porte;
pub mod rest;
pub mod settings;
mod store;
mod web;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use contracts::apogee::DossiersTenus;
use contracts::fraicheur::JeuxTenus;
use contracts::liens::{CopieTenue, Verifiable};
use db::Db;
use kernel::{Actor, Clock, Source};
use tokio::sync::Mutex;

use actions::lire::Memoire;
use lecteur::Lecteur;

pub use actions::lire::Compteurs;
pub use actions::{ApiFault, etat};
pub use domain::lien::{Etat, Lien};
pub use porte::Porte;
pub use settings::{ReglagesApogee, ReglagesCache, ReglagesExtraction};
pub use store::MIGRATIONS;

/// The context. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    db: Db,
    clock: Arc<dyn Clock>,
    verifiables: Arc<[Arc<dyn Verifiable>]>,
    copies: Arc<[Arc<dyn CopieTenue>]>,
    jeux_tenus: Arc<[Arc<dyn JeuxTenus>]>,
    lecteur: Option<Lecteur>,
    /// Held while the links are being tried: one verification at a time.
    verification: Arc<Mutex<()>>,
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sources: Vec<_> = self.verifiables.iter().map(|v| v.source()).collect();
        f.debug_struct("Api").field("sources", &sources).finish_non_exhaustive()
    }
}

impl Api {
    /// The context over these links, in the order in which pages show them. `copies` are asked one after the other for the
    /// age of a source's copy.
    #[must_use]
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        verifiables: Vec<Arc<dyn Verifiable>>,
        copies: Vec<Arc<dyn CopieTenue>>,
    ) -> Self {
        Self {
            db,
            clock,
            verifiables: verifiables.into(),
            copies: copies.into(),
            jeux_tenus: Arc::default(),
            lecteur: None,
            verification: Arc::new(Mutex::new(())),
        }
    }

    /// With the door, so that single questions can be asked; `tenus` keeps files for the day when it is closed.
    #[must_use]
    pub fn avec_porte(
        mut self,
        porte: Porte,
        reglages: ReglagesCache,
        tenus: Option<Arc<dyn DossiersTenus>>,
    ) -> Self {
        let memoire = Memoire::new(self.db.clone(), Arc::clone(&self.clock), reglages);
        self.lecteur = Some(Lecteur { porte, memoire, tenus });
        self
    }

    /// With the data sets that other contexts keep, for the page of freshness.
    #[must_use]
    pub fn avec_jeux(mut self, jeux: Vec<Arc<dyn JeuxTenus>>) -> Self {
        self.jeux_tenus = jeux.into();
        self
    }

    /// The pages: `/liens`, `/fraicheur`; and the REST interface.
    #[must_use]
    pub fn routes(&self) -> ::web::RouteTable {
        web::routes(self.clone()).merge(rest::routes(self.clone()))
    }

    /// How the questions to Apogée were answered since the process started.
    #[must_use]
    pub fn compteurs(&self) -> Compteurs {
        self.lecteur.as_ref().map(|l| l.memoire.compteurs()).unwrap_or_default()
    }

    /// Forgets the copies about people that have been kept as long as they may be. Returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn purger(&self) -> Result<u64, ApiFault> {
        match &self.lecteur {
            Some(lecteur) => Ok(lecteur.memoire.purger().await?),
            None => Ok(0),
        }
    }

    /// Every link as last seen, in the order of the sources and of their reports.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn liens(&self) -> Result<Vec<Lien>, ApiFault> {
        Ok(self.db.read(|c| async move { store::lien_list(&c).await }).await?)
    }

    /// Tries every link now, keeps what was seen, and gives every link as it now is.
    ///
    /// # Errors
    /// [`ApiFault::VerificationEnCours`] when they are being tried already; when the database does not answer.
    pub async fn verifier_liens(&self, acteur: &Actor) -> Result<Vec<Lien>, ApiFault> {
        let _seul = self.verification.try_lock().map_err(|_| ApiFault::VerificationEnCours)?;
        actions::verifier_liens(self.clone(), acteur.clone()).await?;
        self.liens().await
    }

    /// Whether the links are being tried at this moment, by this process.
    #[must_use]
    pub fn verification_en_cours(&self) -> bool {
        self.verification.try_lock().is_err()
    }

    /// When what is held of `source` was last read whole.
    pub async fn copie_obtenue_le(&self, source: Source) -> Option<DateTime<Utc>> {
        for copie in self.copies.iter() {
            if let Some(instant) = copie.obtenue_le(source).await {
                return Some(instant);
            }
        }
        None
    }
}
