//! « Pourquoi absent ? »: the path of a code or a number from its source to the screen.

use ::web::{RouteTable, Routes};

use super::Maquette;

/// The routes.
pub(super) fn routes(m: &Maquette) -> RouteTable {
    Routes::with_state(m.clone()).build()
}
