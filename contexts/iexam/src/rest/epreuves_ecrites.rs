//! Épreuves written: one at a time, or those of a whole étape out of its MCCC. Accounts and conflicts follow as they do from the pages.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use kernel::{CodeElement, CodeEtape, VersionEtape};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::demande::couper;
use super::ecriture::{Ecriture, Reponse, Rien, oui};
use super::idempotence::Refus;
use super::periodes_ecrites::designee;
use crate::actions::epreuve_changer::{Saisie, Suites, ajouter, annuler, modifier, periode_de};
use crate::actions::epreuve_fault::EpreuveFault;
use crate::actions::epreuve_poser::fiches;
use crate::actions::epreuves_creer::creer;
use crate::domain::epreuve::Nature;

/// Ce qui est réglé d’une épreuve.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EpreuveAModifier {
    /// Libellé.
    libelle: String,
    /// `ecrit`, `oral`, `pratique`, `dossier`.
    #[schema(example = "ecrit")]
    nature: String,
    /// L’instant où elle commence, partout au monde ; rien tant qu’elle n’est pas programmée.
    #[serde(default)]
    debut: Option<DateTime<Utc>>,
    /// Durée, hors temps majoré.
    #[serde(default)]
    #[schema(example = 180)]
    duree_minutes: Option<i64>,
    /// Documents autorisés.
    #[serde(default)]
    documents: String,
    /// Qui fait le sujet.
    #[serde(default)]
    sujet_par: String,
    /// Ses heures comptent comme surveillées. Oui par défaut.
    #[serde(default = "oui")]
    surveillee: bool,
    /// Numéros de ses salles.
    #[serde(default)]
    salles: Vec<i64>,
    /// L’empreinte « vu » lue avec l’épreuve : refusé si elle a changé depuis. Inutile pour créer.
    #[serde(default)]
    vu: Option<String>,
}

/// Une épreuve à créer.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EpreuveACreer {
    /// La période.
    #[schema(example = "2024-P1")]
    periode: String,
    /// COD_ELP : l’offre de l’année doit le connaître.
    #[schema(example = "DRO101")]
    element: String,
    /// Distingue les épreuves d’un même élément. 1 par défaut.
    #[serde(default = "premier")]
    rang: i64,
    /// Ce qui en est réglé.
    epreuve: EpreuveAModifier,
}

fn premier() -> i64 {
    1
}

/// L’étape dont les épreuves sont à créer.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EtapeAExaminer {
    /// COD_ETP.
    #[schema(example = "L1DRO")]
    etape: String,
    /// COD_VRS_VET.
    #[schema(example = "1")]
    version: String,
}

/// Pourquoi une épreuve est annulée.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnnulationEpreuve {
    /// Le motif : les étudiants inscrits doivent pouvoir le comprendre.
    motif: String,
}

/// Les épreuves écrites, et ce qui s’ensuit.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EpreuvesEcrites {
    /// Numéros des épreuves créées ou changées ; aucun quand rien n’a changé.
    epreuves: Vec<i64>,
    /// Inscriptions dont le montant a changé.
    montants_changes: usize,
    /// Inscriptions qui ont désormais quelque chose à payer.
    a_payer: usize,
    /// Inscriptions désormais payées en trop.
    trop_percus: usize,
}

fn suivies(statut: StatusCode, s: Suites) -> Result<(StatusCode, EpreuvesEcrites), Refus> {
    let comptes = s.pose.comptes;
    Ok((
        statut,
        EpreuvesEcrites {
            epreuves: s.pose.creees.into_iter().chain(s.pose.changees).collect(),
            montants_changes: comptes.montants,
            a_payer: comptes.a_payer,
            trop_percus: comptes.trop_percus,
        },
    ))
}

impl EpreuveAModifier {
    fn saisie(self) -> Result<Saisie, EpreuveFault> {
        let nature = Nature::ALL.into_iter().find(|n| n.code() == self.nature).ok_or_else(|| {
            let connues = Nature::ALL.map(Nature::code).join(", ");
            EpreuveFault::Champ("nature", format!("La nature est l’une de : {connues}."))
        })?;
        Ok(Saisie {
            libelle: self.libelle,
            nature,
            debut: self.debut,
            duree_min: self.duree_minutes,
            documents: self.documents,
            sujet_par: self.sujet_par,
            surveillee: self.surveillee,
            salles: self.salles,
        })
    }
}

/// Créer une épreuve
#[utoipa::path(
    post,
    path = "/api/v1/iexam/epreuves",
    tag = "Examens",
    request_body = EpreuveACreer,
    responses(
        (status = 201, description = "L’épreuve est créée.", body = EpreuvesEcrites),
        (status = 409, description = "La période est close, ou l’élément a déjà cette épreuve."),
        (status = 422, description = "Ce qui est donné est refusé, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn creation(e: Ecriture<(), EpreuveACreer>) -> Reponse {
    e.faire(|iexam, par, (), c| async move {
        let (annee, code) = couper(&c.periode).ok_or(EpreuveFault::PeriodeInconnue)?;
        let periode = designee(&iexam, annee.premiere(), code).await?.id;
        let element = CodeElement(c.element);
        let saisie = c.epreuve.saisie()?;
        let suites = ajouter(&iexam, periode, (&element, c.rang), &saisie, &par.acteur).await?;
        suivies(StatusCode::CREATED, suites)
    })
    .await
}

/// Modifier une épreuve
///
/// Tout est donné, ce qui change et ce qui reste. Les comptes des inscrits suivent sa durée.
#[utoipa::path(
    put,
    path = "/api/v1/iexam/epreuves/{id}",
    tag = "Examens",
    params(
        ("id" = i64, Path, description = "Numéro de l’épreuve.", example = 318),
    ),
    request_body = EpreuveAModifier,
    responses(
        (status = 200, description = "L’épreuve est modifiée.", body = EpreuvesEcrites),
        (status = 409, description = "La période est close, ou l’épreuve a changé."),
        (status = 422, description = "Ce qui est donné est refusé, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn modification(e: Ecriture<i64, EpreuveAModifier>) -> Reponse {
    e.faire(|iexam, par, id, c| async move {
        // Who did not say what they saw writes over what is there.
        let vu = match c.vu.clone() {
            Some(vu) => vu,
            None => {
                let tenue = iexam.db.read(|conn| async move { fiches(&conn, &[id]).await }).await?.pop();
                tenue.ok_or(EpreuveFault::Inconnue)?.vu().value()
            }
        };
        let suites = modifier(&iexam, id, &c.saisie()?, &vu, &par.acteur).await?;
        suivies(StatusCode::OK, suites)
    })
    .await
}

/// Annuler une épreuve
///
/// Ce qui était demandé pour elle est repris des comptes.
#[utoipa::path(
    post,
    path = "/api/v1/iexam/epreuves/{id}/annulation",
    tag = "Examens",
    params(
        ("id" = i64, Path, description = "Numéro de l’épreuve.", example = 318),
    ),
    request_body = AnnulationEpreuve,
    responses(
        (status = 200, description = "L’épreuve est annulée.", body = EpreuvesEcrites),
        (status = 409, description = "La période est close, ou l’épreuve est déjà annulée."),
        (status = 422, description = "Le motif manque, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn annulation(e: Ecriture<i64, AnnulationEpreuve>) -> Reponse {
    e.faire(|iexam, par, id, c| async move {
        let periode = periode_de(&iexam, id).await?;
        let suites = annuler(&iexam, periode, &[id], Some(&c.motif), &par.acteur).await?;
        suivies(StatusCode::OK, suites)
    })
    .await
}

/// Rétablir une épreuve annulée
///
/// Elle est de nouveau comptée à qui la passe.
#[utoipa::path(
    post,
    path = "/api/v1/iexam/epreuves/{id}/retablissement",
    tag = "Examens",
    params(
        ("id" = i64, Path, description = "Numéro de l’épreuve.", example = 318),
    ),
    responses(
        (status = 200, description = "L’épreuve est rétablie.", body = EpreuvesEcrites),
        (status = 409, description = "La période est close, ou l’épreuve n’est pas annulée.")
    )
)]
pub(super) async fn retablissement(e: Ecriture<i64, Rien>) -> Reponse {
    e.faire(|iexam, par, id, Rien {}| async move {
        let periode = periode_de(&iexam, id).await?;
        suivies(StatusCode::OK, annuler(&iexam, periode, &[id], None, &par.acteur).await?)
    })
    .await
}

/// Créer les épreuves d’une étape
///
/// D’après ses modalités de contrôle des connaissances. Celles qui existent déjà restent : redemandé, rien n’est fait deux fois.
#[utoipa::path(
    post,
    path = "/api/v1/iexam/periodes/{annee}/{code}/epreuves",
    tag = "Examens",
    params(
        ("annee" = u16, Path, description = "Année universitaire, par sa première année civile.", example = 2024),
        ("code" = String, Path, description = "Code de la période.", example = "P1"),
    ),
    request_body = EtapeAExaminer,
    responses(
        (status = 201, description = "Les épreuves qui manquaient sont créées.", body = EpreuvesEcrites),
        (status = 404, description = "Cette étape n’existe pas dans l’offre de l’année."),
        (status = 409, description = "La période est close.")
    )
)]
pub(super) async fn d_une_etape(e: Ecriture<(u16, String), EtapeAExaminer>) -> Reponse {
    e.faire(|iexam, par, (annee, code), c| async move {
        let periode = designee(&iexam, annee, &code).await?.id;
        let (etape, version) = (CodeEtape(c.etape), VersionEtape(c.version));
        let creees = creer(&iexam, periode, &etape, &version, None, &par.acteur).await?;
        let ecrites = EpreuvesEcrites { epreuves: creees, montants_changes: 0, a_payer: 0, trop_percus: 0 };
        Ok((StatusCode::CREATED, ecrites))
    })
    .await
}
