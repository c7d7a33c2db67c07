//! The modalities of a period are made public, which the law dates; or are no longer, while the period is being prepared.

use db::{Tx, journal};
use kernel::Actor;
use serde_json::json;

use super::periode_dater::connue;
use super::regler_fault::ReglageFault;
use crate::Iexam;
use crate::domain::periode::EtatPeriode;
use crate::domain::sceau::Geste;
use crate::store::constat::constat_read;
use crate::store::periode::periode_read;
use crate::store::periode_ecrite::{periode_lock, publication_write};

/// Stamps the publication of modalities (`publier`), or takes it away.
///
/// # Errors
/// [`ReglageFault`].
pub async fn publier(iexam: &Iexam, id: i64, publier: bool, acteur: &Actor) -> Result<(), ReglageFault> {
    let quand = iexam.clock.now();
    let ecrire = |tx: Tx| async move {
        periode_lock(&*tx, id).await?;
        let p = connue(periode_read(&*tx, id).await?, id)?;
        p.permet(Geste::Reglage)?;
        if publier == p.modalites_publiees_le.is_some() {
            return Ok(());
        }
        if publier {
            let c = constat_read(&*tx, &p).await?;
            if c.offertes.is_empty() || !c.sans_tarif.is_empty() {
                return Err(ReglageFault::empeche(
                    "Pour être publiées, les modalités doivent être offertes dans la période et avoir chacune un tarif à son premier jour.",
                ));
            }
        } else if p.etat > EtatPeriode::Preparation {
            return Err(ReglageFault::empeche(
                "Les inscriptions ont été ouvertes sur ces modalités\u{a0}: leur publication ne se retire plus.",
            ));
        }
        publication_write(&*tx, id, publier.then_some(quand)).await?;
        journal::write(
            &*tx,
            journal::Entry {
                quand,
                acteur,
                action: if publier { "periode_examen.publier" } else { "periode_examen.depublier" },
                objet: "periode_examen",
                cle: &id.to_string(),
                avant: Some(json!({ "modalites_publiees_le": p.modalites_publiees_le })),
                apres: Some(json!({ "modalites_publiees_le": publier.then_some(quand) })),
            },
        )
        .await?;
        Ok(())
    };
    iexam.db.write(ecrire).await
}
