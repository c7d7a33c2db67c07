//! Maquette, the backbone.
pub mod actions;
pub mod domain;
pub mod jobs;
pub mod store;
pub use store::MIGRATIONS;
