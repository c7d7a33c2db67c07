//! Modalities as data: the list, the page of one, its tariffs, its centres.

mod fiche;
mod tarifs;
mod une;

use ::web::components::{ActionForm, Badge, Button, Cell, Column, Empty, Look, Row, Table, Tone};
use ::web::{Frame, Html, Page, PageError, Redirection, RouteTable, Routes, Visitor};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kernel::{Right, heure_de_besancon};

use super::pages::{Fiche, Rangee};
use crate::Iexam;
use crate::actions::modalite_regler::creer_usuelles;
use crate::domain::modalite::{Lieu, tarif_du};
use crate::store::calcul::tarif_list;
use crate::store::modalite::{modalite_list, modalite_periodes};

pub(super) const LISTE: &str = "/iexam/modalites";

/// The page of a modality.
pub(super) fn lien(code: &str) -> String {
    format!("{LISTE}/{code}")
}

async fn liste(frame: Frame, State(iexam): State<Iexam>) -> Result<Response, PageError> {
    let (modalites, tarifs, periodes) = iexam
        .db
        .read(|c| async move {
            Ok::<_, db::DbError>((
                modalite_list(&c).await?,
                tarif_list(&c).await?,
                modalite_periodes(&c).await?,
            ))
        })
        .await?;
    let peut = frame.visitor().is_some_and(|v| v.may(Right::ExamensRegler));
    let aujourd_hui = heure_de_besancon(iexam.clock.now()).date();
    let rows = modalites.iter().map(|m| {
        let tarif = tarifs.get(&m.id).and_then(|t| tarif_du(t, aujourd_hui));
        let offertes = periodes.get(&m.id).map(|p| p.join(", ")).unwrap_or_default();
        let mut badges = vec![match (m.active, tarif.is_some()) {
            (true, true) => Badge::new(Tone::Success, "Active"),
            (true, false) => Badge::new(Tone::Warning, "Sans tarif aujourd’hui"),
            (false, _) => Badge::new(Tone::Neutral, "Désactivée"),
        }];
        if !m.active && !offertes.is_empty() {
            badges.push(Badge::new(Tone::Warning, "Encore offerte"));
        }
        Row::to(lien(&m.code))
            .text(&m.libelle)
            .code(&m.code)
            .text(if m.lieu == Lieu::Centre { "Dans un centre" } else { "Chez soi" })
            .cell(tarif.map_or(Cell::Absent, |t| Cell::Number(t.fixe.to_string())))
            .cell(tarif.map_or(Cell::Absent, |t| Cell::Number(t.horaire.to_string())))
            .text(offertes)
            .badges(badges)
            .muted(!m.active)
    });
    let vide = Empty::new(
        "Aucune modalité",
        "Une modalité est une manière de passer les examens\u{a0}: un lieu, un tarif, des consignes.",
    );
    let table = Table::new("modalites", "Modalités")
        .columns([
            Column::text("libelle", "Modalité"),
            Column::text("code", "Code").optional(),
            Column::text("lieu", "Lieu").optional(),
            Column::number("fixe", "Part fixe"),
            Column::number("horaire", "Par heure surveillée"),
            Column::text("periodes", "Offerte dans").optional(),
            Column::text("etat", "État"),
        ])
        .rows(rows.collect::<Vec<_>>())
        .empty(vide);
    let vide = modalites.is_empty();
    let mut fiche = Fiche::new(frame.titled("Modalités"));
    fiche.sections.push(Html::of(&table));
    if peut {
        let look = if vide { Look::Secondary } else { Look::Primary };
        let bouton = Button::link("Nouvelle modalité", format!("{LISTE}/-/nouvelle")).icon("plus").look(look);
        fiche.actions.push(Html::of(&bouton));
        if vide {
            let bouton =
                Button::submit("Créer les quatre modalités usuelles").look(Look::Primary).icon("plus");
            let form = ActionForm::new(format!("{LISTE}/-/usuelles"), fiche.frame.csrf(), bouton);
            fiche.sections.push(Html::of(&Rangee { contenu: vec![Html::of(&form)] }));
        }
    }
    Ok(Page(fiche).into_response())
}

async fn usuelles(State(iexam): State<Iexam>, visitor: Visitor) -> Result<Redirection, PageError> {
    let n = creer_usuelles(&iexam, &visitor.actor()).await?;
    let phrase = match n {
        0 => "Les quatre modalités usuelles existaient déjà.".to_owned(),
        1 => "Une modalité est créée\u{a0}; donnez-lui un tarif.".to_owned(),
        n => format!("{n} modalités sont créées\u{a0}; donnez à chacune un tarif et ses centres."),
    };
    Ok(Redirection::to(LISTE).success(phrase))
}

pub(super) fn routes(iexam: &Iexam) -> RouteTable {
    Routes::with_state(iexam.clone())
        .get(LISTE, Right::ExamensLire, liste)
        .post("/iexam/modalites/-/usuelles", Right::ExamensRegler, usuelles)
        .get("/iexam/modalites/-/nouvelle", Right::ExamensRegler, fiche::nouvelle)
        .post("/iexam/modalites/-/nouvelle", Right::ExamensRegler, fiche::creer)
        .get("/iexam/modalites/{code}", Right::ExamensLire, une::voir)
        .get("/iexam/modalites/{code}/modifier", Right::ExamensRegler, fiche::modifier)
        .post("/iexam/modalites/{code}/modifier", Right::ExamensRegler, fiche::enregistrer)
        .post("/iexam/modalites/{code}/tarifs", Right::ExamensRegler, tarifs::tarifer)
        .post("/iexam/modalites/{code}/tarifs/retirer", Right::ExamensRegler, tarifs::retirer_tarif)
        .post("/iexam/modalites/{code}/centres", Right::ExamensRegler, tarifs::rattacher)
        .build()
}
