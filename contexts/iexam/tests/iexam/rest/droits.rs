//! Each address under its scope, and no more than it.

use axum::http::StatusCode;
use kernel::Scope;
use serde_json::json;

use crate::rest::client::{Guichet, TOUT, migrations};
use crate::rest::monde::monde;

testkit::db_test!(each_address_asks_for_its_scopes, &migrations(), |db| async move {
    let m = monde(&db).await;
    let mut g = Guichet::new(&m.b);
    let (lire, ecrire) = (Scope::ExamensLire, Scope::ExamensEcrire);
    let (compter, payer) = (Scope::PaiementsLire, Scope::PaiementsEcrire);
    let (noms, identite) = (Scope::EtudiantsLire, Scope::EtudiantsIdentite);
    let ana = m.ana;
    let adresses: Vec<(&str, String, Vec<Scope>)> = vec![
        ("GET", "periodes/2024/P1/horloge".into(), vec![lire]),
        ("POST", "periodes/2024/P1/derogations".into(), vec![ecrire]),
        ("DELETE", "periodes/2024/P1/derogations/modalites".into(), vec![ecrire]),
        ("GET", "colis".into(), vec![lire]),
        ("POST", "centres/noumea/colis".into(), vec![ecrire]),
        ("PUT", "centres/noumea/colis/1".into(), vec![ecrire]),
        ("GET", "amenagements".into(), vec![lire, identite]),
        ("GET", "amenagements/1".into(), vec![lire, identite]),
        ("POST", "amenagements".into(), vec![ecrire, identite]),
        ("PUT", "amenagements/1".into(), vec![ecrire, identite]),
        ("POST", "amenagements/1/retrait".into(), vec![ecrire, identite]),
        ("POST", "amenagements/1/retablissement".into(), vec![ecrire, identite]),
        ("POST", "inscriptions/lot/verification".into(), vec![ecrire]),
        ("POST", "inscriptions/lot/renvoi".into(), vec![ecrire]),
        ("POST", "inscriptions/lot/annulation".into(), vec![ecrire]),
        ("POST", "inscriptions/lot/relance".into(), vec![ecrire]),
        ("POST", "inscriptions/lot/exoneration".into(), vec![payer]),
        ("GET", "demandes".into(), vec![lire, noms]),
        ("POST", format!("inscriptions/{ana}/demandes"), vec![ecrire]),
        ("POST", format!("inscriptions/{ana}/demandes/1/retrait"), vec![ecrire]),
        ("GET", "journees".into(), vec![compter]),
        ("GET", "clotures".into(), vec![compter]),
        ("GET", "clotures/1".into(), vec![compter]),
        ("POST", "clotures".into(), vec![payer]),
    ];
    for scope in TOUT {
        let reste: Vec<Scope> = TOUT.into_iter().filter(|s| *s != scope).collect();
        g.jeton(&format!("sans-{}", scope.code().replace(':', "-")), &reste).await;
    }
    g.jeton("tout", &TOUT).await;
    let avant = m.compte("SELECT COUNT(*) FROM journal").await;
    for (methode, adresse, scopes) in adresses {
        let adresse = format!("/api/v1/iexam/{adresse}");
        let essayer = async |jeton: &str| match methode {
            "GET" => g.lire(jeton, &adresse).await,
            _ => g.ecrire(jeton, methode, &adresse, jeton, &json!({"essai": true})).await,
        };
        assert_eq!(essayer("").await.status, StatusCode::UNAUTHORIZED, "{methode} {adresse}");
        for scope in &scopes {
            let r = essayer(&format!("sans-{}", scope.code().replace(':', "-"))).await;
            assert_eq!(r.status, StatusCode::FORBIDDEN, "{methode} {adresse} without {scope}: {}", r.texte);
        }
        let r = essayer("tout").await;
        assert_ne!(r.status, StatusCode::FORBIDDEN, "{methode} {adresse}: {}", r.texte);
        assert!(!r.status.is_server_error(), "{methode} {adresse}: {}", r.texte);
    }
    assert_eq!(m.compte("SELECT COUNT(*) FROM journal").await, avant, "nothing was written");
});
