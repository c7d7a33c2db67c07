//! `/api/v1/iexam/demandes`: changes asked after validation, whatever the registration. They are made, taken back and decided on the
//! address of their registration.

use std::collections::BTreeMap;

use ::web::PageError;
use ::web::rest::Liste;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use db::DbError;
use kernel::{AnneeUniversitaire, NumeroEtudiant, Scope};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::demande::{Demande, referer};
use super::ecriture::{Ecriture, Reponse, Rien};
use super::idempotence::Refus;
use super::inscription::DemandeChangement;
use super::inscriptions_ecrites::{InscriptionTraitee, relue};
use crate::Iexam;
use crate::actions::demander::{Demandee, demander, retirer};
use crate::actions::registre_fault::RegistreFault;
use crate::actions::regler_fault::ReglageFault;
use crate::actions::trancher::{Decide, accepter, refuser};
use crate::domain::demande::{EtatDemande, Voulu};
use crate::domain::inscription::Decision;
use crate::store::demande::demandes_de;
use crate::store::demande_lue::demande_lue_list;
use crate::store::inscription_lue::{InscriptionLue, Objet, codes, inscription_lue_read, rang_de};

/// Un changement demandé, et de quelle inscription.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DemandeRecue {
    /// Numéro de l’inscription.
    #[schema(example = 5120)]
    inscription: i64,
    /// COD_ETU.
    #[schema(example = "21903456")]
    etudiant: String,
    /// La période.
    #[schema(example = "2024-P1")]
    periode: String,
    /// La demande.
    #[serde(flatten)]
    demande: DemandeChangement,
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
    /// `en_attente`, `acceptee`, `refusee`, `retiree`.
    #[param(example = "en_attente")]
    etat: Option<String>,
}

/// Les changements demandés après validation, le plus ancien d’abord
#[utoipa::path(
    get,
    path = "/api/v1/iexam/demandes",
    tag = "Examens",
    params(Filtres),
    responses((status = 200, description = "Une page de la liste.", body = Liste<DemandeRecue>)),
    security(("jeton" = ["examens:lire", "etudiants:lire"]))
)]
pub(super) async fn liste(State(iexam): State<Iexam>, demande: Demande) -> Result<Response, PageError> {
    demande.exiger(Scope::EtudiantsLire)?;
    demande.seulement(&["periode", "etat"])?;
    let etat = demande.parmi("etat", EtatDemande::ALL.map(EtatDemande::code))?;
    let filtre = (demande.periode(&iexam.db).await?.map(|p| p.id), etat.and_then(EtatDemande::of_code));
    let fenetre = demande.fenetre();
    let ((total, lues), modalites, centres) = iexam
        .db
        .read(|c| async move {
            let lues = demande_lue_list(&c, filtre, fenetre).await?;
            Ok::<_, DbError>((lues, codes(&c, Objet::Modalite).await?, codes(&c, Objet::Centre).await?))
        })
        .await?;
    let recues = lues.into_iter().map(|lue| DemandeRecue {
        inscription: lue.demande.inscription,
        etudiant: lue.etudiant,
        periode: referer(lue.annee, &lue.periode),
        demande: DemandeChangement::de(lue.demande, (&modalites, &centres)),
    });
    demande.lister(total, recues.collect())
}

/// Un changement à demander : tout ce que l’inscription tiendrait, ce qui change et ce qui reste.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangementADemander {
    /// La « revision » lue avec l’inscription : refusé si elle a changé depuis.
    #[schema(example = 2)]
    revision: i64,
    /// Code de la modalité ; rien quand rien n’est passé.
    #[serde(default)]
    #[schema(example = "tele_examen")]
    modalite: Option<String>,
    /// Code du centre, quand la modalité en demande un.
    #[serde(default)]
    centre: Option<String>,
    /// `passe` ou `report`, par numéro d’épreuve.
    #[schema(value_type = BTreeMap<String, String>, example = json!({"318": "passe", "319": "report"}))]
    choix: BTreeMap<i64, String>,
    /// Pourquoi.
    motif: String,
    /// Tout est reporté, et c’est voulu.
    #[serde(default)]
    tout_reporter: bool,
}

/// Un changement demandé.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChangementDemande {
    /// Numéro de la demande.
    #[schema(example = 77)]
    id: i64,
    /// Numéro de l’inscription.
    inscription: i64,
    /// Où la relire.
    #[schema(example = "/api/v1/iexam/inscriptions/5120")]
    lien: String,
}

/// Of whom a registration is, and in which period.
async fn situee(iexam: &Iexam, id: i64) -> Result<(NumeroEtudiant, AnneeUniversitaire, String), Refus> {
    let lue = iexam.db.read(|c| async move { inscription_lue_read(&c, id).await }).await?;
    let InscriptionLue { inscription, annee, periode, .. } = lue.ok_or(RegistreFault::Inconnue(id))?;
    let annee = u16::try_from(annee).ok().and_then(AnneeUniversitaire::new);
    Ok((inscription.etudiant, annee.ok_or(RegistreFault::Inconnue(id))?, periode))
}

async fn rang(
    iexam: &Iexam,
    objet: Objet,
    quoi: &'static str,
    code: Option<String>,
) -> Result<Option<i64>, Refus> {
    let Some(code) = code else { return Ok(None) };
    let dit = code.as_str();
    let rang = iexam.db.read(|c| async move { rang_de(&c, objet, dit).await }).await?;
    Ok(Some(rang.ok_or(ReglageFault::Inconnu(quoi, code))?))
}

/// Demander un changement après validation
///
/// Rien ne bouge tant que la scolarité n’a pas décidé ; la demande peut être retirée.
#[utoipa::path(
    post,
    path = "/api/v1/iexam/inscriptions/{id}/demandes",
    tag = "Examens",
    params(("id" = i64, Path, description = "Numéro de l’inscription.", example = 5120)),
    request_body = ChangementADemander,
    responses(
        (status = 201, description = "Le changement est demandé.", body = ChangementDemande),
        (status = 409, description = "L’inscription n’est pas validée, a changé, ou une demande attend déjà."),
        (status = 422, description = "Rien ne changerait, le choix ne se peut pas, le motif manque, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn ajout(e: Ecriture<i64, ChangementADemander>) -> Reponse {
    e.faire(|iexam, par, inscription, c| async move {
        let (etudiant, annee, code) = situee(&iexam, inscription).await?;
        let lire = |(id, dit): (&i64, &String)| {
            let decision = [Decision::Passe, Decision::Report].into_iter().find(|d| d.code() == dit);
            let faux = || ReglageFault::saisie("choix", "Une décision est « passe » ou « report ».");
            decision.map(|d| (*id, d)).ok_or_else(faux)
        };
        let voulu = Voulu {
            modalite: rang(&iexam, Objet::Modalite, "La modalité", c.modalite).await?,
            centre: rang(&iexam, Objet::Centre, "Le centre", c.centre).await?,
            choix: c.choix.iter().map(lire).collect::<Result<_, _>>()?,
        };
        let demandee =
            Demandee { revision: c.revision, voulu, motif: c.motif, tout_reporter: c.tout_reporter };
        let id = demander(&iexam, &etudiant, (annee, &code), &demandee, &par.acteur).await?;
        let lien = format!("/api/v1/iexam/inscriptions/{inscription}");
        Ok((StatusCode::CREATED, ChangementDemande { id, inscription, lien }))
    })
    .await
}

/// Retirer une demande qui attend
#[utoipa::path(
    post,
    path = "/api/v1/iexam/inscriptions/{id}/demandes/{demande}/retrait",
    tag = "Examens",
    params(
        ("id" = i64, Path, description = "Numéro de l’inscription.", example = 5120),
        ("demande" = i64, Path, description = "Numéro de la demande.", example = 77),
    ),
    responses(
        (status = 200, description = "La demande est retirée.", body = InscriptionTraitee),
        (status = 409, description = "Elle a déjà une réponse, ou a été retirée.")
    )
)]
pub(super) async fn retrait(e: Ecriture<(i64, i64), Rien>) -> Reponse {
    e.faire(|iexam, par, (id, demande), Rien {}| async move {
        let (etudiant, annee, code) = situee(&iexam, id).await?;
        let tenues = iexam.db.read(|c| async move { demandes_de(&c, id).await }).await?;
        if !tenues.iter().any(|d| d.id == demande && d.etat == EtatDemande::EnAttente) {
            return Err(RegistreFault::Demande(demande).into());
        }
        retirer(&iexam, &etudiant, (annee, &code), &par.acteur).await?;
        relue(&iexam, id).await
    })
    .await
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
    ),
    request_body = ReponseDemande,
    responses(
        (status = 200, description = "Le changement est fait.", body = InscriptionTraitee),
        (status = 409, description = "La demande a déjà une réponse, ou ne peut plus être appliquée.")
    )
)]
pub(super) async fn acceptation(e: Ecriture<(i64, i64), ReponseDemande>) -> Reponse {
    e.faire(|iexam, par, (id, demande), c| async move {
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
    ),
    request_body = ReponseDemande,
    responses(
        (status = 200, description = "La demande est refusée.", body = InscriptionTraitee),
        (status = 409, description = "La demande a déjà une réponse."),
        (status = 422, description = "La réponse manque, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn refus(e: Ecriture<(i64, i64), ReponseDemande>) -> Reponse {
    e.faire(|iexam, par, (id, demande), c| async move {
        let decide = Decide { inscription: id, demande, reponse: &c.reponse, vu: c.vu.as_deref() };
        refuser(&iexam, decide, &par.acteur).await?;
        relue(&iexam, id).await
    })
    .await
}
