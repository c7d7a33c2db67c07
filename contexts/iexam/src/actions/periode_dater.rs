//! The dates and the label of a period are set.

use ::web::Vu;
use db::{Tx, journal};
use kernel::Actor;
use serde_json::{Value, json};

use super::recompter::recompter;
use super::regler_fault::{Refus, ReglageFault};
use crate::Iexam;
use crate::domain::periode::Periode;
use crate::domain::periode_dates::Dates;
use crate::domain::sceau::Geste;
use crate::store::periode::periode_read;
use crate::store::periode_ecrite::{inscriptions_de_periode, periode_dates_write, periode_lock};

/// As the journal keeps dates.
#[must_use]
pub fn dates_json(libelle: &str, d: &Dates) -> Value {
    json!({
        "libelle": libelle,
        "enseignement_debut": d.enseignement_debut,
        "inscriptions_debut": d.inscriptions_debut,
        "inscriptions_fin": d.inscriptions_fin,
        "verification_fin": d.verification_fin,
        "convocations_le": d.convocations_le,
        "epreuves_debut": d.epreuves_debut,
        "epreuves_fin": d.epreuves_fin,
        "fermeture_le": d.fermeture_le,
        "ecart_min": d.ecart_min,
    })
}

/// What the form of the dates was filled on.
#[must_use]
pub fn dates_vu(p: &Periode) -> Vu {
    Vu::of([dates_json(&p.libelle, &Dates::de(p)).to_string()])
}

/// The period of that row.
pub(crate) fn connue(p: Option<Periode>, id: i64) -> Result<Periode, ReglageFault> {
    p.ok_or_else(|| ReglageFault::Inconnu("La période", id.to_string()))
}

/// Sets the dates. The first day of exams decides the tariff: accounts are counted again when it moves.
///
/// # Errors
/// [`ReglageFault`].
pub async fn dater(
    iexam: &Iexam,
    id: i64,
    libelle: &str,
    dates: &Dates,
    vu: Option<&str>,
    acteur: &Actor,
) -> Result<(), ReglageFault> {
    let quand = iexam.clock.now();
    let libelle = libelle.trim();
    let ecrire = |tx: Tx| async move {
        periode_lock(&*tx, id).await?;
        let p = connue(periode_read(&*tx, id).await?, id)?;
        if vu.is_some_and(|vu| !dates_vu(&p).is(vu)) {
            return Err(ReglageFault::Change("La période"));
        }
        p.permet(Geste::Reglage)?;
        let mut refus: Vec<Refus> =
            dates.fautes().into_iter().map(|f| Refus::new(f.champ, f.phrase)).collect();
        if libelle.is_empty() || libelle.chars().count() > 120 {
            refus.push(Refus::new("libelle", "Donnez un libellé, de 120 caractères au plus."));
        }
        super::regler_fault::sans_refus(refus)?;
        let (avant, apres) = (dates_json(&p.libelle, &Dates::de(&p)), dates_json(libelle, dates));
        if avant == apres {
            return Ok(());
        }
        periode_dates_write(&*tx, id, libelle, dates).await?;
        journal::write(
            &*tx,
            journal::Entry {
                quand,
                acteur,
                action: "periode_examen.dater",
                objet: "periode_examen",
                cle: &id.to_string(),
                avant: Some(avant),
                apres: Some(apres),
            },
        )
        .await?;
        if dates.epreuves_debut != p.epreuves_debut {
            let toutes = inscriptions_de_periode(&*tx, id).await?;
            recompter(&*tx, &toutes, quand, acteur).await?;
        }
        Ok(())
    };
    iexam.db.write(ecrire).await
}
