//! The list: tabs by what asks for a look, filters by kind.

use ::web::components::{Badge, Button, Cell, Column, Empty, Filter, Liste, Maybe, Tab, Table, Tabs, Tone};
use ::web::{Frame, ListQuery, Listage, Page, PageError, Sens, Visitor};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{Duration, NaiveDate};
use db::DbError;
use kernel::Right;

use crate::actions::corriger::aujourd_hui;
use crate::domain::correction::EtatCorrection;
use crate::domain::genre::Genre;
use crate::store::correction_lue::{Comptes, CorrectionVue, Filtre, correction_counts, correction_list};
use crate::web::{Maquette, dans_l_annee};

/// « Bientôt », in days.
const BIENTOT: i64 = 30;

#[derive(Template)]
#[template(path = "corrections/liste.html")]
struct PageDeListe {
    frame: Frame,
    importer: Maybe<Button>,
    onglets: Tabs,
    table: Table,
}

/// Where a correction stands, in a word, a colour and a shape.
pub(super) fn badge(c: &CorrectionVue) -> Badge {
    match c.etat {
        EtatCorrection::Active if c.depassee().is_some() => {
            Badge::new(Tone::Action, "Active, source changée")
        }
        EtatCorrection::Active if c.inutile() => Badge::new(Tone::Warning, "Active, devenue inutile"),
        EtatCorrection::Active => Badge::new(Tone::Success, c.etat.libelle()),
        EtatCorrection::Expiree | EtatCorrection::Levee => Badge::new(Tone::Neutral, c.etat.libelle()),
    }
}

fn filtre<'q>(
    query: &'q ListQuery,
    recherche: &'q str,
    genres: &'q [&'q str],
    jour: NaiveDate,
) -> Filtre<'q> {
    let base = Filtre {
        recherche,
        genres,
        tri: query.tri_parmi(&["fin", "cle", "posee"]),
        decroissant: query.sens == Sens::Decroissant,
        ..Filtre::default()
    };
    match query.filtre("etat") {
        Some("bientot") => Filtre { bientot: Some(jour + Duration::days(BIENTOT)), ..base },
        Some("depassee") => Filtre { source: Some("depassee"), ..base },
        Some("inutile") => Filtre { source: Some("inutile"), ..base },
        Some("finies") => Filtre { etats: &["expiree", "levee"], ..base },
        Some("toutes") => base,
        _ => Filtre { etats: &["active"], ..base },
    }
}

fn onglets(query: &ListQuery, n: &Comptes) -> Tabs {
    let present = query.filtre("etat");
    let onglet = |titre: &str, code: Option<&str>, nombre: u64| {
        let reste = query.sans_filtre("etat");
        let url = code.map_or_else(|| reste.clone(), |code| reste.avec("etat", code)).url();
        Tab::new(titre, url).count(nombre).current(present == code)
    };
    Tabs::new(
        "Corrections par état",
        [
            onglet("Actives", None, n.actives),
            onglet("Finissent bientôt", Some("bientot"), n.bientot),
            onglet("Source changée", Some("depassee"), n.depassees),
            onglet("Devenues inutiles", Some("inutile"), n.inutiles),
            onglet("Terminées", Some("finies"), n.expirees + n.levees),
            onglet("Toutes", Some("toutes"), n.actives + n.expirees + n.levees),
        ],
    )
}

fn definition() -> Liste<'static, CorrectionVue> {
    Liste::new("corrections", "Corrections locales")
        .column(Column::text("cle", "Objet").sortable(), |c: &CorrectionVue| Cell::code(c.cle_lisible()))
        .column(Column::text("libelle", "Libellé").optional(), |c| Cell::text(&c.libelle))
        .column(Column::text("champ", "Champ"), |c| Cell::text(c.champ.libelle))
        .column(Column::text("valeur", "Valeur affichée"), |c| Cell::text(c.valeur_dite()))
        .column(Column::text("source", "La source dit"), |c| Cell::text_opt(c.source_dite()))
        .column(Column::text("fin", "Jusqu’au").sortable(), |c| Cell::date(c.fin))
        .column(Column::text("etat", "État"), |c| badge(c).into())
        .column(Column::text("par", "Posée par").optional(), |c| Cell::text(&c.posee_par))
        .column(Column::text("genre", "Genre").hidden(), |c| Cell::text(c.genre.description().titre))
        .column(Column::text("motif", "Motif").hidden(), |c| Cell::text(&c.motif))
        .column(Column::text("posee", "Posée le").sortable().hidden(), |c| Cell::instant(c.posee_le))
        .column(Column::text("annee", "Année").hidden(), |c| {
            Cell::text(
                c.annee
                    .and_then(kernel::AnneeUniversitaire::new)
                    .map_or("Toutes".to_owned(), |a| a.libelle()),
            )
        })
        .column(Column::text("retiree", "Terminée le").hidden(), |c| {
            Cell::instant(c.retiree.as_ref().map(|(_, quand, _)| *quand))
        })
        .opens(|c| format!("/maquette/corrections/{}", c.id))
        .muted(|c| c.etat != EtatCorrection::Active)
        .searching("Code, libellé ou motif")
}

async fn lire(
    m: &Maquette,
    query: &ListQuery,
    annee: u16,
    paging: db::Paging,
) -> Result<db::Page<CorrectionVue>, DbError> {
    let recherche = kernel::fold(&query.recherche);
    let genres = query.valeurs("genre");
    let f = &filtre(query, &recherche, &genres, aujourd_hui(&m.outils));
    m.outils.db.read(|c| async move { correction_list(&c, annee, f, paging).await }).await
}

/// `/maquette/corrections`.
pub(super) async fn liste(
    frame: Frame,
    visitor: Visitor,
    listage: Listage,
    State(m): State<Maquette>,
) -> Result<Response, PageError> {
    let query = listage.query().clone();
    let annee = m.annee(&query).await?.premiere();
    let liste = definition();
    if listage.export().is_some() {
        return liste
            .export(&listage, move |tranche| {
                let (m, query) = (m.clone(), query.clone());
                async move { Ok::<_, DbError>(lire(&m, &query, annee, tranche.paging()).await?.elements) }
            })
            .await;
    }
    let bientot = aujourd_hui(&m.outils) + Duration::days(BIENTOT);
    let comptes = m.outils.db.read(|c| async move { correction_counts(&c, annee, bientot).await }).await?;
    let page = listage.read(|paging| lire(&m, &query, annee, paging)).await?;
    let par_genre = comptes.genres.iter().fold(Filter::new("genre", "Genre"), |f, (code, n)| {
        let titre = Genre::of_code(code).map_or_else(|| code.clone(), |g| g.description().titre.to_owned());
        f.counted(code.clone(), titre, *n)
    });
    let table = liste
        .filters([par_genre].into_iter().chain(m.filtre_annee().await?))
        .empty(Empty::new(
            "Aucune correction active",
            "Tout ce qui est affiché est ce que disent les sources. Une correction se pose depuis la page d’un objet, par « Corriger… ».",
        ))
        .table(&listage, &page);
    let frame = frame.titled("Corrections locales");
    let importer = visitor.may(Right::MaquetteCorriger).then(|| {
        let href = dans_l_annee("/maquette/corrections/importer".to_owned(), &query);
        Button::link("Importer des corrections", href).icon("upload")
    });
    let page = PageDeListe { frame, importer: Maybe(importer), onglets: onglets(&query, &comptes), table };
    Ok(Page(page).into_response())
}
