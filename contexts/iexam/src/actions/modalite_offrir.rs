//! Which modalities a period offers, how many places of each, until when.

use ::web::Vu;
use db::{Tx, journal};
use kernel::{Actor, heure_de_besancon, instant_francais};
use serde_json::{Value, json};

use super::periode_dater::connue;
use super::regler_fault::{Refus, ReglageFault, sans_refus};
use crate::Iexam;
use crate::domain::periode::EtatPeriode;
use crate::domain::sceau::Geste;
use crate::store::offre::{Offerte, offre_list, offre_write};
use crate::store::periode::periode_read;
use crate::store::periode_ecrite::periode_lock;

fn dit(o: &Offerte) -> Value {
    json!({ "offerte": o.offerte, "quota": o.quota, "echeance": o.echeance })
}

/// What the form was filled on: what is set, not the places that go meanwhile.
#[must_use]
pub fn offre_vu(offres: &[Offerte]) -> Vu {
    Vu::of(offres.iter().map(|o| format!("{} {}", o.modalite, dit(o))))
}

/// Sets what a period offers. `voulues` names each modality once; those that it does not name stay.
///
/// # Errors
/// [`ReglageFault`].
pub async fn offrir(
    iexam: &Iexam,
    id: i64,
    voulues: &[Offerte],
    vu: Option<&str>,
    acteur: &Actor,
) -> Result<usize, ReglageFault> {
    let quand = iexam.clock.now();
    let ecrire = |tx: Tx| async move {
        periode_lock(&*tx, id).await?;
        let p = connue(periode_read(&*tx, id).await?, id)?;
        p.permet(Geste::Reglage)?;
        let tenues = offre_list(&*tx, id).await?;
        if vu.is_some_and(|vu| !offre_vu(&tenues).is(vu)) {
            return Err(ReglageFault::Change("L’offre de la période"));
        }
        if p.etat > EtatPeriode::Verification {
            return Err(ReglageFault::empeche(format!(
                "La période {} en est à l’étape «\u{a0}{}\u{a0}»\u{a0}: son offre ne change plus.",
                p.nom(),
                p.etat.libelle()
            )));
        }
        let mut refus = Vec::new();
        let (mut avant, mut apres) = (serde_json::Map::new(), serde_json::Map::new());
        let mut changees = Vec::new();
        for voulue in voulues {
            let Some(tenue) = tenues.iter().find(|t| t.modalite == voulue.modalite) else { continue };
            let voulue = Offerte {
                offerte: voulue.offerte,
                quota: voulue.quota,
                echeance: voulue.echeance,
                ..tenue.clone()
            };
            if dit(tenue) == dit(&voulue) {
                continue;
            }
            if voulue.offerte && !tenue.offerte && !tenue.modalite_active {
                refus.push(Refus::new(
                    "offre",
                    format!(
                        "La modalité «\u{a0}{}\u{a0}» est désactivée\u{a0}: réactivez-la d’abord.",
                        tenue.libelle
                    ),
                ));
            }
            if voulue.quota.is_some_and(|q| q < 0) {
                refus.push(Refus::new(
                    "offre",
                    format!("Le quota de «\u{a0}{}\u{a0}» ne peut pas être négatif.", tenue.libelle),
                ));
            }
            if let Some(e) = voulue.echeance.filter(|e| *e <= p.inscriptions_debut || *e > p.inscriptions_fin)
            {
                refus.push(Refus::new(
                    "offre",
                    format!(
                        "L’échéance de «\u{a0}{}\u{a0}», {}, est en dehors des inscriptions, du {} au {}.",
                        tenue.libelle,
                        instant_francais(heure_de_besancon(e)),
                        instant_francais(heure_de_besancon(p.inscriptions_debut)),
                        instant_francais(heure_de_besancon(p.inscriptions_fin))
                    ),
                ));
            }
            avant.insert(tenue.code.clone(), dit(tenue));
            apres.insert(tenue.code.clone(), dit(&voulue));
            changees.push(voulue);
        }
        sans_refus(refus)?;
        for voulue in &changees {
            if !offre_write(&*tx, id, voulue).await? {
                return Err(ReglageFault::saisie(
                    "offre",
                    format!(
                        "{} inscriptions tiennent déjà une place de «\u{a0}{}\u{a0}»\u{a0}: elle ne peut ni être retirée, ni en avoir moins.",
                        voulue.prises, voulue.libelle
                    ),
                ));
            }
        }
        if changees.is_empty() {
            return Ok(0);
        }
        journal::write(
            &*tx,
            journal::Entry {
                quand,
                acteur,
                action: "periode_examen.offrir",
                objet: "periode_examen",
                cle: &id.to_string(),
                avant: Some(Value::Object(avant)),
                apres: Some(Value::Object(apres)),
            },
        )
        .await?;
        Ok(changees.len())
    };
    iexam.db.write(ecrire).await
}
