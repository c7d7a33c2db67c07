//! What a cell is to a spreadsheet.

use chrono::{NaiveDate, NaiveDateTime};
use kernel::{Centi, heure_de_besancon};

use crate::components::{Align, Cell};

/// A typed value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Valeur {
    Texte(String),
    /// In hundredths, so that it is exact until the last moment.
    Nombre(Centi),
    Entier(i64),
    Jour(NaiveDate),
    Instant(NaiveDateTime),
    Vide,
}

/// Characters that a cell of a spreadsheet may hold.
const LONGUEUR: usize = 32_767;
const COUPE: &str = " […] (texte coupé)";

impl Valeur {
    /// The value of a cell that stands in a column leaning `align`: words are never taken for figures in a column of words.
    pub(crate) fn of(cell: &Cell, align: Align) -> Self {
        match cell {
            Cell::Count(n) => Self::Entier(*n),
            Cell::Centi(n) => Self::Nombre(*n),
            Cell::Date(day) => Self::Jour(*day),
            Cell::Instant(at) => Self::Instant(heure_de_besancon(*at)),
            Cell::Absent => Self::Vide,
            Cell::Number(_) | Cell::Text(_) if align == Align::Right => nombre(&cell.plain()),
            _ => Self::texte(&cell.plain()),
        }
    }

    /// A text as files may hold it: no character that XML or a spreadsheet refuses, lines ended by one mark, not too long.
    pub(crate) fn texte(text: &str) -> Self {
        if text.is_empty() {
            return Self::Vide;
        }
        let clean = text.replace("\r\n", "\n").replace('\r', "\n");
        let clean: String = clean
            .chars()
            .filter(|c| matches!(c, '\n' | '\t') || !(c.is_control() || is_refused(*c)))
            .collect();
        Self::Texte(cut(clean))
    }

    /// As a CSV writes it.
    pub(crate) fn csv(&self) -> String {
        match self {
            Self::Texte(text) => desarme(text),
            Self::Nombre(n) => n.to_string(),
            Self::Entier(n) => n.to_string(),
            Self::Jour(day) => day.format("%Y-%m-%d").to_string(),
            Self::Instant(at) => at.format("%Y-%m-%d %H:%M:%S").to_string(),
            Self::Vide => String::new(),
        }
    }
}

/// U+FFFE and U+FFFF are no characters, and XML refuses them.
fn is_refused(c: char) -> bool {
    matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// Spreadsheets count UTF-16 units.
fn cut(text: String) -> String {
    let units = |c: char| c.len_utf16();
    if text.len() <= LONGUEUR || text.chars().map(units).sum::<usize>() <= LONGUEUR {
        return text;
    }
    let room = LONGUEUR - COUPE.encode_utf16().count();
    let mut used = 0;
    let kept = text.chars().take_while(|c| {
        used += c.len_utf16();
        used <= room
    });
    kept.chain(COUPE.chars()).collect()
}

/// A figure written as French writes it, if it is one that hundredths hold.
fn nombre(text: &str) -> Valeur {
    let bare: String = text.chars().filter(|c| !c.is_whitespace() && *c != '\u{202f}').collect();
    match Centi::parse(&bare) {
        Ok(n) => Valeur::Nombre(n),
        Err(_) => Valeur::texte(text),
    }
}

/// A text that a spreadsheet would take for a formula when it opens a CSV is preceded by an apostrophe.
pub(crate) fn desarme(text: &str) -> String {
    let invisible = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let armed = text.trim_start_matches(invisible).starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
        || text.starts_with(['\t', '\r', '\n']);
    if armed && !is_figure(text) { format!("'{text}") } else { text.to_owned() }
}

/// Signs, digits and one point or comma: nothing to run in it.
fn is_figure(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, decimals) = digits.split_once(['.', ',']).unwrap_or((digits, "0"));
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    digits(whole) && digits(decimals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_disarmed() {
        for armed in [
            "=1+1",
            "+cmd|' /C calc'!A0",
            "-2+3",
            "@SUM(A1)",
            "\t=1",
            "\u{feff}=1",
            " =1",
            "＝1+1",
            "-inf",
            "=",
            "+",
        ] {
            assert!(desarme(armed).starts_with('\''), "{armed:?}");
        }
        for plain in ["-3", "+33381666666", "-3,5", "12", "a=b", "", "L’été", "2025-01-13"] {
            assert_eq!(desarme(plain), plain);
        }
    }

    #[test]
    fn words_are_figures_only_in_a_column_of_figures() {
        assert_eq!(Valeur::of(&Cell::text("-3"), Align::Left), Valeur::Texte("-3".into()));
        assert_eq!(Valeur::of(&Cell::text("-3"), Align::Right), Valeur::Nombre(Centi(-300)));
        assert_eq!(
            Valeur::of(&Cell::Number("1\u{202f}234,5".into()), Align::Right),
            Valeur::Nombre(Centi(123_450))
        );
        assert_eq!(Valeur::of(&Cell::Number("=1".into()), Align::Right), Valeur::Texte("=1".into()));
        assert_eq!(Valeur::of(&Cell::code("007"), Align::Right), Valeur::Texte("007".into()));
    }

    #[test]
    fn texts_are_made_of_what_files_may_hold() {
        let Valeur::Texte(text) = Valeur::texte("a\0b\u{1b}c\r\nd\re\tf\u{ffff}\u{202e}g") else {
            panic!("text")
        };
        assert_eq!(text, "abc\nd\ne\tf\u{202e}g");
        let Valeur::Texte(text) = Valeur::texte(&"🙂".repeat(20_000)) else { panic!("text") };
        assert!(text.ends_with(COUPE));
        assert!(text.encode_utf16().count() <= LONGUEUR);
        let whole = "é".repeat(LONGUEUR);
        assert_eq!(Valeur::texte(&whole), Valeur::Texte(whole));
    }
}
