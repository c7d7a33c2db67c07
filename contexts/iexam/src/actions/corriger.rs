//! A row of the ledger taken back by its opposite, which names it. Once.

use db::Tx;
use kernel::Actor;

use super::caisse_fault::CaisseFault;
use super::lot;
use super::tenir::{Ecrite, Ligne, deja, ecrire, tenue};
use crate::Iexam;
use crate::domain::cloture::Ecriture;
use crate::domain::ecriture::{Moyen, Nature};
use crate::store::caisse::{ecriture_corrigee, ecriture_read};

/// Why a row cannot be taken back, its being corrected already aside.
#[must_use]
pub fn incorrigible(e: &Ecriture) -> Option<&'static str> {
    if e.nature == Nature::Du {
        Some("ce qui est dû suit l’inscription")
    } else if e.corrige.is_some() {
        Some("c’est déjà une correction")
    } else if e.moyen == Some(Moyen::EnLigne) && e.nature == Nature::Paiement {
        Some("la banque l’a débitée ; elle se rembourse")
    } else {
        None
    }
}

/// Takes a row back with a reason. The opposite counts for today, or the first day still open, whatever the day of the row.
///
/// # Errors
/// [`CaisseFault`]; nothing is then written.
pub async fn corriger(
    iexam: &Iexam,
    inscription: i64,
    ecriture: i64,
    motif: &str,
    cle: Option<&str>,
    acteur: &Actor,
) -> Result<Ecrite, CaisseFault> {
    let motif = &lot::motif(motif).map_err(|_| CaisseFault::Motif)?;
    let quand = iexam.clock.now();
    iexam
        .db
        .write(|tx: Tx| async move {
            let i = tenue(&tx, inscription).await?;
            if let Some(ecrite) = deja(&tx, cle).await? {
                return Ok(ecrite);
            }
            let e = ecriture_read(&*tx, ecriture).await?.filter(|e| e.inscription == inscription);
            let e = e.ok_or(CaisseFault::Ecriture(ecriture))?;
            if let Some(pourquoi) = incorrigible(&e) {
                return Err(CaisseFault::Incorrigible(pourquoi));
            }
            if ecriture_corrigee(&*tx, e.id).await? {
                return Err(CaisseFault::DejaCorrigee(e.id));
            }
            let libelle = format!("Annule l’écriture n° {} : {motif}", e.id);
            let ligne = Ligne {
                nature: e.nature,
                moyen: e.moyen,
                montant: -e.montant,
                libelle: &libelle,
                reference: &e.reference,
                corrige: Some(e.id),
                cle,
                action: "paiement_examen.corriger",
            };
            ecrire(iexam, &tx, &i, &ligne, quand, acteur).await
        })
        .await
}
