//! The bank of the sandbox and the real connector, one against the other.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::routing::get;
use kernel::Cents;
use paybox::{
    Boutique, CleHmac, Commande, Facturation, Ipn, Issue, PAYS_FRANCE, PemOuChemin, RefusIpn, Reglages,
    Requete,
};
use sandbox::paybox as banque;
use sandbox::server::EnMarche;
use serde_json::{Value, json};

use crate::bac::{bac, http};

/// A shop that writes down what it is told, as raw queries, and answers by 200.
struct Suite {
    adresse: String,
    recus: Arc<Mutex<Vec<String>>>,
}

impl Suite {
    async fn demarrer() -> Self {
        async fn ipn(State(recus): State<Arc<Mutex<Vec<String>>>>, RawQuery(brut): RawQuery) -> StatusCode {
            recus.lock().unwrap().push(brut.unwrap_or_default());
            StatusCode::OK
        }
        let recus = Arc::new(Mutex::new(Vec::new()));
        let router = Router::new().route("/ipn", get(ipn)).with_state(recus.clone());
        let ecoute = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let adresse = format!("http://{}", ecoute.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(ecoute, router).await });
        Self { adresse, recus }
    }

    fn lus(&self, boutique: &Boutique) -> Vec<Result<Ipn, RefusIpn>> {
        let recus = self.recus.lock().unwrap();
        recus.iter().map(|brut| Ipn::verifier(brut, boutique.cle_publique())).collect()
    }
}

fn reglages(bac: &EnMarche) -> Reglages {
    Reglages {
        site: banque::SITE.into(),
        rang: banque::RANG.into(),
        identifiant: banque::IDENTIFIANT.into(),
        cle_hmac: Some(CleHmac(banque::CLE_HMAC.into())),
        adresse: bac.url(banque::PAGE),
        cle_publique: PemOuChemin(banque::CLE_PUBLIQUE.into()),
        adresses_ipn: Vec::new(),
    }
}

fn requete(boutique: &Boutique, suite: &Suite, reference: &str) -> Requete {
    let adresse = |fin: &str| format!("{}/{fin}", suite.adresse);
    let commande = Commande {
        reference: reference.into(),
        montant: Cents(4250),
        courriel: "a@exemple.fr".into(),
        articles: 2,
        facturation: Facturation {
            prenom: "Łukasz".into(),
            nom: "N'Guyen-Đặng".into(),
            adresse: "1 rue de l’Église".into(),
            code_postal: "25000".into(),
            ville: "Besançon".into(),
            pays: PAYS_FRANCE,
        },
        effectue: adresse("effectue"),
        refuse: adresse("refuse"),
        annule: adresse("annule"),
        attente: adresse("attente"),
        notification: adresse("ipn"),
    };
    Requete::new(boutique, &commande, "2025-01-06T08:30:00Z".parse().unwrap()).unwrap()
}

/// Posts the form as a browser does: status, page, policy.
async fn poster(requete: &Requete) -> (u16, String, String) {
    let corps: Vec<_> = requete.champs().to_vec();
    envoyer(requete.action(), &corps).await
}

async fn envoyer(action: &str, champs: &[(&str, String)]) -> (u16, String, String) {
    let mut url = reqwest::Url::parse("http://localhost/").unwrap();
    url.query_pairs_mut().extend_pairs(champs);
    let reponse = http()
        .post(action)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(url.query().unwrap().to_owned())
        .send()
        .await
        .unwrap();
    let csp = reponse.headers()["content-security-policy"].to_str().unwrap().to_owned();
    (reponse.status().as_u16(), reponse.text().await.unwrap(), csp)
}

/// Presses a button of the page; where the browser is sent.
async fn choisir(bac: &EnMarche, page: &str, choix: &str) -> (u16, String) {
    let action = page.split_once("action=\"").unwrap().1.split_once('"').unwrap().0;
    let reponse = http()
        .post(bac.url(action))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("choix={choix}"))
        .send()
        .await
        .unwrap();
    let vers = reponse.headers().get("location").map(|v| v.to_str().unwrap().to_owned());
    (reponse.status().as_u16(), vers.unwrap_or_default())
}

async fn ordonner(bac: &EnMarche, ordre: &str, champs: Value) -> Value {
    let url = bac.url(&format!("/controle/api/paybox/{ordre}"));
    http().post(url).json(&champs).send().await.unwrap().json().await.unwrap()
}

async fn tout() -> (EnMarche, Suite, Boutique) {
    let (bac, suite) = (bac().await, Suite::demarrer().await);
    let boutique = Boutique::new(&reglages(&bac)).unwrap().unwrap();
    (bac, suite, boutique)
}

#[tokio::test]
async fn a_payment_is_notified_then_the_browser_comes_back() {
    let (bac, suite, boutique) = tout().await;
    for (choix, retour, issue) in [
        ("payer", "/effectue?", Issue::Acceptee),
        ("refuser", "/refuse?", Issue::RefuseeParLaBanque(51)),
        ("abandonner", "/annule?", Issue::Abandonnee),
    ] {
        let (statut, page, csp) = poster(&requete(&boutique, &suite, choix)).await;
        assert_eq!(statut, 200, "{page}");
        assert!(page.contains("42,50\u{a0}€") && page.contains(choix), "{page}");
        assert!(csp.contains(&format!("form-action 'self' {};", suite.adresse)), "{csp}");
        let (statut, vers) = choisir(&bac, &page, choix).await;
        assert_eq!(statut, 303);
        let (adresse, brut) = vers.split_once(retour).unwrap();
        assert_eq!(adresse, suite.adresse);
        let notifie = suite.lus(&boutique).pop().unwrap().unwrap();
        assert_eq!(Ipn::verifier(brut, boutique.cle_publique()), Ok(notifie.clone()), "the same fields");
        assert_eq!((notifie.montant, notifie.reference.as_str()), (Cents(4250), choix));
        assert_eq!(notifie.autorisation.is_some(), choix == "payer");
        assert_eq!(notifie.issue, issue);
        let (statut, _) = choisir(&bac, &page, "payer").await;
        assert_eq!(statut, 409, "a payment ends once");
    }
    let cle = http().get(bac.url("/paybox/cle_publique.pem")).send().await.unwrap().text().await.unwrap();
    assert_eq!(cle, banque::CLE_PUBLIQUE);
}

#[tokio::test]
async fn a_request_that_was_touched_is_refused() {
    let (bac, suite, boutique) = tout().await;
    let requete = requete(&boutique, &suite, "A1");
    type Spoil = fn(&mut Vec<(&'static str, String)>);
    let spoilt: [Spoil; 5] = [
        |c| c[3].1 = "100".into(),
        |c| c.swap(0, 1),
        |c| {
            c.pop();
        },
        |c| c.insert(4, ("PBX_TOTAL", "4250".into())),
        |c| c.last_mut().unwrap().1.make_ascii_lowercase(),
    ];
    for spoil in spoilt {
        let mut champs = requete.champs().to_vec();
        spoil(&mut champs);
        let (statut, page, _) = envoyer(requete.action(), &champs).await;
        assert_eq!(statut, 403);
        assert!(page.contains("Accès refusé"), "{page}");
    }
    let autre = Reglages { cle_hmac: Some(CleHmac("AB".repeat(64))), ..reglages(&bac) };
    let autre = Boutique::new(&autre).unwrap().unwrap();
    let (statut, page, _) = poster(&self::requete(&autre, &suite, "A1")).await;
    assert_eq!(statut, 403);
    assert!(page.contains("PBX_HMAC ne correspond pas"), "{page}");
    assert!(suite.lus(&boutique).is_empty());
}

#[tokio::test]
async fn notifications_go_wrong_when_asked_to() {
    let (bac, suite, boutique) = tout().await;
    let payer = async |reference: &str| {
        let (_, page, _) = poster(&requete(&boutique, &suite, reference)).await;
        choisir(&bac, &page, "payer").await
    };
    let compte = || suite.recus.lock().unwrap().len();

    ordonner(&bac, "mode", json!({ "mode": "absente" })).await;
    payer("A1").await;
    assert_eq!(compte(), 0);
    let forge = ordonner(&bac, "falsifier", json!({})).await;
    assert_eq!(forge["envois"][0]["statut"], 200);
    assert_eq!(suite.lus(&boutique).pop(), Some(Err(RefusIpn::SignatureFausse)));

    ordonner(&bac, "mode", json!({ "mode": "differee" })).await;
    payer("A2").await;
    assert_eq!(compte(), 1, "held back");
    let parties = ordonner(&bac, "envoyer", json!({})).await;
    assert_eq!(parties["envois"].as_array().unwrap().len(), 1);
    assert_eq!(suite.lus(&boutique).pop().unwrap().unwrap().reference, "A2");
    assert_eq!(ordonner(&bac, "envoyer", json!({})).await["envois"], json!([]), "once");

    ordonner(&bac, "mode", json!({ "mode": "double" })).await;
    payer("A3").await;
    assert_eq!(compte(), 4);
    ordonner(&bac, "mode", json!({ "mode": "montant", "centimes": 1 })).await;
    let (_, vers) = payer("A4").await;
    assert!(vers.contains("Mt=4250"), "the browser is told the truth: {vers}");
    assert_eq!(suite.lus(&boutique).pop().unwrap().unwrap().montant, Cents(1));

    ordonner(&bac, "mode", json!({ "mode": "normale" })).await;
    payer("A5").await;
    let rejouee = ordonner(&bac, "rejouer", json!({ "reference": "A2" })).await;
    assert_eq!(rejouee["envois"][0]["nature"], "rejouee");
    {
        let recus = suite.recus.lock().unwrap();
        assert_eq!(recus.last(), recus.get(1), "the very same");
    }
    ordonner(&bac, "montant", json!({ "reference": "A1", "centimes": 9999 })).await;
    let lu = suite.lus(&boutique).pop().unwrap().unwrap();
    assert_eq!((lu.reference.as_str(), lu.montant), ("A1", Cents(9999)));

    let etat: Value =
        http().get(bac.url("/controle/api/paybox/etat")).send().await.unwrap().json().await.unwrap();
    assert_eq!(etat["mode"], "normale");
    assert_eq!(etat["paiements"].as_array().unwrap().len(), 5);
    assert_eq!(etat["envois"].as_array().unwrap().len(), compte());
    assert_eq!(ordonner(&bac, "rejouer", json!({ "reference": "ZZ" })).await["status"], 404);
    ordonner(&bac, "effacer", json!({})).await;
    assert_eq!(ordonner(&bac, "falsifier", json!({})).await["status"], 404);
}

#[tokio::test]
async fn a_suite_that_is_away_is_told_so_and_orders_are_guarded() {
    let (bac, suite, boutique) = tout().await;
    let absente = Suite { adresse: "http://127.0.0.1:9".into(), recus: suite.recus.clone() };
    let (_, page, _) = poster(&requete(&boutique, &absente, "A1")).await;
    assert_eq!(choisir(&bac, &page, "payer").await.0, 303, "the browser comes back all the same");
    let ailleurs = Suite { adresse: "http://exemple.fr".into(), recus: suite.recus.clone() };
    let (_, page, _) = poster(&requete(&boutique, &ailleurs, "A2")).await;
    choisir(&bac, &page, "payer").await;
    let etat: Value =
        http().get(bac.url("/controle/api/paybox/etat")).send().await.unwrap().json().await.unwrap();
    assert_eq!(etat["envois"][0]["statut"], Value::Null);
    assert!(etat["envois"][1]["echec"].as_str().unwrap().contains("cette machine"), "{etat}");

    let url = bac.url("/controle/api/paybox/effacer");
    let etranger =
        http().post(url).header("origin", "http://exemple.fr").json(&json!({})).send().await.unwrap();
    assert_eq!(etranger.status(), 403);
}
