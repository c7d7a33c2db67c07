//! A first calendar of an étape: some of its épreuves are made, each at its hour, a morning and an afternoon a day, Sundays aside.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, Utc, Weekday};
use db::Tx;
use kernel::{Actor, CodeElement, CodeEtape, NumeroEtudiant, VersionEtape};

use super::epreuve_fault::EpreuveFault;
use super::epreuve_poser::{Fiche, ouvrir, poser};
use super::epreuves_creer::{a_creer, apercevoir};
use crate::Iexam;
use crate::domain::epreuve::{Epreuve, Nature};
use crate::domain::epreuves_proposees::Nouvelle;
use crate::domain::heure::instant_de_besancon;
use crate::domain::periode::Periode;
use crate::store::epreuve::epreuves_de;
use crate::store::periode::periode_read;

/// A morning and an afternoon of each working day of a period.
#[must_use]
pub fn creneaux(p: &Periode) -> Vec<(NaiveDate, NaiveTime)> {
    let heure = |h| NaiveTime::from_hms_opt(h, 0, 0).unwrap_or_default();
    let jours = p.epreuves_debut.iter_days().take_while(|j| *j <= p.epreuves_fin);
    jours.filter(|j| j.weekday() != Weekday::Sun).flat_map(|j| [(j, heure(9)), (j, heure(14))]).collect()
}

fn neuve(periode: i64, n: &Nouvelle, debut: DateTime<Utc>) -> Epreuve {
    Epreuve {
        id: 0,
        periode,
        element: n.element.clone(),
        rang: n.rang,
        libelle: n.libelle.clone(),
        nature: n.nature,
        debut: Some(debut),
        duree_min: n.duree_min,
        documents: String::new(),
        sujet_par: n.sujet_par.clone(),
        surveillee: true,
        annulee: false,
    }
}

/// Who is registered to each element.
type Inscrits = BTreeMap<CodeElement, BTreeSet<NumeroEtudiant>>;

/// What an hour already holds: who sits something then, and how many épreuves of the étape.
#[derive(Debug)]
struct Creneau {
    debut: DateTime<Utc>,
    assis: BTreeSet<NumeroEtudiant>,
    siennes: usize,
}

impl Creneau {
    fn prendre(&mut self, eux: Option<&BTreeSet<NumeroEtudiant>>, sienne: bool) {
        self.assis.extend(eux.into_iter().flatten().cloned());
        self.siennes += usize::from(sienne);
    }
}

/// The hours of a period with what stands in them.
fn occupes(p: &Periode, tenues: &[Epreuve], inscrits: &Inscrits, siens: &[CodeElement]) -> Vec<Creneau> {
    let heures = creneaux(p).into_iter().map(|(jour, heure)| instant_de_besancon(jour.and_time(heure)));
    let libre = |debut| Creneau { debut, assis: BTreeSet::new(), siennes: 0 };
    let mut creneaux: Vec<Creneau> = heures.map(libre).collect();
    for e in tenues.iter().filter(|e| !e.annulee) {
        // What starts at another minute belongs to the half-day that it starts in.
        let place = e.debut.and_then(|d| creneaux.iter_mut().rfind(|c| c.debut <= d));
        if let Some(creneau) = place {
            creneau.prendre(inscrits.get(&e.element), siens.contains(&e.element));
        }
    }
    creneaux
}

/// Makes the first épreuve of these elements of an étape, as its MCCC says it, with a day, an hour and these rooms. What is there
/// already stays, and so do elements that are only handed in. Each goes to the hour at which the fewest of its students sit something
/// else, then to that which has the fewest épreuves of the étape, then to the earliest. How many were made.
///
/// # Errors
/// [`EpreuveFault`].
pub async fn repartir(
    iexam: &Iexam,
    periode: i64,
    (etape, version): (&CodeEtape, &VersionEtape),
    (elements, salles): (&[CodeElement], &[i64]),
    acteur: &Actor,
) -> Result<usize, EpreuveFault> {
    let propositions = apercevoir(iexam, periode, etape, version).await?;
    let quand = iexam.clock.now();
    let mut voulues: Vec<&Nouvelle> = a_creer(&propositions)
        .into_iter()
        .filter(|n| n.rang == 1 && n.nature != Nature::Dossier && elements.contains(&n.element))
        .collect();
    let (p, tenues) = iexam
        .db
        .read(|c| async move {
            let p = periode_read(&c, periode).await?.ok_or(EpreuveFault::PeriodeInconnue)?;
            Ok::<_, EpreuveFault>((p, epreuves_de(&c, periode).await?))
        })
        .await?;
    let connus = tenues.iter().map(|e| &e.element).chain(voulues.iter().map(|n| &n.element));
    let connus: BTreeSet<CodeElement> = connus.cloned().collect();
    let connus: Vec<CodeElement> = connus.into_iter().collect();
    let mut inscrits = Inscrits::new();
    for i in iexam.offre.inscrits(p.annee, &connus).await? {
        inscrits.entry(i.element).or_default().insert(i.etudiant);
    }
    let inscrits = &inscrits;
    // Those that most students share are placed first: there is most room for them.
    voulues.sort_by_key(|n| std::cmp::Reverse(inscrits.get(&n.element).map_or(0, BTreeSet::len)));
    let voulues = &voulues;
    let ecrire = |tx: Tx| async move {
        let p = ouvrir(&*tx, periode).await?;
        let mut creneaux = occupes(&p, &epreuves_de(&*tx, periode).await?, inscrits, elements);
        let mut fiches = Vec::new();
        for n in voulues {
            let eux = inscrits.get(&n.element);
            let heurtes =
                |c: &Creneau| eux.map_or(0, |eux| eux.iter().filter(|e| c.assis.contains(*e)).count());
            let Some(creneau) = creneaux.iter_mut().min_by_key(|c| (heurtes(c), c.siennes, c.debut)) else {
                break;
            };
            creneau.prendre(eux, true);
            fiches.push(Fiche { epreuve: neuve(periode, n, creneau.debut), salles: salles.to_vec() });
        }
        let n = fiches.len();
        if n > 0 {
            poser(&*tx, &p, fiches, "epreuve.creer", quand, acteur).await?;
        }
        Ok(n)
    };
    iexam.db.write(ecrire).await
}
