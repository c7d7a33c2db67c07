//! Dates of the law and what answers for them; parcels.

use axum::http::StatusCode;
use chrono::Duration;
use kernel::{Role, Scope};
use serde_json::json;

use crate::rest::client::{ecrivain, envoyer, migrations};
use crate::rest::monde::monde;

testkit::db_test!(a_date_of_the_law_that_was_missed_is_answered_for, &migrations(), |db| async move {
    let m = monde(&db).await;
    let e = ecrivain(&m.b, &[Scope::ExamensLire, Scope::ExamensEcrire]).await;
    let horloge = "periodes/2024/P1/horloge";
    let lue = e.lire(horloge).await;
    assert_eq!(
        (&lue["elements"][0]["etat"], &lue["elements"][0]["limite"]),
        (&json!("tenue"), &json!("2024-10-16"))
    );
    assert_eq!(
        (&lue["elements"][1]["echeance"], &lue["elements"][1]["etat"]),
        (&json!("convocations"), &json!("a_venir"))
    );

    let corps = |signe: bool, signataire: serde_json::Value| {
        json!({"echeance": "convocations", "signe": signe,
        "motif": "Le centre de Nouméa a répondu trop tard.", "signataire": signataire})
    };
    let derogations = "periodes/2024/P1/derogations";
    let r = e.faire("POST", derogations, corps(true, json!("Anne Durand"))).await;
    assert_eq!(
        (r.status, r.sorte().as_str()),
        (StatusCode::CONFLICT, "reglage-empeche"),
        "not missed yet: {}",
        r.texte
    );
    m.b.clock.advance(Duration::days(30));
    assert_eq!(e.lire(horloge).await["elements"][1]["etat"], "manquee");
    for refusee in [corps(true, json!(null)), corps(true, json!("  ")), corps(false, json!("Anne Durand"))] {
        let r = e.faire("POST", derogations, refusee).await;
        assert_eq!(
            (r.status, r.sorte().as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, "saisie-refusee"),
            "{}",
            r.texte
        );
    }
    let r = e.faire("POST", derogations, corps(true, json!("Anne  Durand"))).await;
    assert_eq!((r.status, &r.json()["etat"]), (StatusCode::CREATED, &json!("levee")), "{}", r.texte);
    assert_eq!(
        r.json()["derogation"]["signee_par"],
        "Anne Durand (jeton app)",
        "a token does not sign alone"
    );
    let retrait = format!("{derogations}/convocations");
    assert_eq!(e.faire("DELETE", &retrait, json!({})).await.json()["etat"], "manquee");
    assert_eq!(
        e.faire("DELETE", &format!("{derogations}/lune"), json!({})).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );

    // Somebody signed in signs in their own name, whatever they send.
    let (session, csrf) = e.0.entrer(Role::Scolarite).await;
    let demande = e.0.demande("", "POST", &format!("/api/v1/iexam/{derogations}"));
    let demande =
        demande.header("cookie", session).header("x-csrf-token", csrf).header("Idempotency-Key", "s");
    let corps = corps(true, json!("Le président")).to_string();
    let r = envoyer(&e.0.routeur, demande.body(axum::body::Body::from(corps)).unwrap()).await;
    assert_eq!(r.json()["derogation"]["signee_par"], Role::Scolarite.libelle(), "{}", r.texte);
});

testkit::db_test!(a_parcel_is_followed_to_and_fro, &migrations(), |db| async move {
    let m = monde(&db).await;
    let e = ecrivain(&m.b, &[Scope::ExamensLire, Scope::ExamensEcrire]).await;
    let mut aller = json!({"periode": "2024-P1", "sens": "aller", "transporteur": "Chronopost", "suivi": "XY1", "copies": 24, "expedie_le": "2024-12-02"});
    let r = e.faire("POST", "centres/noumea/colis", aller.clone()).await;
    assert_eq!(r.status, StatusCode::CREATED, "{}", r.texte);
    let id = r.json()["id"].clone();
    let lu = e.lire("colis?periode=2024-P1&centre=noumea&sens=aller&recu=non").await["elements"][0].clone();
    assert_eq!((&lu["id"], &lu["centre"], &lu["ecart"]), (&id, &json!("noumea"), &json!(null)));
    aller["recu_le"] = json!("2024-12-09");
    aller["vu"] = lu["vu"].clone();
    let adresse = format!("centres/noumea/colis/{id}");
    let r = e.faire("PUT", &adresse, aller.clone()).await;
    assert_eq!(r.status, StatusCode::UNPROCESSABLE_ENTITY, "how many arrived is not said: {}", r.texte);
    aller["copies_recues"] = json!(23);
    let r = e.faire("PUT", &adresse, aller.clone()).await;
    assert_eq!((r.status, &r.json()["id"]), (StatusCode::OK, &id), "{}", r.texte);
    assert_eq!(
        e.faire("PUT", &adresse, aller.clone()).await.status,
        StatusCode::CONFLICT,
        "it has changed since"
    );
    assert_eq!(e.lire("colis?recu=oui").await["elements"][0]["ecart"], -1);
    assert_eq!(e.lire("colis?sens=retour").await["total"], 0);
    aller.as_object_mut().unwrap().remove("vu");
    assert_eq!(e.faire("PUT", "centres/noumea/colis/0", aller.clone()).await.status, StatusCode::NOT_FOUND);
    aller["sens"] = json!("détour");
    assert_eq!(e.faire("POST", "centres/noumea/colis", aller).await.status, StatusCode::UNPROCESSABLE_ENTITY);
});
