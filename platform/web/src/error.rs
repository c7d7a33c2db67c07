use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{Fault, FaultKind};

/// What a handler answers instead of its page. Every [`Fault`] becomes one by `?`; it is shown as a page in the frame, or as
/// `problem+json` to who asks for JSON.
#[derive(Clone, Debug)]
pub struct PageError {
    pub(crate) status: StatusCode,
    pub(crate) slug: &'static str,
    pub(crate) message: String,
    pub(crate) way_out: String,
    /// What to quote to the IT service; the log has the rest.
    pub(crate) reference: Option<String>,
}

impl PageError {
    fn new(status: StatusCode, slug: &'static str, message: &str, way_out: &str) -> Self {
        Self { status, slug, message: message.to_owned(), way_out: way_out.to_owned(), reference: None }
    }

    /// Nothing at this address.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "introuvable",
            "Cette page n’existe pas, ou ce qu’elle montrait a changé de code.",
            "Vérifiez l’adresse, ou repartez de l’accueil et cherchez par code ou par libellé.",
        )
    }

    /// Nothing by that name: « L’étape L1DRO-9 n’existe pas. »
    #[must_use]
    pub fn nothing(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::not_found() }
    }

    /// Not with this role.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "interdit",
            "Votre rôle ne donne pas accès à cette page.",
            "Si vous en avez besoin pour votre travail, demandez-le au service informatique en précisant l’adresse de la page.",
        )
    }

    /// Something was to be changed while looking at the suite as another role sees it.
    pub(crate) fn looking_only(role: &str) -> Self {
        let message =
            format!("Vous regardez Télémaque comme le rôle « {role} » : rien ne peut être modifié.");
        let way_out = "Pour agir, reprenez votre rôle par le bandeau du haut de la page.";
        Self::new(StatusCode::FORBIDDEN, "voir-comme", &message, way_out)
    }

    /// The token of the form is missing or belongs to another session.
    #[must_use]
    pub fn stale_form() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "formulaire-perime",
            "Ce formulaire a été ouvert dans une autre session : par sécurité, rien n’a été enregistré.",
            "Revenez à la page précédente, rechargez-la, puis recommencez.",
        )
    }

    /// A form that cannot be understood.
    #[must_use]
    pub fn invalid(message: impl Into<String>, way_out: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            way_out: way_out.into(),
            ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalide", "", "")
        }
    }

    /// A refusal with its sentences.
    pub(crate) fn told(
        status: StatusCode,
        slug: &'static str,
        message: impl Into<String>,
        way_out: impl Into<String>,
    ) -> Self {
        Self { status, slug, message: message.into(), way_out: way_out.into(), reference: None }
    }

    /// An address whose parameters cannot be read: 400.
    #[must_use]
    pub fn unreadable(message: impl Into<String>, way_out: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            way_out: way_out.into(),
            ..Self::new(StatusCode::BAD_REQUEST, "illisible", "", "")
        }
    }

    pub(crate) fn not_signed_in() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "connexion-requise",
            "Cette adresse demande une connexion.",
            "Connectez-vous, puis recommencez.",
        )
    }

    /// Our own failure. Gives it a reference, that the caller logs with the cause.
    pub(crate) fn internal(slug: &'static str, message: Option<String>, way_out: Option<String>) -> Self {
        let mut out = Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            slug,
            "Une erreur s’est produite de notre côté. Ce que vous veniez d’enregistrer l’est peut-être : vérifiez-le avant de recommencer.",
            "Réessayez dans un instant. Si cela continue, écrivez au service informatique en donnant la référence ci-dessous.",
        );
        if let Some(message) = message {
            out.message = message;
        }
        if let Some(way_out) = way_out {
            out.way_out = way_out;
        }
        out.reference = Some(reference());
        out
    }

    /// What a framework's plain refusal becomes.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::not_found(),
            StatusCode::METHOD_NOT_ALLOWED => Self::new(
                status,
                "methode",
                "Cette adresse ne s’ouvre pas de cette manière.",
                "Revenez à la page précédente et utilisez ses boutons.",
            ),
            StatusCode::PAYLOAD_TOO_LARGE => Self::new(
                status,
                "trop-gros",
                "Ce qui a été envoyé est trop volumineux. Rien n’a été enregistré.",
                "Envoyez un fichier plus petit, ou en plusieurs fois.",
            ),
            status if status.is_client_error() => Self::new(
                status,
                "demande",
                "La demande n’a pas pu être comprise. Rien n’a été enregistré.",
                "Revenez à la page précédente, rechargez-la, puis recommencez.",
            ),
            _ => Self { status, ..Self::internal("interne", None, None) },
        }
    }

    /// The HTTP status it is answered with.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }
}

/// Eight digits that a person can read out on the telephone.
fn reference() -> String {
    let mut bytes = [0_u8; 4];
    // Without randomness the reference is zeros: less useful, and no reason to fail twice.
    let _ = getrandom::fill(&mut bytes);
    crate::hex::encode(&bytes).to_uppercase()
}

impl<F: Fault + 'static> From<F> for PageError {
    fn from(fault: F) -> Self {
        let status = match fault.kind() {
            FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            FaultKind::NotFound => StatusCode::NOT_FOUND,
            FaultKind::Forbidden => StatusCode::FORBIDDEN,
            FaultKind::Conflict => StatusCode::CONFLICT,
            FaultKind::Outage => StatusCode::SERVICE_UNAVAILABLE,
            FaultKind::Internal => {
                let out = Self::internal(fault.slug(), Some(fault.message()), Some(fault.way_out()));
                tracing::error!(reference = out.reference, slug = fault.slug(), cause = %fault, "fault");
                return out;
            }
        };
        Self {
            status,
            slug: fault.slug(),
            message: fault.message(),
            way_out: fault.way_out(),
            reference: None,
        }
    }
}

impl IntoResponse for PageError {
    /// The refusal travels beside the response: `stack::dress`, which knows the visitor and the frame, makes it a page.
    fn into_response(self) -> Response {
        let mut response = (self.status, format!("{} {}", self.message, self.way_out)).into_response();
        response.extensions_mut().insert(self);
        response
    }
}
