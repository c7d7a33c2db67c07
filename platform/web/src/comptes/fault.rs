use chrono::Duration;
use db::{DbError, MaybeDb};
use kernel::{Fault, FaultKind, NumeroEtudiant, duree_francaise};

/// Why an account could not be made, changed or entered.
#[derive(Debug, thiserror::Error)]
pub enum CompteFault {
    /// Wrong login or password: which of the two is not said.
    #[error("identifiant ou mot de passe refusé")]
    Refus,
    /// Too many failures: for how long still.
    #[error("compte bloqué")]
    Bloque(Duration),
    /// The account was closed by the IT service.
    #[error("compte désactivé")]
    Desactive,
    /// The login is taken.
    #[error("l'identifiant « {0} » est déjà pris")]
    Existe(String),
    /// No account by that login.
    #[error("aucun compte « {0} »")]
    Inconnu(String),
    /// A login that cannot be one.
    #[error("identifiant refusé")]
    Identifiant,
    /// A password too short, too long, or the login itself.
    #[error("mot de passe trop faible")]
    Faible,
    /// The temporary password, again.
    #[error("le mot de passe provisoire, encore")]
    Meme,
    /// A displayed name too long, or with control characters.
    #[error("nom refusé")]
    Nom,
    /// The temporary password has served its time.
    #[error("mot de passe provisoire périmé")]
    Perime,
    /// The account is entered by CAS alone: it has no password.
    #[error("compte ouvert par le CAS seulement")]
    CasSeulement,
    /// Something another person changed since the form was opened.
    #[error("le compte a changé depuis l'ouverture du formulaire")]
    Conflit,
    /// One's own account cannot be closed nor given another role by oneself.
    #[error("son propre compte")]
    SoiMeme,
    /// The last account that may administer cannot be closed nor given another role.
    #[error("dernier compte du service informatique")]
    Dernier,
    /// A student's number that cannot be one.
    #[error("numéro d'étudiant refusé")]
    Numero,
    /// A student's number for an account that is not a student's.
    #[error("numéro d'étudiant sans le rôle")]
    PasEtudiant,
    /// Another account carries that student's number.
    #[error("le numéro d'étudiant est celui du compte « {identifiant} »")]
    EtudiantPris {
        /// The number.
        numero: NumeroEtudiant,
        /// The account that carries it.
        identifiant: String,
    },
    /// Hashing failed.
    #[error("calcul de l'empreinte : {0}")]
    Empreinte(String),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Fewest characters of a password.
pub(crate) const LONGUEUR_MIN: usize = 12;
/// Most bytes of one: hashing megabytes would be an attack.
pub(crate) const LONGUEUR_MAX: usize = 256;

impl MaybeDb for CompteFault {
    fn as_db(&self) -> Option<&DbError> {
        match self {
            Self::Db(err) => Some(err),
            _ => None,
        }
    }
}

impl Fault for CompteFault {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Refus | Self::Bloque(_) | Self::Desactive | Self::Perime => FaultKind::Forbidden,
            Self::Existe(_)
            | Self::Conflit
            | Self::SoiMeme
            | Self::Dernier
            | Self::CasSeulement
            | Self::EtudiantPris { .. } => FaultKind::Conflict,
            Self::Inconnu(_) => FaultKind::NotFound,
            Self::Identifiant | Self::Faible | Self::Nom | Self::Meme | Self::Numero | Self::PasEtudiant => {
                FaultKind::Invalid
            }
            Self::Empreinte(_) => FaultKind::Internal,
            Self::Db(err) => err.kind(),
        }
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::Refus => "connexion-refusee",
            Self::Bloque(_) => "compte-bloque",
            Self::Desactive => "compte-desactive",
            Self::Existe(_) => "compte-existe",
            Self::Inconnu(_) => "compte-inconnu",
            Self::Identifiant => "identifiant-refuse",
            Self::Faible => "mot-de-passe-faible",
            Self::Nom => "nom-refuse",
            Self::Meme => "mot-de-passe-inchange",
            Self::Perime => "mot-de-passe-perime",
            Self::CasSeulement => "compte-cas",
            Self::Conflit => "compte-change",
            Self::SoiMeme => "son-propre-compte",
            Self::Dernier => "dernier-compte",
            Self::Numero => "numero-refuse",
            Self::PasEtudiant => "numero-sans-role",
            Self::EtudiantPris { .. } => "numero-pris",
            Self::Empreinte(_) => "empreinte",
            Self::Db(err) => err.slug(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Refus => "Cet identifiant et ce mot de passe ne vont pas ensemble.".to_owned(),
            Self::Bloque(_) => {
                "Trop d’essais ont échoué : ce compte est bloqué pour un moment. Rien n’est perdu.".to_owned()
            }
            Self::Desactive => "Ce compte est désactivé.".to_owned(),
            Self::Existe(identifiant) => format!("L’identifiant « {identifiant} » est déjà pris."),
            Self::Inconnu(identifiant) => format!("Il n’y a pas de compte « {identifiant} »."),
            Self::Identifiant => "Cet identifiant ne peut pas servir.".to_owned(),
            Self::Faible => "Ce mot de passe est trop facile à trouver.".to_owned(),
            Self::Meme => "C’est le mot de passe provisoire : quelqu’un d’autre le connaît.".to_owned(),
            Self::Nom => "Ce nom ne peut pas servir.".to_owned(),
            Self::Perime => "Ce mot de passe provisoire n’est plus valable.".to_owned(),
            Self::CasSeulement => "Ce compte s’ouvre par le CAS seulement : il n’a pas de mot de passe ici.".to_owned(),
            Self::Conflit => {
                "Ce compte a changé depuis que la page a été ouverte. Rien n’a été enregistré.".to_owned()
            }
            Self::SoiMeme => {
                "Vous ne pouvez ni désactiver votre propre compte ni changer son rôle. Rien n’a changé.".to_owned()
            }
            Self::Dernier => "C’est le dernier compte actif du service informatique : sans lui, plus personne n’administrerait Télémaque. Rien n’a changé.".to_owned(),
            Self::Numero => "Ce numéro d’étudiant ne peut pas servir. Rien n’a été enregistré.".to_owned(),
            Self::PasEtudiant => {
                "Seul un compte d’étudiant porte un numéro d’étudiant. Rien n’a été enregistré.".to_owned()
            }
            Self::EtudiantPris { numero, identifiant } => format!(
                "Le numéro d’étudiant {numero} est déjà celui du compte «\u{a0}{identifiant}\u{a0}». Rien n’a été enregistré."
            ),
            Self::Empreinte(_) => "Le mot de passe n’a pas pu être enregistré. Rien n’a changé.".to_owned(),
            Self::Db(err) => err.message(),
        }
    }

    fn way_out(&self) -> String {
        match self {
            Self::Refus => "Vérifiez les deux, majuscules comprises, puis recommencez.".to_owned(),
            Self::Bloque(reste) => format!(
                "Réessayez dans {}, ou demandez un nouveau mot de passe au service informatique.",
                duree_francaise(arrondie(*reste))
            ),
            Self::Desactive => "Si vous devez encore l’utiliser, écrivez au service informatique.".to_owned(),
            Self::Existe(_) => {
                "Choisissez-en un autre, ou changez le mot de passe du compte existant.".to_owned()
            }
            Self::Inconnu(_) => "Vérifiez l’orthographe, ou créez le compte.".to_owned(),
            Self::Identifiant => {
                "Utilisez de 2 à 64 lettres sans accent, chiffres, points, tirets ou arobases.".to_owned()
            }
            Self::Faible => {
                format!(
                    "Choisissez au moins {LONGUEUR_MIN} caractères, différents de l’identifiant : une phrase convient bien."
                )
            }
            Self::Meme => "Choisissez-en un autre.".to_owned(),
            Self::Nom => "Écrivez au plus 120 caractères, sur une seule ligne.".to_owned(),
            Self::Perime => "Demandez-en un autre au service informatique.".to_owned(),
            Self::CasSeulement => {
                "Connectez-vous avec le compte de l’université ; ou choisissez d’abord, pour ce compte, une connexion par mot de passe.".to_owned()
            }
            Self::Conflit => "Rechargez la page, puis recommencez.".to_owned(),
            Self::SoiMeme => "Demandez-le à un autre membre du service informatique.".to_owned(),
            Self::Dernier => "Donnez d’abord ce rôle à un autre compte actif.".to_owned(),
            Self::Numero => "Écrivez les chiffres du numéro, huit au plus, sans espace.".to_owned(),
            Self::PasEtudiant => "Donnez-lui le rôle d’étudiant, ou laissez le numéro vide.".to_owned(),
            Self::EtudiantPris { .. } => {
                "Vérifiez le numéro ; s’il est juste, retirez-le d’abord de l’autre compte.".to_owned()
            }
            Self::Empreinte(_) => "Réessayez ; si cela continue, écrivez au service informatique.".to_owned(),
            Self::Db(err) => err.way_out(),
        }
    }
}

/// Up to the next second, so that waiting what is said is enough.
fn arrondie(duree: Duration) -> Duration {
    Duration::seconds(duree.num_seconds() + i64::from(duree.subsec_nanos() > 0))
}
