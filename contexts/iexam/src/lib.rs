//! Iexam: exams, from the period that is opened to the registration that is paid.
//!
//! - **To change what is owed**: [`domain::decompte`]. Whatever moves an account (a choice, a duration, an arrangement) ends, in its own
//!   transaction, on [`actions::recompter`], which writes the difference in the ledger and moves the state.
//! - **To change the path of a registration**: [`domain::inscription::EtatInscription`]; of a period: [`domain::periode`].
//! - **To add a verb**: a file in `actions/`, its fault with its French sentences, its page in `web/`, its address in `rest/`.
//! - **To add a page**: a file in `web/` (page struct, handler, `routes()`), its template at the same path, its section in `docs/manuel`.
//!
//! The offer and the people are asked of [`contracts::maquette::Offre`]; nothing here knows Maquette's tables.

pub mod actions;
pub mod domain;
pub mod paper;
pub mod rest;
pub mod store;
pub mod web;

use std::sync::Arc;

use contracts::maquette::Offre;
use db::Db;
use kernel::Clock;

pub use ::paper::Etablissement;
pub use store::MIGRATIONS;

/// What every action and page of exams is given. Cheap to clone.
#[derive(Clone)]
pub struct Iexam {
    /// The database.
    pub db: Db,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// The offer and the people.
    pub offre: Arc<dyn Offre>,
    /// The shop of online payment; none when the service has none.
    pub paybox: Option<Arc<paybox::Boutique>>,
    /// Where the suite is reached from outside, without a final slash: `https://telemaque.exemple.fr`.
    pub publique: Arc<str>,
    /// The block at the head of documents.
    pub etablissement: Etablissement,
}

impl std::fmt::Debug for Iexam {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Iexam").finish_non_exhaustive()
    }
}
