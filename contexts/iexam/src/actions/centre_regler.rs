//! A centre is made or changed; the days on which it is closed.

use ::web::Vu;
use chrono_tz::Tz;
use db::sea_orm::ConnectionTrait;
use db::{DbError, Tx, journal};
use kernel::{Actor, date_francaise};
use serde_json::{Value, json};

use super::modalite_regler::code_lisible;
use super::regler_fault::{Refus, ReglageFault, sans_refus};
use crate::Iexam;
use crate::domain::centre::{Centre, Fermeture};
use crate::store::centre::{
    centre_add, centre_inscriptions, centre_par_code, centre_write, fermeture_add, fermeture_list,
    fermeture_remove,
};

/// As the journal keeps it.
#[must_use]
pub fn centre_json(c: &Centre) -> Value {
    json!({
        "code": c.code, "nom": c.nom, "adresse": c.adresse, "code_postal": c.code_postal, "ville": c.ville, "pays": c.pays,
        "fuseau": c.fuseau, "contact_nom": c.contact_nom, "contact_courriel": c.contact_courriel,
        "contact_telephone": c.contact_telephone, "surveillant": c.surveillant, "capacite": c.capacite,
        "accord_requis": c.accord_requis, "actif": c.actif,
    })
}

/// What the form was filled on.
#[must_use]
pub fn centre_vu(c: &Centre) -> Vu {
    Vu::of([centre_json(c).to_string()])
}

fn verifier(c: &Centre) -> Result<(), ReglageFault> {
    let mut refus = Vec::new();
    if !code_lisible(&c.code) {
        let phrase = "Le code a de 2 à 40 lettres minuscules sans accent, chiffres ou tirets\u{a0}: «\u{a0}noumea\u{a0}».";
        refus.push(Refus::new("code", phrase));
    }
    for (champ, valeur, quoi) in
        [("nom", &c.nom, "le nom du centre"), ("ville", &c.ville, "la ville"), ("pays", &c.pays, "le pays")]
    {
        if valeur.is_empty() || valeur.chars().count() > 160 {
            refus.push(Refus::new(champ, format!("Donnez {quoi}, en 160 caractères au plus.")));
        }
    }
    if c.fuseau.parse::<Tz>().is_err() {
        let phrase = format!(
            "«\u{a0}{}\u{a0}» n’est pas un fuseau horaire connu\u{a0}: choisissez-le dans la liste.",
            c.fuseau
        );
        refus.push(Refus::new("fuseau", phrase));
    }
    if !c.contact_courriel.is_empty() && !c.contact_courriel.contains('@') {
        refus.push(Refus::new("contact_courriel", "L’adresse de courriel n’en est pas une."));
    }
    if c.capacite.is_some_and(|n| !(0..=100_000).contains(&n)) {
        refus.push(Refus::new(
            "capacite",
            "La capacité est un nombre de places, ou rien si elle n’est pas connue.",
        ));
    }
    sans_refus(refus)
}

fn propre(c: &Centre) -> Centre {
    let net = |t: &str| t.replace("\r\n", "\n").trim().to_owned();
    Centre {
        id: c.id,
        code: net(&c.code),
        nom: net(&c.nom),
        adresse: net(&c.adresse),
        code_postal: net(&c.code_postal),
        ville: net(&c.ville),
        pays: net(&c.pays),
        fuseau: net(&c.fuseau),
        contact_nom: net(&c.contact_nom),
        contact_courriel: net(&c.contact_courriel),
        contact_telephone: net(&c.contact_telephone),
        surveillant: net(&c.surveillant),
        capacite: c.capacite,
        accord_requis: c.accord_requis,
        actif: c.actif,
    }
}

/// The centre of that code.
pub(super) async fn centre<C: ConnectionTrait>(conn: &C, code: &str) -> Result<Centre, ReglageFault> {
    let tenu = centre_par_code(conn, code).await?;
    tenu.ok_or_else(|| ReglageFault::Inconnu("Le centre", code.to_owned()))
}

pub(super) async fn journaliser<C: ConnectionTrait>(
    conn: &C,
    (action, id): (&str, i64),
    avant: Option<Value>,
    apres: Option<Value>,
    quand: chrono::DateTime<chrono::Utc>,
    acteur: &Actor,
) -> Result<(), ReglageFault> {
    let cle = id.to_string();
    let entry = journal::Entry { quand, acteur, action, objet: "centre_examen", cle: &cle, avant, apres };
    Ok(journal::write(conn, entry).await?)
}

/// Adds a centre.
///
/// # Errors
/// [`ReglageFault`].
pub async fn creer(iexam: &Iexam, c: &Centre, acteur: &Actor) -> Result<i64, ReglageFault> {
    let c = propre(c);
    verifier(&c)?;
    let (c, quand) = (&c, iexam.clock.now());
    let ecrire = |tx: Tx| async move {
        let id = match centre_add(&*tx, c).await {
            Err(DbError::Unique(_)) => {
                let phrase = format!("Le code «\u{a0}{}\u{a0}» est déjà celui d’un autre centre.", c.code);
                return Err(ReglageFault::saisie("code", phrase));
            }
            id => id?,
        };
        journaliser(&*tx, ("centre_examen.creer", id), None, Some(centre_json(c)), quand, acteur).await?;
        Ok(id)
    };
    iexam.db.write(ecrire).await
}

/// Changes a centre; its code is its address, and stays.
///
/// # Errors
/// [`ReglageFault`].
pub async fn modifier(
    iexam: &Iexam,
    code: &str,
    voulu: &Centre,
    vu: Option<&str>,
    acteur: &Actor,
) -> Result<(), ReglageFault> {
    let voulu = propre(&Centre { code: code.to_owned(), ..voulu.clone() });
    verifier(&voulu)?;
    let (voulu, quand) = (&voulu, iexam.clock.now());
    let ecrire = |tx: Tx| async move {
        let tenu = centre(&*tx, code).await?;
        if vu.is_some_and(|vu| !centre_vu(&tenu).is(vu)) {
            return Err(ReglageFault::Change("Le centre"));
        }
        let voulu = Centre { id: tenu.id, ..voulu.clone() };
        if voulu == tenu {
            return Ok(());
        }
        if tenu.actif && !voulu.actif {
            let n = centre_inscriptions(&*tx, tenu.id).await?;
            if n > 0 {
                return Err(ReglageFault::saisie(
                    "actif",
                    format!(
                        "{n} inscriptions en cours y ont leur place\u{a0}: déplacez-les avant de désactiver le centre."
                    ),
                ));
            }
        }
        centre_write(&*tx, &voulu).await?;
        let (avant, apres) = (centre_json(&tenu), centre_json(&voulu));
        journaliser(&*tx, ("centre_examen.modifier", tenu.id), Some(avant), Some(apres), quand, acteur)
            .await?;
        if tenu.accord_requis != voulu.accord_requis {
            super::accorder::suivre_centre(&*tx, tenu.id, None, quand, acteur).await?;
        }
        Ok(())
    };
    iexam.db.write(ecrire).await
}

/// Records days on which a centre receives nobody.
///
/// # Errors
/// [`ReglageFault`].
pub async fn fermer(iexam: &Iexam, code: &str, f: &Fermeture, acteur: &Actor) -> Result<(), ReglageFault> {
    let mut refus = Vec::new();
    if f.au < f.du {
        let phrase = format!(
            "La fermeture finit le {}, avant de commencer le {}.",
            date_francaise(f.au),
            date_francaise(f.du)
        );
        refus.push(Refus::new("au", phrase));
    }
    let motif = f.motif.trim();
    if motif.is_empty() || motif.chars().count() > 200 {
        refus.push(Refus::new("motif", "Dites pourquoi le centre est fermé, en 200 caractères au plus."));
    }
    sans_refus(refus)?;
    let quand = iexam.clock.now();
    let f = &Fermeture { motif: motif.to_owned(), ..f.clone() };
    let ecrire = |tx: Tx| async move {
        let c = centre(&*tx, code).await?;
        fermeture_add(&*tx, c.id, f).await?;
        let apres = json!({ "du": f.du, "au": f.au, "motif": f.motif });
        journaliser(&*tx, ("centre_examen.fermer", c.id), None, Some(apres), quand, acteur).await
    };
    iexam.db.write(ecrire).await
}

/// Takes a closure back.
///
/// # Errors
/// [`ReglageFault`].
pub async fn rouvrir(iexam: &Iexam, code: &str, fermeture: i64, acteur: &Actor) -> Result<(), ReglageFault> {
    let quand = iexam.clock.now();
    let ecrire = |tx: Tx| async move {
        let c = centre(&*tx, code).await?;
        let tenue = fermeture_list(&*tx, c.id).await?.into_iter().find(|f| f.id == fermeture);
        let Some(tenue) = tenue else { return Ok(()) };
        fermeture_remove(&*tx, c.id, fermeture).await?;
        let avant = json!({ "du": tenue.du, "au": tenue.au, "motif": tenue.motif });
        journaliser(&*tx, ("centre_examen.rouvrir", c.id), Some(avant), None, quand, acteur).await
    };
    iexam.db.write(ecrire).await
}
