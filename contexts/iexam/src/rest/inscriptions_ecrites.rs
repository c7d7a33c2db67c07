//! What the registry does to a registration, as its pages do: the same actions.

use ::web::PageError;
use ::web::rest::Probleme;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ecriture::Ecriture;
use super::idempotence::Refus;
use crate::Iexam;
use crate::actions::annuler::{annuler, retablir};
use crate::actions::registre_fault::RegistreFault;
use crate::actions::renvoyer::{relancer, renvoyer};
use crate::actions::trancher::{Decide, accepter, refuser};
use crate::actions::verifier::{reprendre, verifier};
use crate::store::inscription::inscription_read;

/// Une action qui n’a besoin de rien d’autre.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Vue {
    /// L’empreinte « vu » lue avec l’inscription : l’action est refusée si l’inscription a changé depuis.
    #[serde(default)]
    vu: Option<String>,
}

/// Une action qui se justifie.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Motivee {
    /// Ce que l’étudiant lira.
    #[schema(example = "Le centre de Nouméa n’ouvre pas cette année.")]
    motif: String,
    /// L’empreinte « vu » lue avec l’inscription : l’action est refusée si l’inscription a changé depuis.
    #[serde(default)]
    vu: Option<String>,
}

/// La réponse à une demande de changement.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReponseDemande {
    /// Ce que l’étudiant lira. Nécessaire pour refuser.
    #[serde(default)]
    reponse: String,
    /// L’empreinte « vu » lue avec l’inscription : l’action est refusée si l’inscription a changé depuis.
    #[serde(default)]
    vu: Option<String>,
}

/// Une inscription après l’action.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InscriptionTraitee {
    /// Son numéro.
    #[schema(example = 5120)]
    id: i64,
    /// Où elle en est.
    #[schema(example = "verifiee")]
    etat: &'static str,
    /// Ce qui reste à payer, en centimes.
    #[schema(example = 8625)]
    solde_cents: i64,
    /// Où la relire.
    #[schema(example = "/api/v1/iexam/inscriptions/5120")]
    lien: String,
}

async fn relue(iexam: &Iexam, id: i64) -> Result<(StatusCode, InscriptionTraitee), Refus> {
    let lue = iexam.db.read(|c| async move { inscription_read(&c, id).await }).await?;
    let i = lue.ok_or(RegistreFault::Inconnue(id))?;
    Ok((
        StatusCode::OK,
        InscriptionTraitee {
            id,
            etat: i.etat.code(),
            solde_cents: i.solde.0,
            lien: format!("/api/v1/iexam/inscriptions/{id}"),
        },
    ))
}

/// Vérifier une inscription
///
/// Elle est bonne : elle peut être payée. Ce qui est déjà payé, ou ne coûte rien, devient définitif aussitôt.
#[utoipa::path(
    post,
    path = "/api/v1/iexam/inscriptions/{id}/verification",
    tag = "Examens",
    params(
        ("id" = i64, Path, description = "Numéro de l’inscription.", example = 5120),
        ("Idempotency-Key" = String, Header, description = "Clé de votre choix, nouvelle à chaque demande."),
    ),
    request_body = Vue,
    responses(
        (status = 200, description = "L’inscription est vérifiée.", body = InscriptionTraitee),
        (status = 409, description = "L’état de l’inscription ne le permet pas, ou elle a changé.", body = Probleme, content_type = "application/problem+json")
    ),
    security(("jeton" = ["examens:ecrire"]))
)]
pub(super) async fn verification(
    State(iexam): State<Iexam>,
    Path(id): Path<i64>,
    e: Ecriture<Vue>,
) -> Result<Response, PageError> {
    e.executer(&iexam, |iexam, par, c| async move {
        verifier(&iexam, &[id], c.vu.as_deref(), &par.acteur).await?;
        relue(&iexam, id).await
    })
    .await
}

/// Reprendre une vérification
///
/// L’inscription est à vérifier de nouveau.
#[utoipa::path(
    post,
    path = "/api/v1/iexam/inscriptions/{id}/reprise",
    tag = "Examens",
    params(
        ("id" = i64, Path, description = "Numéro de l’inscription.", example = 5120),
        ("Idempotency-Key" = String, Header, description = "Clé de votre choix, nouvelle à chaque demande."),
    ),
    request_body = Vue,
    responses(
        (status = 200, description = "L’inscription est à vérifier.", body = InscriptionTraitee),
        (status = 409, description = "L’état de l’inscription ne le permet pas, ou elle a changé.", body = Probleme, content_type = "application/problem+json")
    ),
    security(("jeton" = ["examens:ecrire"]))
)]
pub(super) async fn reprise(
    State(iexam): State<Iexam>,
    Path(id): Path<i64>,
    e: Ecriture<Vue>,
) -> Result<Response, PageError> {
    e.executer(&iexam, |iexam, par, c| async move {
        reprendre(&iexam, &[id], c.vu.as_deref(), &par.acteur).await?;
        relue(&iexam, id).await
    })
    .await
}

/// Renvoyer une inscription pour correction
///
/// L’étudiant reçoit le motif par courriel, et peut de nouveau la modifier. Sa place est gardée.
#[utoipa::path(
    post,
    path = "/api/v1/iexam/inscriptions/{id}/renvoi",
    tag = "Examens",
    params(
        ("id" = i64, Path, description = "Numéro de l’inscription.", example = 5120),
        ("Idempotency-Key" = String, Header, description = "Clé de votre choix, nouvelle à chaque demande."),
    ),
    request_body = Motivee,
    responses(
        (status = 200, description = "L’inscription est à corriger.", body = InscriptionTraitee),
        (status = 409, description = "L’état de l’inscription ne le permet pas, ou elle a changé.", body = Probleme, content_type = "application/problem+json"),
        (status = 422, description = "Le motif manque, ou la clé a servi à une autre demande.", body = Probleme, content_type = "application/problem+json")
    ),
    security(("jeton" = ["examens:ecrire"]))
)]
pub(super) async fn renvoi(
    State(iexam): State<Iexam>,
    Path(id): Path<i64>,
    e: Ecriture<Motivee>,
) -> Result<Response, PageError> {
    e.executer(&iexam, |iexam, par, c| async move {
        renvoyer(&iexam, &[id], &c.motif, c.vu.as_deref(), &par.acteur).await?;
        relue(&iexam, id).await
    })
    .await
}

/// Annuler une inscription
///
/// Sa place est rendue, ce qui était dû est repris ; ce qui a été payé reste à rembourser. L’étudiant reçoit le motif par courriel.
#[utoipa::path(
    post,
    path = "/api/v1/iexam/inscriptions/{id}/annulation",
    tag = "Examens",
    params(
        ("id" = i64, Path, description = "Numéro de l’inscription.", example = 5120),
        ("Idempotency-Key" = String, Header, description = "Clé de votre choix, nouvelle à chaque demande."),
    ),
    request_body = Motivee,
    responses(
        (status = 200, description = "L’inscription est annulée.", body = InscriptionTraitee),
        (status = 409, description = "L’état de l’inscription ne le permet pas, ou elle a changé.", body = Probleme, content_type = "application/problem+json"),
        (status = 422, description = "Le motif manque, ou la clé a servi à une autre demande.", body = Probleme, content_type = "application/problem+json")
    ),
    security(("jeton" = ["examens:ecrire"]))
)]
pub(super) async fn annulation(
    State(iexam): State<Iexam>,
    Path(id): Path<i64>,
    e: Ecriture<Motivee>,
) -> Result<Response, PageError> {
    e.executer(&iexam, |iexam, par, c| async move {
        annuler(&iexam, &[id], &c.motif, c.vu.as_deref(), &par.acteur).await?;
        relue(&iexam, id).await
    })
    .await
}

/// Rétablir une inscription annulée
///
/// S’il reste une place dans sa modalité et son centre.
#[utoipa::path(
    post,
    path = "/api/v1/iexam/inscriptions/{id}/retablissement",
    tag = "Examens",
    params(
        ("id" = i64, Path, description = "Numéro de l’inscription.", example = 5120),
        ("Idempotency-Key" = String, Header, description = "Clé de votre choix, nouvelle à chaque demande."),
    ),
    request_body = Vue,
    responses(
        (status = 200, description = "L’inscription est rétablie.", body = InscriptionTraitee),
        (status = 409, description = "Elle n’est pas annulée, a changé, ou il ne reste plus de place.", body = Probleme, content_type = "application/problem+json")
    ),
    security(("jeton" = ["examens:ecrire"]))
)]
pub(super) async fn retablissement(
    State(iexam): State<Iexam>,
    Path(id): Path<i64>,
    e: Ecriture<Vue>,
) -> Result<Response, PageError> {
    e.executer(&iexam, |iexam, par, c| async move {
        retablir(&iexam, id, c.vu.as_deref(), &par.acteur).await?;
        relue(&iexam, id).await
    })
    .await
}

/// Relancer un étudiant
///
/// Il n’a pas fini : un courriel le lui rappelle. Rien d’autre ne change.
#[utoipa::path(
    post,
    path = "/api/v1/iexam/inscriptions/{id}/relance",
    tag = "Examens",
    params(
        ("id" = i64, Path, description = "Numéro de l’inscription.", example = 5120),
        ("Idempotency-Key" = String, Header, description = "Clé de votre choix, nouvelle à chaque demande."),
    ),
    responses(
        (status = 200, description = "Le courriel va partir.", body = InscriptionTraitee),
        (status = 409, description = "Il n’a rien à finir, ou aucune adresse n’est connue.", body = Probleme, content_type = "application/problem+json")
    ),
    security(("jeton" = ["examens:ecrire"]))
)]
pub(super) async fn relance(
    State(iexam): State<Iexam>,
    Path(id): Path<i64>,
    e: Ecriture<Rien>,
) -> Result<Response, PageError> {
    e.executer(&iexam, |iexam, par, Rien {}| async move {
        relancer(&iexam, &[id], &par.acteur).await?;
        relue(&iexam, id).await
    })
    .await
}

/// A body in which nothing is said.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rien {}

/// Accepter un changement demandé
///
/// Choix, modalité, centre, places et compte deviennent ceux de la demande.
#[utoipa::path(
    post,
    path = "/api/v1/iexam/inscriptions/{id}/demandes/{demande}/acceptation",
    tag = "Examens",
    params(
        ("id" = i64, Path, description = "Numéro de l’inscription.", example = 5120),
        ("demande" = i64, Path, description = "Numéro de la demande.", example = 77),
        ("Idempotency-Key" = String, Header, description = "Clé de votre choix, nouvelle à chaque demande."),
    ),
    request_body = ReponseDemande,
    responses(
        (status = 200, description = "Le changement est fait.", body = InscriptionTraitee),
        (status = 409, description = "La demande a déjà une réponse, ou ne peut plus être appliquée.", body = Probleme, content_type = "application/problem+json")
    ),
    security(("jeton" = ["examens:ecrire"]))
)]
pub(super) async fn acceptation(
    State(iexam): State<Iexam>,
    Path((id, demande)): Path<(i64, i64)>,
    e: Ecriture<ReponseDemande>,
) -> Result<Response, PageError> {
    e.executer(&iexam, move |iexam, par, c| async move {
        let decide = Decide { inscription: id, demande, reponse: &c.reponse, vu: c.vu.as_deref() };
        accepter(&iexam, decide, &par.acteur).await?;
        relue(&iexam, id).await
    })
    .await
}

/// Refuser un changement demandé
///
/// L’inscription reste comme elle est ; l’étudiant reçoit la réponse par courriel.
#[utoipa::path(
    post,
    path = "/api/v1/iexam/inscriptions/{id}/demandes/{demande}/refus",
    tag = "Examens",
    params(
        ("id" = i64, Path, description = "Numéro de l’inscription.", example = 5120),
        ("demande" = i64, Path, description = "Numéro de la demande.", example = 77),
        ("Idempotency-Key" = String, Header, description = "Clé de votre choix, nouvelle à chaque demande."),
    ),
    request_body = ReponseDemande,
    responses(
        (status = 200, description = "La demande est refusée.", body = InscriptionTraitee),
        (status = 409, description = "La demande a déjà une réponse.", body = Probleme, content_type = "application/problem+json"),
        (status = 422, description = "La réponse manque, ou la clé a servi à une autre demande.", body = Probleme, content_type = "application/problem+json")
    ),
    security(("jeton" = ["examens:ecrire"]))
)]
pub(super) async fn refus(
    State(iexam): State<Iexam>,
    Path((id, demande)): Path<(i64, i64)>,
    e: Ecriture<ReponseDemande>,
) -> Result<Response, PageError> {
    e.executer(&iexam, move |iexam, par, c| async move {
        let decide = Decide { inscription: id, demande, reponse: &c.reponse, vu: c.vu.as_deref() };
        refuser(&iexam, decide, &par.acteur).await?;
        relue(&iexam, id).await
    })
    .await
}
