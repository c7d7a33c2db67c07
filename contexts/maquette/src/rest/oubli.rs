//! 410: the feed does not go back so far.

use ::web::rest::Probleme;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Says what to do of a cursor that this feed cannot follow on from.
pub(super) fn oublie(depuis: i64, present: i64, chemin: &str) -> Response {
    let title = if depuis > present {
        format!("Le curseur {depuis} est au-delà de ce fil : la base a été remplacée ou restaurée depuis.")
    } else {
        format!("Le fil ne remonte pas jusqu’au curseur {depuis} : des événements ont été oubliés depuis.")
    };
    let probleme = Probleme {
        sorte: "urn:telemaque:fil-oublie".to_owned(),
        title,
        status: StatusCode::GONE.as_u16(),
        detail: format!(
            "Relisez en entier ce que vous tenez, puis repartez du curseur {present}, noté avant cette relecture."
        ),
        instance: chemin.to_owned(),
        reference: None,
    };
    let mut reponse = (StatusCode::GONE, Json(probleme)).into_response();
    let sorte = HeaderValue::from_static("application/problem+json; charset=utf-8");
    reponse.headers_mut().insert(header::CONTENT_TYPE, sorte);
    reponse
}
