//! API: the only door to Apogée, and the watch over every link to the outside.
//!
//! - `porte/` opens the door: it implements [`contracts::apogee::PorteApogee`] with the extraction for the structure and the web
//!   services for people, and turns what they say into the contract's words. No other crate sees `apogee`.
//! - the links: `actions/verifier_liens.rs` asks every connector ([`contracts::liens::Verifiable`], those of other contexts
//!   included) to try its links, `domain/lien.rs` decides what that changes, `store/lien.rs` keeps it, and the page `/liens`
//!   and `telemaque liens` read the same rows.
//!
//! To let the others see one more thing of Apogée: a field of the contract, its column in `apogee::extraction::tables` or its
//! operation in `apogee::client`, and one line in `porte/structure.rs` or `porte/dossier.rs`.
//! To watch another system: implement `Verifiable` in the context that owns its connector; `app` hands it to [`Api::new`].

mod actions;
pub mod domain;
mod porte;
pub mod settings;
mod store;
mod web;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use contracts::liens::{CopieTenue, Verifiable};
use db::Db;
use kernel::{Actor, Clock, Source};
use tokio::sync::Mutex;

pub use actions::{ApiFault, etat};
pub use domain::lien::{Etat, Lien};
pub use porte::Porte;
pub use settings::{ReglagesApogee, ReglagesExtraction};
pub use store::MIGRATIONS;

/// The context. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    db: Db,
    clock: Arc<dyn Clock>,
    verifiables: Arc<[Arc<dyn Verifiable>]>,
    copies: Arc<[Arc<dyn CopieTenue>]>,
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
            verification: Arc::new(Mutex::new(())),
        }
    }

    /// The pages: `/liens`.
    #[must_use]
    pub fn routes(&self) -> ::web::RouteTable {
        web::routes(self.clone())
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
