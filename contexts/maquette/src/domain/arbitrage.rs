//! What people decided of anomalies, beside what collections find: the list is rewritten by each collection, the decisions stay.
//!
//! An anomaly that was settled or set aside stays so for as long as what it was about stays the same: it comes back when a source
//! moves, when the day until which it was set aside is past, or when the correction that settled it has ended.

use chrono::NaiveDate;

use super::anomalie::Regle;
use super::genre::Genre;
use super::valeur::Valeur;

/// What was last decided of an anomaly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EtatArbitrage {
    /// Nothing, or given back.
    ATraiter,
    /// Somebody has it.
    Attribuee,
    /// Settled.
    Reglee,
    /// Set aside until a day.
    Ignoree,
}

impl EtatArbitrage {
    const ALL: [Self; 4] = [Self::ATraiter, Self::Attribuee, Self::Reglee, Self::Ignoree];

    /// The spelling stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::ATraiter => "a_traiter",
            Self::Attribuee => "attribuee",
            Self::Reglee => "reglee",
            Self::Ignoree => "ignoree",
        }
    }

    /// The state of that code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.code() == code)
    }
}

/// Where an anomaly stands today: what lists are divided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Situation {
    /// Nobody has it.
    ATraiter,
    /// Somebody has it.
    Attribuee,
    /// It was settled or set aside, and that no longer holds.
    Revenue,
    /// Settled.
    Reglee,
    /// Set aside.
    Ignoree,
}

impl Situation {
    /// Every one, in the order shown.
    pub const ALL: [Self; 5] = [Self::ATraiter, Self::Attribuee, Self::Revenue, Self::Reglee, Self::Ignoree];

    /// The spelling filtered by.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::ATraiter => "a_traiter",
            Self::Attribuee => "attribuee",
            Self::Revenue => "revenue",
            Self::Reglee => "reglee",
            Self::Ignoree => "ignoree",
        }
    }

    /// As pages write it, of one.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::ATraiter => "À traiter",
            Self::Attribuee => "Attribuée",
            Self::Revenue => "Revenue",
            Self::Reglee => "Réglée",
            Self::Ignoree => "Ignorée",
        }
    }

    /// The one of that code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }

    /// Whether somebody still has something to do.
    #[must_use]
    pub fn ouverte(self) -> bool {
        matches!(self, Self::ATraiter | Self::Attribuee | Self::Revenue)
    }
}

/// What the rule needs to know of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decide<'a> {
    /// What was decided.
    pub etat: EtatArbitrage,
    /// Both values as they were then.
    pub valeurs: (&'a str, &'a str),
    /// Last day of being set aside.
    pub jusqu_au: Option<NaiveDate>,
    /// The correction that settled it has ended.
    pub correction_finie: bool,
}

/// Where an anomaly stands: `valeurs` are those of the last collection.
#[must_use]
pub fn situation(decide: Option<&Decide<'_>>, valeurs: (&str, &str), aujourd_hui: NaiveDate) -> Situation {
    let Some(d) = decide else { return Situation::ATraiter };
    let bouge = d.valeurs != valeurs;
    match d.etat {
        EtatArbitrage::ATraiter => Situation::ATraiter,
        EtatArbitrage::Attribuee => Situation::Attribuee,
        EtatArbitrage::Reglee if bouge || d.correction_finie => Situation::Revenue,
        EtatArbitrage::Reglee => Situation::Reglee,
        EtatArbitrage::Ignoree if bouge || d.jusqu_au.is_none_or(|jour| jour < aujourd_hui) => {
            Situation::Revenue
        }
        EtatArbitrage::Ignoree => Situation::Ignoree,
    }
}

/// How an anomaly is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The first source is right.
    SourceA,
    /// The second source is right.
    SourceB,
    /// Neither: a local value.
    Locale,
    /// It is as it should be.
    Normal,
}

impl Decision {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::SourceA, Self::SourceB, Self::Locale, Self::Normal];

    /// The spelling stored and sent.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::SourceA => "source_a",
            Self::SourceB => "source_b",
            Self::Locale => "locale",
            Self::Normal => "normal",
        }
    }

    /// The one of that code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.code() == code)
    }
}

/// The field that a disagreement of two sources is about, and which of them decides it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cible {
    /// Kind of row.
    pub genre: Genre,
    /// Its key.
    pub cle: Box<[Valeur]>,
    /// Its field.
    pub champ: &'static str,
    /// Which side is shown when nobody corrects: see `desaccords`.
    pub decide: Decision,
    /// Where the row keeps what each source says; absent, the anomaly's own words are the value.
    pub dits: Option<(&'static str, &'static str)>,
}

/// What settling by a value would write to; nothing for an anomaly that no value settles.
#[must_use]
pub fn cible(regle: Regle, cle_objet: &str, champ: &str) -> Option<Cible> {
    let element = || -> Box<[Valeur]> { Box::new([cle_objet.into()]) };
    match regle {
        Regle::EctsDifferents => Some(Cible {
            genre: Genre::Element,
            cle: element(),
            champ: "ects",
            decide: Decision::SourceB,
            dits: Some(("ects_apogee", "ects_kofr")),
        }),
        Regle::LibellesDifferents => Some(Cible {
            genre: Genre::Element,
            cle: element(),
            champ: "libelle",
            decide: Decision::SourceA,
            dits: None,
        }),
        Regle::HeuresDifferentes => Some(Cible {
            genre: Genre::Heures,
            cle: Box::new([cle_objet.into(), champ.into()]),
            champ: "heures",
            decide: Decision::SourceB,
            dits: Some(("heures_apogee", "heures_kofr")),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn jour(n: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, 1, 15).unwrap() + chrono::Duration::days(n)
    }

    proptest! {
        /// Settled or set aside, it stays so while nothing moved and its day has not passed; any move brings it back.
        #[test]
        fn what_was_decided_holds_until_a_source_moves(
            (a, b, c, d) in ("[xy]", "[xy]", "[xy]", "[xy]"), etat in 0_usize..4, jours in -2_i64..3, finie in any::<bool>(),
        ) {
            let etat = EtatArbitrage::ALL[etat];
            let decide = Decide { etat, valeurs: (&a, &b), jusqu_au: Some(jour(jours)), correction_finie: finie };
            let s = situation(Some(&decide), (&c, &d), jour(0));
            let bouge = (a, b) != (c, d);
            let attendue = match etat {
                EtatArbitrage::ATraiter => Situation::ATraiter,
                EtatArbitrage::Attribuee => Situation::Attribuee,
                EtatArbitrage::Reglee if bouge || finie => Situation::Revenue,
                EtatArbitrage::Reglee => Situation::Reglee,
                EtatArbitrage::Ignoree if bouge || jours < 0 => Situation::Revenue,
                EtatArbitrage::Ignoree => Situation::Ignoree,
            };
            prop_assert_eq!(s, attendue);
        }
    }

    #[test]
    fn nobody_decided_anything_yet() {
        assert_eq!(situation(None, ("a", "b"), jour(0)), Situation::ATraiter);
    }

    #[test]
    fn only_a_disagreement_of_two_sources_is_settled_by_a_value() {
        let avec = |r: &&Regle| cible(**r, "X", "CM").is_some();
        let regles: Vec<_> = Regle::ALL.iter().filter(avec).collect();
        assert_eq!(regles, [&Regle::EctsDifferents, &Regle::LibellesDifferents, &Regle::HeuresDifferentes]);
        for r in regles {
            let c = cible(*r, "X", "CM").unwrap();
            assert!(super::super::correction::champ_corrigeable(c.genre, c.champ).is_ok());
            assert_eq!(c.cle.len(), c.genre.description().cle.len());
        }
    }
}
