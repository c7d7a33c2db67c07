//! Kofr: the design of programmes, authoritative for hours, ECTS, groups and teaching texts.
//!
//! `types` is what travels (the bac à sable writes the same types), `client` reads it whole or says why not:
//! a [`kernel::Outage`] is never an empty list.
//!
//! A university whose Kofr differs changes this crate alone: the fields in `types`, the paths in `client`.

mod client;
mod document;
#[path = "../../rest/mod.rs"]
mod rest;
mod types;

pub use client::Client;
pub use rest::{Demande, Lecture, Marque, Reglages, VerificationLien};
pub use types::{
    Bloc, Element, Etape, EtapeDetaillee, Formation, Groupes, Heures, Maquette, Mccc, Responsable, TypeBloc,
};
