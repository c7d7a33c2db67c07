//! French as pages write it, and the folding that makes search blind to case and accents.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike, Utc};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case without accents, ligatures opened, typographic apostrophes and no-break spaces made plain, so that « Droit des
/// obligations » is found by `DROIT DES OBLIG`. Used both when a row is stored and when a query is typed.
#[must_use]
pub fn fold(texte: &str) -> String {
    let mut out = String::with_capacity(texte.len());
    for c in texte.nfkd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'œ' | 'Œ' => out.push_str("oe"),
            'æ' | 'Æ' => out.push_str("ae"),
            'ß' => out.push_str("ss"),
            'đ' | 'Đ' => out.push('d'),
            'ł' | 'Ł' => out.push('l'),
            'ø' | 'Ø' => out.push('o'),
            '’' | '‘' | 'ʼ' => out.push('\''),
            c if c.is_whitespace() => out.push(' '),
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// What the clock of Besançon showed at that instant, summer time included: the hour of every page, mail and document.
#[must_use]
pub fn heure_de_besancon(instant: DateTime<Utc>) -> NaiveDateTime {
    instant.with_timezone(&chrono_tz::Europe::Paris).naive_local()
}

const JOURS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const MOIS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// « lundi 13 janvier 2025 ».
#[must_use]
pub fn date_francaise(jour: NaiveDate) -> String {
    let semaine = JOURS.get(jour.weekday().num_days_from_monday() as usize).copied().unwrap_or_default();
    let mois = MOIS.get(jour.month0() as usize).copied().unwrap_or_default();
    let quantieme = if jour.day() == 1 { "1er".to_owned() } else { jour.day().to_string() };
    format!("{semaine} {quantieme} {mois} {}", jour.year())
}

/// « 9 h 00 », with no-break spaces.
#[must_use]
pub fn heure_francaise(instant: NaiveDateTime) -> String {
    format!("{}\u{a0}h\u{a0}{:02}", instant.hour(), instant.minute())
}

/// « lundi 13 janvier 2025 à 9 h 00 ».
#[must_use]
pub fn instant_francais(instant: NaiveDateTime) -> String {
    format!("{} à {}", date_francaise(instant.date()), heure_francaise(instant))
}

/// « 1 234 567 », with narrow no-break spaces.
#[must_use]
pub fn nombre_francais(n: i64) -> String {
    let chiffres = n.unsigned_abs().to_string();
    let mut out = String::from(if n < 0 { "-" } else { "" });
    for (i, c) in chiffres.chars().enumerate() {
        if i > 0 && (chiffres.len() - i).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(c);
    }
    out
}

/// An elapsed time for a reader: « 0,4 s », « 12 s », « 3 min 05 s », « 2 h 10 min », « 3 jours ».
#[must_use]
pub fn duree_francaise(duree: chrono::Duration) -> String {
    let ms = duree.num_milliseconds().max(0);
    let s = ms / 1000;
    match s {
        0..10 => format!("{},{}\u{a0}s", s, (ms % 1000) / 100),
        10..60 => format!("{s}\u{a0}s"),
        60..3600 => format!("{}\u{a0}min\u{a0}{:02}\u{a0}s", s / 60, s % 60),
        3600..172_800 => format!("{}\u{a0}h\u{a0}{:02}\u{a0}min", s / 3600, (s % 3600) / 60),
        _ => format!("{}\u{a0}jours", s / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_finds_what_a_clerk_types() {
        assert_eq!(fold("Économétrie & Œuvres"), "econometrie & oeuvres");
        assert_eq!(fold("N'Guyen-Đặng"), "n'guyen-dang");
        assert_eq!(fold("D’Épinay"), "d'epinay");
        assert_eq!(fold("A\u{a0}B"), "a b");
    }

    #[test]
    fn besancon_changes_its_clock_in_spring() {
        let heure = |t: &str| t.parse::<DateTime<Utc>>().map(heure_de_besancon).map(heure_francaise);
        assert_eq!(heure("2024-03-31T00:59:00Z"), Ok("1\u{a0}h\u{a0}59".into()));
        assert_eq!(heure("2024-03-31T01:00:00Z"), Ok("3\u{a0}h\u{a0}00".into()));
    }

    #[test]
    fn figures_and_durations_read_as_french() {
        assert_eq!(nombre_francais(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(nombre_francais(12), "12");
        assert_eq!(duree_francaise(chrono::Duration::milliseconds(440)), "0,4\u{a0}s");
        assert_eq!(duree_francaise(chrono::Duration::seconds(185)), "3\u{a0}min\u{a0}05\u{a0}s");
    }
}
