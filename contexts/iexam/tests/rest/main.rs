//! The REST interface of exams as its callers meet it: through the router, with tokens, on both engines.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "a test fails by panicking"
)]

mod amenagements;
#[path = "../banc/mod.rs"]
mod banc;
mod caisse;
mod client;
mod demandes;
mod droits;
mod ecritures;
mod horloge;
mod idempotence;
mod lectures;
mod lot;
mod monde;
mod reglages;
