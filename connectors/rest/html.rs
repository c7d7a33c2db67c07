//! Recognises a web page where data was expected, and says which page it is: a sign-in page, a proxy's error.

const TITRE_MAX: usize = 80;

/// Whether the answer is a web page (or some other markup) rather than JSON.
pub fn is_page(content_type: &str, corps: &[u8]) -> bool {
    let declare = content_type.to_ascii_lowercase();
    if declare.starts_with("text/html") || declare.contains("xhtml") {
        return true;
    }
    let corps = corps.strip_prefix("\u{feff}".as_bytes()).unwrap_or(corps);
    corps.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'<')
}

/// The page's title on one line, shortened, if it has one.
pub fn titre(corps: &[u8]) -> Option<String> {
    let texte = String::from_utf8_lossy(corps.get(..corps.len().min(16_384)).unwrap_or_default());
    let bas = texte.to_ascii_lowercase();
    let ouvert = bas.find("<title")?;
    let debut = bas.get(ouvert..)?.find('>')? + ouvert + 1;
    let fin = bas.get(debut..)?.find("</title")? + debut;
    let mots: Vec<&str> = texte.get(debut..fin)?.split_whitespace().collect();
    let titre: String = mots.join(" ").chars().take(TITRE_MAX).collect();
    (!titre.is_empty()).then_some(titre)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_told_by_its_type_or_its_first_character() {
        assert!(is_page("text/html; charset=utf-8", b"bonjour"));
        assert!(is_page("application/json", b"\xef\xbb\xbf  <!doctype html>"));
        assert!(!is_page("application/json", b" {\"total\": 0}"));
        assert_eq!(titre(b"<HTML><Title lang=fr>\n Connexion \n CAS</TITLE>"), Some("Connexion CAS".into()));
        assert_eq!(titre(b"<title></title>"), None);
    }
}
