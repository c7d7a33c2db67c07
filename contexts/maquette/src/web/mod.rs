//! Maquette's pages. One file per family: page struct, handlers; templates at the same path.

mod absence;
mod accueil;
mod annulation;
mod anomalies;
mod arbre;
mod changements;
mod collectes;
mod corrections;
mod diplomes;
mod element;
mod elements;
mod enseignants;
mod etapes;
mod etudiant;
mod etudiants;
mod historique;
mod inscrits;
mod lien;
mod liste;
mod objet;
mod rapport;
mod recherche;
mod repere;

use std::sync::Arc;

use ::web::components::Filter;
use ::web::{ListQuery, PageError, RouteTable};
use chrono::{DateTime, Utc};
use contracts::liens::EtatDesSources;
use contracts::veille::Veille;
use kernel::AnneeUniversitaire;

pub(crate) use lien::segment;
pub use lien::{lien_element, lien_etape};
pub use repere::Reperes;

use crate::actions::demander::annee_courante;
use crate::actions::{Outils, Sources};
use crate::domain::Portee;
use crate::store;

/// What every page of Maquette needs.
#[derive(Clone)]
pub struct Maquette {
    /// Database, clock, settings.
    pub outils: Outils,
    /// Where collections are queued.
    pub queue: ::jobs::Queue,
    /// What is known of the sources.
    pub sources: Arc<dyn EtatDesSources>,
    /// Where they are read, for the one page that asks them something at once.
    pub lectures: Sources,
    /// What waits for the registry in the other applications.
    pub veilles: Vec<Arc<dyn Veille>>,
}

impl std::fmt::Debug for Maquette {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Maquette").field("outils", &self.outils).finish_non_exhaustive()
    }
}

impl Maquette {
    /// The year looked at: `?annee=`; else the latest one held of the maquette that `?maquette=` names; else the current one.
    async fn annee(&self, query: &ListQuery) -> Result<AnneeUniversitaire, PageError> {
        let demandee = |nom: &str| query.filtre(nom).and_then(|a| a.parse::<AnneeUniversitaire>().ok());
        if let Some(annee) = demandee("annee") {
            return Ok(annee);
        }
        match demandee("maquette") {
            Some(maquette) => Ok(repere::annee_de_maquette(&self.outils, maquette).await?),
            None => Ok(match self.present().await?.courante {
                Some(annee) => annee,
                None => annee_courante(&self.outils).await?,
            }),
        }
    }

    /// What is true now of the years, the maquettes and the age of what is held, from memory.
    async fn present(&self) -> Result<Arc<store::present::Etat>, PageError> {
        Ok(store::present::Present::de(&self.outils.db).etat().await?)
    }

    /// « Apogée (extraction), il y a 3 h »: where what a page shows comes from, and when that year was last collected.
    async fn provenance(
        &self,
        source: &str,
        portee: Portee,
        annee: AnneeUniversitaire,
    ) -> Result<String, PageError> {
        Ok(match self.present().await?.obtenu_le(portee, annee) {
            Some(fin) => format!("{source}, collecté {}", self.age(fin)),
            None => source.to_owned(),
        })
    }

    /// The years that can be looked at, as a filter of a list; nothing when there is only one.
    async fn filtre_annee(&self) -> Result<Option<Filter>, PageError> {
        let etat = self.present().await?;
        let annees: Vec<_> = etat.annees.iter().copied().filter_map(AnneeUniversitaire::new).collect();
        let filtre = Filter::new("annee", "Année");
        Ok((annees.len() > 1)
            .then(|| annees.iter().fold(filtre, |f, annee| f.option(annee.to_string(), annee.libelle()))))
    }

    /// « il y a 3 min », with the instant for who wants it exact.
    fn age(&self, instant: DateTime<Utc>) -> String {
        let age = self.outils.clock.now() - instant;
        if age < chrono::Duration::minutes(1) {
            return "à l’instant".to_owned();
        }
        if age < chrono::Duration::hours(12) {
            return format!("il y a {}", kernel::duree_francaise(age));
        }
        le(instant)
    }
}

/// « annee=2022 » or « maquette=2019 »: what the page was asked to look at, which its links keep.
fn contexte(query: &ListQuery) -> Option<String> {
    ["annee", "maquette"].into_iter().find_map(|nom| {
        let valeur = query.filtre(nom)?.parse::<AnneeUniversitaire>().ok()?;
        Some(format!("{nom}={valeur}"))
    })
}

/// `href`, in the year that the page looks at when it asked for one: what one opens stays in that year.
fn dans_l_annee(href: String, query: &ListQuery) -> String {
    match contexte(query) {
        Some(contexte) => format!("{href}{}{contexte}", if href.contains('?') { '&' } else { '?' }),
        None => href,
    }
}

/// A filter out of values and how many rows have each.
fn facette(nom: &str, libelle: &str, valeurs: Vec<(String, String, u64)>) -> Filter {
    let filtre = Filter::new(nom, libelle);
    valeurs.into_iter().fold(filtre, |f, (code, mot, nombre)| f.counted(code, mot, nombre))
}

/// « lundi 13 janvier 2025 à 9 h 00 », Besançon time.
fn le(instant: DateTime<Utc>) -> String {
    kernel::instant_francais(kernel::heure_de_besancon(instant))
}

/// Maquette's routes, each with the right it asks: each file of pages declares its own.
#[must_use]
pub fn routes(m: Maquette) -> RouteTable {
    accueil::routes(&m)
        .merge(absence::routes(&m))
        .merge(annulation::routes(&m))
        .merge(anomalies::routes(&m))
        .merge(changements::routes(&m))
        .merge(collectes::routes(&m))
        .merge(corrections::routes(&m))
        .merge(diplomes::routes(&m))
        .merge(elements::routes(&m))
        .merge(enseignants::routes(&m))
        .merge(etapes::routes(&m))
        .merge(etudiants::routes(&m))
        .merge(historique::routes(&m))
        .merge(recherche::routes(&m))
        .merge(repere::routes(&m))
}
