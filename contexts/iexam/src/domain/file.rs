//! Worklists: what waits for somebody, as a count, a list and actions.

/// One worklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum File {
    /// Validated by the student, not looked at yet.
    AVerifier,
    /// A change is asked.
    Demandes,
    /// Sent back: the student corrects.
    ACorriger,
    /// Verified, with something to pay.
    APayer,
    /// More was paid than is due.
    TropPercu,
    /// Its centre has not agreed.
    SansAccord,
    /// An épreuve has no room in its centre.
    SansSalle,
    /// Extra time.
    TempsMajore,
    /// Final: to be convoked.
    AConvoquer,
    /// Begun, never validated.
    Brouillons,
    /// Cancelled.
    Annulees,
}

impl File {
    /// Every worklist, in the order of the work.
    pub const ALL: [Self; 11] = [
        Self::AVerifier,
        Self::Demandes,
        Self::ACorriger,
        Self::APayer,
        Self::TropPercu,
        Self::SansAccord,
        Self::SansSalle,
        Self::TempsMajore,
        Self::AConvoquer,
        Self::Brouillons,
        Self::Annulees,
    ];

    /// As addresses carry it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::AVerifier => "a-verifier",
            Self::Demandes => "demandes",
            Self::ACorriger => "a-corriger",
            Self::APayer => "a-payer",
            Self::TropPercu => "trop-percu",
            Self::SansAccord => "sans-accord",
            Self::SansSalle => "sans-salle",
            Self::TempsMajore => "temps-majore",
            Self::AConvoquer => "a-convoquer",
            Self::Brouillons => "brouillons",
            Self::Annulees => "annulees",
        }
    }

    /// The worklist of that address.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.code() == code)
    }

    /// As pages write it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::AVerifier => "À vérifier",
            Self::Demandes => "Demandes",
            Self::ACorriger => "À corriger",
            Self::APayer => "À payer",
            Self::TropPercu => "Trop perçu",
            Self::SansAccord => "Sans accord du centre",
            Self::SansSalle => "Sans salle",
            Self::TempsMajore => "Temps majoré",
            Self::AConvoquer => "À convoquer",
            Self::Brouillons => "Brouillons",
            Self::Annulees => "Annulées",
        }
    }

    /// What is done with it.
    #[must_use]
    pub fn conseil(self) -> &'static str {
        match self {
            Self::AVerifier => "Vérifiez-les, ou renvoyez-les à l’étudiant avec un motif.",
            Self::Demandes => "L’étudiant demande un changement après validation : acceptez ou refusez.",
            Self::ACorriger => {
                "L’étudiant doit corriger puis valider de nouveau. Rien à faire, sauf relancer."
            }
            Self::APayer => {
                "Vérifiées, elles attendent leur paiement. Payées en entier, elles se finalisent seules."
            }
            Self::TropPercu => "L’étudiant a payé plus que ce qu’il doit : remboursez-le.",
            Self::SansAccord => "Leur centre n’a pas donné son accord : aucune convocation ne peut partir.",
            Self::SansSalle => "Une épreuve au moins n’a pas de salle dans leur centre.",
            Self::TempsMajore => "Ces candidats ont un temps majoré : vérifiez leurs salles.",
            Self::AConvoquer => "Rien n’y manque : elles seront convoquées.",
            Self::Brouillons => "Commencées, jamais validées : l’étudiant n’est pas inscrit.",
            Self::Annulees => {
                "Annulées, avec un motif. Elles peuvent être rétablies tant qu’il reste des places."
            }
        }
    }

    /// What to say when nobody is there.
    #[must_use]
    pub fn vide(self) -> &'static str {
        match self {
            Self::AVerifier => "Tout ce que les étudiants ont validé a été vérifié.",
            Self::Demandes => "Aucun changement n’attend de décision.",
            Self::ACorriger => "Aucune inscription n’a été renvoyée à un étudiant.",
            Self::APayer => "Aucune inscription vérifiée n’attend de paiement.",
            Self::TropPercu => "Personne n’a payé plus que ce qu’il doit.",
            Self::SansAccord => "Tous les centres choisis ont donné leur accord, ou n’en ont pas besoin.",
            Self::SansSalle => "Toutes les épreuves ont une salle dans les centres choisis.",
            Self::TempsMajore => "Aucun candidat n’a de temps majoré.",
            Self::AConvoquer => "Aucune inscription n’est encore finalisée.",
            Self::Brouillons => "Aucun brouillon n’est en cours.",
            Self::Annulees => "Aucune inscription n’est annulée.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::File;

    #[test]
    fn every_worklist_is_found_by_its_address() {
        for file in File::ALL {
            assert_eq!(File::of_code(file.code()), Some(file));
        }
        assert_eq!(File::of_code("toutes"), None);
    }
}
