//! The student's own verbs: a draft that is kept, a confirmation that happens once, a change that is asked.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "what a test stands on fails as the test does"
)]

#[path = "../banc/mod.rs"]
mod banc;
mod brouillon;
mod courses;
mod decor;
mod suites;
mod sujets;
mod validation;
