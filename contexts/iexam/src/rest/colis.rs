//! `/api/v1/iexam/colis`: parcels of papers and copies, to the centres and back.

use ::web::PageError;
use ::web::rest::Liste;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use kernel::Scope;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::demande::{Demande, couper, referer};
use super::ecriture::{Ecriture, Reponse};
use super::periodes_ecrites::designee;
use crate::Iexam;
use crate::actions::colis_suivre::{colis_suivre, colis_vu};
use crate::actions::regler_fault::ReglageFault;
use crate::domain::centre::{Colis as Tenu, Sens};
use crate::store::colis_lu::{ColisLu, Filtre, colis_lu_list};
use crate::store::inscription_lue::Objet;

/// Un colis de sujets ou de copies.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ColisExamens)]
pub struct Colis {
    /// Son numéro.
    #[schema(example = 7)]
    id: i64,
    /// La période.
    #[schema(example = "2024-P1")]
    periode: String,
    /// Code du centre.
    #[schema(example = "noumea")]
    centre: String,
    /// `aller` vers le centre, `retour` vers Besançon.
    #[schema(example = "aller")]
    sens: &'static str,
    /// Qui le porte.
    transporteur: String,
    /// Numéro de suivi.
    suivi: String,
    /// Exemplaires envoyés.
    copies: i64,
    /// Jour d’envoi.
    expedie_le: Option<NaiveDate>,
    /// Jour de réception.
    recu_le: Option<NaiveDate>,
    /// Exemplaires reçus.
    copies_recues: Option<i64>,
    /// Reçus moins envoyés : négatif quand il en manque ; `null` tant que le colis voyage.
    ecart: Option<i64>,
    /// Remarque.
    note: String,
    /// Empreinte de ce qui est lu ici, à renvoyer en le modifiant. Absente sans le droit `examens:ecrire`.
    #[serde(skip_serializing_if = "Option::is_none")]
    vu: Option<String>,
}

fn colis(lu: ColisLu, ecrit: bool) -> Colis {
    let ColisLu { colis: x, annee, periode, centre } = lu;
    Colis {
        id: x.id,
        periode: referer(annee, &periode),
        centre,
        sens: x.sens.code(),
        copies: x.copies,
        expedie_le: x.expedie_le,
        recu_le: x.recu_le,
        copies_recues: x.copies_recues,
        ecart: x.ecart(),
        vu: ecrit.then(|| colis_vu(&x).value()),
        transporteur: x.transporteur,
        suivi: x.suivi,
        note: x.note,
    }
}

/// What narrows the list, for the document.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the document only")]
pub(super) struct Filtres {
    /// Numéro de page, à partir de 1.
    #[param(minimum = 1, default = 1)]
    page: Option<u64>,
    /// Lignes par page, de 1 à 500.
    #[param(minimum = 1, maximum = 500, default = 50)]
    taille: Option<u64>,
    /// D’une période.
    #[param(example = "2024-P1")]
    periode: Option<String>,
    /// D’un centre, par son code.
    #[param(example = "noumea")]
    centre: Option<String>,
    /// `aller` ou `retour`.
    #[param(example = "retour")]
    sens: Option<String>,
    /// Les colis reçus seulement, ou ceux qui voyagent encore.
    #[param(example = "non")]
    recu: Option<String>,
}

/// Les colis de sujets et de copies, le dernier d’abord
#[utoipa::path(
    get,
    path = "/api/v1/iexam/colis",
    tag = "Examens",
    params(Filtres),
    responses((status = 200, description = "Une page de la liste.", body = Liste<Colis>)),
    security(("jeton" = ["examens:lire"]))
)]
pub(super) async fn liste(State(iexam): State<Iexam>, demande: Demande) -> Result<Response, PageError> {
    demande.seulement(&["periode", "centre", "sens", "recu"])?;
    let filtre = Filtre {
        periode: demande.periode(&iexam.db).await?.map(|p| p.id),
        centre: demande.rang(&iexam.db, "centre", Objet::Centre).await?,
        sens: demande.parmi("sens", Sens::ALL.map(Sens::code))?,
        recu: demande.query.vrai("recu")?,
    };
    let fenetre = demande.fenetre();
    let (total, lus) = iexam.db.read(|c| async move { colis_lu_list(&c, filtre, fenetre).await }).await?;
    let ecrit = demande.peut(Scope::ExamensEcrire);
    demande.lister(total, lus.into_iter().map(|lu| colis(lu, ecrit)).collect())
}

/// Un colis à suivre, ou tel qu’il doit devenir.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ColisAEcrire {
    /// La période.
    #[schema(example = "2024-P1")]
    periode: String,
    /// `aller` vers le centre, `retour` vers Besançon.
    #[schema(example = "aller")]
    sens: String,
    /// Qui le porte.
    #[schema(example = "Chronopost")]
    transporteur: String,
    /// Numéro de suivi.
    #[serde(default)]
    suivi: String,
    /// Exemplaires envoyés.
    #[schema(example = 24)]
    copies: i64,
    /// Jour d’envoi.
    #[serde(default)]
    expedie_le: Option<NaiveDate>,
    /// Jour de réception, avec le nombre d’exemplaires reçus.
    #[serde(default)]
    recu_le: Option<NaiveDate>,
    /// Exemplaires reçus.
    #[serde(default)]
    copies_recues: Option<i64>,
    /// Remarque.
    #[serde(default)]
    note: String,
    /// L’empreinte « vu » lue avec le colis : refusé s’il a changé depuis. Inutile pour l’ajouter.
    #[serde(default)]
    vu: Option<String>,
}

/// Le colis écrit.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ColisEcrit {
    /// Son numéro.
    #[schema(example = 7)]
    id: i64,
    /// Où le relire.
    #[schema(example = "/api/v1/iexam/colis?centre=noumea")]
    lien: String,
}

async fn ecrire(e: Ecriture<(String, i64), ColisAEcrire>) -> Reponse {
    e.faire(|iexam, par, (centre, id), c| async move {
        let inconnue = || ReglageFault::Inconnu("La période", c.periode.clone());
        let (annee, code) = couper(&c.periode).ok_or_else(inconnue)?;
        let sens = Sens::of_code(&c.sens)
            .ok_or_else(|| ReglageFault::saisie("sens", "Le sens est « aller » ou « retour »."))?;
        let voulu = Tenu {
            id,
            periode: designee(&iexam, annee.premiere(), code).await?.id,
            centre: 0,
            sens,
            transporteur: c.transporteur,
            suivi: c.suivi,
            copies: c.copies,
            expedie_le: c.expedie_le,
            recu_le: c.recu_le,
            copies_recues: c.copies_recues,
            note: c.note,
        };
        let ecrit = colis_suivre(&iexam, &centre, &voulu, c.vu.as_deref(), &par.acteur).await?;
        let statut = if id == 0 { StatusCode::CREATED } else { StatusCode::OK };
        Ok((statut, ColisEcrit { id: ecrit, lien: format!("/api/v1/iexam/colis?centre={centre}") }))
    })
    .await
}

/// Suivre un colis de plus
#[utoipa::path(
    post,
    path = "/api/v1/iexam/centres/{code}/colis",
    tag = "Examens",
    params(("code" = String, Path, description = "Code du centre.", example = "noumea")),
    request_body = ColisAEcrire,
    responses(
        (status = 201, description = "Le colis est suivi.", body = ColisEcrit),
        (status = 422, description = "Ce qui est donné est refusé, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn ajout(e: Ecriture<String, ColisAEcrire>) -> Reponse {
    ecrire(e.nommant(|centre| (centre, 0))).await
}

/// Modifier un colis
///
/// Tout est donné, ce qui change et ce qui reste : le jour et le nombre d’exemplaires reçus, quand il arrive.
#[utoipa::path(
    put,
    path = "/api/v1/iexam/centres/{code}/colis/{id}",
    tag = "Examens",
    params(
        ("code" = String, Path, description = "Code du centre.", example = "noumea"),
        ("id" = i64, Path, description = "Numéro du colis.", example = 7),
    ),
    request_body = ColisAEcrire,
    responses(
        (status = 200, description = "Le colis est modifié.", body = ColisEcrit),
        (status = 409, description = "Il a changé depuis que vous l’avez lu."),
        (status = 422, description = "Ce qui est donné est refusé, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn modification(e: Ecriture<(String, i64), ColisAEcrire>) -> Reponse {
    // Number 0 is a parcel to add: no address names it.
    ecrire(e.nommant(|(centre, id)| (centre, if id == 0 { -1 } else { id }))).await
}
