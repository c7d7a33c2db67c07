//! A payment online: an attempt, what the bank said of it, and what was thought of each notification.

/// Where an attempt stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EtatPaiement {
    /// The student left for the bank's page.
    Commence,
    /// The bank has not made up its mind.
    EnAttente,
    /// The card was debited.
    Accepte,
    /// The bank refused.
    Refuse,
    /// The student gave up, or stayed too long.
    Abandonne,
}

impl EtatPaiement {
    /// Every state.
    pub const ALL: [Self; 5] =
        [Self::Commence, Self::EnAttente, Self::Accepte, Self::Refuse, Self::Abandonne];

    /// The spelling stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Commence => "commence",
            Self::EnAttente => "en_attente",
            Self::Accepte => "accepte",
            Self::Refuse => "refuse",
            Self::Abandonne => "abandonne",
        }
    }

    /// The state of that spelling.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.code() == code)
    }

    /// As pages write it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Commence => "Commencé",
            Self::EnAttente => "En attente de la banque",
            Self::Accepte => "Accepté",
            Self::Refuse => "Refusé",
            Self::Abandonne => "Abandonné",
        }
    }
}

/// What was thought of a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It settles its attempt.
    Accepte,
    /// It was handled already: nothing more is written.
    Rejoue,
    /// The money is kept, though nothing was expected of it any more: the registration has changed, was cancelled, or was paid otherwise.
    Tardif,
    /// The bank says that nothing was paid.
    RefusBanque,
    /// Not signed by the bank.
    Signature,
    /// Signed by the bank, but sent from an address that is not among those it is said to send from.
    Origine,
    /// The bank debited, and the period has been archived since: nothing is written in it.
    Scellee,
    /// Signed, but not readable.
    Illisible,
    /// Of no attempt of ours.
    Reference,
    /// For another amount than what was asked.
    Montant,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 10] = [
        Self::Accepte,
        Self::Tardif,
        Self::Rejoue,
        Self::RefusBanque,
        Self::Signature,
        Self::Origine,
        Self::Scellee,
        Self::Illisible,
        Self::Reference,
        Self::Montant,
    ];

    /// The spelling stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Accepte => "accepte",
            Self::Rejoue => "rejoue",
            Self::Tardif => "tardif",
            Self::RefusBanque => "refus_banque",
            Self::Signature => "signature",
            Self::Origine => "origine",
            Self::Scellee => "scellee",
            Self::Illisible => "illisible",
            Self::Reference => "reference",
            Self::Montant => "montant",
        }
    }

    /// The verdict of that spelling.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|v| v.code() == code)
    }

    /// As pages write it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Accepte => "Enregistrée",
            Self::Rejoue => "Déjà reçue",
            Self::Tardif => "Enregistrée, tardive",
            Self::RefusBanque => "Refus de la banque",
            Self::Signature => "Signature fausse",
            Self::Origine => "Adresse inattendue",
            Self::Scellee => "Période archivée",
            Self::Illisible => "Illisible",
            Self::Reference => "Référence inconnue",
            Self::Montant => "Montant différent",
        }
    }

    /// Whether somebody should look at it.
    #[must_use]
    pub fn inquiete(self) -> bool {
        matches!(
            self,
            Self::Tardif | Self::Origine | Self::Scellee | Self::Illisible | Self::Reference | Self::Montant
        )
    }
}
