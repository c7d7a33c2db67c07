//! From bytes to text, when declarations are not to be trusted.

use encoding_rs::{Encoding, ISO_8859_15, UTF_8};

/// Decodes an XML document. A byte order mark wins, then `charset` (from the HTTP header), then the XML declaration,
/// then UTF-8. Never fails: bytes that are not the announced UTF-8 are read as ISO-8859-15, which is what Apogée's own
/// files mix in.
#[must_use]
pub fn decode(octets: &[u8], charset: Option<&str>) -> String {
    if let Some((encodage, longueur)) = Encoding::for_bom(octets) {
        let corps = octets.get(longueur..).unwrap_or_default();
        return if encodage == UTF_8 {
            mixte(corps)
        } else {
            encodage.decode_without_bom_handling(corps).0.into_owned()
        };
    }
    let encodage = charset
        .and_then(|c| Encoding::for_label(c.trim_matches('"').as_bytes()))
        .or_else(|| declare(octets))
        .unwrap_or(UTF_8);
    if encodage == UTF_8 {
        mixte(octets)
    } else {
        encodage.decode_without_bom_handling(octets).0.into_owned()
    }
}

/// The `charset` parameter of a Content-Type.
#[must_use]
pub fn charset(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parametre| {
        let (nom, valeur) = parametre.split_once('=')?;
        nom.trim().eq_ignore_ascii_case("charset").then(|| valeur.trim().trim_matches('"'))
    })
}

fn declare(octets: &[u8]) -> Option<&'static Encoding> {
    let debut = octets.get(..octets.len().min(160))?;
    let debut = String::from_utf8_lossy(debut);
    let declaration = debut.trim_start().strip_prefix("<?xml")?.split_once("?>")?.0;
    let (_, apres) = declaration.split_once("encoding")?;
    let valeur = apres.trim_start().strip_prefix('=')?.trim_start();
    let guillemet = valeur.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let nom = valeur.get(1..)?.split(guillemet).next()?;
    // A UTF-16 declaration that can be read as ASCII is wrong by construction.
    Encoding::for_label(nom.as_bytes()).map(|e| if e.is_ascii_compatible() { e } else { UTF_8 })
}

fn mixte(octets: &[u8]) -> String {
    let mut texte = String::with_capacity(octets.len());
    for morceau in octets.utf8_chunks() {
        texte.push_str(morceau.valid());
        texte.push_str(&ISO_8859_15.decode_without_bom_handling(morceau.invalid()).0);
    }
    texte
}
