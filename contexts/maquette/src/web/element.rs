//! An element's page: where it is used, what each source says of it, who is registered, what happened.

use ::web::components::{Alert, Cell, Column, Empty, Identity, KeyFigure, KeyFigures, Row, Table, Tone};
use ::web::{Frame, Html, ListQuery, Page, PageError, Visitor};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use contracts::maquette::Controle;
use db::DbError;
use kernel::{AnneeUniversitaire, Centi, Right};

use super::elements::badge;
use super::historique::historique;
use super::inscrits::inscrits;
use super::lien::{lien_etape, lien_filtre};
use super::objet::{Objet, Onglets};
use super::{Maquette, anomalies, corrections, dans_l_annee};
use crate::domain::genre::Genre;
use crate::domain::{Portee, Valeur};
use crate::store::controle::controle_read;
use crate::store::correction_lue::{CorrectionVue, correction_de_l_objet, correction_des_heures};
use crate::store::element::{ElementVu, HeuresVues, element_heures, element_read};
use crate::store::historique::Sujet;
use crate::store::inscription::{Cible, inscription_count};
use crate::store::memoire::tenu;
use crate::store::usage::{Textes, UsageVu, element_etapes, element_listes, element_textes};

/// `/maquette/elements/{code}`.
pub(super) async fn un(
    frame: Frame,
    query: ListQuery,
    visitor: Visitor,
    State(m): State<Maquette>,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let annee = m.annee(&query).await?;
    let a = annee.premiere();
    let code = code.as_str();
    let lire = || {
        m.outils.db.read(|c| async move {
            let Some(element) = element_read(&c, a, code).await? else { return Ok(None) };
            Ok::<_, DbError>(Some((
                element,
                element_heures(&c, a, code).await?,
                controle_read(&c, a, code).await?,
                element_etapes(&c, a, code).await?,
                element_listes(&c, a, code).await?,
                inscription_count(&c, a, code).await?,
            )))
        })
    };
    let lu = tenu(&m.outils.db, format!("element {a} {code}"), lire).await?;
    let (e, heures, controles, etapes, listes, nombre) = lu.ok_or_else(|| {
        PageError::nothing(format!("L’élément {code} n’existe pas dans l’offre de {}.", annee.libelle()))
    })?;
    let anomalies = anomalies::de_l_objet(&m, &query, a, Genre::Element.description().code, &e.code).await?;

    let mut onglets = Onglets::new(&query)
        .part("usages", "Où il est utilisé", Some(etapes.len() as u64))
        .part("description", "Heures, contrôles, description", None);
    if visitor.may(Right::EtudiantsLire) {
        onglets = onglets.part("inscrits", "Inscrits", Some(nombre));
    }
    if anomalies.is_some() {
        onglets = onglets.part("anomalies", "Anomalies", None);
    }
    let onglets = onglets.part("historique", "Historique", None);
    let sections = match onglets.choisi() {
        "description" => {
            let cle = [code.into()];
            let (textes, corriges) = m
                .outils
                .db
                .read(|c| async move {
                    let mut corriges = correction_de_l_objet(&c, a, Genre::Element, &cle).await?;
                    corriges.extend(correction_des_heures(&c, a, code).await?);
                    Ok::<_, DbError>((element_textes(&c, a, code).await?, corriges))
                })
                .await?;
            vec![
                Html::of(&table_heures(&e.code, &heures, &corriges, annee, &visitor)),
                Html::of(&table_controles(&controles)),
                Html::of(&table_ects(&e, &corriges)),
                Html::of(&description(&e, &textes, &visitor, &query)),
            ]
        }
        "inscrits" => vec![inscrits(&m, &query, a, Cible::Element(code)).await?],
        "anomalies" => anomalies.iter().map(Html::of).collect(),
        "historique" => vec![historique(&m, &query, Sujet::Element(code)).await?],
        _ => vec![Html::of(&table_etapes(&etapes, &query)), Html::of(&table_listes(&listes))],
    };
    let mut identite = Identity::new("Élément", &e.code)
        .badge(badge(&e))
        .fact(e.nature_libelle.clone().unwrap_or_else(|| e.nature.clone()));
    for fait in [&e.periode, &e.composante].into_iter().flatten() {
        identite = identite.fact(fait.clone());
    }
    let source = if e.ects_kofr.is_some() {
        "Apogée (extraction), ECTS et heures de Kofr"
    } else {
        "Apogée (extraction)"
    };
    let mut alertes = Vec::new();
    if let Some(motif) = &e.motif_suspension {
        alertes.push(Alert::new(Tone::Warning, format!("Suspendu dans Apogée : {motif}.")));
    }
    alertes.extend(corrections::alertes(&m, annee, Genre::Element, &[code.into()]).await?);
    let ects = e.ects.map_or_else(|| "—".to_owned(), |c| c.to_string());
    let objet = Objet {
        frame: frame
            .titled(e.libelle.clone())
            .crumb("Éléments", dans_l_annee("/maquette/elements".to_owned(), &query)),
        identite: identite.source(m.provenance(source, Portee::Offre, annee).await?),
        actions: corrections::bouton(&visitor, annee, Genre::Element, &[code.into()]).into_iter().collect(),
        chiffres: KeyFigures::new([
            KeyFigure::text(ects, "ECTS").detail(format!(
                "Apogée : {} · Kofr : {}",
                dit(e.ects_apogee),
                dit(e.ects_kofr)
            )),
            KeyFigure::count(etapes.len() as u64, "Étapes").detail("où il se trouve"),
            KeyFigure::count(listes.len() as u64, "Listes"),
            KeyFigure::count(nombre, "Inscrits").detail("inscriptions pédagogiques"),
        ]),
        alertes,
        onglets: onglets.tabs(format!("Élément {}", e.code)),
        sections,
    };
    Ok(Page(objet).into_response())
}

fn dit(c: Option<Centi>) -> String {
    c.map_or_else(|| "rien".to_owned(), |c| c.to_string())
}

fn table_heures(
    code: &str,
    heures: &[HeuresVues],
    corriges: &[CorrectionVue],
    annee: AnneeUniversitaire,
    visitor: &Visitor,
) -> Table {
    let corrige = visitor.may(Right::MaquetteCorriger);
    let ligne = |h: &HeuresVues| {
        let row =
            Row::new().text(&h.type_heure).centi(h.heures).centi(h.apogee).centi(h.kofr).text_opt(h.groupes);
        let cle = [code.into(), Valeur::from(h.type_heure.as_str())];
        if let Some(c) = corriges.iter().find(|c| c.genre == Genre::Heures && *c.cle == cle) {
            return row.cell(Cell::Html(corrections::marque(c)));
        }
        if !corrige {
            return row.absent();
        }
        row.link("Corriger…", corrections::lien_corriger(annee, Genre::Heures, &cle, Some("heures")))
    };
    Table::new("heures", "Heures d’enseignement")
        .columns([
            Column::text("type", "Type"),
            Column::number("heures", "Heures"),
            Column::number("apogee", "Selon Apogée").optional(),
            Column::number("kofr", "Selon Kofr").optional(),
            Column::number("groupes", "Groupes"),
            Column::text("correction", "Correction"),
        ])
        .rows(heures.iter().map(ligne))
        .empty(Empty::new("Aucune heure", "Ni Apogée ni Kofr ne donnent d’heures à cet élément."))
}

/// How knowledge is checked: Kofr alone says it.
fn table_controles(controles: &[Controle]) -> Table {
    let session = |s: u8| if s == 1 { "Première session" } else { "Seconde session" };
    let nature = |c: &Controle| Some(c.nature.clone()).filter(|n| !n.is_empty());
    Table::new("controles", "Modalités de contrôle")
        .columns([
            Column::text("session", "Session"),
            Column::text("nature", "Nature"),
            Column::text("duree", "Durée"),
            Column::number("coefficient", "Coefficient"),
        ])
        .rows(controles.iter().map(|c| {
            Row::new()
                .text(session(c.session))
                .text_opt(nature(c))
                .text_opt(c.duree_min.map(duree))
                .centi(c.coefficient)
        }))
        .empty(Empty::new("Aucune modalité", "Kofr ne dit pas comment cet élément est évalué."))
}

/// « 3 h », « 1 h 30 », « 20 min »; zero is said.
fn duree(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, m) => format!("{m}\u{a0}min"),
        (h, 0) => format!("{h}\u{a0}h"),
        (h, m) => format!("{h}\u{a0}h\u{a0}{m:02}"),
    }
}

/// What each source says of the ECTS, and which one is believed.
fn table_ects(e: &ElementVu, corriges: &[CorrectionVue]) -> Table {
    let retenu = match (e.ects_kofr, e.ects_apogee) {
        (Some(_), _) => "Kofr fait foi pour les ECTS",
        (None, Some(_)) => "Kofr n’en dit rien : Apogée est retenu",
        (None, None) => "aucune source n’en donne",
    };
    Table::new("ects", "ECTS par source")
        .columns([
            Column::text("source", "Source"),
            Column::number("ects", "ECTS"),
            Column::text("note", "Remarque"),
        ])
        .rows([
            Row::new().text("Apogée").centi(e.ects_apogee).absent(),
            Row::new().text("Kofr").centi(e.ects_kofr).absent(),
            match corriges.iter().find(|c| c.genre == Genre::Element && c.champ.nom == "ects") {
                Some(c) => Row::new().text("Retenu").centi(e.ects).cell(Cell::Html(corrections::marque(c))),
                None => Row::new().text("Retenu").centi(e.ects).text(retenu),
            },
        ])
}

/// Who teaches, as far as the sources say it, and what Kofr writes.
fn description(e: &ElementVu, t: &Textes, visitor: &Visitor, query: &ListQuery) -> Table {
    let texte = |libelle: &str, valeur: Option<&str>| Row::new().text(libelle).text_opt(valeur);
    let responsable = Row::new().text("Responsable");
    let responsable = match &e.responsable {
        // Kofr gives a name: the teachers who bear it are one search away.
        Some(nom) if visitor.may(Right::EnseignantsLire) => {
            let href = lien_filtre("/maquette/enseignants", "recherche", nom);
            responsable.link(nom, dans_l_annee(href, query))
        }
        autre => responsable.text_opt(autre.as_deref()),
    };
    Table::new("description", "Responsable et description, selon Kofr")
        .columns([Column::text("champ", "Champ"), Column::text("valeur", "Valeur")])
        .rows([
            responsable,
            texte("Langue", t.langue.as_deref()),
            texte("Description", t.description.as_deref()),
            texte("Prérequis", t.prerequis.as_deref()),
            texte("Enseignants", Some("Les services déclarés dans Eve ne sont pas collectés par Maquette.")),
        ])
}

fn table_etapes(etapes: &[UsageVu], query: &ListQuery) -> Table {
    Table::new("etapes", "Étapes où il se trouve")
        .columns([
            Column::text("code", "Étape"),
            Column::text("version", "Version"),
            Column::text("libelle", "Libellé"),
        ])
        .rows(etapes.iter().map(|u| {
            Row::to(dans_l_annee(lien_etape(&u.etape, Some(&u.version)), query))
                .code(&u.etape)
                .text(&u.version)
                .text(&u.libelle)
        }))
        .empty(Empty::new("Aucune étape", "Cet élément n’est dans l’arbre d’aucune étape de l’année."))
}

fn table_listes(listes: &[(String, String, String)]) -> Table {
    Table::new("listes", "Listes qui le contiennent")
        .columns([
            Column::text("code", "Liste"),
            Column::text("type", "Type"),
            Column::text("libelle", "Libellé"),
        ])
        .rows(listes.iter().map(|(code, libelle, type_liste)| {
            Row::new().code(code).text(mot_liste(type_liste)).text(libelle)
        }))
        .empty(Empty::new("Aucune liste", "Cet élément n’est dans aucune liste de l’année."))
}

/// What a type of list asks.
pub(super) fn mot_liste(type_liste: &str) -> &'static str {
    match type_liste {
        "X" => "à choix",
        "F" => "facultative",
        _ => "obligatoire",
    }
}
