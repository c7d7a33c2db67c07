//! Eve: the declaration and payment of teaching hours, authoritative for teachers and their hours.
//!
//! `types` is what travels (the bac à sable writes the same types), `client` reads it whole or says why not:
//! a [`kernel::Outage`] is never an empty list.
//!
//! A university whose Eve differs changes this crate alone: the fields in `types`, the paths in `client`.

mod champs;
mod client;
#[path = "../../rest/mod.rs"]
mod rest;
mod types;

pub use client::Client;
pub use rest::{Demande, Lecture, Marque, Reglages, VerificationLien};
pub use types::{Corps, Decharge, Enseignant, EtatService, NatureService, Service, TypeHeures};
