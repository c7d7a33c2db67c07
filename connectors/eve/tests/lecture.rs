//! Eve read over a server: what the conventions shared with Kofr do not already show.

#![expect(clippy::unwrap_used, reason = "what a test prepares may fail the test")]

use std::time::Duration;

use axum::Router;
use axum::extract::{Query, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;
use eve::{Client, Demande, Lecture, NatureService, Reglages, TypeHeures};
use kernel::{AnneeUniversitaire, Centi, NumeroEnseignant, OutageKind, Source};
use serde_json::json;

async fn enseignants(Query(parametres): Query<Vec<(String, String)>>) -> Response {
    if !parametres.contains(&("annee".into(), "2024".into())) {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let enseignant = json!({
        "numero": "40012", "civilite": "Mme", "nom": "N'Guyen-Đặng", "prenom": "Ánh", "email": "a@univ.example",
        "corps": { "code": "MCF", "libelle": "Maître de conférences" }, "statut": "titulaire", "composante": "DRO",
        "section_cnu": "01", "quotite": "100.00", "service_statutaire": "192.00",
        "decharges": [{ "motif": "Direction d'études", "heures": "24.50" }], "modifie_le": "2025-01-13T09:00:00+01:00"
    });
    Json(json!({ "total": 1, "page": 1, "taille": 100, "elements": [enseignant] })).into_response()
}

/// One line per answer, which repeats the question it answers as its title.
async fn services(RawQuery(requete): RawQuery) -> Response {
    let service = json!({
        "id": "s1", "annee": 2024, "enseignant": "40012", "code_elp": "DRO\u{a0}101", "type": "TD", "heures": "10.50",
        "groupes": 2, "nature": "previsionnel", "etat": "saisi", "intitule": requete.unwrap_or_default()
    });
    Json(json!({ "total": 1, "page": 1, "taille": 100, "elements": [service] })).into_response()
}

async fn eve() -> Client {
    let app =
        Router::new().route("/api/v1/enseignants", get(enseignants)).route("/api/v1/services", get(services));
    let ecoute = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let reglages = Reglages {
        attente: Duration::from_millis(1),
        ..Reglages::new(format!("http://{}/api/v1/", ecoute.local_addr().unwrap()))
    };
    tokio::spawn(async move { axum::serve(ecoute, app).await });
    Client::new(reglages).unwrap()
}

fn annee(premiere: u16) -> AnneeUniversitaire {
    AnneeUniversitaire::new(premiere).unwrap()
}

#[tokio::test]
async fn reads_teachers_with_their_hours() {
    let lus = eve().await.enseignants(annee(2024)).await.unwrap();
    assert_eq!(lus[0].nom, "N'Guyen-Đặng");
    assert_eq!(lus[0].service_statutaire, Some(Centi::unites(192)));
    assert_eq!(lus[0].decharges[0].heures, Centi(2450));
    assert_eq!((lus[0].nom_usage.as_ref(), lus[0].date_debut), (None, None));
}

#[tokio::test]
async fn asks_for_one_teacher_since_an_instant() {
    let eve = eve().await;
    let demande = Demande { modifie_depuis: "2025-01-13T08:00:00Z".parse().ok(), marque: None };
    let numero = NumeroEnseignant::from("40 012");
    let Lecture::Nouvelle { contenu, marque: None } =
        eve.lire_services(annee(2024), Some(&numero), &demande).await.unwrap()
    else {
        panic!("this server gives no ETag");
    };
    assert_eq!(
        contenu[0].intitule.as_deref(),
        Some("annee=2024&enseignant=40+012&modifie_depuis=2025-01-13T08%3A00%3A00.000000Z&page=1")
    );
    assert_eq!(
        (&contenu[0].type_heures, &contenu[0].nature),
        (&TypeHeures::Td, &NatureService::Previsionnel)
    );
    assert_eq!(contenu[0].code_elp.as_ref().map(|c| c.as_str()), Some("DRO\u{a0}101"));
}

#[tokio::test]
async fn a_refused_question_is_our_fault_and_verification_tells_each_endpoint() {
    let eve = eve().await;
    let outage = eve.enseignants(annee(1999)).await.unwrap_err();
    assert_eq!((outage.source_, outage.kind), (Source::Eve, OutageKind::Demande));

    let liens = eve.verifier(annee(1999)).await;
    assert_eq!(liens[0].vu.as_ref().unwrap_err().kind, OutageKind::Demande);
    assert_eq!(liens[1].vu.as_deref(), Ok("1 service en 1999/2000"));
}
