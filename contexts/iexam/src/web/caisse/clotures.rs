//! Days of the till: those to close, with their totals by means, and those that are closed, checked again.

use ::web::components::{
    ActionForm, Alert, Badge, Button, Cell, Column, Empty, Look, Row, Table, Tabs, Tone,
};
use ::web::{Frame, Page, PageError, Redirection, Visitor};
use askama::Template;
use axum::Form;
use axum::extract::State;
use chrono::NaiveDate;
use kernel::{Cents, Right, date_francaise, heure_de_besancon};
use serde::Deserialize;

use super::onglets;
use crate::Iexam;
use crate::actions::caisse_fault::CaisseFault;
use crate::actions::clore::{self, Controle, controler};
use crate::domain::cloture::Totaux;
use crate::domain::ecriture::Moyen;
use crate::store::caisse::{ecritures_du_jour, jours_a_clore};

/// Days shown in full; more means that nobody closed for weeks, and the oldest come first.
const JOURNEES: usize = 15;

#[derive(Template)]
#[template(path = "caisse/clotures.html")]
pub(super) struct Clotures {
    frame: Frame,
    onglets: Tabs,
    controle: Alert,
    journees: Vec<Journee>,
    reste: usize,
    clotures: Table,
}

/// A day to close.
struct Journee {
    jour: NaiveDate,
    titre: String,
    totaux: Table,
    cheques: Option<String>,
    clore: Option<ActionForm>,
    /// It is not over: what is received after its closing counts for the next.
    en_cours: bool,
    attente: Option<&'static str>,
}

/// `/iexam/paiements/clotures`.
pub(super) async fn clotures(
    frame: Frame,
    visitor: Visitor,
    State(iexam): State<Iexam>,
) -> Result<Page<Clotures>, PageError> {
    let aujourd_hui = heure_de_besancon(iexam.clock.now()).date();
    let (jours, controles) = iexam
        .db
        .read(|c| async move { Ok::<_, db::DbError>((jours_a_clore(&c).await?, controler(&c).await?)) })
        .await?;
    let tient = visitor.may(Right::PaiementsTenir);
    let mut journees = Vec::new();
    for (rang, (jour, _)) in jours.iter().take(JOURNEES).enumerate() {
        let lignes = iexam.db.read(|c| async move { ecritures_du_jour(&c, *jour).await }).await?;
        let une = journee(*jour, &Totaux::de(&lignes), &frame, (tient, rang == 0, *jour <= aujourd_hui));
        journees.push(Journee { en_cours: *jour == aujourd_hui, ..une });
    }
    Ok(Page(Clotures {
        onglets: onglets("/iexam/paiements/clotures"),
        controle: controle(&controles),
        journees,
        reste: jours.len().saturating_sub(JOURNEES),
        clotures: table(&controles),
        frame: frame
            .titled("Journées de caisse")
            .crumb("Examens", "/iexam")
            .crumb("Paiements", "/iexam/paiements"),
    }))
}

fn ecritures(n: i64) -> String {
    if n > 1 { format!("{n} écritures") } else { format!("{n} écriture") }
}

fn journee(
    jour: NaiveDate,
    t: &Totaux,
    frame: &Frame,
    (tient, premiere, passee): (bool, bool, bool),
) -> Journee {
    let mut rows: Vec<_> = t
        .par_moyen
        .iter()
        .map(|(moyen, montant)| Row::new().text(moyen.libelle()).cell(Cell::Number(montant.to_string())))
        .collect();
    rows.push(Row::new().text("Encaissé").cell(Cell::Number(t.encaisse.to_string())));
    rows.push(Row::new().text("Remboursé").cell(Cell::Number(t.rembourse.to_string())));
    if t.exonere != Cents::ZERO {
        rows.push(Row::new().text("Exonéré (aucune somme reçue)").cell(Cell::Number(t.exonere.to_string())));
    }
    let totaux = Table::new(format!("journee-{jour}"), format!("Totaux du {}", date_francaise(jour)))
        .level(3)
        .columns([Column::text("moyen", "Moyen"), Column::number("montant", "Montant net")])
        .rows(rows);
    let (clore, attente) = match (tient, premiere, passee) {
        (true, true, true) => {
            let bouton = Button::submit(format!("Clore la journée du {}", date_francaise(jour)))
                .icon("lock")
                .look(Look::Primary);
            let form = ActionForm::new("/iexam/paiements/clotures", frame.csrf(), bouton)
                .sending("jour", jour.to_string())
                .sending("ecritures", t.ecritures.to_string());
            (Some(form), None)
        }
        (true, _, false) => {
            (None, Some("Cette journée n’est pas commencée : ses écritures sont arrivées après une clôture."))
        }
        (true, false, true) => {
            (None, Some("Les journées se clôturent dans l’ordre : commencez par la plus ancienne."))
        }
        _ => (None, None),
    };
    let cheques = t.par_moyen.contains_key(&Moyen::Cheque);
    Journee {
        jour,
        titre: format!("{}, {}", date_francaise(jour), ecritures(t.ecritures)),
        totaux,
        cheques: cheques.then(|| format!("/iexam/paiements/cheques?jour={jour}")),
        clore,
        en_cours: false,
        attente,
    }
}

fn controle(controles: &[Controle]) -> Alert {
    let ecarts: Vec<_> = controles.iter().filter_map(|c| c.ecart.clone()).collect();
    match ecarts.first() {
        Some(premier) => Alert::new(Tone::Danger, premier.clone())
            .titled("Une journée close n’est plus ce qu’elle était")
            .way_out("Prévenez le service informatique et l’agent comptable avant toute autre écriture."),
        None if controles.is_empty() => Alert::new(
            Tone::Neutral,
            "Aucune journée n’est encore close. Une journée close ne reçoit plus rien : une correction compte pour le jour où elle est faite.",
        ),
        None => Alert::new(Tone::Success, "Toutes les journées closes sont intactes, relues à l’instant."),
    }
}

fn table(controles: &[Controle]) -> Table {
    let rows = controles.iter().rev().map(|c| {
        let etat = match c.ecart {
            None => Badge::new(Tone::Success, "Intacte"),
            Some(_) => Badge::new(Tone::Danger, "Modifiée"),
        };
        let cl = &c.cloture;
        Row::to(format!("/iexam/paiements?cloture={}", cl.id))
            .text(format!("n° {}", cl.id))
            .cell(Cell::date(cl.jour))
            .cell(Cell::Count(cl.ecritures))
            .cell(Cell::Number(cl.encaisse.to_string()))
            .cell(Cell::Number(cl.rembourse.to_string()))
            .cell(Cell::instant(cl.close_le))
            .text(&cl.close_par)
            .badge(etat)
            .code(cl.empreinte.chars().take(12).collect::<String>())
    });
    Table::new("clotures", "Journées closes")
        .columns([
            Column::text("id", "Clôture"),
            Column::text("jour", "Journée"),
            Column::number("ecritures", "Écritures"),
            Column::number("encaisse", "Encaissé"),
            Column::number("rembourse", "Remboursé"),
            Column::text("close_le", "Close le").optional(),
            Column::text("par", "Par").optional(),
            Column::text("etat", "Contrôle"),
            Column::text("empreinte", "Empreinte").optional(),
        ])
        .rows(rows)
        .empty(Empty::new(
            "Aucune journée close",
            "Clôturez une journée quand elle est finie : ses totaux ne bougent plus.",
        ))
}

/// What the form of a day sends.
#[derive(Debug, Deserialize)]
pub(super) struct Envoi {
    jour: NaiveDate,
    ecritures: i64,
}

/// `POST /iexam/paiements/clotures`.
pub(super) async fn clore(
    visitor: Visitor,
    State(iexam): State<Iexam>,
    Form(envoi): Form<Envoi>,
) -> Result<Redirection, PageError> {
    let vers = Redirection::to("/iexam/paiements/clotures");
    match clore::clore(&iexam, envoi.jour, Some(envoi.ecritures), &visitor.actor()).await {
        Ok(id) => Ok(vers.success(format!(
            "La journée du {} est close (clôture n° {id}). Elle ne recevra plus aucune écriture.",
            date_francaise(envoi.jour)
        ))),
        Err(fault @ CaisseFault::JourChange(_)) => {
            use kernel::Fault as _;
            Ok(vers.saying(Tone::Warning, format!("{} {}", fault.message(), fault.way_out())))
        }
        Err(fault) => Err(fault.into()),
    }
}
