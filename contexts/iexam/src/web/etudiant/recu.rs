//! A receipt: what was confirmed, as it was that day. A page, and the same as a PDF.

use ::web::components::{Alert, Maybe, Tone};
use ::web::{Frame, Page, PageError, Visitor};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use kernel::Cents;

use super::compte::Compte;
use super::etudiant;
use crate::Iexam;
use crate::actions::joindre::{nom_du_recu, recu_en_pdf};
use crate::domain::recu::Recu;
use crate::store::recu::{RecuTenu, recu_read};

#[derive(Template)]
#[template(path = "etudiant/recu.html")]
struct RecuPage {
    frame: Frame,
    remplace: Maybe<Alert>,
    recu: Recu,
    compte: Compte,
    pdf: String,
}

/// A receipt of the student who asks; somebody else's does not exist for them.
async fn lire(iexam: &Iexam, visitor: &Visitor, numero: &str) -> Result<RecuTenu, PageError> {
    let qui = etudiant(visitor)?;
    let lu = iexam.db.read(|c| async move { recu_read(&c, numero).await }).await?;
    let sien = lu.filter(|r| r.etudiant == qui);
    sien.ok_or_else(|| PageError::nothing(format!("Le reçu {numero} n’existe pas, ou n’est pas le vôtre.")))
}

pub(super) async fn page(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path(numero): Path<String>,
) -> Result<Response, PageError> {
    let tenu = lire(&iexam, &visitor, &numero).await?;
    let id = tenu.inscription;
    let present =
        iexam.db.read(|c| async move { crate::store::inscription::inscription_read(&c, id).await }).await?;
    let remplacant = present.and_then(|i| i.recu).filter(|r| *r != tenu.contenu.numero);
    let remplace = remplacant.map(|r| {
        Alert::new(
            Tone::Info,
            "Vous avez validé de nouveau depuis : ce reçu dit ce que vous aviez validé ce jour-là.",
        )
        .link(format!("Voir le reçu {r}"), format!("/examens/recus/{r}"))
    });
    let recu = tenu.contenu;
    Ok(Page(RecuPage {
        remplace: Maybe(remplace),
        compte: Compte::lu(recu.lignes.clone(), Cents(recu.total_cents)),
        pdf: format!("/examens/recus/{}/pdf", recu.numero),
        frame: frame.titled(format!("Reçu {}", recu.numero)).crumb("Mes examens", super::LISTE),
        recu,
    })
    .into_response())
}

pub(super) async fn pdf(
    State(iexam): State<Iexam>,
    visitor: Visitor,
    Path(numero): Path<String>,
) -> Result<Response, PageError> {
    let tenu = lire(&iexam, &visitor, &numero).await?;
    let nom = nom_du_recu(&tenu.contenu.numero);
    let pdf = recu_en_pdf(&iexam, &tenu).await?;
    let entetes = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{nom}\"")),
    ];
    Ok((entetes, pdf.octets).into_response())
}
