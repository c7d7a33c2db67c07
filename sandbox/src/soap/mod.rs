//! Apogée's web services, played from the world: same addresses, names, faults and oddities as the real ones.
//!
//! - an operation is one function `(&World, &Request) -> Result<Response, Box<Fault>>` and one line in [`dispatch`];
//! - parameters are checked in [`demande`], with the exact codes of the contract;
//! - `GET …?wsdl` describes just what is served ([`wsdl`]).

mod administratif;
mod contrat;
mod demande;
mod dispatch;
mod epreuves;
mod etudiant;
mod liste;
mod offre;
mod referentiel;
mod resultats;
mod wsdl;

use std::sync::Arc;

use apogee::wire::{self, Body, Fault, Service, charset, decode_body};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{OriginalUri, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::acces;
use crate::state::{NilPolicy, Sandbox};

/// Apogée is up and its database is not.
pub const FAULT_CONNEXION: &str = "technical.data.transaction.connexion";

/// The routes `/services/{Service}`.
pub fn router(sandbox: Arc<Sandbox>) -> Router {
    Router::new()
        .route("/services/{service}", get(describe).post(answer))
        .layer(middleware::from_fn_with_state(sandbox.clone(), acces::basic))
        .with_state(sandbox)
}

/// A fault of Apogée, by its dotted code, as HTTP carries it.
pub fn fault_response(code: &str) -> Response {
    xml(StatusCode::INTERNAL_SERVER_ERROR, Fault::apogee(code).encode(EXCEPTION, wire::NilPolicy::Nil))
}

/// Namespace of a fault that no service could claim.
const EXCEPTION: &str = "exception.transverse.commun.apogee.education.gouv";

fn xml(status: StatusCode, corps: String) -> Response {
    let nature = HeaderValue::from_static("text/xml; charset=utf-8");
    (status, [(header::CONTENT_TYPE, nature)], corps).into_response()
}

fn faute(fault: &Fault, namespace: &str, policy: wire::NilPolicy) -> Response {
    xml(StatusCode::INTERNAL_SERVER_ERROR, fault.encode(namespace, policy))
}

impl From<NilPolicy> for wire::NilPolicy {
    fn from(value: NilPolicy) -> Self {
        match value {
            NilPolicy::Nil => Self::Nil,
            NilPolicy::Omit => Self::Omit,
        }
    }
}

async fn answer(
    State(sandbox): State<Arc<Sandbox>>,
    Path(service): Path<String>,
    entetes: HeaderMap,
    corps: Bytes,
) -> Response {
    let policy = sandbox.nil().into();
    let Some(service) = Service::at(&service) else {
        let message =
            format!("The AXIS engine could not find a target service to invoke!  targetService is {service}");
        return faute(&Fault::moteur("soapenv:Server.NoService", &message), EXCEPTION, policy);
    };
    let nature = entetes.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let appel = match decode_body(&corps, charset(nature)) {
        Ok(Body::Wrapper(appel)) => appel,
        Ok(Body::Fault(_)) => {
            let fault = Fault::moteur("soapenv:Client", "Unexpected wrapper element Fault found.");
            return faute(&fault, service.namespace(), policy);
        }
        Err(erreur) => {
            // As Axis does: the parser's own words in the fault string.
            let message = format!("org.xml.sax.SAXParseException: {erreur}");
            let fault = Fault::moteur("soapenv:Server.userException", &message);
            return faute(&fault, service.namespace(), policy);
        }
    };
    match dispatch::run(&sandbox.world(), service, &appel, policy) {
        Ok(reponse) => xml(StatusCode::OK, reponse),
        Err(fault) => faute(&fault, service.namespace(), policy),
    }
}

async fn describe(
    Path(service): Path<String>,
    OriginalUri(uri): OriginalUri,
    entetes: HeaderMap,
) -> Response {
    let Some(service) = Service::at(&service) else {
        return (StatusCode::NOT_FOUND, "Aucun service web à cette adresse.\n").into_response();
    };
    if !uri.query().is_some_and(|q| q.split('&').any(|p| p.eq_ignore_ascii_case("wsdl"))) {
        let page = format!(
            "{}\n\nIl s'agit d'un service web SOAP : ajoutez ?wsdl à l'adresse.\n",
            service.endpoint()
        );
        return page.into_response();
    }
    let hote = entetes.get(header::HOST).and_then(|v| v.to_str().ok()).unwrap_or("localhost");
    xml(StatusCode::OK, wsdl::describe(service, &format!("http://{hote}{}", uri.path())))
}
