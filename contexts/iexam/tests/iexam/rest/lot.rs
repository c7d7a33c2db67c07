//! Several registrations at once: tried, then done.

use axum::http::StatusCode;
use serde_json::json;

use crate::rest::client::{TOUT, ecrivain, migrations};
use crate::rest::monde::monde;

testkit::db_test!(a_trial_says_what_would_be_done_and_does_nothing, &migrations(), |db| async move {
    let m = monde(&db).await;
    let e = ecrivain(&m.b, &TOUT).await;
    let essai = json!({"periode": "2024-P1", "file": "a-verifier", "essai": true});
    let r = e.faire("POST", "inscriptions/lot/verification", essai).await;
    let dit = r.json();
    assert_eq!(
        (r.status, &dit["essai"], &dit["traitees"]),
        (StatusCode::OK, &json!(true), &json!(2)),
        "{}",
        r.texte
    );
    let attendu = json!([{"id": m.ana, "etat": "validee"}, {"id": m.bo, "etat": "validee"}]);
    assert_eq!(dit["inscriptions"], attendu);
    assert_eq!(m.compte("SELECT COUNT(*) FROM iexam_inscription WHERE etat = 'verifiee'").await, 0);
    assert_eq!(m.compte("SELECT COUNT(*) FROM mail_message").await, 0);

    // What was tried is what is done, or nothing is.
    let fait = |attendues: usize| json!({"periode": "2024-P1", "file": "a-verifier", "attendues": attendues});
    let r = e.faire("POST", "inscriptions/lot/verification", fait(3)).await;
    assert_eq!((r.status, r.sorte().as_str()), (StatusCode::CONFLICT, "lot-change"), "{}", r.texte);
    let r = e.faire("POST", "inscriptions/lot/verification", fait(2)).await;
    let dit = r.json();
    assert_eq!(
        (&dit["essai"], &dit["inscriptions"][0]["etat"]),
        (&json!(false), &json!("verifiee")),
        "{}",
        r.texte
    );
    assert_eq!(m.compte("SELECT COUNT(*) FROM iexam_inscription WHERE etat = 'verifiee'").await, 2);
    let lignes =
        "SELECT COUNT(*) FROM journal WHERE acteur = 'jeton app' AND action = 'inscription_examen.verifier'";
    assert_eq!(m.compte(lignes).await, 2);
    let r = e.faire("POST", "inscriptions/lot/verification", json!({"periode": "2024-P1"})).await;
    assert_eq!(
        (r.status, r.sorte().as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, "inscription-vide"),
        "{}",
        r.texte
    );
});

testkit::db_test!(what_a_lot_leaves_out_is_said_with_why, &migrations(), |db| async move {
    let m = monde(&db).await;
    let e = ecrivain(&m.b, &TOUT).await;
    let lot = json!({"inscriptions": [m.ana, m.cy, m.cy, 99999], "motif": "Pièce illisible."});
    let r = e.faire("POST", "inscriptions/lot/renvoi", lot).await;
    let dit = r.json();
    assert_eq!(dit["inscriptions"], json!([{"id": m.ana, "etat": "a_corriger"}]), "{}", r.texte);
    let raison = "l’étudiant n’a pas encore validé son brouillon";
    assert_eq!(dit["ecartees"], json!([{"id": m.cy, "raison": raison}]));
    assert_eq!(dit["inconnues"], json!([99999]));
    assert_eq!(m.compte("SELECT COUNT(*) FROM mail_message").await, 1);

    let r = e.faire("POST", "inscriptions/lot/relance", json!({"inscriptions": [m.ana, m.cy]})).await;
    assert_eq!((&r.json()["traitees"], &r.json()["sans_courriel"]), (&json!(2), &json!(0)), "{}", r.texte);
    assert_eq!(m.compte("SELECT COUNT(*) FROM mail_message").await, 3);

    let essai = json!({"periode": "2024-P1", "centres": ["noumea"], "essai": true});
    let r = e.faire("POST", "inscriptions/lot/exoneration", essai).await;
    assert_eq!((&r.json()["traitees"], &r.json()["exonere_cents"]), (&json!(1), &json!(8000)), "{}", r.texte);
    let sans_motif = json!({"periode": "2024-P1", "centres": ["noumea"]});
    let r = e.faire("POST", "inscriptions/lot/exoneration", sans_motif).await;
    assert_eq!((r.status, r.sorte().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "motif"), "{}", r.texte);
    let fait = json!({"periode": "2024-P1", "centres": ["noumea"], "motif": "Accord de coopération."});
    let r = e.faire("POST", "inscriptions/lot/exoneration", fait).await;
    assert_eq!(r.json()["exonere_cents"], 8000, "{}", r.texte);
    assert_eq!(e.lire(&format!("inscriptions/{}", m.bo)).await["solde_cents"], 0);

    let annule = json!({"periode": "2024-P1", "modalites": ["tele_examen"], "etats": ["a_corriger"], "motif": "Désistement."});
    let r = e.faire("POST", "inscriptions/lot/annulation", annule).await;
    assert_eq!(r.json()["inscriptions"], json!([{"id": m.ana, "etat": "annulee"}]), "{}", r.texte);

    for (corps, statut, sorte) in [
        (json!({}), 422, "lot-sans-choix"),
        (json!({"inscriptions": [m.ana], "periode": "2024-P1"}), 422, "lot-sans-choix"),
        (json!({"inscriptions": (1..=5001).collect::<Vec<i64>>()}), 422, "lot-trop-grand"),
        (json!({"periode": "2024-P9"}), 404, "reglage-inconnu"),
        (json!({"periode": "2024-P1", "file": "urgentes"}), 422, "saisie-refusee"),
        (json!({"periode": "2024-P1", "etats": ["valide"]}), 422, "saisie-refusee"),
        (json!({"periode": "2024-P1", "centres": ["lune"]}), 404, "reglage-inconnu"),
    ] {
        let r = e.faire("POST", "inscriptions/lot/verification", corps).await;
        assert_eq!((r.status.as_u16(), r.sorte().as_str()), (statut, sorte), "{}", r.texte);
    }
});
