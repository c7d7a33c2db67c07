//! Centres in a period: put there, their agreement, taken out.

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::centres_ecrits::{CentreEcrit, ecrit};
use super::ecriture::{Ecriture, Reponse, Rien};
use super::periodes_ecrites::designee;
use crate::actions::accorder::{Reponse as ReponseDuCentre, accorder, ajouter, retirer};
use crate::actions::regler_fault::ReglageFault;
use crate::domain::centre::EtatAccord;

/// Un centre à mettre dans une période.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CentreAAjouter {
    /// Code du centre.
    #[schema(example = "noumea")]
    centre: String,
}

/// Ce qu’un centre répond pour une période.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccordAEcrire {
    /// `a_demander`, `demande`, `accepte`, `refuse`.
    #[schema(example = "accepte")]
    etat: String,
    /// Places données ; sans limite par défaut.
    #[serde(default)]
    places: Option<i64>,
    /// Ce qu’il a dit : nécessaire pour un refus.
    #[serde(default)]
    reponse: String,
}

/// Mettre un centre dans une période
///
/// Son accord est à demander.
#[utoipa::path(
    post,
    path = "/api/v1/iexam/periodes/{annee}/{code}/centres",
    tag = "Examens",
    params(
        ("annee" = u16, Path, description = "Année universitaire, par sa première année civile.", example = 2024),
        ("code" = String, Path, description = "Code de la période.", example = "P1"),
    ),
    request_body = CentreAAjouter,
    responses(
        (status = 201, description = "Le centre est dans la période.", body = CentreEcrit),
        (status = 409, description = "La période est finie.")
    )
)]
pub(super) async fn ajout(e: Ecriture<(u16, String), CentreAAjouter>) -> Reponse {
    e.faire(|iexam, par, (annee, code), c| async move {
        let periode = designee(&iexam, annee, &code).await?.id;
        ajouter(&iexam, periode, Some(&c.centre), &par.acteur).await?;
        ecrit(StatusCode::CREATED, c.centre, None)
    })
    .await
}

/// Noter l’accord d’un centre à une période
///
/// Les inscriptions qui y sont placées suivent : payées, elles deviennent définitives à son accord.
#[utoipa::path(
    put,
    path = "/api/v1/iexam/periodes/{annee}/{code}/centres/{centre}",
    tag = "Examens",
    params(
        ("annee" = u16, Path, description = "Année universitaire, par sa première année civile.", example = 2024),
        ("code" = String, Path, description = "Code de la période.", example = "P1"),
        ("centre" = String, Path, description = "Code du centre.", example = "noumea"),
    ),
    request_body = AccordAEcrire,
    responses(
        (status = 200, description = "L’accord est noté.", body = CentreEcrit),
        (status = 409, description = "La période est finie."),
        (status = 422, description = "Moins de places que d’inscriptions, une réponse manque, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn accord(e: Ecriture<(u16, String, String), AccordAEcrire>) -> Reponse {
    e.faire(|iexam, par, (annee, code, centre), c| async move {
        let periode = designee(&iexam, annee, &code).await?.id;
        let etat = EtatAccord::of_code(&c.etat).ok_or_else(|| {
            let connus = EtatAccord::ALL.map(EtatAccord::code).join(", ");
            ReglageFault::saisie("etat", format!("L’état est l’un de : {connus}."))
        })?;
        let reponse = ReponseDuCentre { etat, places: c.places, reponse: c.reponse };
        accorder(&iexam, periode, &centre, &reponse, None, &par.acteur).await?;
        ecrit(StatusCode::OK, centre, None)
    })
    .await
}

/// Retirer un centre d’une période
///
/// Tant que personne n’y a de place.
#[utoipa::path(
    delete,
    path = "/api/v1/iexam/periodes/{annee}/{code}/centres/{centre}",
    tag = "Examens",
    params(
        ("annee" = u16, Path, description = "Année universitaire, par sa première année civile.", example = 2024),
        ("code" = String, Path, description = "Code de la période.", example = "P1"),
        ("centre" = String, Path, description = "Code du centre.", example = "noumea"),
    ),
    responses(
        (status = 200, description = "Le centre n’est plus dans la période.", body = CentreEcrit),
        (status = 409, description = "Des inscriptions y ont leur place.")
    )
)]
pub(super) async fn retrait(e: Ecriture<(u16, String, String), Rien>) -> Reponse {
    e.faire(|iexam, par, (annee, code, centre), Rien {}| async move {
        let periode = designee(&iexam, annee, &code).await?.id;
        retirer(&iexam, periode, &centre, &par.acteur).await?;
        ecrit(StatusCode::OK, centre, None)
    })
    .await
}
