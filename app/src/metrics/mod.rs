//! `GET /metrics`: how the suite does, for Prometheus. What a request costs is counted as it passes; the rest is read when asked.
//!
//! Names follow Prometheus: base units (seconds, bytes), counters end in `_total`, one label for one question. Nothing personal: routes
//! are patterns, tokens are counted together.

mod format;
mod process;
mod releve;

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use db::Db;
use jobs::Queue;
use kernel::{Clock, Right, Scope};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode_registry;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use web::{RouteTable, Routes, Web};

/// Upper bounds of the durations counted, in seconds: from a tree kept in memory to an export of everything.
const BOUNDS: [f64; 12] = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    route: String,
    method: &'static str,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Route {
    route: String,
}

/// What is counted while requests pass. Cheap to clone.
#[derive(Clone)]
pub struct Metriques(Arc<Inner>);

struct Inner {
    registry: Registry,
    requests: Family<Answered, Counter>,
    durations: Family<Route, Histogram, fn() -> Histogram>,
    started: DateTime<Utc>,
}

impl std::fmt::Debug for Metriques {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Metriques").field("started", &self.0.started).finish_non_exhaustive()
    }
}

impl Metriques {
    /// Nothing counted yet, by a process that starts now.
    #[must_use]
    pub fn new(clock: &dyn Clock) -> Self {
        let mut registry = Registry::with_prefix("telemaque");
        let requests = Family::<Answered, Counter>::default();
        registry.register(
            "http_requests",
            "Requests answered, by route, method and status",
            requests.clone(),
        );
        let durations =
            Family::<Route, Histogram, fn() -> Histogram>::new_with_constructor(|| Histogram::new(BOUNDS));
        registry.register_with_unit(
            "http_request_duration",
            "Time from the request to the first byte of its answer, by route",
            Unit::Seconds,
            durations.clone(),
        );
        Self(Arc::new(Inner { registry, requests, durations, started: clock.now() }))
    }
}

/// The layer that counts: around everything.
pub async fn count(State(metriques): State<Metriques>, request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let method = known(request.method().as_str());
    let start = Instant::now();
    let response = next.run(request).await;
    let route = family(matched.as_ref().map(MatchedPath::as_str)).to_owned();
    metriques
        .0
        .durations
        .get_or_create(&Route { route: route.clone() })
        .observe(start.elapsed().as_secs_f64());
    metriques.0.requests.get_or_create(&Answered { route, method, status: response.status().as_u16() }).inc();
    response
}

/// The pattern of a route up to its first parameter: few, and no one's number.
fn family(matched: Option<&str>) -> &str {
    let Some(path) = matched else { return "none" };
    match path.find("/{") {
        Some(0) => "/",
        Some(end) => path.get(..end).unwrap_or(path),
        None => path,
    }
}

/// Methods are typed by whoever calls: only those that exist are a label.
fn known(method: &str) -> &'static str {
    ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]
        .into_iter()
        .find(|known| *known == method)
        .unwrap_or("other")
}

/// What `/metrics` looks at.
#[derive(Clone, Debug)]
pub struct Vues {
    /// What was counted.
    pub metriques: Metriques,
    /// The database.
    pub db: Db,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// The links, and the copies of Apogée's answers.
    pub api: api::Api,
    /// The jobs.
    pub queue: Queue,
    /// Sessions and tokens.
    pub web: Web,
}

/// The route.
#[must_use]
pub fn routes(vues: Vues) -> RouteTable {
    Routes::with_state(vues).get("/metrics", Right::Api(Scope::MetriquesLire), metrics).build()
}

async fn metrics(State(vues): State<Vues>, headers: HeaderMap) -> Response {
    let now = releve::now(&vues).await;
    let mut text = String::with_capacity(16 * 1024);
    // Writing to memory does not fail.
    let written = encode_registry(&mut text, &vues.metriques.0.registry)
        .and_then(|()| encode_registry(&mut text, &now));
    if written.is_err() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let (kind, text) = format::negotiate(accept, text);
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-store")], text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_are_patterns_without_anyone_s_number() {
        assert_eq!(family(Some("/api/v1/maquette/etudiants/{numero}")), "/api/v1/maquette/etudiants");
        assert_eq!(family(Some("/maquette/collectes/{id}/annuler")), "/maquette/collectes");
        assert_eq!(family(Some("/")), "/");
        assert_eq!(family(Some("/{page}")), "/");
        assert_eq!(family(None), "none");
        assert_eq!((known("GET"), known("BREW")), ("GET", "other"));
    }
}
