//! A period of examinations: P1, P2, P3 of a year, and the states it goes through.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::AnneeUniversitaire;

/// Where a period stands. In this order; a step back is possible until something real happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EtatPeriode {
    /// Being set up: nobody sees it.
    Preparation,
    /// Students register.
    Inscriptions,
    /// The registry checks; students only correct what was sent back.
    Verification,
    /// Convocations are being sent.
    Convocations,
    /// Exams are sat.
    Epreuves,
    /// Over: nothing is written but money.
    Cloturee,
    /// Sealed.
    Archivee,
}

impl EtatPeriode {
    /// Every state, in order.
    pub const ALL: [Self; 7] = [
        Self::Preparation,
        Self::Inscriptions,
        Self::Verification,
        Self::Convocations,
        Self::Epreuves,
        Self::Cloturee,
        Self::Archivee,
    ];

    /// The spelling stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Preparation => "preparation",
            Self::Inscriptions => "inscriptions",
            Self::Verification => "verification",
            Self::Convocations => "convocations",
            Self::Epreuves => "epreuves",
            Self::Cloturee => "cloturee",
            Self::Archivee => "archivee",
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
            Self::Preparation => "En préparation",
            Self::Inscriptions => "Inscriptions ouvertes",
            Self::Verification => "Vérification",
            Self::Convocations => "Convocations",
            Self::Epreuves => "Épreuves",
            Self::Cloturee => "Clôturée",
            Self::Archivee => "Archivée",
        }
    }

    /// The next state, unless it is the last.
    #[must_use]
    pub fn suivant(self) -> Option<Self> {
        Self::ALL.into_iter().find(|e| *e > self)
    }

    /// The state before, unless it is the first.
    #[must_use]
    pub fn precedent(self) -> Option<Self> {
        Self::ALL.into_iter().rev().find(|e| *e < self)
    }
}

/// A period, with its dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Periode {
    /// Row.
    pub id: i64,
    /// The academic year: a period of January 2025 is of 2024.
    pub annee: AnneeUniversitaire,
    /// `P1`, `P2`, `P3`.
    pub code: String,
    /// « Première période d’examens ».
    pub libelle: String,
    /// 1, or 2 for the resits.
    pub session: u8,
    /// Where it stands.
    pub etat: EtatPeriode,
    /// When teaching starts: the law counts one month from there.
    pub enseignement_debut: NaiveDate,
    /// When modalities were made public.
    pub modalites_publiees_le: Option<DateTime<Utc>>,
    /// Students may register from this instant.
    pub inscriptions_debut: DateTime<Utc>,
    /// And until this one, not included.
    pub inscriptions_fin: DateTime<Utc>,
    /// Last day for the registry to verify.
    pub verification_fin: NaiveDate,
    /// Day on which convocations leave.
    pub convocations_le: NaiveDate,
    /// First day of exams.
    pub epreuves_debut: NaiveDate,
    /// Last day of exams.
    pub epreuves_fin: NaiveDate,
    /// Day on which it is closed.
    pub fermeture_le: NaiveDate,
    /// Least minutes between two épreuves of one student.
    pub ecart_min: i64,
    /// Since when convocations leave; forgotten when the period goes back before them.
    pub convoquee_le: Option<DateTime<Utc>>,
}

impl Periode {
    /// « P1 2024/2025 ».
    #[must_use]
    pub fn nom(&self) -> String {
        format!("{} {}", self.code, self.annee.libelle())
    }

    /// Whether a student may register or change a draft at that instant.
    #[must_use]
    pub fn ouverte(&self, instant: DateTime<Utc>) -> bool {
        self.etat == EtatPeriode::Inscriptions
            && self.inscriptions_debut <= instant
            && instant < self.inscriptions_fin
    }
}

/// The period at work: the first to come among those that are open to somebody, else the latest.
#[must_use]
pub fn courante(periodes: &[Periode]) -> Option<&Periode> {
    let ouverte = |p: &&Periode| (EtatPeriode::Inscriptions..=EtatPeriode::Epreuves).contains(&p.etat);
    let prochaine = periodes.iter().filter(ouverte).min_by_key(|p| p.epreuves_debut);
    prochaine.or_else(|| periodes.iter().find(|p| p.etat != EtatPeriode::Preparation)).or(periodes.first())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_follow_one_another_and_come_back() {
        for paire in EtatPeriode::ALL.windows(2) {
            let [avant, apres] = paire else { unreachable!() };
            assert_eq!((avant.suivant(), apres.precedent()), (Some(*apres), Some(*avant)));
        }
        assert_eq!((EtatPeriode::Archivee.suivant(), EtatPeriode::Preparation.precedent()), (None, None));
        for etat in EtatPeriode::ALL {
            assert_eq!(EtatPeriode::of_code(etat.code()), Some(etat));
        }
    }
}
