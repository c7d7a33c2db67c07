//! Registrations cancelled with a reason, and restored while places remain.

use std::collections::BTreeMap;

use db::Tx;
use kernel::Actor;

use super::courrier::{annulee, ecrire_a, ecrire_au_lot, retablie};
use super::lot::{self, Lot, journal_etats, prendre};
use super::recompter::recompter;
use super::registre_fault::RegistreFault;
use crate::Iexam;
use crate::domain::inscription::EtatInscription;
use crate::domain::registre::{Ecart, Verbe};
use crate::store::demande::demandes_clore;
use crate::store::etat::sans_salle_recompute;
use crate::store::inscription::Inscription;
use crate::store::place::{Plein, place_prendre, places_rendre};
use crate::store::registre::registre_etat;

/// Cancels: places are given back, what was due is taken back (what was paid is then to refund), what was asked is closed.
///
/// # Errors
/// [`RegistreFault`]; nothing is then written.
pub async fn annuler(
    iexam: &Iexam,
    ids: &[i64],
    motif: &str,
    vu: Option<&str>,
    acteur: &Actor,
) -> Result<(Lot, usize), RegistreFault> {
    let quand = iexam.clock.now();
    let motif = &lot::motif(motif)?;
    let vers = EtatInscription::Annulee;
    iexam
        .db
        .write(|tx: Tx| async move {
            let lot = prendre(&*tx, Verbe::Annuler, ids, vu).await?;
            let choisies = lot.ids();
            // In one order for everybody, so that two clerks never wait for each other.
            let mut places: BTreeMap<(i64, Option<i64>, Option<i64>), i64> = BTreeMap::new();
            for i in lot.faites.iter().filter(|i| i.tient_place) {
                *places.entry((i.periode, i.modalite, i.centre)).or_default() += 1;
            }
            for ((periode, modalite, centre), nombre) in places {
                places_rendre(&*tx, periode, modalite, centre, nombre).await?;
            }
            registre_etat(&*tx, &choisies, vers, motif, quand).await?;
            demandes_clore(&*tx, &choisies, "L’inscription est annulée.", quand, acteur).await?;
            let action = "inscription_examen.annuler";
            journal_etats(&*tx, &lot, action, (|_: &_| vers, motif), quand, acteur).await?;
            recompter(&*tx, &choisies, quand, acteur).await?;
            let lettre = |periode: &_| annulee(periode, motif);
            let muettes = ecrire_au_lot(&*tx, &lot, lettre, &iexam.publique, quand).await?;
            Ok((lot, muettes))
        })
        .await
}

/// Where a cancelled registration comes back to: to be verified when it had been validated, a draft otherwise.
#[must_use]
pub fn etat_retabli(i: &Inscription) -> EtatInscription {
    if i.validee_le.is_some() { EtatInscription::Validee } else { EtatInscription::Brouillon }
}

/// Restores a cancelled registration, if its modality and centre still have a place.
///
/// # Errors
/// [`RegistreFault`]; nothing is then written.
pub async fn retablir(
    iexam: &Iexam,
    id: i64,
    vu: Option<&str>,
    acteur: &Actor,
) -> Result<Inscription, RegistreFault> {
    let quand = iexam.clock.now();
    iexam
        .db
        .write(|tx: Tx| async move {
            let lot = prendre(&*tx, Verbe::Retablir, &[id], vu).await?;
            let i = lot.faites.first().ok_or(RegistreFault::Inconnue(id))?;
            let vers = etat_retabli(i);
            // Who sits nothing has no modality, and takes no place.
            if vers.tient_place() {
                match place_prendre(&*tx, i.periode, i.modalite, i.centre).await? {
                    Ok(()) => {}
                    Err(Plein::Modalite) => return Err(RegistreFault::Ecart(Ecart::ModalitePleine)),
                    Err(Plein::Centre) => return Err(RegistreFault::Ecart(Ecart::CentrePlein)),
                }
            }
            registre_etat(&*tx, &[id], vers, "", quand).await?;
            let action = "inscription_examen.retablir";
            journal_etats(&*tx, &lot, action, (|_: &_| vers, ""), quand, acteur).await?;
            recompter(&*tx, &[id], quand, acteur).await?;
            sans_salle_recompute(&*tx, i.periode, Some(&[id])).await?;
            if let Some(periode) = lot.periodes.get(&i.periode).filter(|_| vers.tient_place()) {
                ecrire_a(&*tx, &[(i, periode, retablie(periode))], &iexam.publique, quand).await?;
            }
            Ok(i.clone())
        })
        .await
}
