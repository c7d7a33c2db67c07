//! Administration: what the IT service sees of the suite as a whole, whichever context it comes from: parameters, accounts, tokens,
//! journal, jobs, who may open what; and the handbook that everyone reads.
//!
//! - **To add a page**: a file in `web/`, its template at the same path, its route and right in that file's `routes()`.
//! - **To add a parameter**: in the context that owns it, which implements the contract that `app` hands over.

pub mod web;

use std::sync::Arc;

use db::Db;
use kernel::Clock;

/// What every page of Administration needs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Administration {
    /// The database.
    pub db: Db,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// Accounts, sessions, tokens.
    pub web: ::web::Web,
    /// Jobs.
    pub queue: jobs::Queue,
}
