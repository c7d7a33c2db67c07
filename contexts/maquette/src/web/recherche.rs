//! Search of everything: a code, a name, a number. An exact code opens its page; the rest is grouped by kind.

use ::web::components::{Badge, Column, Empty, Row, Suggestions, Table, Tone};
use ::web::{Frame, Html, ListQuery, Page, PageError, Redirection, RouteTable, Routes, Visitor};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use db::DbError;
use kernel::Right;

use super::element::mot_liste;
use super::lien::{
    lien_absence, lien_diplome, lien_element, lien_enseignant, lien_etape, lien_etudiant, lien_filtre,
};
use super::{Maquette, dans_l_annee};
use crate::domain::genre::Genre;
use crate::store::recherche::{Groupe, Trouve, recherche_groupe};

/// Shown of each kind before its whole list.
const PAR_GROUPE: u64 = 6;

/// Shown of each kind while one types.
const PAR_APERCU: u64 = 3;

/// The kinds searched, in the order shown, with the list that has them all and the right that it needs.
const GENRES: [(Genre, Option<&str>, Right); 6] = [
    (Genre::Etape, Some("/maquette/etapes"), Right::MaquetteLire),
    (Genre::Element, Some("/maquette/elements"), Right::MaquetteLire),
    (Genre::Diplome, Some("/maquette/diplomes"), Right::MaquetteLire),
    (Genre::Liste, None, Right::MaquetteLire),
    (Genre::Etudiant, Some("/maquette/etudiants"), Right::EtudiantsLire),
    (Genre::Enseignant, Some("/maquette/enseignants"), Right::EnseignantsLire),
];

#[derive(Template)]
#[template(path = "recherche.html")]
struct Recherche {
    frame: Frame,
    texte: String,
    groupes: Vec<Html>,
    rien: Option<Empty>,
}

/// The page of what was found; a list has none.
fn lien(genre: Genre, t: &Trouve) -> Option<String> {
    let (code, version) = &t.cle;
    Some(match genre {
        Genre::Etape => lien_etape(code, version.as_deref()),
        Genre::Element => lien_element(code),
        Genre::Diplome => lien_diplome(code),
        Genre::Etudiant => lien_etudiant(code),
        Genre::Enseignant => lien_enseignant(code),
        _ => return None,
    })
}

/// The only page that the text names exactly, when there is one: several versions of one étape lead to its list.
fn exact(groupes: &[Groupe]) -> Option<String> {
    let mut exacts = groupes
        .iter()
        .flat_map(|g| g.trouves.iter().filter(|t| t.exact).filter_map(move |t| lien(g.genre, t)));
    let seul = exacts.next()?;
    exacts.next().is_none().then_some(seul)
}

/// `/recherche`.
async fn recherche(
    frame: Frame,
    query: ListQuery,
    visitor: Visitor,
    State(m): State<Maquette>,
) -> Result<Response, PageError> {
    let annee = m.annee(&query).await?;
    let a = annee.premiere();
    let texte = query.recherche.clone();
    let apercu = query.filtre("apercu").is_some();
    let combien = if apercu { PAR_APERCU } else { PAR_GROUPE };
    let mut groupes = Vec::new();
    if !texte.is_empty() {
        let (mot, genres) = (texte.as_str(), GENRES.iter().filter(|(.., droit)| visitor.may(*droit)));
        groupes = m
            .outils
            .db
            .read(|c| async move {
                let mut trouves = Vec::new();
                for (genre, ..) in genres {
                    trouves.extend(recherche_groupe(&c, a, *genre, mot, combien).await?);
                }
                Ok::<_, DbError>(trouves)
            })
            .await?;
    }
    if apercu {
        return Ok(Page(suggestions(&groupes, &texte, &query)).into_response());
    }
    if query.filtre("rester").is_none()
        && let Some(href) = exact(&groupes)
    {
        return Ok(Redirection::to(dans_l_annee(href, &query)).into_response());
    }
    let rien = groupes.is_empty().then(|| {
        if texte.is_empty() {
            Empty::new(
                "Que cherchez-vous ?",
                "Tapez un code d’étape, d’élément ou de diplôme, un nom, un numéro d’étudiant ou d’enseignant.",
            )
        } else {
            Empty::new(
                "Rien de tel",
                format!("Rien ne répond à « {texte} » dans l’année {}.", annee.libelle()),
            )
            .action("Pourquoi absent ?", dans_l_annee(lien_absence(&texte), &query))
        }
    });
    let page = Recherche {
        frame: frame.titled("Recherche").searched(texte.clone()),
        groupes: groupes.iter().map(|g| Html::of(&groupe(g, &texte, &query))).collect(),
        texte,
        rien,
    };
    Ok(Page(page).into_response())
}

/// The list that has all of a kind, narrowed to what was typed.
fn tout(genre: Genre, texte: &str, query: &ListQuery) -> Option<String> {
    let (_, liste, _) = GENRES.iter().find(|(g, ..)| *g == genre)?;
    Some(dans_l_annee(lien_filtre((*liste)?, "recherche", texte), query))
}

/// The key as one reads it.
fn cle(t: &Trouve) -> String {
    let (code, version) = &t.cle;
    version.as_ref().map_or_else(|| code.clone(), |v| format!("{code} · {v}"))
}

/// What the search box shows while one types: only what opens a page.
fn suggestions(groupes: &[Groupe], texte: &str, query: &ListQuery) -> Suggestions {
    let page = dans_l_annee(lien_filtre("/recherche", "recherche", texte), query);
    let mut s = Suggestions::new(texte, page);
    for g in groupes {
        s = s.group(g.genre.description().titre);
        for t in &g.trouves {
            let Some(href) = lien(g.genre, t) else { continue };
            s = s.item(cle(t), t.libelle.clone(), dans_l_annee(href, query));
            if t.ferme {
                s = s.badge(Badge::new(Tone::Neutral, "Fermé ou disparu"));
            }
        }
        if let Some(tout) = tout(g.genre, texte, query) {
            s = s.more(g.total, tout);
        }
    }
    s
}

/// A kind, the first found of it, and the way to the rest.
#[derive(Template)]
#[template(path = "recherche_groupe.html")]
struct Trouves {
    table: Table,
    suite: Option<(String, String)>,
}

fn groupe(g: &Groupe, texte: &str, query: &ListQuery) -> Trouves {
    let titre = g.genre.description().titre;
    let ligne = |t: &Trouve| {
        let mut etats = Vec::new();
        if t.exact {
            etats.push(Badge::new(Tone::Info, "Code exact"));
        }
        if t.ferme {
            etats.push(Badge::new(Tone::Neutral, "Fermé ou disparu"));
        }
        let detail = match g.genre {
            Genre::Liste => t.detail.as_deref().map(|d| mot_liste(d).to_owned()),
            _ => t.detail.clone(),
        };
        let row = lien(g.genre, t).map_or_else(Row::new, |href| Row::to(dans_l_annee(href, query)));
        row.code(cle(t)).text(&t.libelle).text_opt(detail).badges(etats).muted(t.ferme)
    };
    let table = Table::new(g.genre.description().code, titre)
        .columns([
            Column::text("code", "Code"),
            Column::text("libelle", "Libellé"),
            Column::text("detail", "Précision").optional(),
            Column::text("etat", "État").optional(),
        ])
        .counting(g.total)
        .rows(g.trouves.iter().map(ligne));
    let suite = tout(g.genre, texte, query).filter(|_| g.total > g.trouves.len() as u64).map(|tout| {
        let nombre = kernel::nombre_francais(i64::try_from(g.total).unwrap_or(i64::MAX));
        (format!("Voir les {nombre} résultats"), tout)
    });
    Trouves { table, suite }
}

/// The routes.
pub(super) fn routes(m: &Maquette) -> RouteTable {
    Routes::with_state(m.clone()).get("/recherche", Right::MaquetteLire, recherche).build()
}
