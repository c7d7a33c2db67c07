//! What the registry may do to a registration, by where it and its period stand. Pages, previews of several at once and actions ask the
//! same function.

use super::inscription::EtatInscription as E;
use super::periode::EtatPeriode;
use super::sceau::Geste;

/// What the registry does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verbe {
    /// Checked: it may be paid.
    Verifier,
    /// Verification is taken back.
    Reprendre,
    /// Sent back to the student with a reason.
    Renvoyer,
    /// Cancelled with a reason.
    Annuler,
    /// A cancelled one is restored.
    Retablir,
    /// A request of change is decided.
    Trancher,
    /// What is left to pay is not asked.
    Exonerer,
    /// The student of a draft is reminded of it.
    Relancer,
}

impl Verbe {
    /// Whether it may be done.
    ///
    /// # Errors
    /// Why not.
    pub fn permis(self, etat: E, periode: EtatPeriode) -> Result<(), Ecart> {
        let geste = if self == Self::Exonerer { Geste::Argent } else { Geste::Registre };
        if !geste.permis(periode) {
            let archivee = periode == EtatPeriode::Archivee;
            return Err(if archivee { Ecart::PeriodeArchivee } else { Ecart::PeriodeClose });
        }
        let permis = match self {
            Self::Verifier => etat == E::Validee,
            Self::Reprendre => matches!(etat, E::Verifiee | E::Payee | E::Finalisee),
            Self::Renvoyer => etat.engagee(),
            Self::Annuler => etat != E::Annulee,
            Self::Retablir => etat == E::Annulee,
            Self::Trancher => etat.engagee() || etat == E::ACorriger,
            Self::Exonerer => etat != E::Brouillon,
            Self::Relancer => matches!(etat, E::Brouillon | E::ACorriger),
        };
        if permis { Ok(()) } else { Err(Ecart::Etat(etat)) }
    }
}

/// Why a registration is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ecart {
    /// Its state does not allow it.
    Etat(E),
    /// The period is closed.
    PeriodeClose,
    /// The period is archived.
    PeriodeArchivee,
    /// No place is left in the modality.
    ModalitePleine,
    /// No place is left in the centre.
    CentrePlein,
    /// A request of change waits: it is decided first.
    Demande,
    /// Nothing is left to pay.
    RienADevoir,
    /// Nobody can be written to.
    SansCourriel,
}

impl Ecart {
    /// « elle est déjà vérifiée »: after « laissée de côté : ».
    #[must_use]
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Etat(E::Brouillon) => "l’étudiant n’a pas encore validé son brouillon",
            Self::Etat(E::Validee) => "elle attend d’être vérifiée",
            Self::Etat(E::ACorriger) => "l’étudiant doit d’abord la corriger",
            Self::Etat(E::Verifiee) => "elle est déjà vérifiée",
            Self::Etat(E::Payee) => "elle est déjà payée",
            Self::Etat(E::Finalisee) => "elle est déjà finalisée",
            Self::Etat(E::Annulee) => "elle est annulée",
            Self::PeriodeClose => "sa période est clôturée",
            Self::PeriodeArchivee => "sa période est archivée, plus rien n’y change",
            Self::ModalitePleine => "il ne reste plus de place dans sa modalité",
            Self::CentrePlein => "il ne reste plus de place dans son centre",
            Self::Demande => "une demande de changement attend une décision",
            Self::RienADevoir => "il ne reste rien à payer",
            Self::SansCourriel => "aucune adresse électronique n’est connue",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_verb_has_its_states() {
        let ouverte = EtatPeriode::Verification;
        let pour = |verbe: Verbe| -> Vec<E> {
            E::ALL.into_iter().filter(|e| verbe.permis(*e, ouverte).is_ok()).collect()
        };
        assert_eq!(pour(Verbe::Verifier), [E::Validee]);
        assert_eq!(pour(Verbe::Reprendre), [E::Verifiee, E::Payee, E::Finalisee]);
        assert_eq!(pour(Verbe::Renvoyer), [E::Validee, E::Verifiee, E::Payee, E::Finalisee]);
        assert_eq!(pour(Verbe::Retablir), [E::Annulee]);
        assert_eq!(pour(Verbe::Relancer), [E::Brouillon, E::ACorriger]);
        assert!(!pour(Verbe::Annuler).contains(&E::Annulee));
    }

    #[test]
    fn every_move_is_one_that_states_know() {
        for etat in E::ALL {
            let ouverte = EtatPeriode::Verification;
            for (verbe, vers) in [
                (Verbe::Verifier, E::Verifiee),
                (Verbe::Reprendre, E::Validee),
                (Verbe::Renvoyer, E::ACorriger),
                (Verbe::Annuler, E::Annulee),
                (Verbe::Retablir, E::Validee),
            ] {
                if verbe.permis(etat, ouverte).is_ok() {
                    assert!(etat.peut_devenir(vers), "{etat:?} {verbe:?}");
                }
            }
        }
    }

    #[test]
    fn a_closed_period_only_moves_money() {
        for etat in E::ALL {
            assert_eq!(Verbe::Annuler.permis(etat, EtatPeriode::Cloturee), Err(Ecart::PeriodeClose));
            assert_eq!(Verbe::Exonerer.permis(etat, EtatPeriode::Archivee), Err(Ecart::PeriodeArchivee));
        }
        assert_eq!(Verbe::Exonerer.permis(E::Verifiee, EtatPeriode::Cloturee), Ok(()));
    }
}
