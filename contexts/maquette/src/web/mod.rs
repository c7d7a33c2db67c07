//! Maquette's pages. One file per family: page struct, handlers; templates at the same path.

mod absence;
mod accueil;
mod annulation;
mod anomalies;
mod changements;
mod collectes;
mod corrections;
mod diplomes;
mod elements;
mod enseignants;
mod etapes;
mod etudiants;
mod historique;
mod lien;
mod rapport;
mod recherche;
mod repere;

use std::sync::Arc;

use ::web::components::Filter;
use ::web::{ListQuery, PageError, RouteTable};
use chrono::{DateTime, Utc};
use contracts::liens::EtatDesSources;
use kernel::AnneeUniversitaire;

pub use lien::{lien_element, lien_etape};
pub use repere::Reperes;

use crate::actions::Outils;
use crate::actions::demander::annee_courante;
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
}

impl std::fmt::Debug for Maquette {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Maquette").field("outils", &self.outils).finish_non_exhaustive()
    }
}

impl Maquette {
    /// The year looked at: `?annee=`, else the current one.
    async fn annee(&self, query: &ListQuery) -> Result<AnneeUniversitaire, PageError> {
        match query.filtre("annee").and_then(|a| a.parse().ok()) {
            Some(annee) => Ok(annee),
            None => Ok(annee_courante(&self.outils).await?),
        }
    }

    /// The years that can be looked at, as a filter of a list; nothing when there is only one.
    async fn filtre_annee(&self) -> Result<Option<Filter>, PageError> {
        let annees = self.outils.db.read(|c| async move { store::maquette::annees_tenues(&c).await }).await?;
        let annees: Vec<_> = annees.into_iter().filter_map(AnneeUniversitaire::new).collect();
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

/// `href`, in the year that the page looks at when it asked for one: what one opens stays in that year.
fn dans_l_annee(href: String, query: &ListQuery) -> String {
    match query.filtre("annee").and_then(|a| a.parse::<AnneeUniversitaire>().ok()) {
        Some(annee) => format!("{href}?annee={annee}"),
        None => href,
    }
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
}
