//! Étapes: list, and an étape's page: its tree, who is registered, its diplomas, its anomalies, its history.

use ::web::components::{
    Badge, Cell, Column, Empty, Filter, Identity, KeyFigure, KeyFigures, Liste, Row, Table, Tone,
};
use ::web::{Frame, Html, ListQuery, Listage, Page, PageError, RouteTable, Routes, Sens, Visitor};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use db::{Db, DbError, Paging};
use kernel::Right;

use super::diplomes::fenetre;
use super::historique::historique;
use super::inscrits::inscrits;
use super::lien::{lien_diplome, lien_etape};
use super::liste::montrer;
use super::objet::{Objet, Onglets};
use super::{Maquette, anomalies, arbre, corrections, dans_l_annee, facette};
use crate::domain::Portee;
use crate::domain::arbre::{Graphe, Somme, Sommes, TYPES_HEURES};
use crate::domain::genre::Genre;
use crate::store::arbre::arbre_load;
use crate::store::etape::{
    DiplomeDEtape, EtapeVue, Filtre, etape_diplomes, etape_facettes, etape_list, etape_read,
};
use crate::store::historique::Sujet;
use crate::store::inscription::Cible;
use crate::store::memoire::tenu;

fn badge(e: &EtapeVue) -> Badge {
    match (e.fermee, e.ouverte) {
        (true, _) => Badge::new(Tone::Neutral, "Fermée"),
        (false, Some(false)) => Badge::new(Tone::Warning, "Validation seule"),
        (false, _) => Badge::new(Tone::Success, "Ouverte"),
    }
}

async fn lire(db: Db, annee: u16, query: ListQuery, paging: Paging) -> Result<db::Page<EtapeVue>, DbError> {
    let recherche = kernel::fold(&query.recherche);
    let (composantes, cycles) = (query.valeurs("composante"), query.valeurs("cycle"));
    let (diplomes, avec) = (query.valeurs("diplome"), query.valeurs("avec"));
    let filtre = Filtre {
        recherche: &recherche,
        etat: query.filtre("etat"),
        composantes: &composantes,
        cycles: &cycles,
        diplomes: &diplomes,
        avec: &avec,
        tri: query.tri_parmi(&["code", "libelle", "composante"]),
        decroissant: query.sens == Sens::Decroissant,
    };
    let filtre = &filtre;
    let lire = || db.read(|c| async move { etape_list(&c, annee, filtre, paging).await });
    // A file is made of hundreds of pages that nobody asks again.
    if query.export.is_some() {
        return lire().await;
    }
    tenu(&db, format!("etapes {annee} {filtre:?} {paging:?}"), lire).await
}

/// `/maquette/etapes`.
async fn liste(frame: Frame, listage: Listage, State(m): State<Maquette>) -> Result<Response, PageError> {
    let annee = m.annee(&listage).await?;
    let a = annee.premiere();
    let facettes = || m.outils.db.read(|c| async move { etape_facettes(&c, a).await });
    let [composantes, cycles] = tenu(&m.outils.db, format!("etapes, facettes {a}"), facettes).await?;
    let etats = Filter::new("etat", "État")
        .option("ouverte", "Ouverte au recrutement")
        .option("validation", "Validation seule")
        .option("fermee", "Disparue de la source");
    let avec = Filter::new("avec", "Particularité")
        .option("distance", "À distance")
        .option("inscrits", "Avec des inscrits")
        .option("sans-inscrits", "Sans inscrit")
        .option("sans-diplome", "Sans version de diplôme")
        .option("anomalie", "Avec une anomalie");
    // Diplomas are chosen from a diploma's page: the filter is known here so that it can be seen and removed.
    let diplomes = listage
        .valeurs("diplome")
        .into_iter()
        .fold(Filter::new("diplome", "Diplôme"), |f, d| f.option(d, d));
    let diplomes = listage.filtre("diplome").is_some().then_some(diplomes);
    let query = listage.query().clone();
    let liste = Liste::<EtapeVue>::new("etapes", "Étapes")
        .column(Column::text("code", "Code").sortable(), |e| Cell::code(&e.code))
        .column(Column::text("version", "Version").optional(), |e| Cell::text_opt(e.version.as_deref()))
        .column(Column::text("libelle", "Libellé").sortable(), |e| Cell::text(&e.libelle))
        .column(Column::text("composante", "Composante").sortable().optional(), |e| {
            Cell::text_opt(e.composante.as_deref())
        })
        .column(Column::text("etat", "État"), |e| Cell::from(badge(e)))
        .column(Column::number("inscrits", "Inscrits").optional(), |e| Cell::count(e.inscrits))
        .column(Column::text("cycle", "Cycle").hidden(), |e| Cell::text_opt(e.cycle.as_deref()))
        .column(Column::text("distance", "À distance").hidden(), |e| {
            Cell::text_opt(e.a_distance.map(|oui| if oui { "oui" } else { "non" }))
        })
        .opens(|e| dans_l_annee(lien_etape(&e.code, e.version.as_deref()), &query))
        .muted(|e| e.fermee)
        .searching("Code ou libellé")
        .filters(
            [
                etats,
                facette("composante", "Composante", composantes),
                facette("cycle", "Cycle", cycles),
                avec,
            ]
            .into_iter()
            .chain(diplomes)
            .chain(m.filtre_annee().await?),
        )
        .empty(
            Empty::new(
                "Aucune étape",
                format!("L’offre de {} n’a pas encore été collectée.", annee.libelle()),
            )
            .action("Voir les collectes", "/maquette/collectes"),
        );
    let (db, query) = (m.outils.db.clone(), listage.query().clone());
    montrer(frame.titled("Étapes"), &listage, liste, move |p| lire(db.clone(), a, query.clone(), p)).await
}

/// `/maquette/etapes/{code}`: the étape of a catalogue without versions, or its latest version.
async fn sans_version(
    frame: Frame,
    query: ListQuery,
    visitor: Visitor,
    State(m): State<Maquette>,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    page(frame, &query, &visitor, &m, &code, None).await
}

/// `/maquette/etapes/{code}/{version}`.
async fn une(
    frame: Frame,
    query: ListQuery,
    visitor: Visitor,
    State(m): State<Maquette>,
    Path((code, version)): Path<(String, String)>,
) -> Result<Response, PageError> {
    page(frame, &query, &visitor, &m, &code, Some(&version)).await
}

async fn page(
    frame: Frame,
    query: &ListQuery,
    visitor: &Visitor,
    m: &Maquette,
    code: &str,
    version: Option<&str>,
) -> Result<Response, PageError> {
    let annee = m.annee(query).await?;
    let a = annee.premiere();
    let etape = m.outils.db.read(|c| async move { etape_read(&c, a, code, version).await }).await?;
    let etape = etape.ok_or_else(|| {
        let v = version.map(|v| format!(", version {v},")).unwrap_or_default();
        PageError::nothing(format!("L’étape {code}{v} n’existe pas dans l’offre de {}.", annee.libelle()))
    })?;
    let v = etape.version.clone().unwrap_or_default();
    let (vref, cref) = (v.as_str(), etape.code.as_str());
    let ((graphe, liens), diplomes) = m
        .outils
        .db
        .read(|c| async move {
            Ok::<_, DbError>((arbre_load(&c, a, cref, vref).await?, etape_diplomes(&c, a, cref, vref).await?))
        })
        .await?;
    let somme = Sommes::new(&graphe).sous(&liens);
    let cle = format!("{} · {}", etape.code, v);
    let anomalies = anomalies::de_l_objet(m, query, a, Genre::VersionEtape.description().code, &cle).await?;

    let voit_inscrits = visitor.may(Right::EtudiantsLire);
    let mut onglets = Onglets::new(query).part("arbre", "Structure", None);
    if voit_inscrits {
        onglets = onglets.part("inscrits", "Inscrits", Some(etape.inscrits));
    }
    onglets = onglets.part("diplomes", "Diplômes", Some(diplomes.len() as u64));
    if anomalies.is_some() {
        onglets = onglets.part("anomalies", "Anomalies", None);
    }
    let onglets = onglets.part("historique", "Historique", None);
    let mut alertes = Vec::new();
    let sections = match onglets.choisi() {
        "inscrits" => vec![inscrits(m, query, a, Cible::Etape(cref, vref)).await?],
        "diplomes" => vec![Html::of(&table_diplomes(&diplomes, query))],
        "anomalies" => anomalies.iter().map(Html::of).collect(),
        "historique" => vec![historique(m, query, Sujet::Etape(cref, etape.version.as_deref())).await?],
        _ => {
            let (arbre, dites) = arbre::arbre(cref, &graphe, &liens, query);
            alertes = dites;
            arbre.iter().map(Html::of).collect()
        }
    };
    let cle_version = [cref.into(), vref.into()];
    alertes.extend(corrections::alertes(m, annee, Genre::VersionEtape, &cle_version).await?);
    let mut identite = Identity::new("Étape", &etape.code).badge(badge(&etape));
    if let Some(v) = &etape.version {
        identite = identite.fact(format!("version {v}"));
    }
    if let Some(c) = &etape.composante {
        identite = identite.fact(c.clone());
    }
    if etape.a_distance == Some(true) {
        identite = identite.fact("à distance");
    }
    let objet = Objet {
        frame: frame
            .titled(etape.libelle.clone())
            .crumb("Étapes", dans_l_annee("/maquette/etapes".to_owned(), query)),
        identite: identite.source(m.provenance("Apogée (extraction)", Portee::Offre, annee).await?),
        actions: corrections::bouton(visitor, annee, Genre::VersionEtape, &cle_version).into_iter().collect(),
        chiffres: chiffres(&etape, &graphe, &somme),
        alertes,
        onglets: onglets.tabs(format!("Étape {}", etape.code)),
        sections,
    };
    Ok(Page(objet).into_response())
}

fn table_diplomes(diplomes: &[DiplomeDEtape], query: &ListQuery) -> Table {
    let ligne = |d: &DiplomeDEtape| {
        Row::to(dans_l_annee(lien_diplome(&d.code), query))
            .code(&d.code)
            .text(&d.version)
            .text(&d.libelle)
            .text_opt(d.rang.map(|r| format!("année {r}")))
            .text_opt(fenetre(d.recrutement))
            .text_opt(fenetre(d.validation))
    };
    Table::new("diplomes", "Versions de diplôme")
        .columns([
            Column::text("code", "Diplôme"),
            Column::text("version", "Version"),
            Column::text("libelle", "Libellé"),
            Column::text("rang", "Rang").optional(),
            Column::text("recrutement", "Recrutement").optional(),
            Column::text("validation", "Validation").optional(),
        ])
        .rows(diplomes.iter().map(ligne))
        .empty(Empty::new("Aucun diplôme", "Apogée ne rattache cette étape à aucune version de diplôme."))
}

fn chiffres(etape: &EtapeVue, graphe: &Graphe, somme: &Somme) -> KeyFigures {
    let ouverts = (0..graphe.elements.len()).filter(|e| graphe.est_ouvert(*e)).count() as u64;
    let partages = graphe.elements.iter().filter(|e| e.usages > 1).count() as u64;
    let heures = |i: usize| somme.heures.get(i).copied().flatten().map(|h| h.to_string());
    let mut figures = vec![
        KeyFigure::text(somme.ects.map_or_else(|| "—".to_owned(), |e| e.to_string()), "ECTS")
            .detail("calculés sur l’arbre"),
        KeyFigure::count(ouverts, "Éléments ouverts").detail(if partages > 1 {
            format!("dont {partages} partagés")
        } else {
            format!("dont {partages} partagé")
        }),
    ];
    for (i, type_heure) in TYPES_HEURES.into_iter().enumerate() {
        if let Some(h) = heures(i) {
            figures.push(KeyFigure::text(h, format!("Heures {type_heure}")).unit("h"));
        }
    }
    figures.push(KeyFigure::count(etape.inscrits, "Inscrits"));
    KeyFigures::new(figures)
}

/// The routes.
pub(super) fn routes(m: &Maquette) -> RouteTable {
    Routes::with_state(m.clone())
        .get("/maquette/etapes", Right::MaquetteLire, liste)
        .get("/maquette/etapes/{code}", Right::MaquetteLire, sans_version)
        .get("/maquette/etapes/{code}/{version}", Right::MaquetteLire, une)
        .build()
}
