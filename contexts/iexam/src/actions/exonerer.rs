//! What somebody is not asked to pay, with a reason.

use db::Tx;
use kernel::{Actor, Cents};

use super::caisse_fault::CaisseFault;
use super::lot::{self, Lot, trier};
use super::tenir::{Ecrite, Ligne, Saisie, deja, ecrire, ecrire_lot, tenue, verifier_vue};
use crate::Iexam;
use crate::domain::ecriture::Nature;
use crate::domain::registre::Verbe;
use crate::store::caisse::caisse_lock;
use crate::store::inscription::Inscription;
use crate::store::registre::registre_lock;

/// Exempts one registration of an amount, at most what is left to pay.
///
/// # Errors
/// [`CaisseFault`]; nothing is then written.
pub async fn exonerer(
    iexam: &Iexam,
    saisie: Saisie<'_>,
    motif: &str,
    acteur: &Actor,
) -> Result<Ecrite, CaisseFault> {
    if saisie.montant.0 <= 0 {
        return Err(CaisseFault::NonPositif);
    }
    let libelle = &format!("Exonération : {}", lot::motif(motif).map_err(|_| CaisseFault::Motif)?);
    let quand = iexam.clock.now();
    iexam
        .db
        .write(|tx: Tx| async move {
            let i = tenue(&tx, saisie.inscription).await?;
            if let Some(ecrite) = deja(&tx, saisie.cle).await? {
                return Ok(ecrite);
            }
            verifier_vue(&i, saisie.vu)?;
            if saisie.montant > i.solde {
                return Err(CaisseFault::ExonerationTropForte { reste: i.solde });
            }
            let ligne = ligne(saisie.montant, libelle, saisie.cle);
            ecrire(iexam, &tx, &i, &ligne, quand, acteur).await
        })
        .await
}

fn ligne<'a>(montant: Cents, libelle: &'a str, cle: Option<&'a str>) -> Ligne<'a> {
    Ligne {
        nature: Nature::Exoneration,
        moyen: None,
        montant: Nature::Exoneration.signe(montant),
        libelle,
        reference: "",
        corrige: None,
        cle,
        action: "paiement_examen.exonerer",
    }
}

/// Exempts several registrations of all that is left to pay, for one reason.
///
/// # Errors
/// [`CaisseFault`]; nothing is then written.
pub async fn exonerer_tout(
    iexam: &Iexam,
    ids: &[i64],
    motif: &str,
    acteur: &Actor,
) -> Result<Lot, CaisseFault> {
    let libelle = &format!("Exonération : {}", lot::motif(motif).map_err(|_| CaisseFault::Motif)?);
    let quand = iexam.clock.now();
    iexam
        .db
        .write(|tx: Tx| async move {
            caisse_lock(&*tx).await?;
            registre_lock(&*tx, ids).await?;
            let lot = trier(&*tx, Verbe::Exonerer, ids).await?;
            let tout = |i: &Inscription| ligne(i.solde, libelle, None);
            ecrire_lot(iexam, &tx, &lot, tout, quand, acteur).await?;
            Ok(lot)
        })
        .await
}
