use db::{DbError, MaybeDb};
use kernel::{Fault, FaultKind};

use crate::PageError;

/// Why a token could not be made, changed or revoked.
#[derive(Debug, thiserror::Error)]
pub enum JetonFault {
    /// The name is taken, by a token that was revoked when `revoque`.
    #[error("le nom « {nom} » est déjà pris")]
    Existe {
        /// The name.
        nom: String,
        /// Whether its token was revoked.
        revoque: bool,
    },
    /// No token by that name.
    #[error("aucun jeton « {0} »")]
    Inconnu(String),
    /// A name that cannot be one.
    #[error("nom refusé")]
    Nom,
    /// A token that may read nothing.
    #[error("aucun droit")]
    SansDroit,
    /// It would end before it begins.
    #[error("échéance passée")]
    Echeance,
    /// A quota of zero, or beyond what is counted.
    #[error("quota refusé")]
    Quota,
    /// It was revoked: what was asked makes no sense any more.
    #[error("le jeton « {0} » est révoqué")]
    Revoque(String),
    /// Somebody changed it since the form was opened.
    #[error("le jeton « {0} » a changé")]
    Perime(String),
    /// No randomness.
    #[error("pas de hasard")]
    Hasard,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl MaybeDb for JetonFault {
    fn as_db(&self) -> Option<&DbError> {
        match self {
            Self::Db(err) => Some(err),
            _ => None,
        }
    }
}

impl From<PageError> for JetonFault {
    /// The only page error that making a secret meets: it was logged with its reference.
    fn from(_: PageError) -> Self {
        Self::Hasard
    }
}

impl Fault for JetonFault {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Existe { .. } | Self::Revoque(_) | Self::Perime(_) => FaultKind::Conflict,
            Self::Inconnu(_) => FaultKind::NotFound,
            Self::Nom | Self::SansDroit | Self::Echeance | Self::Quota => FaultKind::Invalid,
            Self::Hasard => FaultKind::Internal,
            Self::Db(err) => err.kind(),
        }
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::Existe { .. } => "jeton-existe",
            Self::Inconnu(_) => "jeton-inconnu",
            Self::Nom => "nom-refuse",
            Self::SansDroit => "sans-droit",
            Self::Echeance => "echeance-passee",
            Self::Quota => "quota-refuse",
            Self::Revoque(_) => "jeton-revoque",
            Self::Perime(_) => "jeton-change",
            Self::Hasard => "alea",
            Self::Db(err) => err.slug(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Existe { nom, revoque: false } => format!("Le nom « {nom} » est déjà celui d’un jeton."),
            Self::Existe { nom, revoque: true } => {
                format!("Le nom « {nom} » est celui d’un jeton révoqué, gardé pour l’historique.")
            }
            Self::Inconnu(nom) => format!("Il n’y a pas de jeton « {nom} »."),
            Self::Nom => "Ce nom ne peut pas servir.".to_owned(),
            Self::SansDroit => "Un jeton sans aucun droit ne sert à rien.".to_owned(),
            Self::Echeance => "Cette échéance est déjà passée.".to_owned(),
            Self::Quota => "Ce quota ne peut pas servir.".to_owned(),
            Self::Revoque(nom) => format!("Le jeton « {nom} » est révoqué : rien n’a changé."),
            Self::Perime(nom) => {
                format!(
                    "Le jeton « {nom} » a été modifié depuis l’ouverture de cette page : rien n’a été enregistré."
                )
            }
            Self::Hasard => "Le système ne donne pas de nombres au hasard : rien n’a été créé.".to_owned(),
            Self::Db(err) => err.message(),
        }
    }

    fn way_out(&self) -> String {
        match self {
            Self::Existe { revoque: false, .. } => {
                "Choisissez-en un autre, ou renouvelez le secret de celui qui existe.".to_owned()
            }
            Self::Existe { revoque: true, .. } | Self::Revoque(_) => {
                "Choisissez un autre nom, ou renouvelez le secret de ce jeton : il redevient utilisable.".to_owned()
            }
            Self::Inconnu(_) => "Vérifiez l’orthographe dans la liste des jetons.".to_owned(),
            Self::Nom => "Utilisez de 2 à 64 lettres sans accent, chiffres, points, tirets ou traits bas, en commençant par une \
                          lettre ou un chiffre : le nom de l’application, par exemple."
                .to_owned(),
            Self::SansDroit => "Donnez au moins un droit.".to_owned(),
            Self::Echeance => "Donnez un jour à venir, ou aucun.".to_owned(),
            Self::Quota => format!("Donnez un nombre de 1 à {}, ou aucun.", kernel::nombre_francais(super::QUOTA_MAX)),
            Self::Perime(_) => "Regardez ce qui a changé, puis recommencez si c’est toujours utile.".to_owned(),
            Self::Hasard => "Vérifiez le système de cette machine, puis recommencez.".to_owned(),
            Self::Db(err) => err.way_out(),
        }
    }
}
