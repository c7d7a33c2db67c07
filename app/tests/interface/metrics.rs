//! `/metrics`, as Prometheus reads it.

use std::collections::{BTreeMap, BTreeSet};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use axum::middleware::from_fn_with_state;
use chrono::Duration;
use kernel::{Actor, Scope};
use telemaque::metrics;
use tower::ServiceExt as _;
use web::jetons::NouveauJeton;

use crate::Suite;

struct Scrape {
    status: StatusCode,
    kind: String,
    text: String,
}

async fn get(router: &Router, path: &str, secret: &str, accept: &str) -> Scrape {
    let request = Request::builder()
        .uri(path)
        .header(header::AUTHORIZATION, format!("Bearer {secret}"))
        .header(header::ACCEPT, accept)
        .body(Body::empty())
        .expect("request");
    let answer = router.clone().oneshot(request).await.expect("answer");
    let kind =
        answer.headers().get(header::CONTENT_TYPE).map_or("", |v| v.to_str().expect("kind")).to_owned();
    let status = answer.status();
    let bytes = to_bytes(answer.into_body(), 1 << 22).await.expect("body");
    Scrape { status, kind, text: String::from_utf8(bytes.to_vec()).expect("UTF-8") }
}

/// Name and labels → value.
fn samples(text: &str) -> BTreeMap<String, f64> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, value) = line.rsplit_once(' ').expect("a sample");
            (name.to_owned(), value.parse().expect("a number"))
        })
        .collect()
}

#[tokio::test]
async fn what_is_counted_is_named_as_prometheus_would_have_it() {
    let suite = Suite::start().await;
    let house = &suite.house;
    let router = house
        .web
        .serve(house.routes.clone())
        .layer(from_fn_with_state(house.metriques.clone(), metrics::count));
    let new =
        |nom: &str, scope| NouveauJeton { nom: nom.into(), droits: vec![scope], ..NouveauJeton::default() };
    let creer = async |nom: &str, scope| {
        let made = house.web.jetons().creer(&Actor::Commande, new(nom, scope)).await.expect("token");
        made.1.expose().to_owned()
    };
    let (secret, other) =
        (creer("prometheus", Scope::MetriquesLire).await, creer("charon", Scope::MaquetteLire).await);

    let refused = get(&router, "/metrics", &other, "*/*").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("metriques:lire"));
    get(&router, "/api/v1/openapi.json", &other, "*/*").await;
    get(&router, "/api/v1/maquette/etudiants/20240001", &other, "*/*").await;
    suite.clock.advance(Duration::seconds(90));

    let scrape = get(&router, "/metrics", &secret, "text/plain").await;
    assert_eq!(
        (scrape.status, scrape.kind.as_str()),
        (StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8")
    );
    let seen = samples(&scrape.text);
    let value = |name: &str| seen.get(name).copied().unwrap_or(f64::NAN);
    assert_eq!(value("telemaque_database_up"), 1.0);
    assert_eq!(value("telemaque_sessions"), 0.0);
    assert_eq!(value("telemaque_token_refusals_total{reason=\"droit\"}"), 2.0);
    assert_eq!(value("telemaque_jobs{state=\"en_cours\"}"), 0.0);
    assert_eq!(value("telemaque_apogee_answers_total{origin=\"source\"}"), 0.0);
    assert_eq!(
        value("telemaque_http_requests_total{route=\"/api/v1/openapi.json\",method=\"GET\",status=\"200\"}"),
        1.0
    );
    assert_eq!(
        value(
            "telemaque_http_requests_total{route=\"/api/v1/maquette/etudiants\",method=\"GET\",status=\"403\"}"
        ),
        1.0
    );
    assert_eq!(value("telemaque_http_request_duration_seconds_count{route=\"/metrics\"}"), 1.0);
    assert!(value("process_resident_memory_bytes") > 1e6);
    assert!(!scrape.text.contains("20240001"), "nobody's number");
    conventions(&scrape.text);

    let open = get(&router, "/metrics", &secret, "application/openmetrics-text; version=1.0.0").await;
    assert!(open.kind.starts_with("application/openmetrics-text") && open.text.ends_with("# EOF\n"));
    suite.end().await;
}

/// Every family is described once, of a known type; counters end in `_total`; times are seconds, volumes bytes.
fn conventions(text: &str) {
    let mut described = BTreeMap::new();
    let mut helped = BTreeSet::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').expect("a type");
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
            assert!(
                described.insert(name.to_owned(), kind.to_owned()).is_none(),
                "{name} is described twice"
            );
            assert_eq!(kind == "counter", name.ends_with("_total"), "{line}");
            assert!(name.starts_with("telemaque_") || name.starts_with("process_"), "{line}");
            assert!(
                name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'),
                "{line}"
            );
            for unit in ["millis", "_ms", "minutes", "kilo", "_kb"] {
                assert!(!name.contains(unit), "{line}: a base unit");
            }
        } else if let Some(rest) = line.strip_prefix("# HELP ") {
            helped.insert(rest.split(' ').next().unwrap_or_default().to_owned());
        } else if !line.starts_with('#') {
            let name = line.split(['{', ' ']).next().unwrap_or_default();
            let family = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end));
            let known =
                described.contains_key(name) || family.is_some_and(|family| described.contains_key(family));
            assert!(known, "{name} is not described");
        }
    }
    assert_eq!(helped, described.keys().cloned().collect(), "each family says what it is");
}
