//! What people typed, made printable: composed letters, no control character, « □ » for what no font draws.

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::polices::Polices;

const ABSENT: char = '□';

/// How far a text is simplified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rigueur {
    /// Whatever the fonts have.
    Fidele,
    /// Marks that do not compose with their letter are dropped too: a font may have both, and no way to join them.
    SansMarques,
}

/// Cleans every text of `valeur`; says how many characters were replaced.
pub(crate) fn nettoyer(valeur: &mut Value, polices: &Polices, rigueur: Rigueur) -> usize {
    match valeur {
        Value::String(texte) => {
            let (propre, n) = propre(texte, polices, rigueur);
            *texte = propre;
            n
        }
        Value::Array(valeurs) => valeurs.iter_mut().map(|v| nettoyer(v, polices, rigueur)).sum(),
        Value::Object(champs) => champs.values_mut().map(|v| nettoyer(v, polices, rigueur)).sum(),
        _ => 0,
    }
}

fn propre(texte: &str, polices: &Polices, rigueur: Rigueur) -> (String, usize) {
    if texte.is_ascii() && !texte.bytes().any(|b| b.is_ascii_control()) {
        return (texte.to_owned(), 0);
    }
    let mut absents = 0;
    let mut out = String::with_capacity(texte.len());
    for c in texte.nfc() {
        if matches!(c, '\n' | '\t') {
            out.push(c);
        } else if invisible(c) || (rigueur == Rigueur::SansMarques && is_combining_mark(c)) {
        } else if c.is_whitespace() || (polices.dessine(c) && !usage_prive(c)) {
            out.push(c);
        } else {
            out.push(ABSENT);
            absents += 1;
        }
    }
    (out, absents)
}

/// Control characters, and those that turn the direction of the text around them: a name must not be able to rewrite the line that it is
/// on. Scripts that run from right to left need none of them.
fn invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

/// The archives' standard refuses characters whose meaning is a private matter.
const fn usage_prive(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nettoye(texte: &str) -> (String, usize) {
        propre(texte, &Polices::charger(), Rigueur::Fidele)
    }

    #[test]
    fn names_of_this_world_are_left_alone() {
        for nom in
            ["N'Guyen-Đặng", "D’Épinay", "Łukasz", "Nguyễn", "محمد", "דוד", "Ὀδυσσεύς", "Дмитрий", "Ağrı"]
        {
            assert_eq!(nettoye(nom), (nom.to_owned(), 0));
        }
        assert_eq!(nettoye("e\u{301}te\u{301}").0, "été");
    }

    #[test]
    fn what_cannot_be_drawn_is_said_and_what_cannot_be_seen_is_dropped() {
        assert_eq!(nettoye("漢字 \u{1f393}"), ("□□ □".to_owned(), 3));
        assert_eq!(nettoye("a\u{0}b\u{202e}c\u{feff}d\u{7}"), ("abcd".to_owned(), 0));
        assert_eq!(nettoye("\u{e000}"), ("□".to_owned(), 1));
        assert_eq!(nettoye("ligne\nsuivante"), ("ligne\nsuivante".to_owned(), 0));
    }

    #[test]
    fn every_text_of_the_data_is_cleaned() {
        let mut valeur = serde_json::json!({ "a": ["\u{7}x", { "b": "漢" }], "n": 1 });
        assert_eq!(nettoyer(&mut valeur, &Polices::charger(), Rigueur::Fidele), 1);
        assert_eq!(valeur, serde_json::json!({ "a": ["x", { "b": "□" }], "n": 1 }));
    }
}
