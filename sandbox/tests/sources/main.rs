//! The sandbox as the suite meets it: through the real connectors, over HTTP.

#![expect(clippy::unwrap_used, reason = "what a test prepares may fail the test")]

mod bac;
mod catalogue;
mod controle;
mod extraction;
mod pannes;
mod paybox;
mod rest;
