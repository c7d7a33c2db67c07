//! Money of one registration: paid at the desk, given back, not asked.

use ::web::{Frame, ListQuery, PageError, Redirection, Visitor};
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use kernel::{Cents, Fault as _, FaultKind};

use super::lien;
use super::une::{Envoi, montrer, refus};
use crate::Iexam;
use crate::actions::caisse_fault::CaisseFault;
use crate::actions::tenir::{Ecrite, Saisie};
use crate::actions::{encaisser as encaissement, exonerer as exoneration, rembourser as remboursement};
use crate::domain::ecriture::Moyen;

/// The three forms, by the beginning of their fields' names.
#[derive(Clone, Copy)]
enum Forme {
    Paiement,
    Remboursement,
    Exoneration,
}

impl Forme {
    fn nom(self) -> &'static str {
        match self {
            Self::Paiement => "paiement",
            Self::Remboursement => "remboursement",
            Self::Exoneration => "exoneration",
        }
    }

    /// The field of the page that a refusal is about.
    fn champ(self, champ: &str) -> Option<&'static str> {
        Some(match (self, champ) {
            (Self::Paiement, "montant") => "paiement_montant",
            (Self::Paiement, "moyen") => "paiement_moyen",
            (Self::Paiement, "reference") => "paiement_reference",
            (Self::Remboursement, "montant") => "remboursement_montant",
            (Self::Remboursement, "moyen") => "remboursement_moyen",
            (Self::Exoneration, "montant") => "exoneration_montant",
            (Self::Exoneration, "motif") => "exoneration_motif",
            _ => return None,
        })
    }
}

async fn passer(
    iexam: &Iexam,
    forme: Forme,
    id: i64,
    envoi: &Envoi,
    visitor: &Visitor,
) -> Result<(Ecrite, Cents), CaisseFault> {
    let champ = |nom: &str| envoi.get(&format!("{}_{nom}", forme.nom())).map_or("", |v| v.trim());
    let montant = Cents::parse(champ("montant"))?;
    let cle = format!("{}:{id}:{}", forme.nom(), champ("cle"));
    let saisie = Saisie {
        inscription: id,
        montant,
        vu: envoi.get("vu").map(String::as_str),
        cle: (!champ("cle").is_empty()).then_some(cle.as_str()),
    };
    let au_dela = champ("au_dela") == "oui";
    let moyen = || Moyen::of_code(champ("moyen")).ok_or(CaisseFault::Moyen);
    let acteur = &visitor.actor();
    let ecrite = match forme {
        Forme::Paiement => {
            encaissement::encaisser(iexam, saisie, moyen()?, champ("reference"), au_dela, acteur).await?
        }
        Forme::Remboursement => {
            remboursement::rembourser(iexam, saisie, moyen()?, champ("reference"), au_dela, acteur).await?
        }
        Forme::Exoneration => exoneration::exonerer(iexam, saisie, champ("motif"), acteur).await?,
    };
    Ok((ecrite, montant))
}

async fn traiter(
    forme: Forme,
    (frame, visitor, query): (Frame, Visitor, ListQuery),
    iexam: Iexam,
    id: i64,
    envoi: Envoi,
) -> Result<Response, PageError> {
    match passer(&iexam, forme, id, &envoi, &visitor).await {
        Ok((ecrite, montant)) => {
            let dit = match (ecrite.deja, forme) {
                (true, _) => format!(
                    "Cette saisie était déjà enregistrée (écriture n° {}) : rien n’est compté deux fois.",
                    ecrite.id
                ),
                (_, Forme::Paiement) => {
                    format!("Paiement de {montant} enregistré, écriture n° {}.", ecrite.id)
                }
                (_, Forme::Remboursement) => {
                    format!("Remboursement de {montant} enregistré, écriture n° {}.", ecrite.id)
                }
                (_, Forme::Exoneration) => {
                    format!("Exonération de {montant} enregistrée, écriture n° {}.", ecrite.id)
                }
            };
            Ok(Redirection::to(lien(id, &query)).success(dit).into_response())
        }
        Err(fault) if matches!(fault.kind(), FaultKind::NotFound | FaultKind::Internal) => Err(fault.into()),
        Err(fault) => {
            let champ = fault.champ().and_then(|champ| forme.champ(champ));
            let mut envoi = envoi;
            if matches!(fault, CaisseFault::Perime) {
                // What was typed was decided on another account: it is shown again, to be sent on purpose under a new key.
                envoi.remove(&format!("{}_cle", forme.nom()));
            }
            montrer(&iexam, frame, &visitor, &query, id, Some(refus(&fault, envoi, champ))).await
        }
    }
}

/// `POST …/{id}/encaisser`.
pub(super) async fn encaisser(
    frame: Frame,
    visitor: Visitor,
    query: ListQuery,
    State(iexam): State<Iexam>,
    Path(id): Path<i64>,
    Form(envoi): Form<Envoi>,
) -> Result<Response, PageError> {
    traiter(Forme::Paiement, (frame, visitor, query), iexam, id, envoi).await
}

/// `POST …/{id}/rembourser`.
pub(super) async fn rembourser(
    frame: Frame,
    visitor: Visitor,
    query: ListQuery,
    State(iexam): State<Iexam>,
    Path(id): Path<i64>,
    Form(envoi): Form<Envoi>,
) -> Result<Response, PageError> {
    traiter(Forme::Remboursement, (frame, visitor, query), iexam, id, envoi).await
}

/// `POST …/{id}/exonerer`.
pub(super) async fn exonerer(
    frame: Frame,
    visitor: Visitor,
    query: ListQuery,
    State(iexam): State<Iexam>,
    Path(id): Path<i64>,
    Form(envoi): Form<Envoi>,
) -> Result<Response, PageError> {
    traiter(Forme::Exoneration, (frame, visitor, query), iexam, id, envoi).await
}
