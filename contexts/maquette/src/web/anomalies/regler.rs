//! What one decides of one anomaly. A refusal shows the page again, with what was typed.

use ::web::{Frame, ListQuery, PageError, Redirection, Visitor, Web};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Form};
use kernel::{Fault, FaultKind, Right};
use serde::Deserialize;

use super::lien_anomalie;
use super::une::{Saisi, montrer, personnes};
use crate::actions::ArbitrageFault;
use crate::actions::arbitrer::{self, Reglement};
use crate::domain::arbitrage::Decision;
use crate::domain::correction;
use crate::web::Maquette;

/// What the forms send.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Envoi {
    decision: String,
    valeur: String,
    motif: String,
    fin: String,
    a: String,
    jusqu_au: String,
    motif_ignorer: String,
    vu: String,
    suivante: String,
}

/// Where one goes on: the next anomaly of the list, else the list.
fn suite(envoi: &Envoi, query: &ListQuery, dit: String) -> Response {
    let ou = match envoi.suivante.parse::<i64>() {
        Ok(id) => lien_anomalie(id, query),
        Err(_) => {
            let mut liste = query.a_la_page(1);
            liste.path = "/maquette/anomalies".to_owned();
            liste.url()
        }
    };
    Redirection::to(ou).success(dit).into_response()
}

/// The page again, for what can be put right there; an error page otherwise.
#[expect(clippy::too_many_arguments, reason = "what the page is made of, and what was refused")]
async fn refuser(
    m: &Maquette,
    web: &Web,
    frame: Frame,
    visitor: &Visitor,
    query: &ListQuery,
    id: i64,
    saisi: Saisi,
    fault: ArbitrageFault,
) -> Result<Response, PageError> {
    let status = match fault.kind() {
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Conflict => StatusCode::CONFLICT,
        _ => return Err(fault.into()),
    };
    Ok(montrer(m, web, frame, visitor, query, id, Some((saisi, &fault))).await?.with_status(status))
}

/// `POST /maquette/anomalies/{id}/regler`.
pub(super) async fn regler(
    frame: Frame,
    visitor: Visitor,
    query: ListQuery,
    Extension(web): Extension<Web>,
    State(m): State<Maquette>,
    Path(id): Path<i64>,
    Form(envoi): Form<Envoi>,
) -> Result<Response, PageError> {
    let decision = Decision::of_code(&envoi.decision).ok_or_else(|| {
        PageError::invalid(
            "Aucune décision n’a été choisie : rien n’a été enregistré.",
            "Revenez à l’anomalie et choisissez une décision.",
        )
    })?;
    let reglement = Reglement {
        decision,
        valeur: envoi.valeur.clone(),
        motif: envoi.motif.clone(),
        fin: correction::jour(&envoi.fin),
        corriger: visitor.may(Right::MaquetteCorriger),
    };
    match arbitrer::regler(&m.outils, id, &reglement, Some(&envoi.vu), &visitor.actor()).await {
        Ok(Some(correction)) => Ok(suite(
            &envoi,
            &query,
            format!(
                "L’anomalie n° {id} est réglée par la correction n° {correction}, visible dès maintenant."
            ),
        )),
        Ok(None) => {
            Ok(suite(&envoi, &query, format!("L’anomalie n° {id} est réglée ; aucune valeur n’a changé.")))
        }
        Err(fault) => {
            let saisi = Saisi {
                decision: envoi.decision,
                valeur: envoi.valeur,
                motif: envoi.motif,
                fin: envoi.fin,
                ..Saisi::default()
            };
            refuser(&m, &web, frame, &visitor, &query, id, saisi, fault).await
        }
    }
}

/// `POST /maquette/anomalies/{id}/ignorer`.
pub(super) async fn ignorer(
    frame: Frame,
    visitor: Visitor,
    query: ListQuery,
    Extension(web): Extension<Web>,
    State(m): State<Maquette>,
    Path(id): Path<i64>,
    Form(envoi): Form<Envoi>,
) -> Result<Response, PageError> {
    let saisi = Saisi {
        jusqu_au: envoi.jusqu_au.clone(),
        motif_ignorer: envoi.motif_ignorer.clone(),
        ignorer: true,
        ..Saisi::default()
    };
    let fait = match correction::jour(&envoi.jusqu_au) {
        Some(jour) => {
            arbitrer::ignorer(&m.outils, &[id], jour, &envoi.motif_ignorer, Some(&envoi.vu), &visitor.actor())
                .await
        }
        None => Err(ArbitrageFault::SansJour),
    };
    match fait {
        Ok(_) => Ok(suite(
            &envoi,
            &query,
            format!("L’anomalie n° {id} est ignorée ; elle reviendra plus tôt si une source change."),
        )),
        Err(fault) => refuser(&m, &web, frame, &visitor, &query, id, saisi, fault).await,
    }
}

/// A login that may be given anomalies.
pub(super) async fn connu(web: &Web, login: &str) -> Result<(), PageError> {
    if login.is_empty() || personnes(web).await?.iter().any(|(connu, _)| connu == login) {
        return Ok(());
    }
    Err(PageError::invalid(
        "Cette personne ne peut pas recevoir d’anomalie : son compte est inconnu, fermé ou sans ce droit. Rien n’a été modifié.",
        "Choisissez quelqu’un dans la liste.",
    ))
}

/// `POST /maquette/anomalies/{id}/attribuer`.
pub(super) async fn attribuer(
    visitor: Visitor,
    query: ListQuery,
    Extension(web): Extension<Web>,
    State(m): State<Maquette>,
    Path(id): Path<i64>,
    Form(envoi): Form<Envoi>,
) -> Result<Redirection, PageError> {
    connu(&web, &envoi.a).await?;
    arbitrer::attribuer(&m.outils, &[id], &envoi.a, &visitor.actor()).await?;
    let dit = if envoi.a.is_empty() {
        "L’anomalie n’est plus attribuée à personne.".to_owned()
    } else {
        format!("L’anomalie est attribuée à {}.", envoi.a)
    };
    Ok(Redirection::to(lien_anomalie(id, &query)).success(dit))
}

/// `POST /maquette/anomalies/{id}/rouvrir`.
pub(super) async fn rouvrir(
    frame: Frame,
    visitor: Visitor,
    query: ListQuery,
    Extension(web): Extension<Web>,
    State(m): State<Maquette>,
    Path(id): Path<i64>,
    Form(envoi): Form<Envoi>,
) -> Result<Response, PageError> {
    match arbitrer::rouvrir(&m.outils, id, Some(&envoi.vu), &visitor.actor()).await {
        Ok(()) => {
            let dit =
                "L’anomalie est de nouveau à traiter. Une correction qu’elle aurait posée reste en place.";
            Ok(Redirection::to(lien_anomalie(id, &query)).success(dit).into_response())
        }
        Err(fault) => refuser(&m, &web, frame, &visitor, &query, id, Saisi::default(), fault).await,
    }
}
