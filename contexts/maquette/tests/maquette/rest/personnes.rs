//! Students and teachers: every registration, and nothing that the token may not read.

use axum::http::StatusCode;
use chrono::NaiveDate;
use contracts::apogee::{Adresse, CleEtape, Dossier, InscriptionAdministrative, InscriptionPedagogique};
use kernel::Scope;
use maquette::domain::{Demande, Portee};
use maquette::store::parametre::parametre_write;
use serde_json::{Value, json};

use crate::banc::{Banc, annee, liste, offre};
use crate::rest::client::{Guichet, migrations};

fn inscription(etape: &str, occurrence: i64, etat: &str) -> InscriptionAdministrative {
    InscriptionAdministrative {
        etape: CleEtape { etape: etape.into(), version: "1".into() },
        occurrence,
        diplome: Some("DROIT".into()),
        version_diplome: Some("1".into()),
        etat: etat.into(),
        regime: Some("1".into()),
        premiere: occurrence == 1,
        payee: true,
        date: NaiveDate::from_ymd_opt(2023, 9, 4),
    }
}

fn dossier(numero: &str, prenom: &str, inscriptions: Vec<InscriptionAdministrative>) -> Dossier {
    Dossier {
        numero: numero.into(),
        ine: Some("0ABCDEF9876".to_owned().into()),
        nom: "N’Guyen-Đặng".into(),
        nom_usage: Some("de la Tour".into()),
        prenom: prenom.into(),
        naissance: NaiveDate::from_ymd_opt(2003, 4, 17),
        nationalite: Some("VIETNAMIENNE".into()),
        handicap: true,
        email: Some("secret@exemple.fr".into()),
        telephone: Some("0612345678".into()),
        adresse: Some(Adresse { ville: Some("Besançon".into()), ..Adresse::default() }),
        inscriptions,
        contrats: vec![InscriptionPedagogique {
            etape: CleEtape { etape: "L1DRO".into(), version: "1".into() },
            element: "E001".into(),
            element_superieur: None,
            rang: 1,
            acquis: false,
        }],
    }
}

async fn banc(db: db::Db) -> (Banc, Guichet) {
    let banc = Banc::new(db).await;
    banc.rest.lock().unwrap().insert(
        "api/v1/enseignants".into(),
        liste(json!([{ "numero": "E1", "nom": "Łukasz", "prenom": "Anne", "corps": { "code": "MCF" }, "service_statutaire": "192.00" }])),
    );
    let dire = |dossiers: Vec<Dossier>| {
        banc.dire(|d| {
            d.structure = offre(3);
            let mut autres = d.structure.etapes[0].clone();
            for code in ["L2DRO", "DU"] {
                autres.code = code.into();
                d.structure.etapes.push(autres.clone());
                let mut version = d.structure.versions_etape[0].clone();
                version.etape = code.into();
                d.structure.versions_etape.push(version);
                let mut rattachement = d.structure.rattachements[0].clone();
                rattachement.etape = code.into();
                d.structure.rattachements.push(rattachement);
            }
            d.dossiers = dossiers.into_iter().map(|d| (d.numero.0.clone(), d)).collect();
        });
    };
    // A repeater: the same étape two years running; and somebody at three étapes, one registration cancelled beside a live one.
    dire(vec![dossier("20000001", "Solène", vec![inscription("L1DRO", 1, "E")])]);
    let demande =
        Demande { portee: Portee::Tout, annee: Some(annee(2022)), simulation: false, accepter_chute: false };
    let id = banc.demander(&demande).await;
    banc.collecteur.executer(id, &jobs::Progress::unwatched()).await.unwrap();
    dire(vec![
        dossier("20000001", "Solène", vec![inscription("L1DRO", 1, "E")]),
        dossier(
            "20000002",
            "Łukasz",
            vec![
                inscription("L1DRO", 1, "A"),
                inscription("L1DRO", 2, "E"),
                inscription("L2DRO", 1, "E"),
                inscription("DU", 1, "R"),
            ],
        ),
    ]);
    banc.collecter(Portee::Tout).await;
    let quand = kernel::Clock::now(&*banc.horloge);
    let courante = |tx: db::Tx| async move {
        parametre_write(&*tx, "annee_courante", "2023", quand, &kernel::Actor::Commande).await
    };
    banc.db.write(courante).await.unwrap();
    let mut g = Guichet::new(&banc);
    g.jeton("offre", &[Scope::MaquetteLire]).await;
    g.jeton("simple", &[Scope::EtudiantsLire]).await;
    g.jeton("identite", &[Scope::EtudiantsLire, Scope::EtudiantsIdentite]).await;
    g.jeton("seule", &[Scope::EtudiantsIdentite]).await;
    g.jeton("enseignants", &[Scope::EnseignantsLire]).await;
    (banc, g)
}

testkit::db_test!(all_registrations_are_shown, &migrations(), |db| async move {
    let (_banc, g) = banc(db).await;
    let r = g.bon("simple", "/api/v1/maquette/etudiants/20000001").await.json();
    let annees: Vec<&Value> = r["inscriptions"].as_array().unwrap().iter().map(|i| &i["annee"]).collect();
    assert_eq!(annees, [&json!(2023), &json!(2022)], "a repeater has both years");
    assert_eq!(r["inscriptions_pedagogiques"].as_array().unwrap().len(), 2);
    assert_eq!((&r["annee"], &r["source"]), (&json!(2023), &json!("apogee")));

    let r = g.bon("simple", "/api/v1/maquette/etudiants/20000002").await.json();
    let dites: Vec<String> = r["inscriptions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|i| format!("{}-{}", i["etape"].as_str().unwrap(), i["etat"].as_str().unwrap()))
        .collect();
    assert_eq!(dites, ["DU-R", "L1DRO-A", "L2DRO-E", "L1DRO-E"], "first of the year first");

    let r = g.bon("simple", "/api/v1/maquette/etudiants?annee=2022").await;
    assert_eq!(r.champ("numero"), [json!("20000001")]);
    for (filtre, attendus) in [
        ("etape=DU", vec!["20000002"]),
        ("etape=DU&etat=E", vec![]),
        ("element=E001", vec!["20000001", "20000002"]),
        ("diplome=DROIT&etape=L1DRO&etat=A", vec!["20000002"]),
        ("numero=20000001", vec!["20000001"]),
    ] {
        let r = g.bon("simple", &format!("/api/v1/maquette/etudiants?{filtre}")).await;
        assert_eq!(r.champ("numero"), attendus, "{filtre}");
    }
    let r = g.lire("simple", "/api/v1/maquette/etudiants/20000002?annee=2022").await;
    assert_eq!(r.status, StatusCode::NOT_FOUND);
});

testkit::db_test!(nothing_more_than_the_token_allows, &migrations(), |db| async move {
    let (_banc, g) = banc(db).await;
    let secrets = [
        "0ABCDEF9876",
        "2003-04-17",
        "VIETNAMIENNE",
        "secret@",
        "06123",
        "Besançon",
        "amenagement",
        "identite",
    ];
    for adresse in ["/api/v1/maquette/etudiants", "/api/v1/maquette/etudiants/20000001"] {
        let simple = g.bon("simple", adresse).await;
        let tout = g.bon("identite", adresse).await;
        for secret in secrets {
            assert!(!simple.texte.contains(secret), "{adresse} tells {secret}: {}", simple.texte);
            assert!(tout.texte.contains(secret), "{adresse} lacks {secret}: {}", tout.texte);
        }
        assert_ne!(simple.etag(), tout.etag());
        // The version of one is no key to the other.
        assert_eq!(g.demander("simple", adresse, &tout.etag()).await.status, StatusCode::OK);
        for autre in ["offre", "seule", "enseignants", ""] {
            let refus = g.lire(autre, adresse).await.status;
            assert_eq!(
                refus,
                if autre.is_empty() { StatusCode::UNAUTHORIZED } else { StatusCode::FORBIDDEN }
            );
        }
    }
    // Nor may it be found out by searching.
    for essai in ["0abcdef", "9876", "vietnam"] {
        let adresse = format!("/api/v1/maquette/etudiants?recherche={essai}");
        assert_eq!(g.bon("simple", &adresse).await.json()["total"], json!(0), "{essai}");
        assert_eq!(g.bon("identite", &adresse).await.json()["total"], json!(2), "{essai}");
    }
    for essai in ["nguyen", "n'guyen", "la+tour", "LUKASZ", "20000002"] {
        let adresse = format!("/api/v1/maquette/etudiants?recherche={essai}");
        let attendu = match essai {
            "nguyen" => 0,
            "LUKASZ" | "20000002" => 1,
            _ => 2,
        };
        assert_eq!(g.bon("simple", &adresse).await.json()["total"], json!(attendu), "{essai}");
    }
    for filtre in ["ine=0ABCDEF9876", "naissance=2003-04-17"] {
        let adresse = format!("/api/v1/maquette/etudiants?{filtre}");
        assert_eq!(g.lire("simple", &adresse).await.status, StatusCode::FORBIDDEN);
        assert_eq!(g.bon("identite", &adresse).await.json()["total"], json!(2));
    }
    let e = g.bon("enseignants", "/api/v1/maquette/enseignants?corps=MCF").await;
    assert_eq!(e.champ("numero"), [json!("E1")]);
    assert_eq!((&e.json()["source"], &e.champ("service_statutaire")[0]), (&json!("eve"), &json!(192)));
    assert_eq!(g.lire("simple", "/api/v1/maquette/enseignants").await.status, StatusCode::FORBIDDEN);
});
