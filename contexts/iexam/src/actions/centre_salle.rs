//! A room of a centre is made or changed.

use ::web::Vu;
use db::{DbError, Tx, journal};
use kernel::Actor;
use serde_json::{Value, json};

use super::centre_regler::centre;
use super::regler_fault::{Refus, ReglageFault, sans_refus};
use crate::Iexam;
use crate::domain::centre::Salle;
use crate::store::centre::{periodes_vivantes, salle_epreuves, salle_list, salle_write};
use crate::store::etat::sans_salle_recompute;

fn dite(s: &Salle) -> Value {
    json!({
        "nom": s.nom, "capacite": s.capacite, "equipement": s.equipement, "a_part": s.a_part, "rang": s.rang, "active": s.active,
    })
}

/// What the form was filled on.
#[must_use]
pub fn salle_vu(s: &Salle) -> Vu {
    Vu::of([dite(s).to_string()])
}

/// Writes a room, or adds it when its row is 0. A room that épreuves use stays usable.
///
/// # Errors
/// [`ReglageFault`].
pub async fn salle_regler(
    iexam: &Iexam,
    code: &str,
    s: &Salle,
    vu: Option<&str>,
    acteur: &Actor,
) -> Result<i64, ReglageFault> {
    let s = Salle { nom: s.nom.trim().to_owned(), equipement: s.equipement.trim().to_owned(), ..s.clone() };
    let mut refus = Vec::new();
    if s.nom.is_empty() || s.nom.chars().count() > 80 {
        refus.push(Refus::new("nom", "Donnez le nom de la salle, en 80 caractères au plus."));
    }
    if !(1..=10_000).contains(&s.capacite) {
        refus.push(Refus::new("capacite", "La capacité est un nombre de places, de 1 à 10 000."));
    }
    if s.equipement.chars().count() > 300 {
        refus.push(Refus::new("equipement", "L’équipement tient en 300 caractères."));
    }
    if !(0..=999).contains(&s.rang) {
        refus.push(Refus::new("rang", "Le rang va de 0 à 999."));
    }
    sans_refus(refus)?;
    let (s, quand) = (&s, iexam.clock.now());
    let ecrire = |tx: Tx| async move {
        let c = centre(&*tx, code).await?;
        let tenue = salle_list(&*tx, c.id).await?.into_iter().find(|t| t.id == s.id);
        if s.id != 0 {
            let Some(tenue) = &tenue else { return Err(ReglageFault::Inconnu("La salle", s.id.to_string())) };
            if vu.is_some_and(|vu| !salle_vu(tenue).is(vu)) {
                return Err(ReglageFault::Change("La salle"));
            }
            if tenue.active && !s.active {
                let n = salle_epreuves(&*tx, s.id).await?;
                if n > 0 {
                    let phrase = format!(
                        "{n} épreuves à venir s’y tiennent\u{a0}: donnez-leur une autre salle avant de la désactiver."
                    );
                    return Err(ReglageFault::saisie("active", phrase));
                }
            }
            if tenue == s {
                return Ok(s.id);
            }
        }
        let id = match salle_write(&*tx, c.id, s).await {
            Err(DbError::Unique(_)) => {
                let phrase = format!("Le centre a déjà une salle «\u{a0}{}\u{a0}».", s.nom);
                return Err(ReglageFault::saisie("nom", phrase));
            }
            id => id?,
        };
        journal::write(
            &*tx,
            journal::Entry {
                quand,
                acteur,
                action: if s.id == 0 { "salle_examen.creer" } else { "salle_examen.modifier" },
                objet: "salle_examen",
                cle: &id.to_string(),
                avant: tenue.as_ref().map(dite),
                apres: Some(dite(s)),
            },
        )
        .await?;
        if tenue.is_some_and(|t| t.active != s.active) {
            for periode in periodes_vivantes(&*tx).await? {
                sans_salle_recompute(&*tx, periode, None).await?;
            }
        }
        Ok(id)
    };
    iexam.db.write(ecrire).await
}
