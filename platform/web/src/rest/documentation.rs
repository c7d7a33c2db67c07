//! The OpenAPI document, as programs read it and as people do: one page of ours, rendered from the document itself.

use std::sync::Arc;

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use kernel::{Right, Scope};
use utoipa::openapi::OpenApi;

use super::lecture::{self, Operation, Texte};
use super::{Conditions, Etag, inchange, octets};
use crate::components::{Badge, Tone};
use crate::{Frame, Page, RouteTable, Routes};

/// The page of the interface.
const PAGE: &str = "/api";

/// The document at `adresse`, and `/api` which shows it. Both are public: they hold nothing but the way to ask.
#[must_use]
pub fn documentation(adresse: &'static str, document: &OpenApi) -> RouteTable {
    let json = serde_json::to_value(document).unwrap_or_default();
    let corps = Bytes::from(document.to_pretty_json().map(|text| text + "\n").unwrap_or_default());
    let etat = Etat(Arc::new(Contenu {
        adresse,
        etag: Etag::du_corps(&corps),
        corps,
        intro: lecture::texte(json.pointer("/info/description")),
        version: json.pointer("/info/version").and_then(|v| v.as_str()).unwrap_or_default().to_owned(),
        groupes: lecture::groupes(&json),
    }));
    Routes::with_state(etat).get(adresse, Right::Public, telle_quelle).get(PAGE, Right::Public, page).build()
}

#[derive(Clone)]
struct Etat(Arc<Contenu>);

struct Contenu {
    adresse: &'static str,
    corps: Bytes,
    etag: Etag,
    intro: Texte,
    version: String,
    groupes: Vec<lecture::Groupe>,
}

async fn telle_quelle(State(etat): State<Etat>, conditions: Conditions) -> Response {
    let held = &etat.0;
    if conditions.tiennent(&held.etag) {
        inchange(&held.etag)
    } else {
        octets(&held.etag, held.corps.clone())
    }
}

#[derive(Template)]
#[template(path = "rest/interface.html")]
struct Interface {
    frame: Frame,
    contenu: Etat,
    /// The operation shown whole. All of them at once would be a page of thousands of rows.
    ouverte: Option<String>,
}

impl Interface {
    fn held(&self) -> &Contenu {
        &self.contenu.0
    }

    fn est_ouverte(&self, operation: &Operation) -> bool {
        self.ouverte.as_deref() == Some(operation.id.as_str())
    }

    fn droits(&self) -> [(&'static str, &'static str); Scope::ALL.len()] {
        Scope::ALL.map(|scope| (scope.code(), scope.libelle()))
    }

    fn pastilles(&self, operation: &Operation) -> Vec<Badge> {
        if operation.droits.is_empty() {
            return vec![Badge::new(Tone::Neutral, "sans jeton").icon("lock-open")];
        }
        operation.droits.iter().map(|code| Badge::new(Tone::Info, code.clone()).icon("key")).collect()
    }
}

async fn page(State(contenu): State<Etat>, frame: Frame, uri: Uri) -> Page<Interface> {
    let query = uri.query().unwrap_or_default();
    let ouverte = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "operation");
    let ouverte = ouverte.map(|(_, id)| id.into_owned());
    Page(Interface { frame: frame.titled("Interface pour les autres applications"), contenu, ouverte })
}
