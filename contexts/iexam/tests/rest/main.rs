//! The REST interface of exams as its callers meet it: through the router, with tokens, on both engines.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "a test fails by panicking"
)]

#[path = "../banc/mod.rs"]
mod banc;
mod client;
mod ecritures;
mod idempotence;
mod lectures;
mod monde;
mod reglages;
