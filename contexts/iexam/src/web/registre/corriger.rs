//! A row of the ledger taken back: what it will do is said first.

use ::web::components::Field;
use ::web::{Frame, ListQuery, Page, PageError, Redirection, Visitor};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{Fault as _, date_francaise, heure_de_besancon};

use super::guichet::cle_unique;
use super::lien;
use super::une::Envoi;
use crate::Iexam;
use crate::actions::caisse_fault::CaisseFault;
use crate::actions::corriger as correction;
use crate::store::caisse::{ecriture_read, jour_ouvert};

#[derive(Template)]
#[template(path = "registre/corriger.html")]
struct Corriger {
    frame: Frame,
    consequences: Vec<String>,
    motif: Field,
    action: String,
    retour: String,
    cle: String,
}

async fn page(
    iexam: &Iexam,
    frame: Frame,
    query: &ListQuery,
    (id, ecriture): (i64, i64),
    envoi: &Envoi,
    refus: Option<String>,
) -> Result<Corriger, PageError> {
    let jour = heure_de_besancon(iexam.clock.now()).date();
    let (e, jour) = iexam
        .db
        .read(|c| async move {
            let e = ecriture_read(&c, ecriture).await?.filter(|e| e.inscription == id);
            Ok::<_, db::DbError>((e, jour_ouvert(&c, jour).await?))
        })
        .await?;
    let e = e.ok_or(CaisseFault::Ecriture(ecriture))?;
    if let Some(pourquoi) = correction::incorrigible(&e) {
        return Err(CaisseFault::Incorrigible(pourquoi).into());
    }
    let retour = lien(id, query);
    let cle = envoi.get("cle").cloned().unwrap_or_else(|| cle_unique(iexam, &frame, "corriger", ecriture));
    Ok(Corriger {
        consequences: vec![
            format!(
                "L’écriture n° {} ({}, {}) du {} reste dans le compte, barrée.",
                e.id,
                e.nature.libelle().to_lowercase(),
                e.nature.signe(e.montant),
                date_francaise(e.jour)
            ),
            format!("Une écriture opposée, qui la nomme, s’ajoute à la journée du {}.", date_francaise(jour)),
            "Une écriture ne se corrige qu’une fois.".to_owned(),
        ],
        motif: Field::text("motif", "Motif")
            .lines(2)
            .maxlength(500)
            .required()
            .value(envoi.get("motif").cloned().unwrap_or_default())
            .error(refus),
        action: format!("{}/ecritures/{ecriture}/corriger", retour.split('?').next().unwrap_or(&retour)),
        cle,
        frame: frame.titled(format!("Corriger l’écriture n° {ecriture}")).crumb("Inscription", &retour),
        retour,
    })
}

/// `GET …/{id}/ecritures/{ecriture}/corriger`.
pub(super) async fn demander(
    frame: Frame,
    query: ListQuery,
    State(iexam): State<Iexam>,
    Path(ou): Path<(i64, i64)>,
) -> Result<Response, PageError> {
    Ok(Page(page(&iexam, frame, &query, ou, &Envoi::new(), None).await?).into_response())
}

/// `POST …/{id}/ecritures/{ecriture}/corriger`.
pub(super) async fn corriger(
    frame: Frame,
    visitor: Visitor,
    query: ListQuery,
    State(iexam): State<Iexam>,
    Path((id, ecriture)): Path<(i64, i64)>,
    Form(envoi): Form<Envoi>,
) -> Result<Response, PageError> {
    let champ = |nom: &str| envoi.get(nom).map_or("", |v| v.trim());
    let cle = format!("correction:{ecriture}:{}", champ("cle"));
    let fait = correction::corriger(&iexam, id, ecriture, champ("motif"), Some(&cle), &visitor.actor()).await;
    match fait {
        Ok(ecrite) => {
            let dit = format!("L’écriture n° {ecriture} est corrigée par l’écriture n° {}.", ecrite.id);
            Ok(Redirection::to(lien(id, &query)).success(dit).into_response())
        }
        Err(fault) if fault.champ().is_some() => {
            let refus = format!("{} {}", fault.message(), fault.way_out());
            let page = page(&iexam, frame, &query, (id, ecriture), &envoi, Some(refus)).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(fault) => Err(fault.into()),
    }
}
