//! Parameters of every context.

use ::web::{RouteTable, Routes};

use crate::Administration;

/// The routes.
pub(super) fn routes(a: &Administration) -> RouteTable {
    Routes::with_state(a.clone()).build()
}
