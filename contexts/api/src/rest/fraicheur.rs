//! How old each data set is.

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use web::PageError;
use web::rest::{self, Conditions};

use crate::Api;

/// L’âge d’un jeu de données.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct JeuJson {
    /// Nom court et stable.
    #[schema(example = "offre")]
    code: String,
    /// Nom lisible.
    libelle: String,
    /// `extraction`, `apogee`, `kofr` ou `eve`.
    #[schema(example = "extraction")]
    source: &'static str,
    /// Nombre de lignes tenues.
    lignes: u64,
    /// Quand le plus récent a été lu à la source ; absent quand rien ne l’a été.
    obtenu_le: Option<DateTime<Utc>>,
    /// Quand le plus ancien a été lu, quand chaque partie a son âge.
    plus_ancien: Option<DateTime<Utc>>,
    /// Dernier essai.
    essai_le: Option<DateTime<Utc>>,
    /// Pourquoi le dernier essai a échoué ; absent quand il a réussi.
    echec: Option<String>,
}

/// Âge de chaque jeu de données
#[utoipa::path(
    get,
    path = "/api/v1/fraicheur",
    tag = "Suivi",
    operation_id = "fraicheur",
    responses((status = 200, description = "Les jeux de données, par source", body = Vec<JeuJson>)),
    security(("jeton" = ["collectes:lire"]))
)]
pub(super) async fn fraicheur(conditions: Conditions, State(api): State<Api>) -> Result<Response, PageError> {
    let jeux = api.jeux().await.into_iter().map(|j| JeuJson {
        code: j.code,
        libelle: j.libelle,
        source: j.source.code(),
        lignes: j.lignes,
        obtenu_le: j.obtenu_le,
        plus_ancien: j.plus_ancien,
        essai_le: j.essai_le,
        echec: j.echec,
    });
    rest::json(&conditions, &jeux.collect::<Vec<_>>())
}
