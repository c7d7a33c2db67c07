//! A date of the law was missed: somebody says why, and signs.

use db::{DbError, Tx, journal};
use kernel::Actor;
use serde_json::json;

use super::periode_avancer::situation;
use super::periode_dater::connue;
use super::regler_fault::{Refus, ReglageFault, sans_refus};
use crate::Iexam;
use crate::domain::horloge::{Echeance, MOTIF_MIN};
use crate::domain::sceau::Geste;
use crate::store::periode::periode_read;
use crate::store::periode_ecrite::{
    Derogation, derogation_add, derogation_list, derogation_remove, periode_lock,
};

/// Most characters of a reason.
const MOTIF_MAX: usize = 2000;

/// Records a signed override. `signataire` is the name of the account.
///
/// # Errors
/// [`ReglageFault`]: a reason too short, no signature, a date that is not missed.
pub async fn deroger(
    iexam: &Iexam,
    id: i64,
    echeance: Echeance,
    motif: &str,
    (signe, signataire): (bool, &str),
    acteur: &Actor,
) -> Result<(), ReglageFault> {
    let motif = motif.trim();
    let mut refus = Vec::new();
    let longueur = motif.chars().count();
    if !(MOTIF_MIN..=MOTIF_MAX).contains(&longueur) {
        refus.push(Refus::new(
            "motif",
            format!("Dites pourquoi, en {MOTIF_MIN} caractères au moins et {MOTIF_MAX} au plus\u{a0}: il y en a {longueur}."),
        ));
    }
    if !signe {
        refus.push(Refus::new(
            "signe",
            format!("Cochez «\u{a0}Je signe\u{a0}» pour signer au nom de {signataire}."),
        ));
    }
    sans_refus(refus)?;
    let quand = iexam.clock.now();
    let p = iexam.db.read(|c| async move { periode_read(&c, id).await }).await?;
    let p = connue(p, id)?;
    p.permet(Geste::Reglage)?;
    let situation = situation(iexam, p).await?;
    if !situation.horloge.iter().any(|a| a.echeance == echeance && a.manquee()) {
        return Err(ReglageFault::empeche(format!(
            "L’échéance «\u{a0}{}\u{a0}» n’est pas dépassée, ou a déjà sa dérogation.",
            echeance.libelle()
        )));
    }
    let derogation =
        Derogation { echeance, motif: motif.to_owned(), signee_par: signataire.to_owned(), signee_le: quand };
    let derogation = &derogation;
    let ecrire = |tx: Tx| async move {
        periode_lock(&*tx, id).await?;
        connue(periode_read(&*tx, id).await?, id)?.permet(Geste::Reglage)?;
        match derogation_add(&*tx, id, derogation).await {
            Err(DbError::Unique(_)) => return Err(ReglageFault::Change("La dérogation")),
            fait => fait?,
        }
        journal::write(
            &*tx,
            journal::Entry {
                quand,
                acteur,
                action: "periode_examen.deroger",
                objet: "periode_examen",
                cle: &id.to_string(),
                avant: None,
                apres: Some(json!({
                    "echeance": echeance.code(), "motif": derogation.motif, "signee_par": derogation.signee_par,
                })),
            },
        )
        .await?;
        Ok(())
    };
    iexam.db.write(ecrire).await
}

/// Takes an override back.
///
/// # Errors
/// [`ReglageFault`].
pub async fn retirer(iexam: &Iexam, id: i64, echeance: Echeance, acteur: &Actor) -> Result<(), ReglageFault> {
    let quand = iexam.clock.now();
    let ecrire = |tx: Tx| async move {
        periode_lock(&*tx, id).await?;
        connue(periode_read(&*tx, id).await?, id)?.permet(Geste::Reglage)?;
        let tenue = derogation_list(&*tx, id).await?.into_iter().find(|d| d.echeance == echeance);
        let Some(tenue) = tenue else { return Ok(()) };
        derogation_remove(&*tx, id, echeance).await?;
        journal::write(
            &*tx,
            journal::Entry {
                quand,
                acteur,
                action: "periode_examen.retirer_derogation",
                objet: "periode_examen",
                cle: &id.to_string(),
                avant: Some(json!({
                    "echeance": echeance.code(), "motif": tenue.motif, "signee_par": tenue.signee_par,
                })),
                apres: None,
            },
        )
        .await?;
        Ok(())
    };
    iexam.db.write(ecrire).await
}
