use std::path::{Path, PathBuf};
use std::time::Duration;

use sandbox::server::{Erreur, Reglages, start};

use crate::bac::{self, bac_sur, http};
use crate::extraction::collecter;

#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
fn reel(nom: &str) -> Option<PathBuf> {
    let dossier = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data").join(nom);
    if dossier.is_dir() {
        return Some(dossier);
    }
    println!("skipped: the catalogue {nom} is not on this machine");
    None
}

#[tokio::test]
async fn a_real_catalogue_is_served_as_it_is() {
    let Some(dossier) = reel("poitiers") else { return };
    let bac = bac_sur(&dossier).await;
    let http = http();
    for fichier in ["manifest.json", "ETAPE.csv", "ELP_CHG_TYP_HEU.csv"] {
        let servi =
            http.get(bac.url(&format!("/extraction/{fichier}"))).send().await.unwrap().bytes().await.unwrap();
        assert_eq!(servi, std::fs::read(dossier.join(fichier)).unwrap(), "{fichier}");
    }
    let contenu = collecter(&bac, Duration::from_secs(30)).await.unwrap();
    let world = bac.sandbox.world();
    assert_eq!(world.etablissement, "Université de Poitiers");
    assert_eq!((contenu.etapes.len(), world.etapes.len()), (201, 201));
    assert_eq!(world.elp_lse.len(), 55);
    assert_eq!(world.annee_courante().map(|a| a.premiere()), Some(2023));
    assert!(world.etudiants.is_empty() && world.maquettes.is_empty());
}

#[tokio::test]
async fn the_web_services_answer_over_a_real_catalogue() {
    let Some(dossier) = reel("poitiers") else { return };
    let bac = bac_sur(&dossier).await;
    let appel = r#"<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>
        <r:recupererSE_v4 xmlns:r="gouv.education.apogee.commun.servicesmetiers.OffreFormationMetier"><_seCritere>
        <codDip>aucun</codDip><codElp>tous</codElp><codEtp>D1AD12</codEtp><codVrsVdi>aucun</codVrsVdi>
        <codVrsVet>100</codVrsVet></_seCritere></r:recupererSE_v4></soapenv:Body></soapenv:Envelope>"#;
    let requete = http().post(bac.url("/services/OffreFormationMetier")).header("content-type", "text/xml");
    let reponse = requete.body(appel).send().await.unwrap().text().await.unwrap();
    assert!(reponse.contains("D1AD12S1") && reponse.contains("S1 L1 Administration"), "{reponse}");
}

#[tokio::test]
async fn a_flat_catalogue_is_served_too() {
    let Some(dossier) = reel("toulouse3") else { return };
    let bac = bac_sur(&dossier).await;
    let contenu = collecter(&bac, Duration::from_secs(30)).await.unwrap();
    let world = bac.sandbox.world();
    // 3,811 rows, of which many repeat a code: the first of each answers.
    assert_eq!((world.etapes.len(), world.elements.len()), (contenu.etapes.len(), 10_000));
    assert!((3600..3811).contains(&world.etapes.len()), "{}", world.etapes.len());
    assert!(world.vet_lse.is_empty());
    assert_eq!(world.annee_courante().map(|a| a.premiere()), Some(2019));
}

#[tokio::test]
async fn a_set_that_contradicts_its_manifest_is_served_for_the_suite_to_refuse() {
    let dossier = tempfile::tempdir().unwrap();
    let manifeste = r#"{"etablissement":"U","tables":{"ETAPE":{"lignes":2,"sha256":"00"}}}"#;
    std::fs::write(dossier.path().join("manifest.json"), manifeste).unwrap();
    std::fs::write(dossier.path().join("ETAPE.csv"), "COD_ETP;LIB_ETP\nA;Droit\n").unwrap();
    let bac = bac_sur(dossier.path()).await;
    let servi = http().get(bac.url("/extraction/ETAPE.csv")).send().await.unwrap().text().await.unwrap();
    assert_eq!(servi, "COD_ETP;LIB_ETP\nA;Droit\n");
    assert!(bac.sandbox.world().etapes.is_empty());
    assert!(collecter(&bac, Duration::from_secs(30)).await.is_err());
}

#[tokio::test]
async fn orders_do_not_change_what_is_served_as_it_is() {
    let Some(dossier) = reel("poitiers") else { return };
    let bac = bac_sur(&dossier).await;
    for ordre in ["accreditation", "changements"] {
        let requete = http().post(bac.url(&format!("/controle/api/{ordre}"))).json(&serde_json::json!({}));
        assert_eq!(requete.send().await.unwrap().status().as_u16(), 409, "{ordre}");
    }
    let page = http().get(bac.url("/controle")).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("servie telle qu’elle est") && !page.contains("/controle/changements"), "{page}");
}

#[tokio::test]
async fn a_folder_that_is_no_extraction_is_refused() {
    let dossier = tempfile::tempdir().unwrap();
    let refus =
        start(Reglages { extraction: Some(dossier.path().into()), ..bac::reglages() }).await.unwrap_err();
    assert!(matches!(refus, Erreur::Extraction { .. }), "{refus}");
    assert!(refus.to_string().contains("manifest.json"), "{refus}");
}
