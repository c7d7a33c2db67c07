//! What is read when `/metrics` is asked.

use std::sync::atomic::AtomicU64;

use chrono::{DateTime, Utc};
use kernel::Source;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

use super::{Vues, process};

type Label = [(&'static str, String); 1];
type Labels = [(&'static str, String); 2];
type Real = Gauge<f64, AtomicU64>;

fn label(name: &'static str, value: &str) -> Label {
    [(name, value.to_owned())]
}

#[expect(clippy::cast_precision_loss, reason = "seconds of this millennium")]
fn seconds(instant: DateTime<Utc>) -> f64 {
    instant.timestamp_millis() as f64 / 1000.0
}

/// The state of the suite at this instant. What the database cannot say, because it does not answer, is left out: `telemaque_database_up`
/// says why.
pub(super) async fn now(vues: &Vues) -> Registry {
    let mut registry = Registry::default();
    of_process(&mut registry, vues);
    let ours = registry.sub_registry_with_prefix("telemaque");
    let up = vues.db.ping().await.is_ok();
    let answers = Gauge::<i64>::default();
    answers.set(i64::from(up));
    ours.register("database_up", "Whether the database answers", answers);
    let build = Family::<Labels, Gauge>::default();
    let names =
        [("version", env!("CARGO_PKG_VERSION").to_owned()), ("engine", vues.db.engine().name().to_owned())];
    build.get_or_create(&names).set(1);
    ours.register("build_info", "Version of the suite and engine of its database; always 1", build);
    of_tokens(ours, vues);
    of_questions(ours, vues);
    if up {
        of_jobs(ours, vues).await;
        of_sources(ours, vues).await;
        of_collections(ours, vues).await;
        if let Ok(n) = vues.web.sessions_ouvertes().await {
            let sessions = Gauge::<i64>::default();
            sessions.set(i64::try_from(n).unwrap_or(i64::MAX));
            ours.register("sessions", "Sessions that are open", sessions);
        }
    }
    registry
}

fn of_process(registry: &mut Registry, vues: &Vues) {
    let seen = process::read();
    let real = |value: f64| {
        let gauge = Real::default();
        gauge.set(value);
        gauge
    };
    if let Some(bytes) = seen.resident {
        let memory = Gauge::<i64>::default();
        memory.set(i64::try_from(bytes).unwrap_or(i64::MAX));
        registry.register_with_unit("process_resident_memory", "Resident memory size", Unit::Bytes, memory);
    }
    if let Some(used) = seen.cpu {
        let cpu = Counter::<f64, AtomicU64>::default();
        cpu.inc_by(used);
        registry.register_with_unit(
            "process_cpu",
            "User and system processor time spent",
            Unit::Seconds,
            cpu,
        );
    }
    if let Some(files) = seen.files {
        let open = Gauge::<i64>::default();
        open.set(i64::try_from(files).unwrap_or(i64::MAX));
        registry.register("process_open_fds", "Open file descriptors", open);
    }
    let started = real(seconds(vues.metriques.0.started));
    registry.register_with_unit(
        "process_start_time",
        "Start of the process, since the epoch",
        Unit::Seconds,
        started,
    );
}

fn of_tokens(ours: &mut Registry, vues: &Vues) {
    let refused = Family::<Label, Counter>::default();
    for (reason, n) in vues.web.jetons().refus() {
        refused.get_or_create(&label("reason", reason.code())).inc_by(n);
    }
    ours.register("token_refusals", "Requests whose token was refused, by reason", refused);
}

fn of_questions(ours: &mut Registry, vues: &Vues) {
    let counted = vues.api.compteurs();
    let answers = Family::<Label, Counter>::default();
    for (origin, n) in [
        ("source", counted.source),
        ("cache", counted.copie),
        ("stale", counted.secours),
        ("refused", counted.refus),
    ] {
        answers.get_or_create(&label("origin", origin)).inc_by(n);
    }
    ours.register(
        "apogee_answers",
        "Questions to Apogée, by what answered: the source, a fresh copy, the last good copy, nothing",
        answers,
    );
}

async fn of_jobs(ours: &mut Registry, vues: &Vues) {
    let Ok(states) = vues.queue.count_by_state().await else { return };
    let jobs = Family::<Label, Gauge>::default();
    for (state, n) in states {
        jobs.get_or_create(&label("state", state.code())).set(i64::try_from(n).unwrap_or(i64::MAX));
    }
    ours.register("jobs", "Background jobs, by state", jobs);
}

async fn of_sources(ours: &mut Registry, vues: &Vues) {
    let Ok(liens) = vues.api.liens().await else { return };
    let (up, ages) = (Family::<Label, Gauge>::default(), Family::<Label, Real>::default());
    let now = vues.clock.now();
    for source in Source::ALL {
        let name = label("source", source.code());
        if let Some(works) = api::etat(source, &liens).en_marche {
            up.get_or_create(&name).set(i64::from(works));
        }
        if let Some(copied) = vues.api.copie_obtenue_le(source).await {
            ages.get_or_create(&name).set((seconds(now) - seconds(copied)).max(0.0));
        }
    }
    ours.register("source_up", "Whether the source answered when it was last tried", up);
    ours.register_with_unit("source_copy_age", "Age of what is held of the source", Unit::Seconds, ages);
}

async fn of_collections(ours: &mut Registry, vues: &Vues) {
    let read =
        vues.db.read(|c| async move { maquette::store::collecte_issues::collecte_issues(&c).await }).await;
    let Ok(issues) = read else { return };
    let last = Family::<Labels, Real>::default();
    for issue in issues {
        let names = [("scope", issue.portee), ("outcome", issue.etat)];
        last.get_or_create(&names).set(seconds(issue.finie_le));
    }
    ours.register_with_unit(
        "collection_end_timestamp",
        "End of the last collection, since the epoch, by scope and outcome",
        Unit::Seconds,
        last,
    );
}
