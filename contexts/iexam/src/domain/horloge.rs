//! The legal clock: the dates that the law fixes, and where one stands with each.

use chrono::{Duration, NaiveDate};
use kernel::{date_francaise, heure_de_besancon};

use super::periode::Periode;
use super::periode_dates::un_mois_apres;

/// Days before a date of the law from which it is shown amber.
pub const ALERTE: i64 = 7;
/// Days that convocations must leave before the first épreuve.
pub const DELAI_CONVOCATION: i64 = 15;
/// Least characters of the reason of an override.
pub const MOTIF_MIN: usize = 20;

/// A date of the law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Echeance {
    /// How knowledge is checked is public one month after teaching starts (code de l’éducation, D.611-12).
    Modalites,
    /// Convocations leave fifteen days before the first épreuve.
    Convocations,
}

impl Echeance {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Modalites, Self::Convocations];

    /// The spelling stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Modalites => "modalites",
            Self::Convocations => "convocations",
        }
    }

    /// The date of that spelling.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.code() == code)
    }

    /// As pages write it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Modalites => "Modalités publiées",
            Self::Convocations => "Convocations parties",
        }
    }

    /// What the law says.
    #[must_use]
    pub fn regle(self) -> &'static str {
        match self {
            Self::Modalites => {
                "Au plus tard un mois après le début des enseignements (code de l’éducation, D.611-12)."
            }
            Self::Convocations => "Au moins quinze jours avant la première épreuve.",
        }
    }
}

/// Where one stands with a date of the law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feu {
    /// Done in time.
    Tenue,
    /// There is time.
    Vert,
    /// A week or less is left.
    Orange,
    /// Missed, and nobody has answered for it.
    Rouge,
    /// Missed, with a signed reason.
    Leve,
}

/// A date of the law in a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aiguille {
    /// Which.
    pub echeance: Echeance,
    /// The last day, included.
    pub limite: NaiveDate,
    /// The day on which it was done.
    pub faite_le: Option<NaiveDate>,
    /// Where one stands.
    pub feu: Feu,
    /// Days left; negative once it is over.
    pub reste: i64,
}

impl Aiguille {
    /// Whether a signed reason is needed before anything that depends on it.
    #[must_use]
    pub fn manquee(&self) -> bool {
        self.feu == Feu::Rouge
    }

    /// « À faire avant le lundi 3 novembre 2025 : il reste 5 jours. »
    #[must_use]
    pub fn phrase(&self) -> String {
        let limite = date_francaise(self.limite);
        let jours = |n: i64| if n > 1 { format!("{n} jours") } else { format!("{n} jour") };
        match (self.feu, self.faite_le) {
            (Feu::Tenue, Some(le)) => {
                format!("Fait le {}, pour le {limite} au plus tard.", date_francaise(le))
            }
            (Feu::Rouge | Feu::Leve, Some(le)) => {
                format!(
                    "Fait le {}, {} après le {limite}.",
                    date_francaise(le),
                    jours((le - self.limite).num_days())
                )
            }
            (Feu::Rouge | Feu::Leve, None) => {
                format!("L’échéance du {limite} est dépassée de {}.", jours(-self.reste))
            }
            _ if self.reste == 0 => format!("À faire aujourd’hui, {limite}\u{a0}: c’est le dernier jour."),
            _ if self.reste == 1 => format!("À faire pour le {limite} au plus tard\u{a0}: il reste 1 jour."),
            _ => format!("À faire pour le {limite} au plus tard\u{a0}: il reste {}.", jours(self.reste)),
        }
    }
}

/// Both dates of the law. `premiere` is the day of the first épreuve that is scheduled, if one is; `levees` those answered for.
#[must_use]
pub fn horloge(
    p: &Periode,
    premiere: Option<NaiveDate>,
    levees: &[Echeance],
    aujourd_hui: NaiveDate,
) -> [Aiguille; 2] {
    let jour = |instant| heure_de_besancon(instant).date();
    let premiere = premiere.unwrap_or(p.epreuves_debut);
    let aiguille = |echeance, limite: NaiveDate, faite_le: Option<NaiveDate>| {
        let reste = (limite - aujourd_hui).num_days();
        let feu = match faite_le {
            Some(le) if le <= limite => Feu::Tenue,
            None if reste > ALERTE => Feu::Vert,
            None if reste >= 0 => Feu::Orange,
            _ if levees.contains(&echeance) => Feu::Leve,
            _ => Feu::Rouge,
        };
        Aiguille { echeance, limite, faite_le, feu, reste }
    };
    [
        aiguille(Echeance::Modalites, un_mois_apres(p.enseignement_debut), p.modalites_publiees_le.map(jour)),
        aiguille(
            Echeance::Convocations,
            premiere - Duration::days(DELAI_CONVOCATION),
            p.convoquee_le.map(jour),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone as _, Utc};
    use kernel::AnneeUniversitaire;

    use super::super::periode::EtatPeriode;
    use super::*;

    fn jour(a: i32, m: u32, j: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(a, m, j).unwrap()
    }

    fn periode() -> Periode {
        let instant = Utc.with_ymd_and_hms(2024, 12, 1, 8, 0, 0).unwrap();
        Periode {
            id: 1,
            annee: AnneeUniversitaire::new(2024).unwrap(),
            code: "P1".into(),
            libelle: "Première période".into(),
            session: 1,
            etat: EtatPeriode::Preparation,
            enseignement_debut: jour(2024, 9, 16),
            modalites_publiees_le: None,
            inscriptions_debut: instant,
            inscriptions_fin: instant + Duration::days(14),
            verification_fin: jour(2024, 12, 18),
            convocations_le: jour(2024, 12, 20),
            epreuves_debut: jour(2025, 1, 8),
            epreuves_fin: jour(2025, 1, 18),
            fermeture_le: jour(2025, 2, 1),
            ecart_min: 30,
            convoquee_le: None,
        }
    }

    fn feux(p: &Periode, levees: &[Echeance], le: NaiveDate) -> [Feu; 2] {
        horloge(p, None, levees, le).map(|a| a.feu)
    }

    #[test]
    fn each_edge_of_the_month_after_teaching_starts() {
        let p = periode();
        assert_eq!(horloge(&p, None, &[], jour(2024, 9, 16))[0].limite, jour(2024, 10, 16));
        assert_eq!(feux(&p, &[], jour(2024, 10, 8))[0], Feu::Vert, "eight days are left");
        assert_eq!(feux(&p, &[], jour(2024, 10, 9))[0], Feu::Orange, "seven days");
        assert_eq!(feux(&p, &[], jour(2024, 10, 16))[0], Feu::Orange, "the last day is not over");
        assert_eq!(feux(&p, &[], jour(2024, 10, 17))[0], Feu::Rouge);
        assert_eq!(feux(&p, &[Echeance::Modalites], jour(2024, 10, 17))[0], Feu::Leve);
        assert_eq!(feux(&p, &[Echeance::Convocations], jour(2024, 10, 17))[0], Feu::Rouge, "the other one");
    }

    #[test]
    fn the_day_of_publication_is_that_of_besancon() {
        let mut p = periode();
        // Half past eleven in the evening of the 16th in Besançon, then half an hour after midnight.
        p.modalites_publiees_le = Some(Utc.with_ymd_and_hms(2024, 10, 16, 21, 30, 0).unwrap());
        assert_eq!(feux(&p, &[], jour(2025, 1, 1))[0], Feu::Tenue);
        p.modalites_publiees_le = Some(Utc.with_ymd_and_hms(2024, 10, 16, 22, 30, 0).unwrap());
        assert_eq!(feux(&p, &[], jour(2025, 1, 1))[0], Feu::Rouge, "published late is not published in time");
        assert!(horloge(&p, None, &[], jour(2025, 1, 1))[0].phrase().contains("1 jour après"));
    }

    #[test]
    fn each_edge_of_the_fortnight_before_the_first_epreuve() {
        let mut p = periode();
        assert_eq!(horloge(&p, None, &[], jour(2024, 12, 1))[1].limite, jour(2024, 12, 24));
        assert_eq!(feux(&p, &[], jour(2024, 12, 16))[1], Feu::Vert);
        assert_eq!(feux(&p, &[], jour(2024, 12, 17))[1], Feu::Orange);
        assert_eq!(feux(&p, &[], jour(2024, 12, 24))[1], Feu::Orange);
        assert_eq!(feux(&p, &[], jour(2024, 12, 25))[1], Feu::Rouge);
        let plus_tard = horloge(&p, Some(jour(2025, 1, 10)), &[], jour(2024, 12, 25));
        assert_eq!(plus_tard[1].feu, Feu::Orange, "the first épreuve that is scheduled is what counts");
        p.convoquee_le = Some(Utc.with_ymd_and_hms(2024, 12, 24, 8, 0, 0).unwrap());
        assert_eq!(feux(&p, &[], jour(2025, 1, 7))[1], Feu::Tenue);
    }

    #[test]
    fn a_month_after_the_thirty_first_is_the_last_day_of_the_next() {
        assert_eq!(un_mois_apres(jour(2025, 1, 31)), jour(2025, 2, 28));
    }
}
