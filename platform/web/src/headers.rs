//! What every answer tells the browser to forbid.

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::Web;

/// Nothing but our own files; no inline script nor style, so that an escaped text that was not cannot run.
/// `data:` images are the framework's own (ticks and arrows of forms).
pub(crate) const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Carried by the answer of a page whose form leaves for another site (a bank's payment page): that origin, `https://host`, is the only one
/// that its policy adds. Set with `response.extensions_mut().insert(FormulaireVers(…))`.
#[derive(Clone, Debug)]
pub struct FormulaireVers(pub String);

/// The policy of a page whose form may also leave for that origin; the common one when it is not an origin.
fn csp_vers(origine: &str) -> Option<HeaderValue> {
    let nue = origine.strip_prefix("https://").or_else(|| origine.strip_prefix("http://"))?;
    let sure = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
    if nue.is_empty() || !nue.chars().all(sure) {
        return None;
    }
    let csp = CSP.replace("form-action 'self'", &format!("form-action 'self' {origine}"));
    HeaderValue::try_from(csp).ok()
}

pub(crate) async fn secure(State(web): State<Web>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.starts_with("text/html"));
    let ailleurs = response.extensions_mut().remove::<FormulaireVers>().and_then(|f| csp_vers(&f.0));
    let out = response.headers_mut();
    out.insert(header::CONTENT_SECURITY_POLICY, ailleurs.unwrap_or(HeaderValue::from_static(CSP)));
    let mut set = |name: HeaderName, value: &'static str| {
        out.insert(name, HeaderValue::from_static(value));
    };
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "same-origin");
    set(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    );
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    if web.settings().https {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
    // Pages hold personal data: a shared computer must not keep them.
    if page && !out.contains_key(header::CACHE_CONTROL) {
        out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// The same for the REST interface: its answers are data, that no browser is to render, and each says itself how long it may be kept.
pub(crate) async fn secure_api(State(web): State<Web>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let out = response.headers_mut();
    out.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    );
    out.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if web.settings().https {
        out.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000; includeSubDomains"),
        );
    }
    if !out.contains_key(header::CACHE_CONTROL) {
        out.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_may_leave_for_one_origin_and_nothing_else_is_let_in() {
        let csp = csp_vers("https://tpeweb.paybox.com").map(|v| v.to_str().unwrap_or_default().to_owned());
        assert!(
            csp.is_some_and(|csp| csp.contains("form-action 'self' https://tpeweb.paybox.com; base-uri"))
        );
        for tordue in [
            "",
            "https://",
            "javascript:alert(1)",
            "https://a; script-src *",
            "https://a b",
            "https://a/chemin",
        ] {
            assert_eq!(csp_vers(tordue), None, "{tordue}");
        }
    }
}
