//! `/composants/liste`: sixty thousand invented rows with every habit of a list, and the page where its bulk action ends.

use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use chrono::{Days, NaiveDate};
use kernel::{Centi, Right, fold};

use super::{LONG, Un, un};
use crate::components::{
    ActionForm, Badge, Bulk, Button, Cell, Column, Dialog, Empty, Filter, Liste, Selection, Tone,
};
use crate::{Frame, ListQuery, Listage, Page, PageError, Sens};

/// One of the invented rows.
struct Ligne {
    code: String,
    nature: &'static str,
    libelle: String,
    cherche: String,
    ects: Option<Centi>,
    vu: NaiveDate,
    composante: usize,
    ferme: bool,
}

/// What a label should never break: markup, formulas, patterns, other directions, invisible and combined characters.
const HOSTILES: [&str; 14] = [
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-3",
    "@SUM(1;1)",
    "'); DROP TABLE web_compte;--",
    "100 % _ ! \\ \" ' ` ;",
    "🙈 👩‍👩‍👧 🇫🇷 e\u{301}",
    "\u{202e}à l’envers\u{202c}",
    "مدخل إلى اللسانيات",
    "zéro\u{200b}largeur\u{feff}",
    "ligne un\r\nligne deux\tet demie",
    "nul\0 et cloche\u{7}",
    "NULL undefined NaN ../../etc/passwd",
];

const LABELS: [&str; 4] =
    ["Droit des obligations", "Économétrie appliquée", LONG, "Œuvres et auteurs du XIXᵉ siècle"];

static LIGNES: LazyLock<Vec<Ligne>> = LazyLock::new(|| {
    let folded = LABELS.map(fold);
    (0..60_000).map(|n| ligne(n, &folded)).collect()
});

fn pick<'l>(list: &[&'l str], n: u64) -> &'l str {
    let index = usize::try_from(n).unwrap_or_default() % list.len().max(1);
    list.get(index).copied().unwrap_or_default()
}

fn ligne(n: u64, folded: &[String]) -> Ligne {
    let code = format!("EL{n:05}");
    let invented = |label: &str| format!("{label} {}", n / 7 + 1);
    let (libelle, cherche) = match n {
        0..14 => (pick(&HOSTILES, n).to_owned(), fold(pick(&HOSTILES, n))),
        14 => ("long ".repeat(2_000), "long ".repeat(2_000)),
        _ => {
            let folded: Vec<_> = folded.iter().map(String::as_str).collect();
            (invented(pick(&LABELS, n / 3)), invented(pick(&folded, n / 3)))
        }
    };
    Ligne {
        cherche: format!("{} {cherche}", code.to_lowercase()),
        code,
        libelle,
        nature: pick(&["UE", "EC", "OPT", "STAG"], n),
        ects: (!n.is_multiple_of(11)).then(|| Centi(i64::try_from(n % 13).unwrap_or_default() * 50)),
        vu: NaiveDate::default() + Days::new(19_700 + n % 400),
        composante: usize::try_from(n % 40).unwrap_or_default(),
        ferme: n.is_multiple_of(17),
    }
}

/// The rows that answer `query`, in its order: the code ends it, so that it is total.
fn found(query: &ListQuery) -> Vec<&'static Ligne> {
    let sought = fold(&query.recherche);
    let (natures, etats) = (query.valeurs("nature"), query.valeurs("etat"));
    let composantes: Vec<usize> = query.valeurs("composante").iter().filter_map(|c| c.parse().ok()).collect();
    let ((du, au), (min, max)) = (query.jours("vu"), query.bornes("ects"));
    let etat = |l: &Ligne| if l.ferme { "ferme" } else { "ouvert" };
    let kept = LIGNES.iter().filter(|l| {
        (natures.is_empty() || natures.contains(&l.nature))
            && (etats.is_empty() || etats.contains(&etat(l)))
            && (composantes.is_empty() || composantes.contains(&l.composante))
            && du.is_none_or(|du| l.vu >= du)
            && au.is_none_or(|au| l.vu <= au)
            && min.is_none_or(|min| l.ects.is_some_and(|n| n >= min))
            && max.is_none_or(|max| l.ects.is_some_and(|n| n <= max))
            && l.cherche.contains(&sought)
    });
    let mut rows: Vec<_> = kept.collect();
    match query.tri_parmi(&["code", "libelle", "ects", "vu"]) {
        "libelle" => rows.sort_by(|a, b| a.libelle.cmp(&b.libelle)),
        "ects" => rows.sort_by_key(|l| l.ects),
        "vu" => rows.sort_by_key(|l| l.vu),
        _ => {}
    }
    if query.sens == Sens::Decroissant {
        rows.reverse();
    }
    rows
}

fn part(rows: &[&'static Ligne], paging: db::Paging) -> Vec<&'static Ligne> {
    let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    rows.iter().skip(number(paging.offset())).take(number(paging.taille())).copied().collect()
}

/// The list.
pub(super) async fn liste(frame: Frame, listage: Listage) -> Result<Response, PageError> {
    let composantes = (0..40).map(|n: usize| (n.to_string(), format!("Composante numéro {}", n + 1)));
    let composantes = composantes.fold(Filter::new("composante", "Composante"), |filter, (value, word)| {
        filter.counted(value, word, 1_500)
    });
    let liste = Liste::<&'static Ligne>::new("elements", "Éléments")
        .column(Column::text("code", "Code").sortable(), |l| Cell::code(&l.code))
        .column(Column::text("nature", "Nature").optional(), |l| Cell::text(l.nature))
        .column(Column::text("libelle", "Libellé").sortable(), |l| Cell::text(&l.libelle))
        .column(Column::number("ects", "ECTS").sortable(), |l| Cell::centi(l.ects))
        .column(Column::text("vu", "Vu le").sortable().optional(), |l| Cell::date(l.vu))
        .column(Column::text("composante", "Composante").hidden(), |l| {
            Cell::text(format!("Composante numéro {}", l.composante + 1))
        })
        .column(Column::text("etat", "État").optional(), |l| {
            let (tone, word) = if l.ferme { (Tone::Neutral, "Fermé") } else { (Tone::Success, "Ouvert") };
            Badge::new(tone, word).into()
        })
        .opens(|_| "/composants/arbre".to_owned())
        .muted(|l| l.ferme)
        .bulk(
            Bulk::new().action(Right::LiensVoir, "/composants/lot", "Assigner…").action(
                Right::LiensVoir,
                "/composants/lot",
                "Ignorer…",
            ),
            |l| l.code.clone(),
        )
        .searching("Code ou libellé")
        .filters([
            Filter::new("nature", "Nature")
                .counted("UE", "Unité d’enseignement", 15_000)
                .counted("EC", "Élément constitutif", 15_000)
                .counted("OPT", "Option", 15_000)
                .counted("STAG", "Stage", 15_000),
            Filter::new("etat", "État").option("ouvert", "Ouvert").option("ferme", "Fermé"),
            composantes,
            Filter::dates("vu", "Vu le"),
            Filter::numbers("ects", "ECTS"),
        ])
        .empty(Empty::new("Aucun élément", "Cette liste d’essai n’est jamais vide."))
        .journaled("essai");
    let rows = found(&listage);
    if listage.export().is_some() {
        let fetch = move |tranche: crate::Tranche| {
            std::future::ready(Ok::<_, db::DbError>(part(&rows, tranche.paging())))
        };
        return liste.export(&listage, fetch).await;
    }
    let rows = rows.as_slice();
    let page = listage
        .read(|paging| async move {
            Ok::<_, db::DbError>(db::Page::new(paging, rows.len() as u64, part(rows, paging)))
        })
        .await?;
    let table = liste.table(&listage, &page);
    Ok(un(frame, "Éléments", &table).into_response())
}

/// Where a bulk action asks for the rest before acting: here it acts on nothing.
pub(super) async fn lot(frame: Frame, selection: Selection) -> Page<Un> {
    let form = ActionForm::new(
        "/compte/theme",
        frame.csrf(),
        Button::submit(format!("Assigner {}", selection.mots())),
    )
    .sending("theme", "systeme");
    let form = selection.hidden().into_iter().fold(form, |form, (name, value)| form.sending(name, value));
    let dialog = Dialog::new("assigner", "Assigner…", format!("Assigner {}", selection.mots()), form)
        .text("Rien ne sera assigné : c’est une page d’essai.");
    un(frame, "Action sur plusieurs lignes", &dialog)
}
