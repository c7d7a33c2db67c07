//! A first calendar of an étape: some of its épreuves are made, each at its hour, a morning and an afternoon a day, Sundays aside.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, Utc, Weekday};
use db::Tx;
use kernel::{Actor, CodeElement, CodeEtape, VersionEtape};

use super::epreuve_fault::EpreuveFault;
use super::epreuve_poser::{Fiche, ouvrir, poser};
use super::epreuves_creer::{a_creer, apercevoir};
use crate::Iexam;
use crate::domain::epreuve::{Epreuve, Nature};
use crate::domain::epreuves_proposees::Nouvelle;
use crate::domain::heure::instant_de_besancon;
use crate::domain::periode::Periode;
use crate::store::epreuve::epreuves_de;

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

/// Makes the first épreuve of these elements of an étape, as its MCCC says it, with a day, an hour and these rooms. What is there
/// already stays, and so do elements that are only handed in. Two are at the same hour only when there are more of them than hours. How
/// many were made.
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
    let voulues: Vec<&Nouvelle> = a_creer(&propositions)
        .into_iter()
        .filter(|n| n.rang == 1 && n.nature != Nature::Dossier && elements.contains(&n.element))
        .collect();
    let voulues = &voulues;
    let ecrire = |tx: Tx| async move {
        let p = ouvrir(&*tx, periode).await?;
        // How many épreuves of these elements each hour already has: the least taken comes first, then the earliest.
        let heures = creneaux(&p).into_iter().map(|(jour, heure)| instant_de_besancon(jour.and_time(heure)));
        let mut prises: Vec<(usize, DateTime<Utc>)> = heures.map(|h| (0, h)).collect();
        for debut in epreuves_de(&*tx, periode)
            .await?
            .iter()
            .filter(|e| elements.contains(&e.element))
            .filter_map(|e| e.debut)
        {
            prises.iter_mut().filter(|(_, h)| *h == debut).for_each(|(n, _)| *n += 1);
        }
        let mut fiches = Vec::new();
        for n in voulues {
            let Some(creneau) = prises.iter_mut().min() else { break };
            creneau.0 += 1;
            fiches.push(Fiche { epreuve: neuve(periode, n, creneau.1), salles: salles.to_vec() });
        }
        let n = fiches.len();
        if n > 0 {
            poser(&*tx, &p, fiches, "epreuve.creer", quand, acteur).await?;
        }
        Ok(n)
    };
    iexam.db.write(ecrire).await
}
