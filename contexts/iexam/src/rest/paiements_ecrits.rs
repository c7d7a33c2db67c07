//! What is written in the ledger, as at the desk: the same actions. The key of the request is that of the row, so that even a process that
//! dies between the row and its answer writes it once.

use axum::http::StatusCode;
use kernel::{Cents, Fault, FaultKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ecriture::{Ecriture, Reponse};
use super::idempotence::Refus;
use crate::Iexam;
use crate::actions::caisse_fault::CaisseFault;
use crate::actions::corriger::corriger;
use crate::actions::encaisser::encaisser;
use crate::actions::exonerer::exonerer;
use crate::actions::rembourser::rembourser;
use crate::actions::tenir::{Ecrite, Saisie};
use crate::domain::ecriture::{Moyen, Nature};
use crate::store::caisse::ecriture_read;
use crate::store::inscription::inscription_read;

/// Une écriture à ajouter.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaiementAEcrire {
    /// Numéro de l’inscription.
    #[schema(example = 5120)]
    inscription: i64,
    /// `paiement`, `remboursement` ou `exoneration`.
    #[schema(example = "paiement")]
    nature: String,
    /// `cheque`, `virement`, `carte_guichet`, `especes` ; pour un remboursement, `en_ligne` aussi. Rien pour une exonération.
    #[serde(default)]
    #[schema(example = "virement")]
    moyen: Option<String>,
    /// La somme, en centimes, plus grande que zéro quelle que soit la nature.
    #[schema(example = 8625)]
    montant_cents: i64,
    /// Numéro du chèque, référence du virement : nécessaire pour l’un et l’autre.
    #[serde(default)]
    #[schema(example = "VIR 2025-00417")]
    reference: String,
    /// Pourquoi : nécessaire pour une exonération.
    #[serde(default)]
    motif: String,
    /// La somme dépasse à dessein ce qui reste à payer, ou le trop perçu.
    #[serde(default)]
    au_dela: bool,
    /// L’empreinte « vu » lue avec l’inscription : l’écriture est refusée si l’inscription a changé depuis.
    #[serde(default)]
    vu: Option<String>,
}

/// Pourquoi une écriture est annulée.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// Le motif, qui reste dans le compte.
    #[schema(example = "Chèque sans provision.")]
    motif: String,
}

/// L’écriture ajoutée, et l’inscription après elle.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PaiementEcrit {
    /// Numéro de l’écriture.
    #[schema(example = 9041)]
    id: i64,
    /// Numéro de l’inscription.
    inscription: i64,
    /// Où en est l’inscription.
    #[schema(example = "finalisee")]
    etat: &'static str,
    /// Ce qui reste à payer, en centimes ; négatif quand trop a été payé.
    #[schema(example = 0)]
    solde_cents: i64,
}

/// A word that is none of those expected.
#[derive(Debug, thiserror::Error)]
enum MotFault {
    #[error("nature inconnue")]
    Nature,
    #[error("moyen inconnu")]
    Moyen,
}

impl Fault for MotFault {
    fn kind(&self) -> FaultKind {
        FaultKind::Invalid
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::Nature => "nature-inconnue",
            Self::Moyen => "moyen-inconnu",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Nature => "Cette nature d’écriture n’est pas connue. Rien n’a été enregistré.".to_owned(),
            Self::Moyen => "Ce moyen de paiement n’est pas connu. Rien n’a été enregistré.".to_owned(),
        }
    }

    fn way_out(&self) -> String {
        match self {
            Self::Nature => "Natures qui s’écrivent : paiement, remboursement, exoneration.".to_owned(),
            Self::Moyen => format!("Moyens connus : {}.", Moyen::ALL.map(Moyen::code).join(", ")),
        }
    }
}

async fn ecrite(
    iexam: &Iexam,
    inscription: i64,
    ecrite: Ecrite,
) -> Result<(StatusCode, PaiementEcrit), Refus> {
    let lue = iexam.db.read(|c| async move { inscription_read(&c, inscription).await }).await?;
    let i = lue.ok_or(CaisseFault::Inconnue(inscription))?;
    let ecrit = PaiementEcrit { id: ecrite.id, inscription, etat: i.etat.code(), solde_cents: i.solde.0 };
    Ok((StatusCode::CREATED, ecrit))
}

/// Écrire un paiement, un remboursement ou une exonération
///
/// Payée en totalité, l’inscription vérifiée devient définitive d’elle-même. Un paiement en ligne n’est pas écrit ici : la banque le notifie.
#[utoipa::path(
    post,
    path = "/api/v1/iexam/paiements",
    tag = "Paiements des examens",
    request_body = PaiementAEcrire,
    responses(
        (status = 201, description = "L’écriture est ajoutée.", body = PaiementEcrit),
        (status = 404, description = "Cette inscription n’existe pas."),
        (status = 409, description = "L’inscription ne le permet pas, ou elle a changé."),
        (status = 422, description = "Somme, moyen ou référence refusés, ou clé déjà employée.")
    )
)]
pub(super) async fn ecrire(e: Ecriture<(), PaiementAEcrire>) -> Reponse {
    e.faire(|iexam, par, (), c| async move {
        let saisie = Saisie {
            inscription: c.inscription,
            montant: Cents(c.montant_cents),
            vu: c.vu.as_deref(),
            cle: Some(&par.cle),
        };
        let moyen = c.moyen.as_deref().map(|m| Moyen::of_code(m).ok_or(MotFault::Moyen)).transpose()?;
        let (reference, au_dela) = (c.reference.as_str(), c.au_dela);
        let faite = match Nature::of_code(&c.nature) {
            Some(Nature::Paiement) => {
                let moyen = moyen.ok_or(CaisseFault::Moyen)?;
                encaisser(&iexam, saisie, moyen, reference, au_dela, &par.acteur).await?
            }
            Some(Nature::Remboursement) => {
                let moyen = moyen.ok_or(CaisseFault::Moyen)?;
                rembourser(&iexam, saisie, moyen, reference, au_dela, &par.acteur).await?
            }
            Some(Nature::Exoneration) => exonerer(&iexam, saisie, &c.motif, &par.acteur).await?,
            Some(Nature::Du) | None => return Err(MotFault::Nature.into()),
        };
        ecrite(&iexam, c.inscription, faite).await
    })
    .await
}

/// Annuler une écriture par son opposée
///
/// L’opposée compte pour aujourd’hui, ou pour la première journée encore ouverte. Une écriture ne s’annule qu’une fois.
#[utoipa::path(
    post,
    path = "/api/v1/iexam/paiements/{id}/correction",
    tag = "Paiements des examens",
    params(
        ("id" = i64, Path, description = "Numéro de l’écriture.", example = 9041),
    ),
    request_body = Correction,
    responses(
        (status = 201, description = "L’écriture opposée est ajoutée.", body = PaiementEcrit),
        (status = 409, description = "Elle est déjà corrigée, ou ne se corrige pas."),
        (status = 422, description = "Le motif manque, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn correction(e: Ecriture<i64, Correction>) -> Reponse {
    e.faire(|iexam, par, id, c| async move {
        let lue = iexam.db.read(|c| async move { ecriture_read(&c, id).await }).await?;
        let inscription = lue.ok_or(CaisseFault::Ecriture(id))?.inscription;
        let faite = corriger(&iexam, inscription, id, &c.motif, Some(&par.cle), &par.acteur).await?;
        ecrite(&iexam, inscription, faite).await
    })
    .await
}
