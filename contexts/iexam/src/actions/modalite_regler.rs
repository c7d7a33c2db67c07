//! A way of sitting exams is made, changed, or given its centres.

use ::web::Vu;
use db::{DbError, Tx, journal};
use kernel::Actor;
use serde_json::{Value, json};

use super::regler_fault::{Refus, ReglageFault, sans_refus};
use crate::Iexam;
use crate::domain::modalite::{Lieu, Modalite};
use crate::store::modalite::{
    modalite_add, modalite_centre_inscriptions, modalite_centre_write, modalite_centres, modalite_list,
    modalite_par_code, modalite_usage, modalite_write,
};

/// As the journal keeps it.
#[must_use]
pub fn modalite_json(m: &Modalite) -> Value {
    json!({
        "code": m.code, "libelle": m.libelle, "lieu": m.lieu.code(), "surveillee": m.surveillee, "consignes": m.consignes,
        "pieces": m.pieces, "rang": m.rang, "active": m.active,
    })
}

/// What the form was filled on.
#[must_use]
pub fn modalite_vu(m: &Modalite) -> Vu {
    Vu::of([modalite_json(m).to_string()])
}

/// A code fit for an address: lower case letters without accents, figures, `_` and `-`.
pub(crate) fn code_lisible(code: &str) -> bool {
    (2..=40).contains(&code.len())
        && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'))
        && code.bytes().any(|b| b.is_ascii_alphanumeric())
}

fn verifier(m: &Modalite) -> Result<(), ReglageFault> {
    let mut refus = Vec::new();
    if !code_lisible(&m.code) {
        let phrase = "Le code a de 2 à 40 lettres minuscules sans accent, chiffres ou tirets\u{a0}: «\u{a0}tele_examen\u{a0}».";
        refus.push(Refus::new("code", phrase));
    }
    if m.libelle.trim().is_empty() || m.libelle.chars().count() > 120 {
        refus.push(Refus::new("libelle", "Donnez un libellé, de 120 caractères au plus."));
    }
    if m.consignes.chars().count() > 4000 {
        refus.push(Refus::new("consignes", "Les consignes ont 4 000 caractères au plus."));
    }
    if m.pieces.chars().count() > 1000 {
        refus.push(Refus::new("pieces", "Les pièces demandées tiennent en 1 000 caractères."));
    }
    if !(0..=999).contains(&m.rang) {
        refus.push(Refus::new("rang", "Le rang va de 0 à 999."));
    }
    sans_refus(refus)
}

fn propre(m: &Modalite) -> Modalite {
    let net = |t: &str| t.replace("\r\n", "\n").trim().to_owned();
    Modalite {
        code: m.code.trim().to_owned(),
        libelle: net(&m.libelle),
        consignes: net(&m.consignes),
        pieces: net(&m.pieces),
        ..m.clone()
    }
}

/// Adds a modality.
///
/// # Errors
/// [`ReglageFault`].
pub async fn creer(iexam: &Iexam, m: &Modalite, acteur: &Actor) -> Result<i64, ReglageFault> {
    let m = propre(m);
    verifier(&m)?;
    let (m, quand) = (&m, iexam.clock.now());
    let ecrire = |tx: Tx| async move {
        let id = match modalite_add(&*tx, m).await {
            Err(DbError::Unique(_)) => return Err(code_pris(&m.code)),
            id => id?,
        };
        journaliser(&*tx, ("modalite_examen.creer", id), None, Some(modalite_json(m)), quand, acteur).await?;
        Ok(id)
    };
    iexam.db.write(ecrire).await
}

fn code_pris(code: &str) -> ReglageFault {
    ReglageFault::saisie("code", format!("Le code «\u{a0}{code}\u{a0}» est déjà celui d’une autre modalité."))
}

/// Changes a modality. Its code, its place and whether it is supervised are fixed once somebody counts on them.
///
/// # Errors
/// [`ReglageFault`].
pub async fn modifier(
    iexam: &Iexam,
    code: &str,
    voulue: &Modalite,
    vu: Option<&str>,
    acteur: &Actor,
) -> Result<(), ReglageFault> {
    let voulue = propre(voulue);
    verifier(&voulue)?;
    let (voulue, quand) = (&voulue, iexam.clock.now());
    let ecrire = |tx: Tx| async move {
        let tenue = modalite_par_code(&*tx, code).await?;
        let tenue = tenue.ok_or_else(|| ReglageFault::Inconnu("La modalité", code.to_owned()))?;
        if vu.is_some_and(|vu| !modalite_vu(&tenue).is(vu)) {
            return Err(ReglageFault::Change("La modalité"));
        }
        let voulue = Modalite { id: tenue.id, ..voulue.clone() };
        let (offres, inscrites) = modalite_usage(&*tx, tenue.id).await?;
        let mut refus = Vec::new();
        if offres > 0 && voulue.code != tenue.code {
            refus.push(Refus::new(
                "code",
                "Une période l’offre ou l’a offerte\u{a0}: son code ne change plus.",
            ));
        }
        if inscrites > 0 && voulue.lieu != tenue.lieu {
            refus.push(Refus::new(
                "lieu",
                "Des étudiants l’ont choisie\u{a0}: son lieu ne change plus. Créez une autre modalité.",
            ));
        }
        if inscrites > 0 && voulue.surveillee != tenue.surveillee {
            let phrase = "Des étudiants l’ont choisie\u{a0}: que ses heures soient surveillées, et donc facturées, ne change plus.";
            refus.push(Refus::new("surveillee", phrase));
        }
        sans_refus(refus)?;
        if voulue == tenue {
            return Ok(());
        }
        match modalite_write(&*tx, &voulue).await {
            Err(DbError::Unique(_)) => return Err(code_pris(&voulue.code)),
            fait => fait?,
        }
        let (avant, apres) = (modalite_json(&tenue), modalite_json(&voulue));
        journaliser(&*tx, ("modalite_examen.modifier", tenue.id), Some(avant), Some(apres), quand, acteur)
            .await
    };
    iexam.db.write(ecrire).await
}

/// Sets the centres of a modality: these rows and no other. A centre where somebody holds a place by it stays.
///
/// # Errors
/// [`ReglageFault`].
pub async fn rattacher(
    iexam: &Iexam,
    code: &str,
    centres: &[i64],
    acteur: &Actor,
) -> Result<(), ReglageFault> {
    let quand = iexam.clock.now();
    let ecrire = |tx: Tx| async move {
        let m = modalite_par_code(&*tx, code).await?;
        let m = m.ok_or_else(|| ReglageFault::Inconnu("La modalité", code.to_owned()))?;
        if m.lieu == Lieu::Domicile && !centres.is_empty() {
            return Err(ReglageFault::empeche(
                "Cette modalité se passe chez soi\u{a0}: elle n’a pas de centre.",
            ));
        }
        let connus = modalite_centres(&*tx, m.id).await?;
        let avant: Vec<String> = connus.iter().filter(|c| c.3).map(|c| c.1.clone()).collect();
        let apres: Vec<String> =
            connus.iter().filter(|c| centres.contains(&c.0)).map(|c| c.1.clone()).collect();
        if avant == apres {
            return Ok(());
        }
        for (centre, _, nom, est) in &connus {
            let voulu = centres.contains(centre);
            if *est && !voulu {
                let places = modalite_centre_inscriptions(&*tx, m.id, *centre).await?;
                if places > 0 {
                    return Err(ReglageFault::empeche(format!(
                        "{places} inscriptions en cours ont choisi «\u{a0}{nom}\u{a0}» par cette modalité\u{a0}: il ne peut pas lui être retiré."
                    )));
                }
            }
            if *est != voulu {
                modalite_centre_write(&*tx, m.id, *centre, voulu).await?;
            }
        }
        let (avant, apres) = (json!({ "centres": avant }), json!({ "centres": apres }));
        journaliser(&*tx, ("modalite_examen.rattacher", m.id), Some(avant), Some(apres), quand, acteur).await
    };
    iexam.db.write(ecrire).await
}

pub(super) async fn journaliser<C: db::sea_orm::ConnectionTrait>(
    conn: &C,
    (action, id): (&str, i64),
    avant: Option<Value>,
    apres: Option<Value>,
    quand: chrono::DateTime<chrono::Utc>,
    acteur: &Actor,
) -> Result<(), ReglageFault> {
    let cle = id.to_string();
    let entry = journal::Entry { quand, acteur, action, objet: "modalite_examen", cle: &cle, avant, apres };
    Ok(journal::write(conn, entry).await?)
}

/// The four usual modalities, without their tariffs.
#[must_use]
pub fn usuelles() -> [Modalite; 4] {
    let modalite = |rang, code: &str, libelle: &str, lieu, consignes: &str, pieces: &str| Modalite {
        id: 0,
        code: code.to_owned(),
        libelle: libelle.to_owned(),
        lieu,
        surveillee: true,
        consignes: consignes.to_owned(),
        pieces: pieces.to_owned(),
        rang,
        active: true,
    };
    [
        modalite(
            1,
            "presentiel_besancon",
            "Présentiel à Besançon",
            Lieu::Centre,
            "Présentez-vous trente minutes avant chaque épreuve avec votre convocation et une pièce d’identité.",
            "",
        ),
        modalite(
            2,
            "campus_connecte",
            "Campus connecté",
            Lieu::Centre,
            "Le campus connecté doit donner son accord avant que votre inscription soit définitive.",
            "",
        ),
        modalite(
            3,
            "centre_etranger",
            "Centre à l’étranger",
            Lieu::Centre,
            "Les épreuves commencent au même instant qu’à Besançon. Le centre doit donner son accord et nommer un surveillant.",
            "Copie d’une pièce d’identité valable le jour des épreuves",
        ),
        modalite(
            4,
            "tele_examen",
            "Télé-examen surveillé à domicile",
            Lieu::Domicile,
            "Il faut un ordinateur avec caméra et micro, une connexion stable et une pièce où vous serez seul.",
            "Copie d’une pièce d’identité\nAttestation de matériel conforme",
        ),
    ]
}

/// Creates the usual modalities that are missing; gives how many.
///
/// # Errors
/// [`ReglageFault`].
pub async fn creer_usuelles(iexam: &Iexam, acteur: &Actor) -> Result<usize, ReglageFault> {
    let quand = iexam.clock.now();
    let ecrire = |tx: Tx| async move {
        let tenues = modalite_list(&*tx).await?;
        let mut n = 0;
        for m in usuelles().iter().filter(|m| tenues.iter().all(|t| t.code != m.code)) {
            let id = modalite_add(&*tx, m).await?;
            journaliser(&*tx, ("modalite_examen.creer", id), None, Some(modalite_json(m)), quand, acteur)
                .await?;
            n += 1;
        }
        Ok(n)
    };
    iexam.db.write(ecrire).await
}
