//! The épreuves of an étape in one go, out of its MCCC. Done twice, the second time does nothing; an element shared by étapes has one
//! épreuve.

use db::journal;
use kernel::{Actor, CodeEtape, VersionEtape};
use serde_json::json;

use super::epreuve_fault::EpreuveFault;
use super::epreuve_poser::ouvrir;
use crate::Iexam;
use crate::domain::epreuves_proposees::{Nouvelle, Proposition, Sort, proposer};
use crate::store::epreuve::{epreuves_add, epreuves_tenues};
use crate::store::periode::periode_read;

/// What the étape needs, and what is there already.
///
/// # Errors
/// [`EpreuveFault`].
pub async fn apercevoir(
    iexam: &Iexam,
    periode: i64,
    etape: &CodeEtape,
    version: &VersionEtape,
) -> Result<Vec<Proposition>, EpreuveFault> {
    let lire = |c: db::sea_orm::DatabaseConnection| async move {
        let periode = periode_read(&c, periode).await?.ok_or(EpreuveFault::PeriodeInconnue)?;
        let tenues = epreuves_tenues(&c, periode.id).await?;
        Ok::<_, EpreuveFault>((periode, tenues))
    };
    let (periode, tenues) = iexam.db.read(lire).await?;
    let elements = iexam.offre.elements_evalues(periode.annee, etape, version).await?;
    if elements.is_empty() {
        return Err(EpreuveFault::EtapeInconnue);
    }
    Ok(proposer(&elements, periode.session, &tenues))
}

/// The épreuves to make, out of a preview.
#[must_use]
pub fn a_creer(propositions: &[Proposition]) -> Vec<&Nouvelle> {
    propositions
        .iter()
        .filter_map(|p| match &p.sort {
            Sort::Ajoutee(n) => Some(n),
            _ => None,
        })
        .collect()
}

/// Makes the épreuves of an étape that are not there. `attendues` is how many the person was shown; another number and nothing is
/// written. Gives their rows.
///
/// # Errors
/// [`EpreuveFault`].
pub async fn creer(
    iexam: &Iexam,
    periode: i64,
    etape: &CodeEtape,
    version: &VersionEtape,
    attendues: Option<usize>,
    acteur: &Actor,
) -> Result<Vec<i64>, EpreuveFault> {
    let propositions = apercevoir(iexam, periode, etape, version).await?;
    let nouvelles = &a_creer(&propositions);
    if attendues.is_some_and(|n| n != nouvelles.len()) {
        return Err(EpreuveFault::Bouge);
    }
    if nouvelles.is_empty() {
        return Ok(Vec::new());
    }
    let quand = iexam.clock.now();
    let ecrire = iexam.db.write(|tx| async move {
        let p = ouvrir(&*tx, periode).await?;
        let creees = epreuves_add(&*tx, p.id, nouvelles).await?;
        let tenues = epreuves_tenues(&*tx, p.id).await?;
        let faites = nouvelles.iter().filter_map(|n| {
            let (id, _) = tenues.get(&(n.element.clone(), n.rang))?;
            creees.contains(id).then(|| (id.to_string(), *n))
        });
        let faites: Vec<_> = faites.collect();
        let entrees = faites.iter().map(|(cle, n)| journal::Entry {
            quand,
            acteur,
            action: "epreuve.creer",
            objet: "epreuve",
            cle,
            avant: None,
            apres: Some(json!({
                "element": n.element.as_str(), "rang": n.rang, "libelle": n.libelle, "nature": n.nature.code(),
                "duree_min": n.duree_min, "sujet_par": n.sujet_par, "etape": format!("{etape}-{version}"),
            })),
        });
        journal::write_all(&*tx, entrees).await?;
        Ok::<_, EpreuveFault>(creees)
    });
    ecrire.await
}
