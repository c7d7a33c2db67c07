//! Elements: the list.

use ::web::components::{Badge, Cell, Column, Empty, Filter, Liste, Tone};
use ::web::{Frame, ListQuery, Listage, PageError, RouteTable, Routes, Sens};
use axum::extract::State;
use axum::response::Response;
use db::{Db, DbError, Paging};
use kernel::Right;

use super::lien::lien_element;
use super::liste::montrer;
use super::{Maquette, dans_l_annee, element, facette};
use crate::store::chercher::{Cherche, element_chercher};
use crate::store::element::{ElementVu, Filtre, element_facettes, element_list};
use crate::store::memoire::tenu;

/// State of an element, in a word.
pub(super) fn badge(e: &ElementVu) -> Badge {
    if e.disparu {
        Badge::new(Tone::Neutral, "Disparu de la source")
    } else if e.ferme {
        Badge::new(Tone::Neutral, "Fermé")
    } else if e.suspendu {
        Badge::new(Tone::Warning, "Suspendu")
    } else {
        Badge::new(Tone::Success, "Ouvert")
    }
}

async fn lire(db: Db, annee: u16, query: ListQuery, paging: Paging) -> Result<db::Page<ElementVu>, DbError> {
    let recherche = kernel::fold(&query.recherche);
    let (natures, composantes) = (query.valeurs("nature"), query.valeurs("composante"));
    let (periodes, avec) = (query.valeurs("periode"), query.valeurs("avec"));
    let filtre = Filtre {
        recherche: &recherche,
        trouves: None,
        total: None,
        natures: &natures,
        composantes: &composantes,
        periodes: &periodes,
        ects: query.bornes("ects"),
        etat: query.filtre("etat"),
        avec: &avec,
        tri: query.tri_parmi(&["code", "libelle", "nature", "periode", "composante", "ects"]),
        decroissant: query.sens == Sens::Decroissant,
    };
    let filtre = &filtre;
    let lire = || trouver(&db, annee, filtre, paging);
    // A file is made of hundreds of pages that nobody asks again.
    if query.export.is_some() {
        return lire().await;
    }
    tenu(&db, format!("elements {annee} {filtre:?} {paging:?}"), lire).await
}

/// One page, the text searched in memory.
async fn trouver(
    db: &Db,
    annee: u16,
    f: &Filtre<'_>,
    paging: Paging,
) -> Result<db::Page<ElementVu>, DbError> {
    let cherche = Cherche { recherche: f.recherche, parmi: [f.natures, f.composantes, f.periodes] };
    let trouves = element_chercher(db, annee, cherche, |e| match f.etat {
        Some("suspendu") => !e.disparu && e.suspendu,
        Some("ferme") => e.disparu || e.ferme,
        Some("tous") => !e.disparu,
        _ => !e.disparu && !e.ferme,
    })
    .await?;
    // What was found is all that is asked when nothing else narrows the list.
    let seul = f.avec.is_empty() && f.ects == (None, None);
    let filtre = &Filtre {
        trouves: trouves.as_ref().and_then(|t| t.ids.as_deref()),
        total: trouves.as_ref().filter(|_| seul).map(|t| t.total),
        ..f.clone()
    };
    db.read(|c| async move { element_list(&c, annee, filtre, paging).await }).await
}

/// `/maquette/elements`.
async fn liste(frame: Frame, listage: Listage, State(m): State<Maquette>) -> Result<Response, PageError> {
    let annee = m.annee(&listage).await?;
    let a = annee.premiere();
    let facettes = || m.outils.db.read(|c| async move { element_facettes(&c, a).await });
    let [natures, composantes, periodes] =
        tenu(&m.outils.db, format!("elements, facettes {a}"), facettes).await?;
    let etats = Filter::new("etat", "État")
        .option("suspendu", "Suspendu")
        .option("ferme", "Fermé ou disparu")
        .option("tous", "Ouverts et fermés");
    let avec = Filter::new("avec", "Particularité")
        .option("partage", "Partagé")
        .option("anomalie", "Avec une anomalie")
        .option("correction", "Avec une correction")
        .option("sans-ects", "Sans ECTS")
        .option("inutilise", "Dans aucune liste");
    let query = listage.query().clone();
    let liste = Liste::<ElementVu>::new("elements", "Éléments")
        .column(Column::text("code", "Code").sortable(), |e| Cell::code(&e.code))
        .column(Column::text("libelle", "Libellé").sortable(), |e| Cell::text(&e.libelle))
        .column(Column::text("nature", "Nature").sortable().optional(), |e| Cell::text(&e.nature))
        .column(Column::text("periode", "Période").sortable().optional(), |e| {
            Cell::text_opt(e.periode.as_deref())
        })
        .column(Column::number("ects", "ECTS").sortable(), |e| Cell::centi(e.ects))
        .column(Column::number("usages", "Listes").optional(), |e| Cell::count(e.usages))
        .column(Column::text("etat", "État").optional(), |e| {
            let corrige = e.corrige.then(|| Badge::new(Tone::Action, "Corrigé"));
            Cell::badges(std::iter::once(badge(e)).chain(corrige).collect())
        })
        .column(Column::text("composante", "Composante").sortable().hidden(), |e| {
            Cell::text_opt(e.composante.as_deref())
        })
        .column(Column::text("responsable", "Responsable (Kofr)").hidden(), |e| {
            Cell::text_opt(e.responsable.as_deref())
        })
        .column(Column::number("ects_apogee", "ECTS selon Apogée").hidden(), |e| Cell::centi(e.ects_apogee))
        .column(Column::number("ects_kofr", "ECTS selon Kofr").hidden(), |e| Cell::centi(e.ects_kofr))
        .opens(|e| dans_l_annee(lien_element(&e.code), &query))
        .muted(|e| e.disparu || e.ferme)
        .searching("Code ou libellé")
        .filters(
            [
                facette("nature", "Nature", natures),
                facette("composante", "Composante", composantes),
                facette("periode", "Période", periodes),
                Filter::numbers("ects", "ECTS"),
                etats,
                avec,
            ]
            .into_iter()
            .chain(m.filtre_annee().await?),
        )
        .empty(
            Empty::new(
                "Aucun élément",
                format!("L’offre de {} n’a pas encore été collectée.", annee.libelle()),
            )
            .action("Voir les collectes", "/maquette/collectes"),
        );
    let (db, query) = (m.outils.db.clone(), listage.query().clone());
    montrer(frame.titled("Éléments"), &listage, liste, move |p| lire(db.clone(), a, query.clone(), p)).await
}

/// The routes.
pub(super) fn routes(m: &Maquette) -> RouteTable {
    Routes::with_state(m.clone())
        .get("/maquette/elements", Right::MaquetteLire, liste)
        .get("/maquette/elements/{code}", Right::MaquetteLire, element::un)
        .build()
}
