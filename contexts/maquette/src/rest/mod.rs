//! The same verbs as JSON, under `/api/v1/`: what is held, with its age, for the other applications.
//!
//! - **To add an address**: a file here with its JSON types (documented in French, as consumers read them), its query in a `store/*_lu.rs`,
//!   its handler with `#[utoipa::path]`, its route in [`routes`] and its name in [`openapi`].
//! - Every answer about a year begins with its [`provenance::Provenance`]: year, maquette, source, and when what is said was last
//!   confirmed by a collection. That instant is no part of the ETag: data that did not change answer 304, and the header
//!   `obtenu-le` of every answer, 304 included, says when they were last confirmed.
//! - What a token may not read is absent from the answer, never null: see [`etudiants`].
//! - What was read before is kept with the generation it was read at (see [`crate::store::generation`]): a version, a total, a tree.
//!   Never served stale in the process that writes; within 250 ms of the writes of another.

mod anomalies;
mod arbre;
mod arbres;
mod changements;
mod collectes;
mod demande;
mod diplomes;
mod elements;
mod enseignants;
mod etapes;
mod etudiants;
mod lecteur;
mod nombre;
mod oubli;
mod provenance;

use ::web::{RouteTable, Routes};
use kernel::{Right, Scope};
use utoipa::OpenApi;

use crate::web::Maquette;
use lecteur::Lecteur;

/// The routes, each with the scope it asks.
#[must_use]
pub fn routes(m: Maquette) -> RouteTable {
    let offre = Right::Api(Scope::MaquetteLire);
    let etudiants = Right::Api(Scope::EtudiantsLire);
    let collectes = Right::Api(Scope::CollectesLire);
    Routes::with_state(Lecteur::new(m))
        .get("/api/v1/maquette/diplomes", offre, diplomes::liste)
        .get("/api/v1/maquette/etapes", offre, etapes::liste)
        .get("/api/v1/maquette/etapes/{code}/{version}", offre, etapes::une)
        .get("/api/v1/maquette/etapes/{code}/{version}/arbre", offre, arbre::arbre)
        .get("/api/v1/maquette/elements", offre, elements::liste)
        .get("/api/v1/maquette/elements/{code}", offre, elements::un)
        .get("/api/v1/maquette/etudiants", etudiants, etudiants::liste)
        .get("/api/v1/maquette/etudiants/{numero}", etudiants, etudiants::un)
        .get("/api/v1/maquette/enseignants", Right::Api(Scope::EnseignantsLire), enseignants::liste)
        .get("/api/v1/maquette/collectes", collectes, collectes::liste)
        .get("/api/v1/maquette/anomalies", collectes, anomalies::liste)
        .get("/api/v1/changements", Right::Api(Scope::ChangementsLire), changements::fil)
        .build()
}

#[derive(OpenApi)]
#[openapi(
    paths(
        diplomes::liste,
        etapes::liste,
        etapes::une,
        arbre::arbre,
        elements::liste,
        elements::un,
        etudiants::liste,
        etudiants::un,
        enseignants::liste,
        collectes::liste,
        anomalies::liste,
        changements::fil
    ),
    // Held by its lists, which it holds: not found by itself.
    components(schemas(arbre::ElementArbre)),
    tags(
        (name = "Offre", description = "Diplômes, étapes, arbres et éléments d’une année, tels que collectés."),
        (name = "Personnes", description = "Étudiants et enseignants. Ce que le jeton ne permet pas de lire est absent de la réponse."),
        (name = "Suivi", description = "Collectes, anomalies, et le fil de ce qui a changé.")
    )
)]
struct Document;

/// This part of the document of the interface.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
