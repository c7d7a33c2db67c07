//! The page of a modality: what it is, what it costs and from when, its centres.

use ::web::components::{Alert, Badge, Button, Checkbox, Column, Empty, Identity, Maybe, Row, Table, Tone};
use ::web::{Frame, Html, Page, PageError};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use kernel::{Right, heure_de_besancon};

use super::super::pages::{Colonnes, Fiche, Formulaire, Saisie, histoire};
use super::tarifs::{nouveau_tarif, tarifs};
use super::{LISTE, lien};
use crate::Iexam;
use crate::actions::regler_fault::ReglageFault;
use crate::domain::modalite::{Lieu, Modalite};
use crate::store::calcul::tarif_list;
use crate::store::modalite::{modalite_centres, modalite_par_code, modalite_periodes};

pub(super) async fn lire(iexam: &Iexam, code: &str) -> Result<Modalite, PageError> {
    let m = iexam.db.read(|c| async move { modalite_par_code(&c, code).await }).await?;
    m.ok_or_else(|| PageError::nothing(format!("La modalité «\u{a0}{code}\u{a0}» n’existe pas.")))
}

pub(super) async fn page(
    iexam: &Iexam,
    frame: Frame,
    m: &Modalite,
    sent: Option<(&Saisie, &ReglageFault)>,
) -> Result<Fiche, PageError> {
    let id = m.id;
    let (tous, centres, periodes) = iexam
        .db
        .read(|c| async move {
            Ok::<_, db::DbError>((
                tarif_list(&c).await?,
                modalite_centres(&c, id).await?,
                modalite_periodes(&c).await?,
            ))
        })
        .await?;
    let peut = frame.visitor().is_some_and(|v| v.may(Right::ExamensRegler));
    let csrf = frame.csrf().to_owned();
    let aujourd_hui = heure_de_besancon(iexam.clock.now()).date();
    let tenus = tous.get(&m.id).cloned().unwrap_or_default();
    let offertes = periodes.get(&m.id).cloned().unwrap_or_default();
    let (histoire, _) = histoire(iexam, "modalite_examen", m.id).await?;
    let mut fiche = Fiche::new(frame.titled(&m.libelle).crumb("Modalités", LISTE));
    let badge = if m.active {
        Badge::new(Tone::Success, "Active")
    } else {
        Badge::new(Tone::Neutral, "Désactivée")
    };
    let identite = Identity::new("Modalité", &m.code)
        .badge(badge)
        .fact(if m.lieu == Lieu::Centre { "dans un centre" } else { "chez soi" })
        .fact(if m.surveillee { "heures surveillées" } else { "heures non surveillées" });
    fiche.identite = Maybe(Some(match offertes.is_empty() {
        true => identite.fact("offerte dans aucune période en cours"),
        false => identite.fact(format!("offerte dans {}", offertes.join(", "))),
    }));
    if peut {
        fiche
            .actions
            .push(Html::of(&Button::link("Modifier", format!("{}/modifier", lien(&m.code))).icon("pencil")));
    }
    if !m.active && !offertes.is_empty() {
        let phrase = format!("Cette modalité est désactivée, mais {} l’offre encore.", offertes.join(", "));
        fiche.alertes.push(
            Alert::new(Tone::Warning, phrase)
                .way_out("Retirez-la de l’offre de la période, ou réactivez-la."),
        );
    }
    let mut gauche = vec![Html::of(&tarifs(m, &tenus, aujourd_hui, peut, &csrf))];
    if peut {
        gauche.push(nouveau_tarif(m, &csrf, sent));
    }
    let dit = |texte: &str| if texte.is_empty() { "—".to_owned() } else { texte.to_owned() };
    let presentation = Table::new("presentation", "Ce que lit l’étudiant")
        .columns([Column::text("quoi", "Rubrique"), Column::text("texte", "Texte")])
        .rows([
            Row::new().text("Consignes").text(dit(&m.consignes)),
            Row::new().text("Pièces demandées").text(dit(&m.pieces.replace('\n', "\u{a0}; "))),
        ]);
    let mut droite = vec![Html::of(&presentation)];
    if m.lieu == Lieu::Centre {
        droite.push(centres_de(m, &centres, peut, &csrf));
    }
    fiche.sections.push(Html::of(&Colonnes { gauche, droite }));
    fiche.sections.push(Html::of(&histoire));
    Ok(fiche)
}

fn centres_de(m: &Modalite, centres: &[(i64, String, String, bool)], peut: bool, csrf: &str) -> Html {
    if !peut || centres.is_empty() {
        let rows = centres
            .iter()
            .filter(|c| c.3)
            .map(|(_, code, nom, _)| Row::to(format!("/iexam/centres/{code}")).text(nom));
        let table = Table::new("centres", "Centres")
            .columns([Column::text("nom", "Centre")])
            .rows(rows.collect::<Vec<_>>())
            .empty(
                Empty::new("Aucun centre", "Créez les centres, puis cochez ici ceux de cette modalité.")
                    .action("Voir les centres", "/iexam/centres"),
            );
        return Html::of(&table);
    }
    let n = centres.iter().filter(|c| c.3).count();
    let mut form =
        Formulaire::new("centres", format!("Centres ({n})"), format!("{}/centres", lien(&m.code)), csrf)
            .texte("Ceux que l’étudiant peut choisir.");
    for (id, _, nom, est) in centres {
        form = form.champ(&Checkbox::new("centre", nom).value(id.to_string()).checked(*est));
    }
    Html::of(&form.verbe_discret("Enregistrer les centres"))
}

pub(super) async fn voir(
    State(iexam): State<Iexam>,
    frame: Frame,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let m = lire(&iexam, &code).await?;
    Ok(Page(page(&iexam, frame, &m, None).await?).into_response())
}
