//! The control page « Bac à sable »: what an engineer does to the sources to see what the suite makes of it.
//!
//! Loopback only, by the address of whoever asks and by the name they ask for. Every order has two doors:
//!
//! | order | fields | what it does |
//! |---|---|---|
//! | `accreditation` | – | pours the new accreditation into Apogée |
//! | `date` | `date`: `2024-09-15` | advances the day of the sandbox |
//! | `panne` | `source`: apogee, extraction, kofr, eve; `panne`: aucune, lente, coupee, html, connexion, absente; `secondes`: 0–90, for lente | makes a source ill, or well again |
//! | `changements` | `pourcentage`: 0.1–100, 2 when absent | changes that share of the rows |
//! | `nil` | `politique`: nil, omit | how SOAP answers spell absence |
//! | `reinitialisation` | – | starts again from the first world, every source well |
//!
//! - `POST /controle/{order}`, a form of the page, answers by a redirection to it;
//! - `POST /controle/api/{order}`, a JSON object, answers `{"fait": "…"}` or `application/problem+json`;
//! - `GET /controle/api/etat` tells the state as JSON: see [`Etat`].

mod acces;
mod etat;
mod ordre;

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;
use axum::extract::rejection::JsonRejection;
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use serde_json::{Value, json};

use crate::index::page;
use crate::origine::Origine;
use crate::rest::Probleme;
use crate::state::Sandbox;

pub(crate) use acces::check as verifier_acces;
pub use etat::{Etat, EtatSource, Taille};
pub use ordre::Ordre;

/// How many past orders the page remembers.
const MEMOIRE: usize = 8;

/// What the control page acts upon.
struct Controle {
    sandbox: Arc<Sandbox>,
    origine: Arc<Origine>,
    faits: Mutex<VecDeque<String>>,
}

type Partage = State<Arc<Controle>>;

/// The control page and its JSON twin, with their own guard.
pub fn router(sandbox: Arc<Sandbox>, origine: Arc<Origine>) -> Router {
    let controle = Arc::new(Controle { sandbox, origine, faits: Mutex::default() });
    Router::new()
        .route("/controle", get(show))
        .route("/controle/{ordre}", post(by_form))
        .route("/controle/api/etat", get(state))
        .route("/controle/api/{ordre}", post(by_json))
        .layer(middleware::from_fn(guard))
        .with_state(controle)
}

pub(crate) async fn guard(requete: Request, next: Next) -> Response {
    let pair = requete.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    match acces::check(pair, requete.method(), requete.headers()) {
        Ok(()) => next.run(requete).await,
        Err(refus) => refus.into_response(),
    }
}

#[derive(Template)]
#[template(path = "control.html")]
struct Page {
    etat: Etat,
    faits: Vec<String>,
    refus: Option<String>,
}

impl Controle {
    fn page(&self, refus: Option<&Probleme>) -> Response {
        let faits = self.faits.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect();
        let etat = Etat::new(&self.sandbox, &self.origine);
        let mut reponse = page(&Page { etat, faits, refus: refus.map(|p| p.detail().to_owned()) });
        if let Some(refus) = refus {
            *reponse.status_mut() = refus.statut();
        }
        reponse
    }

    /// Carries out an order, which may take seconds on a large world.
    async fn execute(
        self: Arc<Self>,
        nom: &str,
        champs: &HashMap<String, String>,
    ) -> Result<String, Probleme> {
        let ordre = Ordre::lire(nom, champs)?;
        let controle = self.clone();
        let fait =
            tokio::task::spawn_blocking(move || ordre.execute(&controle.sandbox, &controle.origine)).await;
        let fait = fait.map_err(|_| Probleme::panne("L'ordre n'a pas pu être exécuté."))??;
        tracing::info!(ordre = nom, "sandbox order carried out");
        let mut faits = self.faits.lock().unwrap_or_else(PoisonError::into_inner);
        faits.push_front(fait.clone());
        faits.truncate(MEMOIRE);
        Ok(fait)
    }
}

async fn show(State(controle): Partage) -> Response {
    controle.page(None)
}

async fn state(State(controle): Partage) -> Json<Etat> {
    Json(Etat::new(&controle.sandbox, &controle.origine))
}

async fn by_form(
    State(controle): Partage,
    Path(ordre): Path<String>,
    Form(champs): Form<HashMap<String, String>>,
) -> Response {
    match controle.clone().execute(&ordre, &champs).await {
        Ok(_) => Redirect::to("/controle").into_response(),
        Err(refus) => controle.page(Some(&refus)),
    }
}

async fn by_json(
    State(controle): Partage,
    Path(ordre): Path<String>,
    corps: Result<Json<HashMap<String, Value>>, JsonRejection>,
) -> Result<Json<Value>, Probleme> {
    let Json(champs) = corps.map_err(|_| {
        Probleme::demande("Le corps doit être un objet JSON, annoncé par Content-Type: application/json.")
    })?;
    let texte = |valeur: Value| match valeur {
        Value::String(texte) => texte,
        autre => autre.to_string(),
    };
    let champs = champs.into_iter().map(|(nom, valeur)| (nom, texte(valeur))).collect();
    Ok(Json(json!({ "fait": controle.execute(&ordre, &champs).await? })))
}
