//! Maquette, the backbone: the offer, the people, the year and the accreditation, collected from Apogée (through API's contract),
//! Kofr and Eve.
//!
//! - **To add a kind of row**: describe it in [`domain::genre`], make its table in `store/migrations`, translate it in
//!   [`domain::traduction`]. Comparison, application, change sets and their pages follow.
//! - **To add a check**: a rule in [`domain::anomalie`], its finding in [`domain::controles`] or [`domain::desaccords`].
//! - **To add a page**: a file in `web/` (page struct, handler), its template at the same path, its route and right in [`web::routes`].
//!
//! A collection goes `jobs/` → [`actions::collecter`] → reading (`actions/lire_*`) → [`domain::perimetre`], [`domain::controles`],
//! [`domain::traduction`] → [`domain::diff`] → [`store::objet`], in one transaction.

pub mod actions;
pub mod domain;
pub mod jobs;
pub mod rest;
pub mod store;
pub mod web;

pub use actions::{Collecteur, Outils, Reglages, Sources};
pub use store::MIGRATIONS;
