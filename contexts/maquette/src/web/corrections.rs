//! Local corrections: a value put over what a source says, with a reason and an end.

use ::web::{RouteTable, Routes};

use super::Maquette;

/// The routes.
pub(super) fn routes(m: &Maquette) -> RouteTable {
    Routes::with_state(m.clone()).build()
}
