//! A request to write: its body, who asks, the key under which it is made once.

use std::future::Future;

use ::web::PageError;
use ::web::jetons::Acces;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::http::StatusCode;
use axum::response::Response;
use kernel::Actor;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::idempotence::{CLE, Cle, Refus};
use crate::Iexam;

/// Longest key.
const CLE_MAX: usize = 200;

/// A request to write a `T`.
#[derive(Debug)]
pub(super) struct Ecriture<T> {
    corps: T,
    acteur: Actor,
    cle: Cle,
}

/// Who writes, and under which name the row that results is known.
#[derive(Clone, Debug)]
pub(super) struct Par {
    /// For the journal.
    pub acteur: Actor,
    /// Of this request alone, across all callers: a row of the ledger that carries it is written once.
    pub cle: String,
}

impl<T: Send + 'static> Ecriture<T> {
    /// Makes the write once.
    pub(super) async fn executer<R, Fut>(
        self,
        iexam: &Iexam,
        faire: impl FnOnce(Iexam, Par, T) -> Fut,
    ) -> Result<Response, PageError>
    where
        R: Serialize + Send + 'static,
        Fut: Future<Output = Result<(StatusCode, R), Refus>> + Send + 'static,
    {
        let Self { corps, acteur, cle } = self;
        // With what is asked: long after the key is forgotten, another write under the same key is another row.
        let par = Par { acteur, cle: format!("rest:{}:{}:{}", cle.porteur, cle.cle, cle.demande) };
        cle.une_fois(iexam, || faire(iexam.clone(), par, corps)).await
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Ecriture<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        use axum::response::IntoResponse as _;
        let (mut parts, body) = request.into_parts();
        let acces = Acces::from_request_parts(&mut parts, state).await.map_err(|err| err.into_response())?;
        let (porteur, acteur) = match acces {
            Acces::Porteur(porteur) => (format!("jeton:{}", porteur.jeton), porteur.actor()),
            Acces::Visiteur(visiteur) => (format!("compte:{}", visiteur.identifiant), visiteur.actor()),
        };
        let cle = parts.headers.get(CLE).map(|v| v.to_str().unwrap_or_default().trim().to_owned());
        let cle = cle.ok_or_else(sans_cle).and_then(lisible).map_err(|err| err.into_response())?;
        let (methode, adresse) = (parts.method.clone(), parts.uri.clone());
        let octets = Bytes::from_request(Request::from_parts(parts, body), state)
            .await
            .map_err(|err| err.into_response())?;
        let mut empreinte = Sha256::new();
        for part in [methode.as_str().as_bytes(), adresse.to_string().as_bytes(), &octets] {
            empreinte.update((part.len() as u64).to_le_bytes());
            empreinte.update(part);
        }
        let demande = empreinte.finalize().iter().map(|b| format!("{b:02x}")).collect();
        // An action that needs nothing said may be asked without a body.
        let lu = if octets.is_empty() { b"{}".as_slice() } else { &octets };
        let corps = serde_json::from_slice(lu).map_err(|err| illisible(&err).into_response())?;
        Ok(Self { corps, acteur, cle: Cle { porteur, cle, demande, chemin: adresse.path().to_owned() } })
    }
}

fn sans_cle() -> PageError {
    PageError::unreadable(
        "L’en-tête « Idempotency-Key » manque. Rien n’a été enregistré.",
        "Envoyez une clé de votre choix, nouvelle à chaque demande (un UUID convient) : la même demande envoyée deux fois sera faite une fois.",
    )
}

fn lisible(cle: String) -> Result<String, PageError> {
    if cle.is_empty() || cle.len() > CLE_MAX || !cle.chars().all(|c| c.is_ascii_graphic()) {
        return Err(PageError::unreadable(
            "L’en-tête « Idempotency-Key » ne se lit pas. Rien n’a été enregistré.",
            "Une clé a de 1 à 200 caractères, lettres, chiffres et signes, sans espace ni accent.",
        ));
    }
    Ok(cle)
}

fn illisible(err: &serde_json::Error) -> PageError {
    PageError::unreadable(
        format!(
            "Le corps de la demande ne se lit pas, ligne {}, colonne {}. Rien n’a été enregistré.",
            err.line(),
            err.column()
        ),
        format!("C’est un objet JSON dont /api décrit les champs. Ce qu’en dit le lecteur : « {err} »."),
    )
}
