//! A student's registration to a period, and the states it goes through.

/// Where a registration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EtatInscription {
    /// The student has begun; nothing is promised.
    Brouillon,
    /// The student has confirmed, and holds a dated receipt.
    Validee,
    /// The registry sent it back with a reason; the student corrects.
    ACorriger,
    /// The registry has checked it; it waits for its payment.
    Verifiee,
    /// Paid in full, or nothing to pay; it waits for its centre's agreement.
    Payee,
    /// Nothing is missing: it will be convoked.
    Finalisee,
    /// Cancelled with a reason.
    Annulee,
}

impl EtatInscription {
    /// Every state, in the order in which they come.
    pub const ALL: [Self; 7] = [
        Self::Brouillon,
        Self::Validee,
        Self::ACorriger,
        Self::Verifiee,
        Self::Payee,
        Self::Finalisee,
        Self::Annulee,
    ];

    /// The spelling stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Brouillon => "brouillon",
            Self::Validee => "validee",
            Self::ACorriger => "a_corriger",
            Self::Verifiee => "verifiee",
            Self::Payee => "payee",
            Self::Finalisee => "finalisee",
            Self::Annulee => "annulee",
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
            Self::Brouillon => "Brouillon",
            Self::Validee => "Validée",
            Self::ACorriger => "À corriger",
            Self::Verifiee => "Vérifiée",
            Self::Payee => "Payée",
            Self::Finalisee => "Finalisée",
            Self::Annulee => "Annulée",
        }
    }

    /// Whether the student may still write in it, the window aside.
    #[must_use]
    pub fn modifiable(self) -> bool {
        matches!(self, Self::Brouillon | Self::ACorriger)
    }

    /// Whether it holds its place in the quota of its modality and its centre. What was sent back keeps it: the place was won.
    #[must_use]
    pub fn tient_place(self) -> bool {
        !matches!(self, Self::Brouillon | Self::Annulee)
    }

    /// Whether the student has confirmed it, and it still stands: changes then go through a request.
    #[must_use]
    pub fn engagee(self) -> bool {
        matches!(self, Self::Validee | Self::Verifiee | Self::Payee | Self::Finalisee)
    }

    /// Whether it may become `autre`.
    #[must_use]
    pub fn peut_devenir(self, autre: Self) -> bool {
        use EtatInscription as E;
        match self {
            E::Brouillon => matches!(autre, E::Validee | E::Annulee),
            E::Validee => matches!(autre, E::Verifiee | E::ACorriger | E::Annulee),
            E::ACorriger => matches!(autre, E::Validee | E::Annulee),
            // Back to « validée » when verification is taken back; back to « vérifiée » when a change leaves something to pay.
            E::Verifiee => matches!(autre, E::Payee | E::Finalisee | E::Validee | E::ACorriger | E::Annulee),
            E::Payee => matches!(autre, E::Finalisee | E::Verifiee | E::Validee | E::ACorriger | E::Annulee),
            E::Finalisee => matches!(autre, E::Verifiee | E::Payee | E::Validee | E::ACorriger | E::Annulee),
            // A cancelled registration begins again, or is restored: to be verified anew.
            E::Annulee => matches!(autre, E::Brouillon | E::Validee),
        }
    }

    /// Where a verified registration stands, by what is left to pay and whether its centre has agreed.
    #[must_use]
    pub fn apres_verification(solde_cents: i64, centre_pret: bool) -> Self {
        match (solde_cents <= 0, centre_pret) {
            (false, _) => Self::Verifiee,
            (true, false) => Self::Payee,
            (true, true) => Self::Finalisee,
        }
    }
}

/// What a student decided of an épreuve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// Not decided yet: only in a draft.
    Indecis,
    /// Sits it in this period.
    Passe,
    /// Defers it to the resits (P3). In P3 itself, where nothing can be deferred, it means not sitting it.
    Report,
}

impl Decision {
    /// The spelling stored and sent by forms.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Indecis => "indecis",
            Self::Passe => "passe",
            Self::Report => "report",
        }
    }

    /// The decision of that spelling.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Indecis, Self::Passe, Self::Report].into_iter().find(|d| d.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_held_from_validation_to_cancelling() {
        use EtatInscription as E;
        let tiennent: Vec<_> = E::ALL.into_iter().filter(|e| e.tient_place()).collect();
        assert_eq!(tiennent, [E::Validee, E::ACorriger, E::Verifiee, E::Payee, E::Finalisee]);
    }

    #[test]
    fn nothing_jumps_over_verification() {
        use EtatInscription as E;
        assert!(!E::Validee.peut_devenir(E::Finalisee));
        assert!(!E::Brouillon.peut_devenir(E::Verifiee));
        assert_eq!(E::apres_verification(0, true), E::Finalisee, "nothing to pay finalises");
        assert_eq!(E::apres_verification(-100, false), E::Payee);
        assert_eq!(E::apres_verification(1, true), E::Verifiee);
        for etat in E::ALL {
            assert_eq!(E::of_code(etat.code()), Some(etat));
            assert!(!etat.peut_devenir(etat));
        }
    }
}
