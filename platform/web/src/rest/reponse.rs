//! Answers: with their version, or without a body when the caller holds it already.

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Conditions, Etag};
use crate::PageError;

/// A refusal (RFC 9457), as the document describes it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(title = "Refus", description = "Un refus, selon la RFC 9457.")]
pub struct Probleme {
    /// Sorte de refus, stable d’une version à l’autre : à tester plutôt que le texte.
    #[serde(rename = "type")]
    #[schema(example = "urn:telemaque:introuvable")]
    pub sorte: String,
    /// Ce qui s’est passé, en une phrase.
    #[schema(example = "Il n’y a pas d’étape L1DRO version 9 en 2024/2025.")]
    pub title: String,
    /// Le code HTTP.
    #[schema(example = 404)]
    pub status: u16,
    /// Ce qu’il faut faire.
    pub detail: String,
    /// Le chemin demandé.
    #[schema(example = "/api/v1/maquette/etapes/L1DRO/9")]
    pub instance: String,
    /// Ce qu’il faut citer au service informatique, quand l’erreur est de notre côté.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

/// The caller may keep an answer for itself, and asks each time whether it still holds.
const CACHE: HeaderValue = HeaderValue::from_static("private, no-cache");
const VARY: HeaderValue = HeaderValue::from_static("authorization, cookie");

/// 304: the caller holds this version.
#[must_use]
pub fn inchange(etag: &Etag) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    versionne(&mut response, etag);
    response
}

/// 200 with a body of JSON that is ready.
#[must_use]
pub fn octets(etag: &Etag, corps: Bytes) -> Response {
    let mut response = Response::new(Body::from(corps));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    versionne(&mut response, etag);
    response
}

/// `valeur` as JSON with the version of its content, or 304 when the caller holds it.
///
/// # Errors
/// A value that cannot be written as JSON: a defect of ours.
pub fn json<T: Serialize>(conditions: &Conditions, valeur: &T) -> Result<Response, PageError> {
    let corps = ecrit(valeur)?;
    let etag = Etag::du_corps(&corps);
    Ok(if conditions.tiennent(&etag) { inchange(&etag) } else { octets(&etag, corps) })
}

/// `valeur` as JSON under a version known beforehand.
///
/// # Errors
/// A value that cannot be written as JSON: a defect of ours.
pub fn json_avec<T: Serialize>(etag: &Etag, valeur: &T) -> Result<Response, PageError> {
    Ok(octets(etag, ecrit(valeur)?))
}

fn ecrit<T: Serialize>(valeur: &T) -> Result<Bytes, PageError> {
    serde_json::to_vec(valeur).map(Bytes::from).map_err(|err| {
        let fault = PageError::internal("json", None, None);
        tracing::error!(reference = fault.reference, %err, "json");
        fault
    })
}

fn versionne(response: &mut Response, etag: &Etag) {
    let headers = response.headers_mut();
    headers.insert(header::ETAG, etag.header());
    headers.insert(header::CACHE_CONTROL, CACHE);
    headers.insert(header::VARY, VARY);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_same_content_is_not_sent_twice() {
        let valeur = json!({"total": 0});
        let first = super::json(&Conditions::default(), &valeur).unwrap();
        assert_eq!(first.status(), StatusCode::OK);
        assert_eq!(first.headers()[header::CACHE_CONTROL], "private, no-cache");
        let held = Conditions::of(&axum::http::HeaderMap::from_iter([(
            header::IF_NONE_MATCH,
            first.headers()[header::ETAG].clone(),
        )]));
        let second = super::json(&held, &valeur).unwrap();
        assert_eq!(second.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(second.headers()[header::ETAG], first.headers()[header::ETAG]);
        assert!(!second.headers().contains_key(header::CONTENT_TYPE));
        let other = super::json(&held, &json!({"total": 1})).unwrap();
        assert_eq!(other.status(), StatusCode::OK);
    }
}
