//! What a request asks, and what whoever asks may read.

use ::web::PageError;
use ::web::jetons::Acces;
use ::web::rest::{Conditions, ListeQuery};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use kernel::Scope;

/// A request of this interface.
#[derive(Clone, Debug)]
pub(super) struct Demande {
    /// Its parameters.
    pub query: ListeQuery,
    /// What the caller holds already.
    pub conditions: Conditions,
    /// Who asks.
    pub acces: Acces,
    /// Path, encoded as it came.
    pub chemin: String,
    /// Path and parameters, as they came.
    pub adresse: String,
}

impl Demande {
    /// Which scopes whoever asks has, one bit each: two callers who may read the same are answered the same.
    pub(super) fn droits(&self) -> u32 {
        Scope::ALL.iter().enumerate().fold(0, |bits, (i, s)| bits | u32::from(self.acces.may(*s)) << i)
    }

    /// A parameter that is one of `connus`.
    ///
    /// # Errors
    /// 400 for another value, with those that are known.
    pub(super) fn parmi(
        &self,
        nom: &str,
        connus: &[&'static str],
    ) -> Result<Option<&'static str>, PageError> {
        let Some(dit) = self.query.autre(nom) else { return Ok(None) };
        connus.iter().find(|c| **c == dit).map(|c| Some(*c)).ok_or_else(|| {
            PageError::unreadable(
                format!("Le paramètre « {nom} » ne prend pas cette valeur."),
                format!("Valeurs connues : {}.", connus.join(", ")),
            )
        })
    }

    /// Every value of a parameter that may be given several times.
    pub(super) fn tous(&self, nom: &str) -> Vec<&str> {
        let dits = self.query.autres.iter().filter(|(n, v)| n == nom && !v.is_empty());
        dits.map(|(_, v)| v.as_str()).collect()
    }

    /// Whether what `scope` opens may be read.
    pub(super) fn peut(&self, scope: Scope) -> bool {
        self.acces.may(scope)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Demande {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let adresse = parts.uri.path_and_query().map_or("/", |pq| pq.as_str()).to_owned();
        Ok(Self {
            query: ListeQuery::from_request_parts(parts, state).await?,
            conditions: Conditions::of(&parts.headers),
            acces: Acces::from_request_parts(parts, state).await?,
            chemin: parts.uri.path().to_owned(),
            adresse,
        })
    }
}
