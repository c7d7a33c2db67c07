//! Arrangements: the list, the page of one, how one is added.

mod ajouter;
mod formulaire;
mod liste;
mod une;

use std::collections::BTreeMap;

use ::web::components::Tone;
use ::web::{Redirection, RouteTable, Routes};
use kernel::{NumeroEtudiant, Right};

use crate::Iexam;
use crate::actions::amenager::Effets;

const LISTE: &str = "/iexam/amenagements";

/// Names of these students, from the offer; none when it does not answer.
async fn noms(iexam: &Iexam, numeros: &[NumeroEtudiant]) -> BTreeMap<NumeroEtudiant, String> {
    let lus = match iexam.offre.annee_courante().await {
        Ok(Some(annee)) => iexam.offre.etudiants(annee, numeros).await,
        Ok(None) => Ok(Vec::new()),
        Err(err) => Err(err),
    };
    match lus {
        Ok(lus) => lus.into_iter().map(|e| (e.numero.clone(), e.nom_classe())).collect(),
        Err(err) => {
            tracing::warn!(%err, "arrangements are shown without names");
            BTreeMap::new()
        }
    }
}

/// What saving did, in words.
fn fini(dit: &str, effets: &Effets) -> Redirection {
    let mut phrase = format!("{dit} {}", effets.phrase());
    for (du, au) in &effets.communs {
        phrase.push_str(&format!(
            " Un autre aménagement de cet étudiant vaut aussi du {} au {} : c’est le dernier commencé qui s’applique ces jours-là.",
            du.format("%d/%m/%Y"),
            au.format("%d/%m/%Y")
        ));
    }
    let ton = if effets.communs.is_empty() { Tone::Success } else { Tone::Warning };
    Redirection::to(format!("{LISTE}/{}", effets.id)).saying(ton, phrase)
}

pub(super) fn routes(iexam: &Iexam) -> RouteTable {
    let (lire, regler) = (Right::ExamensLire, Right::ExamensRegler);
    Routes::with_state(iexam.clone())
        .get(LISTE, lire, liste::liste)
        .get("/iexam/amenagements/nouveau", regler, ajouter::nouveau)
        .post("/iexam/amenagements/nouveau", regler, ajouter::ajouter)
        .get("/iexam/amenagements/{id}", lire, une::voir)
        .post("/iexam/amenagements/{id}", regler, une::modifier)
        .post("/iexam/amenagements/{id}/retirer", regler, une::retirer)
        .post("/iexam/amenagements/{id}/rendre", regler, une::rendre)
        .build()
}
