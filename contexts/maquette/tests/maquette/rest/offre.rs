//! Diplomas, étapes, trees, elements.

use axum::http::StatusCode;
use contracts::apogee::{Composante, LienElementListe, LienListeElement, Liste};
use kernel::{Centi, Scope};
use maquette::domain::Portee;
use serde_json::{Value, json};

use crate::banc::{Banc, element, liste, offre};
use crate::rest::client::{Guichet, migrations};

/// Étapes with a tree, odd codes, and an element of nothing.
async fn banc(db: db::Db) -> (Banc, Guichet) {
    let banc = Banc::new(db).await;
    banc.dire(|d| {
        let mut s = offre(4);
        s.composantes = vec![Composante { code: "UFR".into(), libelle: "Droit".into(), en_service: true }];
        s.elements[1].ects = Some(Centi(250));
        s.elements[2].ects = Some(Centi::ZERO);
        s.elements[3].ects = None;
        for code in ["A B/C", "É\u{a0}%1"] {
            s.elements.push(element(code, "Code « difficile »", 3));
            s.liens_liste.push(LienListeElement { liste: "LDRO".into(), element: code.into() });
        }
        s.listes.push(Liste {
            code: "LCHX".into(),
            type_liste: "X".into(),
            etat: None,
            libelle: "Au choix".into(),
        });
        s.liens_element.push(LienElementListe {
            element: "E000".into(),
            liste: "LCHX".into(),
            min: Some(1),
            max: Some(1),
            ordre: Some(1),
            ferme_le: None,
        });
        for e in ["E001", "E000"] {
            s.liens_liste.push(LienListeElement { liste: "LCHX".into(), element: e.into() });
        }
        let mut ferme = element("FERME", "Fermé", 6);
        ferme.etat = Some("F".into());
        s.elements.push(ferme);
        s.liens_liste.push(LienListeElement { liste: "LDRO".into(), element: "FERME".into() });
        d.structure = s;
    });
    banc.rest.lock().unwrap().insert(
        "api/v1/maquettes".into(),
        liste(json!([{ "annee_debut": 2019, "annee_fin": 2023, "libelle": "2019–2024", "etat": "active" }])),
    );
    banc.collecter(Portee::Offre).await;
    let mut guichet = Guichet::new(&banc);
    guichet.jeton("offre", &[Scope::MaquetteLire]).await;
    (banc, guichet)
}

testkit::db_test!(every_answer_says_where_it_comes_from, &migrations(), |db| async move {
    let (_banc, g) = banc(db).await;
    for adresse in [
        "/api/v1/maquette/diplomes",
        "/api/v1/maquette/etapes",
        "/api/v1/maquette/etapes/L1DRO/1",
        "/api/v1/maquette/etapes/L1DRO/1/arbre",
        "/api/v1/maquette/elements",
        "/api/v1/maquette/elements/E000",
    ] {
        let r = g.bon("offre", adresse).await;
        let dit = r.json();
        assert_eq!((&dit["annee"], &dit["maquette"]), (&json!(2023), &json!(2019)), "{adresse}");
        assert_eq!(
            (&dit["source"], &dit["obtenu_le"]),
            (&json!("extraction"), &json!("2024-04-02T07:00:00Z"))
        );
        assert_eq!(r.header("obtenu-le"), "2024-04-02T07:00:00Z");
        assert!(r.etag().starts_with("W/\""), "{adresse}");
        assert_eq!(r.header("content-type"), "application/json");
    }
});

testkit::db_test!(a_tree_is_nested_with_its_sums_and_its_cycle, &migrations(), |db| async move {
    let (_banc, g) = banc(db).await;
    let arbre = g.bon("offre", "/api/v1/maquette/etapes/L1DRO/1/arbre").await.json();
    assert_eq!(
        (&arbre["etape"], &arbre["version"], &arbre["tronque"]),
        (&json!("L1DRO"), &json!("1"), &json!(false))
    );
    assert_eq!(arbre["ects"], json!({ "min": 14.5, "max": 14.5 }));
    let elements = arbre["listes"][0]["elements"].as_array().unwrap();
    let codes: Vec<&Value> = elements.iter().map(|e| &e["code"]).collect();
    assert_eq!(codes.len(), 6, "what is closed is not there: {codes:?}");
    let e = |code: &str| elements.iter().find(|e| e["code"] == code).unwrap();
    assert_eq!((&e("E000")["ects"], &e("E001")["ects"]), (&json!(6), &json!(2.5)));
    assert_eq!((&e("E002")["ects"], &e("E003")["ects"]), (&json!(0), &Value::Null), "zero is a value");
    assert_eq!((&e("E001")["usages"], &e("E002")["usages"]), (&json!(2), &json!(1)));
    let choix = &e("E000")["listes"][0];
    assert_eq!((&choix["type"], &choix["min"], &choix["max"]), (&json!("X"), &json!(1), &json!(1)));
    let boucle = choix["elements"].as_array().unwrap().iter().find(|e| e["code"] == "E000").unwrap();
    assert_eq!((&boucle["boucle"], &boucle["listes"]), (&json!(true), &json!([])));
    assert_eq!(e("E002")["heures"], json!({ "CM": null, "TD": null, "TP": null, "EAD": null }));

    let tout = g.bon("offre", "/api/v1/maquette/etapes/L1DRO/1/arbre?fermes=oui").await.json();
    let ferme =
        tout["listes"][0]["elements"].as_array().unwrap().iter().find(|e| e["code"] == "FERME").unwrap();
    assert_eq!(ferme["ferme"], json!(true));
    assert_eq!(tout["ects"], arbre["ects"], "what is closed counts for nothing");

    for absente in ["/api/v1/maquette/etapes/L1DRO/9/arbre", "/api/v1/maquette/etapes/RIEN/-/arbre"] {
        let r = g.lire("offre", absente).await;
        assert_eq!(
            (r.status, r.header("content-type")),
            (StatusCode::NOT_FOUND, "application/problem+json; charset=utf-8".into())
        );
        assert!(r.json()["title"].as_str().unwrap().contains("2023/2024"), "{}", r.texte);
    }
});

testkit::db_test!(codes_travel_as_they_are, &migrations(), |db| async move {
    let (_banc, g) = banc(db).await;
    for (code, chemin) in [("A B/C", "A%20B%2FC"), ("É\u{a0}%1", "%C3%89%C2%A0%251")] {
        let e = g.bon("offre", &format!("/api/v1/maquette/elements/{chemin}")).await.json();
        assert_eq!((&e["code"], &e["ects"]), (&json!(code), &json!(3)));
        assert_eq!(
            e["etapes"],
            json!([{ "code": "L1DRO", "version": "1", "libelle": "Licence 1 Droit à distance" }])
        );
        assert_eq!(e["listes"][0]["code"], json!("LDRO"));
        assert!(e.get("responsable").is_none(), "a person's name asks for another scope");
    }
    let r = g.lire("offre", "/api/v1/maquette/elements/a%20b%2Fc").await;
    assert_eq!(r.status, StatusCode::NOT_FOUND, "codes are compared as they came");
});

testkit::db_test!(lists_are_searched_and_filtered, &migrations(), |db| async move {
    let (_banc, g) = banc(db).await;
    let codes =
        async |suite: &str| g.bon("offre", &format!("/api/v1/maquette/elements{suite}")).await.champ("code");
    assert_eq!(codes("?recherche=DIFFICILE").await, [json!("A B/C"), json!("É\u{a0}%1")]);
    assert_eq!(codes("?recherche=%25").await, [json!("É\u{a0}%1")], "a wildcard is a character");
    assert_eq!(codes("?etat=ferme").await, [json!("FERME")]);
    assert_eq!(codes("?etat=partage").await, [json!("E000"), json!("E001")]);
    assert_eq!(codes("?nature=UE&nature=EC&recherche=e003").await, [json!("E003")]);
    assert_eq!(codes("?nature=STAG").await, Vec::<Value>::new());
    assert_eq!(codes("?page=1000000000").await, Vec::<Value>::new());
    let loin = g.bon("offre", "/api/v1/maquette/elements?page=1000000000&taille=2").await.json();
    assert_eq!((&loin["total"], &loin["page"]), (&json!(6), &json!(1_000_000_000)));

    let e =
        g.bon("offre", "/api/v1/maquette/etapes?diplome=DROIT&a_distance=oui&recherche=licence").await.json();
    assert_eq!(e["elements"][0]["arbre"], json!("/api/v1/maquette/etapes/L1DRO/1/arbre?annee=2023"));
    assert_eq!(e["elements"][0]["diplomes"][0]["code"], json!("DROIT"));
    assert!(e["elements"][0].get("inscrits").is_none());
    let d = g.bon("offre", "/api/v1/maquette/diplomes?code=DROIT").await.json();
    assert_eq!(d["elements"][0]["etapes"], json!([{ "code": "L1DRO", "version": "1", "rang": 1 }]));
    assert_eq!(d["elements"][0]["recrutement"], json!({ "debut": 2019, "fin": 2023 }));
});

testkit::db_test!(a_year_or_a_maquette_that_is_not_held_is_refused, &migrations(), |db| async move {
    let (_banc, g) = banc(db).await;
    let base = "/api/v1/maquette/elements";
    assert_eq!(g.bon("offre", &format!("{base}?maquette=2019")).await.json()["annee"], json!(2023));
    assert_eq!(
        g.bon("offre", &format!("{base}?maquette=2019&annee=2023")).await.json()["annee"],
        json!(2023)
    );
    for (suite, dit) in [
        ("?annee=1999", "2023"),
        ("?maquette=2024", "2019"),
        ("?maquette=2019&annee=2030", "2030/2031"),
        ("?etat=nimporte", "ouvert"),
        ("?naturee=UE", "nature"),
        ("?page=0", "page"),
    ] {
        let r = g.lire("offre", &format!("{base}{suite}")).await;
        assert_eq!(r.status, StatusCode::BAD_REQUEST, "{suite}");
        assert_eq!(r.header("content-type"), "application/problem+json; charset=utf-8");
        assert!(r.texte.contains(dit), "{suite} : {}", r.texte);
    }
});

testkit::db_test!(walking_the_pages_gives_each_row_once, &migrations(), |db| async move {
    let banc = Banc::new(db).await;
    banc.dire(|d| d.structure = offre(137));
    banc.collecter(Portee::Offre).await;
    let mut g = Guichet::new(&banc);
    g.jeton("offre", &[Scope::MaquetteLire]).await;
    // Every size, on lists of every length that the search makes: full pages, a last one that is not, none at all.
    for recherche in ["", "1", "13", "E0", "zzz"] {
        let mut longueurs = Vec::new();
        for taille in [1, 2, 7, 10, 68, 137, 138, 500] {
            let mut vus = Vec::new();
            let mut total = None;
            for page in 1.. {
                let adresse =
                    format!("/api/v1/maquette/elements?recherche={recherche}&taille={taille}&page={page}");
                let r = g.bon("offre", &adresse).await;
                let codes = r.champ("code");
                let dit = r.json()["total"].as_u64().unwrap();
                assert_eq!(*total.get_or_insert(dit), dit, "{adresse}");
                if codes.is_empty() {
                    break;
                }
                vus.extend(codes);
            }
            assert_eq!(total, Some(vus.len() as u64), "{recherche} by {taille}");
            let uniques: std::collections::BTreeSet<String> = vus.iter().map(Value::to_string).collect();
            assert_eq!(uniques.len(), vus.len());
            longueurs.push(vus.len());
        }
        longueurs.dedup();
        assert_eq!(longueurs.len(), 1, "{recherche}: {longueurs:?}");
    }
});
