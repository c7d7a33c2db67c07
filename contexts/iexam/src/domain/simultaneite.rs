//! One instant for everybody: what a clock of Besançon means, what clocks elsewhere show then, and when the first candidate may leave.
//! Source: the rule that candidates abroad sit at the same instant as Besançon, and that nobody leaves before the last centre has started.

use chrono::{DateTime, Duration, LocalResult, NaiveDate, NaiveDateTime, TimeZone as _, Timelike as _, Utc};
use chrono_tz::Tz;

/// The instant that an hour read on a clock of Besançon means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeureDite {
    /// This one.
    Une(DateTime<Utc>),
    /// None: clocks jump over it, the night when summer time begins.
    Inexistante,
    /// Either of two: clocks show it twice, the night when summer time ends.
    Double(DateTime<Utc>, DateTime<Utc>),
}

/// What an hour of Besançon means. Nothing is guessed on the two nights when clocks change.
#[must_use]
pub fn heure_dite(heure: NaiveDateTime) -> HeureDite {
    match chrono_tz::Europe::Paris.from_local_datetime(&heure) {
        LocalResult::Single(t) => HeureDite::Une(t.with_timezone(&Utc)),
        LocalResult::Ambiguous(a, b) => HeureDite::Double(a.with_timezone(&Utc), b.with_timezone(&Utc)),
        LocalResult::None => HeureDite::Inexistante,
    }
}

/// Which of the two times that a clock shows the same hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Passage {
    /// Not said.
    #[default]
    NonDit,
    /// Summer time.
    Premier,
    /// Winter time.
    Second,
}

impl Passage {
    /// What a form sends.
    #[must_use]
    pub fn of_code(code: &str) -> Self {
        match code {
            "premier" => Self::Premier,
            "second" => Self::Second,
            _ => Self::NonDit,
        }
    }
}

/// Why an hour was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeureRefusee {
    /// No clock shows it that night.
    Inexistante(NaiveDateTime),
    /// Clocks show it twice, and nobody said which.
    Ambigue(NaiveDateTime),
}

impl HeureRefusee {
    /// A French sentence.
    #[must_use]
    pub fn phrase(self) -> String {
        match self {
            Self::Inexistante(h) => format!(
                "{} n’existe pas le {} : les horloges passent de 2 h à 3 h cette nuit-là. Choisissez une autre heure.",
                kernel::heure_francaise(h),
                kernel::date_francaise(h.date())
            ),
            Self::Ambigue(h) => format!(
                "{} existe deux fois le {} : les horloges reculent de 3 h à 2 h cette nuit-là. Dites s’il s’agit de la première (heure d’été) ou de la seconde (heure d’hiver).",
                kernel::heure_francaise(h),
                kernel::date_francaise(h.date())
            ),
        }
    }
}

/// The instant of an hour of Besançon, the answer to « the first or the second time? » included.
///
/// # Errors
/// [`HeureRefusee`].
pub fn instant_dit(heure: NaiveDateTime, passage: Passage) -> Result<DateTime<Utc>, HeureRefusee> {
    match (heure_dite(heure), passage) {
        (HeureDite::Une(t), _)
        | (HeureDite::Double(t, _), Passage::Premier)
        | (HeureDite::Double(_, t), Passage::Second) => Ok(t),
        (HeureDite::Double(..), Passage::NonDit) => Err(HeureRefusee::Ambigue(heure)),
        (HeureDite::Inexistante, _) => Err(HeureRefusee::Inexistante(heure)),
    }
}

/// Which of the two times an instant is, when its hour of Besançon exists twice.
#[must_use]
pub fn passage(instant: DateTime<Utc>) -> Passage {
    match heure_dite(kernel::heure_de_besancon(instant)) {
        HeureDite::Double(premier, _) if premier == instant => Passage::Premier,
        HeureDite::Double(..) => Passage::Second,
        _ => Passage::NonDit,
    }
}

/// The same hour of Besançon, so many days later: an épreuve of 9 h stays at 9 h over a change of clock.
///
/// # Errors
/// [`HeureRefusee`] when that hour is not one that night.
pub fn decaler(instant: DateTime<Utc>, jours: i64) -> Result<DateTime<Utc>, HeureRefusee> {
    let heure = kernel::heure_de_besancon(instant);
    let voulue = heure.checked_add_signed(Duration::days(jours)).unwrap_or(heure);
    instant_dit(voulue, passage(instant))
}

/// Hours of a centre outside of which an épreuve is unusual there, in its own time: from 7 h to 22 h.
const JOURNEE: (u32, u32) = (7, 22);

/// An épreuve as the clock of a centre shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeureLocale {
    /// When it starts there.
    pub debut: NaiveDateTime,
    /// When it ends there, extra time aside; unknown as long as its length is.
    pub fin: Option<NaiveDateTime>,
    /// Whole days from the day of Besançon: 1 when it is already tomorrow there.
    pub jours: i64,
    /// It starts or ends outside of 7 h to 22 h.
    pub hors_journee: bool,
    /// It starts late there, by so many minutes.
    pub retard: i64,
}

/// An épreuve as the clock of a centre shows it. A centre that starts late ends late.
#[must_use]
pub fn heure_locale(debut: DateTime<Utc>, duree_min: Option<i64>, fuseau: Tz, retard: i64) -> HeureLocale {
    let retarde = debut + Duration::minutes(retard.max(0));
    let local = |t: DateTime<Utc>| t.with_timezone(&fuseau).naive_local();
    let la_bas = local(retarde);
    let fin = duree_min.and_then(|d| retarde.checked_add_signed(Duration::minutes(d))).map(local);
    let (matin, soir) = JOURNEE;
    let tot = la_bas.hour() < matin;
    let tard = |h: NaiveDateTime| {
        h.hour() > soir || (h.hour() == soir && h.minute() > 0) || h.date() > la_bas.date()
    };
    HeureLocale {
        debut: la_bas,
        fin,
        jours: (la_bas.date() - kernel::heure_de_besancon(debut).date()).num_days(),
        hors_journee: tot || tard(la_bas) || fin.is_some_and(tard),
        retard: retard.max(0),
    }
}

/// The day of a place at that instant.
#[must_use]
pub fn jour_local(instant: DateTime<Utc>, fuseau: Tz) -> NaiveDate {
    instant.with_timezone(&fuseau).date_naive()
}

/// The earliest instant at which anybody may leave: the last centre has then started.
#[must_use]
pub fn sortie_au_plus_tot(debut: DateTime<Utc>, retards: impl IntoIterator<Item = i64>) -> DateTime<Utc> {
    debut + Duration::minutes(retards.into_iter().max().unwrap_or(0).max(0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn h(texte: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(texte, "%Y-%m-%d %H:%M").unwrap()
    }

    fn t(texte: &str) -> DateTime<Utc> {
        texte.parse().unwrap()
    }

    #[test]
    fn the_night_of_30_march_2025_has_no_half_past_two() {
        assert_eq!(instant_dit(h("2025-03-30 01:59"), Passage::NonDit), Ok(t("2025-03-30T00:59:00Z")));
        let refus = instant_dit(h("2025-03-30 02:30"), Passage::NonDit).unwrap_err();
        assert_eq!(refus, HeureRefusee::Inexistante(h("2025-03-30 02:30")));
        assert!(
            refus.phrase().starts_with("2\u{a0}h\u{a0}30 n’existe pas le dimanche 30 mars 2025"),
            "{}",
            refus.phrase()
        );
        assert_eq!(
            instant_dit(h("2025-03-30 02:30"), Passage::Second).unwrap_err(),
            refus,
            "saying which does not help"
        );
        assert_eq!(instant_dit(h("2025-03-30 03:00"), Passage::NonDit), Ok(t("2025-03-30T01:00:00Z")));
    }

    #[test]
    fn the_night_of_26_october_2025_has_two_half_past_two_and_one_is_asked() {
        let heure = h("2025-10-26 02:30");
        assert_eq!(instant_dit(heure, Passage::NonDit), Err(HeureRefusee::Ambigue(heure)));
        let (premier, second) =
            (instant_dit(heure, Passage::Premier).unwrap(), instant_dit(heure, Passage::Second).unwrap());
        assert_eq!((premier, second), (t("2025-10-26T00:30:00Z"), t("2025-10-26T01:30:00Z")));
        assert_eq!((passage(premier), passage(second)), (Passage::Premier, Passage::Second));
        assert_eq!(instant_dit(h("2025-10-26 03:00"), Passage::NonDit), Ok(t("2025-10-26T02:00:00Z")));
    }

    #[test]
    fn nine_o_clock_stays_nine_o_clock_over_a_change() {
        assert_eq!(decaler(t("2025-03-29T08:00:00Z"), 1), Ok(t("2025-03-30T07:00:00Z")));
        assert_eq!(decaler(t("2025-10-27T08:00:00Z"), -2), Ok(t("2025-10-25T07:00:00Z")));
        assert!(decaler(t("2025-03-29T01:30:00Z"), 1).is_err(), "half past two does not exist on the 30th");
    }

    #[test]
    fn an_epreuve_that_lasts_over_the_night_of_the_change_lasts_its_minutes() {
        // From 1 h to 5 h on the clock: the clock jumped, three hours went by.
        let debut = instant_dit(h("2025-03-30 01:00"), Passage::NonDit).unwrap();
        let locale = heure_locale(debut, Some(180), chrono_tz::Europe::Paris, 0);
        assert_eq!(locale.fin, Some(h("2025-03-30 05:00")));
        let debut = instant_dit(h("2025-10-26 01:00"), Passage::NonDit).unwrap();
        assert_eq!(
            heure_locale(debut, Some(180), chrono_tz::Europe::Paris, 0).fin,
            Some(h("2025-10-26 03:00"))
        );
    }

    #[test]
    fn noumea_cayenne_and_half_hour_zones_show_the_same_instant() {
        let debut = instant_dit(h("2025-01-13 14:00"), Passage::NonDit).unwrap();
        let la = |fuseau: Tz| heure_locale(debut, Some(180), fuseau, 0);
        let noumea = la(chrono_tz::Pacific::Noumea);
        assert_eq!((noumea.debut, noumea.jours, noumea.hors_journee), (h("2025-01-14 00:00"), 1, true));
        let cayenne = la(chrono_tz::America::Cayenne);
        assert_eq!((cayenne.debut, cayenne.jours, cayenne.hors_journee), (h("2025-01-13 10:00"), 0, false));
        let pondichery = la(chrono_tz::Asia::Kolkata);
        assert_eq!(
            (pondichery.debut, pondichery.fin, pondichery.hors_journee),
            (h("2025-01-13 18:30"), Some(h("2025-01-13 21:30")), false)
        );
        // In summer Besançon is one hour nearer.
        let ete = instant_dit(h("2025-06-16 14:00"), Passage::NonDit).unwrap();
        assert_eq!(heure_locale(ete, None, chrono_tz::Pacific::Noumea, 0).debut, h("2025-06-16 23:00"));
        let matin = instant_dit(h("2025-01-13 03:00"), Passage::NonDit).unwrap();
        assert_eq!(
            heure_locale(matin, None, chrono_tz::America::Cayenne, 0).jours,
            -1,
            "still the day before there"
        );
    }

    #[test]
    fn nobody_leaves_before_the_last_centre_has_started() {
        let debut = t("2025-01-13T08:00:00Z");
        assert_eq!(sortie_au_plus_tot(debut, []), debut);
        assert_eq!(sortie_au_plus_tot(debut, [0, 25, 10]), t("2025-01-13T08:25:00Z"));
        let locale = heure_locale(debut, Some(60), chrono_tz::Europe::Paris, 25);
        assert_eq!((locale.debut, locale.fin), (h("2025-01-13 09:25"), Some(h("2025-01-13 10:25"))));
    }

    #[test]
    fn ten_in_the_evening_is_the_last_minute_of_a_day() {
        let paris = |debut: &str, duree| {
            heure_locale(t(debut), Some(duree), chrono_tz::Europe::Paris, 0).hors_journee
        };
        assert!(!paris("2025-01-13T20:00:00Z", 60), "ends at 22 h");
        assert!(paris("2025-01-13T20:01:00Z", 60));
        assert!(!paris("2025-01-13T06:00:00Z", 60), "starts at 7 h");
        assert!(paris("2025-01-13T05:59:00Z", 60));
    }

    proptest! {
        #[test]
        fn every_centre_shows_the_same_instant(minutes in 0i64..1_000_000, n in 0usize..chrono_tz::TZ_VARIANTS.len()) {
            let debut = t("2024-09-01T00:00:00Z") + Duration::minutes(minutes);
            let fuseau = chrono_tz::TZ_VARIANTS[n];
            let locale = heure_locale(debut, Some(0), fuseau, 0);
            let possibles = fuseau.from_local_datetime(&locale.debut);
            prop_assert!([possibles.earliest(), possibles.latest()].into_iter().flatten().any(|p| p.with_timezone(&Utc) == debut));
            prop_assert!((-1..=1).contains(&locale.jours));
        }

        #[test]
        fn what_is_shown_is_read_back(minutes in 0i64..1_000_000) {
            let instant = t("2024-09-01T00:00:00Z") + Duration::minutes(minutes);
            prop_assert_eq!(instant_dit(kernel::heure_de_besancon(instant), passage(instant)), Ok(instant));
        }
    }
}
