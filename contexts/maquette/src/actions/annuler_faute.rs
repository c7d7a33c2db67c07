use db::{DbError, MaybeDb};
use kernel::{Fault, FaultKind};

/// Why a change set could not be undone.
#[derive(Debug, thiserror::Error)]
pub enum AnnulationFault {
    /// The database.
    #[error(transparent)]
    Base(#[from] DbError),
    /// No such collection.
    #[error("collecte {0} inconnue")]
    Inconnue(i64),
    /// It wrote nothing: a simulation, a collection that did not reach its end, or one that found everything equal.
    #[error("collecte {0} : rien à annuler")]
    RienAAnnuler(i64, &'static str),
    /// Local corrections are taken back from their own page.
    #[error("collecte {0} : correction locale")]
    Correction(i64),
    /// Somebody undid it already.
    #[error("collecte {0} déjà annulée par {1}")]
    DejaAnnulee(i64, i64),
    /// Somebody asked it already, and it is not done yet.
    #[error("collecte {0} : annulation {1} déjà demandée")]
    DejaDemandee(i64, i64),
    /// Later sets touched the same rows: how many rows, and the latest of these sets.
    #[error("collecte {0} : {1} lignes changées depuis, en dernier par {2}")]
    Bloquee(i64, u64, i64),
    /// A row is no longer as the set left it, and no set says why.
    #[error("collecte {0} : {1} n'est plus dans l'état laissé")]
    Differe(i64, String),
    /// What would be undone is no longer what was shown.
    #[error("collecte {0} : le constat a changé")]
    Change(i64),
    /// Somebody asked to stop.
    #[error("annulation arrêtée")]
    Arretee,
}

impl MaybeDb for AnnulationFault {
    fn as_db(&self) -> Option<&DbError> {
        match self {
            Self::Base(err) => Some(err),
            _ => None,
        }
    }
}

impl Fault for AnnulationFault {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Base(_) => FaultKind::Internal,
            Self::Inconnue(_) => FaultKind::NotFound,
            _ => FaultKind::Conflict,
        }
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::Base(_) => "base-de-donnees",
            Self::Inconnue(_) => "collecte-inconnue",
            Self::RienAAnnuler(..) => "rien-a-annuler",
            Self::Correction(_) => "correction-locale",
            Self::DejaAnnulee(..) => "deja-annulee",
            Self::DejaDemandee(..) => "annulation-deja-demandee",
            Self::Bloquee(..) => "annulation-bloquee",
            Self::Differe(..) => "ligne-differente",
            Self::Change(_) => "constat-change",
            Self::Arretee => "annulation-arretee",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Base(err) => err.message(),
            Self::Inconnue(id) => format!("La collecte n° {id} n’existe pas."),
            Self::RienAAnnuler(id, pourquoi) => {
                format!("La collecte n° {id} n’a rien à annuler : {pourquoi}.")
            }
            Self::Correction(id) => {
                format!("Le n° {id} est une correction locale : elle ne s’annule pas comme une collecte.")
            }
            Self::DejaAnnulee(id, par) => {
                format!("La collecte n° {id} est déjà annulée, par l’annulation n° {par}.")
            }
            Self::DejaDemandee(id, par) => format!(
                "L’annulation de la collecte n° {id} est déjà demandée : c’est le n° {par}, qui n’est pas finie."
            ),
            Self::Bloquee(id, 1, par) => format!(
                "La collecte n° {id} ne peut pas être annulée : une de ses lignes a changé depuis, par le n° {par}. \
                 Rien n’a été modifié."
            ),
            Self::Bloquee(id, n, par) => format!(
                "La collecte n° {id} ne peut pas être annulée : {} de ses lignes ont changé depuis, en dernier par le \
                 n° {par}. Rien n’a été modifié.",
                kernel::nombre_francais(i64::try_from(*n).unwrap_or(i64::MAX))
            ),
            Self::Differe(id, cle) => format!(
                "La collecte n° {id} ne peut pas être annulée : « {cle} » n’est plus dans l’état où elle l’a laissé. \
                 Rien n’a été modifié."
            ),
            Self::Change(id) => format!(
                "Ce que l’annulation de la collecte n° {id} ferait a changé depuis que la page a été affichée. Rien \
                 n’a été modifié."
            ),
            Self::Arretee => "L’annulation a été arrêtée. Rien n’a été modifié.".to_owned(),
        }
    }

    fn way_out(&self) -> String {
        match self {
            Self::Base(err) => err.way_out(),
            Self::Inconnue(_) | Self::RienAAnnuler(..) => {
                "Choisissez-en une autre dans la liste des collectes.".to_owned()
            }
            Self::Correction(_) => "Retirez la correction depuis la page des corrections.".to_owned(),
            Self::DejaAnnulee(_, par) => {
                format!("Pour rétablir ses changements, annulez l’annulation n° {par}.")
            }
            Self::DejaDemandee(_, par) => format!("Ouvrez le n° {par} pour la suivre."),
            Self::Bloquee(_, _, par) => {
                format!("Annulez d’abord le n° {par}, puis revenez à celle-ci.")
            }
            Self::Differe(..) => "Ouvrez l’historique de cet objet pour voir ce qui l’a changé.".to_owned(),
            Self::Change(_) => "Relisez le constat, puis confirmez de nouveau.".to_owned(),
            Self::Arretee => "Relancez-la quand vous voulez.".to_owned(),
        }
    }
}
