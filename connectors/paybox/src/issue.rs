use std::fmt;

/// How an attempt to pay ended, from the five figures of the bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Issue {
    /// `00000`: the card was debited.
    Acceptee,
    /// `001xx`: the buyer's bank refused; xx is the code of the card network.
    RefuseeParLaBanque(u8),
    /// `00001`: the buyer gave up, or the authorisation centre did not answer. Nothing was debited.
    Abandonnee,
    /// `00030`: the buyer stayed too long on the page.
    Expiree,
    /// `99999`: the buyer's bank has not answered yet; another notification will come.
    EnAttente,
    /// `00015`: this reference was paid already.
    DejaPayee,
    /// Anything else, by its code.
    Echec(u32),
}

impl Issue {
    /// Reads five figures, and nothing else.
    #[must_use]
    pub fn lire(code: &str) -> Option<Self> {
        if code.len() != 5 || !code.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        Some(match code.parse().ok()? {
            0 => Self::Acceptee,
            1 => Self::Abandonnee,
            15 => Self::DejaPayee,
            30 => Self::Expiree,
            n @ 100..=199 => Self::RefuseeParLaBanque(u8::try_from(n - 100).ok()?),
            99_999 => Self::EnAttente,
            n => Self::Echec(n),
        })
    }

    /// The five figures.
    #[must_use]
    pub fn code(&self) -> String {
        let n = match self {
            Self::Acceptee => 0,
            Self::Abandonnee => 1,
            Self::DejaPayee => 15,
            Self::Expiree => 30,
            Self::RefuseeParLaBanque(xx) => 100 + u32::from(*xx),
            Self::EnAttente => 99_999,
            Self::Echec(n) => *n,
        };
        format!("{n:05}")
    }

    /// What the buyer and the registry read: what happened, whether money moved, what to do.
    ///
    /// A card that the bank says stolen or suspect is worded like any refusal: it is not for us to say so.
    #[must_use]
    pub fn phrase(&self) -> &'static str {
        match self {
            Self::Acceptee => "Le paiement est accepté.",
            Self::RefuseeParLaBanque(51) => {
                "La banque a refusé le paiement : la provision du compte est insuffisante. Rien n’est débité ; réessayez avec une autre carte."
            }
            Self::RefuseeParLaBanque(33 | 54) => {
                "La banque a refusé le paiement : la carte est expirée. Rien n’est débité ; réessayez avec une autre carte."
            }
            Self::RefuseeParLaBanque(61 | 65) => {
                "La banque a refusé le paiement : le plafond de la carte est dépassé. Rien n’est débité ; réessayez avec une autre carte, ou joignez votre banque."
            }
            Self::RefuseeParLaBanque(_) => {
                "La banque a refusé le paiement, sans dire pourquoi. Rien n’est débité ; réessayez avec une autre carte, ou joignez votre banque."
            }
            Self::Abandonnee => {
                "Le paiement n’a pas abouti : il a été abandonné, ou la banque n’a pas répondu. Rien n’est débité ; vous pouvez recommencer."
            }
            Self::Expiree => {
                "Le paiement n’a pas abouti : la page de paiement est restée ouverte trop longtemps. Rien n’est débité ; vous pouvez recommencer."
            }
            Self::EnAttente => {
                "La banque n’a pas encore donné sa réponse. Ne payez pas de nouveau : la page changera dès qu’elle l’aura donnée."
            }
            Self::DejaPayee => {
                "Cette somme est déjà payée. Rien n’est débité une seconde fois ; il n’y a rien à faire."
            }
            Self::Echec(4 | 8) => {
                "Le numéro, la date ou le cryptogramme de la carte n’est pas valide. Rien n’est débité ; vérifiez la saisie, puis recommencez."
            }
            Self::Echec(21 | 29) => {
                "Ce genre de carte n’est pas accepté. Rien n’est débité ; réessayez avec une carte bancaire, Visa ou Mastercard."
            }
            Self::Echec(33) => {
                "Le paiement n’est pas accepté depuis le pays où vous êtes. Rien n’est débité ; choisissez un autre moyen de paiement."
            }
            Self::Echec(40) => {
                "La banque demande que vous confirmiez le paiement (3-D Secure), et ce n’est pas fait. Rien n’est débité ; recommencez, ou joignez votre banque."
            }
            Self::Echec(6 | 10 | 11) => {
                "Le service de paiement a refusé la demande de Télémaque. Rien n’est débité ; prévenez la scolarité."
            }
            Self::Echec(_) => {
                "Le service de paiement a rencontré une erreur. Rien n’est débité ; recommencez plus tard."
            }
        }
    }

    /// Whether the money is on its way to the shop.
    #[must_use]
    pub fn est_acceptee(&self) -> bool {
        matches!(self, Self::Acceptee)
    }
}

/// « paiement refusé par la banque (00151) »: for a list or the journal.
impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mots = match self {
            Self::Acceptee => "paiement accepté",
            Self::RefuseeParLaBanque(_) => "paiement refusé par la banque",
            Self::Abandonnee => "paiement abandonné",
            Self::Expiree => "page de paiement expirée",
            Self::EnAttente => "paiement en attente de la banque",
            Self::DejaPayee => "déjà payé",
            Self::Echec(_) => "échec du paiement",
        };
        write!(f, "{mots} ({})", self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_figures_and_nothing_else() {
        for code in ["", "0", "0000", "000000", "0000 ", "+0000", "0000a", "٠٠٠٠٠", "-0001"] {
            assert_eq!(Issue::lire(code), None, "{code}");
        }
        for n in 0..=99_999 {
            let code = format!("{n:05}");
            let issue = Issue::lire(&code).unwrap();
            assert_eq!(issue.code(), code);
            assert_eq!(issue.est_acceptee(), n == 0, "{code}");
        }
    }

    #[test]
    fn refusals_of_the_bank_are_told_from_the_others() {
        assert_eq!(Issue::lire("00151"), Some(Issue::RefuseeParLaBanque(51)));
        assert_eq!(Issue::lire("00200"), Some(Issue::Echec(200)));
        assert_eq!(Issue::lire("99999"), Some(Issue::EnAttente));
        assert_eq!(Issue::RefuseeParLaBanque(43).phrase(), Issue::RefuseeParLaBanque(5).phrase());
        for n in [1, 3, 4, 15, 21, 30, 33, 40, 105, 151, 154, 161] {
            let phrase = Issue::lire(&format!("{n:05}")).unwrap().phrase();
            assert!(phrase.contains("Rien n’est débité"), "{phrase}");
        }
        assert!(!Issue::EnAttente.phrase().contains("Rien n’est débité"));
    }
}
