//! The buttons of an account's page.

use ::web::components::Tone;
use ::web::{Frame, PageError, Redirection, Visitor};
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use super::nouveau::remettre;
use super::{lien, lire};
use crate::Administration;

pub(super) async fn activer(
    State(a): State<Administration>,
    visitor: Visitor,
    Path(identifiant): Path<String>,
) -> Result<Redirection, PageError> {
    let held = lire(&a, &identifiant).await?;
    a.web.comptes().activer(&visitor.actor(), &held.identifiant, true).await?;
    Ok(Redirection::to(lien(&held.identifiant)).success("Le compte est actif."))
}

pub(super) async fn desactiver(
    State(a): State<Administration>,
    visitor: Visitor,
    Path(identifiant): Path<String>,
) -> Result<Redirection, PageError> {
    let held = lire(&a, &identifiant).await?;
    a.web.comptes().activer(&visitor.actor(), &held.identifiant, false).await?;
    Ok(Redirection::to(lien(&held.identifiant))
        .success("Le compte est désactivé, ses sessions sont fermées."))
}

pub(super) async fn debloquer(
    State(a): State<Administration>,
    visitor: Visitor,
    Path(identifiant): Path<String>,
) -> Result<Redirection, PageError> {
    let held = lire(&a, &identifiant).await?;
    let locked = a.web.comptes().debloquer(&visitor.actor(), &held.identifiant).await?;
    let back = Redirection::to(lien(&held.identifiant));
    Ok(if locked {
        back.success("Le compte est débloqué : la personne peut réessayer tout de suite.")
    } else {
        back.saying(Tone::Info, "Le compte n’était plus bloqué.")
    })
}

pub(super) async fn reinitialiser(
    State(a): State<Administration>,
    frame: Frame,
    visitor: Visitor,
    Path(identifiant): Path<String>,
) -> Result<Response, PageError> {
    let held = lire(&a, &identifiant).await?;
    let ouvert = a.web.comptes().reinitialiser(&visitor.actor(), &held.identifiant).await?;
    Ok(remettre(frame, &ouvert, "Mot de passe remplacé"))
}

#[derive(Deserialize)]
pub(super) struct Laquelle {
    /// One session; all of them without.
    session: Option<i64>,
}

pub(super) async fn fermer_sessions(
    State(a): State<Administration>,
    visitor: Visitor,
    Path(identifiant): Path<String>,
    Form(sent): Form<Laquelle>,
) -> Result<Redirection, PageError> {
    let held = lire(&a, &identifiant).await?;
    let closed = a.web.comptes().fermer_sessions(&visitor.actor(), &held.identifiant, sent.session).await?;
    let back = Redirection::to(lien(&held.identifiant));
    Ok(match closed {
        0 => back.saying(Tone::Info, "Cette session était déjà fermée."),
        1 => back.success("La session est fermée."),
        n => back.success(format!("{n} sessions sont fermées.")),
    })
}
