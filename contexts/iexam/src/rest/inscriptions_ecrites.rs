//! What the registry does to a registration, as its pages do: the same actions.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ecriture::{Ecriture, Reponse, Rien};
use super::idempotence::Refus;
use crate::Iexam;
use crate::actions::annuler::{annuler, retablir};
use crate::actions::registre_fault::RegistreFault;
use crate::actions::renvoyer::{relancer, renvoyer};
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

pub(super) async fn relue(iexam: &Iexam, id: i64) -> Result<(StatusCode, InscriptionTraitee), Refus> {
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
    ),
    request_body = Vue,
    responses(
        (status = 200, description = "L’inscription est vérifiée.", body = InscriptionTraitee),
        (status = 409, description = "L’état de l’inscription ne le permet pas, ou elle a changé.")
    )
)]
pub(super) async fn verification(e: Ecriture<i64, Vue>) -> Reponse {
    e.faire(|iexam, par, id, c| async move {
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
    ),
    request_body = Vue,
    responses(
        (status = 200, description = "L’inscription est à vérifier.", body = InscriptionTraitee),
        (status = 409, description = "L’état de l’inscription ne le permet pas, ou elle a changé.")
    )
)]
pub(super) async fn reprise(e: Ecriture<i64, Vue>) -> Reponse {
    e.faire(|iexam, par, id, c| async move {
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
    ),
    request_body = Motivee,
    responses(
        (status = 200, description = "L’inscription est à corriger.", body = InscriptionTraitee),
        (status = 409, description = "L’état de l’inscription ne le permet pas, ou elle a changé."),
        (status = 422, description = "Le motif manque, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn renvoi(e: Ecriture<i64, Motivee>) -> Reponse {
    e.faire(|iexam, par, id, c| async move {
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
    ),
    request_body = Motivee,
    responses(
        (status = 200, description = "L’inscription est annulée.", body = InscriptionTraitee),
        (status = 409, description = "L’état de l’inscription ne le permet pas, ou elle a changé."),
        (status = 422, description = "Le motif manque, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn annulation(e: Ecriture<i64, Motivee>) -> Reponse {
    e.faire(|iexam, par, id, c| async move {
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
    ),
    request_body = Vue,
    responses(
        (status = 200, description = "L’inscription est rétablie.", body = InscriptionTraitee),
        (status = 409, description = "Elle n’est pas annulée, a changé, ou il ne reste plus de place.")
    )
)]
pub(super) async fn retablissement(e: Ecriture<i64, Vue>) -> Reponse {
    e.faire(|iexam, par, id, c| async move {
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
    ),
    responses(
        (status = 200, description = "Le courriel va partir.", body = InscriptionTraitee),
        (status = 409, description = "Il n’a rien à finir, ou aucune adresse n’est connue.")
    )
)]
pub(super) async fn relance(e: Ecriture<i64, Rien>) -> Reponse {
    e.faire(|iexam, par, id, Rien {}| async move {
        relancer(&iexam, &[id], &par.acteur).await?;
        relue(&iexam, id).await
    })
    .await
}
