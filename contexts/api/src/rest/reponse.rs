//! What every answer about Apogée says beside its data: where it comes from, and when the source gave it.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use web::PageError;
use web::rest::{self, Conditions};

use crate::Api;
use crate::domain::copie::{Lecture, sans_adresse};

/// Une réponse d’Apogée, avec son origine et son âge.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Reponse<T> {
    /// `apogee` : lu à l’instant ; `copie` : lu il y a peu ; `secours` : dernière bonne réponse, Apogée ne répondant pas.
    #[schema(example = "copie")]
    origine: &'static str,
    /// Quand Apogée l’a donné.
    obtenu_le: DateTime<Utc>,
    /// Ce qui ne va pas à la source, quand la réponse est de secours.
    panne: Option<Panne>,
    /// Ce qui était demandé.
    donnees: T,
}

/// Ce qui ne va pas à la source.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Panne {
    /// Ce qui a été constaté.
    detail: String,
    /// Ce qu’il faut faire.
    remede: String,
}

/// Whether the question asks the source itself: `Cache-Control: no-cache`.
pub(super) fn exigee(headers: &HeaderMap) -> bool {
    let asked = headers.get(header::CACHE_CONTROL).and_then(|v| v.to_str().ok()).unwrap_or_default();
    asked.split(',').any(|part| part.trim().eq_ignore_ascii_case("no-cache"))
}

/// The answer: its body does not change with time alone, its age is a header.
pub(super) fn repondre<T, U: Serialize>(
    api: &Api,
    conditions: &Conditions,
    lue: Lecture<T>,
    montrer: impl FnOnce(T) -> U,
) -> Result<Response, PageError> {
    let age = (api.clock.now() - lue.obtenue_le).num_seconds().max(0);
    let reponse = Reponse {
        origine: lue.origine.code(),
        obtenu_le: lue.obtenue_le,
        panne: lue
            .panne
            .map(|p| Panne { detail: format!("Apogée : {}", sans_adresse(&p)), remede: p.remede }),
        donnees: montrer(lue.valeur),
    };
    let mut reponse = rest::json(conditions, &reponse)?;
    reponse.headers_mut().insert(header::AGE, HeaderValue::from(age));
    Ok(reponse)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_answer_is_asked_by_the_usual_header() {
        let dit = |valeur: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(valeur));
            exigee(&headers)
        };
        assert!(dit("no-cache") && dit("max-age=0, No-Cache"));
        assert!(!dit("max-age=0") && !exigee(&HeaderMap::new()));
    }
}
