//! The calendar of a demonstration.

use std::collections::{BTreeMap, BTreeSet};

use iexam::Iexam;
use iexam::actions::epreuve_changer::decaler_jours;
use iexam::actions::epreuves_repartir::repartir;
use iexam::store::epreuve::epreuves_de;
use kernel::{AnneeUniversitaire, CodeElement, CodeEtape, NumeroEtudiant, VersionEtape, heure_de_besancon};

use super::ACTEUR;
use crate::Failure;

/// Épreuves of an étape, each at its hour: five of its odd semester and four of the other, those that students who may sign in take first.
pub(super) async fn epreuves(
    iexam: &Iexam,
    (periode, annee): (i64, AnneeUniversitaire),
    (etape, version): (&CodeEtape, &VersionEtape),
    (preferes, salles): (&BTreeSet<CodeElement>, &[i64]),
) -> Result<(), Failure> {
    let lus = iexam.offre.elements_evalues(annee, etape, version).await;
    let mut lus = lus.map_err(|err| Failure::new(err.to_string()))?;
    lus.retain(|e| {
        e.inscrits > 0 && e.controles.iter().any(|c| c.session == 1 && !c.nature.starts_with("dossier"))
    });
    lus.sort_by_key(|e| (!preferes.contains(&e.code), std::cmp::Reverse(e.inscrits)));
    let impair = |e: &&contracts::maquette::ElementEvalue| {
        let chiffres = e.periode.as_deref().unwrap_or_default().trim_start_matches('S');
        chiffres.parse::<u32>().is_ok_and(|n| n % 2 == 1)
    };
    let premiers = lus.iter().filter(|e| impair(e)).take(5);
    let seconds = lus.iter().filter(|e| !impair(e)).take(4);
    let elements: Vec<CodeElement> = premiers.chain(seconds).map(|e| e.code.clone()).collect();
    if !elements.is_empty() {
        repartir(iexam, periode, (etape, version), (&elements, salles), &ACTEUR).await?;
    }
    Ok(())
}

/// Moves one épreuve onto another of the same students, so that a demonstration has a conflict to show; none of those who may sign in.
pub(super) async fn heurter(
    iexam: &Iexam,
    (periode, annee): (i64, AnneeUniversitaire),
    evites: &BTreeSet<CodeElement>,
) -> Result<(), Failure> {
    let mut tenues = iexam.db.read(|c| async move { epreuves_de(&c, periode).await }).await?;
    tenues.retain(|e| !evites.contains(&e.element));
    let elements: Vec<CodeElement> = tenues.iter().map(|e| e.element.clone()).collect();
    let lus = iexam.offre.inscrits(annee, &elements).await.map_err(|err| Failure::new(err.to_string()))?;
    let mut eux: BTreeMap<CodeElement, BTreeSet<NumeroEtudiant>> = BTreeMap::new();
    for i in lus {
        eux.entry(i.element).or_default().insert(i.etudiant);
    }
    for a in &tenues {
        for b in &tenues {
            let (Some(de), Some(vers)) = (a.debut.map(heure_de_besancon), b.debut.map(heure_de_besancon))
            else {
                continue;
            };
            let communs = match (eux.get(&a.element), eux.get(&b.element)) {
                (Some(un), Some(autre)) => un.intersection(autre).count(),
                _ => 0,
            };
            if de.time() == vers.time() && de < vers && communs > 0 {
                let jours = (vers.date() - de.date()).num_days();
                decaler_jours(iexam, periode, &[a.id], jours, &ACTEUR).await?;
                return Ok(());
            }
        }
    }
    Ok(())
}
