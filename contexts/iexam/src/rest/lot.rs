//! Several registrations at once: what would be done and what is left out, with why, when it is a trial; then the same, done.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::demande::couper;
use super::ecriture::{Ecriture, Par, Reponse};
use super::idempotence::Refus;
use super::lot_fault::LotFault;
use super::periodes_ecrites::designee;
use crate::Iexam;
use crate::actions::annuler::annuler;
use crate::actions::exonerer::exonerer_tout;
use crate::actions::lot::{LOT_MAX, Lot, trier};
use crate::actions::registre_fault::RegistreFault;
use crate::actions::regler_fault::ReglageFault;
use crate::actions::renvoyer::{relancer, renvoyer};
use crate::actions::verifier::verifier;
use crate::domain::file::File;
use crate::domain::inscription::EtatInscription;
use crate::domain::registre::Verbe;
use crate::store::inscription_lue::{Objet, rang_de};
use crate::store::registre::{Filtre, registre_ids, registre_lire};

/// Les inscriptions à traiter : leurs numéros, ou bien une période et ce qui la restreint.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LotATraiter {
    /// Leurs numéros, cinq mille au plus.
    #[serde(default)]
    #[schema(example = json!([5120, 5121]))]
    inscriptions: Option<Vec<i64>>,
    /// Ou toutes celles d’une période…
    #[serde(default)]
    #[schema(example = "2024-P1")]
    periode: Option<String>,
    /// … d’une liste de travail : `a-verifier`, `demandes`, `a-corriger`, `a-payer`, `trop-percu`, `sans-accord`, `sans-salle`,
    /// `temps-majore`, `a-convoquer`, `brouillons`, `annulees`.
    #[serde(default)]
    #[schema(example = "a-verifier")]
    file: Option<String>,
    /// … dans ces états.
    #[serde(default)]
    etats: Vec<String>,
    /// … de ces modalités, par leur code.
    #[serde(default)]
    #[schema(example = json!(["tele_examen"]))]
    modalites: Vec<String>,
    /// … dans ces centres, par leur code.
    #[serde(default)]
    centres: Vec<String>,
    /// Ce que chaque étudiant lira : nécessaire pour renvoyer, annuler, exonérer.
    #[serde(default)]
    motif: String,
    /// Un essai dit ce qui serait fait, et ne fait rien.
    #[serde(default)]
    essai: bool,
    /// Combien seraient traitées selon l’essai : rien n’est fait si ce nombre a changé.
    #[serde(default)]
    #[schema(example = 412)]
    attendues: Option<usize>,
}

/// Un lot traité, ou qui le serait.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LotTraite {
    /// Rien n’a été fait : c’était un essai.
    essai: bool,
    /// Combien sont traitées, ou le seraient.
    #[schema(example = 412)]
    traitees: usize,
    /// Celles-là, dans l’état où elles sont maintenant.
    inscriptions: Vec<InscriptionDuLot>,
    /// Celles qui sont laissées de côté, et pourquoi.
    ecartees: Vec<InscriptionEcartee>,
    /// Les numéros qui n’en sont pas.
    inconnues: Vec<i64>,
    /// Combien d’étudiants ne peuvent pas être prévenus, faute d’adresse.
    sans_courriel: usize,
    /// Ce qui n’est plus demandé, en centimes. Absent d’autre chose qu’une exonération.
    #[serde(skip_serializing_if = "Option::is_none")]
    exonere_cents: Option<i64>,
}

/// Une inscription du lot.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InscriptionDuLot {
    /// Son numéro.
    #[schema(example = 5120)]
    id: i64,
    /// Où elle en est.
    #[schema(example = "verifiee")]
    etat: &'static str,
}

/// Une inscription laissée de côté.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InscriptionEcartee {
    /// Son numéro.
    #[schema(example = 5121)]
    id: i64,
    /// Pourquoi.
    #[schema(example = "une demande de changement attend une décision")]
    raison: &'static str,
}

async fn rangs(iexam: &Iexam, objet: Objet, codes: &[String]) -> Result<Vec<i64>, Refus> {
    let quoi = match objet {
        Objet::Modalite => "La modalité",
        Objet::Centre => "Le centre",
    };
    let mut rangs = Vec::new();
    for code in codes {
        let rang = iexam.db.read(|c| async move { rang_de(&c, objet, code).await }).await?;
        rangs.push(rang.ok_or_else(|| ReglageFault::Inconnu(quoi, code.clone()))?);
    }
    Ok(rangs)
}

/// The registrations that are chosen, as they stand now.
async fn choisies(iexam: &Iexam, c: &LotATraiter) -> Result<Vec<i64>, Refus> {
    let max = usize::try_from(LOT_MAX).unwrap_or(usize::MAX);
    let dite = match (&c.inscriptions, &c.periode) {
        (Some(ids), None) => {
            let uniques: BTreeSet<i64> = ids.iter().copied().collect();
            return if uniques.len() > max {
                Err(LotFault::Trop.into())
            } else {
                Ok(uniques.into_iter().collect())
            };
        }
        (None, Some(dite)) => dite,
        _ => return Err(LotFault::Choix.into()),
    };
    let inconnue = || ReglageFault::Inconnu("La période", dite.clone());
    let (annee, code) = couper(dite).ok_or_else(inconnue)?;
    let periode = designee(iexam, annee.premiere(), code).await?.id;
    let file = c.file.as_deref().map(|dite| {
        let connues = File::ALL.map(File::code).join(", ");
        File::of_code(dite)
            .ok_or_else(|| ReglageFault::saisie("file", format!("La liste est l’une de : {connues}.")))
    });
    let etats = c.etats.iter().map(|dit| {
        let connus = EtatInscription::ALL.map(EtatInscription::code).join(", ");
        EtatInscription::of_code(dit)
            .ok_or_else(|| ReglageFault::saisie("etats", format!("Un état est l’un de : {connus}.")))
    });
    let filtre = &Filtre {
        periode,
        file: file.transpose()?,
        etats: etats.collect::<Result<_, _>>()?,
        modalites: rangs(iexam, Objet::Modalite, &c.modalites).await?,
        centres: rangs(iexam, Objet::Centre, &c.centres).await?,
        ..Filtre::default()
    };
    // One more than may be, so that too many shows.
    let borne = i64::try_from(max).unwrap_or(i64::MAX).saturating_add(1);
    let ids = iexam.db.read(|conn| async move { registre_ids(&conn, filtre, borne).await }).await?;
    if ids.len() > max { Err(LotFault::Trop.into()) } else { Ok(ids) }
}

/// What is done to several at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DeLot {
    Verifier,
    Renvoyer,
    Annuler,
    Relancer,
    Exonerer,
}

impl DeLot {
    fn verbe(self) -> Verbe {
        match self {
            Self::Verifier => Verbe::Verifier,
            Self::Renvoyer => Verbe::Renvoyer,
            Self::Annuler => Verbe::Annuler,
            Self::Relancer => Verbe::Relancer,
            Self::Exonerer => Verbe::Exonerer,
        }
    }
}

/// Does it; how many students could not be written to, when it is known.
async fn faire(
    iexam: &Iexam,
    quoi: DeLot,
    ids: &[i64],
    motif: &str,
    par: &Par,
) -> Result<(Lot, Option<usize>), Refus> {
    let acteur = &par.acteur;
    let avec = |(lot, muettes)| (lot, Some(muettes));
    let (lot, muettes) = match quoi {
        DeLot::Verifier => (verifier(iexam, ids, None, acteur).await?, None),
        DeLot::Renvoyer => avec(renvoyer(iexam, ids, motif, None, acteur).await?),
        DeLot::Annuler => avec(annuler(iexam, ids, motif, None, acteur).await?),
        DeLot::Relancer => avec(relancer(iexam, ids, acteur).await?),
        // Nobody is written to.
        DeLot::Exonerer => (exonerer_tout(iexam, ids, motif, acteur).await?, Some(0)),
    };
    if lot.faites.is_empty() { Err(RegistreFault::Vide.into()) } else { Ok((lot, muettes)) }
}

async fn traiter(e: Ecriture<(), LotATraiter>, quoi: DeLot) -> Reponse {
    e.faire(move |iexam, par, (), c| async move {
        let ids = choisies(&iexam, &c).await?;
        let choix = &ids;
        let prevu = iexam.db.read(|conn| async move { trier(&conn, quoi.verbe(), choix).await }).await?;
        if let Some(attendues) = c.attendues.filter(|n| *n != prevu.faites.len()) {
            return Err(LotFault::Change { attendues, trouvees: prevu.faites.len() }.into());
        }
        let (lot, muettes) =
            if c.essai { (prevu, None) } else { faire(&iexam, quoi, &ids, &c.motif, &par).await? };
        let faites = &lot.ids();
        let maintenant = iexam.db.read(|conn| async move { registre_lire(&conn, faites).await }).await?;
        let connues: BTreeSet<i64> =
            faites.iter().copied().chain(lot.ecartees.iter().map(|(i, _)| i.id)).collect();
        let sans_adresse = || lot.faites.iter().filter(|i| i.courriel.is_empty()).count();
        let traite = LotTraite {
            essai: c.essai,
            traitees: lot.faites.len(),
            inscriptions: maintenant
                .iter()
                .map(|i| InscriptionDuLot { id: i.id, etat: i.etat.code() })
                .collect(),
            ecartees: lot
                .ecartees
                .iter()
                .map(|(i, ecart)| InscriptionEcartee { id: i.id, raison: ecart.phrase() })
                .collect(),
            inconnues: ids.iter().copied().filter(|id| !connues.contains(id)).collect(),
            sans_courriel: muettes.unwrap_or_else(sans_adresse),
            exonere_cents: (quoi == DeLot::Exonerer).then(|| lot.faites.iter().map(|i| i.solde.0).sum()),
        };
        Ok((StatusCode::OK, traite))
    })
    .await
}

/// Vérifier plusieurs inscriptions
///
/// Avec « essai », rien n’est fait : la réponse dit lesquelles le seraient. Ce qui est déjà payé, ou ne coûte rien, devient définitif.
#[utoipa::path(
    post,
    path = "/api/v1/iexam/inscriptions/lot/verification",
    tag = "Examens",
    request_body = LotATraiter,
    responses(
        (status = 200, description = "Le lot est traité, ou le serait.", body = LotTraite),
        (status = 409, description = "Il n’y en a plus autant qu’attendu."),
        (status = 422, description = "Aucune ne le permet, le choix est refusé, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn verification(e: Ecriture<(), LotATraiter>) -> Reponse {
    traiter(e, DeLot::Verifier).await
}

/// Renvoyer plusieurs inscriptions pour correction
///
/// Le même motif pour toutes, que chaque étudiant reçoit par courriel. Avec « essai », rien n’est fait.
#[utoipa::path(
    post,
    path = "/api/v1/iexam/inscriptions/lot/renvoi",
    tag = "Examens",
    request_body = LotATraiter,
    responses(
        (status = 200, description = "Le lot est traité, ou le serait.", body = LotTraite),
        (status = 409, description = "Il n’y en a plus autant qu’attendu."),
        (status = 422, description = "Aucune ne le permet, le motif manque, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn renvoi(e: Ecriture<(), LotATraiter>) -> Reponse {
    traiter(e, DeLot::Renvoyer).await
}

/// Annuler plusieurs inscriptions
///
/// Places rendues, sommes dues reprises, le même motif envoyé à chaque étudiant. Avec « essai », rien n’est fait.
#[utoipa::path(
    post,
    path = "/api/v1/iexam/inscriptions/lot/annulation",
    tag = "Examens",
    request_body = LotATraiter,
    responses(
        (status = 200, description = "Le lot est traité, ou le serait.", body = LotTraite),
        (status = 409, description = "Il n’y en a plus autant qu’attendu."),
        (status = 422, description = "Aucune ne le permet, le motif manque, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn annulation(e: Ecriture<(), LotATraiter>) -> Reponse {
    traiter(e, DeLot::Annuler).await
}

/// Relancer plusieurs étudiants
///
/// Un courriel rappelle à chacun qu’il n’a pas fini. Avec « essai », rien n’est envoyé.
#[utoipa::path(
    post,
    path = "/api/v1/iexam/inscriptions/lot/relance",
    tag = "Examens",
    request_body = LotATraiter,
    responses(
        (status = 200, description = "Les courriels vont partir, ou partiraient.", body = LotTraite),
        (status = 409, description = "Il n’y en a plus autant qu’attendu."),
        (status = 422, description = "Aucun n’a quelque chose à finir, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn relance(e: Ecriture<(), LotATraiter>) -> Reponse {
    traiter(e, DeLot::Relancer).await
}

/// Exonérer plusieurs inscriptions de tout ce qui reste à payer
///
/// Le même motif pour toutes, gardé dans chaque compte. Avec « essai », rien n’est écrit.
#[utoipa::path(
    post,
    path = "/api/v1/iexam/inscriptions/lot/exoneration",
    tag = "Paiements des examens",
    request_body = LotATraiter,
    responses(
        (status = 200, description = "Le lot est exonéré, ou le serait.", body = LotTraite),
        (status = 409, description = "Il n’y en a plus autant qu’attendu."),
        (status = 422, description = "Aucune n’a rien à payer, le motif manque, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn exoneration(e: Ecriture<(), LotATraiter>) -> Reponse {
    traiter(e, DeLot::Exonerer).await
}
