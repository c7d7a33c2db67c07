//! A student's page: who they are, every registration over the years held, what they follow, what happened.

use std::collections::BTreeMap;

use ::web::components::{
    Alert, Badge, Button, Column, Empty, Identity, KeyFigure, KeyFigures, Row, Table, Tone,
};
use ::web::{Frame, Html, ListQuery, Page, PageError};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use db::DbError;
use kernel::{AnneeUniversitaire, Right};

use super::historique::historique;
use super::inscrits::badge_inscription;
use super::lien::{lien_diplome, lien_element, lien_etape};
use super::objet::{Objet, Onglets};
use super::{Maquette, anomalies, dans_l_annee};
use crate::domain::Portee;
use crate::domain::genre::Genre;
use crate::store::etudiant::{Identite, etudiant_read};
use crate::store::historique::Sujet;
use crate::store::inscription::{
    Administrative, Pedagogique, inscription_administratives, inscription_pedagogiques,
};
use crate::store::maquette::annees_tenues;

/// « 2023/2024 ».
fn libelle(annee: u16) -> String {
    AnneeUniversitaire::new(annee).map_or_else(|| annee.to_string(), |a| a.libelle())
}

/// Registered to the same étape version the year before.
fn redouble(i: &Administrative, toutes: &[Administrative]) -> bool {
    i.etat == "E"
        && toutes.iter().any(|p| {
            p.annee + 1 == i.annee
                && p.etape == i.etape
                && p.version == i.version
                && p.etat == "E"
                && !p.disparue
        })
}

/// `/maquette/etudiants/{numero}`.
pub(super) async fn un(
    frame: Frame,
    query: ListQuery,
    State(m): State<Maquette>,
    Path(numero): Path<String>,
) -> Result<Response, PageError> {
    let annee = m.annee(&query).await?;
    let a = annee.premiere();
    let numero = numero.as_str();
    let (identite, inscriptions, elements) = m
        .outils
        .db
        .read(|c| async move {
            let annees = annees_tenues(&c).await?;
            Ok::<_, DbError>((
                etudiant_read(&c, a, &annees, numero).await?,
                inscription_administratives(&c, &annees, numero).await?,
                inscription_pedagogiques(&c, a, numero).await?,
            ))
        })
        .await?;
    let e = identite.ok_or_else(|| {
        PageError::nothing(format!("Aucune année collectée ne connaît l’étudiant {numero}."))
    })?;
    let anomalies = anomalies::de_l_objet(&m, &query, a, Genre::Etudiant.description().code, numero).await?;

    let mut onglets = Onglets::new(&query)
        .part("inscriptions", "Inscriptions", Some(inscriptions.len() as u64))
        .part("elements", "Éléments suivis", Some(elements.len() as u64))
        .part("identite", "Identité", None);
    if anomalies.is_some() {
        onglets = onglets.part("anomalies", "Anomalies", None);
    }
    let onglets = onglets.part("historique", "Historique", None);
    let sections = match onglets.choisi() {
        "elements" => suivis(&elements, annee, &query),
        "identite" => vec![Html::of(&civil(&e))],
        "anomalies" => anomalies.iter().map(Html::of).collect(),
        "historique" => vec![historique(&m, &query, Sujet::Etudiant(numero)).await?],
        _ => vec![Html::of(&administratives(&inscriptions))],
    };
    // Who is on the phone asks about their exams.
    let mut actions = Vec::new();
    if frame.visitor().is_some_and(|v| v.may(Right::ExamensLire)) {
        let vers = format!("/iexam/inscriptions?recherche={}", super::segment(numero));
        actions.push(Html::of(&Button::link("Inscriptions aux examens", vers).icon("calendar-event")));
    }
    let objet = Objet {
        identite: identite_de(&e, &inscriptions, a)
            .source(m.provenance("Apogée (services web)", Portee::Personnes, annee).await?),
        frame: frame
            .titled(noms(&e))
            .crumb("Étudiants", dans_l_annee("/maquette/etudiants".to_owned(), &query)),
        actions,
        chiffres: chiffres(&inscriptions, &elements, annee),
        alertes: alertes(&e, annee),
        onglets: onglets.tabs(format!("Étudiant {numero}")),
        sections,
    };
    Ok(Page(objet).into_response())
}

/// First name, name of use or of birth.
fn noms(e: &Identite) -> String {
    let nom = e.nom_usage.as_deref().unwrap_or(&e.nom);
    let noms = [e.prenom.as_deref().unwrap_or_default(), nom].join(" ").trim().to_owned();
    if noms.is_empty() { e.numero.clone() } else { noms }
}

fn identite_de(e: &Identite, inscriptions: &[Administrative], annee: u16) -> Identity {
    let mut identite = Identity::new("Étudiant", &e.numero);
    let de_l_annee: Vec<_> = inscriptions.iter().filter(|i| i.annee == annee && !i.disparue).collect();
    let en_cours = de_l_annee.iter().filter(|i| i.etat == "E").count();
    if e.disparu {
        identite = identite.badge(Badge::new(Tone::Neutral, "Disparu de la source"));
    } else if en_cours == 0 {
        identite = identite.badge(Badge::new(Tone::Warning, "Sans inscription en cours"));
    } else {
        identite = identite.badge(Badge::new(Tone::Success, "Inscrit"));
    }
    if de_l_annee.iter().any(|i| redouble(i, inscriptions)) {
        identite = identite.badge(Badge::new(Tone::Info, "Redoublant"));
    }
    if en_cours > 1 {
        identite = identite.badge(Badge::new(Tone::Info, format!("{en_cours} étapes")));
    }
    if de_l_annee.iter().any(|i| i.etat == "A") {
        identite = identite.badge(Badge::new(Tone::Warning, "Inscription annulée"));
    }
    match &e.ine {
        Some(ine) => identite.fact(format!("INE {ine}")),
        None => identite,
    }
}

fn alertes(e: &Identite, annee: AnneeUniversitaire) -> Vec<Alert> {
    if e.annee == annee.premiere() {
        return Vec::new();
    }
    vec![Alert::new(
        Tone::Warning,
        format!(
            "Cet étudiant n’est pas parmi ceux collectés en {}. Son identité est celle de {}.",
            annee.libelle(),
            libelle(e.annee)
        ),
    )]
}

fn chiffres(
    inscriptions: &[Administrative],
    elements: &[Pedagogique],
    annee: AnneeUniversitaire,
) -> KeyFigures {
    let a = annee.premiere();
    let en_cours = inscriptions.iter().filter(|i| i.annee == a && i.etat == "E" && !i.disparue).count();
    let mut annees: Vec<u16> = inscriptions.iter().map(|i| i.annee).collect();
    annees.dedup();
    let acquis = elements.iter().filter(|p| p.acquis).count() as u64;
    let dont = match acquis {
        0 => "aucun acquis d’une année antérieure".to_owned(),
        1 => "dont 1 acquis d’une année antérieure".to_owned(),
        n => format!("dont {n} acquis d’une année antérieure"),
    };
    KeyFigures::new([
        KeyFigure::count(en_cours as u64, "Étapes en cours").detail(annee.libelle()),
        KeyFigure::count(elements.len() as u64, "Éléments suivis").detail(dont),
        KeyFigure::count(annees.len() as u64, "Années tenues ici"),
    ])
}

/// Every administrative registration, year after year.
fn administratives(inscriptions: &[Administrative]) -> Table {
    let oui = |b: Option<bool>| b.map(|b| if b { "oui" } else { "non" });
    let ligne = |i: &Administrative| {
        let mut badges = vec![badge_inscription(&i.etat)];
        if redouble(i, inscriptions) {
            badges.push(Badge::new(Tone::Info, "Redouble"));
        }
        if i.disparue {
            badges.push(Badge::new(Tone::Neutral, "Disparue de la source"));
        }
        let etape = format!("{}?annee={}", lien_etape(&i.etape, Some(&i.version)), i.annee);
        let row = Row::new()
            .text(libelle(i.annee))
            .link(format!("{} · {}", i.etape, i.version), etape)
            .text(&i.libelle);
        let row = match &i.diplome {
            Some((code, version)) => {
                row.link(format!("{code} · {version}"), format!("{}?annee={}", lien_diplome(code), i.annee))
            }
            None => row.absent(),
        };
        row.badges(badges)
            .text_opt(i.regime.as_deref())
            .text_opt(oui(i.premiere))
            .text_opt(oui(i.payee))
            .text_opt(i.date.map(|d| d.format("%d/%m/%Y")))
            .count(i.elements)
            .muted(i.disparue || i.etat != "E")
    };
    Table::new("inscriptions", "Inscriptions administratives")
        .columns([
            Column::text("annee", "Année"),
            Column::text("etape", "Étape"),
            Column::text("libelle", "Libellé"),
            Column::text("diplome", "Diplôme").optional(),
            Column::text("etat", "État"),
            Column::text("regime", "Régime").optional(),
            Column::text("premiere", "Première").optional(),
            Column::text("payee", "Payée").optional(),
            Column::text("date", "Date").optional(),
            Column::number("elements", "Éléments").optional(),
        ])
        .rows(inscriptions.iter().map(ligne))
        .empty(Empty::new(
            "Aucune inscription",
            "Aucune des années collectées ne porte d’inscription de cet étudiant.",
        ))
}

/// Pedagogical registrations of the year, one table an étape, each element under the one it belongs to.
fn suivis(elements: &[Pedagogique], annee: AnneeUniversitaire, query: &ListQuery) -> Vec<Html> {
    let mut par_etape: BTreeMap<(&str, &str), Vec<&Pedagogique>> = BTreeMap::new();
    for p in elements {
        par_etape.entry((&p.etape, &p.version)).or_default().push(p);
    }
    if par_etape.is_empty() {
        let vide = Empty::new(
            "Aucun élément suivi",
            format!("Aucune inscription pédagogique de {} n’a été collectée.", annee.libelle()),
        );
        return vec![Html::of(&Table::new("elements", "Éléments suivis").empty(vide))];
    }
    let tables = par_etape.into_iter().enumerate().map(|(n, ((etape, version), suivis))| {
        let lignes = ordonner(&suivis).into_iter().map(|p| {
            let retrait = "\u{2003}".repeat(usize::try_from(p.rang - 1).unwrap_or_default().min(8));
            Row::to(dans_l_annee(lien_element(&p.element), query))
                .code(&p.element)
                .text(format!("{retrait}{}", p.libelle))
                .text_opt(p.nature.as_deref())
                .centi(p.ects)
                .badges(if p.acquis { vec![Badge::new(Tone::Success, "Acquis")] } else { Vec::new() })
        });
        let table = Table::new(format!("elements-{n}"), format!("Éléments suivis dans {etape} · {version}"))
            .columns([
                Column::text("code", "Code"),
                Column::text("libelle", "Libellé"),
                Column::text("nature", "Nature").optional(),
                Column::number("ects", "ECTS"),
                Column::text("acquis", "Acquis").optional(),
            ])
            .rows(lignes);
        Html::of(&table)
    });
    tables.collect()
}

/// Each element right after the one above it; what hangs under nothing known comes at the top level. A row is shown once, whatever the
/// links say.
fn ordonner<'p>(suivis: &[&'p Pedagogique]) -> Vec<&'p Pedagogique> {
    let mut enfants: BTreeMap<&str, Vec<&'p Pedagogique>> = BTreeMap::new();
    for p in suivis {
        let connu = p.superieur.as_deref().filter(|s| suivis.iter().any(|q| q.element == *s));
        enfants.entry(connu.unwrap_or_default()).or_default().push(p);
    }
    let mut ordre = Vec::with_capacity(suivis.len());
    let mut pile: Vec<&'p Pedagogique> = enfants.remove("").unwrap_or_default();
    pile.reverse();
    while let Some(p) = pile.pop() {
        ordre.push(p);
        let mut dessous = enfants.remove(p.element.as_str()).unwrap_or_default();
        dessous.reverse();
        pile.append(&mut dessous);
    }
    // What a loop holds is under nothing that was reached.
    ordre.extend(enfants.into_values().flatten());
    ordre
}

fn civil(e: &Identite) -> Table {
    let ligne = |libelle: &str, valeur: Option<String>| Row::new().text(libelle).text_opt(valeur);
    let amenagement = e.amenagement.map(|oui| if oui { "oui".to_owned() } else { "non".to_owned() });
    Table::new("identite", "Identité et coordonnées")
        .columns([Column::text("champ", "Champ"), Column::text("valeur", "Valeur")])
        .rows([
            ligne("Nom de naissance", Some(e.nom.clone())),
            ligne("Nom d’usage", e.nom_usage.clone()),
            ligne("Prénom", e.prenom.clone()),
            ligne("Date de naissance", e.naissance.map(|d| d.format("%d/%m/%Y").to_string())),
            ligne("Nationalité", e.nationalite.clone()),
            ligne("INE", e.ine.clone()),
            ligne("Aménagement", amenagement),
            ligne("Courriel", e.email.clone()),
            ligne("Téléphone", e.telephone.clone()),
            ligne("Adresse", (!e.adresse.is_empty()).then(|| e.adresse.join(", "))),
        ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suivi(element: &str, superieur: Option<&str>) -> Pedagogique {
        Pedagogique {
            etape: "E".into(),
            version: "1".into(),
            element: element.into(),
            libelle: String::new(),
            nature: None,
            ects: None,
            rang: 1,
            acquis: false,
            superieur: superieur.map(Into::into),
        }
    }

    #[test]
    fn each_element_follows_the_one_above_it_and_a_loop_loses_nobody() {
        let tous = [
            suivi("A", None),
            suivi("B", None),
            suivi("A1", Some("A")),
            suivi("A1a", Some("A1")),
            suivi("X", Some("Y")),
            suivi("Y", Some("X")),
            suivi("O", Some("ailleurs")),
        ];
        let refs: Vec<_> = tous.iter().collect();
        let ordre: Vec<_> = ordonner(&refs).iter().map(|p| p.element.as_str()).collect();
        assert_eq!(ordre, ["A", "A1", "A1a", "B", "O", "Y", "X"]);
    }
}
