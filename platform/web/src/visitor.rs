use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use kernel::{Actor, NumeroEtudiant, Right, Role};

use crate::PageError;
use crate::frame::Flash;

/// The person behind a request, once signed in. As an extractor it is meant for routes whose guard requires a session; use
/// `Option<Visitor>` on public ones.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Row of the account.
    pub compte: i64,
    /// Login.
    pub identifiant: String,
    /// Displayed name.
    pub nom: String,
    /// Role the person acts under.
    pub role: Role,
    /// The account's own role, when the suite is looked at as another sees it.
    pub(crate) reel: Option<Role>,
    /// The student whose account it is.
    pub(crate) etudiant: Option<NumeroEtudiant>,
    /// Whether a temporary password must be changed before anything else.
    pub(crate) a_changer: bool,
    /// Whether CAS opened the session.
    pub(crate) par_cas: bool,
    pub(crate) session: i64,
    pub(crate) csrf: String,
    pub(crate) flash: Option<Flash>,
}

impl Visitor {
    /// Who acts, for the journal.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Personne { identifiant: self.identifiant.clone(), role: self.reel.unwrap_or(self.role) }
    }

    /// The account's own role when the suite is looked at as another role sees it: nothing can then be changed.
    #[must_use]
    pub fn reel(&self) -> Option<Role> {
        self.reel
    }

    /// The student whose account it is, when it is a student's that carries a number. Nobody's for who only looks as a student does.
    #[must_use]
    pub fn etudiant(&self) -> Option<NumeroEtudiant> {
        self.etudiant.clone()
    }

    /// Whether the role holds `right`, for deciding what a page shows.
    #[must_use]
    pub fn may(&self, right: Right) -> bool {
        right.held_by(self.role)
    }

    /// The token that forms of this session carry.
    #[must_use]
    pub fn csrf(&self) -> &str {
        &self.csrf
    }

    /// Somebody of `role`, for tests of templates.
    #[must_use]
    pub fn sample(role: Role) -> Self {
        Self {
            compte: 1,
            identifiant: role.code().to_owned(),
            nom: "Solène N’Guyen-Đặng de la Tour d’Épinay".to_owned(),
            role,
            reel: None,
            etudiant: (role == Role::Etudiant).then(|| "21000123".into()),
            a_changer: false,
            par_cas: false,
            session: 1,
            csrf: "jeton-d-essai".to_owned(),
            flash: None,
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        parts.extensions.get::<Self>().cloned().ok_or_else(PageError::not_signed_in)
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Visitor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().cloned())
    }
}
