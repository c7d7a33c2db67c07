//! The handbook, read inside the product.

use std::fmt;

use ::web::components::{Alert, Field, Maybe, Tone};
use ::web::{Frame, ListQuery, Page, PageError, RouteTable, Routes};
use askama::Template;
use askama::filters::HtmlSafe;
use axum::extract::Path;
use kernel::Right;

use crate::Administration;
use crate::domain::manuel::{Trouve, chercher, pages};

/// Passages shown by a search.
const TROUVES: usize = 30;

/// The text of a page: made from the files of the handbook, which hold no HTML, and from nothing else.
struct Corps(&'static str);

impl fmt::Display for Corps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl HtmlSafe for Corps {}

#[derive(Template)]
#[template(path = "manuel/page.html")]
struct PageHtml {
    frame: Frame,
    recherche: Field,
    corps: Corps,
    sommaire: Vec<(String, String)>,
    autres: Vec<(String, String, bool)>,
}

#[derive(Template)]
#[template(path = "manuel/recherche.html")]
struct Recherche {
    frame: Frame,
    recherche: Field,
    cherche: String,
    rien: Maybe<Alert>,
    trouves: Vec<Trouve>,
    autres: Vec<(String, String, bool)>,
}

fn champ(valeur: &str) -> Field {
    Field::text("recherche", "Chercher dans le manuel").kind("search").value(valeur).maxlength(200)
}

/// The other pages, by title, and whether each is the one shown.
fn autres(nom: &str) -> Vec<(String, String, bool)> {
    let mut autres: Vec<_> =
        pages().values().map(|p| (format!("/aide/{}", p.nom), p.titre.clone(), p.nom == nom)).collect();
    autres.sort_by_key(|(_, titre, _)| kernel::fold(titre));
    // The index comes first: it is where one begins.
    autres.sort_by_key(|(href, ..)| href != "/aide/index");
    autres
}

fn montrer(frame: Frame, nom: &str) -> Result<Page<PageHtml>, PageError> {
    let page = pages().get(nom).ok_or_else(|| {
        PageError::nothing("Le manuel n’a pas de page de ce nom. Cherchez-la depuis son sommaire.")
    })?;
    let mut frame = frame.titled(page.titre.clone());
    if nom != "index" {
        frame = frame.crumb("Aide", "/aide");
    }
    let sommaire = if page.sommaire.len() > 2 { page.sommaire.clone() } else { Vec::new() };
    Ok(Page(PageHtml {
        frame,
        recherche: champ(""),
        corps: Corps(&page.corps),
        sommaire,
        autres: autres(nom),
    }))
}

async fn sommaire(frame: Frame, query: ListQuery) -> Result<axum::response::Response, PageError> {
    use axum::response::IntoResponse;
    if query.recherche.is_empty() {
        return Ok(montrer(frame, "index")?.into_response());
    }
    let trouves = chercher(&query.recherche, TROUVES);
    let rien = trouves.is_empty().then(|| {
        Alert::new(Tone::Info, format!("Rien ne répond à « {} » dans le manuel.", query.recherche))
            .way_out("Essayez un seul mot, ou un mot plus court.")
    });
    let frame = frame.titled("Recherche dans le manuel").crumb("Aide", "/aide");
    let recherche = champ(&query.recherche);
    let cherche = query.recherche.clone();
    Ok(Page(Recherche { frame, recherche, cherche, rien: Maybe(rien), trouves, autres: autres("") })
        .into_response())
}

async fn page(frame: Frame, Path(nom): Path<String>) -> Result<Page<PageHtml>, PageError> {
    montrer(frame, &nom)
}

/// The routes.
pub(super) fn routes(a: &Administration) -> RouteTable {
    Routes::with_state(a.clone())
        .get("/aide", Right::Connecte, sommaire)
        .get("/aide/{page}", Right::Connecte, page)
        .build()
}
