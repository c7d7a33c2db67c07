//! Periods, modalities, centres and épreuves set by a token.

use axum::http::StatusCode;
use contracts::maquette::{Controle, ElementEvalue};
use kernel::Scope;
use serde_json::{Value, json};

use crate::rest::client::{ecrivain, migrations};
use crate::rest::monde::monde;

testkit::db_test!(a_period_is_opened_from_another_and_moves, &migrations(), |db| async move {
    let m = monde(&db).await;
    let e = ecrivain(&m.b, &[Scope::ExamensLire, Scope::ExamensEcrire]).await;
    let r = e.faire("POST", "periodes", json!({"annee": 2025, "code": "P1", "source": "2024-P1"})).await;
    assert_eq!(r.status, StatusCode::CREATED, "{}", r.texte);
    assert_eq!((&r.json()["periode"], &r.json()["etat"]), (&json!("2025-P1"), &json!("preparation")));
    let lue = e.lire("periodes/2025/P1").await;
    assert_eq!(lue["epreuves_debut"], "2026-01-07", "a Wednesday stays a Wednesday");
    let offre = e.lire("modalites?periode=2025-P1").await;
    assert!(offre["elements"].as_array().unwrap().iter().all(|m| m["offre"]["offerte"] == true), "{offre}");
    assert_eq!(e.lire("centres?periode=2025-P1").await["elements"][0]["accords"][0]["etat"], "a_demander");
    let r = e.faire("POST", "periodes", json!({"annee": 2025, "code": "P1"})).await;
    assert_eq!(r.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", r.texte);
    let r = e.faire("POST", "periodes", json!({"annee": 2025, "code": "P2", "source": "2019-P1"})).await;
    assert_eq!(r.status, StatusCode::NOT_FOUND, "{}", r.texte);

    // Its dates, under what was seen of them.
    let vu = lue["vu"].clone();
    let mut dates: Value = [
        "enseignement_debut",
        "inscriptions_debut",
        "inscriptions_fin",
        "verification_fin",
        "convocations_le",
        "epreuves_debut",
        "epreuves_fin",
        "fermeture_le",
        "ecart_minutes",
    ]
    .into_iter()
    .map(|champ| (champ.to_owned(), lue[champ].clone()))
    .collect::<serde_json::Map<_, _>>()
    .into();
    dates["ecart_minutes"] = json!(45);
    let corps = json!({"libelle": "Première période", "dates": dates, "vu": vu});
    let r = e.faire("PUT", "periodes/2025/P1", corps.clone()).await;
    assert_eq!(r.status, StatusCode::OK, "{}", r.texte);
    assert_eq!(e.lire("periodes/2025/P1").await["ecart_minutes"], 45);
    let r = e.faire("PUT", "periodes/2025/P1", corps).await;
    assert_eq!(r.status, StatusCode::CONFLICT, "{}", r.texte);

    // What it offers.
    let corps = json!({"modalites": [{"modalite": "tele_examen", "offerte": true, "quota": 25}]});
    assert_eq!(e.faire("PUT", "periodes/2025/P1/offre", corps).await.status, StatusCode::OK);
    let offre = e.lire("modalites?periode=2025-P1").await;
    let tele =
        offre["elements"].as_array().unwrap().iter().find(|m| m["code"] == "tele_examen").unwrap().clone();
    assert_eq!(tele["offre"]["restantes"], 25);
    let corps = json!({"modalites": [{"modalite": "avion", "offerte": true}]});
    assert_eq!(e.faire("PUT", "periodes/2025/P1/offre", corps).await.status, StatusCode::NOT_FOUND);

    // Where.
    assert_eq!(e.faire("DELETE", "periodes/2025/P1/centres/noumea", json!({})).await.status, StatusCode::OK);
    assert_eq!(e.lire("centres?periode=2025-P1").await["elements"][0]["accords"], json!([]));
    let r = e.faire("POST", "periodes/2025/P1/centres", json!({"centre": "noumea"})).await;
    assert_eq!(r.status, StatusCode::CREATED, "{}", r.texte);
    let r = e.faire("PUT", "periodes/2025/P1/centres/noumea", json!({"etat": "accepte", "places": 8})).await;
    assert_eq!(r.status, StatusCode::OK, "{}", r.texte);
    assert_eq!(e.lire("centres?periode=2025-P1").await["elements"][0]["accords"][0]["places"], 8);

    // Its path.
    let r = e.faire("POST", "periodes/2025/P1/publication", json!({"publiees": true})).await;
    assert_eq!(r.status, StatusCode::OK, "{}", r.texte);
    assert!(e.lire("periodes/2025/P1").await["modalites_publiees_le"].is_string());
    let r = e.faire("POST", "periodes/2025/P1/avance", json!({"de": "inscriptions"})).await;
    assert_eq!((r.status, r.sorte().as_str()), (StatusCode::CONFLICT, "reglage-change"), "{}", r.texte);
    let r = e.faire("POST", "periodes/2025/P1/avance", json!({"de": "preparation"})).await;
    assert_eq!(r.status, StatusCode::CONFLICT, "nothing to sit, too early: {}", r.texte);
    let r = e.faire("POST", "periodes/2024/P1/recul", json!({"de": "verification", "confirme": true})).await;
    assert_eq!((r.status, &r.json()["etat"]), (StatusCode::OK, &json!("inscriptions")), "{}", r.texte);
    let r = e.faire("POST", "periodes/2024/P1/avance", json!({"de": "inscriptions", "confirme": true})).await;
    assert_eq!((r.status, &r.json()["etat"]), (StatusCode::OK, &json!("verification")), "{}", r.texte);
});

testkit::db_test!(modalities_and_centres_are_made_and_changed, &migrations(), |db| async move {
    let m = monde(&db).await;
    let e = ecrivain(&m.b, &[Scope::ExamensLire, Scope::ExamensEcrire]).await;
    let mut campus = json!({"code": "campus", "libelle": "Campus connecté", "lieu": "centre", "surveillee": true, "pieces": ["CNI", "Photo"]});
    assert_eq!(e.faire("POST", "modalites", campus.clone()).await.status, StatusCode::CREATED);
    assert_eq!(
        e.faire("POST", "modalites", campus.clone()).await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "twice"
    );
    let toutes = e.lire("modalites").await;
    let lue = toutes["elements"].as_array().unwrap().iter().find(|m| m["code"] == "campus").unwrap();
    assert_eq!(lue["pieces"], json!(["CNI", "Photo"]));
    campus["libelle"] = json!("Campus");
    campus["vu"] = lue["vu"].clone();
    assert_eq!(e.faire("PUT", "modalites/campus", campus.clone()).await.status, StatusCode::OK);
    assert_eq!(
        e.faire("PUT", "modalites/campus", campus).await.status,
        StatusCode::CONFLICT,
        "it has changed since"
    );
    let tarif = json!({"valide_du": "2024-01-01", "fixe_cents": 1500, "horaire_cents": 0});
    assert_eq!(e.faire("POST", "modalites/campus/tarifs", tarif).await.status, StatusCode::CREATED);
    assert_eq!(
        e.faire("DELETE", "modalites/campus/tarifs/2024-01-01", json!({})).await.status,
        StatusCode::OK
    );
    assert_eq!(
        e.faire("DELETE", "modalites/campus/tarifs/2024-01-01", json!({})).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        e.faire("DELETE", "modalites/campus/tarifs/hier", json!({})).await.status,
        StatusCode::BAD_REQUEST
    );

    let lons = json!({"code": "lons", "nom": "Campus de Lons", "ville": "Lons-le-Saunier", "pays": "France", "fuseau": "Europe/Paris",
        "accord_requis": false, "contact_courriel": "lons@example.org"});
    assert_eq!(e.faire("POST", "centres", lons.clone()).await.status, StatusCode::CREATED);
    let mut faux = lons.clone();
    faux["fuseau"] = json!("Europe/Besancon");
    assert_eq!(e.faire("PUT", "centres/lons", faux).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let r = e.faire("POST", "centres/lons/salles", json!({"nom": "A1", "capacite": 12})).await;
    assert_eq!(r.status, StatusCode::CREATED, "{}", r.texte);
    let salle = r.json()["salle"].clone();
    let r = e
        .faire(
            "PUT",
            &format!("centres/lons/salles/{salle}"),
            json!({"nom": "A1", "capacite": 14, "a_part": true}),
        )
        .await;
    assert_eq!(r.status, StatusCode::OK, "{}", r.texte);
    assert_eq!(
        e.faire("PUT", "centres/lons/salles/0", json!({"nom": "B", "capacite": 1})).await.status,
        StatusCode::NOT_FOUND
    );
    let r = e
        .faire(
            "POST",
            "centres/lons/fermetures",
            json!({"du": "2025-01-10", "au": "2025-01-12", "motif": "Travaux"}),
        )
        .await;
    assert_eq!(r.status, StatusCode::CREATED, "{}", r.texte);
    assert_eq!(
        e.faire("PUT", "modalites/campus/centres", json!({"centres": ["lons"]})).await.status,
        StatusCode::OK
    );
    let lu = e.lire("centres?recherche=lons").await["elements"][0].clone();
    assert_eq!((&lu["salles"][0]["capacite"], &lu["modalites"]), (&json!(14), &json!(["campus"])));
    assert_eq!(lu["contact"]["courriel"], "lons@example.org");
    let fermeture = &lu["fermetures"][0];
    assert_eq!(fermeture["au"], "2025-01-12");
    let adresse = format!("centres/lons/fermetures/{}", fermeture["id"]);
    assert_eq!(e.faire("DELETE", &adresse, json!({})).await.status, StatusCode::OK);
    assert_eq!(e.lire("centres?recherche=lons").await["elements"][0]["fermetures"], json!([]));
});

testkit::db_test!(epreuves_are_made_from_an_etape_changed_and_cancelled, &migrations(), |db| async move {
    let m = monde(&db).await;
    let element = |code: &str| ElementEvalue {
        code: code.into(),
        libelle: format!("Élément {code}"),
        nature: "EC".into(),
        periode: None,
        ects: None,
        responsable: Some("M. Durand".into()),
        inscrits: 2,
        controles: vec![Controle {
            session: 1,
            nature: "écrit".into(),
            duree_min: Some(120),
            coefficient: None,
        }],
    };
    {
        let mut faits = m.b.offre.0.lock().unwrap();
        for code in ["DRO101", "HIS103"] {
            faits.offre.push(("L1DROI".into(), "100".into(), element(code)));
        }
    }
    let e = ecrivain(&m.b, &[Scope::ExamensLire, Scope::ExamensEcrire]).await;
    let etape = json!({"etape": "L1DROI", "version": "100"});
    let r = e.faire("POST", "periodes/2024/P1/epreuves", etape.clone()).await;
    assert_eq!(r.status, StatusCode::CREATED, "{}", r.texte);
    assert_eq!(r.json()["epreuves"].as_array().unwrap().len(), 1, "DRO101 was there: {}", r.texte);
    assert_eq!(
        e.faire("POST", "periodes/2024/P1/epreuves", etape).await.json()["epreuves"],
        json!([]),
        "done once"
    );
    let inconnue = json!({"etape": "NULLE", "version": "1"});
    assert_eq!(e.faire("POST", "periodes/2024/P1/epreuves", inconnue).await.status, StatusCode::NOT_FOUND);

    let lue = e.lire("epreuves?periode=2024-P1&element=DRO101").await["elements"][0].clone();
    let mut droit = json!({"libelle": "Droit civil", "nature": "ecrit", "debut": "2025-01-13T08:00:00Z", "duree_minutes": 240,
        "salles": [lue["salles"][0]["id"]], "vu": lue["vu"]});
    let adresse = format!("epreuves/{}", m.droit);
    let r = e.faire("PUT", &adresse, droit.clone()).await;
    assert_eq!(r.status, StatusCode::OK, "{}", r.texte);
    assert_eq!(r.json()["montants_changes"], 2, "one hour more for both: {}", r.texte);
    assert_eq!(m.compte("SELECT COUNT(*) FROM iexam_inscription WHERE du_cents IN (7800, 9000)").await, 2);
    let r = e.faire("PUT", &adresse, droit.clone()).await;
    assert_eq!(r.status, StatusCode::CONFLICT, "it has changed since: {}", r.texte);
    droit.as_object_mut().unwrap().remove("vu");
    droit["nature"] = json!("qcm");
    assert_eq!(e.faire("PUT", &adresse, droit).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let r =
        e.faire("POST", &format!("{adresse}/annulation"), json!({"motif": "Sujet perdu en route."})).await;
    assert_eq!(r.status, StatusCode::OK, "{}", r.texte);
    assert_eq!(e.lire("epreuves?periode=2024-P1&annulee=oui").await["total"], 2);
    let r = e.faire("POST", &format!("{adresse}/retablissement"), json!({})).await;
    assert_eq!(r.status, StatusCode::OK, "{}", r.texte);
    assert_eq!(e.lire("epreuves?periode=2024-P1&annulee=oui").await["total"], 1);

    let oral = json!({"periode": "2024-P1", "element": "HIS103", "rang": 2, "epreuve": {"libelle": "Oral d’histoire", "nature": "oral"}});
    let r = e.faire("POST", "epreuves", oral.clone()).await;
    assert_eq!(r.status, StatusCode::CREATED, "{}", r.texte);
    assert_eq!(e.faire("POST", "epreuves", oral).await.status, StatusCode::CONFLICT, "it is there already");
});
