//! What a context lets the others see. One file per context: a small trait, the types it speaks in, its events.
//!
//! A contract knows the kernel and nothing else. Contexts name each other's things by business key (code, version, year),
//! never by a row's number.

pub mod apogee;
pub mod fraicheur;
pub mod liens;
pub mod maquette;
pub mod parametres;
pub mod veille;
pub mod verbes;
