//! Change sets: counts first, details folded; the whole list behind.

use ::web::components::{Badge, ChangeGroup, Changes, Column, Diff, Empty, Filter, Row, Table, Tone};
use ::web::{Frame, Html, ListQuery, Page, PageError, RouteTable, Routes};
use askama::Template;
use axum::extract::{Path, State};
use db::Paging;
use kernel::Right;
use serde_json::Value;

use super::Maquette;
use super::lien::lien_objet;
use crate::actions::CollecteFault;
use crate::domain::genre::{Colonne, Genre, SorteColonne};
use crate::domain::{EtatCollecte, Sorte};
use crate::store::changement::{ChangementTenu, changement_groups, changement_list};
use crate::store::collecte::{Collecte, collecte_read};

/// Details shown of each group before its whole list.
const APERCU: u64 = 20;

/// Groups whose details are shown at once.
const GROUPES: usize = 16;

fn ton(sorte: Sorte) -> Tone {
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
        "ouverture" => "années d’ouverture",
        "fermeture" => "fermeture ou suspension à la source",
        "choix" => "règle de choix",
        "rattachement" => "rattachement",
        "etat" => "état",
        "identite" => "identité",
        "coordonnees" => "coordonnées",
        "texte" => "textes",
        "valeur" => "valeurs",
        _ => "autres champs",
    }
}

/// A value as its column writes it.
fn valeur(colonne: Option<&Colonne>, v: &Value) -> Option<String> {
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

fn differences(c: &ChangementTenu) -> Vec<Diff> {
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
            (avant != apres).then(|| {
                Diff::new(colonne.libelle, valeur(Some(colonne), &avant), valeur(Some(colonne), &apres))
            })
        })
        .collect()
}

/// Parts of the key, as texts.
fn parties(c: &ChangementTenu) -> Vec<String> {
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
        let titre = format!(
            "{} : {} ({})",
            genre.description().titre,
            kernel::nombre_francais(i64::try_from(g.nombre).unwrap_or(i64::MAX)),
            cause(&g.cause)
        );
        let mut groupe = ChangeGroup::new(ton(sorte), mot, titre);
        let href = format!(
            "/maquette/collectes/{id}/changements?genre={}&sorte={}&cause={}",
            g.genre, g.sorte, g.cause
        );
        if i < GROUPES {
            let (genre, sorte, cause) = (g.genre.as_str(), g.sorte.as_str(), g.cause.as_str());
            let page = m
                .outils
                .db
                .read(|conn| async move {
                    changement_list(&conn, id, Some(genre), Some(sorte), Some(cause), Paging::new(1, APERCU))
                        .await
                })
                .await?;
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

#[derive(Template)]
#[template(path = "liste.html")]
pub(super) struct Liste {
    frame: Frame,
    table: Table,
}

/// `/maquette/collectes/{id}/changements`: every line, paged in the database.
pub(super) async fn liste(
    frame: Frame,
    query: ListQuery,
    State(m): State<Maquette>,
    Path(id): Path<i64>,
) -> Result<Page<Liste>, PageError> {
    let tenue = m.outils.db.read(|c| async move { collecte_read(&c, id).await }).await?;
    tenue.ok_or(CollecteFault::Inconnue(id))?;
    let (genre, sorte, cause_voulue) = (query.filtre("genre"), query.filtre("sorte"), query.filtre("cause"));
    let paging = query.paging();
    let (page, groupes) = m
        .outils
        .db
        .read(|c| async move {
            let page = changement_list(&c, id, genre, sorte, cause_voulue, paging).await?;
            Ok::<_, db::DbError>((page, changement_groups(&c, id).await?))
        })
        .await?;
    let mut filtres =
        [Filter::new("genre", "Genre"), Filter::new("sorte", "Changement"), Filter::new("cause", "Cause")];
    let [par_genre, par_sorte, par_cause] = &mut filtres;
    let somme = |garde: &dyn Fn(&crate::store::changement::Groupe) -> bool| -> u64 {
        groupes.iter().filter(|g| garde(g)).map(|g| g.nombre).sum()
    };
    let uniques = |de: &dyn Fn(&crate::store::changement::Groupe) -> String| {
        let mut tous: Vec<String> = groupes.iter().map(de).collect();
        tous.sort();
        tous.dedup();
        tous
    };
    for code in uniques(&|g| g.genre.clone()) {
        let titre = Genre::of_code(&code).map_or(code.as_str(), |g| g.description().titre).to_owned();
        let total = somme(&|g| g.genre == code);
        *par_genre = par_genre.clone().counted(code, titre, total);
    }
    for code in uniques(&|g| g.sorte.clone()) {
        let total = somme(&|g| g.sorte == code);
        *par_sorte =
            par_sorte.clone().counted(code.clone(), Sorte::of_code(&code).map_or("", Sorte::libelle), total);
    }
    for code in uniques(&|g| g.cause.clone()) {
        let total = somme(&|g| g.cause == code);
        *par_cause = par_cause.clone().counted(code.clone(), cause(&code), total);
    }
    let lignes = page.elements.iter().map(|c| {
        let parties = parties(c);
        let ligne = lien_objet(&c.genre, &parties).map_or_else(Row::new, Row::to);
        let sorte = Sorte::of_code(&c.sorte).unwrap_or(Sorte::Modification);
        let diffs: Vec<Diff> = differences(c);
        ligne
            .code(parties.join(" · "))
            .text(Genre::of_code(&c.genre).map_or("", |g| g.description().titre))
            .badge(Badge::new(ton(sorte), sorte.libelle()))
            .text_opt(c.libelle.clone())
            .cell(web::components::Cell::Html(Html::all(&diffs)))
    });
    let table = Table::new("changements", "Changements")
        .columns([
            Column::text("cle", "Clé"),
            Column::text("genre", "Genre").optional(),
            Column::text("sorte", "Changement"),
            Column::text("libelle", "Libellé"),
            Column::text("detail", "Détail"),
        ])
        .listing(&query, page.total)
        .filters(filtres)
        .rows(lignes)
        .empty(Empty::new("Aucun changement", "Cette collecte n’a rien changé."));
    let frame = frame
        .titled("Changements")
        .crumb("Collectes", "/maquette/collectes")
        .crumb(format!("Collecte n° {id}"), format!("/maquette/collectes/{id}"));
    Ok(Page(Liste { frame, table }))
}

/// The routes.
pub(super) fn routes(m: &Maquette) -> RouteTable {
    Routes::with_state(m.clone())
        .get("/maquette/collectes/{id}/changements", Right::MaquetteLire, liste)
        .build()
}
