//! The layer of `/api/` and `/metrics`: recognises the token of a request, holds it to its quotas, counts what it does.

use axum::body::HttpBody as _;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::{duree_francaise, nombre_francais};

use super::memoire::{Epuise, Reste};
use super::{Refus, secret};
use crate::{PageError, Web, problem, sessions};

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// A request that sends a token acts by it alone: the session of the browser, if it sends one too, is not even looked at.
pub(crate) async fn layer(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let Some(sent) = bearer(request.headers()) else {
        return sessions::layer(State(web), request, next).await;
    };
    let jetons = web.jetons();
    let now = web.clock().now();
    let found = match secret::lire(sent) {
        None => None,
        Some(empreinte) => match jetons.reconnaitre(&empreinte, now).await {
            Ok(found) => found,
            Err(err) => return PageError::from(err).into_response(),
        },
    };
    let Some(tenu) = found else {
        jetons.memoire.refuser(Refus::Inconnu);
        return refuse(problem::jeton_inconnu(), "unknown token");
    };
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let famille = matched.as_ref().map_or("inconnue", |matched| famille(matched.as_str()));
    let ended = if tenu.revoque {
        Some((Refus::Revoque, problem::jeton_revoque(), "revoked token"))
    } else if tenu.fin.is_some_and(|fin| fin <= now) {
        Some((Refus::Expire, problem::jeton_expire(), "expired token"))
    } else {
        None
    };
    if let Some((refus, fault, why)) = ended {
        jetons.memoire.refuser(refus);
        tenu.etat.compter(famille, true, 0, now);
        return refuse(fault, why);
    }
    let reste = match tenu.etat.prendre(now) {
        Ok(reste) => reste,
        Err(epuise) => {
            jetons.memoire.refuser(Refus::Quota);
            tenu.etat.compter(famille, true, 0, now);
            return too_many(epuise);
        }
    };
    request.extensions_mut().insert(tenu.porteur.clone());
    let mut response = next.run(request).await;
    let forbidden = response.status() == StatusCode::FORBIDDEN;
    if forbidden {
        jetons.memoire.refuser(Refus::Droit);
    }
    let octets = response.body().size_hint().exact().unwrap_or_default();
    tenu.etat.compter(famille, forbidden, octets, now);
    if let Some(reste) = reste {
        limits(response.headers_mut(), reste);
    }
    response
}

/// What follows « Bearer », whatever it is worth; none for another scheme, which is not ours to judge.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.as_bytes();
    let (scheme, rest) = value.split_at_checked(6)?;
    let ours = scheme.eq_ignore_ascii_case(b"bearer") && rest.first().is_none_or(|b| *b == b' ');
    ours.then(|| std::str::from_utf8(rest).unwrap_or_default().trim_start_matches(' '))
}

/// `/api/v1/maquette/etapes/{code}/{version}` is of the family `maquette/etapes`.
pub(super) fn famille(matched: &str) -> &str {
    let path = matched.strip_prefix("/api/v1/").or(matched.strip_prefix('/')).unwrap_or(matched);
    let end = path.find("/{").unwrap_or(path.len());
    match path.get(..end).unwrap_or(path) {
        // The address of the catch-all: nothing there.
        "api" => "inconnue",
        famille => famille,
    }
}

fn refuse(fault: PageError, why: &str) -> Response {
    let mut response = fault.into_response();
    let challenge =
        format!("Bearer realm=\"telemaque\", error=\"invalid_token\", error_description=\"{why}\"");
    if let Ok(value) = HeaderValue::from_str(&challenge) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
    }
    response
}

fn too_many(epuise: Epuise) -> Response {
    let (quota, wait) = (nombre_francais(i64::try_from(epuise.quota).unwrap_or(i64::MAX)), epuise.attente_s);
    let per = if epuise.du_jour { "jour" } else { "minute" };
    let plural = if epuise.quota > 1 { "s" } else { "" };
    let waiting = duree_francaise(chrono::Duration::seconds(i64::try_from(wait).unwrap_or(i64::MAX / 1000)));
    let fault = PageError::told(
        StatusCode::TOO_MANY_REQUESTS,
        "quota-epuise",
        format!("Ce jeton a utilisé son quota : {quota} requête{plural} par {per}."),
        format!(
            "Attendez {waiting} (en-tête Retry-After), ou demandez un quota plus large au service informatique."
        ),
    );
    let mut response = fault.into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.max(1)));
    limits(response.headers_mut(), Reste { quota: epuise.quota, reste: 0, attente_s: wait.max(1) });
    response
}

fn limits(headers: &mut HeaderMap, reste: Reste) {
    headers.insert(LIMIT, HeaderValue::from(reste.quota));
    headers.insert(REMAINING, HeaderValue::from(reste.reste));
    headers.insert(RESET, HeaderValue::from(reste.attente_s));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_are_few_and_name_no_one() {
        assert_eq!(famille("/api/v1/maquette/etapes/{code}/{version}/arbre"), "maquette/etapes");
        assert_eq!(famille("/api/v1/maquette/etudiants/{numero}"), "maquette/etudiants");
        assert_eq!(famille("/api/v1/changements"), "changements");
        assert_eq!(famille("/api/{*reste}"), "inconnue");
        assert_eq!(famille("/metrics"), "metrics");
    }

    #[test]
    fn only_a_bearer_is_looked_at() {
        let given = |value: &[u8]| {
            let value = HeaderValue::from_bytes(value).unwrap();
            bearer(&HeaderMap::from_iter([(header::AUTHORIZATION, value)])).map(str::to_owned)
        };
        assert_eq!(given(b"Bearer tlm_x"), Some("tlm_x".into()));
        assert_eq!(given(b"bearer   tlm_x"), Some("tlm_x".into()));
        assert_eq!(given(b"Bearer"), Some(String::new()));
        assert_eq!(given(b"Bearer \xff"), Some(String::new()));
        assert_eq!(given(b"Basic dXNlcjpwYXNz"), None);
        assert_eq!(given(b"Bearertlm_x"), None);
        assert_eq!(given(b""), None);
        assert_eq!(bearer(&HeaderMap::new()), None);
    }
}
