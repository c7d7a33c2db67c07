use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Who somebody is to the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A student: their own file, their exams, their documents.
    Etudiant,
    /// A teacher: their own hours, their parts of the study guide.
    Enseignant,
    /// An invigilator: the attendance of one session.
    Surveillant,
    /// The registry: students, exams, payments, documents.
    Scolarite,
    /// The director: reads everything, signs.
    Direction,
    /// The IT service: administration, collection, parameters, accounts, change of year and maquette.
    Informatique,
}

impl Role {
    /// Every role, in the order of DOMAIN.md.
    pub const ALL: [Self; 6] = [
        Self::Etudiant,
        Self::Enseignant,
        Self::Surveillant,
        Self::Scolarite,
        Self::Direction,
        Self::Informatique,
    ];

    /// The spelling stored and typed.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Etudiant => "etudiant",
            Self::Enseignant => "enseignant",
            Self::Surveillant => "surveillant",
            Self::Scolarite => "scolarite",
            Self::Direction => "direction",
            Self::Informatique => "informatique",
        }
    }

    /// As pages write it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Etudiant => "Étudiant",
            Self::Enseignant => "Enseignant",
            Self::Surveillant => "Surveillant",
            Self::Scolarite => "Scolarité",
            Self::Direction => "Direction",
            Self::Informatique => "Service informatique",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(texte: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|role| role.code() == texte).ok_or_else(|| {
            let connus: Vec<_> = Self::ALL.iter().map(|role| role.code()).collect();
            format!("« {texte} » n'est pas un rôle. Rôles connus : {}.", connus.join(", "))
        })
    }
}

/// Who acts: a person signed in, a command typed on the server, a scheduled job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "sorte", rename_all = "lowercase")]
pub enum Actor {
    /// A person with an account.
    Personne {
        /// Login of the account.
        identifiant: String,
        /// Role the person acts under.
        role: Role,
    },
    /// Another application, by its token.
    Machine {
        /// Name of the token.
        nom: String,
    },
    /// Somebody with access to the server, by the command line.
    Commande,
    /// The suite itself, on schedule.
    Planification,
}

impl fmt::Display for Actor {
    /// The name journal lines and reports carry.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Personne { identifiant, .. } => f.write_str(identifiant),
            Self::Machine { nom } => write!(f, "jeton {nom}"),
            Self::Commande => f.write_str("ligne de commande"),
            Self::Planification => f.write_str("planification"),
        }
    }
}
