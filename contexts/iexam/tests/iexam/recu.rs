//! The receipt's document: its words, its look, and that it is the same years later.

use std::path::Path;

use chrono::{TimeZone as _, Utc};
use iexam::domain::recu::Recu;
use iexam::paper::recu::{RECU, rendre};
use paper::{Etablissement, Pieces};

#[test]
fn the_receipt_is_as_it_was_accepted() {
    let dossier = Path::new(env!("CARGO_MANIFEST_DIR")).join("documents/recu");
    let le = Utc.with_ymd_and_hms(2024, 12, 2, 11, 0, 0).unwrap();
    paper::essai::verifier(&dossier, &RECU, &Pieces::du(le)).unwrap();
}

#[tokio::test]
async fn a_receipt_without_anything_sat_is_a_document_and_made_twice_is_the_same() {
    let recu = Recu {
        numero: "2024-P1-000001-1".into(),
        reportees: vec!["Économie".into()],
        reportees_a: "P3 2024/2025".into(),
        total: "0,00 €".into(),
        etapes: vec!["Licence 1".into()],
        ..Recu::default()
    };
    let le = Utc.with_ymd_and_hms(2024, 12, 2, 11, 0, 0).unwrap();
    let etablissement = Etablissement::default();
    let faire = || rendre(&recu, &etablissement, "https://telemaque.exemple.fr", le);
    let (un, deux) = (faire().await.unwrap(), faire().await.unwrap());
    assert!(un.conforme && un.octets == deux.octets);
    let mots = paper::essai::texte(&un.octets).unwrap();
    assert!(
        mots.contains("Rien n’est dû") && mots.contains("Économie") && !mots.contains("Modalité"),
        "{mots}"
    );
}
