//! `GET /sante`: whether this process may be sent visitors, for whoever watches over it. Nothing personal, nothing secret.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use api::{Api, Lien};
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use db::Db;
use jobs::Queue;
use kernel::{Clock, Right, Source};
use serde::Serialize;
use web::{RouteTable, Routes};

/// Whether the process has finished starting: a demonstration is ready once its first collection is done. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Readiness(Arc<AtomicBool>);

impl Readiness {
    /// Still starting.
    #[must_use]
    pub fn starting() -> Self {
        Self(Arc::new(AtomicBool::new(false)))
    }

    /// Ready from the start.
    #[must_use]
    pub fn ready() -> Self {
        Self(Arc::new(AtomicBool::new(true)))
    }

    /// Says that starting is over.
    pub fn set(&self) {
        self.0.store(true, Ordering::Release);
    }

    fn is_set(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// What health looks at.
#[derive(Clone, Debug)]
pub struct Health {
    /// The database.
    pub db: Db,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// The links.
    pub api: Api,
    /// The jobs.
    pub queue: Queue,
    /// Whether starting is over.
    pub ready: Readiness,
}

/// The route.
#[must_use]
pub fn routes(health: Health) -> RouteTable {
    Routes::with_state(health).get("/sante", Right::Public, sante).build()
}

#[derive(Debug, Serialize)]
struct Sante {
    etat: &'static str,
    version: &'static str,
    base: Base,
    sources: Vec<EtatSource>,
    travaux: jobs::Charge,
}

#[derive(Debug, Serialize)]
struct Base {
    moteur: &'static str,
    etat: &'static str,
}

/// A source, as its links were last seen. An outage of a source never makes the suite unhealthy: pages show the last good copy.
#[derive(Debug, Serialize)]
struct EtatSource {
    source: Source,
    libelle: &'static str,
    /// `repond`, `en_panne`, `non_verifie`.
    etat: &'static str,
    depuis: Option<DateTime<Utc>>,
    verifie_le: Option<DateTime<Utc>>,
    copie_du: Option<DateTime<Utc>>,
    age_copie_s: Option<i64>,
}

async fn sante(State(health): State<Health>) -> Response {
    let answers = health.db.ping().await.is_ok();
    let (liens, travaux) = if answers {
        (health.api.liens().await, health.queue.load().await)
    } else {
        (Ok(Vec::new()), Ok(jobs::Charge::default()))
    };
    // A database that answers but lacks a table is not one we can serve from.
    let usable = answers && liens.is_ok() && travaux.is_ok();
    let liens = liens.unwrap_or_default();
    let mut sources = Vec::new();
    for source in Source::ALL {
        let copie = if usable { health.api.copie_obtenue_le(source).await } else { None };
        sources.push(source_state(source, &liens, copie, health.clock.now()));
    }
    let ready = usable && health.ready.is_set();
    let etat = match (usable, ready) {
        (false, _) => "base_indisponible",
        (true, false) => "demarrage",
        (true, true) => "pret",
    };
    let body = Sante {
        etat,
        version: env!("CARGO_PKG_VERSION"),
        base: Base { moteur: health.db.engine().name(), etat: if usable { "repond" } else { "en_panne" } },
        sources,
        travaux: travaux.unwrap_or_default(),
    };
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

fn source_state(
    source: Source,
    liens: &[Lien],
    copie: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> EtatSource {
    let seen = api::etat(source, liens);
    let etat = match seen.en_marche {
        Some(true) => "repond",
        Some(false) => "en_panne",
        None => "non_verifie",
    };
    EtatSource {
        source,
        libelle: source.libelle(),
        etat,
        depuis: seen.depuis,
        verifie_le: seen.verifie_le,
        copie_du: copie,
        age_copie_s: copie.map(|instant| (now - instant).num_seconds().max(0)),
    }
}
