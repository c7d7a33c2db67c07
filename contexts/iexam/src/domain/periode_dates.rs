//! The dates of a period: what must come before what, and how they move from one year to another.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use kernel::{AnneeUniversitaire, date_francaise, heure_de_besancon, instant_francais};

use super::heure::instant_de_besancon;
use super::periode::Periode;

/// Most minutes that may be asked between two épreuves of one student.
pub const ECART_MAX: i64 = 240;

/// Everything of a period that is a date, and the least time between two épreuves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dates {
    /// When teaching starts.
    pub enseignement_debut: NaiveDate,
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
    /// Day on which the period is closed.
    pub fermeture_le: NaiveDate,
    /// Least minutes between two épreuves of one student.
    pub ecart_min: i64,
}

/// A date that cannot be, by the field to put right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FauteDate {
    /// Name of the field.
    pub champ: &'static str,
    /// A French sentence that names both dates.
    pub phrase: String,
}

impl Dates {
    /// Those of a period.
    #[must_use]
    pub fn de(p: &Periode) -> Self {
        Self {
            enseignement_debut: p.enseignement_debut,
            inscriptions_debut: p.inscriptions_debut,
            inscriptions_fin: p.inscriptions_fin,
            verification_fin: p.verification_fin,
            convocations_le: p.convocations_le,
            epreuves_debut: p.epreuves_debut,
            epreuves_fin: p.epreuves_fin,
            fermeture_le: p.fermeture_le,
            ecart_min: p.ecart_min,
        }
    }

    /// Likely dates of a first period, when there is none to start from.
    #[must_use]
    pub fn vraisemblables(annee: AnneeUniversitaire) -> Self {
        let annee = i32::from(annee.premiere());
        let jour = |a: i32, m: u32, j: u32| NaiveDate::from_ymd_opt(a, m, j).unwrap_or_default();
        let heure = |j: NaiveDate, h: u32| instant_de_besancon(j.and_hms_opt(h, 0, 0).unwrap_or_default());
        Self {
            enseignement_debut: jour(annee, 9, 15),
            inscriptions_debut: heure(jour(annee, 11, 3), 8),
            inscriptions_fin: heure(jour(annee, 11, 28), 23),
            verification_fin: jour(annee, 12, 5),
            convocations_le: jour(annee, 12, 12),
            epreuves_debut: jour(annee + 1, 1, 5),
            epreuves_fin: jour(annee + 1, 1, 17),
            fermeture_le: jour(annee + 1, 2, 13),
            ecart_min: 30,
        }
    }

    /// The same so many years later: whole weeks, so that a Monday stays a Monday, and the hours of Besançon as they were.
    #[must_use]
    pub fn decalees(self, annees: i64) -> Self {
        let pas = decalage(annees);
        Self {
            enseignement_debut: self.enseignement_debut + pas,
            inscriptions_debut: decaler(self.inscriptions_debut, pas),
            inscriptions_fin: decaler(self.inscriptions_fin, pas),
            verification_fin: self.verification_fin + pas,
            convocations_le: self.convocations_le + pas,
            epreuves_debut: self.epreuves_debut + pas,
            epreuves_fin: self.epreuves_fin + pas,
            fermeture_le: self.fermeture_le + pas,
            ecart_min: self.ecart_min,
        }
    }

    /// What is odd without being wrong: exams that begin outside their year and the resits that follow it.
    #[must_use]
    pub fn hors_annee(&self, annee: AnneeUniversitaire) -> Option<String> {
        let jour =
            |a: i32, m, j| NaiveDate::from_ymd_opt(i32::from(annee.premiere()) + a, m, j).unwrap_or_default();
        let (premier, dernier) = (jour(0, 9, 1), jour(1, 10, 31));
        (self.epreuves_debut < premier || self.epreuves_debut > dernier).then(|| {
            format!(
                "Les épreuves commencent le {}, hors de l’année {} et de ses rattrapages (du {} au {}).",
                date_francaise(self.epreuves_debut),
                annee.libelle(),
                date_francaise(premier),
                date_francaise(dernier)
            )
        })
    }

    /// What cannot be, each said once with both dates.
    #[must_use]
    pub fn fautes(&self) -> Vec<FauteDate> {
        let mut fautes = Vec::new();
        let jour = date_francaise;
        let heure = |i: DateTime<Utc>| instant_francais(heure_de_besancon(i));
        let mut refuser = |refus: bool, champ, phrase: String| {
            if refus {
                fautes.push(FauteDate { champ, phrase });
            }
        };
        refuser(
            self.enseignement_debut >= self.epreuves_debut,
            "enseignement_debut",
            format!(
                "Les enseignements commencent le {}, et les épreuves le {}\u{a0}: les premiers doivent précéder les secondes.",
                jour(self.enseignement_debut),
                jour(self.epreuves_debut)
            ),
        );
        refuser(
            self.inscriptions_fin <= self.inscriptions_debut,
            "inscriptions_fin",
            format!(
                "Les inscriptions finissent le {}, avant de commencer le {}.",
                heure(self.inscriptions_fin),
                heure(self.inscriptions_debut)
            ),
        );
        refuser(
            self.verification_fin < heure_de_besancon(self.inscriptions_fin).date(),
            "verification_fin",
            format!(
                "La vérification finit le {}, avant la fin des inscriptions le {}.",
                jour(self.verification_fin),
                heure(self.inscriptions_fin)
            ),
        );
        refuser(
            self.convocations_le < self.verification_fin,
            "convocations_le",
            format!(
                "Les convocations partent le {}, avant la fin de la vérification le {}.",
                jour(self.convocations_le),
                jour(self.verification_fin)
            ),
        );
        refuser(
            self.epreuves_debut <= self.convocations_le,
            "epreuves_debut",
            format!(
                "Les épreuves commencent le {}, et les convocations ne partent que le {}.",
                jour(self.epreuves_debut),
                jour(self.convocations_le)
            ),
        );
        refuser(
            self.epreuves_fin < self.epreuves_debut,
            "epreuves_fin",
            format!(
                "Les épreuves finissent le {}, avant de commencer le {}.",
                jour(self.epreuves_fin),
                jour(self.epreuves_debut)
            ),
        );
        refuser(
            self.fermeture_le < self.epreuves_fin,
            "fermeture_le",
            format!(
                "La clôture est prévue le {}, avant la dernière épreuve le {}.",
                jour(self.fermeture_le),
                jour(self.epreuves_fin)
            ),
        );
        refuser(
            !(0..=ECART_MAX).contains(&self.ecart_min),
            "ecart_min",
            format!("L’écart entre deux épreuves est de 0 à {ECART_MAX} minutes, pas de {}.", self.ecart_min),
        );
        fautes
    }
}

/// So many years, in whole weeks.
#[must_use]
pub fn decalage(annees: i64) -> Duration {
    // 365.2425 days a year, to the nearest week.
    Duration::weeks((annees * 3_652_425 + 35_000).div_euclid(70_000))
}

/// An instant so much later, at the same hour of Besançon.
#[must_use]
pub fn decaler(instant: DateTime<Utc>, pas: Duration) -> DateTime<Utc> {
    instant_de_besancon(heure_de_besancon(instant) + pas)
}

/// From one academic year to another.
#[must_use]
pub fn annees_entre(de: AnneeUniversitaire, a: AnneeUniversitaire) -> i64 {
    i64::from(a.premiere()) - i64::from(de.premiere())
}

/// The last day within one month of the start of teaching: the 31st of a month is followed by the last day of the next.
#[must_use]
pub fn un_mois_apres(jour: NaiveDate) -> NaiveDate {
    jour.checked_add_months(chrono::Months::new(1)).unwrap_or(jour)
}

#[cfg(test)]
mod tests {
    use chrono::Datelike as _;

    use super::*;

    fn annee(n: u16) -> AnneeUniversitaire {
        AnneeUniversitaire::new(n).unwrap()
    }

    #[test]
    fn a_monday_stays_a_monday_and_nine_stays_nine() {
        let dates = Dates::vraisemblables(annee(2024));
        assert_eq!(dates.fautes(), []);
        for n in [-6, -1, 1, 2, 6, 11] {
            let la = dates.decalees(n);
            assert_eq!(la.epreuves_debut.weekday(), dates.epreuves_debut.weekday(), "{n}");
            let ecart = (la.epreuves_debut - dates.epreuves_debut).num_days() - n * 365;
            assert!(ecart.abs() <= 5, "{n}: {ecart}");
            let heure = |i| heure_de_besancon(i).time();
            assert_eq!(heure(la.inscriptions_debut), heure(dates.inscriptions_debut), "{n}");
            let autre = u16::try_from(2024 + n).unwrap();
            assert_eq!((la.fautes(), la.hors_annee(annee(autre))), (vec![], None), "{n}");
        }
        assert_eq!(dates.decalees(0), dates);
    }

    #[test]
    fn each_impossible_order_names_both_dates() {
        let bon = Dates::vraisemblables(annee(2024));
        let tot = bon.enseignement_debut - Duration::days(30);
        let cas: [(Dates, &str); 7] = [
            (Dates { inscriptions_fin: bon.inscriptions_debut, ..bon }, "inscriptions_fin"),
            (Dates { verification_fin: tot, ..bon }, "verification_fin"),
            (Dates { convocations_le: tot, ..bon }, "convocations_le"),
            (Dates { epreuves_debut: bon.convocations_le, ..bon }, "epreuves_debut"),
            (Dates { epreuves_fin: tot, ..bon }, "epreuves_fin"),
            (Dates { fermeture_le: tot, ..bon }, "fermeture_le"),
            (Dates { enseignement_debut: bon.fermeture_le, ..bon }, "enseignement_debut"),
        ];
        for (dates, champ) in cas {
            let fautes = dates.fautes();
            let phrase = fautes.iter().find(|f| f.champ == champ).map(|f| f.phrase.clone()).unwrap();
            assert!(phrase.matches("202").count() >= 2, "{phrase}");
        }
        let fautes = Dates { ecart_min: 241, ..bon }.fautes();
        assert_eq!(fautes.first().map(|f| f.champ), Some("ecart_min"));
        assert!(bon.hors_annee(annee(2024)).is_none() && bon.hors_annee(annee(2020)).is_some());
    }
}
