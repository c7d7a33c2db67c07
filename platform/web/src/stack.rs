//! The layers around every route, and what they share.

use std::any::Any;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use askama::Template;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router};
use chrono::Duration;
use db::{Db, DbError, Migration};
use kernel::{Clock, Right};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::trace::TraceLayer;

use crate::cas::{self, Cas};
use crate::comptes::{self, Comptes, Frein};
use crate::frame::{Frame, Theme};
use crate::jetons::{self, Jetons};
use crate::sessions::Sessions;
use crate::shell::Contact;
use crate::{
    PageError, RouteTable, Routes, Shell, Visitor, assets, cookie, galerie, headers, page, problem, sessions,
    vues,
};

/// The tables of accounts and sessions.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        context: "web",
        name: "0001_comptes_sessions",
        sql: "CREATE TABLE web_compte (
        id {id},
        identifiant TEXT NOT NULL UNIQUE,
        nom TEXT NOT NULL,
        empreinte TEXT NOT NULL,
        role TEXT NOT NULL,
        actif BOOLEAN NOT NULL,
        cree_le {instant} NOT NULL,
        echecs BIGINT NOT NULL,
        bloque_jusqu_a {instant});
CREATE TABLE web_session (
        id {id},
        jeton TEXT NOT NULL UNIQUE,
        compte BIGINT NOT NULL REFERENCES web_compte (id),
        creee_le {instant} NOT NULL,
        vue_le {instant} NOT NULL,
        expire_le {instant} NOT NULL,
        appareil TEXT NOT NULL,
        csrf TEXT NOT NULL);
CREATE INDEX web_session_compte ON web_session (compte);
CREATE INDEX web_session_expire ON web_session (expire_le)",
    },
    jetons::store::MIGRATION,
    comptes::COMPTES_CAS,
    vues::MIGRATION,
    comptes::COMPTES_ETUDIANT,
];

/// What an installation decides.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Whether browsers reach us by https, directly or through a proxy: cookies become `Secure`, HSTS is sent.
    pub https: bool,
    /// A session ends when it was not used for so long.
    pub session_inactive: Duration,
    /// A session ends after so long, used or not.
    pub session_max: Duration,
    /// Largest request body, in bytes.
    pub body_limit: usize,
    /// Proxies whose word is taken for the address of whoever asks.
    pub mandataires: Vec<IpAddr>,
    /// The university's sign-in, when there is one.
    pub cas: Option<Cas>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            https: false,
            session_inactive: Duration::hours(4),
            session_max: Duration::hours(14),
            body_limit: 2 * 1024 * 1024,
            mandataires: vec![IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)],
            cas: None,
        }
    }
}

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    settings: Settings,
    shell: Shell,
    comptes: Comptes,
    frein: Frein,
    jetons: Jetons,
}

/// The web side of the suite: accounts, sessions, frame, layers. Cheap to clone.
#[derive(Clone)]
pub struct Web(Arc<Inner>);

impl std::fmt::Debug for Web {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Web").field("settings", &self.0.settings).finish_non_exhaustive()
    }
}

impl Web {
    /// On `db`, whose tables of [`MIGRATIONS`] exist.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, settings: Settings, shell: Shell) -> Self {
        let comptes = Comptes::new(db.clone(), Arc::clone(&clock), settings.session_inactive);
        let jetons = Jetons::new(db.clone(), Arc::clone(&clock));
        Self(Arc::new(Inner { db, clock, settings, shell, comptes, frein: Frein::default(), jetons }))
    }

    /// Accounts: for the command line as well.
    #[must_use]
    pub fn comptes(&self) -> &Comptes {
        &self.0.comptes
    }

    /// Tokens of other applications: for the command line, Administration and metrics as well.
    #[must_use]
    pub fn jetons(&self) -> &Jetons {
        &self.0.jetons
    }

    /// How many sessions are open.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sessions_ouvertes(&self) -> Result<u64, DbError> {
        let now = self.0.clock.now();
        let inactive = now - self.0.settings.session_inactive;
        let sql = "SELECT COUNT(*) FROM web_session WHERE expire_le > ? AND vue_le > ?";
        self.0.db.read(|c| async move { db::sql::count(&c, sql, [now.into(), inactive.into()]).await }).await
    }

    pub(crate) fn sessions(&self) -> Sessions<'_> {
        Sessions::new(&self.0.db, self.0.clock.as_ref(), &self.0.settings)
    }

    pub(crate) fn cas(&self) -> Option<&Cas> {
        self.0.settings.cas.as_ref()
    }

    pub(crate) fn frein(&self) -> &Frein {
        &self.0.frein
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        self.0.clock.as_ref()
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(crate) fn shell(&self) -> &Shell {
        &self.0.shell
    }

    /// The contexts' routes and ours: sign-in, own account, assets, the components' page. For the matrix of rights.
    #[must_use]
    pub fn complete(&self, contexts: RouteTable) -> RouteTable {
        let assets = Routes::new().get("/assets/{name}", Right::Public, assets::serve).build();
        contexts
            .merge(assets)
            .merge(comptes::routes(self))
            .merge(cas::routes(self.clone()))
            .merge(galerie::routes(self.clone()))
            .merge(vues::routes(self.clone()))
    }

    /// Everything as one router, with its layers.
    pub fn serve(&self, contexts: RouteTable) -> Router {
        let layers = ServiceBuilder::new()
            .layer(TraceLayer::new_for_http().make_span_with(span))
            .layer(from_fn_with_state(self.clone(), headers::secure))
            .layer(
                CompressionLayer::new().compress_when(
                    DefaultPredicate::new()
                        .and(NotForContentType::const_new("font/"))
                        .and(NotForContentType::const_new(crate::export::XLSX)),
                ),
            )
            .layer(DefaultBodyLimit::max(self.0.settings.body_limit))
            .layer(Extension(self.clone()))
            .layer(from_fn_with_state(self.clone(), sessions::layer))
            .layer(from_fn_with_state(self.clone(), dress))
            .layer(CatchPanicLayer::custom(panicked));
        let (pages, api) = self.complete(contexts).into_routers();
        pages.fallback(async || PageError::not_found()).layer(layers).merge(self.serve_api(api))
    }

    /// The REST interface: what a page needs (message, theme, frame) is not made for it, and compression is for those who ask.
    fn serve_api(&self, api: Router) -> Router {
        api.layer(
            ServiceBuilder::new()
                .layer(TraceLayer::new_for_http().make_span_with(span))
                .layer(from_fn_with_state(self.clone(), headers::secure_api))
                .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
                .layer(DefaultBodyLimit::max(self.0.settings.body_limit))
                .layer(from_fn(problem::dress))
                .layer(from_fn_with_state(self.clone(), jetons::layer))
                .layer(CatchPanicLayer::custom(panicked)),
        )
    }
}

/// One span per request: which route, never which address. An address may hold a student's number or a name that was searched.
fn span(request: &Request<Body>) -> tracing::Span {
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str);
    tracing::info_span!("request", method = %request.method(), route)
}

#[expect(clippy::needless_pass_by_value, reason = "the signature tower-http asks for")]
fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let fault = PageError::internal("panique", None, None);
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    tracing::error!(reference = fault.reference, panic = text.unwrap_or("?"), "panic");
    fault.into_response()
}

#[derive(Template)]
#[template(path = "erreurs/erreur.html")]
struct ErrorPage {
    frame: Frame,
    fault: PageError,
    contact: Contact,
}

/// Turns refusals into pages of the frame, or into JSON, or into htmx's way of leaving.
async fn dress(State(web): State<Web>, request: Request, next: Next) -> Response {
    let uri = request.uri().clone();
    let request_headers = request.headers().clone();
    let visitor = request.extensions().get::<Visitor>().cloned();

    let mut response = page::for_htmx(&request_headers, next.run(request).await);
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let fault = match response.extensions_mut().remove::<PageError>() {
        Some(fault) => fault,
        None if is_plain(&response) => PageError::of_status(status),
        None => return response,
    };
    let mut dressed = refusal(&web, &uri, &request_headers, visitor, fault).await;
    for name in [header::ALLOW, header::RETRY_AFTER] {
        if let Some(value) = response.headers().get(&name) {
            dressed.headers_mut().insert(name, value.clone());
        }
    }
    dressed
}

/// A refusal as who asked reads it: a page of the frame, or JSON.
pub(crate) async fn refusal(
    web: &Web,
    uri: &Uri,
    headers: &HeaderMap,
    visitor: Option<Visitor>,
    fault: PageError,
) -> Response {
    if problem::wants_json(uri.path(), headers) {
        return problem::response(&fault, uri.path());
    }
    let status = fault.status();
    let theme = Theme::parse(cookie::read(headers, cookie::THEME).unwrap_or_default());
    let frame = Frame::of_request(web, visitor, uri.path(), uri.query().unwrap_or_default(), theme).await;
    let frame = frame.titled(title(status));
    let contact = web.shell().contact.clone();
    page::Page(ErrorPage { frame, fault, contact }).with_status(status)
}

/// A refusal of the framework's own: no type, or plain text.
fn is_plain(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    kind.is_none_or(|kind| kind.starts_with(b"text/plain"))
}

fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "Page introuvable",
        StatusCode::FORBIDDEN => "Accès refusé",
        StatusCode::UNAUTHORIZED => "Connexion requise",
        StatusCode::CONFLICT => "Impossible pour l’instant",
        StatusCode::SERVICE_UNAVAILABLE => "Source indisponible",
        status if status.is_client_error() => "Demande refusée",
        _ => "Erreur de notre côté",
    }
}
