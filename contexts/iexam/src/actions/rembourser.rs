//! Money that goes back.

use db::Tx;
use kernel::{Actor, Cents};

use super::caisse_fault::CaisseFault;
use super::tenir::{Ecrite, Ligne, Saisie, deja, ecrire, tenue, verifier_vue};
use crate::Iexam;
use crate::domain::cloture::Ecriture;
use crate::domain::ecriture::{Moyen, Nature};
use crate::store::caisse::ecriture_list;

/// What was paid in all, less what was given back.
#[must_use]
pub fn paye(ecritures: &[Ecriture]) -> Cents {
    ecritures.iter().map(Ecriture::mouvement).sum()
}

/// Writes a refund: never more than what was overpaid, unless `au_dela` says that it is on purpose; never more than what was paid.
///
/// # Errors
/// [`CaisseFault`]; nothing is then written.
pub async fn rembourser(
    iexam: &Iexam,
    saisie: Saisie<'_>,
    moyen: Moyen,
    reference: &str,
    au_dela: bool,
    acteur: &Actor,
) -> Result<Ecrite, CaisseFault> {
    if saisie.montant.0 <= 0 {
        return Err(CaisseFault::NonPositif);
    }
    let quand = iexam.clock.now();
    iexam
        .db
        .write(|tx: Tx| async move {
            let i = tenue(&tx, saisie.inscription).await?;
            if let Some(ecrite) = deja(&tx, saisie.cle).await? {
                return Ok(ecrite);
            }
            verifier_vue(&i, saisie.vu)?;
            let trop = Cents((-i.solde.0).max(0));
            let paye = paye(&ecriture_list(&*tx, i.id).await?);
            if saisie.montant > paye {
                return Err(CaisseFault::PlusQuePaye { paye });
            }
            if saisie.montant > trop && !au_dela {
                return Err(CaisseFault::PlusQueTropPercu { trop });
            }
            let libelle = format!("Remboursement, {}", moyen.libelle().to_lowercase());
            let ligne = Ligne {
                nature: Nature::Remboursement,
                moyen: Some(moyen),
                montant: Nature::Remboursement.signe(saisie.montant),
                libelle: &libelle,
                reference: reference.trim(),
                corrige: None,
                cle: saisie.cle,
                action: "paiement_examen.rembourser",
            };
            ecrire(iexam, &tx, &i, &ligne, quand, acteur).await
        })
        .await
}
