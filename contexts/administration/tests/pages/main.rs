//! Administration's pages, through the whole stack, as a browser meets them.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod banc;
mod courriels;
mod journal;
mod manuel;
mod parametres;
mod travaux;
