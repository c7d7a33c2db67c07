//! The page of one object: who it is, its figures, what asks for attention, its parts as tabs, its history last.

use ::web::components::{Alert, Identity, KeyFigures, Tab, Tabs};
use ::web::{Frame, Html, ListQuery};
use askama::Template;

use super::contexte;

/// Any object's page. Its parts are tabs, each with an address of its own.
#[derive(Template)]
#[template(path = "objet.html")]
pub(super) struct Objet {
    pub(super) frame: Frame,
    pub(super) identite: Identity,
    pub(super) actions: Vec<Html>,
    pub(super) chiffres: KeyFigures,
    pub(super) alertes: Vec<Alert>,
    pub(super) onglets: Tabs,
    pub(super) sections: Vec<Html>,
}

/// Name of the parameter that says which part is shown.
const ONGLET: &str = "onglet";

/// The parts of an object's page, the first being shown when the address names none.
#[derive(Debug)]
pub(super) struct Onglets<'q> {
    query: &'q ListQuery,
    parts: Vec<(&'static str, String, Option<u64>)>,
}

impl<'q> Onglets<'q> {
    pub(super) fn new(query: &'q ListQuery) -> Self {
        Self { query, parts: Vec::new() }
    }

    /// One more part: its name in the address, its title, how many things are in it.
    pub(super) fn part(mut self, code: &'static str, titre: impl Into<String>, nombre: Option<u64>) -> Self {
        self.parts.push((code, titre.into(), nombre));
        self
    }

    /// Which part is shown.
    pub(super) fn choisi(&self) -> &'static str {
        let voulu = self.query.filtre(ONGLET);
        let connu = self.parts.iter().find(|(code, ..)| Some(*code) == voulu);
        connu.or(self.parts.first()).map_or("", |(code, ..)| code)
    }

    /// The tabs; `nom` names the object for a screen reader.
    pub(super) fn tabs(self, nom: impl Into<String>) -> Tabs {
        let choisi = self.choisi();
        let premier = self.parts.first().map(|(code, ..)| *code);
        let contexte = contexte(self.query);
        let tabs = self.parts.iter().map(|(code, titre, nombre)| {
            let onglet = (Some(*code) != premier).then(|| format!("{ONGLET}={code}"));
            let suite: Vec<String> = contexte.iter().cloned().chain(onglet).collect();
            let href = match suite.join("&") {
                suite if suite.is_empty() => self.query.path.clone(),
                suite => format!("{}?{suite}", self.query.path),
            };
            let tab = Tab::new(titre.clone(), href).current(*code == choisi);
            match nombre {
                Some(n) => tab.count(*n),
                None => tab,
            }
        });
        Tabs::new(nom, tabs)
    }
}
