//! A door to Apogée that says what the test wants, and a Kofr and an Eve on loopback.

pub mod kofr_dit;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Json, Router, routing::get};
use contracts::apogee::{
    Annee, Attente, CleEtape, Dossier, Element, Fenetre, LienEtapeListe, LienListeElement, Liste, Nature,
    PorteApogee, Rattachement, Resultat, Structure, Suivi, VersionDEtape, VersionDeDiplome,
};
use db::{Db, Migration};
use futures::stream::{self, BoxStream, StreamExt};
use jobs::{Progress, Queue};
use kernel::{Actor, AnneeUniversitaire, Centi, NumeroEtudiant, Outage, OutageKind, Source};
use maquette::actions::demander::demander;
use maquette::domain::{Demande, Portee, Rapport};
use maquette::{Collecteur, Outils, Reglages, Sources};
use serde_json::{Value, json};

/// Every table that a collection touches.
pub fn migrations() -> Vec<Migration> {
    jobs::MIGRATIONS.iter().chain(maquette::MIGRATIONS).copied().collect()
}

pub fn annee(a: u16) -> AnneeUniversitaire {
    AnneeUniversitaire::new(a).unwrap()
}

pub fn panne(source: Source) -> Outage {
    Outage {
        source_: source,
        quoi: "essai".into(),
        kind: OutageKind::Delai,
        detail: "Pas de réponse en 30 secondes.".into(),
        remede: "Réessayez.".into(),
    }
}

/// What the door says.
#[derive(Default)]
pub struct Dits {
    pub structure: Structure,
    pub dossiers: BTreeMap<String, Dossier>,
    pub panne_structure: bool,
    /// The source fails after so many files.
    pub panne_apres: Option<usize>,
}

#[derive(Default)]
pub struct Porte {
    pub dits: Mutex<Dits>,
    /// Files really asked to the source.
    pub lus: AtomicU64,
}

#[async_trait]
impl PorteApogee for Porte {
    async fn structure(&self, suivi: Suivi) -> Resultat<Structure> {
        suivi("essai", 1, 1);
        let dits = self.dits.lock().unwrap();
        if dits.panne_structure { Err(panne(Source::Extraction)) } else { Ok(dits.structure.clone()) }
    }

    async fn etudiants(&self, annee: AnneeUniversitaire, etape: &CleEtape) -> Resultat<Vec<NumeroEtudiant>> {
        let _ = annee;
        let dits = self.dits.lock().unwrap();
        let inscrits = dits.dossiers.values().filter(|d| d.inscriptions.iter().any(|i| i.etape == *etape));
        Ok(inscrits.map(|d| d.numero.clone()).collect())
    }

    fn dossiers(
        &self,
        _: AnneeUniversitaire,
        numeros: Vec<NumeroEtudiant>,
    ) -> BoxStream<'static, Resultat<(NumeroEtudiant, Option<Dossier>)>> {
        let dits = self.dits.lock().unwrap();
        let mut reponses = Vec::new();
        for (i, numero) in numeros.into_iter().enumerate() {
            if dits.panne_apres == Some(i) {
                reponses.push(Err(panne(Source::Apogee)));
                break;
            }
            self.lus.fetch_add(1, Ordering::Relaxed);
            let dossier = dits.dossiers.get(&numero.0).cloned();
            reponses.push(Ok((numero, dossier)));
        }
        stream::iter(reponses).boxed()
    }

    fn attente(&self) -> Attente {
        Attente { appels: self.lus.load(Ordering::Relaxed), simultanees: 1, ..Attente::default() }
    }
}

/// What Kofr and Eve say: path → body; `None` answers 503.
pub type Rest = Arc<Mutex<BTreeMap<String, Option<Value>>>>;

async fn rest(State(rest): State<Rest>, Path(chemin): Path<String>) -> Response {
    match rest.lock().unwrap().get(&chemin) {
        Some(Some(corps)) => Json(corps.clone()).into_response(),
        Some(None) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

pub fn liste(elements: Value) -> Option<Value> {
    let total = elements.as_array().map_or(0, Vec::len);
    Some(json!({ "total": total, "page": 1, "taille": 100, "elements": elements }))
}

/// Everything a collection test needs.
pub struct Banc {
    pub db: Db,
    pub horloge: Arc<kernel::FixedClock>,
    pub porte: Arc<Porte>,
    pub rest: Rest,
    pub queue: Queue,
    pub collecteur: Collecteur,
}

impl Banc {
    pub async fn new(db: Db) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let clock = testkit::clock();
        let rest_dit: Rest = Arc::default();
        rest_dit.lock().unwrap().extend([
            ("api/v1/maquettes".to_owned(), liste(json!([]))),
            ("api/v1/enseignants".to_owned(), liste(json!([]))),
        ]);
        let ecoute = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", ecoute.local_addr().unwrap());
        let routes = Router::new().route("/{*chemin}", get(rest)).with_state(Arc::clone(&rest_dit));
        tokio::spawn(async move { axum::serve(ecoute, routes).await });
        let patience = std::time::Duration::from_millis(1);
        let kofr = kofr::Reglages { tentatives: 1, attente: patience, ..kofr::Reglages::new(&url) };
        let eve = eve::Reglages { tentatives: 1, attente: patience, ..eve::Reglages::new(&url) };
        let porte = Arc::new(Porte::default());
        let sources = Sources {
            apogee: Arc::clone(&porte) as _,
            kofr: kofr::Client::new(kofr).unwrap(),
            eve: eve::Client::new(eve).unwrap(),
        };
        let outils = Outils { db: db.clone(), clock: clock.clone(), reglages: Reglages::default() };
        let queue = Queue::new(db.clone(), Arc::clone(&clock) as _);
        Self { db, horloge: clock, porte, rest: rest_dit, queue, collecteur: Collecteur { outils, sources } }
    }

    pub fn dire(&self, f: impl FnOnce(&mut Dits)) {
        f(&mut self.porte.dits.lock().unwrap());
    }

    pub async fn demander(&self, demande: &Demande) -> i64 {
        demander(&self.collecteur.outils, &self.queue, demande, &Actor::Commande).await.unwrap().0
    }

    pub async fn essayer(
        &self,
        portee: Portee,
        simulation: bool,
    ) -> Result<Rapport, maquette::actions::CollecteFault> {
        let demande = Demande { portee, annee: Some(annee(2023)), simulation, accepter_chute: false };
        let id = self.demander(&demande).await;
        self.collecteur.executer(id, &Progress::unwatched()).await
    }

    pub async fn collecter(&self, portee: Portee) -> Rapport {
        self.essayer(portee, false).await.unwrap()
    }

    pub async fn compter(&self, sql: &str) -> u64 {
        self.db.read(|c| async move { db::sql::count(&c, sql, []).await }).await.unwrap()
    }
}

pub fn element(code: &str, libelle: &str, ects: i64) -> Element {
    Element {
        code: code.into(),
        libelle: libelle.into(),
        libelle_court: None,
        nature: "UE".into(),
        composante: None,
        periode: Some("S1".into()),
        ects: Some(Centi::unites(ects)),
        volume: None,
        unite_volume: None,
        etat: Some("O".into()),
        suspendu: false,
        motif_suspension: None,
    }
}

/// A small coherent offer: one étape, one list, `n` elements.
pub fn offre(n: usize) -> Structure {
    let fenetre = Fenetre { debut: Some(2019), fin: Some(2023) };
    let elements: Vec<Element> =
        (0..n).map(|i| element(&format!("E{i:03}"), &format!("Élément n° {i}"), 6)).collect();
    Structure {
        annees: vec![Annee { annee: annee(2023), libelle: "2023/2024".into(), etat: "O".into() }],
        natures: vec![Nature { code: "UE".into(), libelle: "Unité d'enseignement".into(), fictive: false }],
        versions_diplome: vec![VersionDeDiplome {
            diplome: "DROIT".into(),
            version: "1".into(),
            libelle: Some("Licence Droit".into()),
            recrutement: fenetre,
            validation: fenetre,
            composante: None,
        }],
        etapes: vec![contracts::apogee::Etape {
            code: "L1DRO".into(),
            libelle: "Licence 1 Droit".into(),
            libelle_court: None,
            cycle: Some("1".into()),
        }],
        versions_etape: vec![VersionDEtape {
            etape: "L1DRO".into(),
            version: "1".into(),
            libelle: Some("Licence 1 Droit à distance".into()),
            composante: None,
            a_distance: true,
        }],
        rattachements: vec![Rattachement {
            diplome: "DROIT".into(),
            version_diplome: "1".into(),
            etape: "L1DRO".into(),
            version_etape: "1".into(),
            recrutement: fenetre,
            validation: fenetre,
            rang: Some(1),
        }],
        listes: vec![Liste {
            code: "LDRO".into(),
            type_liste: "O".into(),
            etat: None,
            libelle: "UE de droit".into(),
        }],
        liens_etape: vec![LienEtapeListe {
            etape: "L1DRO".into(),
            version: "1".into(),
            liste: "LDRO".into(),
            min: None,
            max: None,
            ferme_le: None,
        }],
        liens_liste: elements
            .iter()
            .map(|e| LienListeElement { liste: "LDRO".into(), element: e.code.clone() })
            .collect(),
        elements,
        ..Structure::default()
    }
}
