//! Undoing a change set: what would be lost and what stands in the way, then the confirmation.

use ::web::components::{
    Alert, Button, ChangeGroup, Changes, Column, Field, Identity, KeyFigure, KeyFigures, Look, Maybe, Row,
    Table, Tone,
};
use ::web::{Frame, Page, PageError, Redirection, RouteTable, Routes, Visitor};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{Fault, Right};
use serde::Deserialize;

use super::changements::{apercu, en_raison, parties, rendues, ton};
use super::collectes::{badge_etat, contenu, resume, titre};
use super::lien::{lien_etape, lien_objet};
use super::rapport::n;
use super::{Maquette, le};
use crate::actions::annuler::{self, AnnulationFault, Constat};
use crate::domain::annulation;
use crate::domain::{EtatCollecte, Genre, Portee, Sorte};
use crate::store::annulation as lues;
use crate::store::changement::Groupe;
use crate::store::collecte::Collecte;

/// Examples of each group.
const EXEMPLES: u64 = 5;

/// Whether a set of this sort can be undone at all.
pub(super) fn annulable(c: &Collecte) -> bool {
    c.etat == EtatCollecte::Terminee && !c.simulation && c.portee != Portee::Correction
}

/// The undo that took this set back and still stands.
pub(super) async fn annulee_par(m: &Maquette, c: &Collecte) -> Result<Option<i64>, PageError> {
    if !annulable(c) {
        return Ok(None);
    }
    let appliques = m.outils.db.read(|conn| async move { lues::appliques(&conn).await }).await?;
    Ok(annulation::annulee_par(&appliques, c.id))
}

/// Says that a set was undone.
pub(super) fn alerte_annulee(c: &Collecte, par: i64) -> Alert {
    let quoi = if c.annule.is_some() { "Cette annulation" } else { "Cette collecte" };
    Alert::new(Tone::Warning, format!("{quoi} a été annulée : ses changements ne sont plus en place."))
        .titled("Annulée")
        .link(format!("Voir l’annulation n° {par}"), format!("/maquette/collectes/{par}"))
}

#[derive(Template)]
#[template(path = "collectes/annulation.html")]
struct Annulation {
    frame: Frame,
    identite: Identity,
    alertes: Vec<Alert>,
    bloquants: Maybe<Table>,
    obstacles: Maybe<Table>,
    chiffres: Maybe<KeyFigures>,
    changements: Maybe<Changes>,
    inscrits: Maybe<Table>,
    corrections: Maybe<Table>,
    confirmation: Option<Confirmation>,
}

struct Confirmation {
    action: String,
    vu: String,
    champ: Field,
    bouton: Button,
    retour: Button,
}

/// « 1 changement », « 1 234 changements ».
fn changements(nombre: u64) -> String {
    format!("{} {}", n(nombre), if nombre > 1 { "changements" } else { "changement" })
}

/// What undoing a group does to it.
fn effet(sorte: Sorte, nombre: u64) -> (Sorte, &'static str) {
    match (sorte, nombre > 1) {
        (Sorte::Ajout, false) => (Sorte::Fermeture, "ajout refermé"),
        (Sorte::Ajout, true) => (Sorte::Fermeture, "ajouts refermés"),
        (Sorte::Modification, false) => (Sorte::Modification, "modification défaite"),
        (Sorte::Modification, true) => (Sorte::Modification, "modifications défaites"),
        (Sorte::Fermeture, false) => (Sorte::Reouverture, "fermeture levée"),
        (Sorte::Fermeture, true) => (Sorte::Reouverture, "fermetures levées"),
        (Sorte::Reouverture, false) => (Sorte::Fermeture, "réouverture refermée"),
        (Sorte::Reouverture, true) => (Sorte::Fermeture, "réouvertures refermées"),
    }
}

fn chiffres(constat: &Constat) -> KeyFigures {
    let anomalie = Genre::Anomalie.description().code;
    let total = |sorte: Sorte| -> u64 {
        let siens = constat.groupes.iter().filter(|g| g.genre != anomalie && g.sorte == sorte.code());
        siens.map(|g| g.nombre).sum()
    };
    let figures = [Sorte::Ajout, Sorte::Modification, Sorte::Fermeture, Sorte::Reouverture]
        .into_iter()
        .map(|sorte| (total(sorte), sorte))
        .filter(|(total, _)| *total > 0)
        .map(|(total, sorte)| {
            let mot = effet(sorte, total).1;
            let mut lettres = mot.chars();
            let mot: String =
                lettres.next().into_iter().flat_map(char::to_uppercase).chain(lettres).collect();
            KeyFigure::count(total, mot)
        });
    KeyFigures::new(figures)
}

/// The first changes of each group, as they would be taken back: what stands now, then what comes again.
async fn exemples(m: &Maquette, constat: &Constat) -> Result<Changes, PageError> {
    let mut vus = Vec::new();
    for g in &constat.groupes {
        let (Some(genre), Some(sorte)) = (Genre::of_code(&g.genre), Sorte::of_code(&g.sorte)) else {
            continue;
        };
        let (devient, mot) = effet(sorte, g.nombre);
        let mut titre = format!("{} : {} {mot}", genre.description().titre, n(g.nombre));
        if sorte == Sorte::Modification
            && let Some(cause) = en_raison(&g.cause)
        {
            titre = format!("{titre} ({cause})");
        }
        let mut groupe = ChangeGroup::new(ton(devient), devient.libelle(), titre);
        groupe = avec_exemples(m, constat.collecte.id, g, groupe).await?;
        vus.push(groupe);
    }
    Ok(Changes::new(vus))
}

async fn avec_exemples(
    m: &Maquette,
    id: i64,
    g: &Groupe,
    mut groupe: ChangeGroup,
) -> Result<ChangeGroup, PageError> {
    let page = apercu(m, id, g, EXEMPLES).await?;
    for ligne in &page.elements {
        let parties = parties(ligne);
        let lien = lien_objet(&ligne.genre, &parties);
        groupe =
            groupe.line(parties.join(" · "), ligne.libelle.clone().unwrap_or_default(), lien, rendues(ligne));
    }
    if page.total > EXEMPLES {
        let href = format!(
            "/maquette/collectes/{id}/changements?genre={}&sorte={}&cause={}",
            g.genre, g.sorte, g.cause
        );
        groupe = groupe.more(format!("Voir les {} lignes", n(page.total)), href);
    }
    Ok(groupe)
}

fn alertes(constat: &Constat) -> Vec<Alert> {
    let mut alertes = Vec::new();
    if let Some(refus) = &constat.refus {
        let alerte = Alert::new(Tone::Danger, refus.message())
            .titled("Cette annulation n’est pas possible")
            .way_out(refus.way_out());
        alertes.push(match refus {
            AnnulationFault::DejaAnnulee(_, par)
            | AnnulationFault::DejaDemandee(_, par)
            | AnnulationFault::Bloquee(_, _, par) => {
                alerte.link(format!("Voir le n° {par}"), format!("/maquette/collectes/{par}"))
            }
            AnnulationFault::Correction(_) => alerte.link("Voir les corrections", "/maquette/corrections"),
            _ => alerte,
        });
        return alertes;
    }
    alertes.push(match constat.collecte.annule {
        Some(annulee) => {
            Alert::new(Tone::Info, format!("Les changements du n° {annulee} seront remis en place."))
                .titled("Annuler une annulation rétablit ce qu’elle avait défait")
        }
        None => Alert::new(
            Tone::Warning,
            "La prochaine collecte ramènera ces valeurs tant que la source ne change pas.",
        )
        .titled("L’annulation ne change pas la source")
        .way_out("Corrigez d’abord la source, et suspendez les collectes programmées d’ici là."),
    });
    if let Some(en_cours) = constat.en_cours {
        alertes.push(Alert::new(
            Tone::Info,
            format!(
                "Le n° {en_cours} est en cours : l’annulation attendra sa fin, puis vérifiera de nouveau que rien ne \
                 l’empêche."
            ),
        ));
    }
    if constat.decisions > 0 {
        let quoi = if constat.decisions == 1 {
            "Une anomalie déjà traitée change d’état".to_owned()
        } else {
            format!("{} anomalies déjà traitées changent d’état", n(constat.decisions))
        };
        alertes.push(Alert::new(Tone::Info, format!("{quoi} ; les décisions prises sont gardées.")));
    }
    alertes
}

fn bloquants(constat: &Constat) -> Table {
    let lignes = constat.bloquants.iter().map(|c| {
        Row::to(format!("/maquette/collectes/{}", c.id))
            .text(titre(c))
            .text(contenu(c))
            .text(c.finie_le.map(le).unwrap_or_default())
            .text(&c.acteur)
            .text(resume(c))
    });
    Table::new("bloquants", "Ce qui dépend de cette collecte")
        .columns([
            Column::text("id", "Numéro"),
            Column::text("contenu", "Contenu"),
            Column::text("date", "Date"),
            Column::text("acteur", "Par").optional(),
            Column::text("resume", "Résultat").optional(),
        ])
        .rows(lignes)
}

fn obstacles(constat: &Constat) -> Table {
    let lignes = constat.obstacles.iter().map(|o| {
        let parties: Vec<String> = o.cle.iter().map(ToString::to_string).collect();
        let d = o.genre.description();
        let ligne = match lien_objet(d.code, &parties) {
            Some(href) => Row::new().link(parties.join(" · "), href),
            None => Row::new().code(parties.join(" · ")),
        };
        ligne
            .text(d.titre)
            .text_opt(o.libelle.clone())
            .text(o.sorte.libelle())
            .link(format!("N° {}", o.collecte), format!("/maquette/collectes/{}", o.collecte))
    });
    let titre = if constat.bloquees > constat.obstacles.len() as u64 {
        format!("Lignes changées depuis : les {} premières", constat.obstacles.len())
    } else {
        "Lignes changées depuis".to_owned()
    };
    Table::new("obstacles", titre)
        .columns([
            Column::text("cle", "Clé"),
            Column::text("genre", "Genre").optional(),
            Column::text("libelle", "Libellé").optional(),
            Column::text("sorte", "Changement"),
            Column::text("par", "Par"),
        ])
        .rows(lignes)
}

fn inscrits(constat: &Constat) -> Table {
    let lignes = constat.inscrits.iter().map(|(etape, version, nombre)| {
        Row::to(lien_etape(etape, Some(version))).code(format!("{etape} · {version}")).count(*nombre)
    });
    let titre = if constat.etapes_habitees > constat.inscrits.len() as u64 {
        format!(
            "Étapes qui se fermeraient avec des étudiants : les {} premières sur {}",
            constat.inscrits.len(),
            n(constat.etapes_habitees)
        )
    } else {
        "Étapes qui se fermeraient avec des étudiants".to_owned()
    };
    Table::new("inscrits", titre)
        .columns([Column::text("etape", "Étape"), Column::number("inscrits", "Étudiants inscrits")])
        .rows(lignes)
}

fn corrections(constat: &Constat) -> Table {
    let lignes = constat.corrections.iter().map(|(id, genre, cle)| {
        Row::to(format!("/maquette/corrections/{id}")).code(cle).text(genre.description().titre)
    });
    Table::new("corrections", "Corrections locales posées sur ce qui se fermerait")
        .columns([Column::text("cle", "Clé"), Column::text("genre", "Genre")])
        .rows(lignes)
}

async fn page(
    m: &Maquette,
    frame: Frame,
    constat: Constat,
    avant: Option<Alert>,
    erreur: Option<String>,
) -> Result<Page<Annulation>, PageError> {
    let c = &constat.collecte;
    let id = c.id;
    let possible = constat.refus.is_none();
    let identite =
        Identity::new(if c.annule.is_some() { "Annulation" } else { "Collecte" }, format!("N° {id}"))
            .badge(badge_etat(c))
            .fact(format!("{} {}", contenu(c), c.annee.libelle()))
            .fact(format!("demandée le {} ({})", le(c.demandee_le), c.acteur));
    let compte = changements(constat.changements);
    let confirmation = possible.then(|| Confirmation {
        action: format!("/maquette/collectes/{id}/annulation"),
        vu: constat.vu.clone(),
        champ: Field::text("confirmation", "Nombre de changements à annuler")
            .help(format!("Pour confirmer, écrivez {}.", constat.changements))
            .autocomplete("off")
            .maxlength(20)
            .error(erreur)
            .required(),
        bouton: Button::submit(format!("Annuler {compte}")).look(Look::Danger).icon("arrow-back-up"),
        retour: Button::link("Ne rien faire", format!("/maquette/collectes/{id}")),
    });
    let annulees = possible && constat.changements > 0;
    let changements = if possible { Some(exemples(m, &constat).await?) } else { None };
    let frame = frame
        .titled(if c.annule.is_some() { "Annuler cette annulation" } else { "Annuler cette collecte" })
        .crumb("Collectes", "/maquette/collectes")
        .crumb(titre(c), format!("/maquette/collectes/{id}"));
    Ok(Page(Annulation {
        frame,
        identite,
        alertes: avant.into_iter().chain(alertes(&constat)).collect(),
        bloquants: Maybe((!constat.bloquants.is_empty()).then(|| bloquants(&constat))),
        obstacles: Maybe((!constat.obstacles.is_empty()).then(|| obstacles(&constat))),
        chiffres: Maybe(annulees.then(|| chiffres(&constat))),
        changements: Maybe(changements),
        inscrits: Maybe((possible && !constat.inscrits.is_empty()).then(|| inscrits(&constat))),
        corrections: Maybe((possible && !constat.corrections.is_empty()).then(|| corrections(&constat))),
        confirmation,
    }))
}

/// `/maquette/collectes/{id}/annulation`: what would be undone.
async fn montrer(
    frame: Frame,
    State(m): State<Maquette>,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    let constat = annuler::constater(&m.outils, id).await?;
    let status = if constat.refus.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    Ok(page(&m, frame, constat, None, None).await?.with_status(status))
}

#[derive(Debug, Deserialize)]
struct Envoi {
    vu: String,
    confirmation: String,
}

/// Asks for it.
async fn demander(
    frame: Frame,
    visitor: Visitor,
    State(m): State<Maquette>,
    Path(id): Path<i64>,
    Form(envoi): Form<Envoi>,
) -> Result<Response, PageError> {
    let chiffres: String = envoi.confirmation.chars().filter(|c| !c.is_whitespace()).collect();
    let constat = annuler::constater(&m.outils, id).await?;
    if constat.refus.is_none() && constat.vu == envoi.vu && chiffres != constat.changements.to_string() {
        let erreur = format!(
            "Ce n’est pas le nombre attendu : écrivez {}. Rien n’a été modifié.",
            constat.changements
        );
        let page = page(&m, frame, constat, None, Some(erreur)).await?;
        return Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY));
    }
    match annuler::demander(&m.outils, &m.queue, id, Some(&envoi.vu), &visitor.actor()).await {
        Ok((neuve, _)) => Ok(Redirection::to(format!("/maquette/collectes/{neuve}")).into_response()),
        Err(fault @ AnnulationFault::Change(_)) => {
            let alerte = Alert::new(Tone::Danger, fault.message()).way_out(fault.way_out());
            let constat = annuler::constater(&m.outils, id).await?;
            Ok(page(&m, frame, constat, Some(alerte), None).await?.with_status(StatusCode::CONFLICT))
        }
        Err(fault) if fault.kind() == kernel::FaultKind::Conflict => {
            let constat = annuler::constater(&m.outils, id).await?;
            Ok(page(&m, frame, constat, None, None).await?.with_status(StatusCode::CONFLICT))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// The routes.
pub(super) fn routes(m: &Maquette) -> RouteTable {
    Routes::with_state(m.clone())
        .get("/maquette/collectes/{id}/annulation", Right::MaquetteCollecter, montrer)
        .post("/maquette/collectes/{id}/annulation", Right::MaquetteCollecter, demander)
        .build()
}
