//! The first page: what is there, and where.

use askama::Template;
use axum::Router;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use crate::rest::Probleme;

/// Nothing runs, nothing is fetched from elsewhere, forms go nowhere else.
const CSP: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

#[derive(Template)]
#[template(path = "index.html")]
struct Index {
    controle: bool,
    catalogue: bool,
}

/// The index and the style sheet of both pages. `catalogue` says that the offer is a real one.
pub fn router(controle: bool, catalogue: bool) -> Router {
    Router::new()
        .route("/", get(async move || page(&Index { controle, catalogue })))
        .route("/style.css", get(style))
}

async fn style() -> Response {
    let entetes = [(header::CONTENT_TYPE, "text/css"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    (entetes, include_str!("../templates/style.css")).into_response()
}

/// A page with the headers that every page of the sandbox has.
pub fn page(gabarit: &impl Template) -> Response {
    let entetes = [
        (header::CONTENT_SECURITY_POLICY, CSP),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    match gabarit.render() {
        Ok(html) => (entetes, Html(html)).into_response(),
        Err(erreur) => Probleme::panne(format!("La page n'a pas pu être écrite : {erreur}.")).into_response(),
    }
}
