//! Sent twice, made once.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::Duration;
use futures::future::join_all;
use kernel::Scope;
use serde_json::json;

use crate::rest::client::{Guichet, TOUT, envoyer, migrations};
use crate::rest::monde::monde;

const PAIEMENTS: &str = "SELECT COUNT(*) FROM iexam_ecriture WHERE nature = 'paiement'";
const ADRESSE: &str = "/api/v1/iexam/paiements";

testkit::db_test!(the_same_request_is_answered_again_and_made_once, &migrations(), |db| async move {
    let m = monde(&db).await;
    let mut g = Guichet::new(&m.b);
    g.jeton("banque", &TOUT).await;
    g.jeton("autre", &TOUT).await;
    let corps = json!({"inscription": m.ana, "nature": "paiement", "moyen": "virement", "montant_cents": 600, "reference": "V1"});

    let premiere = g.poster("banque", ADRESSE, "k-1", &corps).await;
    assert_eq!(premiere.status, StatusCode::CREATED, "{}", premiere.texte);
    assert_eq!(premiere.header("idempotency-replayed"), "");
    assert_eq!(premiere.json()["solde_cents"], 6000);
    let seconde = g.poster("banque", ADRESSE, "k-1", &corps).await;
    assert_eq!((seconde.status, &seconde.texte), (premiere.status, &premiere.texte));
    assert_eq!(seconde.header("idempotency-replayed"), "true");
    assert_eq!(seconde.header("content-type"), "application/json");
    assert_eq!(m.compte(PAIEMENTS).await, 1);

    // The same key for something else: another body, another address.
    let autre = json!({"inscription": m.ana, "nature": "paiement", "moyen": "virement", "montant_cents": 700, "reference": "V1"});
    let refusee = g.poster("banque", ADRESSE, "k-1", &autre).await;
    assert_eq!(
        (refusee.status, refusee.sorte().as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, "cle-deja-employee")
    );
    let ailleurs = format!("/api/v1/iexam/inscriptions/{}/verification", m.ana);
    assert_eq!(
        g.poster("banque", &ailleurs, "k-1", &json!({})).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(m.compte(PAIEMENTS).await, 1);

    // The key of another application is another key.
    let sienne = g.poster("autre", ADRESSE, "k-1", &autre).await;
    assert_eq!((sienne.status, sienne.header("idempotency-replayed").as_str()), (StatusCode::CREATED, ""));
    assert_eq!(m.compte(PAIEMENTS).await, 2);
});

testkit::db_test!(a_refusal_is_answered_again_too, &migrations(), |db| async move {
    let m = monde(&db).await;
    let mut g = Guichet::new(&m.b);
    g.jeton("app", &TOUT).await;
    let adresse = format!("/api/v1/iexam/inscriptions/{}/verification", m.cy);
    let premiere = g.poster("app", &adresse, "k-2", &json!({})).await;
    assert_eq!((premiere.status, premiere.sorte().as_str()), (StatusCode::CONFLICT, "inscription-etat"));
    assert_eq!(premiere.json()["instance"], adresse.as_str());
    m.b.executer("UPDATE iexam_inscription SET etat = 'validee' WHERE id = ?", vec![m.cy.into()]).await;
    let seconde = g.poster("app", &adresse, "k-2", &json!({})).await;
    assert_eq!((seconde.status, &seconde.texte), (premiere.status, &premiere.texte));
    assert_eq!(seconde.header("content-type"), "application/problem+json; charset=utf-8");
    assert_eq!(seconde.header("idempotency-replayed"), "true");
    assert_eq!(
        g.poster("app", &adresse, "k-3", &json!({})).await.status,
        StatusCode::OK,
        "a new key tries again"
    );
});

testkit::db_test!(two_at_once_one_runs, &migrations(), |db| async move {
    let m = monde(&db).await;
    let mut g = Guichet::new(&m.b);
    g.jeton("banque", &TOUT).await;
    let corps = json!({"inscription": m.ana, "nature": "paiement", "moyen": "cheque", "montant_cents": 100, "reference": "7"});
    for tour in 0..4 {
        let cle = format!("ensemble-{tour}");
        let envoyees = (0..6).map(|_| g.poster("banque", ADRESSE, &cle, &corps));
        let reponses = join_all(envoyees).await;
        for r in &reponses {
            let attendue = match r.status {
                StatusCode::CREATED => true,
                StatusCode::CONFLICT => r.sorte() == "demande-en-cours" && r.header("retry-after") == "1",
                _ => false,
            };
            assert!(attendue, "{} : {}", r.status, r.texte);
        }
        let premiere = |r: &&crate::rest::client::Reponse| {
            r.status == StatusCode::CREATED && r.header("idempotency-replayed").is_empty()
        };
        assert_eq!(reponses.iter().filter(premiere).count(), 1, "one ran");
        assert_eq!(m.compte(PAIEMENTS).await, tour + 1);
        // Whoever was told to wait reads the answer of the one that ran.
        let apres = g.poster("banque", ADRESSE, &cle, &corps).await;
        assert_eq!(
            (apres.status, apres.header("idempotency-replayed").as_str()),
            (StatusCode::CREATED, "true")
        );
    }
});

testkit::db_test!(a_write_that_died_on_the_way_is_taken_up_again, &migrations(), |db| async move {
    let m = monde(&db).await;
    let mut g = Guichet::new(&m.b);
    g.jeton("banque", &TOUT).await;
    let corps = json!({"inscription": m.ana, "nature": "paiement", "moyen": "cheque", "montant_cents": 100, "reference": "7"});
    assert_eq!(g.poster("banque", ADRESSE, "k-4", &corps).await.status, StatusCode::CREATED);
    // As a process leaves it that is killed after the row and before the answer.
    m.b.executer("UPDATE iexam_idempotence SET statut = 0, reponse = '' WHERE cle = ?", vec!["k-4".into()])
        .await;
    let trop_tot = g.poster("banque", ADRESSE, "k-4", &corps).await;
    assert_eq!((trop_tot.status, trop_tot.sorte().as_str()), (StatusCode::CONFLICT, "demande-en-cours"));
    m.b.clock.advance(Duration::seconds(61));
    let reprise = g.poster("banque", ADRESSE, "k-4", &corps).await;
    assert_eq!(reprise.status, StatusCode::CREATED, "{}", reprise.texte);
    assert_eq!(m.compte(PAIEMENTS).await, 1, "the row was there: it is not written twice");
});

testkit::db_test!(a_key_is_kept_for_a_day, &migrations(), |db| async move {
    let m = monde(&db).await;
    let mut g = Guichet::new(&m.b);
    g.jeton("banque", &TOUT).await;
    let de = |cents: i64| json!({"inscription": m.ana, "nature": "paiement", "moyen": "cheque", "montant_cents": cents, "reference": "7"});
    assert_eq!(g.poster("banque", ADRESSE, "k-5", &de(100)).await.status, StatusCode::CREATED);
    m.b.clock.advance(Duration::hours(23));
    assert_eq!(g.poster("banque", ADRESSE, "k-5", &de(100)).await.header("idempotency-replayed"), "true");
    assert_eq!(iexam::rest::oublier(&m.b.iexam).await.unwrap(), 0);
    m.b.clock.advance(Duration::hours(2));
    assert_eq!(iexam::rest::oublier(&m.b.iexam).await.unwrap(), 1);
    // Another payment under the old key is another row; the same payment is still the same row.
    assert_eq!(g.poster("banque", ADRESSE, "k-5", &de(250)).await.json()["solde_cents"], 6250);
    assert_eq!(m.compte(PAIEMENTS).await, 2);
    m.b.clock.advance(Duration::hours(25));
    assert_eq!(g.poster("banque", ADRESSE, "k-5", &de(100)).await.status, StatusCode::CREATED);
    assert_eq!(m.compte(PAIEMENTS).await, 2);
    assert_eq!(
        m.compte("SELECT COUNT(*) FROM iexam_idempotence").await,
        1,
        "what was old is forgotten on the way"
    );
});

testkit::db_test!(a_write_without_its_key_or_its_right_is_not_made, &migrations(), |db| async move {
    let m = monde(&db).await;
    let mut g = Guichet::new(&m.b);
    g.jeton("tout", &TOUT).await;
    g.jeton("lit", &[Scope::ExamensLire, Scope::PaiementsLire]).await;
    let corps = json!({"inscription": m.ana, "nature": "paiement", "moyen": "especes", "montant_cents": 100});
    let sans_cle = g.demande("tout", "POST", ADRESSE).body(Body::from(corps.to_string())).unwrap();
    let r = envoyer(&g.routeur, sans_cle).await;
    assert_eq!(r.status, StatusCode::BAD_REQUEST);
    assert!(r.json()["title"].as_str().unwrap().contains("Idempotency-Key"), "{}", r.texte);
    assert_eq!(g.poster("tout", ADRESSE, "avec espace", &corps).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(g.poster("tout", ADRESSE, &"x".repeat(201), &corps).await.status, StatusCode::BAD_REQUEST);
    let r = g.poster("lit", ADRESSE, "k", &corps).await;
    assert_eq!(r.status, StatusCode::FORBIDDEN);
    assert!(r.header("www-authenticate").contains("paiements:ecrire"));
    assert_eq!(g.poster("", ADRESSE, "k", &corps).await.status, StatusCode::UNAUTHORIZED);
    let inconnu = json!({"inscription": m.ana, "nature": "paiement", "montant": 100});
    let r = g.poster("tout", ADRESSE, "k", &inconnu).await;
    assert_eq!(r.status, StatusCode::BAD_REQUEST, "a field that is not known is not ignored: {}", r.texte);
    let brut = |texte: &'static str| {
        let demande = g.demande("tout", "POST", ADRESSE).header("Idempotency-Key", "k");
        envoyer(&g.routeur, demande.body(Body::from(texte)).unwrap())
    };
    assert_eq!(brut("{\"inscription\": 1").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(brut("").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(m.compte(PAIEMENTS).await, 0);
    assert_eq!(
        m.compte("SELECT COUNT(*) FROM iexam_idempotence").await,
        0,
        "a refusal on sight takes no key"
    );
    assert_eq!(g.poster("tout", ADRESSE, "k", &corps).await.status, StatusCode::CREATED);
});

testkit::db_test!(a_session_writes_by_its_right_and_its_token, &migrations(), |db| async move {
    let m = monde(&db).await;
    let g = Guichet::new(&m.b);
    let adresse = format!("/api/v1/iexam/inscriptions/{}/verification", m.ana);
    let demander = |cookie: String, csrf: Option<String>| {
        let mut demande = Request::post(&adresse).header("cookie", cookie).header("Idempotency-Key", "s-1");
        if let Some(csrf) = csrf {
            demande = demande.header("X-CSRF-Token", csrf);
        }
        envoyer(&g.routeur, demande.body(Body::from("{}")).unwrap())
    };
    let (directeur, csrf) = g.entrer(kernel::Role::Direction).await;
    assert_eq!(demander(directeur, Some(csrf)).await.status, StatusCode::FORBIDDEN, "reads, does not write");
    let (scolarite, csrf) = g.entrer(kernel::Role::Scolarite).await;
    assert_eq!(
        demander(scolarite.clone(), None).await.status,
        StatusCode::FORBIDDEN,
        "another site has no token"
    );
    assert_eq!(demander(scolarite.clone(), Some("faux".into())).await.status, StatusCode::FORBIDDEN);
    assert_eq!(m.compte("SELECT COUNT(*) FROM iexam_inscription WHERE etat = 'verifiee'").await, 0);
    let faite = demander(scolarite, Some(csrf)).await;
    assert_eq!(faite.status, StatusCode::OK, "{}", faite.texte);
    assert_eq!(m.compte("SELECT COUNT(*) FROM journal WHERE acteur = 'scolarite' AND action = 'inscription_examen.verifier'").await, 1);
});

testkit::db_test!(what_fails_on_our_side_gives_the_key_back, &migrations(), |db| async move {
    let m = monde(&db).await;
    let mut g = Guichet::new(&m.b);
    g.jeton("app", &TOUT).await;
    let etape = json!({"etape": "L1DROI", "version": "100"});
    let adresse = "/api/v1/iexam/periodes/2024/P1/epreuves";
    m.b.offre.0.lock().unwrap().muette = true;
    let panne = g.poster("app", adresse, "k-6", &etape).await;
    assert_eq!(panne.status, StatusCode::SERVICE_UNAVAILABLE, "{}", panne.texte);
    assert_eq!(m.compte("SELECT COUNT(*) FROM iexam_idempotence").await, 0);
    m.b.offre.0.lock().unwrap().muette = false;
    // The étape is not in the offer: another answer than before, so it was asked again.
    let apres = g.poster("app", adresse, "k-6", &etape).await;
    assert_eq!((apres.status, apres.header("idempotency-replayed").as_str()), (StatusCode::NOT_FOUND, ""));
});
