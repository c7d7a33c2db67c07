//! The tests of the maquette, in one program: each file is linked once with all that it stands on.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "what a test stands on fails as the test does"
)]

mod absence;
mod annulation;
mod anomalies;
mod banc;
mod collecter;
mod controles;
mod corrections;
mod importer;
mod offrir;
mod pages;
mod parametrer;
mod rest;
mod tenus;
