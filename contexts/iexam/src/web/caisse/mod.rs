//! Money of all registrations: rows and their export, days to close, cheques, payments online.

mod cheques;
mod clotures;
mod en_ligne;
mod liste;

use ::web::components::{Tab, Tabs};
use ::web::{RouteTable, Routes};
use kernel::Right;

use crate::Iexam;

/// Routes of the till.
pub(super) fn routes(iexam: &Iexam) -> RouteTable {
    let (lire, tenir) = (Right::ExamensLire, Right::PaiementsTenir);
    Routes::with_state(iexam.clone())
        .get("/iexam/paiements", lire, liste::liste)
        .get("/iexam/paiements/clotures", lire, clotures::clotures)
        .post("/iexam/paiements/clotures", tenir, clotures::clore)
        .get("/iexam/paiements/cheques", lire, cheques::cheques)
        .get("/iexam/paiements/en-ligne", lire, en_ligne::paiements)
        .get("/iexam/paiements/notifications", lire, en_ligne::notifications)
        .build()
}

/// The pages of money, side by side.
fn onglets(presente: &str) -> Tabs {
    let onglet = |titre: &str, vers: &str| Tab::new(titre, vers).current(vers == presente);
    Tabs::new(
        "Pages des paiements",
        [
            onglet("Écritures", "/iexam/paiements"),
            onglet("Journées", "/iexam/paiements/clotures"),
            onglet("En ligne", "/iexam/paiements/en-ligne"),
            onglet("Notifications", "/iexam/paiements/notifications"),
        ],
    )
}
