//! A request to write: what its address names, its body, who asks, the key under which it is made once. A handler says what it does of
//! them, and nothing else:
//!
//! ```ignore
//! pub(super) async fn verification(e: Ecriture<i64, Vue>) -> Reponse {
//!     e.faire(|iexam, par, id, c| async move {
//!         verifier(&iexam, &[id], c.vu.as_deref(), &par.acteur).await?;
//!         relue(&iexam, id).await
//!     })
//!     .await
//! }
//! ```
//!
//! What is common to every write (its key, its scope, that refusals are problems) is said once in the document, by `app/src/openapi.rs`.

use std::future::Future;
use std::marker::PhantomData;

use ::web::PageError;
use ::web::jetons::Acces;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts as _, Path, Request};
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use kernel::{Actor, Scope};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::idempotence::{CLE, Cle, Refus};
use crate::Iexam;

/// Longest key.
const CLE_MAX: usize = 200;

/// What a handler answers.
pub(super) type Reponse = Result<Response, PageError>;

/// A request to write a `T` on what `P` names in its address: `()` when it names nothing. Its key and its body are read when it is made:
/// who may not write is told that first.
#[derive(Debug)]
pub(super) struct Ecriture<P, T> {
    iexam: Iexam,
    chemin: P,
    acces: Acces,
    cle: Option<HeaderValue>,
    methode: Method,
    adresse: Uri,
    octets: Bytes,
    corps: PhantomData<fn() -> T>,
}

/// Who writes, and under which name the row that results is known.
#[derive(Clone, Debug)]
pub(super) struct Par {
    /// For the journal.
    pub acteur: Actor,
    /// The name of a person who is signed in; none for a token.
    pub personne: Option<String>,
    /// Of this request alone, across all callers: a row of the ledger that carries it is written once.
    pub cle: String,
}

/// A body in which nothing is said.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rien {}

/// What a body says when it does not.
pub(super) fn oui() -> bool {
    true
}

impl<P: Send + 'static, T: DeserializeOwned + Send + 'static> Ecriture<P, T> {
    /// Makes the write once.
    pub(super) async fn faire<R, Fut>(self, faire: impl FnOnce(Iexam, Par, P, T) -> Fut) -> Reponse
    where
        R: Serialize + Send + 'static,
        Fut: Future<Output = Result<(StatusCode, R), Refus>> + Send + 'static,
    {
        let cle = self.cle.as_ref().map(|v| v.to_str().unwrap_or_default().trim().to_owned());
        let cle = cle.ok_or_else(sans_cle).and_then(lisible)?;
        let demande = self.empreinte();
        // An action that needs nothing said may be asked without a body.
        let lu = if self.octets.is_empty() { b"{}".as_slice() } else { &self.octets };
        let corps = serde_json::from_slice(lu).map_err(|err| illisible(&err))?;
        let Self { iexam, chemin, acces, adresse, .. } = self;
        let (porteur, acteur, personne) = match acces {
            Acces::Porteur(porteur) => (format!("jeton:{}", porteur.jeton), porteur.actor(), None),
            Acces::Visiteur(v) => (format!("compte:{}", v.identifiant), v.actor(), Some(v.nom)),
        };
        // With what is asked: long after the key is forgotten, another write under the same key is another row.
        let par = Par { acteur, personne, cle: format!("rest:{porteur}:{cle}:{demande}") };
        let cle = Cle { porteur, cle, demande, chemin: adresse.path().to_owned() };
        cle.une_fois(&iexam.clone(), || faire(iexam, par, chemin, corps)).await
    }

    /// Of all that is asked: the same key for another request is refused.
    fn empreinte(&self) -> String {
        let mut empreinte = Sha256::new();
        for part in [self.methode.as_str().as_bytes(), self.adresse.to_string().as_bytes(), &self.octets] {
            empreinte.update((part.len() as u64).to_le_bytes());
            empreinte.update(part);
        }
        empreinte.finalize().iter().map(|b| format!("{b:02x}")).collect()
    }

    /// The same request, its address read otherwise.
    pub(super) fn nommant<Q>(self, lire: impl FnOnce(P) -> Q) -> Ecriture<Q, T> {
        let Self { iexam, chemin, acces, cle, methode, adresse, octets, corps } = self;
        Ecriture { iexam, chemin: lire(chemin), acces, cle, methode, adresse, octets, corps }
    }

    /// Holds whoever writes to one scope more than the route asks.
    ///
    /// # Errors
    /// A 403 that names the scope.
    pub(super) fn exigeant(self, scope: Scope) -> Result<Self, PageError> {
        self.acces.exiger(scope)?;
        Ok(self)
    }
}

impl<P: DeserializeOwned + Send, T> FromRequest<Iexam> for Ecriture<P, T> {
    type Rejection = Response;

    async fn from_request(request: Request, iexam: &Iexam) -> Result<Self, Self::Rejection> {
        let (mut parts, body) = request.into_parts();
        let chemin = Path::<P>::from_request_parts(&mut parts, iexam).await;
        let Path(chemin) = chemin.map_err(|err| err.into_response())?;
        let acces = Acces::from_request_parts(&mut parts, iexam).await.map_err(|err| err.into_response())?;
        let (cle, methode, adresse) = (parts.headers.remove(CLE), parts.method.clone(), parts.uri.clone());
        let octets = Bytes::from_request(Request::from_parts(parts, body), iexam).await;
        let octets = octets.map_err(|err| err.into_response())?;
        Ok(Self { iexam: iexam.clone(), chemin, acces, cle, methode, adresse, octets, corps: PhantomData })
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
