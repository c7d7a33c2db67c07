use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};

/// A request as the server saw it.
#[derive(Clone, Debug, Default)]
pub struct Recue {
    pub chemin: String,
    requete: Vec<(String, String)>,
    entetes: HeaderMap,
}

impl Recue {
    pub fn parametre(&self, nom: &str) -> Option<&str> {
        self.requete.iter().find(|(n, _)| n == nom).map(|(_, v)| v.as_str())
    }

    pub fn entete(&self, nom: &str) -> Option<&str> {
        self.entetes.get(nom).and_then(|v| v.to_str().ok())
    }
}

pub struct Serveur {
    pub url: String,
    demandes: Arc<AtomicUsize>,
    derniere: Arc<Mutex<Recue>>,
}

impl Serveur {
    /// Answers every request with `repondre`, on a port of its own.
    pub async fn start(repondre: impl Fn(&Recue) -> Response + Clone + Send + Sync + 'static) -> Self {
        let demandes = Arc::new(AtomicUsize::new(0));
        let derniere = Arc::new(Mutex::new(Recue::default()));
        let (compteur, memoire) = (demandes.clone(), derniere.clone());
        let app = Router::new().fallback(async move |requete: Request| {
            compteur.fetch_add(1, Ordering::SeqCst);
            let url: reqwest::Url = format!("http://h{}", requete.uri()).parse().unwrap();
            let recue = Recue {
                chemin: url.path().to_owned(),
                requete: url.query_pairs().into_owned().collect(),
                entetes: requete.headers().clone(),
            };
            *memoire.lock().unwrap() = recue.clone();
            repondre(&recue)
        });
        let ecoute = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/kofr", ecoute.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(ecoute, app).await });
        Self { url, demandes, derniere }
    }

    /// Patient for a test: three attempts a millisecond apart.
    pub fn reglages(&self) -> kofr::Reglages {
        kofr::Reglages {
            jeton: Some("secret-de-kofr".into()),
            delai: Duration::from_secs(5),
            attente: Duration::from_millis(1),
            ..kofr::Reglages::new(&self.url)
        }
    }

    pub fn kofr(&self) -> kofr::Client {
        kofr::Client::new(self.reglages()).unwrap()
    }

    pub fn demandes(&self) -> usize {
        self.demandes.load(Ordering::SeqCst)
    }

    pub fn derniere(&self) -> Recue {
        self.derniere.lock().unwrap().clone()
    }
}

pub fn maquette(annee: u16) -> Value {
    json!({ "annee_debut": annee, "annee_fin": annee + 4, "libelle": format!("Accréditation {annee}"), "etat": "active" })
}

pub fn page(total: usize, numero: usize, taille: usize, elements: Vec<Value>) -> Value {
    json!({ "total": total, "page": numero, "taille": taille, "elements": elements })
}

pub fn etape(id: &str) -> Value {
    let ec = json!({ "id": "2", "nature": "EC", "libelle": "Droit civil", "rang": 1, "ects": "3.00" });
    let bas = json!({ "id": "b2", "libelle": "Matières", "type": "O", "elements": [ec] });
    let ue =
        json!({ "id": "1", "nature": "UE", "libelle": "UE1", "rang": 1, "ects": "6.00", "blocs": [bas] });
    let haut = json!({ "id": "b1", "libelle": "Choix", "type": "X", "min": 1, "max": 1, "elements": [ue] });
    json!({ "id": id, "libelle": "L1 Droit", "rang": 1, "ects": "60.00", "blocs": [haut] })
}
