//! What is done to a period from its page: moved, published, derogated, given its centres.

use ::web::components::{Alert, Tone};
use ::web::{Frame, Page, PageError, Redirection, Visitor};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::Fault as _;

use super::super::pages::Saisie;
use super::une::page;
use super::{lien, lire};
use crate::Iexam;
use crate::actions::accorder::ajouter;
use crate::actions::deroger::{deroger as signer, retirer};
use crate::actions::modalites_publier::publier as publier_modalites;
use crate::actions::periode_avancer::{Pas, avancer as bouger};
use crate::actions::regler_fault::ReglageFault;
use crate::domain::horloge::Echeance;
use crate::domain::periode::{EtatPeriode, Periode};

/// A refusal of an action that has no field: the page again, with what happened.
async fn refuser(
    iexam: &Iexam,
    frame: Frame,
    p: Periode,
    faute: ReglageFault,
) -> Result<Response, PageError> {
    if matches!(faute, ReglageFault::Base(_) | ReglageFault::Inconnu(..)) {
        return Err(faute.into());
    }
    let mut fiche = page(iexam, frame, p, None).await?;
    fiche.alertes.insert(0, Alert::new(Tone::Danger, faute.message()).way_out(faute.way_out()));
    Ok(Page(fiche).with_status(StatusCode::CONFLICT))
}

async fn bouge(
    iexam: Iexam,
    frame: Frame,
    visitor: Visitor,
    (annee, code): (String, String),
    s: Saisie,
    pas: Pas,
) -> Result<Response, PageError> {
    let p = lire(&iexam, &annee, &code).await?;
    let de = EtatPeriode::of_code(s.texte("de")).unwrap_or(p.etat);
    match bouger(&iexam, p.id, pas, de, s.coche("confirme"), &visitor.actor()).await {
        Ok(vers) => {
            let phrase = format!("{} est maintenant à l’étape «\u{a0}{}\u{a0}».", p.nom(), vers.libelle());
            Ok(Redirection::to(lien(&p)).success(phrase).into_response())
        }
        Err(faute) => {
            let p = lire(&iexam, &annee, &code).await?;
            refuser(&iexam, frame, p, faute).await
        }
    }
}

pub(super) async fn avancer(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path(cle): Path<(String, String)>,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    bouge(iexam, frame, visitor, cle, s, Pas::Avant).await
}

pub(super) async fn reculer(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path(cle): Path<(String, String)>,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    bouge(iexam, frame, visitor, cle, s, Pas::Arriere).await
}

pub(super) async fn publier(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path((annee, code)): Path<(String, String)>,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let p = lire(&iexam, &annee, &code).await?;
    let voulu = s.coche("publier");
    match publier_modalites(&iexam, p.id, voulu, &visitor.actor()).await {
        Ok(()) => {
            let phrase = if voulu {
                "Les modalités sont publiées."
            } else {
                "La publication des modalités est retirée."
            };
            Ok(Redirection::to(lien(&p)).success(phrase).into_response())
        }
        Err(faute) => refuser(&iexam, frame, p, faute).await,
    }
}

pub(super) async fn deroger(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path((annee, code)): Path<(String, String)>,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let p = lire(&iexam, &annee, &code).await?;
    let Some(echeance) = Echeance::of_code(s.texte("echeance")) else {
        return Err(PageError::invalid("Cette échéance n’existe pas.", "Rechargez la page de la période."));
    };
    let signature = (s.coche("signe"), visitor.nom.as_str());
    match signer(&iexam, p.id, echeance, s.texte("motif"), signature, &visitor.actor()).await {
        Ok(()) => Ok(Redirection::to(lien(&p)).success("La dérogation est signée.").into_response()),
        Err(faute @ ReglageFault::Saisie(_)) => {
            let mut fiche = page(&iexam, frame, p, Some((&s, &faute))).await?;
            fiche.alertes.insert(0, Alert::new(Tone::Danger, faute.message()).way_out(faute.way_out()));
            Ok(Page(fiche).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(faute) => refuser(&iexam, frame, p, faute).await,
    }
}

pub(super) async fn retirer_derogation(
    State(iexam): State<Iexam>,
    visitor: Visitor,
    Path((annee, code)): Path<(String, String)>,
    Form(s): Form<Saisie>,
) -> Result<Redirection, PageError> {
    let p = lire(&iexam, &annee, &code).await?;
    if let Some(echeance) = Echeance::of_code(s.texte("echeance")) {
        retirer(&iexam, p.id, echeance, &visitor.actor()).await?;
    }
    Ok(Redirection::to(lien(&p)).success("La dérogation est retirée."))
}

pub(super) async fn ajouter_centres(
    State(iexam): State<Iexam>,
    visitor: Visitor,
    Path((annee, code)): Path<(String, String)>,
) -> Result<Redirection, PageError> {
    let p = lire(&iexam, &annee, &code).await?;
    let n = ajouter(&iexam, p.id, None, &visitor.actor()).await?;
    let phrase = match n {
        0 => "Tous les centres actifs y étaient déjà.".to_owned(),
        1 => "Un centre est ajouté\u{a0}; son accord est à demander.".to_owned(),
        n => format!("{n} centres sont ajoutés\u{a0}; leurs accords sont à demander."),
    };
    Ok(Redirection::to(lien(&p)).success(phrase))
}
