//! The page of one arrangement: what it says, how it is changed, withdrawn, given back.

use ::web::components::{ActionForm, Badge, Button, Column, Identity, Maybe, Row, Table, Tone};
use ::web::{Conflit, Frame, Html, Page, PageError, Redirection, Visitor};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::Right;

use super::super::pages::{Fiche, Formulaire, Saisie, conflit, histoire};
use super::formulaire::{champs, drapeaux, lire, remplie};
use super::{LISTE, fini, noms};
use crate::Iexam;
use crate::actions::amenager::{self, vu};
use crate::actions::amenager_fault::AmenagementFault;
use crate::domain::amenagement::TIERS;
use crate::domain::amenagement_regles::majoration_dite;
use crate::store::amenagement::amenagement_read;

struct Refusee {
    saisie: Saisie,
    faute: Option<(&'static str, String)>,
    conflit: Option<Conflit>,
}

async fn page(iexam: &Iexam, frame: Frame, id: i64, refusee: Option<Refusee>) -> Result<Fiche, PageError> {
    let tenu = iexam
        .db
        .read(|c| async move { amenagement_read(&c, id).await })
        .await?
        .ok_or(AmenagementFault::Inconnu)?;
    let a = &tenu.amenagement;
    let (table, derniere) = histoire(iexam, "amenagement", id).await?;
    let nom = noms(iexam, std::slice::from_ref(&a.etudiant)).await.remove(&a.etudiant);
    let titre = nom.unwrap_or_else(|| format!("Étudiant n° {}", a.etudiant));
    let peut = frame.visitor().is_some_and(|v| v.may(Right::ExamensRegler));
    let csrf = frame.csrf().to_owned();
    let mut fiche = Fiche::new(frame.titled(titre).crumb("Aménagements", LISTE));
    let mut identite = Identity::new("Aménagement", a.etudiant.to_string())
        .fact(format!(
            "Du {} au {}",
            kernel::date_francaise(a.valide_du),
            kernel::date_francaise(a.valide_au)
        ))
        .fact(format!("Majoration : {}", majoration_dite(a.majoration)));
    if tenu.retire_le.is_some() {
        identite = identite.badge(Badge::new(Tone::Neutral, "Retiré"));
    }
    if a.majoration > TIERS {
        identite = identite.badge(Badge::new(Tone::Action, "Exception motivée"));
    }
    fiche.identite = Maybe(Some(identite));
    if peut {
        let (verbe, mot) =
            if tenu.retire_le.is_none() { ("retirer", "Retirer") } else { ("rendre", "Remettre en vigueur") };
        let bouton = Button::submit(mot).icon(if verbe == "retirer" { "x" } else { "arrow-back-up" });
        fiche.actions.push(Html::of(&ActionForm::new(format!("{LISTE}/{id}/{verbe}"), &csrf, bouton)));
    }
    if peut && tenu.retire_le.is_none() {
        let (saisie, faute) = match &refusee {
            Some(r) => (r.saisie.clone(), r.faute.clone()),
            None => (remplie(a), None),
        };
        let form = Formulaire::new("modifier", "Modifier", format!("{LISTE}/{id}"), &csrf)
            .texte("Les heures de fin et les comptes des inscriptions en cours suivent aussitôt.")
            .vu(vu(&tenu).after(derniere));
        fiche.sections.push(Html::of(&champs(form, &saisie, faute.as_ref()).verbe("Enregistrer")));
    } else {
        let ligne = |mot: &str, texte: &str| {
            let row = Row::new().text(mot);
            if texte.is_empty() { row.absent() } else { row.text(texte) }
        };
        let lecture = Table::new("amenagement", "L’aménagement")
            .columns([Column::text("quoi", "Champ"), Column::text("valeur", "Valeur")])
            .rows([ligne("Autres aménagements", &drapeaux(a)), ligne("Exception motivée", &a.exception)]);
        fiche.sections.push(Html::of(&lecture));
    }
    fiche.conflit = Maybe(refusee.and_then(|r| r.conflit));
    fiche.sections.push(Html::of(&table));
    Ok(fiche)
}

pub(super) async fn voir(
    State(iexam): State<Iexam>,
    frame: Frame,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    Ok(Page(page(&iexam, frame, id, None).await?).into_response())
}

pub(super) async fn modifier(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path(id): Path<i64>,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let tenu = iexam
        .db
        .read(|c| async move { amenagement_read(&c, id).await })
        .await?
        .ok_or(AmenagementFault::Inconnu)?;
    let faute = match lire(&s, tenu.amenagement.etudiant) {
        Err(faute) => faute,
        Ok(voulue) => {
            match amenager::modifier(&iexam, id, &voulue, s.vu().unwrap_or_default(), &visitor.actor()).await
            {
                Ok(effets) => return Ok(fini("L’aménagement est enregistré.", &effets).into_response()),
                Err(AmenagementFault::Champ(champ, phrase)) => (champ, phrase),
                Err(AmenagementFault::Perime) => {
                    let conflit = conflit(&iexam, "amenagement", id, s.vu().unwrap_or_default()).await?;
                    let conflit =
                        Some(conflit.titled("Cet aménagement a changé depuis que vous l’avez ouvert"));
                    let refusee = Refusee { saisie: s, faute: None, conflit };
                    return Ok(
                        Page(page(&iexam, frame, id, Some(refusee)).await?).with_status(StatusCode::CONFLICT)
                    );
                }
                Err(fault) => return Err(fault.into()),
            }
        }
    };
    let refusee = Refusee { saisie: s, faute: Some(faute), conflit: None };
    Ok(Page(page(&iexam, frame, id, Some(refusee)).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
}

pub(super) async fn retirer(
    State(iexam): State<Iexam>,
    visitor: Visitor,
    Path(id): Path<i64>,
) -> Result<Redirection, PageError> {
    let effets = amenager::retirer(&iexam, id, false, &visitor.actor()).await?;
    Ok(fini("L’aménagement est retiré.", &effets))
}

pub(super) async fn rendre(
    State(iexam): State<Iexam>,
    visitor: Visitor,
    Path(id): Path<i64>,
) -> Result<Redirection, PageError> {
    let effets = amenager::retirer(&iexam, id, true, &visitor.actor()).await?;
    Ok(fini("L’aménagement est de nouveau en vigueur.", &effets))
}
