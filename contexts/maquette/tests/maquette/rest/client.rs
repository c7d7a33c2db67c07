//! A consumer with its token.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use contracts::liens::{EtatDesSources, EtatSource};
use db::{Db, Migration};
use http_body_util::BodyExt;
use kernel::{Actor, Outage, Scope, Source};
use maquette::web::Maquette;
use serde_json::Value;
use tower::ServiceExt;
use web::jetons::NouveauJeton;
use web::{Settings, Shell, Web};

use crate::banc::Banc;

pub fn migrations() -> Vec<Migration> {
    web::MIGRATIONS.iter().chain(jobs::MIGRATIONS).chain(maquette::MIGRATIONS).copied().collect()
}

#[derive(Debug)]
struct Muettes;

#[async_trait]
impl EtatDesSources for Muettes {
    async fn etats(&self) -> Vec<EtatSource> {
        Vec::new()
    }

    async fn constater(&self, _: Source, _: Option<&Outage>) {}
}

/// What Maquette's routes are given.
pub fn maquette_de(db: Db, banc: &Banc) -> Maquette {
    let outils = maquette::Outils { db, ..banc.collecteur.outils.clone() };
    let lectures = banc.collecteur.sources.clone();
    Maquette { outils, queue: banc.queue.clone(), sources: Arc::new(Muettes), lectures, veilles: Vec::new() }
}

#[derive(Clone, Debug)]
pub struct Reponse {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub texte: String,
}

impl Reponse {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.texte).unwrap_or_else(|err| panic!("{err} : {}", self.texte))
    }

    pub fn etag(&self) -> String {
        self.header("etag")
    }

    pub fn header(&self, nom: &str) -> String {
        self.headers.get(nom).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default()
    }

    /// One field of each row.
    pub fn champ(&self, nom: &str) -> Vec<Value> {
        self.json()["elements"].as_array().unwrap().iter().map(|e| e[nom].clone()).collect()
    }
}

/// The interface of one process on a database, and its tokens.
pub struct Guichet {
    routeur: Router,
    jetons: BTreeMap<String, String>,
    web: Web,
}

impl Guichet {
    pub fn new(banc: &Banc) -> Self {
        Self::sur(banc.db.clone(), banc)
    }

    /// Another process: another handle on the same database.
    pub fn sur(db: Db, banc: &Banc) -> Self {
        let m = maquette_de(db.clone(), banc);
        let web = Web::new(db, testkit::clock(), Settings::default(), Shell::default());
        let routeur = web.serve(maquette::rest::routes(m));
        Self { routeur, jetons: BTreeMap::new(), web }
    }

    /// A token of these scopes.
    pub async fn jeton(&mut self, nom: &str, droits: &[Scope]) {
        let nouveau =
            NouveauJeton { nom: nom.to_owned(), droits: droits.to_vec(), ..NouveauJeton::default() };
        let (_, secret) = self.web.jetons().creer(&Actor::Commande, nouveau).await.unwrap();
        self.jetons.insert(nom.to_owned(), secret.expose().to_owned());
    }

    pub async fn demander(&self, jeton: &str, adresse: &str, tenu: &str) -> Reponse {
        let mut demande = Request::builder().uri(adresse);
        if let Some(secret) = self.jetons.get(jeton) {
            demande = demande.header(header::AUTHORIZATION, format!("Bearer {secret}"));
        }
        if !tenu.is_empty() {
            demande = demande.header(header::IF_NONE_MATCH, tenu);
        }
        let reponse = self.routeur.clone().oneshot(demande.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, corps) = reponse.into_parts();
        let octets = corps.collect().await.unwrap().to_bytes();
        let texte = String::from_utf8(octets.to_vec()).unwrap();
        Reponse { status: parts.status, headers: parts.headers, texte }
    }

    pub async fn lire(&self, jeton: &str, adresse: &str) -> Reponse {
        self.demander(jeton, adresse, "").await
    }

    /// What must answer 200.
    pub async fn bon(&self, jeton: &str, adresse: &str) -> Reponse {
        let r = self.lire(jeton, adresse).await;
        assert_eq!(r.status, StatusCode::OK, "{adresse} : {}", r.texte);
        r
    }
}
