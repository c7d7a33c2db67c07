//! Diplomas and their versions.

use ::web::{RouteTable, Routes};

use super::Maquette;

/// The routes.
pub(super) fn routes(m: &Maquette) -> RouteTable {
    Routes::with_state(m.clone()).build()
}
