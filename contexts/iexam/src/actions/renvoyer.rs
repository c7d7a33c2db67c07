//! Registrations sent back to their students with a reason, or drafts that are remembered to them.

use db::{Tx, journal};
use kernel::Actor;
use serde_json::json;

use super::courrier::{ecrire_a, ecrire_au_lot, relance, renvoyee};
use super::lot::{self, Lot, journal_etats, prendre};
use super::recompter::recompter;
use super::registre_fault::RegistreFault;
use crate::Iexam;
use crate::domain::inscription::EtatInscription;
use crate::domain::registre::Verbe;
use crate::store::registre::registre_etat;

/// Sends back: the place is kept, the student corrects and validates again. Returns what was done, and how many could not be written to.
///
/// # Errors
/// [`RegistreFault`]; nothing is then written.
pub async fn renvoyer(
    iexam: &Iexam,
    ids: &[i64],
    motif: &str,
    vu: Option<&str>,
    acteur: &Actor,
) -> Result<(Lot, usize), RegistreFault> {
    let quand = iexam.clock.now();
    let motif = &lot::motif(motif)?;
    let vers = EtatInscription::ACorriger;
    iexam
        .db
        .write(|tx: Tx| async move {
            let lot = prendre(&*tx, Verbe::Renvoyer, ids, vu).await?;
            let choisies = lot.ids();
            registre_etat(&*tx, &choisies, vers, motif, quand).await?;
            let action = "inscription_examen.renvoyer";
            journal_etats(&*tx, &lot, action, (|_: &_| vers, motif), quand, acteur).await?;
            recompter(&*tx, &choisies, quand, acteur).await?;
            let lettre = |periode: &_| renvoyee(periode, motif);
            let muettes = ecrire_au_lot(&*tx, &lot, lettre, &iexam.publique, quand).await?;
            Ok((lot, muettes))
        })
        .await
}

/// Reminds students of what they have not finished. Nothing else changes.
///
/// # Errors
/// [`RegistreFault`]; nothing is then sent.
pub async fn relancer(iexam: &Iexam, ids: &[i64], acteur: &Actor) -> Result<(Lot, usize), RegistreFault> {
    let quand = iexam.clock.now();
    iexam
        .db
        .write(|tx: Tx| async move {
            let lot = prendre(&*tx, Verbe::Relancer, ids, None).await?;
            let lettres = lot.faites.iter().filter_map(|i| {
                let periode = lot.periodes.get(&i.periode)?;
                Some((i, periode, relance(periode, i.etat)))
            });
            let lettres: Vec<_> = lettres.collect();
            let ecrites = ecrire_a(&*tx, &lettres, &iexam.publique, quand).await?;
            let muettes = lot.faites.len() - ecrites.len();
            let cles: Vec<_> = ecrites.iter().map(ToString::to_string).collect();
            let lignes = cles.iter().map(|cle| journal::Entry {
                quand,
                acteur,
                action: "inscription_examen.relancer",
                objet: "inscription_examen",
                cle,
                avant: None,
                apres: Some(json!({ "relance": true })),
            });
            journal::write_all(&*tx, lignes).await?;
            Ok((lot, muettes))
        })
        .await
}
