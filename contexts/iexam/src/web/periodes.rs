//! Periods: the list, the page of one, how one is opened, dated, moved.

mod dater;
mod gestes;
mod loi;
mod offrir;
mod ouvrir;
mod suite;
mod une;

use ::web::components::{Alert, Badge, Button, Cell, Column, Empty, Look, Row, Table, Tone};
use ::web::{Frame, Html, Page, PageError, RouteTable, Routes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kernel::{AnneeUniversitaire, Right};

use super::pages::Fiche;
use crate::Iexam;
use crate::actions::periode_avancer::situation;
use crate::domain::horloge::{Aiguille, Feu};
use crate::domain::inscription::EtatInscription;
use crate::domain::periode::{EtatPeriode, Periode};
use crate::store::periode::{periode_list, periode_par_code};

pub(super) const LISTE: &str = "/iexam/periodes";

/// `/iexam/periodes/2024/P1`.
pub(super) fn lien(p: &Periode) -> String {
    format!("{LISTE}/{}/{}", p.annee.premiere(), p.code)
}

/// The period of an address.
pub(super) async fn lire(iexam: &Iexam, annee: &str, code: &str) -> Result<Periode, PageError> {
    let rien = || PageError::nothing(format!("La période {code} de {annee} n’existe pas."));
    let annee: AnneeUniversitaire = annee.parse().map_err(|_| rien())?;
    let code = code.to_owned();
    let lue = iexam.db.read(|c| async move { periode_par_code(&c, annee, &code).await }).await?;
    lue.ok_or_else(rien)
}

/// The state of a period.
pub(super) fn etat(etat: EtatPeriode) -> Badge {
    let ton = match etat {
        EtatPeriode::Preparation => Tone::Info,
        EtatPeriode::Inscriptions => Tone::Success,
        EtatPeriode::Verification | EtatPeriode::Convocations => Tone::Action,
        EtatPeriode::Epreuves => Tone::Warning,
        EtatPeriode::Cloturee | EtatPeriode::Archivee => Tone::Neutral,
    };
    Badge::new(ton, etat.libelle())
}

/// Where one stands with a date of the law.
pub(super) fn feu(a: &Aiguille) -> Badge {
    match a.feu {
        Feu::Tenue => Badge::new(Tone::Success, "Fait"),
        Feu::Vert => Badge::new(Tone::Success, "Dans les temps"),
        Feu::Orange => Badge::new(Tone::Warning, "Bientôt"),
        Feu::Rouge => Badge::new(Tone::Danger, "Dépassée"),
        Feu::Leve => Badge::new(Tone::Neutral, "Dérogation signée"),
    }
}

/// The dates of the law that are near or missed, in the periods that are not over: for the home page of exams.
pub(super) async fn alertes_legales(iexam: &Iexam) -> Result<Vec<Alert>, PageError> {
    let toutes = iexam.db.read(|c| async move { periode_list(&c).await }).await?;
    let mut alertes = Vec::new();
    // A few a year, and those that are over are left out.
    for p in toutes.into_iter().filter(|p| p.etat < EtatPeriode::Epreuves) {
        let s = situation(iexam, p).await?;
        for a in s.horloge.iter().filter(|a| matches!(a.feu, Feu::Orange | Feu::Rouge)) {
            let ton = if a.manquee() { Tone::Danger } else { Tone::Warning };
            let titre = format!("{}\u{a0}: {}", s.periode.nom(), a.echeance.libelle().to_lowercase());
            alertes.push(Alert::new(ton, a.phrase()).titled(titre).link("Voir la période", lien(&s.periode)));
        }
    }
    Ok(alertes)
}

async fn liste(frame: Frame, State(iexam): State<Iexam>) -> Result<Response, PageError> {
    let toutes = iexam.db.read(|c| async move { periode_list(&c).await }).await?;
    let peut = frame.visitor().is_some_and(|v| v.may(Right::ExamensRegler));
    let mut rows = Vec::new();
    for p in toutes {
        let s = situation(&iexam, p).await?;
        let (p, c) = (&s.periode, &s.constat);
        let inscrits: u64 = c.inscriptions.iter().filter(|(e, _)| e.tient_place()).map(|(_, n)| *n).sum();
        // Once over, the clock of the law has nothing more to say.
        let feux = if p.etat < EtatPeriode::Epreuves {
            let parlent = s.horloge.iter().filter(|a| matches!(a.feu, Feu::Orange | Feu::Rouge));
            let ton = |a: &Aiguille| if a.manquee() { Tone::Danger } else { Tone::Warning };
            parlent.map(|a| Badge::new(ton(a), a.echeance.libelle())).collect()
        } else {
            Vec::new()
        };
        rows.push(
            Row::to(lien(p))
                .text(p.nom())
                .text(&p.libelle)
                .badge(etat(p.etat))
                .text(fenetre(p))
                .text(format!(
                    "{} au {}",
                    p.epreuves_debut.format("%d/%m/%Y"),
                    p.epreuves_fin.format("%d/%m/%Y")
                ))
                .count(c.epreuves)
                .count(inscrits)
                .count(c.en(&[EtatInscription::Finalisee]))
                .badges(feux)
                .muted(p.etat >= EtatPeriode::Cloturee),
        );
    }
    let vide = Empty::new(
        "Aucune période",
        "Une période est ce à quoi les étudiants s’inscrivent\u{a0}: ses épreuves, ses modalités, ses dates.",
    );
    let table = Table::new("periodes", "Périodes d’examens")
        .columns([
            Column::text("periode", "Période"),
            Column::text("libelle", "Libellé").optional(),
            Column::text("etat", "État"),
            Column::text("inscriptions", "Inscriptions").optional(),
            Column::text("epreuves", "Épreuves").optional(),
            Column::number("nombre", "Nombre d’épreuves").optional(),
            Column::number("inscrits", "Inscrits"),
            Column::number("finales", "Définitives").optional(),
            Column::text("loi", "Échéances légales"),
        ])
        .rows(rows)
        .empty(if peut { vide.action("Ouvrir une période", format!("{LISTE}/-/ouvrir")) } else { vide });
    let mut fiche = Fiche::new(frame.titled("Périodes d’examens"));
    if peut {
        let bouton =
            Button::link("Ouvrir une période", format!("{LISTE}/-/ouvrir")).icon("plus").look(Look::Primary);
        fiche.actions.push(Html::of(&bouton));
    }
    fiche.sections.push(Html::of(&table));
    Ok(Page(fiche).into_response())
}

/// « 3 nov. au 28 nov. », at the hours of Besançon.
fn fenetre(p: &Periode) -> String {
    let jour = |i| kernel::heure_de_besancon(i).format("%d/%m/%Y").to_string();
    format!("{} au {}", jour(p.inscriptions_debut), jour(p.inscriptions_fin))
}

/// A label and a day or an instant, in a table of two columns.
fn fait(libelle: &str, valeur: impl ToString) -> Row {
    Row::new().text(libelle).cell(Cell::text(valeur))
}

pub(super) fn routes(iexam: &Iexam) -> RouteTable {
    Routes::with_state(iexam.clone())
        .get(LISTE, Right::ExamensLire, liste)
        .get("/iexam/periodes/-/ouvrir", Right::ExamensRegler, ouvrir::voir)
        .post("/iexam/periodes/-/apercu", Right::ExamensRegler, ouvrir::apercu)
        .post("/iexam/periodes/-/ouvrir", Right::ExamensRegler, ouvrir::creer)
        .get("/iexam/periodes/{annee}/{code}", Right::ExamensLire, une::voir)
        .post("/iexam/periodes/{annee}/{code}/avancer", Right::ExamensRegler, gestes::avancer)
        .post("/iexam/periodes/{annee}/{code}/reculer", Right::ExamensRegler, gestes::reculer)
        .post("/iexam/periodes/{annee}/{code}/publier", Right::ExamensRegler, gestes::publier)
        .post("/iexam/periodes/{annee}/{code}/deroger", Right::ExamensRegler, gestes::deroger)
        .post("/iexam/periodes/{annee}/{code}/derogation", Right::ExamensRegler, gestes::retirer_derogation)
        .post("/iexam/periodes/{annee}/{code}/centres", Right::ExamensRegler, gestes::ajouter_centres)
        .get("/iexam/periodes/{annee}/{code}/dates", Right::ExamensRegler, dater::voir)
        .post("/iexam/periodes/{annee}/{code}/dates", Right::ExamensRegler, dater::enregistrer)
        .get("/iexam/periodes/{annee}/{code}/modalites", Right::ExamensRegler, offrir::voir)
        .post("/iexam/periodes/{annee}/{code}/modalites", Right::ExamensRegler, offrir::enregistrer)
        .build()
}
