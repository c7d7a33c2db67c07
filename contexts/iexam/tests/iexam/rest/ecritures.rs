//! The registry's verbs, by a token.

use axum::http::StatusCode;
use serde_json::json;

use crate::rest::client::{Guichet, TOUT, migrations};
use crate::rest::monde::{Monde, monde};

async fn ouvrir(m: &Monde) -> Guichet {
    let mut g = Guichet::new(&m.b);
    g.jeton("app", &TOUT).await;
    g
}

testkit::db_test!(a_registration_goes_its_way_by_a_token, &migrations(), |db| async move {
    let m = monde(&db).await;
    let g = ouvrir(&m).await;
    let de = |verbe: &str| format!("/api/v1/iexam/inscriptions/{}/{verbe}", m.ana);

    // What was seen no longer holds once something changed.
    let lue = g.bon("app", &format!("/api/v1/iexam/inscriptions/{}", m.ana)).await.json();
    let vu = lue["vu"].as_str().unwrap().to_owned();
    let renvoi = json!({"motif": "Choisissez un centre.", "vu": vu});
    let r = g.poster("app", &de("renvoi"), "a", &renvoi).await;
    assert_eq!((r.status, &r.json()["etat"]), (StatusCode::OK, &json!("a_corriger")), "{}", r.texte);
    let r = g.poster("app", &de("annulation"), "b", &json!({"motif": "Désistement.", "vu": vu})).await;
    assert_eq!((r.status, r.sorte().as_str()), (StatusCode::CONFLICT, "inscription-changee"));
    assert_eq!(m.compte("SELECT COUNT(*) FROM mail_message").await, 1, "the student is told");

    let r = g.poster("app", &de("annulation"), "c", &json!({"motif": "Désistement."})).await;
    assert_eq!((&r.json()["etat"], &r.json()["solde_cents"]), (&json!("annulee"), &json!(0)), "{}", r.texte);
    let r = g.poster("app", &de("retablissement"), "d", &json!({})).await;
    assert_eq!(
        (&r.json()["etat"], &r.json()["solde_cents"]),
        (&json!("validee"), &json!(6600)),
        "{}",
        r.texte
    );
    assert_eq!(g.poster("app", &de("verification"), "e", &json!({})).await.json()["etat"], "verifiee");
    assert_eq!(g.poster("app", &de("reprise"), "f", &json!({})).await.json()["etat"], "validee");
    assert_eq!(g.poster("app", &de("verification"), "g", &json!({})).await.json()["etat"], "verifiee");
    let r = g.poster("app", &de("renvoi"), "h", &json!({"motif": " "})).await;
    assert_eq!((r.status, r.sorte().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "inscription-motif"));
    let r = g.poster("app", "/api/v1/iexam/inscriptions/99999/verification", "i", &json!({})).await;
    assert_eq!(r.status, StatusCode::NOT_FOUND);
    let lignes = "SELECT COUNT(*) FROM journal WHERE acteur = 'jeton app' AND objet = 'inscription_examen'
        AND action IN ('inscription_examen.renvoyer', 'inscription_examen.annuler', 'inscription_examen.retablir', 'inscription_examen.verifier')";
    assert_eq!(m.compte(lignes).await, 5, "each is in the journal under the name of the token");
});

testkit::db_test!(money_is_written_by_a_token_and_finalises, &migrations(), |db| async move {
    let m = monde(&db).await;
    let g = ouvrir(&m).await;
    let adresse = "/api/v1/iexam/paiements";
    let verifier = format!("/api/v1/iexam/inscriptions/{}/verification", m.bo);
    assert_eq!(g.poster("app", &verifier, "v", &json!({})).await.json()["etat"], "verifiee");
    let de = |nature: &str, moyen: serde_json::Value, cents: i64| json!({"inscription": m.bo, "nature": nature, "moyen": moyen, "montant_cents": cents, "reference": "R", "motif": "Boursier."});

    let r = g.poster("app", adresse, "1", &de("exoneration", json!(null), 3000)).await;
    assert_eq!((r.status, &r.json()["solde_cents"]), (StatusCode::CREATED, &json!(5000)), "{}", r.texte);
    let r = g.poster("app", adresse, "2", &de("paiement", json!("cheque"), 5000)).await;
    assert_eq!(
        (&r.json()["etat"], &r.json()["solde_cents"]),
        (&json!("finalisee"), &json!(0)),
        "{}",
        r.texte
    );
    let cheque = r.json()["id"].as_i64().unwrap();
    for (cle, corps, sorte) in [
        ("3", de("paiement", json!("cheque"), 1), "montant-au-dela"),
        ("4", de("paiement", json!("cheque"), 0), "montant"),
        ("5", de("paiement", json!("en_ligne"), 1), "moyen-en-ligne"),
        ("6", de("paiement", json!("troc"), 1), "moyen-inconnu"),
        ("7", de("du", json!(null), 1), "nature-inconnue"),
        ("8", de("paiement", json!(null), 1), "moyen"),
        ("9", de("remboursement", json!("virement"), 9000), "remboursement-impaye"),
    ] {
        let r = g.poster("app", adresse, cle, &corps).await;
        assert_eq!((r.status, r.sorte().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, sorte), "{}", r.texte);
    }
    let corriger = format!("{adresse}/{cheque}/correction");
    let r = g.poster("app", &corriger, "10", &json!({"motif": "Chèque sans provision."})).await;
    assert_eq!(
        (&r.json()["etat"], &r.json()["solde_cents"]),
        (&json!("verifiee"), &json!(5000)),
        "{}",
        r.texte
    );
    let r = g.poster("app", &corriger, "11", &json!({"motif": "Encore."})).await;
    assert_eq!((r.status, r.sorte().as_str()), (StatusCode::CONFLICT, "ecriture-corrigee"));

    let lu = g.bon("app", &format!("{adresse}?inscription={}&moyen=cheque", m.bo)).await;
    assert_eq!(lu.champ("montant_cents"), [json!(-5000), json!(5000)]);
    assert_eq!(lu.champ("corrige"), [json!(null), json!(cheque)]);
    assert_eq!(lu.champ("ecrite_par"), [json!("jeton app"), json!("jeton app")]);
    let compte = g.bon("app", &format!("/api/v1/iexam/inscriptions/{}", m.bo)).await.json()["compte"].clone();
    let attendu = json!({"du_cents": 8000, "exonere_cents": 3000, "paye_cents": 0, "rembourse_cents": 0, "solde_cents": 5000});
    assert_eq!(compte, attendu);
});
