//! The REST interface as its consumers meet it: through the router, with tokens, on both engines.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

#[path = "../banc/mod.rs"]
#[expect(dead_code, reason = "shared with the tests of collections")]
mod banc;
mod client;
mod document;
mod fil;
mod offre;
mod personnes;
mod versions;
