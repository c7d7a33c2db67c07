//! The REST conventions that Kofr and Eve share (ours, EXTRACTION.md): bearer token, numbered pages, `modifie_depuis`,
//! ETag and 304, `application/problem+json`, decimals as strings.
//!
//! This folder is compiled into each of the two connectors rather than being a crate: a connector depends on the
//! kernel alone, so that a university can replace one of them without the other noticing.
//!
//! - `reglages` is what a site sets; `echange` is one question and its answer, with retries; `echec` words what goes wrong;
//! - `pages` reads a whole list or fails; `nombre` is how numbers travel; `lien` is a checked endpoint.

pub mod echange;
mod echec;
mod html;
mod lien;
pub mod nombre;
mod pages;
mod reglages;

pub use echange::Echange;
pub use lien::{VerificationLien, mesurer};
pub use pages::{Demande, Lecture, Marque, Ressource};
pub use reglages::Reglages;
