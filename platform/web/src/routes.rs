//! Routes that declare the right they need, and the guard that holds them to it.

use axum::Router;
use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodFilter, any, on};
use kernel::Right;

use crate::jetons::Porteur;
use crate::{PageError, Visitor, problem};

/// One declared route, for the matrix of routes and roles.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Declared {
    /// Path, with its parameters: `/maquette/etapes/{code}`.
    pub path: String,
    /// `GET`, `POST`, `DELETE`…
    pub method: &'static str,
    /// What it asks of whoever calls it.
    pub right: Right,
}

/// The routes of a context while they are being declared, around its state `S`.
#[derive(Debug)]
pub struct Routes<S> {
    pages: Router<S>,
    api: Router<S>,
    state: S,
    declared: Vec<Declared>,
}

impl Routes<()> {
    /// Routes whose handlers need no state.
    #[must_use]
    pub fn new() -> Self {
        Self::with_state(())
    }
}

impl Default for Routes<()> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// Routes whose handlers take `State<S>`.
    #[must_use]
    pub fn with_state(state: S) -> Self {
        Self { pages: Router::new(), api: Router::new(), state, declared: Vec::new() }
    }

    /// Declares a page.
    #[must_use]
    pub fn get<H: Handler<T, S>, T: 'static>(self, path: &str, right: Right, handler: H) -> Self {
        self.on("GET", MethodFilter::GET, path, right, handler)
    }

    /// Declares a form's destination.
    #[must_use]
    pub fn post<H: Handler<T, S>, T: 'static>(self, path: &str, right: Right, handler: H) -> Self {
        self.on("POST", MethodFilter::POST, path, right, handler)
    }

    /// Declares a replacement, for the REST interface.
    #[must_use]
    pub fn put<H: Handler<T, S>, T: 'static>(self, path: &str, right: Right, handler: H) -> Self {
        self.on("PUT", MethodFilter::PUT, path, right, handler)
    }

    /// Declares a removal, for the REST interface.
    #[must_use]
    pub fn delete<H: Handler<T, S>, T: 'static>(self, path: &str, right: Right, handler: H) -> Self {
        self.on("DELETE", MethodFilter::DELETE, path, right, handler)
    }

    fn on<H: Handler<T, S>, T: 'static>(
        mut self,
        method: &'static str,
        filter: MethodFilter,
        path: &str,
        right: Right,
        handler: H,
    ) -> Self {
        let guarded = on(filter, handler).layer(from_fn_with_state(right, guard));
        if problem::is_api(path) {
            self.api = self.api.route(path, guarded);
        } else {
            self.pages = self.pages.route(path, guarded);
        }
        self.declared.push(Declared { path: path.to_owned(), method, right });
        self
    }

    /// Gives the handlers their state.
    #[must_use]
    pub fn build(self) -> RouteTable {
        RouteTable {
            pages: self.pages.with_state(self.state.clone()),
            api: self.api.with_state(self.state),
            declared: self.declared,
        }
    }
}

/// Finished routes, with what each declares. `app` merges those of every context.
#[derive(Clone, Debug, Default)]
pub struct RouteTable {
    pages: Router,
    api: Router,
    declared: Vec<Declared>,
}

impl RouteTable {
    /// These and those.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.pages = self.pages.merge(other.pages);
        self.api = self.api.merge(other.api);
        self.declared.extend(other.declared);
        self
    }

    /// Every route with its method and right, sorted by path.
    #[must_use]
    pub fn declared(&self) -> Vec<Declared> {
        let mut out = self.declared.clone();
        out.sort();
        out
    }

    /// Every route, without the layers of [`crate::Web::serve`]: for tests of handlers.
    pub fn into_router(self) -> Router {
        self.pages.merge(self.api)
    }

    /// Pages, and the REST interface: each has its own layers. Whatever is not an address of the interface is a refusal in JSON.
    pub(crate) fn into_routers(self) -> (Router, Router) {
        let nothing = any(async || problem::rien());
        (self.pages, self.api.route("/api/{*reste}", nothing))
    }
}

async fn guard(State(right): State<Right>, request: Request, next: Next) -> Response {
    if right == Right::Public {
        return next.run(request).await;
    }
    if let Some(porteur) = request.extensions().get::<Porteur>() {
        return match right {
            Right::Api(scope) if porteur.may(scope) => next.run(request).await,
            Right::Api(scope) => problem::sans_droit(scope),
            _ => PageError::forbidden().into_response(),
        };
    }
    match (request.extensions().get::<Visitor>(), right) {
        (Some(visitor), _) if visitor.may(right) => next.run(request).await,
        (Some(_), Right::Api(scope)) => problem::sans_role(scope).into_response(),
        (Some(_), _) => PageError::forbidden().into_response(),
        (None, Right::Api(_)) => problem::sans_jeton().into_response(),
        (None, _) if problem::wants_json(request.uri().path(), request.headers()) => {
            PageError::not_signed_in().into_response()
        }
        (None, _) => sign_in(&request),
    }
}

/// Sends to the sign-in page, which will come back here.
fn sign_in(request: &Request) -> Response {
    // Only a page can be come back to: what was to be posted is lost, and the sign-in page says so.
    if !request.method().is_safe() {
        return sign_in_again(request.headers(), None);
    }
    let wanted = request.uri().path_and_query().map_or("/", axum::http::uri::PathAndQuery::as_str);
    to_sign_in(request.headers(), &format!("/connexion?suite={}", encoded(wanted)))
}

fn encoded(page: &str) -> String {
    form_urlencoded::byte_serialize(page.as_bytes()).collect()
}

/// What was posted is lost, for its session has ended: the sign-in page says so, and leads back to `page`.
pub(crate) fn sign_in_again(headers: &HeaderMap, page: Option<&str>) -> Response {
    let suite = page.map(|page| format!("&suite={}", encoded(page))).unwrap_or_default();
    to_sign_in(headers, &format!("/connexion?motif=expiree{suite}"))
}

fn to_sign_in(headers: &HeaderMap, target: &str) -> Response {
    if headers.contains_key("hx-request") {
        let mut response = StatusCode::NO_CONTENT.into_response();
        if let Ok(value) = HeaderValue::from_str(target) {
            response.headers_mut().insert("hx-redirect", value);
        }
        return response;
    }
    Redirect::to(target).into_response()
}
