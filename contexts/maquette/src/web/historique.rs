//! What happened to an object: who, when, old and new.

use ::web::{RouteTable, Routes};

use super::Maquette;

/// The routes.
pub(super) fn routes(m: &Maquette) -> RouteTable {
    Routes::with_state(m.clone()).build()
}
