//! Nouns and rules of Administration: no database, no HTTP.

pub mod droit;
pub mod manuel;
pub mod trace;
