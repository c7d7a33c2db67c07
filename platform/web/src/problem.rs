//! `application/problem+json` (RFC 9457), for who asks for JSON.

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::PageError;

/// Whether a refusal is to be JSON: under `/api/`, or when JSON is accepted and pages are not.
pub(crate) fn wants_json(path: &str, headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    path.starts_with("/api/") || (accept.contains("json") && !accept.contains("html"))
}

/// The refusal as JSON.
pub(crate) fn response(fault: &PageError, path: &str) -> Response {
    let mut body = json!({
        "type": format!("urn:telemaque:{}", fault.slug),
        "title": fault.message,
        "status": fault.status.as_u16(),
        "detail": fault.way_out,
        "instance": path,
    });
    if let (Some(reference), Some(object)) = (&fault.reference, body.as_object_mut()) {
        object.insert("reference".to_owned(), json!(reference));
    }
    let mut response = (fault.status, Json(body)).into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json; charset=utf-8"));
    response
}
