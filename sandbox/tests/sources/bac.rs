//! A small sandbox of one test, and the connectors that read it.

use std::path::PathBuf;
use std::time::Duration;

use sandbox::server::{EnMarche, Reglages, start};
use sandbox::world::Options;

pub const JETON: &str = "jeton-du-bac";
pub const BASIC: (&str, &str) = ("apogee", "mot:de passé");

/// A university of one lecture hall: quick to generate, with every hard case in it.
pub fn petite() -> Options {
    Options { etudiants: 40, etapes: 20, elements: 400, enseignants: 130, ..Options::default() }
}

pub fn reglages() -> Reglages {
    Reglages {
        adresse: ([127, 0, 0, 1], 0).into(),
        options: petite(),
        extraction: None,
        controle: true,
        basic: None,
        jeton: None,
    }
}

pub async fn bac() -> EnMarche {
    start(reglages()).await.unwrap()
}

pub async fn bac_sur(dossier: impl Into<PathBuf>) -> EnMarche {
    start(Reglages { extraction: Some(dossier.into()), ..reglages() }).await.unwrap()
}

/// A client of this machine for what no connector reads.
pub fn http() -> reqwest::Client {
    // An error means that another test installed it first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

pub fn kofr(bac: &EnMarche, delai: Duration) -> kofr::Client {
    let attente = Duration::from_millis(1);
    let jeton = bac.sandbox.acces().jeton.clone();
    let reglages = kofr::Reglages { delai, attente, jeton, ..kofr::Reglages::new(bac.url("/kofr")) };
    kofr::Client::new(reglages).unwrap()
}

pub fn eve(bac: &EnMarche, delai: Duration) -> eve::Client {
    let attente = Duration::from_millis(1);
    let jeton = bac.sandbox.acces().jeton.clone();
    let reglages = eve::Reglages { delai, attente, jeton, ..eve::Reglages::new(bac.url("/eve")) };
    eve::Client::new(reglages).unwrap()
}

/// Long enough for a busy machine; no test waits for it.
pub const PATIENCE: Duration = Duration::from_secs(30);
