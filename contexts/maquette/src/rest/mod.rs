//! The same verbs as JSON, under `/api/v1/`.

use ::web::{RouteTable, Routes};

use crate::web::Maquette;

/// The routes, each with the scope it asks.
#[must_use]
pub fn routes(m: Maquette) -> RouteTable {
    Routes::with_state(m).build()
}
