//! Parcels of papers and copies, to a centre and back.

use ::web::Vu;
use db::Tx;
use kernel::{Actor, date_francaise};
use serde_json::{Value, json};

use super::centre_regler::{centre, journaliser};
use super::periode_dater::connue;
use super::regler_fault::{Refus, ReglageFault, sans_refus};
use crate::Iexam;
use crate::domain::centre::Colis;
use crate::domain::sceau::Geste;
use crate::store::accord::{colis_du_centre, colis_write};
use crate::store::periode::periode_read;

fn dit(x: &Colis) -> Value {
    json!({
        "sens": x.sens.code(), "transporteur": x.transporteur, "suivi": x.suivi, "copies": x.copies, "expedie_le": x.expedie_le,
        "recu_le": x.recu_le, "copies_recues": x.copies_recues, "note": x.note,
    })
}

/// What the form was filled on.
#[must_use]
pub fn colis_vu(x: &Colis) -> Vu {
    Vu::of([dit(x).to_string()])
}

/// Writes a parcel of a centre, or adds it when its row is 0; gives its row.
///
/// # Errors
/// [`ReglageFault`].
pub async fn colis_suivre(
    iexam: &Iexam,
    code: &str,
    x: &Colis,
    vu: Option<&str>,
    acteur: &Actor,
) -> Result<i64, ReglageFault> {
    let mut refus = Vec::new();
    if x.transporteur.trim().is_empty() {
        refus.push(Refus::new(
            "transporteur",
            "Dites qui porte le colis\u{a0}: Chronopost, la valise diplomatique…",
        ));
    }
    if !(0..=100_000).contains(&x.copies) {
        refus.push(Refus::new("copies", "Le nombre de copies envoyées est de 0 à 100 000."));
    }
    if x.copies_recues.is_some_and(|n| !(0..=100_000).contains(&n)) {
        refus.push(Refus::new("copies_recues", "Le nombre de copies reçues est de 0 à 100 000."));
    }
    if x.copies_recues.is_some() != x.recu_le.is_some() {
        refus.push(Refus::new(
            "recu_le",
            "Un colis reçu a un jour de réception et un nombre de copies\u{a0}: donnez les deux, ou aucun.",
        ));
    }
    if let (Some(parti), Some(arrive)) = (x.expedie_le, x.recu_le)
        && arrive < parti
    {
        let phrase = format!(
            "Le colis est reçu le {}, avant de partir le {}.",
            date_francaise(arrive),
            date_francaise(parti)
        );
        refus.push(Refus::new("recu_le", phrase));
    }
    if [&x.transporteur, &x.suivi].iter().any(|t| t.chars().count() > 80) || x.note.chars().count() > 500 {
        refus.push(Refus::new(
            "note",
            "Le transporteur et le suivi tiennent en 80 caractères, la note en 500.",
        ));
    }
    sans_refus(refus)?;
    let net = |t: &str| t.trim().to_owned();
    let x =
        Colis { transporteur: net(&x.transporteur), suivi: net(&x.suivi), note: net(&x.note), ..x.clone() };
    let (x, quand) = (&x, iexam.clock.now());
    let ecrire = |tx: Tx| async move {
        let c = centre(&*tx, code).await?;
        let p = connue(periode_read(&*tx, x.periode).await?, x.periode)?;
        p.permet(Geste::Colis)?;
        let x = Colis { centre: c.id, ..x.clone() };
        let tenu = colis_du_centre(&*tx, c.id).await?.into_iter().find(|t| t.id == x.id);
        if x.id != 0 {
            let Some(tenu) = &tenu else { return Err(ReglageFault::Inconnu("Le colis", x.id.to_string())) };
            if vu.is_some_and(|vu| !colis_vu(tenu).is(vu)) {
                return Err(ReglageFault::Change("Le colis"));
            }
            if *tenu == x {
                return Ok(x.id);
            }
            // It may be moved from one period to another: the one it leaves is looked at as well.
            connue(periode_read(&*tx, tenu.periode).await?, tenu.periode)?.permet(Geste::Colis)?;
        }
        let id = colis_write(&*tx, &x).await?;
        let nommer = |mut v: Value| {
            if let Some(champs) = v.as_object_mut() {
                champs.insert("periode".into(), p.nom().into());
            }
            v
        };
        let action = if x.id == 0 { "centre_examen.expedier" } else { "centre_examen.suivre_colis" };
        let (avant, apres) = (tenu.as_ref().map(dit).map(nommer), Some(nommer(dit(&x))));
        journaliser(&*tx, (action, c.id), avant, apres, quand, acteur).await?;
        Ok(id)
    };
    iexam.db.write(ecrire).await
}
