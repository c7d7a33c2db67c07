//! The registry decides of a change asked after validation.

use db::{Tx, journal};
use kernel::Actor;
use serde_json::{Value, json};

use super::courrier::{acceptee, ecrire_a, refusee};
use super::lot::{self, Lot, prendre};
use super::recompter::recompter;
use super::registre_fault::RegistreFault;
use crate::Iexam;
use crate::domain::demande::{EtatDemande, Voulu};
use crate::domain::inscription::Decision;
use crate::domain::registre::{Ecart, Verbe};
use crate::store::demande::{Demande, demande_repondre, demandes_de, voulu_appliquer};
use crate::store::etat::sans_salle_recompute;
use crate::store::inscription::{Inscription, choix_list};
use crate::store::place::{Plein, place_prendre, place_rendre};
use crate::store::voulu::examiner;

/// Which request of which registration, and the answer.
#[derive(Clone, Copy, Debug)]
pub struct Decide<'a> {
    /// Registration.
    pub inscription: i64,
    /// Request.
    pub demande: i64,
    /// What the student reads: required to refuse.
    pub reponse: &'a str,
    /// What the form showed of the registration.
    pub vu: Option<&'a str>,
}

async fn tenir(tx: &Tx, d: Decide<'_>) -> Result<(Lot, Inscription, Demande), RegistreFault> {
    let lot = prendre(&**tx, Verbe::Trancher, &[d.inscription], d.vu).await?;
    let i = lot.faites.first().cloned().ok_or(RegistreFault::Inconnue(d.inscription))?;
    let demandes = demandes_de(&**tx, i.id).await?;
    let demande = demandes.into_iter().find(|q| q.id == d.demande && q.etat == EtatDemande::EnAttente);
    Ok((lot, i, demande.ok_or(RegistreFault::Demande(d.demande))?))
}

/// As the journal keeps it.
fn dit(voulu: &Voulu, revision: i64) -> Value {
    let nombre = |d: Decision| voulu.choix.values().filter(|c| **c == d).count();
    json!({
        "modalite": voulu.modalite, "centre": voulu.centre, "revision": revision,
        "passees": nombre(Decision::Passe), "reportees": nombre(Decision::Report), "choix": voulu.choix,
    })
}

/// Accepts: choices, modality, centre, places and account are those of the request.
///
/// # Errors
/// [`RegistreFault`]; nothing is then written.
pub async fn accepter(iexam: &Iexam, d: Decide<'_>, acteur: &Actor) -> Result<Inscription, RegistreFault> {
    let quand = iexam.clock.now();
    let reponse: &String = &d.reponse.split_whitespace().collect::<Vec<_>>().join(" ");
    iexam
        .db
        .write(|tx: Tx| async move {
            let (lot, i, demande) = tenir(&tx, d).await?;
            let periode = lot.periodes.get(&i.periode).ok_or(RegistreFault::Inconnue(i.id))?;
            let examine = examiner(&*tx, &i, periode.epreuves_debut, &demande.voulu).await?;
            if let Some(pourquoi) = examine.empechement {
                return Err(RegistreFault::Voulu(pourquoi));
            }
            let voulu = &demande.voulu;
            let tenu = Voulu {
                modalite: i.modalite,
                centre: i.centre,
                choix: choix_list(&*tx, i.id).await?.into_iter().collect(),
            };
            if i.tient_place && (i.modalite, i.centre) != (voulu.modalite, voulu.centre) {
                place_rendre(&*tx, i.periode, i.modalite, i.centre).await?;
                match place_prendre(&*tx, i.periode, voulu.modalite, voulu.centre).await? {
                    Ok(()) => {}
                    Err(Plein::Modalite) => return Err(RegistreFault::Ecart(Ecart::ModalitePleine)),
                    Err(Plein::Centre) => return Err(RegistreFault::Ecart(Ecart::CentrePlein)),
                }
            }
            voulu_appliquer(&*tx, i.id, voulu, quand).await?;
            demande_repondre(&*tx, &demande, EtatDemande::Acceptee, reponse, quand, acteur).await?;
            let cle = i.id.to_string();
            let ligne = journal::Entry {
                quand,
                acteur,
                action: "inscription_examen.accepter",
                objet: "inscription_examen",
                cle: &cle,
                avant: Some(dit(&tenu, i.revision)),
                apres: Some(dit(voulu, i.revision + 1)),
            };
            journal::write(&*tx, ligne).await?;
            recompter(&*tx, &[i.id], quand, acteur).await?;
            sans_salle_recompute(&*tx, i.periode, Some(&[i.id])).await?;
            ecrire_a(&*tx, &[(&i, periode, acceptee(periode, reponse))], &iexam.publique, quand).await?;
            Ok(i)
        })
        .await
}

/// Refuses, with a reason: the registration stays as it is.
///
/// # Errors
/// [`RegistreFault`]; nothing is then written.
pub async fn refuser(iexam: &Iexam, d: Decide<'_>, acteur: &Actor) -> Result<Inscription, RegistreFault> {
    let quand = iexam.clock.now();
    let motif = &lot::motif(d.reponse)?;
    iexam
        .db
        .write(|tx: Tx| async move {
            let (lot, i, demande) = tenir(&tx, d).await?;
            demande_repondre(&*tx, &demande, EtatDemande::Refusee, motif, quand, acteur).await?;
            let cle = i.id.to_string();
            let ligne = journal::Entry {
                quand,
                acteur,
                action: "inscription_examen.refuser",
                objet: "inscription_examen",
                cle: &cle,
                avant: Some(json!({ "demande": EtatDemande::EnAttente.code() })),
                apres: Some(json!({ "demande": EtatDemande::Refusee.code(), "reponse": motif })),
            };
            journal::write(&*tx, ligne).await?;
            if let Some(periode) = lot.periodes.get(&i.periode) {
                ecrire_a(&*tx, &[(&i, periode, refusee(periode, motif))], &iexam.publique, quand).await?;
            }
            Ok(i)
        })
        .await
}
