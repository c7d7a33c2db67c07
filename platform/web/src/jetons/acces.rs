//! Who is behind a request of the REST interface.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use kernel::{Actor, Scope};

use crate::{PageError, Visitor, problem};

/// The application behind a request of the REST interface, known by its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Porteur {
    /// Row of the token.
    pub jeton: i64,
    /// Its name.
    pub nom: String,
    /// What it may read.
    pub droits: Vec<Scope>,
}

impl Porteur {
    /// Whether the token carries `scope`.
    #[must_use]
    pub fn may(&self, scope: Scope) -> bool {
        self.droits.contains(&scope)
    }

    /// Who acts, for the journal.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Machine { nom: self.nom.clone() }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Porteur {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        parts.extensions.get::<Self>().cloned().ok_or_else(problem::sans_jeton)
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Porteur {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().cloned())
    }
}

/// Who reads through the REST interface: an application by its token, or somebody signed in. What a scope lets be read is asked of it.
#[derive(Clone, Debug)]
pub enum Acces {
    /// Another application.
    Porteur(Porteur),
    /// A person, who reads as their role does.
    Visiteur(Visitor),
}

impl Acces {
    /// Whether `scope` may be read.
    #[must_use]
    pub fn may(&self, scope: Scope) -> bool {
        match self {
            Self::Porteur(porteur) => porteur.may(scope),
            Self::Visiteur(visiteur) => visiteur.may(scope.right()),
        }
    }

    /// Holds whoever reads to one scope more than the route asks.
    ///
    /// # Errors
    /// A 403 that names the scope.
    pub fn exiger(&self, scope: Scope) -> Result<(), PageError> {
        match self {
            _ if self.may(scope) => Ok(()),
            Self::Porteur(_) => Err(problem::droit_manquant(scope)),
            Self::Visiteur(_) => Err(problem::sans_role(scope)),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Acces {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let porteur = parts.extensions.get::<Porteur>().cloned().map(Self::Porteur);
        let visiteur = || parts.extensions.get::<Visitor>().cloned().map(Self::Visiteur);
        porteur.or_else(visiteur).ok_or_else(problem::sans_jeton)
    }
}
