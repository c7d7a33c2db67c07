//! What a token may be: names, scopes, days, quotas.

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use kernel::{Scope, heure_de_besancon};

use super::{JetonFault, NouveauJeton, QUOTA_MAX};

/// Scopes as they are stored: in the order of [`Scope::ALL`], one space between.
pub(super) fn codes(droits: &[Scope]) -> String {
    let held = Scope::ALL.into_iter().filter(|scope| droits.contains(scope));
    held.map(Scope::code).collect::<Vec<_>>().join(" ")
}

/// One that this version does not know gives nothing.
pub(super) fn scopes(text: &str) -> Vec<Scope> {
    text.split(' ').filter_map(|code| code.parse().ok()).collect()
}

pub(super) fn verifie(nouveau: NouveauJeton, now: DateTime<Utc>) -> Result<NouveauJeton, JetonFault> {
    let nom = normalise(&nouveau.nom).ok_or(JetonFault::Nom)?;
    if nouveau.droits.is_empty() {
        return Err(JetonFault::SansDroit);
    }
    let quotas = [nouveau.quota_minute, nouveau.quota_jour];
    if quotas.into_iter().flatten().any(|quota| !(1..=QUOTA_MAX).contains(&quota)) {
        return Err(JetonFault::Quota);
    }
    echeance(nouveau.jusqu_au, now)?;
    let objet: String = nouveau.objet.chars().filter(|c| !c.is_control()).take(200).collect();
    Ok(NouveauJeton { nom, objet: objet.trim().to_owned(), ..nouveau })
}

pub(super) fn echeance(
    jusqu_au: Option<NaiveDate>,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, JetonFault> {
    match jusqu_au {
        None => Ok(None),
        Some(jour) => lendemain(jour).filter(|fin| *fin > now).map(Some).ok_or(JetonFault::Echeance),
    }
}

/// The end of a day of Besançon.
pub(super) fn lendemain(jour: NaiveDate) -> Option<DateTime<Utc>> {
    jour.succ_opt().map(debut_du_jour)
}

/// The instant at which a day begins in Besançon. Its clock never changes at midnight.
pub(super) fn debut_du_jour(jour: NaiveDate) -> DateTime<Utc> {
    let minuit = jour.and_time(NaiveTime::MIN);
    let ahead = [1, 2].map(|hours| minuit.and_utc() - Duration::hours(hours));
    ahead
        .into_iter()
        .find(|instant| heure_de_besancon(*instant) == minuit)
        .unwrap_or_else(|| minuit.and_utc())
}

/// A name as it is stored: trimmed, lower case. `None` when it cannot be one.
pub(super) fn normalise(nom: &str) -> Option<String> {
    let text = nom.trim().to_lowercase();
    let known = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    let first = text.bytes().next()?;
    ((2..=64).contains(&text.len()) && first.is_ascii_alphanumeric() && text.bytes().all(known))
        .then_some(text)
}

/// What was typed, for a sentence.
pub(super) fn montrable(nom: &str) -> String {
    nom.chars().filter(|c| !c.is_control()).take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_rules() {
        assert_eq!(normalise(" Emploi-du-Temps "), Some("emploi-du-temps".into()));
        for naughty in
            ["", "a", "-x", ".ssh", "é", "a b", "a/b", "../etc", "a\0b", "<b>", "%2e", &"x".repeat(65)]
        {
            assert_eq!(normalise(naughty), None, "{naughty:?}");
        }
    }

    #[test]
    fn a_last_day_ends_at_midnight_in_besancon() {
        let day = |text: &str| lendemain(text.parse().unwrap()).unwrap().to_rfc3339();
        assert_eq!(day("2027-08-31"), "2027-08-31T22:00:00+00:00");
        assert_eq!(day("2027-12-31"), "2027-12-31T23:00:00+00:00");
        assert_eq!(day("2027-03-27"), "2027-03-27T23:00:00+00:00", "the night before the clock changes");
        assert_eq!(day("2027-03-28"), "2027-03-28T22:00:00+00:00", "the night after");
    }

    #[test]
    fn scopes_are_stored_in_one_order() {
        assert_eq!(
            codes(&[Scope::MetriquesLire, Scope::MaquetteLire, Scope::MaquetteLire]),
            "maquette:lire metriques:lire"
        );
        assert_eq!(
            scopes("maquette:lire inconnu metriques:lire"),
            [Scope::MaquetteLire, Scope::MetriquesLire]
        );
        assert!(scopes("").is_empty());
    }
}
