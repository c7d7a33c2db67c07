//! Copies of what Apogée answered: when one may be served, when the source is asked, when a copy stands in for it.

use chrono::{DateTime, Duration, Utc};
use kernel::Outage;

/// A data set read at Apogée's web services, one question at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Jeu {
    /// Files of students, each for a year.
    Dossiers,
    /// The years in which a student registered.
    Annees,
    /// Numbers of the students of an étape version.
    Inscrits,
    /// Components.
    Composantes,
    /// Registration regimes.
    Regimes,
    /// Who signs.
    Signataires,
    /// Exam periods.
    PeriodesExamen,
}

impl Jeu {
    /// Every data set, people first.
    pub const ALL: [Self; 7] = [
        Self::Dossiers,
        Self::Annees,
        Self::Inscrits,
        Self::Composantes,
        Self::Regimes,
        Self::Signataires,
        Self::PeriodesExamen,
    ];

    /// The spelling stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Dossiers => "dossiers",
            Self::Annees => "annees_etudiant",
            Self::Inscrits => "inscrits",
            Self::Composantes => "composantes",
            Self::Regimes => "regimes",
            Self::Signataires => "signataires",
            Self::PeriodesExamen => "periodes_examen",
        }
    }

    /// As pages write it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Dossiers => "Dossiers d’étudiants demandés à Apogée",
            Self::Annees => "Années d’inscription demandées à Apogée",
            Self::Inscrits => "Listes d’inscrits demandées à Apogée",
            Self::Composantes => "Composantes",
            Self::Regimes => "Régimes d’inscription",
            Self::Signataires => "Signataires",
            Self::PeriodesExamen => "Périodes d’examen",
        }
    }

    /// Whether it is about people: its copies are kept less long.
    #[must_use]
    pub fn personnel(self) -> bool {
        matches!(self, Self::Dossiers | Self::Annees | Self::Inscrits)
    }
}

/// Where an answer comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origine {
    /// The source, just now.
    Source,
    /// A copy that is recent enough.
    Copie,
    /// The last good copy, because the source does not answer.
    Secours,
}

impl Origine {
    /// The spelling of the REST interface.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Source => "apogee",
            Self::Copie => "copie",
            Self::Secours => "secours",
        }
    }
}

/// An answer, its age, and why the source did not give it when it did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lecture<T> {
    /// What was read.
    pub valeur: T,
    /// When the source gave it.
    pub obtenue_le: DateTime<Utc>,
    /// Where it comes from.
    pub origine: Origine,
    /// What is wrong at the source.
    pub panne: Option<Outage>,
}

/// What went wrong at the source, without its address: whoever asks through us has no business there.
#[must_use]
pub fn sans_adresse(panne: &Outage) -> &str {
    match panne.detail.split_once(" — ") {
        Some((adresse, phrase)) if adresse.starts_with("http") => phrase,
        _ => &panne.detail,
    }
}

/// What to do for one question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Serve the copy.
    Servir,
    /// Ask the source.
    Lire,
    /// The source was found down a moment ago: do not ask it again, serve the copy for what it is.
    Secourir,
}

/// Decides, from the age of the copy, how long one stays fresh, whether a fresh answer is demanded, and whether the source was found
/// down a moment ago. A demand does not override that: a source in trouble is not helped by questions.
#[must_use]
pub fn decider(
    copie: Option<DateTime<Utc>>,
    maintenant: DateTime<Utc>,
    fraiche: Duration,
    exigee: bool,
    coupee: bool,
) -> Decision {
    match copie {
        Some(le) if !exigee && maintenant - le <= fraiche => Decision::Servir,
        _ if coupee => Decision::Secourir,
        _ => Decision::Lire,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone as _;

    #[test]
    fn a_source_in_trouble_is_left_alone_and_a_fresh_copy_is_enough() {
        let midi = Utc.with_ymd_and_hms(2024, 11, 5, 12, 0, 0).unwrap();
        let il_y_a = |minutes| Some(midi - Duration::minutes(minutes));
        let heure = Duration::hours(1);
        let dit = |copie, exigee, coupee| decider(copie, midi, heure, exigee, coupee);
        assert_eq!(dit(il_y_a(10), false, false), Decision::Servir);
        assert_eq!(dit(il_y_a(10), false, true), Decision::Servir);
        assert_eq!(dit(il_y_a(10), true, false), Decision::Lire);
        assert_eq!(dit(il_y_a(10), true, true), Decision::Secourir);
        assert_eq!(dit(il_y_a(90), false, false), Decision::Lire);
        assert_eq!(dit(il_y_a(90), false, true), Decision::Secourir);
        assert_eq!(dit(None, false, false), Decision::Lire);
        assert_eq!(
            dit(None, false, true),
            Decision::Secourir,
            "nothing to serve, and still nothing is asked"
        );
    }

    #[test]
    fn an_outage_is_told_without_the_address_of_the_source() {
        let panne = |detail: &str| Outage {
            source_: kernel::Source::Apogee,
            quoi: "essai".into(),
            kind: kernel::OutageKind::Delai,
            detail: detail.into(),
            remede: String::new(),
        };
        assert_eq!(sans_adresse(&panne("http://apogee.interne/x — Pas de réponse.")), "Pas de réponse.");
        assert_eq!(sans_adresse(&panne("Apogée — dit non.")), "Apogée — dit non.");
    }

    #[test]
    fn names_are_unique() {
        let codes: std::collections::HashSet<_> = Jeu::ALL.map(Jeu::code).into_iter().collect();
        assert_eq!(codes.len(), Jeu::ALL.len());
    }
}
