//! From the clock of a place to the instant it shows.

use chrono::{DateTime, Duration, LocalResult, NaiveDateTime, TimeZone as _, Utc};
use chrono_tz::Tz;

/// The instant at which a clock of that zone shows this hour. An hour shown twice, the night when clocks go back, is the first; one that
/// is never shown, the night when they go forward, is the hour after.
#[must_use]
pub fn instant_du_lieu(heure: NaiveDateTime, fuseau: Tz) -> DateTime<Utc> {
    let lire = |heure: NaiveDateTime| match fuseau.from_local_datetime(&heure) {
        LocalResult::Single(t) | LocalResult::Ambiguous(t, _) => Some(t.with_timezone(&Utc)),
        LocalResult::None => None,
    };
    lire(heure).or_else(|| lire(heure + Duration::hours(1))).unwrap_or_else(|| heure.and_utc())
}

/// The same for the clock of Besançon.
#[must_use]
pub fn instant_de_besancon(heure: NaiveDateTime) -> DateTime<Utc> {
    instant_du_lieu(heure, chrono_tz::Europe::Paris)
}

/// Reads what a field of day and hour sends, « 2025-01-13T09:00 », as an hour of Besançon.
#[must_use]
pub fn lire_heure(texte: &str) -> Option<DateTime<Utc>> {
    let texte = texte.trim();
    let heure = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        .into_iter()
        .find_map(|forme| NaiveDateTime::parse_from_str(texte, forme).ok())?;
    Some(instant_de_besancon(heure))
}

/// « 2025-01-13T09:00 », Besançon: what goes back into such a field.
#[must_use]
pub fn saisir_heure(instant: DateTime<Utc>) -> String {
    kernel::heure_de_besancon(instant).format("%Y-%m-%dT%H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_that_is_never_shown_is_the_hour_after_and_one_shown_twice_the_first() {
        let lire = |t: &str| lire_heure(t).map(|i| i.to_rfc3339());
        assert_eq!(lire("2025-03-30T02:30").as_deref(), Some("2025-03-30T01:30:00+00:00"));
        assert_eq!(lire("2024-10-27T02:30").as_deref(), Some("2024-10-27T00:30:00+00:00"));
        assert_eq!(lire("2025-01-13T09:00").as_deref(), Some("2025-01-13T08:00:00+00:00"));
        assert_eq!(lire("13/01/2025"), None);
        assert_eq!(lire_heure("2025-06-02T09:00").map(saisir_heure).as_deref(), Some("2025-06-02T09:00"));
    }
}
