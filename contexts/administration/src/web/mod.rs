//! Administration's pages. One file per family.

mod accueil;
mod comptes;
mod courriels;
mod droits;
mod jetons;
mod journal;
mod manuel;
mod parametres;
mod travaux;

use ::web::RouteTable;
use chrono::{DateTime, Utc};

use crate::Administration;

/// « lundi 13 janvier 2025 à 9 h 00 », Besançon time.
fn le(instant: DateTime<Utc>) -> String {
    kernel::instant_francais(kernel::heure_de_besancon(instant))
}

/// Administration's routes, each with the right it asks.
#[must_use]
pub fn routes(a: Administration) -> RouteTable {
    accueil::routes(&a)
        .merge(comptes::routes(&a))
        .merge(courriels::routes(&a))
        .merge(droits::routes(&a))
        .merge(jetons::routes(&a))
        .merge(journal::routes(&a))
        .merge(manuel::routes(&a))
        .merge(parametres::routes(&a))
        .merge(travaux::routes(&a))
}
