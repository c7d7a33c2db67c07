//! Centres made and changed, their rooms, their closures.

use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ecriture::{Ecriture, Reponse, Rien, oui};
use super::idempotence::Refus;
use crate::actions::centre_regler::{creer, fermer, modifier, rouvrir};
use crate::actions::centre_salle::salle_regler;
use crate::domain::centre::{Centre, Fermeture, Salle};

/// Un centre à créer, ou tel qu’il doit devenir.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CentreAEcrire {
    /// Code : il ne change plus, et se lit dans l’adresse pour modifier.
    #[serde(default)]
    #[schema(example = "noumea")]
    code: String,
    /// Nom.
    nom: String,
    /// Rue.
    #[serde(default)]
    adresse: String,
    /// Code postal.
    #[serde(default)]
    code_postal: String,
    /// Ville.
    ville: String,
    /// Pays.
    pays: String,
    /// Fuseau horaire, par son nom IANA.
    #[schema(example = "Pacific/Noumea")]
    fuseau: String,
    /// À qui l’on écrit.
    #[serde(default)]
    contact_nom: String,
    /// Son courriel.
    #[serde(default)]
    contact_courriel: String,
    /// Son téléphone.
    #[serde(default)]
    contact_telephone: String,
    /// La personne désignée pour surveiller.
    #[serde(default)]
    surveillant: String,
    /// Personnes au plus à la fois, quand on le sait.
    #[serde(default)]
    capacite: Option<i64>,
    /// Il doit donner son accord avant que quelqu’un y soit envoyé.
    accord_requis: bool,
    /// Des périodes peuvent l’utiliser. Oui par défaut.
    #[serde(default = "oui")]
    actif: bool,
    /// L’empreinte « vu » lue avec le centre : refusé s’il a changé depuis. Inutile pour créer.
    #[serde(default)]
    vu: Option<String>,
}

/// Une salle à créer, ou telle qu’elle doit devenir.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SalleAEcrire {
    /// Nom.
    nom: String,
    /// Places assises.
    #[schema(example = 40)]
    capacite: i64,
    /// Ce qu’elle a.
    #[serde(default)]
    equipement: String,
    /// Réservée aux aménagements.
    #[serde(default)]
    a_part: bool,
    /// Ordre d’affichage, de 0 à 999.
    #[serde(default)]
    rang: i64,
    /// En service. Oui par défaut.
    #[serde(default = "oui")]
    active: bool,
}

/// Des jours où un centre ne reçoit personne.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FermetureAEcrire {
    /// Premier jour.
    du: NaiveDate,
    /// Dernier jour, compris.
    au: NaiveDate,
    /// Pourquoi.
    motif: String,
}

/// Le centre dont quelque chose a été écrit.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CentreEcrit {
    /// Code du centre.
    #[schema(example = "noumea")]
    centre: String,
    /// Numéro de la salle écrite.
    #[serde(skip_serializing_if = "Option::is_none")]
    salle: Option<i64>,
    /// Où le relire.
    #[schema(example = "/api/v1/iexam/centres?recherche=noumea")]
    lien: String,
}

pub(super) fn ecrit(
    statut: StatusCode,
    centre: String,
    salle: Option<i64>,
) -> Result<(StatusCode, CentreEcrit), Refus> {
    let lien = format!("/api/v1/iexam/centres?recherche={centre}");
    Ok((statut, CentreEcrit { centre, salle, lien }))
}

impl CentreAEcrire {
    fn voulu(&self) -> Centre {
        Centre {
            id: 0,
            code: self.code.clone(),
            nom: self.nom.clone(),
            adresse: self.adresse.clone(),
            code_postal: self.code_postal.clone(),
            ville: self.ville.clone(),
            pays: self.pays.clone(),
            fuseau: self.fuseau.clone(),
            contact_nom: self.contact_nom.clone(),
            contact_courriel: self.contact_courriel.clone(),
            contact_telephone: self.contact_telephone.clone(),
            surveillant: self.surveillant.clone(),
            capacite: self.capacite,
            accord_requis: self.accord_requis,
            actif: self.actif,
        }
    }
}

/// Créer un centre
#[utoipa::path(
    post,
    path = "/api/v1/iexam/centres",
    tag = "Examens",
    request_body = CentreAEcrire,
    responses(
        (status = 201, description = "Le centre est créé.", body = CentreEcrit),
        (status = 422, description = "Ce qui est donné est refusé, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn creation(e: Ecriture<(), CentreAEcrire>) -> Reponse {
    e.faire(|iexam, par, (), c| async move {
        creer(&iexam, &c.voulu(), &par.acteur).await?;
        ecrit(StatusCode::CREATED, c.code, None)
    })
    .await
}

/// Modifier un centre
///
/// Tout est donné, ce qui change et ce qui reste.
#[utoipa::path(
    put,
    path = "/api/v1/iexam/centres/{code}",
    tag = "Examens",
    params(
        ("code" = String, Path, description = "Code du centre.", example = "noumea"),
    ),
    request_body = CentreAEcrire,
    responses(
        (status = 200, description = "Le centre est modifié.", body = CentreEcrit),
        (status = 409, description = "Il a changé depuis que vous l’avez lu."),
        (status = 422, description = "Ce qui est donné est refusé, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn modification(e: Ecriture<String, CentreAEcrire>) -> Reponse {
    e.faire(|iexam, par, code, c| async move {
        modifier(&iexam, &code, &c.voulu(), c.vu.as_deref(), &par.acteur).await?;
        ecrit(StatusCode::OK, code, None)
    })
    .await
}

async fn regler_salle(e: Ecriture<(String, i64), SalleAEcrire>) -> Reponse {
    e.faire(|iexam, par, (code, id), c| async move {
        let salle = Salle {
            id,
            nom: c.nom,
            capacite: c.capacite,
            equipement: c.equipement,
            a_part: c.a_part,
            rang: c.rang,
            active: c.active,
        };
        let ecrite = salle_regler(&iexam, &code, &salle, None, &par.acteur).await?;
        ecrit(if id == 0 { StatusCode::CREATED } else { StatusCode::OK }, code, Some(ecrite))
    })
    .await
}

/// Ajouter une salle à un centre
#[utoipa::path(
    post,
    path = "/api/v1/iexam/centres/{code}/salles",
    tag = "Examens",
    params(
        ("code" = String, Path, description = "Code du centre.", example = "noumea"),
    ),
    request_body = SalleAEcrire,
    responses(
        (status = 201, description = "La salle est ajoutée.", body = CentreEcrit),
        (status = 422, description = "Ce qui est donné est refusé, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn salle(e: Ecriture<String, SalleAEcrire>) -> Reponse {
    regler_salle(e.nommant(|code| (code, 0))).await
}

/// Modifier une salle
#[utoipa::path(
    put,
    path = "/api/v1/iexam/centres/{code}/salles/{id}",
    tag = "Examens",
    params(
        ("code" = String, Path, description = "Code du centre.", example = "noumea"),
        ("id" = i64, Path, description = "Numéro de la salle.", example = 12),
    ),
    request_body = SalleAEcrire,
    responses(
        (status = 200, description = "La salle est modifiée.", body = CentreEcrit),
        (status = 422, description = "Des épreuves s’y tiennent, ce qui est donné est refusé, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn salle_modifiee(e: Ecriture<(String, i64), SalleAEcrire>) -> Reponse {
    // Number 0 is a room to add: no address names it.
    regler_salle(e.nommant(|(code, id)| (code, if id == 0 { -1 } else { id }))).await
}

/// Fermer un centre quelques jours
#[utoipa::path(
    post,
    path = "/api/v1/iexam/centres/{code}/fermetures",
    tag = "Examens",
    params(
        ("code" = String, Path, description = "Code du centre.", example = "noumea"),
    ),
    request_body = FermetureAEcrire,
    responses(
        (status = 201, description = "La fermeture est notée.", body = CentreEcrit),
        (status = 422, description = "Les jours se contredisent, le motif manque, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn fermeture(e: Ecriture<String, FermetureAEcrire>) -> Reponse {
    e.faire(|iexam, par, code, c| async move {
        let fermeture = Fermeture { id: 0, du: c.du, au: c.au, motif: c.motif };
        fermer(&iexam, &code, &fermeture, &par.acteur).await?;
        ecrit(StatusCode::CREATED, code, None)
    })
    .await
}

/// Retirer une fermeture
#[utoipa::path(
    delete,
    path = "/api/v1/iexam/centres/{code}/fermetures/{id}",
    tag = "Examens",
    params(
        ("code" = String, Path, description = "Code du centre.", example = "noumea"),
        ("id" = i64, Path, description = "Numéro de la fermeture.", example = 4),
    ),
    responses((status = 200, description = "La fermeture n’est plus.", body = CentreEcrit))
)]
pub(super) async fn fermeture_retrait(e: Ecriture<(String, i64), Rien>) -> Reponse {
    e.faire(|iexam, par, (code, id), Rien {}| async move {
        rouvrir(&iexam, &code, id, &par.acteur).await?;
        ecrit(StatusCode::OK, code, None)
    })
    .await
}
