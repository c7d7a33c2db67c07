//! Changes asked after validation: made, listed, decided.

use axum::http::StatusCode;
use iexam::domain::demande::Voulu;
use iexam::domain::inscription::Decision;
use kernel::{Clock as _, Scope};
use serde_json::json;

use crate::rest::client::{TOUT, ecrivain, migrations};
use crate::rest::monde::monde;

testkit::db_test!(a_request_of_change_is_decided_by_a_token, &migrations(), |db| async move {
    let m = monde(&db).await;
    let g = ecrivain(&m.b, &TOUT).await.0;
    let voulu = Voulu {
        modalite: Some(m.tele),
        centre: None,
        choix: [(m.droit, Decision::Report), (m.grec, Decision::Passe)].into(),
    };
    for _ in 0..2 {
        m.b.executer(
            "INSERT INTO iexam_demande (inscription, faite_le, voulu, motif, etat) VALUES (?, ?, ?, 'Travail', 'en_attente')",
            vec![m.ana.into(), m.b.clock.now().into(), serde_json::to_string(&voulu).unwrap().into()],
        )
        .await;
    }
    let lue = g.bon("app", &format!("/api/v1/iexam/inscriptions/{}", m.ana)).await.json();
    let demandes = lue["demandes"].as_array().unwrap();
    assert_eq!((demandes.len(), &demandes[0]["etat"]), (2, &json!("en_attente")));
    assert_eq!(demandes[0]["choix"][m.droit.to_string()], "report");
    let de = |n: usize, verbe: &str| {
        format!("/api/v1/iexam/inscriptions/{}/demandes/{}/{verbe}", m.ana, demandes[n]["id"])
    };
    let r = g.poster("app", &de(0, "refus"), "a", &json!({})).await;
    assert_eq!((r.status, r.sorte().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "inscription-motif"));
    let r = g.poster("app", &de(0, "refus"), "b", &json!({"reponse": "Trop tard."})).await;
    assert_eq!((r.status, &r.json()["solde_cents"]), (StatusCode::OK, &json!(6600)), "{}", r.texte);
    let r = g.poster("app", &de(1, "acceptation"), "c", &json!({})).await;
    assert_eq!(
        (r.status, &r.json()["solde_cents"]),
        (StatusCode::OK, &json!(3000)),
        "an épreuve without length: {}",
        r.texte
    );
    let r = g.poster("app", &de(1, "acceptation"), "d", &json!({})).await;
    assert_eq!((r.status, r.sorte().as_str()), (StatusCode::CONFLICT, "demande-traitee"));
});

testkit::db_test!(a_change_is_asked_listed_and_taken_back, &migrations(), |db| async move {
    let m = monde(&db).await;
    let e = ecrivain(&m.b, &[Scope::ExamensLire, Scope::ExamensEcrire, Scope::EtudiantsLire]).await;
    m.b.etudiant("22000001", &["DRO101", "GRE102"]);
    let ana = format!("inscriptions/{}", m.ana);
    let asked = |revision: i64, grec: &str, motif: &str| {
        json!({"revision": revision, "modalite": "tele_examen",
        "choix": {m.droit.to_string(): "passe", m.grec.to_string(): grec}, "motif": motif})
    };
    let r = e.faire("POST", &format!("{ana}/demandes"), asked(0, "peut-être", "Travail")).await;
    assert_eq!(
        (r.status, r.sorte().as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, "saisie-refusee"),
        "{}",
        r.texte
    );
    let r = e.faire("POST", &format!("{ana}/demandes"), asked(0, "report", "Travail")).await;
    assert_eq!(
        (r.status, r.sorte().as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, "demande-sans-changement"),
        "{}",
        r.texte
    );
    let r = e.faire("POST", &format!("{ana}/demandes"), asked(7, "passe", "Travail")).await;
    assert_eq!((r.status, r.sorte().as_str()), (StatusCode::CONFLICT, "inscription-modifiee"), "{}", r.texte);
    let r = e.faire("POST", &format!("{ana}/demandes"), asked(0, "passe", "Je ne travaille plus.")).await;
    assert_eq!(r.status, StatusCode::CREATED, "{}", r.texte);
    let demande = r.json()["id"].clone();

    let lue = e.lire("demandes?periode=2024-P1&etat=en_attente").await;
    assert_eq!(lue["total"], 1);
    let lue = &lue["elements"][0];
    assert_eq!(
        (&lue["id"], &lue["inscription"], &lue["etudiant"]),
        (&demande, &json!(m.ana), &json!("22000001"))
    );
    assert_eq!((&lue["modalite"], &lue["centre"]), (&json!("tele_examen"), &json!(null)));
    assert_eq!(lue["choix"][m.grec.to_string()], "passe");
    assert_eq!(e.lire("demandes?etat=refusee").await["total"], 0);
    assert_eq!(e.lire(&ana).await["demandes"][0]["modalite"], "tele_examen");

    let autre = format!("inscriptions/{}/demandes/{demande}/retrait", m.bo);
    assert_eq!(
        e.faire("POST", &autre, json!({})).await.status,
        StatusCode::CONFLICT,
        "not of that registration"
    );
    let retrait = format!("{ana}/demandes/{demande}/retrait");
    assert_eq!(e.faire("POST", &retrait, json!({})).await.status, StatusCode::OK);
    assert_eq!(e.faire("POST", &retrait, json!({})).await.sorte(), "demande-traitee");
    assert_eq!(e.lire("demandes?etat=retiree").await["elements"][0]["id"], demande);
});
