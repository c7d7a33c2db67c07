//! What a cell's content can be read as.

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use kernel::{Centi, fold};

use crate::cellule::Contenu;

/// A number as spreadsheets show it: fifteen significant digits, comma.
pub(crate) fn nombre(n: f64) -> String {
    // 0,1 + 0,2 is 0,3 for who looks at the sheet.
    let montre = format!("{n:.14e}").parse::<f64>().unwrap_or(n);
    let texte = if montre == 0.0 { "0".to_owned() } else { montre.to_string() };
    texte.replace('.', ",")
}

/// A number as typed, without the spaces that part thousands.
fn chiffres(contenu: &Contenu) -> Option<String> {
    let texte = match contenu {
        Contenu::Texte(_) | Contenu::Nombre(_) => contenu.ecrit(),
        _ => return None,
    };
    let signes: Vec<char> = texte.trim().chars().collect();
    let chiffre = |place: Option<usize>| place.and_then(|i| signes.get(i)).is_some_and(char::is_ascii_digit);
    let entre_chiffres = |i: usize| chiffre(i.checked_sub(1)) && chiffre(i.checked_add(1));
    let garde = |(i, c): (usize, &char)| {
        let espace = matches!(c, ' ' | '\u{a0}' | '\u{202f}');
        (!(espace && entre_chiffres(i))).then_some(*c)
    };
    Some(signes.iter().enumerate().filter_map(garde).collect())
}

pub(crate) fn entier(contenu: &Contenu) -> Option<i64> {
    let t = chiffres(contenu)?;
    // « 6,00 » is six; « 6,5 » is not a whole number.
    let t = match t.split_once([',', '.']) {
        Some((entier, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => entier.to_owned(),
        Some(_) => return None,
        None => t,
    };
    t.parse().ok()
}

pub(crate) fn decimal(contenu: &Contenu) -> Option<Centi> {
    Centi::parse(&chiffres(contenu)?).ok()
}

pub(crate) fn oui(contenu: &Contenu) -> Option<bool> {
    match contenu {
        Contenu::Oui(oui) => Some(*oui),
        Contenu::Texte(t) => match fold(t.trim()).as_str() {
            "oui" | "vrai" => Some(true),
            "non" | "faux" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

pub(crate) fn date(contenu: &Contenu) -> Option<NaiveDate> {
    let jour = match contenu {
        Contenu::Instant(i) if i.time() == NaiveTime::MIN => i.date(),
        // A day that was given no format.
        Contenu::Nombre(n) if n.fract() == 0.0 => serie(*n)?.date(),
        Contenu::Texte(t) => date_ecrite(t.trim())?,
        _ => return None,
    };
    let (premier, dernier) = (NaiveDate::from_ymd_opt(1900, 1, 1)?, NaiveDate::from_ymd_opt(2199, 12, 31)?);
    (premier..=dernier).contains(&jour).then_some(jour)
}

fn date_ecrite(t: &str) -> Option<NaiveDate> {
    // A spreadsheet saved as CSV may add midnight.
    let t =
        [" 00:00:00", " 00:00", "T00:00:00"].iter().find_map(|minuit| t.strip_suffix(minuit)).unwrap_or(t);
    let (a, b, c) = match t.split(['/', '-', '.']).collect::<Vec<_>>()[..] {
        [a, b, c] => (a, b, c),
        _ => return None,
    };
    let n = |texte: &str, longueur: std::ops::RangeInclusive<usize>| {
        let chiffres = longueur.contains(&texte.len()) && texte.bytes().all(|b| b.is_ascii_digit());
        if chiffres { texte.parse::<u32>().ok() } else { None }
    };
    let (annee, mois, jour) = if a.len() == 4 {
        (n(a, 4..=4)?, n(b, 1..=2)?, n(c, 1..=2)?)
    } else {
        (n(c, 4..=4)?, n(b, 1..=2)?, n(a, 1..=2)?)
    };
    NaiveDate::from_ymd_opt(i32::try_from(annee).ok()?, mois, jour)
}

pub(crate) fn heure(contenu: &Contenu) -> Option<NaiveTime> {
    match contenu {
        Contenu::Heure(h) => Some(*h),
        Contenu::Nombre(n) if (0.0..1.0).contains(n) => fraction(*n).map(|i| i.time()),
        Contenu::Texte(t) => heure_ecrite(t),
        _ => None,
    }
}

fn heure_ecrite(t: &str) -> Option<NaiveTime> {
    let t: String = t.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    let (heures, reste) = t.split_once(['h', ':'])?;
    let (minutes, secondes) = reste.split_once(':').unwrap_or((reste, "0"));
    // « 9h » is nine o'clock; « 9: » is a slip.
    let minutes = if minutes.is_empty() && t.ends_with('h') { "0" } else { minutes };
    let n = |texte: &str| {
        let chiffres = matches!(texte.len(), 1 | 2) && texte.bytes().all(|b| b.is_ascii_digit());
        if chiffres { texte.parse::<u32>().ok() } else { None }
    };
    // « 9h5 » could be five past or ten to.
    if minutes != "0" && minutes.len() != 2 {
        return None;
    }
    NaiveTime::from_hms_opt(n(heures)?, n(minutes)?, n(secondes)?)
}

/// An instant out of Excel's count of days, 1 being 1 January 1900.
pub(crate) fn serie(n: f64) -> Option<NaiveDateTime> {
    // 2 958 466 is the year 10000.
    if !(1.0..2_958_466.0).contains(&n) {
        return None;
    }
    // Excel counts a 29 February 1900 that never was.
    let n = if n < 60.0 { n + 1.0 } else { n };
    fraction(n)
}

fn fraction(n: f64) -> Option<NaiveDateTime> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded by the callers")]
    let (jours, secondes) = (n.trunc() as u64, (n.fract() * 86_400.0).round() as i64);
    let origine = NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(jours))?;
    origine.and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::seconds(secondes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(texte: &str) -> Contenu {
        Contenu::Texte(texte.to_owned())
    }

    #[test]
    fn numbers_are_french() {
        assert_eq!(nombre(0.1 + 0.2), "0,3");
        assert_eq!(nombre(-0.0), "0");
        assert_eq!(nombre(21_900_123.0), "21900123");
        assert_eq!(decimal(&t(" 1\u{202f}234,50 ")), Some(Centi(123_450)));
        assert_eq!(decimal(&t("6.5")), Some(Centi(650)));
        assert_eq!(decimal(&Contenu::Nombre(6.55)), Some(Centi(655)));
        assert_eq!(entier(&t("12 000")), Some(12_000));
        assert_eq!(entier(&Contenu::Nombre(42.0)), Some(42));
        assert_eq!(entier(&t("6,00")), Some(6));
        for faux in ["6,5", "six", "", "1e3", "=1+1", "6,", "0x10", "1 \u{a0}2 a"] {
            assert_eq!(entier(&t(faux)), None, "{faux}");
        }
        assert_eq!(decimal(&t("6,555")), None, "rounding silently would be a lie");
    }

    #[test]
    fn days_are_read_as_people_and_spreadsheets_write_them() {
        let jour = NaiveDate::from_ymd_opt(2025, 1, 13);
        for juste in
            ["13/01/2025", "13/1/2025", "2025-01-13", "13.01.2025", "13-01-2025", " 13/01/2025 00:00 "]
        {
            assert_eq!(date(&t(juste)), jour, "{juste}");
        }
        for faux in [
            "13/01/25",
            "01/13/2025",
            "31/02/2025",
            "14 janvier",
            "20250113",
            "13/01/0025",
            "1/1/1/1",
            "+1/01/2025",
        ] {
            assert_eq!(date(&t(faux)), None, "{faux}");
        }
        assert_eq!(date(&Contenu::Nombre(45_670.0)), jour, "Excel's own count");
        assert_eq!(date(&Contenu::Nombre(45_670.5)), None, "half a day is not a day");
        assert_eq!(date(&Contenu::Nombre(1.0)), NaiveDate::from_ymd_opt(1900, 1, 1));
        assert_eq!(date(&Contenu::Nombre(61.0)), NaiveDate::from_ymd_opt(1900, 3, 1));
        for faux in [f64::NAN, f64::INFINITY, -5.0, 1e300] {
            assert_eq!(date(&Contenu::Nombre(faux)), None, "{faux}");
        }
    }

    #[test]
    fn hours_are_read_as_people_and_spreadsheets_write_them() {
        let neuf = NaiveTime::from_hms_opt(9, 0, 0);
        for juste in ["9h00", "9h", "9 h 00", "09:00", "9:00", "09:00:00", "9H00", "09\u{a0}h\u{a0}00"] {
            assert_eq!(heure(&t(juste)), neuf, "{juste}");
        }
        assert_eq!(heure(&Contenu::Nombre(0.375)), neuf);
        for faux in ["9", "25h00", "9h60", "9h5", "9:", "h", "neuf heures", "9h00h", "-9h00"] {
            assert_eq!(heure(&t(faux)), None, "{faux}");
        }
    }
}
