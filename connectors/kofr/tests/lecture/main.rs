//! Kofr read over a server that misbehaves in every way a source does.

#![expect(clippy::unwrap_used, reason = "what a test prepares may fail the test")]

mod pannes;
mod serveur;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Json};
use kernel::{AnneeUniversitaire, OutageKind};
use kofr::{Demande, Lecture, TypeBloc};
use serde_json::{Value, json};
use serveur::{Serveur, maquette, page};

/// Seven accreditations by pages of three, each page with its own ETag.
fn sept(demande: &serveur::Recue) -> axum::response::Response {
    let numero: usize = demande.parametre("page").unwrap().parse().unwrap();
    let toutes: Vec<Value> = (0..7).map(|n| maquette(2000 + 5 * n)).collect();
    let etag = format!("\"p{numero}-v{}\"", demande.parametre("modifie_depuis").map_or(1, |_| 2));
    if demande.entete("if-none-match") == Some(etag.as_str()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let tranche: Vec<Value> = toutes.into_iter().skip((numero - 1) * 3).take(3).collect();
    ([(header::ETAG, etag)], Json(page(7, numero, 3, tranche))).into_response()
}

#[tokio::test]
async fn reads_every_page_in_order() {
    let serveur = Serveur::start(sept).await;
    let annees: Vec<u16> =
        serveur.kofr().maquettes().await.unwrap().iter().map(|m| m.annee_debut.premiere()).collect();
    assert_eq!(annees, [2000, 2005, 2010, 2015, 2020, 2025, 2030]);
    assert_eq!(serveur.demandes(), 3);
}

#[tokio::test]
async fn unchanged_when_every_page_is_and_only_then() {
    let serveur = Serveur::start(sept).await;
    let kofr = serveur.kofr();
    let Lecture::Nouvelle { marque, .. } = kofr.lire_maquettes(&Demande::default()).await.unwrap() else {
        panic!("nothing was held yet");
    };
    let marque = marque.expect("every page has an ETag");
    let demande = Demande { marque: Some(marque.clone()), ..Demande::default() };
    assert_eq!(kofr.lire_maquettes(&demande).await.unwrap(), Lecture::Inchangee);
    assert_eq!(serveur.demandes(), 6);

    // Kept between two runs as JSON, with one page that moved since.
    let texte = serde_json::to_string(&marque).unwrap().replace("p3-v1", "p3-v0");
    let demande = Demande { marque: Some(serde_json::from_str(&texte).unwrap()), ..Demande::default() };
    let Lecture::Nouvelle { contenu, marque: Some(nouvelle) } = kofr.lire_maquettes(&demande).await.unwrap()
    else {
        panic!("page 3 changed");
    };
    assert_eq!(contenu.len(), 7);
    assert_eq!(nouvelle, marque);
}

#[tokio::test]
async fn a_mark_says_nothing_about_another_question() {
    let serveur = Serveur::start(sept).await;
    let kofr = serveur.kofr();
    let Lecture::Nouvelle { marque, .. } = kofr.lire_maquettes(&Demande::default()).await.unwrap() else {
        panic!("nothing was held yet");
    };
    let instant = "2025-01-13T08:00:00Z".parse().unwrap();
    let demande = Demande { modifie_depuis: Some(instant), marque };
    assert!(matches!(kofr.lire_maquettes(&demande).await.unwrap(), Lecture::Nouvelle { .. }));
    let derniere = serveur.derniere();
    assert_eq!(derniere.parametre("modifie_depuis"), Some("2025-01-13T08:00:00.000000Z"));
    assert_eq!(derniere.entete("if-none-match"), None);
}

#[tokio::test]
async fn a_list_shorter_or_longer_than_announced_is_truncated() {
    for total in [3, 1] {
        let serveur = Serveur::start(move |_| {
            Json(page(total, 1, 10, vec![maquette(2019), maquette(2024)])).into_response()
        })
        .await;
        let outage = serveur.kofr().maquettes().await.unwrap_err();
        assert_eq!(outage.kind, OutageKind::Tronquee);
        assert_eq!(outage.detail, format!("{total} éléments étaient annoncés, 2 ont été reçus."));
    }
}

#[tokio::test]
async fn a_list_that_changes_while_it_is_read_is_truncated() {
    let serveur = Serveur::start(|demande| {
        let numero: usize = demande.parametre("page").unwrap().parse().unwrap();
        Json(page(2 + numero, numero, 2, vec![maquette(2019), maquette(2024)])).into_response()
    })
    .await;
    let outage = serveur.kofr().maquettes().await.unwrap_err();
    assert_eq!(outage.kind, OutageKind::Tronquee);
    assert!(outage.detail.contains("a changé pendant sa lecture"), "{}", outage.detail);
}

#[tokio::test]
async fn a_server_that_ignores_pages_is_not_believed() {
    let serveur =
        Serveur::start(|_| Json(page(4, 1, 2, vec![maquette(2019), maquette(2024)])).into_response()).await;
    let outage = serveur.kofr().maquettes().await.unwrap_err();
    assert_eq!(outage.kind, OutageKind::Illisible);
    assert_eq!(outage.detail, "Kofr donne la page 1 pour la page 2.");
}

#[tokio::test]
async fn an_element_out_of_contract_is_named_without_quoting_it() {
    let serveur = Serveur::start(|_| {
        Json(page(2, 1, 10, vec![maquette(2019), json!({ "annee_debut": 2024, "annee_fin": 2028 })]))
            .into_response()
    })
    .await;
    let outage = serveur.kofr().maquettes().await.unwrap_err();
    assert_eq!(outage.kind, OutageKind::Illisible);
    assert!(outage.detail.contains("l'élément 2 de la page 1"), "{}", outage.detail);
    assert!(outage.detail.contains("« libelle » absent"), "{}", outage.detail);
}

#[tokio::test]
async fn reads_a_tree_and_escapes_its_key() {
    let serveur = Serveur::start(|demande| {
        assert_eq!(demande.chemin, "/kofr/api/v1/maquettes/2024/etapes/a%2Fb%20c");
        assert_eq!(demande.entete("authorization"), Some("Bearer secret-de-kofr"));
        Json(serveur::etape("a/b c")).into_response()
    })
    .await;
    let annee = AnneeUniversitaire::new(2024).unwrap();
    let etape = serveur.kofr().etape(annee, "a/b c").await.unwrap();
    assert_eq!(etape.etape.ects.map(|e| e.decimal()), Some("60.00".into()));
    assert_eq!(etape.blocs[0].type_bloc, TypeBloc::AChoix);
    assert_eq!(etape.blocs[0].elements[0].blocs[0].elements[0].libelle, "Droit civil");
}

#[tokio::test]
async fn another_tree_than_the_one_asked_is_not_believed() {
    let serveur = Serveur::start(|_| Json(serveur::etape("e2")).into_response()).await;
    let outage = serveur.kofr().etape(AnneeUniversitaire::new(2024).unwrap(), "e1").await.unwrap_err();
    assert_eq!((outage.kind, outage.quoi.as_str()), (OutageKind::Illisible, "GET /maquettes/2024/etapes/e1"));
}

#[tokio::test]
async fn verification_says_what_each_endpoint_saw() {
    let serveur = Serveur::start(|demande| {
        let chemin = demande.chemin.as_str();
        if chemin.ends_with("/maquettes") {
            Json(page(2, 1, 50, vec![maquette(2019), maquette(2024)])).into_response()
        } else if chemin.ends_with("/2024/formations") {
            let formation = json!({ "id": "f", "libelle": "Licence Droit", "etapes": [
                { "id": "e1", "libelle": "L1 Droit" } ] });
            Json(page(1, 1, 50, vec![formation])).into_response()
        } else {
            Json(serveur::etape("e1")).into_response()
        }
    })
    .await;
    let liens = serveur.kofr().verifier().await;
    let vus: Vec<&str> = liens.iter().map(|l| l.vu.as_deref().unwrap()).collect();
    assert_eq!(vus, ["2 maquettes", "1 formation en 2024/2025", "« L1 Droit », 2 éléments"]);
    assert_eq!(liens[2].nom, "GET /maquettes/{annee_debut}/etapes/{id}");
}

#[tokio::test]
async fn verification_says_down_for_what_it_could_not_reach() {
    let serveur = Serveur::start(|_| StatusCode::UNAUTHORIZED.into_response()).await;
    let liens = serveur.kofr().verifier().await;
    let pannes: Vec<_> = liens.iter().map(|l| l.vu.as_ref().unwrap_err()).collect();
    assert!(pannes.iter().all(|p| p.kind == OutageKind::Refus));
    assert_eq!(pannes[1].detail, "Non vérifié, car « GET /maquettes » n'a pas répondu.");
    assert_eq!(serveur.demandes(), 1);
}
