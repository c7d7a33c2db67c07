use askama::Template;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html as HtmlBody, IntoResponse, Redirect, Response};

use crate::PageError;
use crate::components::Tone;
use crate::frame::Flash;

/// A page struct as an answer: `Ok(Page(Liste { frame, table }))`.
#[derive(Clone, Debug)]
pub struct Page<T>(pub T);

impl<T: Template> Page<T> {
    /// The same page with another status: 422 for a form shown again with its errors.
    pub fn with_status(self, status: StatusCode) -> Response {
        (status, self).into_response()
    }
}

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        match self.0.render() {
            Ok(html) => HtmlBody(html).into_response(),
            Err(err) => {
                let fault = PageError::internal("gabarit", None, None);
                tracing::error!(reference = fault.reference, %err, "template");
                fault.into_response()
            }
        }
    }
}

/// Where an action ends: another page, with what was done said at its top.
#[derive(Clone, Debug)]
pub struct Redirection {
    to: String,
    flash: Option<Flash>,
}

impl Redirection {
    /// To a path of ours.
    #[must_use]
    pub fn to(path: impl Into<String>) -> Self {
        Self { to: path.into(), flash: None }
    }

    /// Saying that it was done: « La collecte est lancée. »
    #[must_use]
    pub fn success(self, text: impl Into<String>) -> Self {
        self.saying(Tone::Success, text)
    }

    /// Saying something in `tone`.
    #[must_use]
    pub fn saying(mut self, tone: Tone, text: impl Into<String>) -> Self {
        self.flash = Some(Flash { tone, text: text.into() });
        self
    }
}

impl IntoResponse for Redirection {
    /// The message travels beside the response: the session layer keeps it for the next page.
    fn into_response(self) -> Response {
        let mut response = Redirect::to(&self.to).into_response();
        if let Some(flash) = self.flash {
            response.extensions_mut().insert(flash);
        }
        response
    }
}

/// Turns a redirection into the header by which htmx leaves the page; the browser would otherwise swap the next page into this one.
pub(crate) fn for_htmx(request_headers: &HeaderMap, response: Response) -> Response {
    let location = response.headers().get(header::LOCATION).cloned();
    match location {
        Some(location)
            if response.status().is_redirection() && request_headers.contains_key("hx-request") =>
        {
            let (mut parts, _) = response.into_parts();
            parts.status = StatusCode::NO_CONTENT;
            parts.headers.remove(header::LOCATION);
            parts.headers.insert("hx-redirect", location);
            parts.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(parts, axum::body::Body::empty())
        }
        _ => response,
    }
}

/// A path to come back to after sign-in: ours, and nothing a browser could read as another site.
pub(crate) fn safe_return(wanted: &str) -> &str {
    let ours = wanted.starts_with('/')
        && !wanted.starts_with("//")
        && !wanted.starts_with("/connexion")
        && wanted.len() < 2000
        && HeaderValue::from_str(wanted).is_ok()
        && !wanted.contains(['\\', '\t']);
    if ours { wanted } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::safe_return;

    #[test]
    fn only_paths_of_ours_are_come_back_to() {
        assert_eq!(safe_return("/maquette/etapes?page=2"), "/maquette/etapes?page=2");
        for elsewhere in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "/\tevil",
            "/a\nb",
        ] {
            assert_eq!(safe_return(elsewhere), "/", "{elsewhere:?}");
        }
        assert_eq!(safe_return("/connexion?suite=/connexion"), "/");
    }
}
