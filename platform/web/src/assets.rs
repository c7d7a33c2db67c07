//! Stylesheet, script, icons and fonts, built by `frontend/` and embedded in the binary.
//!
//! Their file names carry a hash of their content, so browsers keep them for a year; [`url`] gives the present name.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

#[derive(RustEmbed)]
#[folder = "../../frontend/dist"]
struct Dist;

/// Where the assets are served.
pub const PREFIX: &str = "/assets/";

fn manifest() -> &'static HashMap<String, String> {
    static MANIFEST: OnceLock<HashMap<String, String>> = OnceLock::new();
    MANIFEST.get_or_init(|| {
        Dist::get("manifest.json")
            .and_then(|file| serde_json::from_slice(&file.data).ok())
            .unwrap_or_default()
    })
}

/// Whether `frontend/` was built before this binary was.
#[must_use]
pub fn built() -> bool {
    !manifest().is_empty()
}

/// Address of an asset by its logical name: `telemaque.css` is `/assets/telemaque-054d35a79cc6.css`.
#[must_use]
pub fn url(name: &str) -> String {
    format!("{PREFIX}{}", manifest().get(name).map_or(name, String::as_str))
}

/// The icon sprite, for tests that check every icon named is in it.
#[must_use]
pub fn icon_sprite() -> Option<String> {
    let file = Dist::get(manifest().get("icones.svg")?)?;
    Some(String::from_utf8_lossy(&file.data).into_owned())
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "json" => "application/json",
        _ => "application/octet-stream",
    }
}

fn accepts_gzip(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).is_some_and(|v| {
        v.split(',').any(|part| {
            let mut words = part.split(';').map(str::trim);
            words.next() == Some("gzip") && !words.any(|w| w == "q=0" || w == "q=0.0")
        })
    })
}

/// Serves one asset: year-long cache for hashed names, ETag and 304, the gzip twin made at build time.
pub(crate) async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(plain) = Dist::get(&name) else {
        return missing(&name);
    };
    let twin = if accepts_gzip(&headers) { Dist::get(&format!("{name}.gz")) } else { None };
    let gzip = twin.is_some();
    let body: Cow<'static, [u8]> = twin.map_or(plain.data, |file| file.data);

    let digest = Sha256::digest(&body);
    let etag = format!("\"{}\"", crate::hex::encode(digest.get(..12).unwrap_or_default()));
    let seen = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    let unchanged = seen.is_some_and(|v| v.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag));

    let mut response =
        if unchanged { StatusCode::NOT_MODIFIED.into_response() } else { body.into_owned().into_response() };
    let hashed = manifest().values().any(|file| *file == name);
    let cache = if hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(&name)));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        out.insert(header::ETAG, etag);
    }
    if gzip && !unchanged {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

fn missing(name: &str) -> Response {
    let text = if built() {
        format!("« {name} » n'existe pas.")
    } else {
        "Les feuilles de style ne sont pas construites : lancez « npm ci && npm run build » dans frontend/, \
         puis recompilez."
            .to_owned()
    };
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}
