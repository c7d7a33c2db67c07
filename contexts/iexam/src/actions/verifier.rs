//! The registry has checked registrations, or takes that back.

use db::Tx;
use kernel::Actor;

use super::courrier::annoncer;
use super::lot::{Lot, journal_etats, prendre};
use super::recompter::recompter;
use super::registre_fault::RegistreFault;
use crate::Iexam;
use crate::domain::inscription::EtatInscription;
use crate::domain::registre::Verbe;
use crate::store::registre::registre_etat;

/// Accepts: what is paid in full, or costs nothing, becomes final at once. `vu` holds one registration to what the form showed.
///
/// # Errors
/// [`RegistreFault`]; nothing is then written.
pub async fn verifier(
    iexam: &Iexam,
    ids: &[i64],
    vu: Option<&str>,
    acteur: &Actor,
) -> Result<Lot, RegistreFault> {
    passer(iexam, ids, vu, acteur, Verbe::Verifier, EtatInscription::Verifiee, "inscription_examen.verifier")
        .await
}

/// Takes verification back: they are to be verified again.
///
/// # Errors
/// [`RegistreFault`]; nothing is then written.
pub async fn reprendre(
    iexam: &Iexam,
    ids: &[i64],
    vu: Option<&str>,
    acteur: &Actor,
) -> Result<Lot, RegistreFault> {
    passer(iexam, ids, vu, acteur, Verbe::Reprendre, EtatInscription::Validee, "inscription_examen.reprendre")
        .await
}

async fn passer(
    iexam: &Iexam,
    ids: &[i64],
    vu: Option<&str>,
    acteur: &Actor,
    verbe: Verbe,
    vers: EtatInscription,
    action: &'static str,
) -> Result<Lot, RegistreFault> {
    let quand = iexam.clock.now();
    iexam
        .db
        .write(|tx: Tx| async move {
            let lot = prendre(&*tx, verbe, ids, vu).await?;
            let choisies = lot.ids();
            registre_etat(&*tx, &choisies, vers, "", quand).await?;
            journal_etats(&*tx, &lot, action, (|_: &_| vers, ""), quand, acteur).await?;
            recompter(&*tx, &choisies, quand, acteur).await?;
            annoncer(&*tx, &lot.faites, &lot.periodes, &iexam.publique, quand).await?;
            Ok(lot)
        })
        .await
}
