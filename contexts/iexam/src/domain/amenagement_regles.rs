//! What may be arranged, and what two periods of validity have in common. Source: code de l’éducation, D.613-26.

use chrono::NaiveDate;
use kernel::NumeroEtudiant;

use super::amenagement::{Amenagement, TIERS};

/// Shortest reason of an exception, in characters.
pub const EXCEPTION_MIN: usize = 20;
/// Most extra minutes an hour, reasoned or not: twice the time.
pub const MAJORATION_MAX: i64 = 60;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saisie {
    /// COD_ETU.
    pub etudiant: NumeroEtudiant,
    /// First day.
    pub valide_du: NaiveDate,
    /// Last day, included.
    pub valide_au: NaiveDate,
    /// Extra minutes per hour.
    pub majoration: i64,
    /// A room apart.
    pub salle_a_part: bool,
    /// A computer.
    pub ordinateur: bool,
    /// A secretary.
    pub secretaire: bool,
    /// Anything else.
    pub autre: String,
    /// The reasoned exception.
    pub exception: String,
}

/// What is wrong with it: the field, and a French sentence.
#[must_use]
pub fn faute(s: &Saisie) -> Option<(&'static str, String)> {
    let non = |champ, phrase: &str| Some((champ, phrase.to_owned()));
    if s.valide_au < s.valide_du {
        return non("valide_au", "Le dernier jour vient avant le premier.");
    }
    if s.majoration < 0 {
        return non(
            "majoration",
            "La majoration est un nombre de minutes par heure : 20 pour un tiers-temps, 0 pour aucune.",
        );
    }
    if s.majoration > MAJORATION_MAX {
        return non(
            "majoration",
            "La majoration ne peut pas dépasser 60 minutes par heure, c’est-à-dire le double du temps.",
        );
    }
    if s.majoration > TIERS && s.exception.trim().chars().count() < EXCEPTION_MIN {
        return non(
            "exception",
            "Au-delà d’un tiers (20 minutes par heure), il faut une exception motivée par le médecin : écrivez-la en vingt caractères au moins.",
        );
    }
    let rien =
        s.majoration == 0 && !s.salle_a_part && !s.ordinateur && !s.secretaire && s.autre.trim().is_empty();
    if rien {
        return non(
            "majoration",
            "Rien n’est aménagé : indiquez une majoration, une salle à part, un ordinateur, un secrétaire ou autre chose.",
        );
    }
    None
}

/// The days that another arrangement of the same student has in common with these, both included.
#[must_use]
pub fn commun(a: (NaiveDate, NaiveDate), b: &Amenagement) -> Option<(NaiveDate, NaiveDate)> {
    let (du, au) = (a.0.max(b.valide_du), a.1.min(b.valide_au));
    (du <= au).then_some((du, au))
}

/// « un tiers (20 min par heure) », « 30 min par heure », « aucune ».
#[must_use]
pub fn majoration_dite(majoration: i64) -> String {
    match majoration {
        0 => "aucune".to_owned(),
        TIERS => "un tiers (20\u{a0}min par heure)".to_owned(),
        n => format!("{n}\u{a0}min par heure"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jour(j: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, 1, j).unwrap()
    }

    fn saisie(majoration: i64, exception: &str) -> Saisie {
        Saisie {
            etudiant: "22000001".into(),
            valide_du: jour(1),
            valide_au: jour(31),
            majoration,
            salle_a_part: false,
            ordinateur: false,
            secretaire: false,
            autre: String::new(),
            exception: exception.into(),
        }
    }

    #[test]
    fn one_third_is_the_most_without_a_reasoned_exception() {
        let champ = |s: &Saisie| faute(s).map(|(champ, _)| champ);
        assert_eq!(champ(&saisie(20, "")), None);
        assert_eq!(champ(&saisie(21, "")), Some("exception"));
        assert_eq!(
            champ(&saisie(30, "avis du médecin    ")),
            Some("exception"),
            "15 characters are not a reason"
        );
        assert_eq!(champ(&saisie(30, "Avis du médecin du 3 septembre")), None);
        assert_eq!(champ(&saisie(61, "Avis du médecin du 3 septembre")), Some("majoration"));
        assert_eq!(champ(&saisie(0, "")), Some("majoration"), "nothing at all is arranged");
        assert_eq!(champ(&Saisie { salle_a_part: true, ..saisie(0, "") }), None);
        assert_eq!(
            champ(&Saisie { valide_au: jour(1), valide_du: jour(2), ..saisie(20, "") }),
            Some("valide_au")
        );
        assert_eq!(
            champ(&Saisie { valide_au: jour(2), valide_du: jour(2), ..saisie(20, "") }),
            None,
            "one day is a period"
        );
    }

    #[test]
    fn two_periods_meet_on_a_day_or_not_at_all() {
        let tenu = |du, au| Amenagement {
            id: 1,
            etudiant: "22000001".into(),
            valide_du: jour(du),
            valide_au: jour(au),
            majoration: 20,
            salle_a_part: false,
            ordinateur: false,
            secretaire: false,
            autre: String::new(),
            exception: String::new(),
        };
        assert_eq!(commun((jour(1), jour(10)), &tenu(10, 20)), Some((jour(10), jour(10))));
        assert_eq!(commun((jour(1), jour(9)), &tenu(10, 20)), None);
    }
}
