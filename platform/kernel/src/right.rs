use serde::{Deserialize, Serialize};

use crate::Role;

/// What a route asks of whoever calls it. Every route declares one; the matrix of routes and roles is committed
/// and compared on every build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Right {
    /// Anyone, signed in or not: the sign-in page, health, assets.
    Public,
    /// Anyone signed in, whatever the role: own account, own sessions.
    Connecte,
    /// Read the offer: diplomas, étapes, elements, anomalies.
    MaquetteLire,
    /// Start, confirm or cancel a collection; see change sets.
    MaquetteCollecter,
    /// See the state of the links to the outside systems.
    LiensVoir,
}

impl Right {
    /// Whether `role` holds this right.
    #[must_use]
    pub fn held_by(self, role: Role) -> bool {
        match self {
            Self::Public | Self::Connecte => true,
            Self::MaquetteLire => matches!(role, Role::Scolarite | Role::Direction | Role::Informatique),
            Self::MaquetteCollecter | Self::LiensVoir => matches!(role, Role::Informatique),
        }
    }
}
