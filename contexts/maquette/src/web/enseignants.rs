//! Teachers: list, and a teacher's page: who they are, what Kofr says they answer for.

use ::web::components::{
    Alert, Badge, Cell, Column, Empty, Filter, Identity, KeyFigure, KeyFigures, Liste, Row, Table, Tone,
};
use ::web::{Frame, Html, ListQuery, Listage, Page, PageError, RouteTable, Routes, Sens, Visitor};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use db::{Db, DbError, Paging};
use kernel::Right;

use super::historique::historique;
use super::lien::{lien_element, lien_enseignant};
use super::liste::montrer;
use super::objet::{Objet, Onglets};
use super::{Maquette, anomalies, corrections, dans_l_annee, facette};
use crate::domain::Portee;
use crate::domain::genre::Genre;
use crate::store::enseignant::{
    EnseignantVu, Filtre, enseignant_elements, enseignant_facettes, enseignant_list, enseignant_read,
};
use crate::store::historique::Sujet;

/// « Tovo KEITA »: first name, name of use or of birth.
fn noms(e: &EnseignantVu) -> String {
    let nom = e.nom_usage.as_deref().unwrap_or(&e.nom);
    [e.prenom.as_deref().unwrap_or_default(), nom].join(" ").trim().to_owned()
}

async fn lire(
    db: Db,
    annee: u16,
    query: ListQuery,
    paging: Paging,
) -> Result<db::Page<EnseignantVu>, DbError> {
    let recherche = kernel::fold(&query.recherche);
    let (corps, statuts) = (query.valeurs("corps"), query.valeurs("statut"));
    let (composantes, sections) = (query.valeurs("composante"), query.valeurs("section"));
    let filtre = Filtre {
        recherche: &recherche,
        corps: &corps,
        statuts: &statuts,
        composantes: &composantes,
        sections: &sections,
        etat: query.filtre("etat"),
        tri: query.tri_parmi(&["nom", "numero", "corps", "composante", "service"]),
        decroissant: query.sens == Sens::Decroissant,
    };
    let filtre = &filtre;
    db.read(|c| async move { enseignant_list(&c, annee, filtre, paging).await }).await
}

/// `/maquette/enseignants`.
async fn liste(frame: Frame, listage: Listage, State(m): State<Maquette>) -> Result<Response, PageError> {
    let annee = m.annee(&listage).await?;
    let a = annee.premiere();
    let [corps, statuts, composantes, sections] =
        m.outils.db.read(|c| async move { enseignant_facettes(&c, a).await }).await?;
    let query = listage.query().clone();
    let liste = Liste::<EnseignantVu>::new("enseignants", "Enseignants")
        .journaled("enseignants")
        .column(Column::text("nom", "Nom").sortable(), |e| Cell::text(&e.nom))
        .column(Column::text("usage", "Nom d’usage").hidden(), |e| Cell::text_opt(e.nom_usage.as_deref()))
        .column(Column::text("prenom", "Prénom"), |e| Cell::text_opt(e.prenom.as_deref()))
        .column(Column::text("numero", "Numéro").sortable().optional(), |e| Cell::code(&e.numero))
        .column(Column::text("corps", "Corps").sortable(), |e| Cell::text_opt(e.corps.as_deref()))
        .column(Column::text("statut", "Statut").optional(), |e| Cell::text_opt(e.statut.as_deref()))
        .column(Column::text("composante", "Composante").sortable().optional(), |e| {
            Cell::text_opt(e.composante.as_deref())
        })
        .column(Column::text("section", "CNU").optional(), |e| Cell::text_opt(e.section_cnu.as_deref()))
        .column(Column::number("service", "Service (h)").sortable().optional(), |e| Cell::centi(e.service))
        .column(Column::text("email", "Courriel").hidden(), |e| Cell::text_opt(e.email.as_deref()))
        .opens(|e| dans_l_annee(lien_enseignant(&e.numero), &query))
        .muted(|e| e.disparu)
        .searching("Nom ou numéro")
        .filters(
            [
                facette("corps", "Corps", corps),
                facette("statut", "Statut", statuts),
                facette("composante", "Composante", composantes),
                facette("section", "Section CNU", sections),
                Filter::new("etat", "État").option("disparu", "Disparu d’Eve"),
            ]
            .into_iter()
            .chain(m.filtre_annee().await?),
        )
        .empty(
            Empty::new(
                "Aucun enseignant",
                format!("Les enseignants de {} n’ont pas encore été collectés.", annee.libelle()),
            )
            .action("Voir les collectes", "/maquette/collectes"),
        );
    let (db, query) = (m.outils.db.clone(), listage.query().clone());
    montrer(frame.titled("Enseignants"), &listage, liste, move |p| lire(db.clone(), a, query.clone(), p))
        .await
}

/// `/maquette/enseignants/{numero}`.
async fn un(
    frame: Frame,
    query: ListQuery,
    visitor: Visitor,
    State(m): State<Maquette>,
    Path(numero): Path<String>,
) -> Result<Response, PageError> {
    let annee = m.annee(&query).await?;
    let a = annee.premiere();
    let numero = numero.as_str();
    let e = m.outils.db.read(|c| async move { enseignant_read(&c, a, numero).await }).await?;
    let e = e.ok_or_else(|| {
        PageError::nothing(format!("L’enseignant {numero} n’est pas parmi ceux de {}.", annee.libelle()))
    })?;
    let dits: Vec<String> = [Some(&e.nom), e.nom_usage.as_ref()]
        .into_iter()
        .flatten()
        .map(|nom| format!("{} {nom}", e.prenom.as_deref().unwrap_or_default()).trim().to_owned())
        .collect();
    let (dits, paging) = (&dits, query.paging());
    let elements =
        m.outils.db.read(|c| async move { enseignant_elements(&c, a, dits, paging).await }).await?;
    let anomalies =
        anomalies::de_l_objet(&m, &query, a, Genre::Enseignant.description().code, numero).await?;

    let mut onglets = Onglets::new(&query).part("fiche", "Fiche", None).part(
        "elements",
        "Éléments sous sa responsabilité",
        Some(elements.total),
    );
    if anomalies.is_some() {
        onglets = onglets.part("anomalies", "Anomalies", None);
    }
    let onglets = onglets.part("historique", "Historique", None);
    let sections = match onglets.choisi() {
        "historique" => vec![historique(&m, &query, Sujet::Enseignant(numero)).await?],
        "anomalies" => anomalies.iter().map(Html::of).collect(),
        "elements" => {
            let avis = Alert::new(
                Tone::Info,
                "Kofr désigne le responsable d’un élément par son nom, sans numéro : deux enseignants du même nom ne s’y distinguent pas. \
                 Les services déclarés dans Eve ne sont pas collectés par Maquette.",
            );
            let table = Table::new("elements", "Éléments sous sa responsabilité")
                .columns([
                    Column::text("code", "Code"),
                    Column::text("libelle", "Libellé"),
                    Column::text("nature", "Nature"),
                    Column::text("periode", "Période").optional(),
                    Column::number("ects", "ECTS"),
                ])
                .listing(&query, elements.total)
                .rows(elements.elements.iter().map(|r| {
                    Row::to(dans_l_annee(lien_element(&r.code), &query))
                        .code(&r.code)
                        .text(&r.libelle)
                        .text_opt(r.nature.as_deref())
                        .text_opt(r.periode.as_deref())
                        .centi(r.ects)
                }))
                .empty(Empty::new(
                    "Aucun élément",
                    "Kofr ne désigne cette personne comme responsable d’aucun élément de l’année.",
                ));
            vec![Html::of(&avis), Html::of(&table)]
        }
        _ => vec![Html::of(&fiche(&e))],
    };
    let mut identite = Identity::new("Enseignant", &e.numero);
    if e.disparu {
        identite = identite.badge(Badge::new(Tone::Neutral, "Disparu d’Eve"));
    }
    for fait in [&e.corps, &e.composante].into_iter().flatten() {
        identite = identite.fact(fait.clone());
    }
    let service = e.service.map_or_else(|| "—".to_owned(), |s| s.to_string());
    let objet = Objet {
        frame: frame
            .titled(noms(&e))
            .crumb("Enseignants", dans_l_annee("/maquette/enseignants".to_owned(), &query)),
        identite: identite.source(m.provenance("Eve", Portee::Personnes, annee).await?),
        actions: corrections::bouton(&visitor, annee, Genre::Enseignant, &[numero.into()])
            .into_iter()
            .collect(),
        chiffres: KeyFigures::new([
            KeyFigure::text(service, "Service statutaire").unit("h"),
            KeyFigure::count(elements.total, "Éléments").detail("sous sa responsabilité, selon Kofr"),
        ]),
        alertes: corrections::alertes(&m, annee, Genre::Enseignant, &[numero.into()]).await?,
        onglets: onglets.tabs(format!("Enseignant {}", e.numero)),
        sections,
    };
    Ok(Page(objet).into_response())
}

fn fiche(e: &EnseignantVu) -> Table {
    let nom = |libelle: &str, valeur: Option<&str>| Row::new().text(libelle).text_opt(valeur);
    Table::new("fiche", "Identité et rattachement")
        .columns([Column::text("champ", "Champ"), Column::text("valeur", "Valeur")])
        .rows([
            nom("Civilité", e.civilite.as_deref()),
            nom("Nom", Some(&e.nom)),
            nom("Nom d’usage", e.nom_usage.as_deref()),
            nom("Prénom", e.prenom.as_deref()),
            nom("Courriel", e.email.as_deref()),
            nom("Corps", e.corps.as_deref()),
            nom("Statut", e.statut.as_deref()),
            nom("Composante", e.composante.as_deref()),
            nom("Section CNU", e.section_cnu.as_deref()),
        ])
}

/// The routes.
pub(super) fn routes(m: &Maquette) -> RouteTable {
    Routes::with_state(m.clone())
        .get("/maquette/enseignants", Right::EnseignantsLire, liste)
        .get("/maquette/enseignants/{numero}", Right::EnseignantsLire, un)
        .build()
}
