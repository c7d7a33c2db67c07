//! Days of the till: read, closed, taken by the accountant.

use axum::http::StatusCode;
use chrono::Duration;
use kernel::Scope;
use serde_json::json;

use crate::rest::client::{ecrivain, migrations};
use crate::rest::monde::monde;

testkit::db_test!(days_are_closed_in_order_and_taken_whole, &migrations(), |db| async move {
    let m = monde(&db).await;
    let e = ecrivain(&m.b, &[Scope::PaiementsLire, Scope::PaiementsEcrire]).await;
    assert_eq!(e.lire("journees").await["elements"], json!([]), "what is due moves no till");
    let de = |moyen: &str, cents: i64| json!({"inscription": m.ana, "nature": "paiement", "moyen": moyen, "montant_cents": cents, "reference": "7"});
    for (moyen, cents) in [("cheque", 2000), ("virement", 1500)] {
        assert_eq!(e.faire("POST", "paiements", de(moyen, cents)).await.status, StatusCode::CREATED);
    }
    m.b.clock.advance(Duration::days(1));
    assert_eq!(e.faire("POST", "paiements", de("especes", 700)).await.status, StatusCode::CREATED);
    let jours = json!([{"jour": "2024-12-02", "ecritures": 2}, {"jour": "2024-12-03", "ecritures": 1}]);
    assert_eq!(e.lire("journees").await["elements"], jours);

    for (corps, sorte) in [
        (json!({"jour": "2024-12-03"}), "jour-anterieur"),
        (json!({"jour": "2024-12-02", "ecritures": 1}), "jour-change"),
        (json!({"jour": "2024-12-04"}), "jour-futur"),
        (json!({"jour": "2024-12-01"}), "jour-vide"),
    ] {
        let r = e.faire("POST", "clotures", corps).await;
        assert_eq!((r.status, r.sorte().as_str()), (StatusCode::CONFLICT, sorte), "{}", r.texte);
    }
    let r = e.faire("POST", "clotures", json!({"jour": "2024-12-02", "ecritures": 2})).await;
    assert_eq!(r.status, StatusCode::CREATED, "{}", r.texte);
    let id = r.json()["id"].clone();
    assert_eq!(e.faire("POST", "clotures", json!({"jour": "2024-12-02"})).await.sorte(), "jour-clos");

    let toutes = e.lire("clotures").await;
    let close = &toutes["elements"][0];
    assert_eq!((&close["encaisse_cents"], &close["intacte"]), (&json!(3500), &json!(true)));
    assert_eq!(close["close_par"], "jeton app");
    let une = e.lire(&format!("clotures/{id}")).await;
    assert_eq!(une["par_moyen_cents"], json!({"cheque": 2000, "virement": 1500}));
    let montants: Vec<_> =
        une["lignes"].as_array().unwrap().iter().map(|l| l["montant_cents"].clone()).collect();
    assert_eq!(montants, [json!(-2000), json!(-1500)]);
    assert_eq!((&une["lignes"][0]["cloture"], &une["lignes"][0]["close"]), (&id, &json!(true)));
    assert_eq!(e.lire(&format!("paiements?cloture={id}")).await["total"], 2);
    assert_eq!(e.0.lire("app", "/api/v1/iexam/clotures/999").await.status, StatusCode::NOT_FOUND);

    // A row that was changed behind the ledger's back shows.
    m.b.executer("UPDATE iexam_ecriture SET montant_cents = -1 WHERE moyen = 'cheque'", vec![]).await;
    let touchee = e.lire(&format!("clotures/{id}")).await;
    assert_eq!(touchee["intacte"], false);
    assert!(touchee["ecart"].as_str().unwrap().contains("2 décembre 2024"), "{touchee}");
});
