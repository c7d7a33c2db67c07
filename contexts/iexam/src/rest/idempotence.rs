//! A write sent twice is made once: the key that its caller chose is taken before, its answer kept after.
//!
//! The action runs in a task of its own: a caller that hangs up half-way loses the answer, not the write, and reads the answer when it
//! comes back with the same key. What was refused is answered again as well, since nothing was written; what failed on our side gives the
//! key back.

use std::future::Future;

use ::web::PageError;
use ::web::rest::Probleme;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use db::{Db, DbError, MaybeDb, Tx};
use kernel::{Fault, FaultKind};
use serde::Serialize;

use crate::Iexam;
use crate::store::idempotence::{Prise, idempotence_garder, idempotence_prendre, idempotence_rendre};

/// The header that carries the key.
pub(super) const CLE: HeaderName = HeaderName::from_static("idempotency-key");
/// The header of an answer that was given before.
const REJOUEE: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Why a write was not even tried.
#[derive(Debug, thiserror::Error)]
pub(super) enum IdempotenceFault {
    /// The key was used for something else.
    #[error("clé d'idempotence déjà employée pour une autre demande")]
    AutreDemande,
    /// The same write is being made.
    #[error("même demande en cours")]
    EnCours,
    /// The task ended without an answer.
    #[error("action interrompue")]
    Interrompue,
    /// The answer could not be written as JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// The database.
    #[error(transparent)]
    Base(#[from] DbError),
}

impl MaybeDb for IdempotenceFault {
    fn as_db(&self) -> Option<&DbError> {
        match self {
            Self::Base(err) => Some(err),
            _ => None,
        }
    }
}

impl Fault for IdempotenceFault {
    fn kind(&self) -> FaultKind {
        match self {
            Self::AutreDemande => FaultKind::Invalid,
            Self::EnCours => FaultKind::Conflict,
            Self::Interrompue | Self::Json(_) => FaultKind::Internal,
            Self::Base(err) => err.kind(),
        }
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::AutreDemande => "cle-deja-employee",
            Self::EnCours => "demande-en-cours",
            Self::Interrompue => "action-interrompue",
            Self::Json(_) => "json",
            Self::Base(err) => err.slug(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::AutreDemande => {
                "Cette clé d’idempotence a déjà servi à une autre demande. Rien n’a été enregistré."
                    .to_owned()
            }
            Self::EnCours => "La même demande, avec la même clé, est en cours.".to_owned(),
            Self::Interrompue | Self::Json(_) => {
                "L’action s’est interrompue. Ce qui était demandé est peut-être enregistré.".to_owned()
            }
            Self::Base(err) => err.message(),
        }
    }

    fn way_out(&self) -> String {
        match self {
            Self::AutreDemande => "Donnez une clé nouvelle à chaque nouvelle demande.".to_owned(),
            Self::EnCours => "Redemandez dans une seconde : la réponse sera la sienne.".to_owned(),
            Self::Interrompue | Self::Json(_) => {
                "Redemandez dans une minute avec la même clé : rien ne sera fait deux fois.".to_owned()
            }
            Self::Base(err) => err.way_out(),
        }
    }
}

/// Why an action did nothing: said to the caller and kept, or a failure of ours.
#[derive(Debug)]
pub(super) enum Refus {
    /// Status, kind, what happened, what to do.
    Dit(StatusCode, &'static str, String, String),
    /// Ours, logged.
    Panne(PageError),
}

impl<F: Fault + 'static> From<F> for Refus {
    fn from(fault: F) -> Self {
        let statut = match fault.kind() {
            FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            FaultKind::NotFound => StatusCode::NOT_FOUND,
            FaultKind::Forbidden => StatusCode::FORBIDDEN,
            FaultKind::Conflict => StatusCode::CONFLICT,
            FaultKind::Outage | FaultKind::Internal => return Self::Panne(PageError::from(fault)),
        };
        Self::Dit(statut, fault.slug(), fault.message(), fault.way_out())
    }
}

/// Whose key it is, and for what.
#[derive(Clone, Debug)]
pub(super) struct Cle {
    /// `jeton:12`, `compte:scolarite`.
    pub porteur: String,
    /// As it was sent.
    pub cle: String,
    /// Fingerprint of method, address and body.
    pub demande: String,
    /// The address, for the refusal.
    pub chemin: String,
}

impl Cle {
    fn nom(&self) -> (&str, &str) {
        (&self.porteur, &self.cle)
    }

    async fn prendre(&self, iexam: &Iexam, quand: DateTime<Utc>) -> Result<Prise, DbError> {
        iexam
            .db
            .write(|tx: Tx| async move { idempotence_prendre(&*tx, self.nom(), &self.demande, quand).await })
            .await
    }

    async fn garder(&self, db: &Db, statut: StatusCode, corps: &str) -> Result<(), DbError> {
        db.write(|tx: Tx| async move { idempotence_garder(&*tx, self.nom(), statut.as_u16(), corps).await })
            .await
    }

    async fn rendre(&self, db: &Db, prise_le: DateTime<Utc>) -> Result<(), DbError> {
        db.write(|tx: Tx| async move { idempotence_rendre(&*tx, self.nom(), prise_le).await }).await
    }

    /// Makes the write, unless it was made: see the head of this file.
    pub(super) async fn une_fois<R, Fut>(
        self,
        iexam: &Iexam,
        faire: impl FnOnce() -> Fut,
    ) -> Result<Response, PageError>
    where
        R: Serialize + Send + 'static,
        Fut: Future<Output = Result<(StatusCode, R), Refus>> + Send + 'static,
    {
        let prise_le = iexam.clock.now();
        match self.prendre(iexam, prise_le).await? {
            Prise::Libre => {}
            Prise::Faite(statut, corps) => {
                let statut = StatusCode::from_u16(statut).unwrap_or(StatusCode::OK);
                let mut reponse = repondre(statut, corps);
                reponse.headers_mut().insert(REJOUEE, HeaderValue::from_static("true"));
                return Ok(reponse);
            }
            Prise::EnCours => {
                let mut reponse = PageError::from(IdempotenceFault::EnCours).into_response();
                reponse.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(1));
                return Ok(reponse);
            }
            Prise::Autre => return Err(IdempotenceFault::AutreDemande.into()),
        }
        let action = faire();
        let db = iexam.db.clone();
        let tache = tokio::spawn(async move {
            match self.achever(&db, action.await).await {
                Ok(dite) => Ok(dite),
                Err(panne) => {
                    if let Err(err) = self.rendre(&db, prise_le).await {
                        // It can be taken again after a minute.
                        tracing::warn!(%err, "clé d’idempotence non rendue");
                    }
                    Err(panne)
                }
            }
        });
        let (statut, corps) = tache.await.map_err(|_| IdempotenceFault::Interrompue)??;
        Ok(repondre(statut, corps))
    }

    async fn achever<R: Serialize + Send>(
        &self,
        db: &Db,
        fini: Result<(StatusCode, R), Refus>,
    ) -> Result<(StatusCode, String), PageError> {
        let (statut, corps) = match fini {
            Ok((statut, valeur)) => (statut, serde_json::to_string(&valeur)),
            Err(Refus::Panne(panne)) => return Err(panne),
            Err(Refus::Dit(statut, sorte, title, detail)) => {
                let probleme = Probleme {
                    sorte: format!("urn:telemaque:{sorte}"),
                    title,
                    status: statut.as_u16(),
                    detail,
                    instance: self.chemin.clone(),
                    reference: None,
                };
                (statut, serde_json::to_string(&probleme))
            }
        };
        let corps = corps.map_err(IdempotenceFault::from)?;
        // The write is made: not keeping its answer must not make it look undone.
        if let Err(err) = self.garder(db, statut, &corps).await {
            tracing::warn!(%err, "réponse d’une écriture non gardée");
        }
        Ok((statut, corps))
    }
}

fn repondre(statut: StatusCode, corps: String) -> Response {
    let sorte =
        if statut.is_success() { "application/json" } else { "application/problem+json; charset=utf-8" };
    let mut reponse = Response::new(Body::from(corps));
    *reponse.status_mut() = statut;
    reponse.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(sorte));
    reponse.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reponse
}
