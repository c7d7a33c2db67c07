//! Arrangements written. The end of épreuves, rooms and accounts follow at once, and the answer says what moved.

use axum::http::StatusCode;
use chrono::NaiveDate;
use kernel::{NumeroEtudiant, Scope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ecriture::{Ecriture, Reponse, Rien};
use super::idempotence::Refus;
use crate::actions::amenager::{Effets, ajouter, modifier, retirer, vu};
use crate::actions::amenager_fault::AmenagementFault;
use crate::domain::amenagement_regles::Saisie;
use crate::store::amenagement::amenagement_read;

/// Un aménagement à poser, ou tel qu’il doit devenir.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmenagementAEcrire {
    /// COD_ETU : il ne change plus.
    #[schema(example = "21903456")]
    etudiant: String,
    /// Premier jour.
    valide_du: NaiveDate,
    /// Dernier jour, compris.
    valide_au: NaiveDate,
    /// Temps majoré, en minutes par heure : 20 est un tiers. Aucun par défaut.
    #[serde(default)]
    #[schema(example = 20)]
    majoration: i64,
    /// Salle à part.
    #[serde(default)]
    salle_a_part: bool,
    /// Ordinateur.
    #[serde(default)]
    ordinateur: bool,
    /// Secrétaire.
    #[serde(default)]
    secretaire: bool,
    /// Autre chose.
    #[serde(default)]
    autre: String,
    /// L’exception motivée par le médecin : nécessaire au-delà d’un tiers.
    #[serde(default)]
    exception: String,
    /// L’empreinte « vu » lue avec l’aménagement : refusé s’il a changé depuis. Inutile pour le poser.
    #[serde(default)]
    vu: Option<String>,
}

impl AmenagementAEcrire {
    fn saisie(self) -> Saisie {
        Saisie {
            etudiant: NumeroEtudiant(self.etudiant),
            valide_du: self.valide_du,
            valide_au: self.valide_au,
            majoration: self.majoration,
            salle_a_part: self.salle_a_part,
            ordinateur: self.ordinateur,
            secretaire: self.secretaire,
            autre: self.autre,
            exception: self.exception,
        }
    }
}

/// L’aménagement écrit, et ce qui s’ensuit.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AmenagementEcrit {
    /// Son numéro.
    #[schema(example = 64)]
    id: i64,
    /// Épreuves qui finissent plus tard.
    epreuves_plus_tard: usize,
    /// Épreuves qui finissent plus tôt.
    epreuves_plus_tot: usize,
    /// Inscriptions dont le montant a changé.
    montants_changes: usize,
    /// Inscriptions qui ont désormais quelque chose à payer.
    a_payer: usize,
    /// Inscriptions désormais payées en trop.
    trop_percus: usize,
    /// Les jours où un autre aménagement de l’étudiant vaut aussi : le dernier commencé s’applique.
    jours_communs: Vec<JoursCommuns>,
    /// Où le relire.
    #[schema(example = "/api/v1/iexam/amenagements/64")]
    lien: String,
}

/// Des jours, tous deux compris.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct JoursCommuns {
    /// Premier jour.
    du: NaiveDate,
    /// Dernier jour.
    au: NaiveDate,
}

fn suivi(statut: StatusCode, e: Effets) -> Result<(StatusCode, AmenagementEcrit), Refus> {
    Ok((
        statut,
        AmenagementEcrit {
            id: e.id,
            epreuves_plus_tard: e.plus_tard,
            epreuves_plus_tot: e.plus_tot,
            montants_changes: e.comptes.montants,
            a_payer: e.comptes.a_payer,
            trop_percus: e.comptes.trop_percus,
            jours_communs: e.communs.into_iter().map(|(du, au)| JoursCommuns { du, au }).collect(),
            lien: format!("/api/v1/iexam/amenagements/{}", e.id),
        },
    ))
}

/// Poser un aménagement
///
/// L’heure de fin de ses épreuves et le compte de ses inscriptions suivent, dans toutes les périodes qui ne sont pas closes.
#[utoipa::path(
    post,
    path = "/api/v1/iexam/amenagements",
    tag = "Examens",
    request_body = AmenagementAEcrire,
    responses(
        (status = 201, description = "L’aménagement est posé.", body = AmenagementEcrit),
        (status = 422, description = "L’étudiant n’est pas connu, plus d’un tiers sans exception motivée, ou la clé a servi à une autre demande.")
    ),
    security(("jeton" = ["examens:ecrire", "etudiants:identite"]))
)]
pub(super) async fn creation(e: Ecriture<(), AmenagementAEcrire>) -> Reponse {
    e.exigeant(Scope::EtudiantsIdentite)?
        .faire(|iexam, par, (), c| async move {
            suivi(StatusCode::CREATED, ajouter(&iexam, &c.saisie(), &par.acteur).await?)
        })
        .await
}

/// Modifier un aménagement
///
/// Tout est donné, ce qui change et ce qui reste.
#[utoipa::path(
    put,
    path = "/api/v1/iexam/amenagements/{id}",
    tag = "Examens",
    params(("id" = i64, Path, description = "Numéro de l’aménagement.", example = 64)),
    request_body = AmenagementAEcrire,
    responses(
        (status = 200, description = "L’aménagement est modifié.", body = AmenagementEcrit),
        (status = 409, description = "Il a changé depuis que vous l’avez lu."),
        (status = 422, description = "Ce qui est donné est refusé, ou la clé a servi à une autre demande.")
    ),
    security(("jeton" = ["examens:ecrire", "etudiants:identite"]))
)]
pub(super) async fn modification(e: Ecriture<i64, AmenagementAEcrire>) -> Reponse {
    e.exigeant(Scope::EtudiantsIdentite)?
        .faire(|iexam, par, id, c| async move {
            let tenu = iexam.db.read(|conn| async move { amenagement_read(&conn, id).await }).await?;
            let tenu = tenu.ok_or(AmenagementFault::Inconnu)?;
            if tenu.amenagement.etudiant.as_str() != c.etudiant {
                let phrase = "Un aménagement reste celui de son étudiant.".to_owned();
                return Err(AmenagementFault::Champ("etudiant", phrase).into());
            }
            // Who did not say what they saw writes over what is there.
            let vu = c.vu.clone().unwrap_or_else(|| vu(&tenu).value());
            suivi(StatusCode::OK, modifier(&iexam, id, &c.saisie(), &vu, &par.acteur).await?)
        })
        .await
}

async fn tenir(e: Ecriture<i64, Rien>, rendre: bool) -> Reponse {
    e.exigeant(Scope::EtudiantsIdentite)?
        .faire(move |iexam, par, id, Rien {}| async move {
            suivi(StatusCode::OK, retirer(&iexam, id, rendre, &par.acteur).await?)
        })
        .await
}

/// Retirer un aménagement
///
/// Il ne vaut plus ; il reste lisible.
#[utoipa::path(
    post,
    path = "/api/v1/iexam/amenagements/{id}/retrait",
    tag = "Examens",
    params(("id" = i64, Path, description = "Numéro de l’aménagement.", example = 64)),
    responses(
        (status = 200, description = "L’aménagement est retiré.", body = AmenagementEcrit),
        (status = 409, description = "Il l’est déjà.")
    ),
    security(("jeton" = ["examens:ecrire", "etudiants:identite"]))
)]
pub(super) async fn retrait(e: Ecriture<i64, Rien>) -> Reponse {
    tenir(e, false).await
}

/// Rétablir un aménagement retiré
#[utoipa::path(
    post,
    path = "/api/v1/iexam/amenagements/{id}/retablissement",
    tag = "Examens",
    params(("id" = i64, Path, description = "Numéro de l’aménagement.", example = 64)),
    responses(
        (status = 200, description = "L’aménagement vaut de nouveau.", body = AmenagementEcrit),
        (status = 409, description = "Il n’est pas retiré.")
    ),
    security(("jeton" = ["examens:ecrire", "etudiants:identite"]))
)]
pub(super) async fn retablissement(e: Ecriture<i64, Rien>) -> Reponse {
    tenir(e, true).await
}
