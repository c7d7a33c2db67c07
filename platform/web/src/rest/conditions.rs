//! Conditional requests (RFC 9110, §13): what the caller holds already is not sent again.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use sha2::{Digest, Sha256};

/// The version of an answer. Weak: the same content may travel compressed or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Etag(HeaderValue);

impl Etag {
    /// Of what the answer depends on, when that is known without making it: `Etag::de(&["arbre", "2024", "17"])`. Whatever would
    /// change the answer must be among `parts`, what the caller may see included.
    #[must_use]
    pub fn de(parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        Self::of_digest(&hash.finalize())
    }

    /// Of the content itself.
    #[must_use]
    pub fn du_corps(corps: &[u8]) -> Self {
        Self::of_digest(&Sha256::digest(corps))
    }

    fn of_digest(digest: &[u8]) -> Self {
        let mark = crate::hex::encode(digest.get(..16).unwrap_or(digest));
        // Hexadecimal is always a header's value.
        Self(
            HeaderValue::from_str(&format!("W/\"{mark}\""))
                .unwrap_or_else(|_| HeaderValue::from_static("W/\"0\"")),
        )
    }

    /// As the header carries it.
    #[must_use]
    pub fn header(&self) -> HeaderValue {
        self.0.clone()
    }

    fn opaque(&self) -> &str {
        opaque(self.0.to_str().unwrap_or_default())
    }
}

/// What the caller says it holds: `If-None-Match`.
#[derive(Clone, Debug, Default)]
pub struct Conditions(Vec<HeaderValue>);

impl Conditions {
    /// Those of a request.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        Self(headers.get_all(header::IF_NONE_MATCH).iter().cloned().collect())
    }

    /// Whether the caller holds this version already, so that [`super::inchange`] is the answer. Weak comparison, as the standard asks
    /// of `If-None-Match`: `"x"` and `W/"x"` are the same; `*` is any version.
    #[must_use]
    pub fn tiennent(&self, etag: &Etag) -> bool {
        let wanted = etag.opaque();
        self.0.iter().filter_map(|value| value.to_str().ok()).any(|value| holds(value, wanted))
    }
}

/// Whether one of a list of entity tags is `wanted`. A comma may stand within the quotes of a tag.
fn holds(list: &str, wanted: &str) -> bool {
    let mut rest = list.trim();
    if rest == "*" {
        return true;
    }
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let quoted = rest.strip_prefix("W/").unwrap_or(rest);
        let Some(after) = quoted.strip_prefix('"') else { return false };
        let Some((tag, after)) = after.split_once('"') else { return false };
        if tag == wanted {
            return true;
        }
        rest = after;
    }
}

fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"')
}

impl<S: Send + Sync> FromRequestParts<S> for Conditions {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(values: &[&str]) -> Conditions {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::IF_NONE_MATCH, HeaderValue::from_str(value).unwrap());
        }
        Conditions::of(&headers)
    }

    #[test]
    fn weak_strong_lists_and_star_are_understood() {
        let etag = Etag::du_corps(b"corps");
        let weak = etag.header().to_str().unwrap().to_owned();
        let strong = weak.trim_start_matches("W/").to_owned();
        assert!(weak.starts_with("W/\"") && weak.ends_with('"'));
        for held in [
            weak.as_str(),
            strong.as_str(),
            "*",
            &format!("\"a,b\", W/\"c\" ,{weak}"),
            &format!("\"z\",{strong}"),
        ] {
            assert!(given(&[held]).tiennent(&etag), "{held}");
        }
        assert!(given(&["\"a\"", &weak]).tiennent(&etag), "several lines");
        for other in ["\"autre\"", "", "W/", "\"", strong.trim_matches('"'), "\"*\""] {
            assert!(!given(&[other]).tiennent(&etag), "{other}");
        }
        assert!(!Conditions::default().tiennent(&etag));
    }

    #[test]
    fn what_an_answer_depends_on_does_not_run_together() {
        assert_ne!(Etag::de(&["ab", "c"]), Etag::de(&["a", "bc"]));
        assert_eq!(Etag::de(&["ab", "c"]), Etag::de(&["ab", "c"]));
    }
}
