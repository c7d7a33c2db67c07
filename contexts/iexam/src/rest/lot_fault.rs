//! Why several registrations were not treated at once.

use kernel::{Fault, FaultKind};

use crate::actions::lot::LOT_MAX;

/// Nothing was written.
#[derive(Debug, thiserror::Error)]
pub(super) enum LotFault {
    /// Neither registrations nor a period, or both.
    #[error("lot sans choix")]
    Choix,
    /// More than are treated at once.
    #[error("plus de {LOT_MAX} inscriptions")]
    Trop,
    /// Not as many as were expected.
    #[error("{trouvees} inscriptions au lieu de {attendues}")]
    Change {
        /// What was expected.
        attendues: usize,
        /// What there is.
        trouvees: usize,
    },
}

impl Fault for LotFault {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Choix | Self::Trop => FaultKind::Invalid,
            Self::Change { .. } => FaultKind::Conflict,
        }
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::Choix => "lot-sans-choix",
            Self::Trop => "lot-trop-grand",
            Self::Change { .. } => "lot-change",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Choix => "On ne sait pas quelles inscriptions traiter. Rien n’a été modifié.".to_owned(),
            Self::Trop => {
                format!("On ne traite pas plus de {LOT_MAX} inscriptions à la fois. Rien n’a été modifié.")
            }
            Self::Change { attendues, trouvees } => format!(
                "{trouvees} inscriptions seraient traitées, au lieu de {attendues} attendues. Rien n’a été modifié."
            ),
        }
    }

    fn way_out(&self) -> String {
        match self {
            Self::Choix => {
                "Donnez « inscriptions », leurs numéros, ou bien « periode » et ce qui la restreint."
                    .to_owned()
            }
            Self::Trop => "Restreignez le lot par une modalité, un centre ou un état.".to_owned(),
            Self::Change { .. } => "Demandez un nouvel essai, relisez-le, puis redemandez.".to_owned(),
        }
    }
}
