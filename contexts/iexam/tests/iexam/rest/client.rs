//! An application with its token, and somebody at a browser.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use db::Migration;
use http_body_util::BodyExt as _;
use kernel::{Actor, FixedClock, Role, Scope};
use serde_json::Value;
use tower::ServiceExt as _;
use web::comptes::NouveauCompte;
use web::jetons::NouveauJeton;
use web::{Settings, Shell, Web};

use crate::banc::Banc;

const MOT_DE_PASSE: &str = "quatre chevaux bruns";

pub fn migrations() -> Vec<Migration> {
    [web::MIGRATIONS, mail::MIGRATIONS, iexam::MIGRATIONS].concat()
}

/// Every scope of exams.
pub const TOUT: [Scope; 6] = [
    Scope::ExamensLire,
    Scope::ExamensEcrire,
    Scope::PaiementsLire,
    Scope::PaiementsEcrire,
    Scope::EtudiantsLire,
    Scope::EtudiantsIdentite,
];

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

    pub fn header(&self, nom: &str) -> String {
        self.headers.get(nom).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default()
    }

    /// One field of each row.
    pub fn champ(&self, nom: &str) -> Vec<Value> {
        self.json()["elements"].as_array().unwrap().iter().map(|e| e[nom].clone()).collect()
    }

    /// `urn:telemaque:…` of a refusal, without what is common to all.
    pub fn sorte(&self) -> String {
        let corps = self.json();
        corps["type"].as_str().unwrap_or_default().trim_start_matches("urn:telemaque:").to_owned()
    }
}

/// The interface, its tokens, its browsers.
pub struct Guichet {
    pub routeur: Router,
    web: Web,
    jetons: BTreeMap<String, String>,
}

impl Guichet {
    pub fn new(banc: &Banc) -> Self {
        let clock = Arc::<FixedClock>::clone(&banc.clock);
        let web = Web::new(banc.db.clone(), clock, Settings::default(), Shell::default());
        let routeur = web.serve(iexam::rest::routes(&banc.iexam));
        Self { routeur, jetons: BTreeMap::new(), web }
    }

    /// A token of these scopes.
    pub async fn jeton(&mut self, nom: &str, droits: &[Scope]) {
        let nouveau =
            NouveauJeton { nom: nom.to_owned(), droits: droits.to_vec(), ..NouveauJeton::default() };
        let (_, secret) = self.web.jetons().creer(&Actor::Commande, nouveau).await.unwrap();
        self.jetons.insert(nom.to_owned(), secret.expose().to_owned());
    }

    pub fn demande(&self, jeton: &str, methode: &str, adresse: &str) -> axum::http::request::Builder {
        let demande = Request::builder().method(methode).uri(adresse);
        match self.jetons.get(jeton) {
            Some(secret) => demande.header(header::AUTHORIZATION, format!("Bearer {secret}")),
            None => demande,
        }
    }

    pub async fn lire(&self, jeton: &str, adresse: &str) -> Reponse {
        envoyer(&self.routeur, self.demande(jeton, "GET", adresse).body(Body::empty()).unwrap()).await
    }

    /// What must answer 200.
    pub async fn bon(&self, jeton: &str, adresse: &str) -> Reponse {
        let r = self.lire(jeton, adresse).await;
        assert_eq!(r.status, StatusCode::OK, "{adresse} : {}", r.texte);
        r
    }

    /// A write under a key.
    pub async fn ecrire(
        &self,
        jeton: &str,
        methode: &str,
        adresse: &str,
        cle: &str,
        corps: &Value,
    ) -> Reponse {
        let demande = self.demande(jeton, methode, adresse).header("Idempotency-Key", cle);
        envoyer(&self.routeur, demande.body(Body::from(corps.to_string())).unwrap()).await
    }

    pub async fn poster(&self, jeton: &str, adresse: &str, cle: &str, corps: &Value) -> Reponse {
        self.ecrire(jeton, "POST", adresse, cle, corps).await
    }

    /// Somebody of that role signs in: the cookies and the session's token.
    pub async fn entrer(&self, role: Role) -> (String, String) {
        let identifiant = role.code().to_owned();
        let nouveau = NouveauCompte {
            identifiant: identifiant.clone(),
            nom: role.libelle().into(),
            role,
            mot_de_passe: MOT_DE_PASSE.into(),
        };
        self.web.comptes().creer(&Actor::Commande, nouveau).await.unwrap();
        let form = envoyer(&self.routeur, Request::get("/connexion").body(Body::empty()).unwrap()).await;
        let avant = cookies(&form);
        let corps: String = form_urlencoded::Serializer::new(String::new())
            .append_pair("_csrf", &champ(&form.texte, "_csrf"))
            .append_pair("identifiant", &identifiant)
            .append_pair("mot_de_passe", MOT_DE_PASSE)
            .finish();
        let demande = Request::post("/connexion")
            .header(header::COOKIE, avant)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let entree = envoyer(&self.routeur, demande.body(Body::from(corps)).unwrap()).await;
        assert_eq!(entree.status, StatusCode::SEE_OTHER, "{identifiant} signs in");
        let session = cookies(&entree);
        let demande = Request::get("/compte").header(header::COOKIE, &session).body(Body::empty()).unwrap();
        let csrf = champ(&envoyer(&self.routeur, demande).await.texte, "_csrf");
        (session, csrf)
    }
}

pub async fn envoyer(routeur: &Router, demande: Request<Body>) -> Reponse {
    let reponse = routeur.clone().oneshot(demande).await.unwrap();
    let (parts, corps) = reponse.into_parts();
    let octets = corps.collect().await.unwrap().to_bytes();
    let texte = String::from_utf8(octets.to_vec()).unwrap();
    Reponse { status: parts.status, headers: parts.headers, texte }
}

fn cookies(r: &Reponse) -> String {
    let poses = r.headers.get_all(header::SET_COOKIE).iter();
    let paires: Vec<_> = poses.map(|v| v.to_str().unwrap().split(';').next().unwrap().to_owned()).collect();
    paires.join("; ")
}

/// The value of the first hidden field of that name.
fn champ(page: &str, nom: &str) -> String {
    let apres = page.split(&format!("name=\"{nom}\"")).nth(1).expect("field");
    apres.split("value=\"").nth(1).and_then(|reste| reste.split('"').next()).expect("value").to_owned()
}

/// Sends under a key of its own each time.
pub struct Ecrivain(pub Guichet, std::cell::Cell<u32>);

impl Ecrivain {
    pub async fn faire(&self, methode: &str, adresse: &str, corps: Value) -> Reponse {
        self.1.set(self.1.get() + 1);
        let cle = format!("r-{}", self.1.get());
        self.0.ecrire("app", methode, &format!("/api/v1/iexam/{adresse}"), &cle, &corps).await
    }

    pub async fn lire(&self, adresse: &str) -> Value {
        self.0.bon("app", &format!("/api/v1/iexam/{adresse}")).await.json()
    }
}

/// Writes with a token of these scopes, named « app ».
pub async fn ecrivain(b: &Banc, droits: &[Scope]) -> Ecrivain {
    let mut g = Guichet::new(b);
    g.jeton("app", droits).await;
    Ecrivain(g, std::cell::Cell::new(0))
}
