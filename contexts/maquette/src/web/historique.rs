//! The history of one object, at the end of its page: who, when, old → new.

use ::web::components::{Badge, Cell, Column, Diff, Empty, Row, Table, Tone};
use ::web::{Html, ListQuery, PageError, RouteTable, Routes};
use db::Paging;

use super::Maquette;
use super::changements::{differences, parties, ton};
use crate::domain::genre::Genre;
use crate::domain::{Portee, Sorte};
use crate::store::changement::ChangementTenu;
use crate::store::historique::{Fait, Sujet, Trace, historique_list};

/// How many lines a page of history has: each is tall.
const TAILLE: u64 = 25;

/// The history of an object and its parts, the latest first, paged.
pub(super) async fn historique(m: &Maquette, query: &ListQuery, sujet: Sujet<'_>) -> Result<Html, PageError> {
    let query = query.par(TAILLE).a_la_page(query.page);
    let paging = Paging::new(query.page, TAILLE);
    let page = m.outils.db.read(|c| async move { historique_list(&c, sujet, paging).await }).await?;
    let table = Table::new("historique", "Historique")
        .columns([
            Column::text("quand", "Quand"),
            Column::text("quoi", "Quoi"),
            Column::text("detail", "Ancien → nouveau"),
            Column::text("qui", "Qui"),
        ])
        .listing(&query, page.total)
        .rows(page.elements.iter().map(ligne))
        .empty(
            Empty::new(
                "Aucun changement",
                "Aucune collecte ni aucune correction n’a changé cet objet depuis qu’il est tenu ici.",
            )
            .icon("history"),
        );
    Ok(Html::of(&table))
}

fn ligne(t: &Trace) -> Row {
    let row = Row::new().cell(Cell::instant(t.quand));
    match &t.fait {
        Fait::Changement { collecte, annule, annee, portee, sorte, .. } => {
            let href = format!("/maquette/collectes/{collecte}");
            let genre = Genre::of_code(&t.objet);
            let sorte = Sorte::of_code(sorte).unwrap_or(Sorte::Modification);
            let source = match annule {
                Some(n) => format!("annulation du n° {n}"),
                None if portee == Portee::Correction.code() => format!("correction n° {collecte}"),
                None => format!("collecte n° {collecte}"),
            };
            row.badge(Badge::new(ton(sorte), sorte.libelle()))
                .cell(Cell::Html(details(t, genre, *annee)))
                .link(format!("{}, {source}", t.acteur), href)
        }
        Fait::Journal { action } => {
            let (ton, mot) = verbe(action);
            let href = match t.objet.as_str() {
                "anomalie" => format!("/maquette/anomalies/{}", t.cle),
                _ => format!("/maquette/corrections/{}", t.cle),
            };
            row.badge(Badge::new(ton, mot))
                .cell(Cell::Html(Html::all(&au_journal(t))))
                .link(t.acteur.clone(), href)
        }
    }
}

/// A verb of the journal, in words.
fn verbe(action: &str) -> (Tone, &str) {
    match action {
        "correction.poser" => (Tone::Action, "Correction posée"),
        "correction.modifier" => (Tone::Info, "Correction modifiée"),
        "correction.retirer" => (Tone::Neutral, "Correction retirée"),
        "correction.expirer" => (Tone::Neutral, "Correction échue"),
        "anomalie.attribuer" => (Tone::Info, "Anomalie attribuée"),
        "anomalie.regler" => (Tone::Success, "Anomalie réglée"),
        "anomalie.ignorer" => (Tone::Neutral, "Anomalie ignorée"),
        "anomalie.rouvrir" => (Tone::Warning, "Anomalie rouverte"),
        autre => (Tone::Neutral, autre),
    }
}

/// What a change did: to which part, which year, which values.
fn details(t: &Trace, genre: Option<Genre>, annee: i64) -> Html {
    let Fait::Changement { sorte, libelle, .. } = &t.fait else { return Html::default() };
    let tenu = ChangementTenu {
        id: 0,
        genre: t.objet.clone(),
        sorte: sorte.clone(),
        cause: String::new(),
        cle: serde_json::from_str(&t.cle).unwrap_or_default(),
        libelle: libelle.clone(),
        avant: t.avant.clone(),
        apres: t.apres.clone(),
    };
    let cle = parties(&tenu).join(" · ");
    let ou = genre.map_or_else(String::new, |g| g.description().titre.to_owned());
    let an = u16::try_from(annee).ok().and_then(kernel::AnneeUniversitaire::new);
    let an = an.map(|a| format!(" ({})", a.libelle())).unwrap_or_default();
    Html::of(&Detail { quoi: format!("{ou} : {cle}{an}"), diffs: differences(&tenu) })
}

#[derive(askama::Template)]
#[template(path = "historique.html")]
struct Detail {
    quoi: String,
    diffs: Vec<Diff>,
}

/// Fields of a journal line that differ, in words.
fn au_journal(t: &Trace) -> Vec<Diff> {
    let champ = |v: &Option<serde_json::Value>, nom: &str| -> Option<String> {
        match v.as_ref()?.get(nom)? {
            serde_json::Value::Null => None,
            serde_json::Value::String(s) => Some(s.clone()),
            autre => Some(autre.to_string()),
        }
    };
    let noms = [
        ("champ", "Champ"),
        ("source", "Valeur de la source"),
        ("valeur", "Valeur locale"),
        ("fin", "Jusqu’au"),
        ("attribuee_a", "Attribuée à"),
        ("decision", "Décision"),
        ("jusqu_au", "Ignorée jusqu’au"),
        ("motif", "Motif"),
    ];
    noms.into_iter()
        .filter_map(|(nom, libelle)| {
            let (avant, apres) = (champ(&t.avant, nom), champ(&t.apres, nom));
            (avant != apres).then(|| Diff::new(libelle, avant, apres))
        })
        .collect()
}

/// The routes: none, a history is a part of the page of its object.
pub(super) fn routes(m: &Maquette) -> RouteTable {
    Routes::with_state(m.clone()).build()
}
