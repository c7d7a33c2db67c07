use kernel::Source;
use reqwest::{Client, Response};
use sandbox::server::{EnMarche, Erreur, Reglages, start};
use sandbox::state::{NilPolicy, Panne};
use serde_json::{Value, json};

use crate::bac::{self, bac, http};

async fn ordonner(bac: &EnMarche, ordre: &str, champs: Value) -> (u16, Value) {
    let reponse = http().post(bac.url(&format!("/controle/api/{ordre}"))).json(&champs).send().await.unwrap();
    (reponse.status().as_u16(), reponse.json().await.unwrap())
}

async fn etat(bac: &EnMarche) -> Value {
    http().get(bac.url("/controle/api/etat")).send().await.unwrap().json().await.unwrap()
}

/// As a browser posts a form of the page.
async fn poster(http: &Client, bac: &EnMarche, ordre: &str, corps: &'static str) -> Response {
    http.post(bac.url(&format!("/controle/{ordre}")))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("origin", bac.url(""))
        .body(corps)
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn the_new_accreditation_is_poured_once() {
    let bac = bac().await;
    let avant = bac.sandbox.world();
    assert_eq!(etat(&bac).await["accreditation_versee"], false);
    let (statut, fait) = ordonner(&bac, "accreditation", json!({})).await;
    assert_eq!(statut, 200, "{fait}");
    let apres = bac.sandbox.world();
    assert!(apres.etapes.len() > avant.etapes.len());
    assert_eq!(etat(&bac).await["accreditation_versee"], true);
    assert_eq!(ordonner(&bac, "accreditation", json!({})).await.0, 409);
}

#[tokio::test]
async fn the_date_advances_and_never_goes_back() {
    let bac = bac().await;
    assert_eq!(etat(&bac).await["date"], "2024-04-02");
    assert_eq!(etat(&bac).await["annee"], 2023);
    assert_eq!(ordonner(&bac, "date", json!({ "date": "2024-10-01" })).await.0, 200);
    assert_eq!(etat(&bac).await["annee"], 2024);
    let (statut, refus) = ordonner(&bac, "date", json!({ "date": "2024-09-30" })).await;
    assert_eq!(statut, 409);
    assert!(refus["detail"].as_str().unwrap().contains("ne recule pas"), "{refus}");
}

#[tokio::test]
async fn a_share_of_the_rows_changes() {
    let bac = bac().await;
    let avant = bac.sandbox.world();
    let (statut, fait) = ordonner(&bac, "changements", json!({ "pourcentage": 2 })).await;
    assert_eq!(statut, 200, "{fait}");
    let apres = bac.sandbox.world();
    let meme =
        |e: &&sandbox::world::Element| apres.element(e.code.as_str()).is_some_and(|(_, autre)| autre == *e);
    let changes = avant.elements.len() - avant.elements.iter().filter(meme).count();
    assert!(changes > 0 && changes * 10 < avant.elements.len(), "{changes} of {}", avant.elements.len());
    assert_eq!(etat(&bac).await["generation"], 2);
}

#[tokio::test]
async fn one_element_changes_in_apogee_alone() {
    let bac = bac().await;
    let avant = bac.sandbox.world();
    let (statut, fait) = ordonner(&bac, "element", json!({ "code": "IFD1E10", "ects": "5,5" })).await;
    assert_eq!(statut, 200, "{fait}");
    let apres = bac.sandbox.world();
    let (_, element) = apres.element("IFD1E10").unwrap();
    assert_eq!(element.ects, Some(kernel::Centi(550)));
    assert_eq!(element.libelle, avant.element("IFD1E10").unwrap().1.libelle);
    assert_eq!(ordonner(&bac, "element", json!({ "code": "RIEN", "libelle": "x" })).await.0, 404);
    assert_eq!(ordonner(&bac, "element", json!({ "code": "IFD1E10" })).await.0, 400);
}

#[tokio::test]
async fn faults_are_set_shown_and_forgotten_by_a_reset() {
    let bac = bac().await;
    let lente = json!({ "source": "apogee", "panne": "lente", "secondes": 20 });
    assert_eq!(ordonner(&bac, "panne", lente).await.0, 200);
    assert_eq!(ordonner(&bac, "panne", json!({ "source": "eve", "panne": "coupee" })).await.0, 200);
    assert_eq!(ordonner(&bac, "nil", json!({ "politique": "omit" })).await.0, 200);
    assert_eq!(bac.sandbox.panne(Source::Apogee), Panne::lente(20));
    assert_eq!(bac.sandbox.nil(), NilPolicy::Omit);
    let vu = etat(&bac).await;
    let source =
        |code: &str| vu["sources"].as_array().unwrap().iter().find(|s| s["code"] == code).unwrap().clone();
    assert_eq!((&source("apogee")["panne"], &source("apogee")["secondes"]), (&json!("lente"), &json!(20)));
    assert_eq!(source("eve")["panne"], "coupee");
    assert_eq!(source("kofr")["panne"], "aucune");

    let avant = bac.sandbox.world();
    ordonner(&bac, "changements", json!({ "pourcentage": "5" })).await;
    assert_eq!(ordonner(&bac, "reinitialisation", json!({})).await.0, 200);
    assert_eq!(bac.sandbox.switches(), sandbox::state::Switches::default());
    assert_eq!(bac.sandbox.world().elements, avant.elements);
    assert_eq!(bac.sandbox.generation(), 3);
}

#[tokio::test]
async fn the_page_gives_orders_without_javascript() {
    let bac = bac().await;
    let http = http();
    let page = http.get(bac.url("/controle")).send().await.unwrap();
    let csp = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(csp.starts_with("default-src 'none'; style-src 'self'"), "{csp}");
    let html = page.text().await.unwrap();
    assert!(!html.contains("<script") && !html.contains("style=\"") && html.contains("lang=\"fr\""));
    assert!(html.contains("mardi 2 avril 2024") && html.contains("pas encore versée"), "{html}");
    for cas in sandbox::world::cases() {
        // As HTML writes it.
        let nom = cas.nom.replace('\'', "&#39;");
        assert!(html.contains(&nom), "{nom}");
    }

    let fait = poster(&http, &bac, "panne", "source=kofr&secondes=20&panne=html").await;
    assert_eq!((fait.status().as_u16(), &fait.headers()["location"]), (303, &"/controle".parse().unwrap()));
    assert_eq!(bac.sandbox.panne(Source::Kofr), Panne::Html);
    let html = http.get(bac.url("/controle")).send().await.unwrap().text().await.unwrap();
    assert!(html.contains("Dernier ordre : Kofr répond par une page HTML."), "{html}");

    let refus = poster(&http, &bac, "panne", "source=kofr&secondes=91&panne=lente").await;
    assert_eq!(refus.status().as_u16(), 400);
    let html = refus.text().await.unwrap();
    assert!(html.contains("de 0 à 90") && html.contains("Rien n’a été changé"), "{html}");
    assert_eq!(bac.sandbox.panne(Source::Kofr), Panne::Html);
}

#[tokio::test]
async fn orders_from_elsewhere_are_refused() {
    let bac = bac().await;
    let url = bac.url("/controle/reinitialisation");
    let formulaire =
        || http().post(&url).header("content-type", "application/x-www-form-urlencoded").body("");
    for (nom, valeur) in
        [("origin", "http://exemple.fr"), ("origin", "null"), ("sec-fetch-site", "cross-site")]
    {
        let refus = formulaire().header(nom, valeur).send().await.unwrap();
        assert_eq!(refus.status().as_u16(), 403, "{nom}: {valeur}");
    }
    assert_eq!(formulaire().send().await.unwrap().status().as_u16(), 403);
    let nom = http().get(bac.url("/controle")).header("host", "exemple.fr").send().await.unwrap();
    assert_eq!(nom.status().as_u16(), 403);
    assert_eq!(bac.sandbox.generation(), 1);
}

#[tokio::test]
async fn malformed_orders_are_problems() {
    let bac = bac().await;
    assert_eq!(ordonner(&bac, "incendie", json!({})).await.0, 404);
    assert_eq!(ordonner(&bac, "date", json!({ "date": "hier" })).await.0, 400);
    let url = bac.url("/controle/api/date");
    let reponse = http().post(url).header("content-type", "application/json").body("{").send().await.unwrap();
    assert_eq!(reponse.status().as_u16(), 400);
    assert_eq!(reponse.headers()["content-type"], "application/problem+json");
}

#[tokio::test]
async fn the_page_is_absent_unless_asked_for() {
    let bac = start(Reglages { controle: false, ..bac::reglages() }).await.unwrap();
    for chemin in ["/controle", "/controle/api/etat"] {
        assert_eq!(http().get(bac.url(chemin)).send().await.unwrap().status().as_u16(), 404);
    }
    assert_eq!(ordonner(&bac, "reinitialisation", json!({})).await.0, 404);
    let index = http().get(bac.url("/")).send().await.unwrap().text().await.unwrap();
    assert!(index.contains("n’est pas ouverte") && !index.contains("href=\"/controle\""), "{index}");
}

#[tokio::test]
async fn other_machines_are_never_listened_to() {
    let refus = start(Reglages { adresse: ([0, 0, 0, 0], 0).into(), ..bac::reglages() }).await.unwrap_err();
    assert!(matches!(refus, Erreur::NonLocale(_)), "{refus}");
}

#[tokio::test]
async fn a_port_already_taken_is_said() {
    let bac = bac().await;
    let refus = start(Reglages { adresse: bac.adresse, ..bac::reglages() }).await.unwrap_err();
    assert!(matches!(refus, Erreur::Ecoute(..)), "{refus}");
}
