//! Administration's pages. One file per family.

mod comptes;
mod jetons;
mod journal;
mod manuel;
mod parametres;
mod travaux;

use ::web::RouteTable;

use crate::Administration;

/// Administration's routes, each with the right it asks.
#[must_use]
pub fn routes(a: Administration) -> RouteTable {
    comptes::routes(&a)
        .merge(jetons::routes(&a))
        .merge(journal::routes(&a))
        .merge(manuel::routes(&a))
        .merge(parametres::routes(&a))
        .merge(travaux::routes(&a))
}
