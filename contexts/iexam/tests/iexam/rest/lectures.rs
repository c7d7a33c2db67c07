//! What is read, and what is not.

use axum::http::StatusCode;
use db::sql::select;
use iexam::domain::inscription::EtatInscription;
use iexam::store::inscription_lue::{Filtre, inscription_lue_requete};
use kernel::Scope;
use serde_json::{Value, json};

use crate::rest::client::{Guichet, TOUT, migrations};
use crate::rest::monde::monde;

testkit::db_test!(periods_modalities_centres_and_epreuves_are_read, &migrations(), |db| async move {
    let m = monde(&db).await;
    let mut g = Guichet::new(&m.b);
    g.jeton("lit", &[Scope::ExamensLire]).await;
    g.jeton("tout", &TOUT).await;

    let periodes = g.bon("lit", "/api/v1/iexam/periodes?annee=2024&etat=verification").await;
    assert_eq!(periodes.json()["total"], 1);
    let p = periodes.json()["elements"][0].clone();
    assert_eq!(
        (&p["periode"], &p["inscriptions_debut"]),
        (&json!("2024-P1"), &json!("2024-12-01T12:00:00Z"))
    );
    assert_eq!(g.bon("lit", "/api/v1/iexam/periodes?etat=preparation").await.json()["total"], 0);
    let une = g.bon("lit", "/api/v1/iexam/periodes/2024/P1").await;
    assert_eq!(une.json()["inscriptions"], json!({"validee": 2, "brouillon": 1, "annulee": 1}));
    assert_eq!(g.lire("lit", "/api/v1/iexam/periodes/2024/P9").await.status, StatusCode::NOT_FOUND);

    let modalites = g.bon("lit", "/api/v1/iexam/modalites").await;
    assert!(modalites.json()["elements"][0].get("offre").is_none(), "no period asked: {}", modalites.texte);
    let modalites = g.bon("lit", "/api/v1/iexam/modalites?periode=2024-P1").await.json();
    let tele = modalites["elements"].as_array().unwrap().iter().find(|m| m["code"] == "tele_examen").unwrap();
    assert_eq!(tele["tarifs"][0]["fixe_cents"], 3000);
    let offre = &tele["offre"];
    assert_eq!((&offre["quota"], &offre["prises"], &offre["restantes"]), (&json!(10), &json!(1), &json!(9)));
    assert_eq!(offre["tarif"]["horaire_cents"], 1200);

    let centres = g.bon("lit", "/api/v1/iexam/centres?periode=2024-P1&modalite=centre_etranger").await.json();
    let noumea = &centres["elements"][0];
    assert_eq!(
        (&noumea["fuseau"], &noumea["modalites"]),
        (&json!("Pacific/Noumea"), &json!(["centre_etranger"]))
    );
    assert_eq!(noumea["salles"][0]["capacite"], 20);
    assert_eq!(
        (&noumea["accords"][0]["etat"], &noumea["accords"][0]["prises"]),
        (&json!("accepte"), &json!(1))
    );
    assert!(
        noumea.get("contact").is_none() && noumea.get("vu").is_none(),
        "a reader is told nobody's address"
    );
    let centres = g.bon("tout", "/api/v1/iexam/centres").await.json();
    assert!(centres["elements"][0]["contact"].is_object() && centres["elements"][0]["vu"].is_string());

    let epreuves = g.bon("lit", "/api/v1/iexam/epreuves?periode=2024-P1&annulee=non").await;
    assert_eq!(epreuves.champ("element"), [json!("DRO101"), json!("GRE102")]);
    let droit = &epreuves.json()["elements"][0];
    assert_eq!(droit["debut"], "2025-01-13T08:00:00Z");
    assert_eq!(droit["debut_besancon"], "2025-01-13T09:00:00+01:00");
    assert_eq!((&droit["duree_minutes"], &droit["fin"]), (&json!(180), &json!("2025-01-13T11:00:00Z")));
    assert_eq!(
        (&droit["salles"][0]["centre"], &droit["salles"][0]["nom"]),
        (&json!("noumea"), &json!("Salle 1"))
    );
    assert_eq!((&droit["passent"], &droit["reportent"]), (&json!(2), &json!(0)), "a draft does not count");
    assert!(droit.get("sujet_par").is_none(), "teachers need their own scope");
    let grec = &epreuves.json()["elements"][1];
    assert_eq!((&grec["debut"], &grec["passent"], &grec["reportent"]), (&Value::Null, &json!(0), &json!(1)));
    let cherchees = g.bon("lit", "/api/v1/iexam/epreuves?periode=2024-P1&recherche=DROIT").await;
    assert_eq!(cherchees.champ("id"), [json!(m.droit)]);
});

testkit::db_test!(registrations_are_read_by_what_the_token_may_know, &migrations(), |db| async move {
    let m = monde(&db).await;
    let mut g = Guichet::new(&m.b);
    g.jeton("examens", &[Scope::ExamensLire]).await;
    g.jeton("noms", &[Scope::ExamensLire, Scope::EtudiantsLire]).await;
    g.jeton("tout", &TOUT).await;
    g.jeton("offre", &[Scope::MaquetteLire]).await;

    let liste = "/api/v1/iexam/inscriptions?periode=2024-P1&etat=validee";
    assert_eq!(g.lire("offre", liste).await.status, StatusCode::FORBIDDEN);
    assert_eq!(g.lire("", liste).await.status, StatusCode::UNAUTHORIZED);
    let nue = g.bon("examens", liste).await;
    assert_eq!(nue.champ("etudiant"), [json!("22000001"), json!("22000002")]);
    assert_eq!(nue.champ("centre"), [Value::Null, json!("noumea")]);
    assert_eq!(nue.champ("du_cents"), [json!(3000 + 3 * 1200), json!(5000 + 3 * 1000)]);
    for absent in ["nom", "courriel", "majoration", "motif"] {
        assert!(nue.json()["elements"][0].get(absent).is_none(), "{absent} is not sent");
    }
    assert!(!nue.texte.contains("Guyen") && !nue.texte.contains("@etu"));
    let nommee = g.bon("noms", liste).await.json();
    assert_eq!(nommee["elements"][0]["nom"], "Ana N’Guyen-Đặng");
    assert!(nommee["elements"][0].get("courriel").is_none());
    let entiere = g.bon("tout", liste).await.json();
    assert_eq!(entiere["elements"][0]["courriel"], "22000001@etu.example.org");

    // A name is looked for by who may read names.
    let nom = "/api/v1/iexam/inscriptions?periode=2024-P1&recherche=d%E2%80%99epinay";
    assert_eq!(g.lire("examens", nom).await.status, StatusCode::FORBIDDEN);
    assert_eq!(g.bon("noms", nom).await.champ("id"), [json!(m.bo)]);

    for (filtre, trouve) in [
        ("etat=validee&etat=brouillon&taille=2&page=2", vec![m.cy]),
        ("centre=noumea", vec![m.bo]),
        ("modalite=tele_examen&etat=validee", vec![m.ana]),
        ("etudiant=22000003", vec![m.cy]),
    ] {
        let r = g.bon("examens", &format!("/api/v1/iexam/inscriptions?periode=2024-P1&{filtre}")).await;
        assert_eq!(r.champ("id"), trouve.iter().map(|id| json!(id)).collect::<Vec<_>>(), "{filtre}");
    }
    let sans_periode = g.bon("examens", "/api/v1/iexam/inscriptions?etudiant=22000001").await;
    assert_eq!(sans_periode.champ("periode"), [json!("2024-P1")]);

    let une = format!("/api/v1/iexam/inscriptions/{}", m.ana);
    let lue = g.bon("examens", &une).await.json();
    assert_eq!(lue["choix"][0]["decision"], "passe");
    assert_eq!(
        (&lue["choix"][1]["element"], &lue["choix"][1]["decision"]),
        (&json!("GRE102"), &json!("report"))
    );
    let compte = json!({"du_cents": 6600, "exonere_cents": 0, "paye_cents": 0, "rembourse_cents": 0, "solde_cents": 6600});
    assert_eq!(lue["compte"], compte);
    assert!(lue.get("demandes").is_none() && lue.get("nom").is_none());
    assert_eq!(g.bon("noms", &une).await.json()["demandes"], json!([]));
    assert_eq!(g.lire("examens", "/api/v1/iexam/inscriptions/99999").await.status, StatusCode::NOT_FOUND);

    // The ledger has its own scope.
    assert_eq!(g.lire("examens", "/api/v1/iexam/paiements").await.status, StatusCode::FORBIDDEN);
    let grand_livre = g.bon("tout", &format!("/api/v1/iexam/paiements?inscription={}", m.ana)).await;
    assert_eq!(grand_livre.champ("montant_cents"), [json!(3000), json!(3600)]);
    assert_eq!(grand_livre.champ("nature"), [json!("du"), json!("du")]);
    assert_eq!(g.bon("tout", "/api/v1/iexam/paiements?du=2024-12-02&au=2024-12-02").await.json()["total"], 4);
    assert_eq!(g.bon("tout", "/api/v1/iexam/paiements?au=2024-12-01").await.json()["total"], 0);
});

testkit::db_test!(
    what_is_mistyped_is_refused_and_what_is_held_is_not_sent_again,
    &migrations(),
    |db| async move {
        let m = monde(&db).await;
        let mut g = Guichet::new(&m.b);
        g.jeton("tout", &TOUT).await;
        for adresse in [
            "periodes?etta=verification",
            "periodes?etat=ouverte",
            "periodes?maquette=2024",
            "periodes/2024/P1?page=2",
            "modalites?periode=P1",
            "modalites?periode=2024-P7",
            "modalites?active=peut-etre",
            "modalites?recherche=tele",
            "centres?periode=2023-P1",
            "epreuves",
            "epreuves?periode=2024-P1&nature=qcm",
            "epreuves?periode=2024-P1&annee=2024",
            "inscriptions",
            "inscriptions?periode=2024-P1&etat=valide",
            "inscriptions?periode=2024-P1&modalite=avion",
            "inscriptions?periode=2024-P1&centre=lune",
            "inscriptions?periode=2024-P1&taille=501",
            "inscriptions/un",
            "paiements?du=hier",
            "paiements?inscription=A",
            "paiements?moyen=troc",
        ] {
            let r = g.lire("tout", &format!("/api/v1/iexam/{adresse}")).await;
            assert_eq!(r.status, StatusCode::BAD_REQUEST, "{adresse} : {}", r.texte);
            assert!(r.header("content-type").starts_with("application/problem+json"), "{adresse}");
            assert!(!r.json()["detail"].as_str().unwrap().is_empty(), "{adresse} says what to do");
        }
        let adresse = "/api/v1/iexam/inscriptions?periode=2024-P1";
        let lue = g.bon("tout", adresse).await;
        let redemander = g.demande("tout", "GET", adresse).header("if-none-match", lue.header("etag"));
        let r = crate::rest::client::envoyer(&g.routeur, redemander.body(axum::body::Body::empty()).unwrap())
            .await;
        assert_eq!((r.status, r.texte.as_str()), (StatusCode::NOT_MODIFIED, ""));
        let au_dela = g.bon("tout", "/api/v1/iexam/inscriptions?periode=2024-P1&page=900").await.json();
        assert_eq!((&au_dela["total"], &au_dela["elements"]), (&json!(4), &json!([])));
    }
);

/// The page of a list of 20,000 is read along an index, in its order, whatever narrows it: nothing is sorted but what a filter left.
#[tokio::test]
async fn a_list_of_twenty_thousand_is_read_along_an_index() {
    let base = testkit::Base::sqlite(&migrations()).await;
    let db = base.db();
    let m = monde(&db).await;
    m.b.executer(
        "INSERT INTO iexam_inscription (periode, etudiant, nom, etat, creee_le, modifiee_le)
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
         SELECT ?, CAST(30000000 + i AS TEXT), 'N', CASE i % 4 WHEN 0 THEN 'brouillon' WHEN 1 THEN 'validee' ELSE 'finalisee' END, ?, ? FROM n",
        vec![m.p1.into(), crate::banc::instant(2024, 12, 2, 8).into(), crate::banc::instant(2024, 12, 2, 8).into()],
    )
    .await;
    db.write(|tx| async move { db::sql::execute(&*tx, "ANALYZE", []).await }).await.unwrap();
    let plan = |filtre: Filtre| {
        let db = db.clone();
        async move {
            let (sql, valeurs) = inscription_lue_requete(&filtre, (50, 10_000));
            let (sql, valeurs) = (&format!("EXPLAIN QUERY PLAN {sql}"), &valeurs);
            let rows = db.read(|c| async move { select(&c, sql, valeurs.clone()).await }).await.unwrap();
            let dits = rows.iter().map(|row| row.try_get_by_index::<String>(3).unwrap());
            dits.collect::<Vec<_>>().join("\n")
        }
    };
    let entiere = plan(Filtre { periode: Some(m.p1), ..Filtre::default() }).await;
    assert!(entiere.contains("SEARCH i USING INDEX sqlite_autoindex_iexam_inscription"), "{entiere}");
    assert!(!entiere.contains("TEMP B-TREE"), "the index has the order of the list: {entiere}");
    let cherchee = Filtre { periode: Some(m.p1), recherche: "epinay".into(), ..Filtre::default() };
    let cherchee = plan(cherchee).await;
    assert!(cherchee.contains("SEARCH i USING INDEX"), "{cherchee}");
    let etat = Filtre { periode: Some(m.p1), etats: vec![EtatInscription::Validee], ..Filtre::default() };
    let etat = plan(etat).await;
    assert!(etat.contains("SEARCH i USING INDEX"), "{etat}");
    let une = plan(Filtre { etudiant: Some("22000001".into()), ..Filtre::default() }).await;
    assert!(une.contains("iexam_inscription_etudiant"), "{une}");
    base.close().await;
}
