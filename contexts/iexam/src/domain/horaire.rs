//! Dates, hours and lengths of épreuves as students read them: at Besançon, and where they sit.

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use kernel::{date_francaise, heure_de_besancon, heure_francaise};

use super::amenagement::duree_majoree;
use super::epreuve::{Epreuve, Nature};

/// « 3 h », « 1 h 30 », « 45 min », with no-break spaces.
#[must_use]
pub fn duree(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, m) => format!("{m}\u{a0}min"),
        (h, 0) => format!("{h}\u{a0}h"),
        (h, m) => format!("{h}\u{a0}h\u{a0}{m:02}"),
    }
}

/// The length of an épreuve for somebody: « 3 h », « 4 h, dont 1 h de temps majoré ».
#[must_use]
pub fn duree_dite(epreuve: &Epreuve, majoration: i64) -> Option<String> {
    let minutes = epreuve.duree_min?;
    let entiere = duree_majoree(minutes, majoration);
    Some(if entiere == minutes {
        duree(minutes)
    } else {
        format!("{}, dont {} de temps majoré", duree(entiere), duree(entiere - minutes))
    })
}

/// What the clocks of a place show at that instant, when the time zone is known and is not what they show at Besançon.
#[must_use]
pub fn heure_locale(instant: DateTime<Utc>, fuseau: &str) -> Option<NaiveDateTime> {
    let fuseau: Tz = fuseau.parse().ok()?;
    let locale = instant.with_timezone(&fuseau).naive_local();
    (locale != heure_de_besancon(instant)).then_some(locale)
}

/// « lundi 13 janvier 2025 à 9 h 00 », Besançon time; « à rendre » or « date à venir » when it has none.
#[must_use]
pub fn quand(epreuve: &Epreuve) -> String {
    match (epreuve.debut, epreuve.nature) {
        (Some(debut), _) => {
            let besancon = heure_de_besancon(debut);
            format!("{} à {}", date_francaise(besancon.date()), heure_francaise(besancon))
        }
        (None, Nature::Dossier) => "Travail à rendre : personne n’est convoqué".to_owned(),
        (None, _) => "Date à venir".to_owned(),
    }
}

/// « lundi 13 janvier 2025 à 19 h 00 à Nouméa », when it is another hour or another day there.
#[must_use]
pub fn quand_la_bas(epreuve: &Epreuve, fuseau: &str, ville: &str) -> Option<String> {
    let locale = heure_locale(epreuve.debut?, fuseau)?;
    Some(format!("{} à {}, heure locale de {ville}", date_francaise(locale.date()), heure_francaise(locale)))
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;

    use super::*;

    #[test]
    fn noumea_is_ten_hours_ahead_in_winter_and_besancon_is_not_said_twice() {
        let debut = Utc.with_ymd_and_hms(2025, 1, 13, 14, 0, 0).single();
        let locale = debut.and_then(|d| heure_locale(d, "Pacific/Noumea")).map(|l| l.to_string());
        assert_eq!(locale.as_deref(), Some("2025-01-14 01:00:00"), "another day there");
        assert_eq!(debut.and_then(|d| heure_locale(d, "Europe/Brussels")), None);
        assert_eq!(debut.and_then(|d| heure_locale(d, "Nulle/Part")), None);
    }

    #[test]
    fn lengths_are_read_aloud() {
        assert_eq!(
            (duree(180), duree(95), duree(45)),
            ("3\u{a0}h".into(), "1\u{a0}h\u{a0}35".into(), "45\u{a0}min".into())
        );
    }
}
