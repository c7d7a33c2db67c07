//! Arrangements: written, read by who may, and what they move.

use axum::http::StatusCode;
use kernel::Scope;
use serde_json::json;

use crate::rest::client::{ecrivain, migrations};
use crate::rest::monde::monde;

testkit::db_test!(an_arrangement_moves_what_depends_on_it, &migrations(), |db| async move {
    let m = monde(&db).await;
    let e = ecrivain(&m.b, &[Scope::ExamensLire, Scope::ExamensEcrire, Scope::EtudiantsIdentite]).await;
    m.b.etudiant("22000001", &["DRO101", "GRE102"]);
    let mut tiers = json!({"etudiant": "22000001", "valide_du": "2024-09-01", "valide_au": "2025-08-31", "majoration": 20, "ordinateur": true});
    let r = e.faire("POST", "amenagements", tiers.clone()).await;
    assert_eq!((r.status, &r.json()["epreuves_plus_tard"]), (StatusCode::CREATED, &json!(1)), "{}", r.texte);
    let id = r.json()["id"].clone();
    let adresse = format!("amenagements/{id}");
    let lu = e.lire(&adresse).await;
    assert_eq!(
        (&lu["majoration"], &lu["ordinateur"], &lu["secretaire"]),
        (&json!(20), &json!(true), &json!(false))
    );
    assert_eq!(e.lire(&format!("inscriptions/{}", m.ana)).await["majoration"], 20);
    assert_eq!(e.lire("amenagements?etudiant=22000001&avec=ordinateur&le=2025-01-13").await["total"], 1);
    assert_eq!(e.lire("amenagements?avec=secretaire").await["total"], 0);
    assert_eq!(e.lire("amenagements?le=2026-01-13").await["total"], 0);

    // Beyond a third, a doctor's reason.
    tiers["majoration"] = json!(30);
    tiers["vu"] = lu["vu"].clone();
    let r = e.faire("PUT", &adresse, tiers.clone()).await;
    assert_eq!(
        (r.status, r.sorte().as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, "amenagement-invalide"),
        "{}",
        r.texte
    );
    tiers["exception"] = json!("Avis du médecin du 3 septembre.");
    assert_eq!(e.faire("PUT", &adresse, tiers.clone()).await.status, StatusCode::OK);
    let r = e.faire("PUT", &adresse, tiers.clone()).await;
    assert_eq!((r.status, r.sorte().as_str()), (StatusCode::CONFLICT, "amenagement-change"), "{}", r.texte);
    tiers["etudiant"] = json!("22000002");
    let r = e.faire("PUT", &adresse, tiers.clone()).await;
    assert_eq!(r.status, StatusCode::UNPROCESSABLE_ENTITY, "it stays the same student's: {}", r.texte);
    tiers["etudiant"] = json!("29999999");
    assert_eq!(e.faire("POST", "amenagements", tiers).await.sorte(), "etudiant-inconnu");

    let r = e.faire("POST", &format!("{adresse}/retrait"), json!({})).await;
    assert_eq!((r.status, &r.json()["epreuves_plus_tot"]), (StatusCode::OK, &json!(1)), "{}", r.texte);
    assert_eq!(e.faire("POST", &format!("{adresse}/retrait"), json!({})).await.status, StatusCode::CONFLICT);
    assert_eq!(e.lire("amenagements").await["total"], 0);
    assert_eq!(e.lire("amenagements?retire=oui").await["elements"][0]["id"], id);
    let r = e.faire("POST", &format!("{adresse}/retablissement"), json!({})).await;
    assert_eq!((r.status, &r.json()["epreuves_plus_tard"]), (StatusCode::OK, &json!(1)), "{}", r.texte);
    assert_eq!(
        m.compte("SELECT COUNT(*) FROM journal WHERE acteur = 'jeton app' AND objet = 'amenagement'").await,
        4
    );
});
