//! Apogée: its web services and the extraction of its tables.

pub mod client;
pub mod extraction;
mod http;
mod reprise;
pub mod wire;

pub use reprise::Reprise;
