//! What a modality costs from a day on. A tariff that a confirmed registration was counted with is never touched.

use chrono::NaiveDate;
use db::sea_orm::ConnectionTrait;
use db::{DbError, Tx};
use kernel::{Actor, Cents, date_francaise};
use serde_json::{Value, json};

use super::modalite_regler::journaliser;
use super::regler_fault::{Refus, ReglageFault, sans_refus};
use crate::Iexam;
use crate::domain::modalite::{Modalite, Tarif};
use crate::store::calcul::tarif_list;
use crate::store::modalite::{modalite_par_code, tarif_add, tarif_inscriptions, tarif_remove};

/// Most cents of a fixed part or of an hour: what is beyond is a slip of the fingers.
const MAX: Cents = Cents(200_000);

fn dit(t: &Tarif) -> Value {
    json!({
        "valide_du": t.valide_du, "fixe_cents": t.fixe.0, "horaire_cents": t.horaire.0, "majoration_facturee": t.majoration_facturee,
    })
}

async fn modalite<C: ConnectionTrait>(conn: &C, code: &str) -> Result<Modalite, ReglageFault> {
    let m = modalite_par_code(conn, code).await?;
    m.ok_or_else(|| ReglageFault::Inconnu("La modalité", code.to_owned()))
}

/// Nobody who has confirmed may see what they owe move because a tariff was added or withdrawn.
async fn libre<C: ConnectionTrait>(conn: &C, modalite: i64, du: NaiveDate) -> Result<(), ReglageFault> {
    match tarif_inscriptions(conn, modalite, du).await? {
        0 => Ok(()),
        n => {
            let qui = if n > 1 {
                format!("{n} inscriptions validées comptent")
            } else {
                "Une inscription validée compte".to_owned()
            };
            Err(ReglageFault::saisie(
                "valide_du",
                format!(
                    "{qui} sur le tarif en vigueur après le {}\u{a0}: il ne change plus. Choisissez un premier jour postérieur à ces périodes.",
                    date_francaise(du)
                ),
            ))
        }
    }
}

/// Adds a tariff that starts on a day.
///
/// # Errors
/// [`ReglageFault`].
pub async fn tarifer(iexam: &Iexam, code: &str, t: &Tarif, acteur: &Actor) -> Result<(), ReglageFault> {
    let quand = iexam.clock.now();
    let mut refus = Vec::new();
    for (champ, montant) in [("fixe", t.fixe), ("horaire", t.horaire)] {
        if montant < Cents::ZERO || montant > MAX {
            refus
                .push(Refus::new(champ, format!("Le montant va de {} à {MAX}, pas {montant}.", Cents::ZERO)));
        }
    }
    sans_refus(refus)?;
    let ecrire = |tx: Tx| async move {
        let m = modalite(&*tx, code).await?;
        libre(&*tx, m.id, t.valide_du).await?;
        match tarif_add(&*tx, m.id, t).await {
            Err(DbError::Unique(_)) => {
                return Err(ReglageFault::saisie(
                    "valide_du",
                    format!(
                        "Un tarif commence déjà le {}\u{a0}: retirez-le d’abord, s’il ne sert à personne.",
                        date_francaise(t.valide_du)
                    ),
                ));
            }
            fait => fait?,
        }
        journaliser(&*tx, ("modalite_examen.tarifer", m.id), None, Some(dit(t)), quand, acteur).await
    };
    iexam.db.write(ecrire).await
}

/// Withdraws a tariff that nobody was counted with.
///
/// # Errors
/// [`ReglageFault`].
pub async fn retirer(iexam: &Iexam, code: &str, du: NaiveDate, acteur: &Actor) -> Result<(), ReglageFault> {
    let quand = iexam.clock.now();
    let ecrire = |tx: Tx| async move {
        let m = modalite(&*tx, code).await?;
        let tarifs = tarif_list(&*tx).await?;
        let tenu = tarifs.get(&m.id).and_then(|t| t.iter().find(|t| t.valide_du == du)).copied();
        let tenu = tenu.ok_or_else(|| ReglageFault::Inconnu("Le tarif du", date_francaise(du)))?;
        libre(&*tx, m.id, du).await?;
        tarif_remove(&*tx, m.id, du).await?;
        journaliser(&*tx, ("modalite_examen.retirer_tarif", m.id), Some(dit(&tenu)), None, quand, acteur)
            .await
    };
    iexam.db.write(ecrire).await
}
