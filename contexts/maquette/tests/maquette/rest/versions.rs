//! ETags, and what is kept in memory: never stale in the process that writes, soon right in the others.

use axum::http::StatusCode;
use kernel::Scope;
use maquette::domain::Portee;
use serde_json::json;

use crate::banc::{Banc, offre};
use crate::rest::client::{Guichet, migrations};

const ARBRE: &str = "/api/v1/maquette/etapes/L1DRO/1/arbre";
const ADRESSES: [&str; 5] = [
    ARBRE,
    "/api/v1/maquette/elements?taille=2",
    "/api/v1/maquette/elements/E001",
    "/api/v1/maquette/etapes/L1DRO/1",
    "/api/v1/maquette/diplomes",
];

testkit::db_test!(a_version_changes_with_the_content_and_only_with_it, &migrations(), |db| async move {
    let banc = Banc::new(db).await;
    banc.dire(|d| d.structure = offre(4));
    banc.collecter(Portee::Offre).await;
    let mut g = Guichet::new(&banc);
    g.jeton("offre", &[Scope::MaquetteLire]).await;
    let mut tenues = Vec::new();
    for adresse in ADRESSES {
        let r = g.bon("offre", adresse).await;
        for _ in 0..2 {
            let inchange = g.demander("offre", adresse, &r.etag()).await;
            assert_eq!(
                (inchange.status, inchange.texte.as_str()),
                (StatusCode::NOT_MODIFIED, ""),
                "{adresse}"
            );
            assert_eq!(inchange.etag(), r.etag());
            assert!(!inchange.header("obtenu-le").is_empty());
        }
        tenues.push(r);
    }
    // A collection that changes nothing confirms: the same versions, a younger age.
    banc.horloge.advance(chrono::Duration::hours(1));
    banc.collecter(Portee::Offre).await;
    for (adresse, tenue) in ADRESSES.iter().zip(&tenues) {
        let r = g.demander("offre", adresse, &tenue.etag()).await;
        assert_eq!(
            (r.status, r.header("obtenu-le")),
            (StatusCode::NOT_MODIFIED, "2024-04-02T08:00:00Z".into())
        );
        assert_eq!(g.bon("offre", adresse).await.json()["obtenu_le"], json!("2024-04-02T08:00:00Z"));
    }
    // One label: what shows it has another version, at once; what does not keeps its own.
    banc.dire(|d| d.structure.elements[1].libelle = "Autre libellé".into());
    banc.collecter(Portee::Offre).await;
    for (i, (adresse, tenue)) in ADRESSES.iter().zip(&tenues).enumerate() {
        let r = g.demander("offre", adresse, &tenue.etag()).await;
        let attendu = if i < 3 { StatusCode::OK } else { StatusCode::NOT_MODIFIED };
        assert_eq!(r.status, attendu, "{adresse}");
        assert_eq!(r.texte.contains("Autre libellé"), i < 3, "{adresse}");
    }
    // And back: the same content, the same version.
    banc.dire(|d| d.structure.elements[1].libelle = "Élément n° 1".into());
    banc.collecter(Portee::Offre).await;
    for (adresse, tenue) in ADRESSES.iter().zip(&tenues) {
        assert_eq!(
            g.demander("offre", adresse, &tenue.etag()).await.status,
            StatusCode::NOT_MODIFIED,
            "{adresse}"
        );
    }
});

testkit::db_test!(what_is_kept_is_read_by_its_key_and_forgotten_in_time, &migrations(), |db| async move {
    let banc = Banc::new(db.clone()).await;
    banc.dire(|d| d.structure = offre(4));
    banc.collecter(Portee::Offre).await;
    let mut g = Guichet::new(&banc);
    g.jeton("offre", &[Scope::MaquetteLire]).await;
    let premier = g.bon("offre", ARBRE).await;
    // Written by a task of its own; the reader did not wait for it.
    let garde = async || banc.compter("SELECT COUNT(*) FROM maquette_arbre_lu WHERE etape = 'L1DRO'").await;
    for _ in 0..1000 {
        if garde().await == 1 {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(garde().await, 1);
    // A second process answers the same from the key, without building it again.
    let mut autre = Guichet::sur(db.clone(), &banc);
    autre.jeton("autre", &[Scope::MaquetteLire]).await;
    let second = autre.bon("autre", ARBRE).await;
    assert_eq!((second.etag(), &second.texte), (premier.etag(), &premier.texte));
    assert_eq!(garde().await, 1);
    // People do not move trees; the offer does.
    let generation =
        async || banc.compter("SELECT valeur FROM maquette_generation WHERE nom = 'offre'").await;
    let avant = generation().await;
    banc.collecter(Portee::Personnes).await;
    assert_eq!(generation().await, avant);
    banc.dire(|d| d.structure.elements.truncate(3));
    let r = banc.collecter(Portee::Offre).await;
    assert!(r.fermes > 0 || r.etat == "a_confirmer", "{r:?}");
});
