use std::time::Duration;

use kernel::{AnneeUniversitaire, OutageKind, Source};
use sandbox::state::Panne;

use crate::bac::{self, PATIENCE, bac, http};
use crate::extraction::collecter;

/// Each fault, how long a connector waits, and what it must make of it.
const PANNES: [(Panne, Duration, OutageKind); 5] = [
    (Panne::Lente(Duration::from_secs(90)), Duration::from_millis(20), OutageKind::Delai),
    (Panne::Coupee, PATIENCE, OutageKind::Tronquee),
    (Panne::Html, PATIENCE, OutageKind::Illisible),
    (Panne::ConnexionApogee, PATIENCE, OutageKind::EnPanne),
    (Panne::Absente, PATIENCE, OutageKind::Injoignable),
];

#[tokio::test]
async fn kofr_and_eve_see_each_fault_for_what_it_is_and_recover() {
    let bac = bac().await;
    let annee = AnneeUniversitaire::new(2024).unwrap();
    for (panne, delai, kind) in PANNES {
        bac.sandbox.switch(|s| (s.pannes.kofr, s.pannes.eve) = (panne, panne));
        let outage = bac::kofr(&bac, delai).maquettes().await.unwrap_err();
        assert_eq!((outage.source_, outage.kind), (Source::Kofr, kind), "{panne:?}");
        let outage = bac::eve(&bac, delai).enseignants(annee).await.unwrap_err();
        assert_eq!((outage.source_, outage.kind), (Source::Eve, kind), "{panne:?}");
    }
    bac.sandbox.switch(|s| s.pannes = Default::default());
    assert_eq!(bac::kofr(&bac, PATIENCE).maquettes().await.unwrap().len(), 2);
    bac.stop().await;
}

#[tokio::test]
async fn the_extraction_is_refused_under_each_fault() {
    let bac = bac().await;
    for (panne, silence, kind) in PANNES {
        bac.sandbox.switch(|s| s.pannes.extraction = panne);
        let outage = collecter(&bac, silence).await.unwrap_err();
        assert_eq!(outage.source_, Source::Extraction, "{panne:?}");
        // A connection closed without a word is told as out of reach or as cut short: both say that it is away.
        let attendue = outage.kind == kind || (panne, outage.kind) == (Panne::Absente, OutageKind::Tronquee);
        assert!(attendue, "{panne:?}: {outage:?}");
    }
}

#[tokio::test]
async fn a_slow_source_still_answers_whoever_waits() {
    let bac = bac().await;
    let lenteur = Duration::from_millis(30);
    bac.sandbox.switch(|s| s.pannes.kofr = Panne::Lente(lenteur));
    let liens = bac::kofr(&bac, PATIENCE).verifier().await;
    assert!(
        liens.iter().all(|l| l.vu.is_ok() && u128::from(l.latence_ms) >= lenteur.as_millis()),
        "{liens:?}"
    );
}

#[tokio::test]
async fn one_source_ill_leaves_the_others_well() {
    let bac = bac().await;
    bac.sandbox.switch(|s| s.pannes.kofr = Panne::Absente);
    assert!(bac::kofr(&bac, PATIENCE).maquettes().await.is_err());
    let annee = bac.sandbox.world().annee_courante().unwrap();
    assert!(!bac::eve(&bac, PATIENCE).enseignants(annee).await.unwrap().is_empty());
}

const APPEL: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>
<r:recupererRegimeInscription xmlns:r="gouv.education.apogee.commun.servicesmetiers.ReferentielMetier_21062012"/>
</soapenv:Body></soapenv:Envelope>"#;

#[tokio::test]
async fn soap_services_suffer_each_fault_too() {
    let bac = bac().await;
    let http = http();
    let appeler = async || {
        let requete = http.post(bac.url("/services/ReferentielMetier")).header("content-type", "text/xml");
        requete.header("soapaction", "\"\"").body(APPEL).send().await
    };
    let bonne = appeler().await.unwrap();
    assert!(bonne.status().is_success(), "{}", bonne.status());
    let bonne = bonne.text().await.unwrap();
    assert!(bonne.contains("recupererRegimeInscriptionResponse"), "{bonne}");

    bac.sandbox.switch(|s| s.pannes.apogee = Panne::Coupee);
    let coupee = appeler().await.unwrap();
    assert_eq!(coupee.content_length(), Some(bonne.len() as u64));
    assert!(coupee.bytes().await.is_err());

    bac.sandbox.switch(|s| s.pannes.apogee = Panne::Html);
    let page = appeler().await.unwrap();
    assert!(page.headers()["content-type"].to_str().unwrap().starts_with("text/html"));

    bac.sandbox.switch(|s| s.pannes.apogee = Panne::ConnexionApogee);
    let faute = appeler().await.unwrap();
    assert_eq!(faute.status().as_u16(), 500);
    let faute = faute.text().await.unwrap();
    assert!(faute.contains("technical.data.transaction.connexion"), "{faute}");

    bac.sandbox.switch(|s| s.pannes.apogee = Panne::Absente);
    assert!(appeler().await.is_err());

    bac.sandbox.switch(|s| s.pannes.apogee = Panne::Aucune);
    assert_eq!(appeler().await.unwrap().text().await.unwrap(), bonne);
    assert_eq!(bac.sandbox.demandes(Source::Apogee), 6);
}

#[tokio::test]
async fn stopping_does_not_wait_for_a_slow_answer() {
    let bac = bac().await;
    bac.sandbox.switch(|s| s.pannes.eve = Panne::Lente(Panne::LENTEUR_MAX));
    let eve = bac::eve(&bac, PATIENCE);
    let annee = AnneeUniversitaire::new(2024).unwrap();
    let demandes = bac.sandbox.clone();
    let lecture = tokio::spawn(async move { eve.enseignants(annee).await });
    while demandes.demandes(Source::Eve) == 0 {
        tokio::task::yield_now().await;
    }
    tokio::time::timeout(PATIENCE, bac.stop()).await.unwrap();
    assert_eq!(lecture.await.unwrap().unwrap_err().kind, OutageKind::Injoignable);
}
