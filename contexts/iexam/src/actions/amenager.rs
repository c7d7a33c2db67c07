//! What is arranged for a student. Saving moves at once the end of their épreuves and the accounts of their registrations, in every period
//! that is not closed, and says what moved.

use chrono::{DateTime, NaiveDate, Utc};
use db::sea_orm::ConnectionTrait;
use db::{DbError, journal};
use kernel::Actor;
use serde_json::{Value as Json, json};
use web::Vu;

use super::amenager_fault::AmenagementFault;
use super::epreuve_poser::ComptesBouges;
use super::recompter::recompter;
use crate::Iexam;
use crate::domain::amenagement::{Amenagement, duree_majoree};
use crate::domain::amenagement_regles::{Saisie, commun, faute};
use crate::store::amenagement::{
    AmenagementTenu, amenagement_add, amenagement_read, amenagement_retirer, amenagement_write,
    inscriptions_en_cours,
};
use crate::store::calcul::{ACompter, a_compter, amenagements_de};
use crate::store::candidat::inscriptions_lues;

/// What saving moved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effets {
    /// Row.
    pub id: i64,
    /// Épreuves that end later.
    pub plus_tard: usize,
    /// Épreuves that end sooner.
    pub plus_tot: usize,
    /// What became of accounts.
    pub comptes: ComptesBouges,
    /// Days that it has in common with other arrangements of the student.
    pub communs: Vec<(NaiveDate, NaiveDate)>,
}

impl Effets {
    /// « 3 épreuves finissent plus tard, une inscription a désormais quelque chose à payer. »
    #[must_use]
    pub fn phrase(&self) -> String {
        let mut dits = Vec::new();
        for (n, quand) in [(self.plus_tard, "plus tard"), (self.plus_tot, "plus tôt")] {
            match n {
                0 => {}
                1 => dits.push(format!("une épreuve finit {quand}")),
                n => dits.push(format!("{n} épreuves finissent {quand}")),
            }
        }
        dits.extend(self.comptes.phrases());
        if dits.is_empty() {
            return "Aucune épreuve choisie n’en est changée.".to_owned();
        }
        let mut phrase = dits.join(", ");
        if let Some(premiere) = phrase.chars().next() {
            phrase.replace_range(..premiere.len_utf8(), &premiere.to_uppercase().to_string());
        }
        phrase.push('.');
        phrase
    }
}

/// What a form showed of it.
#[must_use]
pub fn vu(tenu: &AmenagementTenu) -> Vu {
    let a = &tenu.amenagement;
    Vu::of([
        a.etudiant.to_string(),
        a.valide_du.to_string(),
        a.valide_au.to_string(),
        a.majoration.to_string(),
        format!("{}{}{}", a.salle_a_part, a.ordinateur, a.secretaire),
        a.autre.clone(),
        a.exception.clone(),
        tenu.retire_le.is_some().to_string(),
    ])
}

/// As it is held.
#[must_use]
pub fn saisie_de(a: &Amenagement) -> Saisie {
    Saisie {
        etudiant: a.etudiant.clone(),
        valide_du: a.valide_du,
        valide_au: a.valide_au,
        majoration: a.majoration,
        salle_a_part: a.salle_a_part,
        ordinateur: a.ordinateur,
        secretaire: a.secretaire,
        autre: a.autre.clone(),
        exception: a.exception.clone(),
    }
}

fn ecrit(s: &Saisie) -> Json {
    json!({
        "etudiant": s.etudiant.as_str(), "valide_du": s.valide_du, "valide_au": s.valide_au, "majoration": s.majoration,
        "salle_a_part": s.salle_a_part, "ordinateur": s.ordinateur, "secretaire": s.secretaire, "autre": s.autre,
        "exception": s.exception,
    })
}

fn propre(s: &Saisie) -> Result<Saisie, AmenagementFault> {
    let mut s = s.clone();
    s.autre = s.autre.trim().to_owned();
    s.exception = s.exception.trim().to_owned();
    match faute(&s) {
        Some((champ, phrase)) => Err(AmenagementFault::Champ(champ, phrase)),
        None => Ok(s),
    }
}

/// Adds an arrangement for a student that the offer knows.
///
/// # Errors
/// [`AmenagementFault`].
pub async fn ajouter(iexam: &Iexam, saisie: &Saisie, acteur: &Actor) -> Result<Effets, AmenagementFault> {
    let saisie = &propre(saisie)?;
    let connu = match iexam.offre.annee_courante().await? {
        Some(annee) => {
            !iexam.offre.etudiants(annee, std::slice::from_ref(&saisie.etudiant)).await?.is_empty()
        }
        None => false,
    };
    if !connu {
        return Err(AmenagementFault::EtudiantInconnu(saisie.etudiant.clone()));
    }
    let quand = iexam.clock.now();
    let ecrire = iexam.db.write(|tx| async move {
        let avant = photo(&*tx, saisie).await?;
        let id = amenagement_add(&*tx, saisie).await?;
        tracer(&*tx, id, "amenagement.poser", None, Some(ecrit(saisie)), quand, acteur).await?;
        suites(&*tx, id, saisie, avant, quand, acteur).await
    });
    ecrire.await
}

/// Writes an arrangement, unless somebody else has since the form was opened. It stays the same student's.
///
/// # Errors
/// [`AmenagementFault`].
pub async fn modifier(
    iexam: &Iexam,
    id: i64,
    saisie: &Saisie,
    envoye: &str,
    acteur: &Actor,
) -> Result<Effets, AmenagementFault> {
    let saisie = &propre(saisie)?;
    let quand = iexam.clock.now();
    let ecrire = iexam.db.write(|tx| async move {
        let avant = photo(&*tx, saisie).await?;
        let tenu = amenagement_read(&*tx, id).await?.ok_or(AmenagementFault::Inconnu)?;
        if !vu(&tenu).is(envoye) || tenu.amenagement.etudiant != saisie.etudiant {
            return Err(AmenagementFault::Perime);
        }
        amenagement_write(&*tx, id, saisie).await?;
        let ancien = ecrit(&saisie_de(&tenu.amenagement));
        tracer(&*tx, id, "amenagement.modifier", Some(ancien), Some(ecrit(saisie)), quand, acteur).await?;
        suites(&*tx, id, saisie, avant, quand, acteur).await
    });
    ecrire.await
}

/// Withdraws an arrangement, or gives it back.
///
/// # Errors
/// [`AmenagementFault`].
pub async fn retirer(
    iexam: &Iexam,
    id: i64,
    rendre: bool,
    acteur: &Actor,
) -> Result<Effets, AmenagementFault> {
    let quand = iexam.clock.now();
    let ecrire = iexam.db.write(|tx| async move {
        let tenu = amenagement_read(&*tx, id).await?.ok_or(AmenagementFault::Inconnu)?;
        if tenu.retire_le.is_none() == rendre {
            return Err(AmenagementFault::Perime);
        }
        let saisie = saisie_de(&tenu.amenagement);
        let avant = photo(&*tx, &saisie).await?;
        amenagement_retirer(&*tx, id, (!rendre).then_some(quand)).await?;
        let etat = |retire: bool| Some(json!({ "retire": retire }));
        let verbe = if rendre { "amenagement.rendre" } else { "amenagement.retirer" };
        tracer(&*tx, id, verbe, etat(rendre), etat(!rendre), quand, acteur).await?;
        suites(&*tx, id, &saisie, avant, quand, acteur).await
    });
    ecrire.await
}

/// Registrations of a student before the change: their rows, and what they sit with which extra time.
async fn photo<C: ConnectionTrait>(tx: &C, saisie: &Saisie) -> Result<(Vec<i64>, Vec<ACompter>), DbError> {
    let ids = inscriptions_en_cours(tx, &saisie.etudiant).await?;
    let comptes = a_compter(tx, &ids).await?;
    Ok((ids, comptes))
}

async fn suites<C: ConnectionTrait>(
    tx: &C,
    id: i64,
    saisie: &Saisie,
    (ids, avant): (Vec<i64>, Vec<ACompter>),
    quand: DateTime<Utc>,
    acteur: &Actor,
) -> Result<Effets, AmenagementFault> {
    let inscriptions = inscriptions_lues(tx, &ids).await?;
    recompter(tx, &ids, quand, acteur).await?;
    let comptes = ComptesBouges::comparer(&inscriptions, &inscriptions_lues(tx, &ids).await?);
    let mut effets = Effets { id, comptes, ..Effets::default() };
    for (a, b) in avant.iter().zip(a_compter(tx, &ids).await?) {
        for (a, b) in a.passees.iter().zip(&b.passees) {
            let duree = |majoration| a.duree_min.map(|d| duree_majoree(d, majoration));
            effets.plus_tard += usize::from(duree(b.majoration) > duree(a.majoration));
            effets.plus_tot += usize::from(duree(b.majoration) < duree(a.majoration));
        }
    }
    let tenus = amenagements_de(tx, std::slice::from_ref(&saisie.etudiant)).await?;
    let siens = tenus.get(&saisie.etudiant).into_iter().flatten();
    if siens.clone().any(|a| a.id == id) {
        let autres = siens.filter(|a| a.id != id);
        effets.communs = autres.filter_map(|a| commun((saisie.valide_du, saisie.valide_au), a)).collect();
    }
    Ok(effets)
}

async fn tracer<C: ConnectionTrait>(
    tx: &C,
    id: i64,
    action: &str,
    avant: Option<Json>,
    apres: Option<Json>,
    quand: DateTime<Utc>,
    acteur: &Actor,
) -> Result<(), DbError> {
    let cle = id.to_string();
    journal::write(
        tx,
        journal::Entry { quand, acteur, action, objet: "amenagement", cle: &cle, avant, apres },
    )
    .await
}
