use std::io::Read;

use apogee::Reprise;
use apogee::extraction::{Contenu, Lieu, Reglages, rapatrier};
use flate2::read::GzDecoder;
use kernel::{Outage, SystemClock};
use sandbox::server::EnMarche;
use std::time::Duration;
use tempfile::TempDir;

use crate::bac::{bac, http};

/// Brings the extraction of `bac` as the suite does, and reads it.
pub async fn collecter(bac: &EnMarche, silence: Duration) -> Result<Contenu, Outage> {
    let copie = TempDir::new().unwrap();
    let lieu = Lieu::Url { url: bac.url("/extraction"), basic: bac.sandbox.acces().basic.clone() };
    let reprise = Reprise { nombre: 1, base: Duration::from_millis(1), ..Reprise::default() };
    let reglages = Reglages { silence, reprise, ..Reglages::new(lieu, copie.path()) };
    let rapatriement = rapatrier(&reglages, &SystemClock, &|_, _, _| {}).await?;
    Contenu::lire(&rapatriement.copie)
}

#[tokio::test]
async fn the_extraction_is_the_world() {
    let bac = bac().await;
    let world = bac.sandbox.world();
    let contenu = collecter(&bac, Duration::from_secs(30)).await.unwrap();
    let lues = |table: &str| contenu.lues.iter().find(|l| l.table == table).map_or(0, |l| l.lignes as usize);
    assert_eq!(lues("ETAPE"), world.etapes.len());
    assert_eq!(lues("ELEMENT_PEDAGOGI"), world.elements.len());
    assert_eq!(lues("VET_REGROUPE_LSE"), world.vet_lse.len());
    assert_eq!(lues("LSE_REGROUPE_ELP"), world.lse_elp.len());
    assert_eq!(lues("ELP_REGROUPE_LSE"), world.elp_lse.len());
    assert!(world.elements.len() > 100);
    assert_eq!(contenu.rejets, []);
}

#[tokio::test]
async fn the_extraction_follows_the_world_and_is_the_same_compressed() {
    let bac = bac().await;
    let http = http();
    let table = bac.url("/extraction/ETAPE.csv");
    let avant = http.get(&table).send().await.unwrap();
    let etag = avant.headers()["etag"].clone();
    let avant = avant.bytes().await.unwrap();
    let meme = http.get(&table).header("if-none-match", etag.clone()).send().await.unwrap();
    assert_eq!(meme.status().as_u16(), 304);

    let compresse = http.get(format!("{table}.gz")).send().await.unwrap().bytes().await.unwrap();
    let mut clair = Vec::new();
    GzDecoder::new(compresse.as_ref()).read_to_end(&mut clair).unwrap();
    assert_eq!(clair, avant);

    bac.sandbox.change(|world| world.etapes[0].libelle = "ÉTAPE RENOMMÉE".into());
    let apres = http.get(&table).header("if-none-match", etag).send().await.unwrap();
    assert_eq!(apres.status().as_u16(), 200);
    assert!(apres.text().await.unwrap().contains("ÉTAPE RENOMMÉE"));
}

#[tokio::test]
async fn nothing_else_is_served() {
    let bac = bac().await;
    for nom in ["", "RIEN.csv", "etape.csv", "..%2Fmanifest.json", "%2e%2e%2f%2e%2e%2fetc%2fpasswd"] {
        let reponse = http().get(bac.url(&format!("/extraction/{nom}"))).send().await.unwrap();
        assert_eq!(reponse.status().as_u16(), 404, "{nom}");
    }
}
