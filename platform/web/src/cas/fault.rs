use kernel::{Fault, FaultKind};

/// Why somebody could not sign in by CAS.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CasFault {
    /// CAS does not answer.
    #[error("le CAS ne répond pas : {0}")]
    Muet(String),
    /// What answers is not a CAS.
    #[error("réponse du CAS illisible : {0}")]
    Illisible(String),
    /// The ticket served already, is too old, or is nobody's.
    #[error("ticket refusé")]
    Ticket,
    /// CAS does not know our address.
    #[error("service refusé par le CAS : {code} {texte}")]
    Service { code: String, texte: String, adresse: String },
    /// The ticket was asked for from another browser, or too long ago.
    #[error("retour du CAS sans départ")]
    Etat,
    /// CAS vouches for a login that is no login of ours.
    #[error("identifiant du CAS refusé")]
    Identifiant,
    /// Nobody by that login in Télémaque.
    #[error("pas de compte « {0} »")]
    Inconnu(String),
    /// The account was closed.
    #[error("compte désactivé")]
    Desactive(String),
    /// The account is entered by its password.
    #[error("compte local seulement")]
    LocalSeulement(String),
}

impl CasFault {
    /// What each code of the protocol means to us.
    pub(crate) fn de_code(code: &str, texte: String, adresse: String) -> Self {
        match code {
            "INVALID_TICKET" | "INVALID_TICKET_SPEC" | "INVALID_REQUEST" => Self::Ticket,
            "INTERNAL_ERROR" => Self::Muet(code.to_owned()),
            _ => Self::Service { code: code.chars().take(60).collect(), texte, adresse },
        }
    }
}

impl Fault for CasFault {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Muet(_) | Self::Illisible(_) | Self::Service { .. } => FaultKind::Outage,
            _ => FaultKind::Forbidden,
        }
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::Muet(_) => "cas-muet",
            Self::Illisible(_) => "cas-illisible",
            Self::Ticket => "cas-ticket",
            Self::Service { .. } => "cas-service",
            Self::Etat => "cas-etat",
            Self::Identifiant => "cas-identifiant",
            Self::Inconnu(_) => "cas-inconnu",
            Self::Desactive(_) => "cas-desactive",
            Self::LocalSeulement(_) => "cas-local",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Muet(_) => "Le serveur de connexion de l’université ne répond pas. Rien n’est perdu.".to_owned(),
            Self::Illisible(_) => {
                "Le serveur de connexion de l’université a répondu autre chose que ce qui était attendu. Vous n’êtes pas connecté.".to_owned()
            }
            Self::Ticket => {
                "L’université n’a pas reconnu cette connexion : elle a déjà servi, ou elle a trop attendu. Vous n’êtes pas connecté.".to_owned()
            }
            Self::Service { .. } => {
                "Le serveur de connexion de l’université n’accepte pas Télémaque. Vous n’êtes pas connecté.".to_owned()
            }
            Self::Etat => {
                "Cette connexion n’a pas été demandée depuis ce navigateur, ou elle est trop ancienne. Par sécurité, vous n’êtes pas connecté.".to_owned()
            }
            Self::Identifiant => {
                "L’université vous reconnaît, mais votre identifiant ne peut pas servir dans Télémaque.".to_owned()
            }
            Self::Inconnu(identifiant) => format!(
                "L’université vous reconnaît sous l’identifiant « {identifiant} », mais Télémaque n’a pas de compte à ce nom."
            ),
            Self::Desactive(identifiant) => {
                format!("L’université vous reconnaît, mais le compte « {identifiant} » est désactivé dans Télémaque.")
            }
            Self::LocalSeulement(identifiant) => {
                format!("Le compte « {identifiant} » ne s’ouvre pas par l’université.")
            }
        }
    }

    fn way_out(&self) -> String {
        match self {
            Self::Muet(_) => {
                "Réessayez dans quelques minutes. Si vous avez un mot de passe propre à Télémaque, vous pouvez l’utiliser ci-dessous.".to_owned()
            }
            Self::Illisible(_) => {
                "Réessayez ; si cela continue, écrivez au service informatique : l’adresse du CAS est peut-être fausse.".to_owned()
            }
            Self::Ticket | Self::Etat => "Recommencez avec le bouton ci-dessous.".to_owned(),
            Self::Service { code, adresse, .. } => format!(
                "Écrivez au service informatique : l’adresse {adresse} est à déclarer auprès du CAS (réponse « {code} »)."
            ),
            Self::Identifiant => "Écrivez au service informatique en donnant votre identifiant.".to_owned(),
            Self::Inconnu(identifiant) => format!(
                "Si vous devez utiliser Télémaque, demandez un compte au service informatique en donnant l’identifiant « {identifiant} »."
            ),
            Self::Desactive(_) => "Si vous devez encore l’utiliser, écrivez au service informatique.".to_owned(),
            Self::LocalSeulement(_) => "Connectez-vous avec son mot de passe, ci-dessous.".to_owned(),
        }
    }
}
