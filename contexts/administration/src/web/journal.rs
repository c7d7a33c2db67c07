//! The journal: who did what, when, old and new.

use std::sync::{Arc, Mutex, PoisonError};

use ::web::components::{Alert, Cell, Column, Diff, Empty, Filter, Liste, Maybe, Table, Tone};
use ::web::{Frame, ListQuery, Listage, Page, PageError, RouteTable, Routes};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use db::journal_search::{self, COUNTED, Facet, Found, Place, WINDOW, facet, search};
use db::{Db, DbError, Paging};
use kernel::{Right, nombre_francais};

use super::le;
use crate::Administration;
use crate::domain::trace;

const JOURNAL: &str = "/administration/journal";

/// Actors offered in the menu; another one is searched by the address of its account.
const ACTEURS: u32 = 500;

/// Lines that a search shows at once.
const TROUVES: u64 = 500;

/// Lines a chunk of an export.
const TRANCHE: u64 = 2_000;

#[derive(Template)]
#[template(path = "journal/liste.html")]
struct ListePage {
    frame: Frame,
    avis: Maybe<Alert>,
    table: Table,
}

/// The values that a line changed.
#[derive(Template)]
#[template(path = "journal/valeurs.html")]
struct Valeurs {
    diffs: Vec<Diff>,
    /// What was only said, not changed: there was nothing before.
    dites: Vec<(String, String)>,
    reste: usize,
}

/// Values shown in the list; the rest is counted.
const VALEURS: usize = 6;

/// Most characters of one value in the list.
const LONGUEUR: usize = 160;

fn court(texte: String) -> String {
    match texte.char_indices().nth(LONGUEUR) {
        Some((fin, _)) => format!("{}…", texte.get(..fin).unwrap_or_default()),
        None => texte,
    }
}

fn valeurs(ligne: &Found) -> Cell {
    let champs = trace::champs(ligne.avant.as_ref(), ligne.apres.as_ref());
    if champs.is_empty() {
        return Cell::Absent;
    }
    let reste = champs.len().saturating_sub(VALEURS);
    let mut montrees = champs.into_iter().take(VALEURS);
    let (diffs, dites) = if ligne.avant.is_none() {
        (Vec::new(), montrees.filter_map(|c| Some((c.libelle, court(c.apres?)))).collect())
    } else {
        let diff = |c: trace::Champ| Diff::new(c.libelle, c.avant.map(court), c.apres.map(court));
        (montrees.by_ref().map(diff).collect(), Vec::new())
    };
    Cell::component(&Valeurs { diffs, dites, reste })
}

/// The same values as a file holds them.
fn valeurs_ecrites(ligne: &Found) -> Cell {
    let champs = trace::champs(ligne.avant.as_ref(), ligne.apres.as_ref());
    let ecrites: Vec<_> = champs
        .into_iter()
        .map(|c| {
            let dire = |v: Option<String>| v.unwrap_or_else(|| "sans valeur".to_owned());
            match (&ligne.avant, c.apres) {
                (None, Some(apres)) => format!("{} : {apres}", c.libelle),
                (_, apres) => format!("{} : {} → {}", c.libelle, dire(c.avant), dire(apres)),
            }
        })
        .collect();
    if ecrites.is_empty() { Cell::Absent } else { Cell::text(ecrites.join(" ; ")) }
}

fn objet(ligne: &Found) -> Cell {
    let texte = if ligne.cle.is_empty() {
        trace::objet(&ligne.objet)
    } else {
        format!("{} {}", trace::objet(&ligne.objet), ligne.cle)
    };
    match trace::adresse(&ligne.objet, &ligne.cle) {
        Some(href) => Cell::Link(texte, href),
        None => Cell::text(texte),
    }
}

/// Midnight in Besançon, in UTC.
fn minuit(jour: NaiveDate) -> Option<DateTime<Utc>> {
    let minuit = Utc.from_utc_datetime(&jour.and_hms_opt(0, 0, 0)?);
    // The offset of that day at noon: no clock changes then.
    let midi = Utc.from_utc_datetime(&jour.and_hms_opt(12, 0, 0)?);
    let ecart = kernel::heure_de_besancon(midi) - midi.naive_utc();
    Some(minuit - ecart)
}

fn filtre(query: &ListQuery) -> journal_search::Filter {
    let un = |nom: &str| query.filtre(nom).map(str::to_owned);
    let (du, au) = query.jours("quand");
    journal_search::Filter {
        acteur: un("acteur"),
        action: un("action"),
        objet: un("objet"),
        cle: un("cle"),
        du: du.and_then(minuit),
        au: au.and_then(|jour| jour.succ_opt()).and_then(minuit),
        texte: (!query.recherche.is_empty()).then(|| query.recherche.clone()),
    }
}

/// Where a search goes on from: `avant=<microseconds>-<line>`.
fn place(query: &ListQuery) -> Option<Place> {
    let (quand, id) = query.filtre("avant")?.split_once('-')?;
    Some(Place { quand: DateTime::from_timestamp_micros(quand.parse().ok()?)?, id: id.parse().ok()? })
}

fn definition(filtres: Vec<Filter>) -> Liste<'static, Found> {
    Liste::new("journal", "Journal")
        .column(Column::text("quand", "Quand"), |l: &Found| Cell::instant(l.place.quand))
        .column(Column::text("acteur", "Qui"), |l: &Found| Cell::text(&l.acteur))
        .column(Column::text("action", "Action"), |l: &Found| Cell::text(trace::action(&l.action)))
        .column(Column::text("objet", "Objet"), objet)
        .column(Column::text("valeurs", "Avant → après"), valeurs)
        .exported_as(valeurs_ecrites)
        .column(Column::text("code", "Code de l’action").hidden(), |l: &Found| Cell::code(&l.action))
        .column(Column::text("numero", "Numéro").hidden(), |l: &Found| {
            Cell::count(l.place.id.unsigned_abs())
        })
        .searching("Code, nom, valeur")
        .filters(filtres)
        .empty(Empty::new("Le journal est vide", "Chaque action y laissera une ligne."))
}

async fn filtres(db: &Db, query: &ListQuery) -> Result<Vec<Filter>, DbError> {
    let (acteurs, actions, objets) = db
        .read(|c| async move {
            Ok::<_, DbError>((
                facet(&c, Facet::Acteur, ACTEURS).await?,
                facet(&c, Facet::Action, ACTEURS).await?,
                facet(&c, Facet::Objet, ACTEURS).await?,
            ))
        })
        .await?;
    let menu = |nom: &str, label: &str, valeurs: Vec<String>, dire: &dyn Fn(&str) -> String| {
        valeurs.iter().fold(Filter::new(nom, label), |f, v| f.option(v, dire(v)))
    };
    let mut out = vec![
        menu("acteur", "Personne", acteurs, &str::to_owned),
        menu("action", "Action", actions, &trace::action),
        menu("objet", "Objet", objets, &trace::objet),
        Filter::dates("quand", "Période"),
    ];
    if let Some(cle) = query.filtre("cle") {
        out.push(Filter::new("cle", "Clé").option(cle, cle));
    }
    Ok(out)
}

async fn liste(
    frame: Frame,
    listage: Listage,
    State(a): State<Administration>,
) -> Result<Response, PageError> {
    let choisi = filtre(&listage);
    let liste = definition(filtres(&a.db, &listage).await?);
    if listage.export().is_some() {
        return exporter(liste, &listage, a.db.clone(), choisi).await;
    }
    let (choisi, db) = (&choisi, &a.db);
    let (page, avis) = if choisi.texte.is_some() {
        cherche(db, &listage, choisi).await?
    } else {
        let lire = |paging: Paging| async move {
            db.read(|c| async move { journal_search::page(&c, choisi, paging).await }).await
        };
        let page = listage.read(lire).await?;
        let avis = (page.total == COUNTED).then(|| {
            let n = nombre_francais(i64::try_from(COUNTED).unwrap_or(i64::MAX));
            Alert::new(Tone::Info, format!("Seules les {n} lignes les plus récentes sont montrées."))
                .way_out("Resserrez la période, la personne ou l’action pour voir plus loin ; l’export, lui, contient tout.")
        });
        (page, avis)
    };
    let table = liste.table(&listage, &page);
    let frame = frame.titled("Journal").crumb("Administration", "/administration");
    Ok(Page(ListePage { frame, avis: Maybe(avis), table }).into_response())
}

/// What a text is found in, over a bounded stretch of the journal, and how to look further.
async fn cherche(
    db: &Db,
    listage: &Listage,
    choisi: &journal_search::Filter,
) -> Result<(db::Page<Found>, Option<Alert>), PageError> {
    let depuis = place(listage);
    let trouve = db.read(|c| async move { search(&c, choisi, depuis, TROUVES).await }).await?;
    let avis = trouve.next.map(|suite| {
        let href = listage
            .sans_filtre("avant")
            .avec("avant", &format!("{}-{}", suite.quand.timestamp_micros(), suite.id))
            .url();
        let n = |n: u64| nombre_francais(i64::try_from(n).unwrap_or(i64::MAX));
        let texte = if trouve.bounded {
            format!("La recherche a porté sur {} lignes, jusqu’au {}.", n(WINDOW), le(suite.quand))
        } else {
            format!(
                "Les {} premières lignes trouvées sont montrées, jusqu’au {}.",
                n(TROUVES),
                le(suite.quand)
            )
        };
        Alert::new(Tone::Info, texte).link("Chercher plus loin", href)
    });
    let total = trouve.lines.len() as u64;
    let lire = |paging: Paging| {
        let debut = usize::try_from(paging.offset()).unwrap_or(usize::MAX);
        let taille = usize::try_from(paging.taille()).unwrap_or(usize::MAX);
        let lignes = trouve.lines.iter().skip(debut).take(taille).cloned().collect();
        std::future::ready(Ok::<_, PageError>(db::Page::new(paging, total, lignes)))
    };
    Ok((listage.read(lire).await?, avis))
}

/// Everything that answers, by key: the hundredth chunk costs what the first did.
async fn exporter(
    liste: Liste<'static, Found>,
    listage: &Listage,
    db: Db,
    choisi: journal_search::Filter,
) -> Result<Response, PageError> {
    // Where the chunk before ended: nothing at first, then nothing left.
    let suite = Arc::new(Mutex::new(Some(place(listage))));
    liste
        .export(listage, move |_| {
            let (db, choisi, suite) = (db.clone(), choisi.clone(), Arc::clone(&suite));
            async move {
                let mut lignes = Vec::new();
                // A bounded search may find few lines in a stretch: the file goes on to the end.
                while (lignes.len() as u64) < TRANCHE {
                    let depuis = *suite.lock().unwrap_or_else(PoisonError::into_inner);
                    let Some(depuis) = depuis else { break };
                    let choisi = &choisi;
                    let reste = TRANCHE - lignes.len() as u64;
                    let lu = db.read(|c| async move { search(&c, choisi, depuis, reste).await }).await?;
                    lignes.extend(lu.lines);
                    *suite.lock().unwrap_or_else(PoisonError::into_inner) = lu.next.map(Some);
                }
                Ok::<_, DbError>(lignes)
            }
        })
        .await
}

/// The routes.
pub(super) fn routes(a: &Administration) -> RouteTable {
    Routes::with_state(a.clone()).get(JOURNAL, Right::Administrer, liste).build()
}
