//! Paths of our pages. Codes are opaque: spaces, slashes and no-break spaces travel encoded.

use std::fmt::Write;

/// One segment of a path.
pub(crate) fn segment(texte: &str) -> String {
    let mut out = String::with_capacity(texte.len());
    for octet in texte.bytes() {
        if octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_' | b'~') {
            out.push(char::from(octet));
        } else {
            let _ = write!(out, "%{octet:02X}");
        }
    }
    out
}

/// The page of an étape version, or of an étape without one.
#[must_use]
pub fn lien_etape(code: &str, version: Option<&str>) -> String {
    match version {
        Some(version) => format!("/maquette/etapes/{}/{}", segment(code), segment(version)),
        None => format!("/maquette/etapes/{}", segment(code)),
    }
}

/// The page of an element.
#[must_use]
pub fn lien_element(code: &str) -> String {
    format!("/maquette/elements/{}", segment(code))
}

/// The page of a diploma.
#[must_use]
pub fn lien_diplome(code: &str) -> String {
    format!("/maquette/diplomes/{}", segment(code))
}

/// The page of a student.
#[must_use]
pub fn lien_etudiant(numero: &str) -> String {
    format!("/maquette/etudiants/{}", segment(numero))
}

/// The page of a teacher.
#[must_use]
pub fn lien_enseignant(numero: &str) -> String {
    format!("/maquette/enseignants/{}", segment(numero))
}

/// « Pourquoi absent ? », asked of a code.
#[must_use]
pub fn lien_absence(code: &str) -> String {
    format!("/maquette/absence?code={}", segment(code))
}

/// A list narrowed to one value: the students of an étape, the elements of a component.
#[must_use]
pub fn lien_filtre(liste: &str, nom: &str, valeur: &str) -> String {
    format!("{liste}?{nom}={}", segment(valeur))
}

/// The page of whatever a change or an anomaly speaks of, when there is one. `cle` has the parts of its key.
#[must_use]
pub fn lien_objet(genre: &str, cle: &[String]) -> Option<String> {
    match (genre, cle) {
        ("element", [code]) => Some(lien_element(code)),
        ("heures", [element, _]) | ("controle", [element, ..]) => Some(lien_element(element)),
        ("etape", [code]) => Some(lien_etape(code, None)),
        ("version_etape", [code, version]) => Some(lien_etape(code, Some(version))),
        ("lien_etape_liste", [code, version, _]) => Some(lien_etape(code, Some(version))),
        ("lien_liste_element", [_, element]) => Some(lien_element(element)),
        ("lien_element_liste", [element, _]) => Some(lien_element(element)),
        ("diplome", [code]) | ("version_diplome", [code, _]) => Some(lien_diplome(code)),
        ("rattachement", [diplome, ..]) => Some(lien_diplome(diplome)),
        ("etudiant", [numero]) => Some(lien_etudiant(numero)),
        ("inscription_administrative" | "inscription_pedagogique", [numero, ..]) => {
            Some(lien_etudiant(numero))
        }
        ("enseignant", [numero]) => Some(lien_enseignant(numero)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_code_holds_stays_one_segment() {
        assert_eq!(lien_element("A B/é\u{a0}?"), "/maquette/elements/A%20B%2F%C3%A9%C2%A0%3F");
        assert_eq!(lien_element(".."), "/maquette/elements/%2E%2E");
        assert_eq!(lien_etape("L1", Some("100")), "/maquette/etapes/L1/100");
    }
}
