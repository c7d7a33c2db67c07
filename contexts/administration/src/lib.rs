//! Administration: what the IT service sees of the suite as a whole, whichever context it comes from: parameters, accounts, tokens,
//! journal, jobs, who may open what; and the handbook that everyone reads.
//!
//! - **To add a page**: a file in `web/`, its template at the same path, its route and right in that file's `routes()`, its section in
//!   `docs/manuel` and in [`domain::manuel::SECTIONS`].
//! - **To add a parameter**: in the context that owns it, which implements [`contracts::parametres::Parametres`]; one of the
//!   installation is described in `app`, and kept here ([`actions::regler`]).
//! - **To signal something on the home page**: implement [`contracts::veille::Veille`]; `app` hands it over.
//! - **To name a verb or an object of the journal**: [`domain::trace`].

pub mod actions;
pub mod domain;
pub mod store;
pub mod web;

use std::sync::{Arc, OnceLock};

use contracts::liens::EtatDesSources;
use contracts::parametres::Parametres;
use contracts::veille::Veille;
use db::Db;
use kernel::Clock;

pub use domain::manuel::aide;
pub use store::MIGRATIONS;

/// Work that comes back by itself.
#[derive(Clone, Debug)]
pub struct Planifie {
    /// What is done.
    pub libelle: &'static str,
    /// How often, in words: « toutes les 5 minutes ».
    pub rythme: String,
    /// Where its result is seen, and what that page is called.
    pub lien: Option<(&'static str, &'static str)>,
}

/// What every page of Administration needs. Cheap to clone.
#[derive(Clone)]
pub struct Administration {
    /// The database.
    pub db: Db,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// Accounts, sessions, tokens.
    pub web: ::web::Web,
    /// Jobs.
    pub queue: jobs::Queue,
    /// Outgoing mail.
    pub facteur: mail::Facteur,
    /// What is known of the sources.
    pub sources: Arc<dyn EtatDesSources>,
    /// The parameters of every context, in the order shown.
    pub parametres: Vec<Arc<dyn Parametres>>,
    /// What contexts signal on the home page.
    pub veilles: Vec<Arc<dyn Veille>>,
    /// What the suite does by itself.
    pub planification: Vec<Planifie>,
    /// Every declared route, once `app` has put them all in one table.
    pub routes: Arc<OnceLock<Vec<::web::Declared>>>,
}

impl std::fmt::Debug for Administration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Administration").field("planification", &self.planification).finish_non_exhaustive()
    }
}
