//! Reference lists.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;
use web::PageError;
use web::rest::{Conditions, ListeQuery};

use super::reponse::{Reponse, exigee, repondre};
use crate::Api;
use crate::domain::copie::Jeu;
use crate::domain::reference::Reference;

/// Une ligne d’une liste de référence.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReferenceJson {
    /// Code, tel qu’Apogée l’écrit.
    code: String,
    /// Libellé ; le nom, pour un signataire.
    libelle: String,
    /// Qualité d’un signataire, jours d’une période, type d’une composante.
    precision: Option<String>,
    /// En service ; absent quand Apogée ne le dit pas.
    en_service: Option<bool>,
}

impl From<Reference> for ReferenceJson {
    fn from(r: Reference) -> Self {
        Self { code: r.code, libelle: r.libelle, precision: r.precision, en_service: r.en_service }
    }
}

async fn liste(
    api: &Api,
    jeu: Jeu,
    headers: &HeaderMap,
    conditions: &Conditions,
    query: &ListeQuery,
) -> Result<Response, PageError> {
    query.seulement(&[])?;
    let lue = api.references(jeu, exigee(headers)).await?;
    repondre(api, conditions, lue, |liste| liste.into_iter().map(ReferenceJson::from).collect::<Vec<_>>())
}

macro_rules! references {
    ($($(#[$doc:meta])* $nom:ident, $jeu:ident, $chemin:literal, $operation:literal;)+) => {$(
        $(#[$doc])*
        #[utoipa::path(
            get,
            path = $chemin,
            tag = "Apogée",
            operation_id = $operation,
            responses((status = 200, description = "La liste, par code", body = Reponse<Vec<ReferenceJson>>)),
            security(("jeton" = ["apogee:lire"]))
        )]
        pub(super) async fn $nom(
            headers: HeaderMap,
            conditions: Conditions,
            query: ListeQuery,
            State(api): State<Api>,
        ) -> Result<Response, PageError> {
            liste(&api, Jeu::$jeu, &headers, &conditions, &query).await
        }
    )+};
}

references! {
    /// Composantes de l’université
    composantes, Composantes, "/api/v1/apogee/composantes", "apogee_composantes";
    /// Régimes d’inscription en service
    regimes, Regimes, "/api/v1/apogee/regimes", "apogee_regimes";
    /// Signataires
    signataires, Signataires, "/api/v1/apogee/signataires", "apogee_signataires";
    /// Périodes d’examen
    periodes, PeriodesExamen, "/api/v1/apogee/periodes-examen", "apogee_periodes_examen";
}
