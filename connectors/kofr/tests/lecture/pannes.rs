use std::future::pending;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Json, Response};
use futures::{StreamExt, stream};
use kernel::{Outage, OutageKind, Source};
use kofr::Reglages;
use serde_json::json;

use crate::serveur::{Serveur, maquette, page};

/// The outage of a server that answers so, and how many times it was asked.
async fn panne(repondre: impl Fn() -> Response + Clone + Send + Sync + 'static) -> (Outage, usize) {
    let serveur = Serveur::start(move |_| repondre()).await;
    let outage = serveur.kofr().maquettes().await.unwrap_err();
    assert_eq!((outage.source_, outage.quoi.as_str()), (Source::Kofr, "GET /maquettes"));
    assert!(outage.detail.ends_with('.') && outage.remede.ends_with('.'), "{outage}");
    assert!(!format!("{outage:?}").contains("secret"), "{outage:?}");
    (outage, serveur.demandes())
}

#[tokio::test]
async fn a_body_cut_half_way_is_truncated_and_asked_again() {
    let (outage, demandes) = panne(|| {
        let debut = Ok(Bytes::from_static(br#"{"total":2,"page":1,"taille":9,"elements":[{"annee"#));
        let coupure = Err(std::io::Error::other("cut"));
        // A pause lets the first half leave before the cut.
        let morceaux = stream::iter([debut, coupure]).then(async |morceau| {
            tokio::task::yield_now().await;
            morceau
        });
        Body::from_stream(morceaux).into_response()
    })
    .await;
    assert_eq!((outage.kind, demandes), (OutageKind::Tronquee, 3));
    assert_eq!(outage.detail, "Kofr a coupé sa réponse avant la fin (3 tentatives).");
}

#[tokio::test]
async fn a_document_that_stops_early_is_truncated_too() {
    let (outage, demandes) = panne(|| r#"{"total":2,"page":1,"tai"#.into_response()).await;
    assert_eq!((outage.kind, demandes), (OutageKind::Tronquee, 3));
}

#[tokio::test]
async fn a_web_page_is_recognised_and_named() {
    let (outage, demandes) =
        panne(|| Html("<!doctype html><title>Connexion - CAS</title>").into_response()).await;
    assert_eq!((outage.kind, demandes), (OutageKind::Illisible, 1));
    assert_eq!(
        outage.detail,
        "Kofr a répondu par une page web intitulée « Connexion - CAS » au lieu de données."
    );
}

#[tokio::test]
async fn another_document_is_unreadable_with_its_place() {
    let (outage, demandes) = panne(|| Json(json!({ "maquettes": [] })).into_response()).await;
    assert_eq!((outage.kind, demandes), (OutageKind::Illisible, 1));
    assert!(outage.detail.contains("(champ « total » absent), ligne 1, colonne 16"), "{}", outage.detail);
}

#[tokio::test]
async fn a_refused_token_is_asked_once() {
    let (outage, demandes) = panne(|| {
        let probleme = json!({ "title": "Jeton refusé", "detail": "Le jeton a\n expiré.", "status": 401 });
        (StatusCode::UNAUTHORIZED, [(header::CONTENT_TYPE, "application/problem+json")], Json(probleme))
            .into_response()
    })
    .await;
    assert_eq!((outage.kind, demandes), (OutageKind::Refus, 1));
    assert_eq!(outage.detail, "Kofr refuse l'accès (HTTP 401) : « Le jeton a expiré ».");
}

#[tokio::test]
async fn out_of_order_is_asked_again_and_a_proxy_page_hides_nothing() {
    let (outage, demandes) =
        panne(|| (StatusCode::BAD_GATEWAY, Html("<h1>Bad Gateway</h1>")).into_response()).await;
    assert_eq!((outage.kind, demandes), (OutageKind::EnPanne, 3));
    assert_eq!(outage.detail, "Kofr est en panne (HTTP 502) (3 tentatives).");
}

#[tokio::test]
async fn a_wrong_address_is_our_fault() {
    let (outage, demandes) = panne(|| StatusCode::NOT_FOUND.into_response()).await;
    assert_eq!((outage.kind, demandes), (OutageKind::Demande, 1));
}

#[tokio::test]
async fn unchanged_without_having_asked_is_not_believed() {
    let (outage, _) = panne(|| StatusCode::NOT_MODIFIED.into_response()).await;
    assert_eq!(outage.kind, OutageKind::Illisible);
}

#[tokio::test]
async fn a_transient_failure_is_forgotten_when_the_next_answer_is_good() {
    let fois = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let serveur = Serveur::start(move |_| match fois.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
        0 => (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "0")]).into_response(),
        1 => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        _ => Json(page(1, 1, 10, vec![maquette(2024)])).into_response(),
    })
    .await;
    assert_eq!(serveur.kofr().maquettes().await.unwrap().len(), 1);
    assert_eq!(serveur.demandes(), 3);
}

#[tokio::test]
async fn a_source_that_asks_for_an_hour_is_reported_at_once() {
    let (outage, demandes) =
        panne(|| (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "3600")]).into_response()).await;
    assert_eq!((outage.kind, demandes), (OutageKind::EnPanne, 1));
}

#[tokio::test]
async fn a_silent_server_is_slow() {
    let ecoute = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", ecoute.local_addr().unwrap());
    let attente = tokio::spawn(async move {
        let _gardees = ecoute.accept().await;
        pending::<()>().await;
    });
    let reglages = Reglages { delai: Duration::from_millis(20), tentatives: 1, ..Reglages::new(url) };
    let outage = kofr::Client::new(reglages).unwrap().maquettes().await.unwrap_err();
    assert_eq!(outage.kind, OutageKind::Delai);
    attente.abort();
}

#[tokio::test]
async fn a_connection_closed_without_a_word_or_refused_is_out_of_reach() {
    let ecoute = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", ecoute.local_addr().unwrap());
    let fermeture = tokio::spawn(async move {
        while let Ok((connexion, _)) = ecoute.accept().await {
            // Read first: closing with unread bytes is a reset, which is another way to be away.
            connexion.readable().await.ok();
            connexion.try_read(&mut [0; 4096]).ok();
        }
    });
    let reglages = Reglages { attente: Duration::from_millis(1), ..Reglages::new(url) };
    let kofr = kofr::Client::new(reglages).unwrap();
    let outage = kofr.maquettes().await.unwrap_err();
    assert_eq!(outage.kind, OutageKind::Injoignable);
    assert!(outage.detail.contains("a fermé la connexion sans répondre"), "{outage}");

    fermeture.abort();
    assert!(fermeture.await.unwrap_err().is_cancelled());
    let outage = kofr.maquettes().await.unwrap_err();
    assert_eq!(outage.kind, OutageKind::Injoignable);
    assert!(outage.detail.contains("ne répond pas à l'adresse"), "{outage}");
}

#[test]
fn an_unusable_address_is_said_at_once_and_a_token_never() {
    let reglages = Reglages { jeton: Some("secret-de-kofr".into()), ..Reglages::new("kofr.univ.fr") };
    assert!(!format!("{reglages:?}").contains("secret"));
    let outage = kofr::Client::new(reglages).unwrap_err();
    assert_eq!(outage.kind, OutageKind::Demande);
    let reglages = Reglages { jeton: Some("secret-de-kofr".into()), ..Reglages::new("http://127.0.0.1:1") };
    assert!(!format!("{:?}", kofr::Client::new(reglages).unwrap()).contains("secret"));
}
