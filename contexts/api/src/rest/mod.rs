//! Apogée through its only door, as JSON under `/api/v1/apogee/`; and how old each data set is.
//!
//! Every answer says where it comes from and when the source gave it: `{"origine", "obtenu_le", "panne", "donnees"}`. `Cache-Control:
//! no-cache` in a question asks the source itself, unless it was found down a moment ago.

mod etudiants;
mod fraicheur;
mod references;
mod reponse;

use kernel::{Right, Scope};
use utoipa::OpenApi;
use web::{RouteTable, Routes};

use crate::Api;

/// The routes, each with the scope it asks.
pub(crate) fn routes(api: Api) -> RouteTable {
    let apogee = Right::Api(Scope::ApogeeLire);
    Routes::with_state(api)
        .get("/api/v1/apogee/etudiants/{numero}", apogee, etudiants::dossier)
        .get("/api/v1/apogee/etudiants/{numero}/annees", apogee, etudiants::annees)
        .get("/api/v1/apogee/etapes/{code}/{version}/inscrits", apogee, etudiants::inscrits)
        .get("/api/v1/apogee/composantes", apogee, references::composantes)
        .get("/api/v1/apogee/regimes", apogee, references::regimes)
        .get("/api/v1/apogee/signataires", apogee, references::signataires)
        .get("/api/v1/apogee/periodes-examen", apogee, references::periodes)
        .get("/api/v1/fraicheur", Right::Api(Scope::CollectesLire), fraicheur::fraicheur)
        .build()
}

#[derive(OpenApi)]
#[openapi(paths(
    etudiants::dossier,
    etudiants::annees,
    etudiants::inscrits,
    references::composantes,
    references::regimes,
    references::signataires,
    references::periodes,
    fraicheur::fraicheur
))]
struct Document;

/// The part of the OpenAPI document that is API's.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
