//! Paybox: the payment page of a bank, its notifications, and the orders that make them go wrong.
//!
//! | path | what it does |
//! |---|---|
//! | `POST /paybox/cgi/MYchoix_pagepaiement.cgi` | checks the request, shows the payment page |
//! | `POST /paybox/paiement/{numero}` | `choix`: payer, refuser, abandonner; notifies, then sends the browser back |
//! | `GET /paybox/cle_publique.pem` | the key that notifications are checked with |
//!
//! Orders, under the guard of the control page, as JSON:
//!
//! | order | fields | what it does |
//! |---|---|---|
//! | `GET etat` | – | mode, payments, what was sent and what the suite answered |
//! | `mode` | `mode`: normale, differee, absente, double, falsifiee, montant; `centimes` for montant | how the next notifications leave |
//! | `envoyer` | – | sends the notifications that were held back |
//! | `rejouer` | `reference` | sends the last notification again, the very same |
//! | `falsifier` | `reference` | says the payment accepted, under a wrong signature |
//! | `montant` | `reference`, `centimes` | says it accepted for another amount, rightly signed |
//! | `double` | `reference` | sends the last notification twice at once |
//! | `effacer` | – | forgets everything, mode `normale` |
//!
//! Without `reference`, the last payment page that was opened.

mod envoi;
mod ordre;
mod page;
mod signature;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::routing::{get, post};
use serde::Serialize;

pub use envoi::Envoi;
pub use signature::{CLE_HMAC, CLE_PUBLIQUE, IDENTIFIANT, RANG, SITE};

/// Path of the payment page in the sandbox.
pub const PAGE: &str = "/paybox/cgi/MYchoix_pagepaiement.cgi";

/// How notifications leave when a payment ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Before the browser goes back.
    #[default]
    Normale,
    /// When asked to.
    Differee,
    /// Never.
    Absente,
    /// Twice at once.
    Double,
    /// Under a wrong signature.
    Falsifiee,
    /// For another amount, rightly signed.
    Montant(i64),
}

/// A request whose page was opened.
#[derive(Clone, Debug)]
struct Paiement {
    numero: usize,
    champs: Vec<(String, String)>,
    /// The code that it ended with.
    erreur: Option<String>,
    /// The address asked last, query included.
    derniere: Option<String>,
}

impl Paiement {
    fn champ(&self, nom: &str) -> &str {
        self.champs.iter().find(|(n, _)| n == nom).map_or("", |(_, valeur)| valeur)
    }

    fn centimes(&self) -> i64 {
        self.champ("PBX_TOTAL").parse().unwrap_or_default()
    }
}

#[derive(Debug, Default)]
struct Etat {
    mode: Mode,
    paiements: Vec<Paiement>,
    /// Notifications held back: payment and address.
    retenues: Vec<(usize, String)>,
    envois: Vec<Envoi>,
}

/// The bank, shared by its page and its orders.
#[derive(Clone, Debug)]
pub struct Paybox {
    etat: Arc<Mutex<Etat>>,
    http: Option<reqwest::Client>,
}

impl Default for Paybox {
    fn default() -> Self {
        Self { etat: Arc::default(), http: envoi::client() }
    }
}

impl Paybox {
    fn etat(&self) -> MutexGuard<'_, Etat> {
        self.etat.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the buyer and the suite meet.
    pub fn router(&self) -> Router {
        Router::new()
            .route(PAGE, post(page::demander))
            .route("/paybox/paiement/{numero}", post(page::choisir))
            .route("/paybox/cle_publique.pem", get(page::cle))
            .with_state(self.clone())
    }

    /// The orders, for the control page to guard.
    pub fn controle(&self) -> Router {
        Router::new()
            .route("/controle/api/paybox/etat", get(ordre::etat))
            .route("/controle/api/paybox/{ordre}", post(ordre::ordonner))
            .with_state(self.clone())
    }
}
