//! Diplomas: list, and a diploma's page: its versions, the étapes of each, its students.

use ::web::components::{
    Badge, Cell, Column, Empty, Filter, Identity, KeyFigure, KeyFigures, Liste, Row, Table, Tone,
};
use ::web::{Frame, Html, ListQuery, Listage, Page, PageError, RouteTable, Routes, Sens, Visitor};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use db::{Db, DbError, Paging};
use kernel::Right;

use super::historique::historique;
use super::lien::{lien_diplome, lien_etape, lien_filtre};
use super::liste::montrer;
use super::objet::{Objet, Onglets};
use super::{Maquette, anomalies, corrections, dans_l_annee, facette};
use crate::domain::Portee;
use crate::domain::genre::Genre;
use crate::store::diplome::{
    DiplomeVu, EtapeDeVersion, Filtre, VersionVue, diplome_facettes, diplome_list, diplome_read,
    diplome_versions,
};
use crate::store::historique::Sujet;

fn badge(d: &DiplomeVu) -> Badge {
    if d.ferme {
        Badge::new(Tone::Neutral, "Disparu de la source")
    } else if d.versions == 0 {
        Badge::new(Tone::Warning, "Sans version")
    } else {
        Badge::new(Tone::Success, "Tenu")
    }
}

async fn lire(db: Db, annee: u16, query: ListQuery, paging: Paging) -> Result<db::Page<DiplomeVu>, DbError> {
    let recherche = kernel::fold(&query.recherche);
    let (cycles, types, composantes) =
        (query.valeurs("cycle"), query.valeurs("type"), query.valeurs("composante"));
    let filtre = Filtre {
        recherche: &recherche,
        cycles: &cycles,
        types: &types,
        composantes: &composantes,
        etat: query.filtre("etat"),
        tri: query.tri_parmi(&["code", "libelle", "cycle", "type"]),
        decroissant: query.sens == Sens::Decroissant,
    };
    let filtre = &filtre;
    db.read(|c| async move { diplome_list(&c, annee, filtre, paging).await }).await
}

/// `/maquette/diplomes`.
async fn liste(frame: Frame, listage: Listage, State(m): State<Maquette>) -> Result<Response, PageError> {
    let annee = m.annee(&listage).await?;
    let a = annee.premiere();
    let [cycles, types, composantes] =
        m.outils.db.read(|c| async move { diplome_facettes(&c, a).await }).await?;
    let etats = Filter::new("etat", "État")
        .option("recrute", "Recrute cette année")
        .option("sans", "Ne recrute plus")
        .option("ferme", "Disparu de la source");
    let query = listage.query().clone();
    let liste = Liste::<DiplomeVu>::new("diplomes", "Diplômes")
        .column(Column::text("code", "Code").sortable(), |d| Cell::code(&d.code))
        .column(Column::text("libelle", "Libellé").sortable(), |d| Cell::text(&d.libelle))
        .column(Column::text("cycle", "Cycle").sortable().optional(), |d| Cell::text_opt(d.cycle.as_deref()))
        .column(Column::text("type", "Type").sortable().optional(), |d| {
            Cell::text_opt(d.type_diplome.as_deref())
        })
        .column(Column::number("versions", "Versions").optional(), |d| Cell::count(d.versions))
        .column(Column::number("etapes", "Étapes").optional(), |d| Cell::count(d.etapes))
        .column(Column::number("inscrits", "Inscrits"), |d| Cell::count(d.inscrits))
        .column(Column::text("etat", "État").hidden(), |d| Cell::from(badge(d)))
        .opens(|d| dans_l_annee(lien_diplome(&d.code), &query))
        .muted(|d| d.ferme)
        .searching("Code ou libellé")
        .filters(
            [
                facette("cycle", "Cycle", cycles),
                facette("type", "Type", types),
                facette("composante", "Composante", composantes),
                etats,
            ]
            .into_iter()
            .chain(m.filtre_annee().await?),
        )
        .empty(
            Empty::new(
                "Aucun diplôme",
                format!("L’offre de {} n’a pas encore été collectée.", annee.libelle()),
            )
            .action("Voir les collectes", "/maquette/collectes"),
        );
    let (db, query) = (m.outils.db.clone(), listage.query().clone());
    montrer(frame.titled("Diplômes"), &listage, liste, move |p| lire(db.clone(), a, query.clone(), p)).await
}

/// « 2019–2023 », the ends that nobody says left open.
pub(super) fn fenetre((debut, fin): (Option<i64>, Option<i64>)) -> Option<String> {
    match (debut, fin) {
        (None, None) => None,
        (Some(debut), None) => Some(format!("depuis {debut}")),
        (None, Some(fin)) => Some(format!("jusqu’à {fin}")),
        (Some(debut), Some(fin)) => Some(format!("{debut}–{fin}")),
    }
}

/// `/maquette/diplomes/{code}`.
async fn un(
    frame: Frame,
    query: ListQuery,
    visitor: Visitor,
    State(m): State<Maquette>,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let annee = m.annee(&query).await?;
    let a = annee.premiere();
    let code = code.as_str();
    let (diplome, versions) = m
        .outils
        .db
        .read(|c| async move {
            Ok::<_, DbError>((diplome_read(&c, a, code).await?, diplome_versions(&c, a, code).await?))
        })
        .await?;
    let d = diplome.ok_or_else(|| {
        PageError::nothing(format!("Le diplôme {code} n’existe pas dans l’offre de {}.", annee.libelle()))
    })?;
    let anomalies = anomalies::de_l_objet(&m, &query, a, Genre::Diplome.description().code, &d.code).await?;
    let mut onglets = Onglets::new(&query).part("versions", "Versions et étapes", Some(d.versions));
    if anomalies.is_some() {
        onglets = onglets.part("anomalies", "Anomalies", None);
    }
    let onglets = onglets.part("historique", "Historique", None);
    let sections = match onglets.choisi() {
        "historique" => vec![historique(&m, &query, Sujet::Diplome(code)).await?],
        "anomalies" => anomalies.iter().map(Html::of).collect(),
        _ if versions.is_empty() => vec![Html::of(&Table::new("versions", "Versions").empty(Empty::new(
            "Aucune version",
            "Apogée ne donne aucune version à ce diplôme : aucune étape ne peut lui être rattachée.",
        )))],
        _ => versions.iter().map(|v| Html::of(&version(v, &query))).collect(),
    };
    let mut identite = Identity::new("Diplôme", &d.code).badge(badge(&d));
    for fait in [&d.type_diplome, &d.cycle.as_ref().map(|c| format!("cycle {c}"))].into_iter().flatten() {
        identite = identite.fact(fait.clone());
    }
    let identite = identite.source(m.provenance("Apogée (extraction)", Portee::Offre, annee).await?);
    let mut inscrits = KeyFigure::count(d.inscrits, "Inscrits").detail("inscriptions en cours");
    if visitor.may(Right::EtudiantsLire) {
        inscrits =
            inscrits.href(dans_l_annee(lien_filtre("/maquette/etudiants", "diplome", &d.code), &query));
    }
    let objet = Objet {
        frame: frame
            .titled(if d.libelle.is_empty() { d.code.clone() } else { d.libelle.clone() })
            .crumb("Diplômes", dans_l_annee("/maquette/diplomes".to_owned(), &query)),
        identite,
        actions: corrections::bouton(&visitor, annee, Genre::Diplome, &[code.into()]).into_iter().collect(),
        chiffres: KeyFigures::new([
            KeyFigure::count(d.versions, "Versions"),
            KeyFigure::count(d.etapes, "Étapes")
                .href(dans_l_annee(lien_filtre("/maquette/etapes", "diplome", &d.code), &query)),
            inscrits,
        ]),
        alertes: corrections::alertes(&m, annee, Genre::Diplome, &[code.into()]).await?,
        onglets: onglets.tabs(format!("Diplôme {}", d.code)),
        sections,
    };
    Ok(Page(objet).into_response())
}

/// A version: its years in its title, its étapes as rows.
fn version(v: &VersionVue, query: &ListQuery) -> Table {
    let mut titre = format!("Version {}", v.version);
    if !v.libelle.is_empty() {
        titre.push_str(&format!(" · {}", v.libelle));
    }
    if let Some(annees) = fenetre(v.recrutement) {
        titre.push_str(&format!(" · recrute {annees}"));
    }
    if v.ferme {
        titre.push_str(" · disparue de la source");
    }
    let ligne = |e: &EtapeDeVersion| {
        Row::to(dans_l_annee(lien_etape(&e.code, Some(&e.version)), query))
            .code(&e.code)
            .text(&e.version)
            .text(&e.libelle)
            .text_opt(e.rang.map(|r| format!("année {r}")))
            .text_opt(fenetre(e.recrutement))
            .text_opt(fenetre(e.validation))
            .count(e.inscrits)
            .muted(e.ferme)
    };
    Table::new(format!("version-{}", v.version), titre)
        .columns([
            Column::text("code", "Étape"),
            Column::text("version", "Version").optional(),
            Column::text("libelle", "Libellé"),
            Column::text("rang", "Rang"),
            Column::text("recrutement", "Recrutement").optional(),
            Column::text("validation", "Validation").optional(),
            Column::number("inscrits", "Inscrits"),
        ])
        .rows(v.etapes.iter().map(ligne))
        .empty(Empty::new("Aucune étape", "Aucune étape n’est rattachée à cette version."))
}

/// The routes.
pub(super) fn routes(m: &Maquette) -> RouteTable {
    Routes::with_state(m.clone())
        .get("/maquette/diplomes", Right::MaquetteLire, liste)
        .get("/maquette/diplomes/{code}", Right::MaquetteLire, un)
        .build()
}
