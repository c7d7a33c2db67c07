//! Change sets: counts first, details folded; the whole list behind.

use ::web::components::{
    Badge, Button, Cell, ChangeGroup, Changes, Column, Diff, Empty, Filter, Liste, Table, Tone,
};
use ::web::{Frame, Html, ListQuery, Listage, Page, PageError, RouteTable, Routes, Visitor};
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use db::Paging;
use futures::stream;
use kernel::Right;
use serde_json::Value;

use super::Maquette;
use super::lien::lien_objet;
use crate::actions::CollecteFault;
use crate::domain::genre::{Colonne, Genre, SorteColonne};
use crate::domain::{EtatCollecte, Sorte, annulation};
use crate::store::changement::{ChangementTenu, Choix, Groupe, changement_groups, changement_list};
use crate::store::collecte::{Collecte, collecte_read};

/// Details shown of each group before its whole list.
const APERCU: u64 = 20;

/// Changes read at once for a whole set.
const LOT_JSON: u64 = 2_000;

/// Groups whose details are shown at once.
const GROUPES: usize = 16;

pub(super) fn ton(sorte: Sorte) -> Tone {
    match sorte {
        Sorte::Ajout => Tone::Success,
        Sorte::Modification => Tone::Info,
        Sorte::Fermeture => Tone::Warning,
        Sorte::Reouverture => Tone::Success,
    }
}

/// A cause, as pages write it.
fn cause(code: &str) -> &'static str {
    match code {
        "nouveau" => "nouveaux à la source",
        "disparu" => "disparus de la source",
        "revenu" => "revenus à la source",
        "libelle" => "libellé",
        "ects" => "ECTS",
        "heures" => "heures",
        "controle" => "modalités de contrôle",
        "ouverture" => "années d’ouverture",
        "fermeture" => "fermeture ou suspension à la source",
        "choix" => "règle de choix",
        "rattachement" => "rattachement",
        "etat" => "état",
        "identite" => "identité",
        "coordonnees" => "coordonnées",
        "texte" => "textes",
        "valeur" => "valeurs",
        "annulation" => "annulation",
        _ => "autres champs",
    }
}

/// The cause to say beside a count; an undo has only one, which its title says.
pub(super) fn en_raison(code: &str) -> Option<&'static str> {
    (code != annulation::CAUSE).then(|| cause(code))
}

/// A value as its column writes it.
pub(super) fn valeur(colonne: Option<&Colonne>, v: &Value) -> Option<String> {
    match (colonne.map(|c| c.sorte), v) {
        (_, Value::Null) => None,
        (Some(SorteColonne::Centi), Value::Number(n)) => n.as_i64().map(|n| kernel::Centi(n).to_string()),
        (_, Value::Bool(b)) => Some(if *b { "oui" } else { "non" }.to_owned()),
        (Some(SorteColonne::Jour), Value::String(j)) => Some(
            j.parse::<chrono::NaiveDate>().map_or_else(|_| j.clone(), |j| j.format("%d/%m/%Y").to_string()),
        ),
        (_, Value::String(t)) => Some(t.clone()),
        (_, autre) => Some(autre.to_string()),
    }
}

/// The fields that a change shows, with their old and new values.
fn champs_changes(c: &ChangementTenu) -> Vec<(&'static Colonne, Option<String>, Option<String>)> {
    if c.sorte != Sorte::Modification.code() && c.sorte != Sorte::Reouverture.code() {
        return Vec::new();
    }
    let champs = Genre::of_code(&c.genre).map(Genre::champs).unwrap_or_default();
    let lire = |cote: &Option<Value>, nom: &str| {
        cote.as_ref().and_then(|v| v.get(nom)).cloned().unwrap_or(Value::Null)
    };
    champs
        .iter()
        .filter_map(|colonne| {
            let (avant, apres) = (lire(&c.avant, colonne.nom), lire(&c.apres, colonne.nom));
            (avant != apres).then(|| (colonne, valeur(Some(colonne), &avant), valeur(Some(colonne), &apres)))
        })
        .collect()
}

pub(super) fn differences(c: &ChangementTenu) -> Vec<Diff> {
    champs_changes(c).into_iter().map(|(c, avant, apres)| Diff::new(c.libelle, avant, apres)).collect()
}

/// The same, taken back.
pub(super) fn rendues(c: &ChangementTenu) -> Vec<Diff> {
    champs_changes(c).into_iter().map(|(c, avant, apres)| Diff::new(c.libelle, apres, avant)).collect()
}

/// Parts of the key, as texts.
pub(super) fn parties(c: &ChangementTenu) -> Vec<String> {
    let parts = c.cle.as_array().map(Vec::as_slice).unwrap_or_default();
    parts.iter().map(|p| p.as_str().map_or_else(|| p.to_string(), ToOwned::to_owned)).collect()
}

/// The change set of a finished collection, or nothing when it changed nothing.
pub(super) async fn resume(m: &Maquette, c: &Collecte) -> Result<Option<Changes>, PageError> {
    let id = c.id;
    let groupes = m.outils.db.read(|conn| async move { changement_groups(&conn, id).await }).await?;
    if groupes.is_empty() {
        return Ok(None);
    }
    let mut vus = Vec::new();
    let propose = c.simulation || c.etat != EtatCollecte::Terminee;
    for (i, g) in groupes.iter().enumerate() {
        let (Some(genre), Some(sorte)) = (Genre::of_code(&g.genre), Sorte::of_code(&g.sorte)) else {
            continue;
        };
        let mot =
            if propose { format!("{} (proposé)", sorte.libelle()) } else { sorte.libelle().to_owned() };
        let nombre = kernel::nombre_francais(i64::try_from(g.nombre).unwrap_or(i64::MAX));
        let titre = match en_raison(&g.cause) {
            Some(cause) => format!("{} : {nombre} ({cause})", genre.description().titre),
            None => format!("{} : {nombre}", genre.description().titre),
        };
        let mut groupe = ChangeGroup::new(ton(sorte), mot, titre);
        let href = format!(
            "/maquette/collectes/{id}/changements?genre={}&sorte={}&cause={}",
            g.genre, g.sorte, g.cause
        );
        if i < GROUPES {
            let page = apercu(m, id, g, APERCU).await?;
            for ligne in &page.elements {
                let parties = parties(ligne);
                let lien = lien_objet(&ligne.genre, &parties);
                groupe = groupe.line(
                    parties.join(" · "),
                    ligne.libelle.clone().unwrap_or_default(),
                    lien,
                    differences(ligne),
                );
            }
            if page.total > APERCU {
                groupe = groupe.more(
                    format!(
                        "Voir les {} lignes",
                        kernel::nombre_francais(i64::try_from(page.total).unwrap_or(i64::MAX))
                    ),
                    href,
                );
            }
        } else {
            groupe = groupe.more("Voir les lignes", href);
        }
        vus.push(groupe);
    }
    Ok(Some(Changes::new(vus)))
}

/// The first changes of a group.
pub(super) async fn apercu(
    m: &Maquette,
    id: i64,
    g: &Groupe,
    combien: u64,
) -> Result<db::Page<ChangementTenu>, PageError> {
    let choix = Choix {
        genres: vec![g.genre.clone()],
        sortes: vec![g.sorte.clone()],
        causes: vec![g.cause.clone()],
        ..Choix::default()
    };
    let choix = &choix;
    let lus =
        m.outils.db.read(|c| async move { changement_list(&c, id, choix, Paging::new(1, combien)).await });
    Ok(lus.await?)
}

#[derive(Template)]
#[template(path = "collectes/changements.html")]
pub(super) struct Tous {
    frame: Frame,
    table: Table,
    json: Button,
}

fn choix(query: &ListQuery) -> Choix {
    let valeurs = |nom: &str| query.valeurs(nom).into_iter().map(ToOwned::to_owned).collect();
    Choix {
        genres: valeurs("genre"),
        sortes: valeurs("sorte"),
        causes: valeurs("cause"),
        texte: query.recherche.clone(),
        objet: query.filtre("objet").map(ToOwned::to_owned),
    }
}

/// Old and new values, in one line of text.
fn en_texte(c: &ChangementTenu) -> String {
    let dire = |v: Option<String>| v.unwrap_or_else(|| "—".to_owned());
    let textes = champs_changes(c)
        .into_iter()
        .map(|(c, avant, apres)| format!("{} : {} → {}", c.libelle, dire(avant), dire(apres)));
    textes.collect::<Vec<_>>().join(" ; ")
}

fn colonnes<'a>() -> Liste<'a, ChangementTenu> {
    let titre = |c: &ChangementTenu| Genre::of_code(&c.genre).map_or("", |g| g.description().titre);
    Liste::new("changements", "Changements")
        .column(Column::text("cle", "Clé"), |c: &ChangementTenu| {
            let parties = parties(c);
            let cle = parties.join(" · ");
            match lien_objet(&c.genre, &parties) {
                Some(href) => Cell::Link(cle, href),
                None => Cell::code(cle),
            }
        })
        .column(Column::text("genre", "Genre").optional(), move |c| Cell::text(titre(c)))
        .column(Column::text("sorte", "Changement"), |c| {
            let sorte = Sorte::of_code(&c.sorte).unwrap_or(Sorte::Modification);
            Cell::badges(vec![Badge::new(ton(sorte), sorte.libelle())])
        })
        .column(Column::text("cause", "Cause").hidden(), |c| Cell::text(cause(&c.cause)))
        .column(Column::text("libelle", "Libellé"), |c| Cell::text_opt(c.libelle.clone()))
        .column(Column::text("detail", "Détail"), |c| Cell::Html(Html::all(&differences(c))))
        .exported_as(|c| Cell::text(en_texte(c)))
        .searching("Code ou libellé")
        .journaled("changements")
        .empty(Empty::new("Aucun changement", "Cette collecte n’a rien changé."))
}

fn filtres(groupes: &[Groupe]) -> [Filter; 3] {
    let compter = |filtre: Filter, de: fn(&Groupe) -> &String, dire: fn(&str) -> String| {
        let mut codes: Vec<&String> = Vec::new();
        for code in groupes.iter().map(de) {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        codes.into_iter().fold(filtre, |filtre, code| {
            let total = groupes.iter().filter(|g| de(g) == code).map(|g| g.nombre).sum();
            filtre.counted(code, dire(code), total)
        })
    };
    [
        compter(
            Filter::new("genre", "Genre"),
            |g| &g.genre,
            |code| Genre::of_code(code).map_or("", |g| g.description().titre).to_owned(),
        ),
        compter(
            Filter::new("sorte", "Changement"),
            |g| &g.sorte,
            |code| Sorte::of_code(code).map_or("", Sorte::libelle).to_owned(),
        ),
        compter(Filter::new("cause", "Cause"), |g| &g.cause, |code| cause(code).to_owned()),
    ]
}

/// `/maquette/collectes/{id}/changements`: every line, paged in the database.
pub(super) async fn liste(
    frame: Frame,
    listage: Listage,
    State(m): State<Maquette>,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    let db = m.outils.db.clone();
    let tenue = db.read(|c| async move { collecte_read(&c, id).await }).await?;
    let tenue = tenue.ok_or(CollecteFault::Inconnue(id))?;
    let choix = choix(listage.query());
    if listage.export().is_some() {
        return colonnes()
            .export(&listage, move |tranche| {
                let (db, choix) = (db.clone(), choix.clone());
                async move {
                    let choix = &choix;
                    let paging = tranche.paging();
                    let lus = db.read(|c| async move { changement_list(&c, id, choix, paging).await });
                    Ok::<_, db::DbError>(lus.await?.elements)
                }
            })
            .await;
    }
    let (voulu, base) = (&choix, &db);
    let page = listage
        .read(|paging| async move {
            base.read(|c| async move { changement_list(&c, id, voulu, paging).await }).await
        })
        .await?;
    let groupes = db.read(|c| async move { changement_groups(&c, id).await }).await?;
    let table = colonnes().filters(filtres(&groupes)).table(&listage, &page);
    let json = Button::link("Télécharger en JSON", format!("/maquette/collectes/{id}/changements.json"))
        .icon("download");
    let titre = super::collectes::titre(&tenue);
    let frame = frame
        .titled("Changements")
        .crumb("Collectes", "/maquette/collectes")
        .crumb(titre, format!("/maquette/collectes/{id}"));
    Ok(Page(Tous { frame, table, json }).into_response())
}

/// `/maquette/collectes/{id}/changements.json`: the whole set, chunk by chunk.
pub(super) async fn en_json(
    visitor: Visitor,
    State(m): State<Maquette>,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    let outils = m.outils.clone();
    let tenue = outils.db.read(|c| async move { collecte_read(&c, id).await }).await?;
    tenue.ok_or(CollecteFault::Inconnue(id))?;
    let (acteur, quand) = (visitor.actor(), outils.clock.now());
    let acteur = &acteur;
    outils
        .db
        .write(|tx| async move {
            let entree = db::journal::Entry {
                quand,
                acteur,
                action: "export",
                objet: "liste",
                cle: "changements",
                avant: None,
                apres: Some(serde_json::json!({ "format": "json", "collecte": id })),
            };
            db::journal::write(&*tx, entree).await
        })
        .await?;
    let base = outils.db.clone();
    let lots = stream::try_unfold(Some(1_u64), move |numero| {
        let base = base.clone();
        async move {
            let Some(numero) = numero else { return Ok(None) };
            let choix = &Choix::default();
            let page =
                base.read(|c| async move {
                    changement_list(&c, id, choix, Paging::tranche(numero, LOT_JSON)).await
                })
                .await
                .map_err(std::io::Error::other)?;
            let derniere = (page.elements.len() as u64) < LOT_JSON;
            let mut texte = String::from(if numero == 1 { "[" } else { "" });
            for (i, c) in page.elements.iter().enumerate() {
                texte.push_str(if numero == 1 && i == 0 { "\n" } else { ",\n" });
                texte.push_str(&serde_json::to_string(c).map_err(std::io::Error::other)?);
            }
            if derniere {
                texte.push_str("\n]\n");
            }
            Ok::<_, std::io::Error>(Some((texte, (!derniere).then_some(numero + 1))))
        }
    });
    let nom = format!("attachment; filename=\"changements-{id}.json\"");
    let entetes = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, nom),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((entetes, Body::from_stream(lots)).into_response())
}

/// The routes.
pub(super) fn routes(m: &Maquette) -> RouteTable {
    Routes::with_state(m.clone())
        .get("/maquette/collectes/{id}/changements", Right::MaquetteLire, liste)
        .get("/maquette/collectes/{id}/changements.json", Right::MaquetteLire, en_json)
        .build()
}
