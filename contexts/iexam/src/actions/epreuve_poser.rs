//! Épreuves written: whatever the verb, what changed is written at once, journaled, and the accounts that it moves follow.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use db::sea_orm::ConnectionTrait;
use db::{DbError, journal};
use kernel::{Actor, Cents};
use serde_json::{Value as Json, json};
use web::Vu;

use super::epreuve_fault::EpreuveFault;
use super::recompter::recompter;
use crate::domain::epreuve::Epreuve;
use crate::domain::epreuve_regles::fautes;
use crate::domain::inscription::EtatInscription;
use crate::domain::periode::Periode;
use crate::domain::sceau::Geste;
use crate::store::candidat::{inscriptions_lues, inscriptions_touchees};
use crate::store::epreuve::{epreuves_lock, epreuves_read, epreuves_tenues, epreuves_write};
use crate::store::epreuve_salle::{SalleConnue, salles_connues, salles_des, salles_write};
use crate::store::etat::sans_salle_recompute;
use crate::store::inscription::Inscription;
use crate::store::periode::periode_read;

/// An épreuve and its rooms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fiche {
    /// The épreuve; its row is 0 until it is written.
    pub epreuve: Epreuve,
    /// Rows of its rooms, in order.
    pub salles: Vec<i64>,
}

impl Fiche {
    /// What a form showed of it.
    #[must_use]
    pub fn vu(&self) -> Vu {
        let e = &self.epreuve;
        let mut salles = self.salles.clone();
        salles.sort_unstable();
        Vu::of([
            e.libelle.clone(),
            e.nature.code().to_owned(),
            e.debut.map(|d| d.to_rfc3339()).unwrap_or_default(),
            e.duree_min.map(|d| d.to_string()).unwrap_or_default(),
            e.documents.clone(),
            e.sujet_par.clone(),
            e.surveillee.to_string(),
            e.annulee.to_string(),
            format!("{salles:?}"),
        ])
    }

    /// As the journal keeps it.
    #[must_use]
    pub fn journal(&self, salles: &BTreeMap<i64, String>) -> Json {
        let e = &self.epreuve;
        let mut noms: Vec<String> = self.salles.iter().filter_map(|s| salles.get(s)).cloned().collect();
        noms.sort();
        let dit = |texte: &str| Some(texte.to_owned()).filter(|t| !t.is_empty());
        json!({
            "element": e.element.as_str(), "rang": e.rang, "libelle": e.libelle, "nature": e.nature.code(), "debut": e.debut,
            "duree_min": e.duree_min, "documents": dit(&e.documents), "sujet_par": dit(&e.sujet_par), "surveillee": e.surveillee,
            "salles": dit(&noms.join(", ")),
        })
    }
}

/// What became of accounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ComptesBouges {
    /// Registrations whose amount changed.
    pub montants: usize,
    /// Registrations that now have something to pay.
    pub a_payer: usize,
    /// Registrations that were paid too much.
    pub trop_percus: usize,
    /// Registrations that became final.
    pub finalisees: usize,
}

impl ComptesBouges {
    /// Compares registrations before and after, in the same order.
    #[must_use]
    pub fn comparer(avant: &[Inscription], apres: &[Inscription]) -> Self {
        let mut bouges = Self::default();
        for (a, b) in avant.iter().zip(apres) {
            bouges.montants += usize::from(a.du != b.du);
            bouges.a_payer += usize::from(b.solde > Cents::ZERO && a.solde <= Cents::ZERO);
            bouges.trop_percus += usize::from(b.solde < Cents::ZERO && a.solde >= Cents::ZERO);
            bouges.finalisees +=
                usize::from(b.etat == EtatInscription::Finalisee && a.etat != EtatInscription::Finalisee);
        }
        bouges
    }

    /// « 3 montants changent, 1 inscription a désormais quelque chose à payer »; nothing when nothing moved.
    #[must_use]
    pub fn phrases(&self) -> Vec<String> {
        let dit = |n: usize, un: &str, plusieurs: &str| match n {
            0 => None,
            1 => Some(un.to_owned()),
            n => Some(format!("{n} {plusieurs}")),
        };
        [
            dit(self.montants, "le montant d’une inscription change", "inscriptions changent de montant"),
            dit(
                self.a_payer,
                "une inscription a désormais quelque chose à payer",
                "inscriptions ont désormais quelque chose à payer",
            ),
            dit(self.trop_percus, "une inscription est à rembourser", "inscriptions sont à rembourser"),
            dit(self.finalisees, "une inscription devient définitive", "inscriptions deviennent définitives"),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pose {
    /// Rows made.
    pub creees: Vec<i64>,
    /// Rows changed.
    pub changees: Vec<i64>,
    /// What became of accounts.
    pub comptes: ComptesBouges,
}

/// A period whose épreuves are about to change, and whom nobody else changes meanwhile.
///
/// # Errors
/// [`EpreuveFault::PeriodeInconnue`], [`EpreuveFault::PeriodeClose`], the database's.
pub async fn ouvrir<C: ConnectionTrait>(tx: &C, periode: i64) -> Result<Periode, EpreuveFault> {
    epreuves_lock(tx, periode).await?;
    let periode = periode_read(tx, periode).await?.ok_or(EpreuveFault::PeriodeInconnue)?;
    periode.permet(Geste::Epreuve)?;
    Ok(periode)
}

/// These épreuves with their rooms, by row.
///
/// # Errors
/// Those of the database.
pub async fn fiches<C: ConnectionTrait>(conn: &C, ids: &[i64]) -> Result<Vec<Fiche>, DbError> {
    let mut salles = salles_des(conn, ids).await?;
    let epreuves = epreuves_read(conn, ids).await?.into_iter();
    Ok(epreuves
        .map(|epreuve| Fiche { salles: salles.remove(&epreuve.id).unwrap_or_default(), epreuve })
        .collect())
}

/// Names of rooms, by row.
#[must_use]
pub fn designations(salles: &[SalleConnue]) -> BTreeMap<i64, String> {
    salles.iter().map(|s| (s.salle.id, s.designation())).collect()
}

/// Writes épreuves as they are wanted: those that differ from what is held, and those that are not there yet.
///
/// # Errors
/// [`EpreuveFault::Champ`] for one alone, [`EpreuveFault::Une`] for one among several; the database's.
pub async fn poser<C: ConnectionTrait>(
    tx: &C,
    periode: &Periode,
    voulues: Vec<Fiche>,
    verbe: &str,
    quand: DateTime<Utc>,
    acteur: &Actor,
) -> Result<Pose, EpreuveFault> {
    let ids: Vec<i64> = voulues.iter().map(|f| f.epreuve.id).filter(|id| *id > 0).collect();
    let tenues: BTreeMap<i64, Fiche> =
        fiches(tx, &ids).await?.into_iter().map(|f| (f.epreuve.id, f)).collect();
    let seule = voulues.len() == 1;
    let mut ecrites: Vec<(Option<&Fiche>, Fiche)> = Vec::new();
    for mut voulue in voulues {
        let avant = tenues.get(&voulue.epreuve.id);
        if let Some(avant) = avant {
            let meme = |f: &Fiche| f.salles.iter().copied().collect::<std::collections::BTreeSet<_>>();
            if meme(avant) == meme(&voulue) {
                voulue.salles.clone_from(&avant.salles);
            }
        }
        if avant == Some(&voulue) {
            continue;
        }
        if let Some((champ, phrase)) = fautes(&voulue.epreuve, &voulue.salles, periode).into_iter().next() {
            let une = |libelle: &str| EpreuveFault::Une(libelle.to_owned(), phrase.clone());
            return Err(if seule {
                EpreuveFault::Champ(champ, phrase)
            } else {
                une(&voulue.epreuve.libelle)
            });
        }
        ecrites.push((avant, voulue));
    }
    if ecrites.is_empty() {
        return Ok(Pose::default());
    }
    let changees: Vec<i64> = ecrites.iter().map(|(_, f)| f.epreuve.id).filter(|id| *id > 0).collect();
    let inscriptions = inscriptions_touchees(tx, &changees).await?;
    let avant = inscriptions_lues(tx, &inscriptions).await?;
    epreuves_write(tx, &ecrites.iter().map(|(_, f)| &f.epreuve).collect::<Vec<_>>()).await?;
    let numeros = epreuves_tenues(tx, periode.id).await?;
    let mut creees = Vec::new();
    for (_, fiche) in ecrites.iter_mut().filter(|(_, f)| f.epreuve.id == 0) {
        let cle = (fiche.epreuve.element.clone(), fiche.epreuve.rang);
        fiche.epreuve.id = numeros.get(&cle).map_or(0, |(id, _)| *id);
        creees.push(fiche.epreuve.id);
    }
    let salles = ecrites.iter().filter(|(avant, f)| avant.is_none_or(|a| a.salles != f.salles));
    salles_write(tx, &salles.map(|(_, f)| (f.epreuve.id, f.salles.clone())).collect()).await?;
    journaliser(tx, &ecrites, verbe, quand, acteur).await?;
    recompter(tx, &inscriptions, quand, acteur).await?;
    sans_salle_recompute(tx, periode.id, None).await?;
    let comptes = ComptesBouges::comparer(&avant, &inscriptions_lues(tx, &inscriptions).await?);
    Ok(Pose { creees, changees, comptes })
}

async fn journaliser<C: ConnectionTrait>(
    tx: &C,
    ecrites: &[(Option<&Fiche>, Fiche)],
    verbe: &str,
    quand: DateTime<Utc>,
    acteur: &Actor,
) -> Result<(), DbError> {
    let noms = designations(&salles_connues(tx).await?);
    let cles: Vec<String> = ecrites.iter().map(|(_, f)| f.epreuve.id.to_string()).collect();
    let entrees = ecrites.iter().zip(&cles).map(|((avant, apres), cle)| journal::Entry {
        quand,
        acteur,
        action: if avant.is_some() { verbe } else { "epreuve.creer" },
        objet: "epreuve",
        cle,
        avant: avant.map(|f| f.journal(&noms)),
        apres: Some(apres.journal(&noms)),
    });
    journal::write_all(tx, entrees).await
}
