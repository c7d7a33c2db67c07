//! What is arranged for a student, between two days. Source: code de l’éducation, D.613-26.

use chrono::NaiveDate;
use kernel::NumeroEtudiant;

/// One third, in minutes per hour: the most without a doctor's reasoned exception.
pub const TIERS: i64 = 20;

/// Arrangements of a student.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amenagement {
    /// Row.
    pub id: i64,
    /// COD_ETU.
    pub etudiant: NumeroEtudiant,
    /// First day.
    pub valide_du: NaiveDate,
    /// Last day, included.
    pub valide_au: NaiveDate,
    /// Extra minutes per hour; 0: none, 20: one third.
    pub majoration: i64,
    /// A room apart.
    pub salle_a_part: bool,
    /// A computer.
    pub ordinateur: bool,
    /// A secretary.
    pub secretaire: bool,
    /// Anything else.
    pub autre: String,
    /// The reasoned exception that lets extra time go beyond one third.
    pub exception: String,
}

/// Minutes of an épreuve with its extra time, rounded up: nobody loses a minute of what they were given.
#[must_use]
pub fn duree_majoree(duree_min: i64, majoration: i64) -> i64 {
    duree_min.saturating_add(duree_min.saturating_mul(majoration.max(0)).saturating_add(59).div_euclid(60))
}

/// The arrangement of a day: the latest begun among those that hold.
#[must_use]
pub fn amenagement_du(tenus: &[Amenagement], jour: NaiveDate) -> Option<&Amenagement> {
    tenus.iter().filter(|a| a.valide_du <= jour && jour <= a.valide_au).max_by_key(|a| (a.valide_du, a.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_third_of_three_hours_is_one_hour_and_no_minute_is_lost() {
        assert_eq!(duree_majoree(180, TIERS), 240);
        assert_eq!(duree_majoree(90, TIERS), 120);
        assert_eq!(duree_majoree(50, TIERS), 67, "16 min 40 s are 17 minutes");
        assert_eq!(duree_majoree(0, TIERS), 0);
        assert_eq!(duree_majoree(120, 0), 120);
    }
}
