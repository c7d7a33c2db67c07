//! The pages of exams. One file per family.

mod amenagements;
mod caisse;
mod centres;
mod epreuves;
mod etudiant;
mod modalites;
mod pages;
mod paybox;
mod periodes;
mod registre;

use ::web::RouteTable;
use chrono::{DateTime, Utc};

use crate::Iexam;

/// « lundi 13 janvier 2025 à 9 h 00 », Besançon time.
fn le(instant: DateTime<Utc>) -> String {
    kernel::instant_francais(kernel::heure_de_besancon(instant))
}

/// Exams' routes, each with the right it asks.
#[must_use]
pub fn routes(iexam: &Iexam) -> RouteTable {
    RouteTable::default()
        .merge(periodes::routes(iexam))
        .merge(modalites::routes(iexam))
        .merge(centres::routes(iexam))
        .merge(epreuves::routes(iexam))
        .merge(amenagements::routes(iexam))
        .merge(etudiant::routes(iexam))
        .merge(registre::routes(iexam))
        .merge(caisse::routes(iexam))
        .merge(paybox::routes(iexam))
}
