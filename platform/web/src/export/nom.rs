//! What an exported file is called.

use std::fmt::Write;

use chrono::NaiveDate;

/// « Éléments 2025-01-13 nature UE, droit »: what it is, of when, and by what it was narrowed.
pub(crate) fn nom_de_fichier(titre: &str, jour: NaiveDate, restrictions: &[String]) -> String {
    let mut out = format!("{titre} {jour}");
    if !restrictions.is_empty() {
        let _ = write!(out, " {}", restrictions.join(", "));
    }
    legal(&out)
}

/// What every file system takes: no separator, no control or direction character, no ending point, a sane length.
fn legal(text: &str) -> String {
    let kept: String = text
        .chars()
        .map(|c| if c.is_whitespace() || "/\\:*?\"<>|%;".contains(c) { ' ' } else { c })
        .filter(|c| !c.is_control() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'))
        .collect();
    let words: Vec<_> = kept.split_whitespace().collect();
    let short: String = words.join(" ").chars().take(90).collect();
    short.trim_matches([' ', '.', ',', '\'']).to_owned()
}

/// The header: a plain name for old browsers, the real one for the others.
pub(super) fn disposition(fichier: &str, ending: &str) -> String {
    let plain: String = kernel::fold(fichier)
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '_' })
        .collect();
    let mut real = String::new();
    for byte in format!("{fichier}.{ending}").bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            real.push(char::from(byte));
        } else {
            let _ = write!(real, "%{byte:02X}");
        }
    }
    format!("attachment; filename=\"{plain}.{ending}\"; filename*=UTF-8''{real}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_and_when_and_stay_legal() {
        let jour = NaiveDate::from_ymd_opt(2025, 1, 13).expect("a day");
        assert_eq!(
            nom_de_fichier("Éléments", jour, &["UE".into(), "droit".into()]),
            "Éléments 2025-01-13 UE, droit"
        );
        let nasty = nom_de_fichier("../a", jour, &["x\"\r\n\u{202e}<b>|".repeat(40)]);
        assert!(nasty.chars().count() <= 90);
        assert!(!nasty.contains(['/', '"', '\r', '\n', '<', '|', '\u{202e}']), "{nasty}");
        let header = disposition("Éléments 2025-01-13", "xlsx");
        assert_eq!(
            header,
            "attachment; filename=\"elements_2025-01-13.xlsx\"; filename*=UTF-8''%C3%89l%C3%A9ments%202025-01-13.xlsx"
        );
        assert!(disposition(&nasty, "csv").is_ascii());
    }
}
