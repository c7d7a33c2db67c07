//! The pages of API.

mod fraicheur;
mod liens;

use kernel::Right;
use web::{RouteTable, Routes};

use crate::Api;

pub(crate) fn routes(api: Api) -> RouteTable {
    Routes::with_state(api)
        .get("/fraicheur", Right::MaquetteLire, fraicheur::liste)
        .get("/liens", Right::LiensVoir, liens::liste)
        .post("/liens/verifier", Right::LiensVoir, liens::verifier)
        .build()
}
