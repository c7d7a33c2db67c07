//! Money that comes in at the desk or by post.

use db::Tx;
use kernel::Actor;

use super::caisse_fault::CaisseFault;
use super::tenir::{Ecrite, Ligne, Saisie, deja, ecrire, tenue, verifier_vue};
use crate::Iexam;
use crate::domain::ecriture::{Moyen, Nature};

/// Writes a payment. More than what is left to pay is taken only when `au_dela` says that it is on purpose.
///
/// # Errors
/// [`CaisseFault`]; nothing is then written.
pub async fn encaisser(
    iexam: &Iexam,
    saisie: Saisie<'_>,
    moyen: Moyen,
    reference: &str,
    au_dela: bool,
    acteur: &Actor,
) -> Result<Ecrite, CaisseFault> {
    let reference = reference.trim();
    if moyen == Moyen::EnLigne {
        return Err(CaisseFault::EnLigne);
    }
    if matches!(moyen, Moyen::Cheque | Moyen::Virement) && reference.is_empty() {
        return Err(CaisseFault::Reference);
    }
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
            if saisie.montant > i.solde && !au_dela {
                return Err(CaisseFault::AuDela { reste: i.solde });
            }
            let ligne = Ligne {
                nature: Nature::Paiement,
                moyen: Some(moyen),
                montant: Nature::Paiement.signe(saisie.montant),
                libelle: moyen.libelle(),
                reference,
                corrige: None,
                cle: saisie.cle,
                action: "paiement_examen.encaisser",
            };
            ecrire(iexam, &tx, &i, &ligne, quand, acteur).await
        })
        .await
}
