use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Right;

/// . Scopes do not imply one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Scope {
    /// The offer: diplomas, étapes, trees, elements.
    MaquetteLire,
    /// Students: number, names, registrations. Nothing else of them.
    EtudiantsLire,
    /// What identifies or reaches a student: birth date, INE, nationality, addresses, telephone, arrangements. Beside
    /// [`Scope::EtudiantsLire`].
    EtudiantsIdentite,
    /// Teachers.
    EnseignantsLire,
    /// Collections and anomalies.
    CollectesLire,
    /// The feed of what changed: kinds and keys, never the data.
    ChangementsLire,
    /// Apogée through its only door, with the age of what is answered.
    ApogeeLire,
    /// Metrics.
    MetriquesLire,
    /// Periods, modalities, centres, épreuves, registrations to exams.
    ExamensLire,
    /// The same, written.
    ExamensEcrire,
    /// The ledger of payments.
    PaiementsLire,
    /// The same, written.
    PaiementsEcrire,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 12] = [
        Self::MaquetteLire,
        Self::EtudiantsLire,
        Self::EtudiantsIdentite,
        Self::EnseignantsLire,
        Self::CollectesLire,
        Self::ChangementsLire,
        Self::ApogeeLire,
        Self::MetriquesLire,
        Self::ExamensLire,
        Self::ExamensEcrire,
        Self::PaiementsLire,
        Self::PaiementsEcrire,
    ];

    /// The spelling stored and typed: `maquette:lire`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::MaquetteLire => "maquette:lire",
            Self::EtudiantsLire => "etudiants:lire",
            Self::EtudiantsIdentite => "etudiants:identite",
            Self::EnseignantsLire => "enseignants:lire",
            Self::CollectesLire => "collectes:lire",
            Self::ChangementsLire => "changements:lire",
            Self::ApogeeLire => "apogee:lire",
            Self::MetriquesLire => "metriques:lire",
            Self::ExamensLire => "examens:lire",
            Self::ExamensEcrire => "examens:ecrire",
            Self::PaiementsLire => "paiements:lire",
            Self::PaiementsEcrire => "paiements:ecrire",
        }
    }

    /// As pages write it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::MaquetteLire => "Lire l’offre : diplômes, étapes, arbres, éléments",
            Self::EtudiantsLire => "Lire les étudiants : numéro, noms, inscriptions",
            Self::EtudiantsIdentite => {
                "Lire ce qui identifie un étudiant : naissance, INE, adresses, téléphone"
            }
            Self::EnseignantsLire => "Lire les enseignants",
            Self::CollectesLire => "Lire les collectes et les anomalies",
            Self::ChangementsLire => "Lire le fil des changements, sans leurs données",
            Self::ApogeeLire => "Interroger Apogée, avec l’âge de ce qui est répondu",
            Self::MetriquesLire => "Lire les mesures de fonctionnement",
            Self::ExamensLire => "Lire les examens : périodes, centres, épreuves, inscriptions",
            Self::ExamensEcrire => "Régler les examens et traiter leurs inscriptions",
            Self::PaiementsLire => "Lire les paiements des examens",
            Self::PaiementsEcrire => "Écrire les paiements des examens",
        }
    }

    /// The right that lets somebody signed in read the same.
    #[must_use]
    pub fn right(self) -> Right {
        match self {
            Self::MaquetteLire | Self::CollectesLire | Self::ChangementsLire => Right::MaquetteLire,
            Self::EtudiantsLire | Self::EtudiantsIdentite => Right::EtudiantsLire,
            Self::EnseignantsLire => Right::EnseignantsLire,
            Self::ApogeeLire | Self::MetriquesLire => Right::Administrer,
            Self::ExamensLire | Self::PaiementsLire => Right::ExamensLire,
            Self::ExamensEcrire => Right::InscriptionsTraiter,
            Self::PaiementsEcrire => Right::PaiementsTenir,
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Scope {
    type Err = String;

    fn from_str(texte: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|scope| scope.code() == texte).ok_or_else(|| {
            let connus: Vec<_> = Self::ALL.iter().map(|scope| scope.code()).collect();
            format!("« {texte} » n'est pas un droit de jeton. Droits connus : {}.", connus.join(", "))
        })
    }
}

impl From<Scope> for String {
    fn from(scope: Scope) -> Self {
        scope.code().to_owned()
    }
}

impl TryFrom<String> for Scope {
    type Error = String;

    fn try_from(texte: String) -> Result<Self, Self::Error> {
        texte.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_scope_is_read_as_it_is_written() {
        for scope in Scope::ALL {
            assert_eq!(scope.code().parse(), Ok(scope));
        }
        assert!("maquette:tout".parse::<Scope>().unwrap_err().contains("maquette:lire"));
    }
}
