//! `application/problem+json` (RFC 9457), for who asks for JSON.

use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::Scope;

use crate::PageError;
use crate::rest::Probleme;

/// Whether a path is of the REST interface: tokens are recognised there, and there only.
pub(crate) fn is_api(path: &str) -> bool {
    path.starts_with("/api/") || path == "/metrics"
}

/// Whether a refusal is to be JSON: in the REST interface, or when JSON is accepted and pages are not.
pub(crate) fn wants_json(path: &str, headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    is_api(path) || (accept.contains("json") && !accept.contains("html"))
}

/// The refusal as JSON.
pub(crate) fn response(fault: &PageError, path: &str) -> Response {
    let body = Probleme {
        sorte: format!("urn:telemaque:{}", fault.slug),
        title: fault.message.clone(),
        status: fault.status.as_u16(),
        detail: fault.way_out.clone(),
        instance: path.to_owned(),
        reference: fault.reference.clone(),
    };
    let mut response = (fault.status, Json(body)).into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json; charset=utf-8"));
    response
}

/// Turns every refusal of the REST interface into JSON, the framework's own included.
pub(crate) async fn dress(request: Request, next: Next) -> Response {
    let uri = request.uri().clone();
    let mut answer = next.run(request).await;
    let status = answer.status();
    if !status.is_client_error() && !status.is_server_error() {
        return answer;
    }
    let plain = answer
        .headers()
        .get(header::CONTENT_TYPE)
        .is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    let fault = match answer.extensions_mut().remove::<PageError>() {
        Some(fault) => fault,
        None if plain => of_status(status),
        None => return answer,
    };
    let dressed = response(&fault, uri.path());
    let (parts, body) = dressed.into_parts();
    *answer.body_mut() = body;
    let headers = answer.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.remove(header::ETAG);
    for (name, value) in &parts.headers {
        headers.insert(name, value.clone());
    }
    if status == StatusCode::UNAUTHORIZED && !headers.contains_key(header::WWW_AUTHENTICATE) {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"telemaque\""));
    }
    answer
}

/// A refusal of the framework's own, as a program reads it.
fn of_status(status: StatusCode) -> PageError {
    match status {
        StatusCode::NOT_FOUND => rien(),
        StatusCode::METHOD_NOT_ALLOWED => PageError::told(
            status,
            "methode",
            "Cette adresse ne prend pas cette méthode.",
            "L’en-tête Allow dit lesquelles elle prend ; /api décrit chaque adresse.",
        ),
        StatusCode::BAD_REQUEST => PageError::told(
            status,
            "illisible",
            "L’adresse ou le corps de la demande ne se lisent pas.",
            "Corrigez-les, puis recommencez : /api décrit ce que chaque adresse prend.",
        ),
        status => PageError::of_status(status),
    }
}

/// Nothing at this address of the interface.
pub(crate) fn rien() -> PageError {
    PageError::told(
        StatusCode::NOT_FOUND,
        "introuvable",
        "Il n’y a rien à cette adresse de l’interface.",
        "Vérifiez-la : /api décrit chaque adresse, /api/v1/openapi.json en est le document.",
    )
}

/// Neither token nor session.
pub(crate) fn sans_jeton() -> PageError {
    PageError::told(
        StatusCode::UNAUTHORIZED,
        "jeton-requis",
        "Cette adresse demande un jeton.",
        "Envoyez l’en-tête « Authorization: Bearer tlm_… » ; le service informatique crée les jetons.",
    )
}

/// A token that is none of ours.
pub(crate) fn jeton_inconnu() -> PageError {
    PageError::told(
        StatusCode::UNAUTHORIZED,
        "jeton-inconnu",
        "Ce jeton n’est pas reconnu.",
        "Vérifiez qu’il est entier : « tlm_ » suivi de 38 caractères. S’il l’est, demandez-en un autre au service informatique.",
    )
}

/// A token past its last day.
pub(crate) fn jeton_expire() -> PageError {
    PageError::told(
        StatusCode::UNAUTHORIZED,
        "jeton-expire",
        "Ce jeton est arrivé à son échéance.",
        "Demandez au service informatique de le renouveler.",
    )
}

/// A token that was revoked, or whose secret was replaced.
pub(crate) fn jeton_revoque() -> PageError {
    PageError::told(
        StatusCode::UNAUTHORIZED,
        "jeton-revoque",
        "Ce jeton a été révoqué, ou son secret remplacé par un autre.",
        "Utilisez le nouveau secret, ou demandez-en un au service informatique.",
    )
}

/// A token without the scope asked: the sentence names it, and so does the header.
pub(crate) fn sans_droit(scope: Scope) -> Response {
    let mut response = droit_manquant(scope).into_response();
    let challenge = format!("Bearer realm=\"telemaque\", error=\"insufficient_scope\", scope=\"{scope}\"");
    if let Ok(value) = HeaderValue::from_str(&challenge) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
    }
    response
}

/// The same refusal, for a handler that asks one scope more than its route does.
pub(crate) fn droit_manquant(scope: Scope) -> PageError {
    PageError::told(
        StatusCode::FORBIDDEN,
        "droit-manquant",
        format!("Ce jeton n’a pas le droit « {scope} » ({}).", scope.libelle()),
        "Demandez au service informatique de l’ajouter au jeton, si l’application en a besoin.",
    )
}

/// Somebody signed in whose role does not read this.
pub(crate) fn sans_role(scope: Scope) -> PageError {
    PageError::told(
        StatusCode::FORBIDDEN,
        "interdit",
        format!("Votre rôle ne permet pas de lire ceci (droit « {scope} » d’un jeton)."),
        "Si vous en avez besoin pour votre travail, demandez-le au service informatique.",
    )
}
