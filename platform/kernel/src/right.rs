use serde::{Deserialize, Serialize};

use crate::{Role, Scope};

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
    /// Read students: names, numbers, registrations, addresses.
    EtudiantsLire,
    /// Read teachers.
    EnseignantsLire,
    /// Assign, settle or set aside an anomaly.
    AnomaliesTraiter,
    /// Put a local value over what a source says.
    MaquetteCorriger,
    /// Start, confirm or cancel a collection; undo a change set.
    MaquetteCollecter,
    /// See the state of the links to the outside systems, and the age of what is held.
    LiensVoir,
    /// Parameters, accounts, tokens, journal, jobs.
    Administrer,
    /// One's own registration to exams: a student's.
    ExamenPasser,
    /// Read periods, centres, épreuves, registrations, payments.
    ExamensLire,
    /// Set periods, modalities, centres, épreuves and arrangements.
    ExamensRegler,
    /// Verify, send back or cancel a registration; decide on a request.
    InscriptionsTraiter,
    /// Write in the ledger of payments, close a day.
    PaiementsTenir,
    /// A route of the REST interface: a token that carries the scope, or somebody signed in whose role holds its right.
    Api(Scope),
}

impl Right {
    /// Whether `role` holds this right.
    #[must_use]
    pub fn held_by(self, role: Role) -> bool {
        match self {
            Self::Public | Self::Connecte => true,
            Self::ExamenPasser => matches!(role, Role::Etudiant),
            Self::MaquetteLire | Self::EtudiantsLire | Self::EnseignantsLire | Self::ExamensLire => {
                matches!(role, Role::Scolarite | Role::Direction | Role::Informatique)
            }
            Self::AnomaliesTraiter | Self::ExamensRegler => {
                matches!(role, Role::Scolarite | Role::Informatique)
            }
            Self::InscriptionsTraiter | Self::PaiementsTenir => matches!(role, Role::Scolarite),
            Self::MaquetteCorriger | Self::MaquetteCollecter | Self::LiensVoir | Self::Administrer => {
                matches!(role, Role::Informatique)
            }
            Self::Api(scope) => scope.right().held_by(role),
        }
    }
}
