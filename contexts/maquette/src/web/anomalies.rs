//! Anomalies as work: a list divided by where each stands, the page of one, several at once.

mod liste;
mod lot;
mod regler;
mod une;

use ::web::components::{Badge, Column, Row, Table, Tone};
use ::web::{ListQuery, PageError, RouteTable, Routes};
use kernel::Right;

use super::lien::lien_objet;
use super::{Maquette, dans_l_annee};
use crate::actions::corriger::aujourd_hui;
use crate::domain::anomalie::{Gravite, Regle};
use crate::domain::arbitrage::Situation;
use crate::domain::genre::Genre;
use crate::store::anomalie::{AnomalieVue, Filtre, anomalie_list};

fn badge(regle: Option<Regle>) -> Badge {
    match regle.map(Regle::gravite) {
        Some(g @ Gravite::Bloquante) => Badge::new(Tone::Danger, g.libelle()),
        Some(g @ Gravite::AArbitrer) => Badge::new(Tone::Action, g.libelle()),
        Some(g @ Gravite::Remarque) => Badge::new(Tone::Neutral, g.libelle()),
        None => Badge::new(Tone::Neutral, "Autre"),
    }
}

/// Where an anomaly stands, in a word, a colour and a shape.
fn badge_situation(situation: Situation) -> Badge {
    match situation {
        Situation::ATraiter => Badge::new(Tone::Action, situation.libelle()),
        Situation::Attribuee => Badge::new(Tone::Info, situation.libelle()).icon("user"),
        Situation::Revenue => Badge::new(Tone::Warning, situation.libelle()),
        Situation::Reglee => Badge::new(Tone::Success, situation.libelle()),
        Situation::Ignoree => Badge::new(Tone::Neutral, situation.libelle()),
    }
}

/// Name of the rule.
fn regle(a: &AnomalieVue) -> String {
    Regle::of_code(&a.regle).map_or_else(|| a.regle.clone(), |r| r.libelle().to_owned())
}

/// « Apogée : 6 ECTS »; a value that says nothing is not followed by a colon.
fn dit((source, valeur): &(String, String)) -> String {
    if valeur.is_empty() { format!("{source} : rien") } else { format!("{source} : {valeur}") }
}

/// The page of the object an anomaly speaks of.
fn lien(a: &AnomalieVue) -> Option<String> {
    let parties: Vec<String> = match Genre::of_code(&a.objet).map(|g| g.description().cle.len()) {
        Some(1) => vec![a.cle.clone()],
        _ => a.cle.split(" · ").map(ToOwned::to_owned).collect(),
    };
    lien_objet(&a.objet, &parties).filter(|_| !a.cle.starts_with("Kofr "))
}

/// The page of an anomaly, in the list it is opened from: what comes before and after it is known there.
fn lien_anomalie(id: i64, query: &ListQuery) -> String {
    let url = query.a_la_page(1).url();
    match url.split_once('?') {
        Some((_, suite)) => format!("/maquette/anomalies/{id}?{suite}"),
        None => format!("/maquette/anomalies/{id}"),
    }
}

/// Anomalies of one object, for its page; nothing when it has none. Those settled or set aside are shown as such.
pub(super) async fn de_l_objet(
    m: &Maquette,
    query: &ListQuery,
    annee: u16,
    objet: &str,
    cle: &str,
) -> Result<Option<Table>, PageError> {
    let filtre = Filtre { objet: Some((objet, cle)), ..Filtre::default() };
    let (filtre, jour) = (&filtre, aujourd_hui(&m.outils));
    let page = m
        .outils
        .db
        .read(|c| async move { anomalie_list(&c, annee, filtre, jour, db::Paging::new(1, 50)).await })
        .await?;
    let ligne = |a: &AnomalieVue| {
        let regle_connue = Regle::of_code(&a.regle);
        Row::to(dans_l_annee(format!("/maquette/anomalies/{}", a.id), query))
            .text(regle(a))
            .badge(badge(regle_connue))
            .text(dit(&a.a))
            .text(dit(&a.b))
            .badge(badge_situation(a.situation))
            .muted(!a.situation.ouverte())
    };
    Ok((page.total > 0).then(|| {
        Table::new("anomalies", "Anomalies")
            .columns([
                Column::text("regle", "Anomalie"),
                Column::text("gravite", "Gravité"),
                Column::text("a", "Une source dit"),
                Column::text("b", "L’autre, ou la règle"),
                Column::text("etat", "État"),
            ])
            .rows(page.elements.iter().map(ligne))
    }))
}

/// The routes.
pub(super) fn routes(m: &Maquette) -> RouteTable {
    let traiter = Right::AnomaliesTraiter;
    Routes::with_state(m.clone())
        .get("/maquette/anomalies", Right::MaquetteLire, liste::liste)
        .get("/maquette/anomalies/{id}", Right::MaquetteLire, une::une)
        .post("/maquette/anomalies/{id}/regler", traiter, regler::regler)
        .post("/maquette/anomalies/{id}/attribuer", traiter, regler::attribuer)
        .post("/maquette/anomalies/{id}/ignorer", traiter, regler::ignorer)
        .post("/maquette/anomalies/{id}/rouvrir", traiter, regler::rouvrir)
        .post("/maquette/anomalies/lot/attribuer", traiter, lot::attribuer)
        .post("/maquette/anomalies/lot/ignorer", traiter, lot::ignorer)
        .post("/maquette/anomalies/lot/attribuer/appliquer", traiter, lot::attribuer_appliquer)
        .post("/maquette/anomalies/lot/ignorer/appliquer", traiter, lot::ignorer_appliquer)
        .build()
}
