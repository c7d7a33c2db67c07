//! The form of what a period offers: one line a modality.

use ::web::components::{Alert, Empty, Maybe, Tone};
use ::web::{Conflit, Frame, Html, Page, PageError, Redirection, Visitor};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::Fault as _;

use super::super::pages::{Fiche, Formulaire, Saisie, conflit, histoire};
use super::{LISTE, lien, lire};
use crate::Iexam;
use crate::actions::modalite_offrir::{offre_vu, offrir};
use crate::actions::regler_fault::{Refus, ReglageFault};
use crate::domain::heure::{lire_heure, saisir_heure};
use crate::domain::periode::Periode;
use crate::store::offre::{Offerte, offre_list};

struct Ligne {
    id: i64,
    libelle: String,
    active: bool,
    offerte: bool,
    quota: String,
    echeance: String,
    prises: i64,
}

#[derive(Template)]
#[template(path = "reglages/offres.html")]
struct Lignes {
    lignes: Vec<Ligne>,
}

async fn page(
    iexam: &Iexam,
    frame: Frame,
    p: &Periode,
    sent: Option<&Saisie>,
    faute: Option<&ReglageFault>,
    conflit: Option<Conflit>,
) -> Result<Fiche, PageError> {
    let id = p.id;
    let tenues = iexam.db.read(|c| async move { offre_list(&c, id).await }).await?;
    let (_, derniere) = histoire(iexam, "periode_examen", p.id).await?;
    let lignes = tenues.iter().map(|o| {
        let champ = |nom: &str| sent.map(|s| s.texte(&format!("{nom}-{}", o.modalite)).to_owned());
        Ligne {
            id: o.modalite,
            libelle: o.libelle.clone(),
            active: o.modalite_active,
            offerte: champ("offerte").map_or(o.offerte, |v| v == "oui"),
            quota: champ("quota").unwrap_or_else(|| o.quota.map(|q| q.to_string()).unwrap_or_default()),
            echeance: champ("echeance").unwrap_or_else(|| o.echeance.map(saisir_heure).unwrap_or_default()),
            prises: o.prises,
        }
    });
    let lignes = Lignes { lignes: lignes.collect() };
    let mut fiche = Fiche::new(
        frame.titled(format!("Modalités de {}", p.nom())).crumb("Périodes", LISTE).crumb(p.nom(), lien(p)),
    );
    fiche.conflit = Maybe(conflit);
    if let Some(faute) = faute {
        fiche.alertes.push(Alert::new(Tone::Danger, faute.message()).way_out(faute.way_out()));
    }
    if let Some(le) = p.modalites_publiees_le {
        fiche.alertes.push(
            Alert::new(Tone::Warning, format!("Les modalités ont été publiées le {}.", super::super::le(le)))
                .way_out("Elles ne changent plus en cours d’année (D.611-12)\u{a0}: ce que vous changez ici doit être annoncé et justifié."),
        );
    }
    if tenues.is_empty() {
        let vide = Empty::new(
            "Aucune modalité",
            "Les modalités sont communes à toutes les périodes\u{a0}: créez-les d’abord.",
        )
        .action("Voir les modalités", "/iexam/modalites");
        fiche.sections.push(Html::of(&vide));
        return Ok(fiche);
    }
    let mut form =
        Formulaire::new("offre", "Ce que la période offre", format!("{}/modalites", lien(p)), fiche.frame.csrf())
            .texte(format!(
                "Sans quota, les places ne sont pas comptées. Sans échéance, une modalité se choisit jusqu’à la fin des inscriptions, {}.",
                super::super::le(p.inscriptions_fin)
            ))
            .vu(offre_vu(&tenues).after(derniere));
    form.hauts.push(Html::of(&lignes));
    fiche.sections.push(Html::of(&form.verbe("Enregistrer").sinon(lien(p))));
    Ok(fiche)
}

pub(super) async fn voir(
    State(iexam): State<Iexam>,
    frame: Frame,
    Path((annee, code)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let p = lire(&iexam, &annee, &code).await?;
    Ok(Page(page(&iexam, frame, &p, None, None, None).await?).into_response())
}

/// What the form asks, modality by modality.
fn lire_offre(s: &Saisie, tenues: &[Offerte]) -> Result<Vec<Offerte>, ReglageFault> {
    let mut refus = Vec::new();
    let voulues = tenues.iter().map(|o| {
        let quota = s.nombre(&format!("quota-{}", o.modalite)).unwrap_or_else(|()| {
            refus.push(Refus::new(
                "offre",
                format!("Le quota de «\u{a0}{}\u{a0}» n’est pas un nombre.", o.libelle),
            ));
            None
        });
        let texte = s.texte(&format!("echeance-{}", o.modalite));
        let echeance = lire_heure(texte);
        if echeance.is_none() && !texte.trim().is_empty() {
            refus.push(Refus::new(
                "offre",
                format!("L’échéance de «\u{a0}{}\u{a0}» n’est pas un jour et une heure.", o.libelle),
            ));
        }
        let offerte = s.coche(&format!("offerte-{}", o.modalite));
        Offerte { offerte, quota, echeance, ..o.clone() }
    });
    let voulues: Vec<_> = voulues.collect();
    if refus.is_empty() { Ok(voulues) } else { Err(ReglageFault::Saisie(refus)) }
}

pub(super) async fn enregistrer(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path((annee, code)): Path<(String, String)>,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let p = lire(&iexam, &annee, &code).await?;
    let id = p.id;
    let tenues = iexam.db.read(|c| async move { offre_list(&c, id).await }).await?;
    let fait = match lire_offre(&s, &tenues) {
        Ok(voulues) => offrir(&iexam, p.id, &voulues, s.vu(), &visitor.actor()).await,
        Err(faute) => Err(faute),
    };
    match fait {
        Ok(0) => Ok(Redirection::to(lien(&p)).success("Rien n’a changé.").into_response()),
        Ok(_) => {
            Ok(Redirection::to(lien(&p)).success("L’offre de la période est enregistrée.").into_response())
        }
        Err(ReglageFault::Change(_)) => {
            let conflit = conflit(&iexam, "periode_examen", p.id, s.texte("vu")).await?;
            let page = page(&iexam, frame, &p, Some(&s), None, Some(conflit)).await?;
            Ok(Page(page).with_status(StatusCode::CONFLICT))
        }
        Err(faute @ ReglageFault::Saisie(_)) => {
            let page = page(&iexam, frame, &p, Some(&s), Some(&faute), None).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(faute) => Err(faute.into()),
    }
}
