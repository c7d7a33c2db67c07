//! The cookies we read and write: a session, a token before there is one, a theme, a page size.

use axum::http::{HeaderMap, HeaderValue, header};

pub(crate) const THEME: &str = "telemaque_theme";
pub(crate) const TAILLE: &str = "telemaque_taille";

/// Names of the cookies that carry a secret. With https they take the prefix that forbids another host to set them.
pub(crate) fn session(https: bool) -> &'static str {
    if https { "__Host-telemaque_session" } else { "telemaque_session" }
}

pub(crate) fn before(https: bool) -> &'static str {
    if https { "__Host-telemaque_avant" } else { "telemaque_avant" }
}

/// What marks the browser that left for CAS.
pub(crate) fn depart(https: bool) -> &'static str {
    if https { "__Host-telemaque_cas" } else { "telemaque_cas" }
}

/// Value of a cookie of the request.
pub(crate) fn read<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .find_map(|pair| {
            let (key, value) = pair.trim().split_once('=')?;
            (key == name).then_some(value)
        })
}

/// Adds a cookie to the response. `max_age` in seconds; `None` lasts as long as the browser.
pub(crate) fn write(headers: &mut HeaderMap, name: &str, value: &str, max_age: Option<i64>, https: bool) {
    let age = max_age.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let secure = if https { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        headers.append(header::SET_COOKIE, value);
    }
}

/// Takes a cookie back.
pub(crate) fn forget(headers: &mut HeaderMap, name: &str, https: bool) {
    write(headers, name, "", Some(0), https);
}
