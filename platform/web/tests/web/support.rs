//! A browser of tests: cookies, forms, no network.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use db::Db;
use http_body_util::BodyExt;
use kernel::{Actor, FixedClock, Right, Role};
use tower::ServiceExt;
use web::comptes::NouveauCompte;
use web::{NavEntry, NavGroup, PageError, Redirection, RouteTable, Routes, Settings, Shell, Visitor, Web};

pub const MOT_DE_PASSE: &str = "quatre chevaux bruns";

/// The suite with a few routes of tests, on `db`.
pub fn suite(db: Db, clock: &Arc<FixedClock>) -> Web {
    suite_with(db, clock, Settings::default())
}

pub fn suite_with(db: Db, clock: &Arc<FixedClock>, settings: Settings) -> Web {
    let entry = |label, href, right| NavEntry { label, href, icon: "home", right };
    let shell = Shell {
        nav: vec![
            NavGroup {
                label: "Maquette",
                entries: vec![entry("Étapes", "/essai/lire", Right::MaquetteLire)],
            },
            NavGroup {
                label: "Administration",
                entries: vec![entry("Liens", "/essai/liens", Right::LiensVoir)],
            },
        ],
        ..Shell::default()
    };
    Web::new(db, Arc::<FixedClock>::clone(clock), settings, shell)
}

pub fn routes() -> RouteTable {
    Routes::new()
        .get("/essai/public", Right::Public, async || "ouvert")
        .get("/essai/lire", Right::MaquetteLire, async || "lu")
        .get("/essai/liens", Right::LiensVoir, async || "liens")
        .post("/essai/ecrire", Right::MaquetteLire, async |visitor: Visitor| {
            Redirection::to("/compte").success(format!("Écrit par {}.", visitor.actor()))
        })
        .get("/essai/etudiant", Right::Connecte, async |visitor: Visitor| {
            visitor.etudiant().map_or_else(|| "personne".to_owned(), |numero| numero.0)
        })
        .get("/essai/panique", Right::Public, async || -> &'static str {
            panic!("le mot de passe est sesame")
        })
        .get("/essai/rien", Right::Public, async || PageError::nothing("L’étape « <b>X</b> » n’existe pas."))
        .get("/api/essai", Right::MaquetteLire, async || "{}")
        .post("/api/essai", Right::Public, async || "reçu")
        .build()
}

pub async fn compte(web: &Web, role: Role) {
    let nouveau = NouveauCompte {
        identifiant: role.code().to_owned(),
        nom: format!("Compte {}", role.libelle()),
        role,
        mot_de_passe: MOT_DE_PASSE.to_owned(),
    };
    web.comptes().creer(&Actor::Commande, nouveau).await.expect("account is made");
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub body: String,
    /// What was sent, when it is not a text.
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.header("location")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    /// The token of the first form of the page.
    pub fn csrf(&self) -> String {
        let after = self.body.split("name=\"_csrf\" value=\"").nth(1).expect("the page has a form");
        after.split('"').next().unwrap_or_default().to_owned()
    }
}

pub struct Browser {
    router: Router,
    pub cookies: BTreeMap<String, String>,
    pub headers: Vec<(&'static str, String)>,
}

impl Browser {
    pub fn new(web: &Web) -> Self {
        Self::over(web.serve(routes()))
    }

    /// On a router with more around it.
    pub fn over(router: Router) -> Self {
        Self { router, cookies: BTreeMap::new(), headers: Vec::new() }
    }

    pub async fn send(&mut self, method: Method, path: &str, kind: &str, body: &str) -> Answer {
        let jar: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder().method(method).uri(path).header(header::COOKIE, jar.join("; "));
        if !kind.is_empty() {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let request = request.body(Body::from(body.to_owned())).expect("request");
        let response = self.router.clone().oneshot(request).await.expect("answer");
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let (pair, rest) = cookie.to_str().expect("text").split_once(';').expect("attributes");
            let (name, value) = pair.split_once('=').expect("name and value");
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let bytes = body.collect().await.expect("body").to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
            bytes: bytes.to_vec(),
        }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, "", "").await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, path, "application/x-www-form-urlencoded", &body).await
    }

    /// Fills the sign-in form.
    pub async fn sign_in(&mut self, identifiant: &str, mot_de_passe: &str, suite: &str) -> Answer {
        let csrf = self.get("/connexion").await.csrf();
        let fields = [
            ("_csrf", csrf.as_str()),
            ("identifiant", identifiant),
            ("mot_de_passe", mot_de_passe),
            ("suite", suite),
        ];
        self.post("/connexion", &fields).await
    }

    /// A browser where `role` is signed in.
    pub async fn of(web: &Web, role: Role) -> Self {
        compte(web, role).await;
        let mut browser = Self::new(web);
        let answer = browser.sign_in(role.code(), MOT_DE_PASSE, "").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        browser
    }
}

/// Asset names without their hash, so that a snapshot does not change with a stylesheet.
pub fn without_hashes(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    for (index, part) in html.split("/assets/icones").enumerate() {
        if index == 0 {
            out.push_str(part);
            continue;
        }
        out.push_str("/assets/icones.svg");
        out.push_str(part.split_once(".svg").map_or(part, |(_, rest)| rest));
    }
    out
}
