use std::fmt::Write as _;

use kernel::fold;

/// France in ISO 3166-1 numeric.
pub const PAYS_FRANCE: u16 = 250;

/// Who pays, from where: 3-D Secure hands it to the buyer's bank, that decides with it.
#[derive(Clone, PartialEq, Eq)]
pub struct Facturation {
    /// First name.
    pub prenom: String,
    /// Name of use.
    pub nom: String,
    /// First line of the address.
    pub adresse: String,
    /// Postal code, empty where there is none.
    pub code_postal: String,
    /// Town.
    pub ville: String,
    /// ISO 3166-1 numeric: [`PAYS_FRANCE`], or [`crate::pays_iso`] of the code that Apogée gives.
    pub pays: u16,
}

/// A person's address does not belong in a log.
impl std::fmt::Debug for Facturation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Facturation").field("pays", &self.pays).finish_non_exhaustive()
    }
}

/// What a required field says when nothing of it can be written in plain letters: the bank refuses an empty one.
const INCONNU: &str = "INCONNU";

impl Facturation {
    /// `PBX_BILLING`, on one line.
    pub(crate) fn xml(&self) -> String {
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?><Billing><Address>");
        for (balise, texte, max) in [
            ("FirstName", &self.prenom, 30),
            ("LastName", &self.nom, 30),
            ("Address1", &self.adresse, 50),
            ("ZipCode", &self.code_postal, 16),
            ("City", &self.ville, 50),
        ] {
            let _ = write!(xml, "<{balise}>{}</{balise}>", plain(texte, max));
        }
        let _ = write!(xml, "<CountryCode>{:03}</CountryCode></Address></Billing>", self.pays);
        xml
    }
}

/// The alphabet that every bank reads: capitals without accents, figures, space, hyphen, full stop; so nothing is left to escape either.
fn plain(texte: &str, max: usize) -> String {
    let nu: String =
        fold(texte)
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') { c.to_ascii_uppercase() } else { ' ' }
            })
            .collect();
    let nu = nu.split_whitespace().collect::<Vec<_>>().join(" ");
    let coupe = nu.get(..max).unwrap_or(&nu).trim();
    if coupe.chars().any(|c| c.is_ascii_alphanumeric()) { coupe.to_owned() } else { INCONNU.to_owned() }
}

/// `PBX_SHOPPINGCART`: the bank counts at most 99 articles.
pub(crate) fn panier(articles: usize) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><shoppingcart><total><totalQuantity>{}</totalQuantity></total></shoppingcart>",
        articles.clamp(1, 99)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hard_names_become_plain_letters() {
        for (nom, attendu) in [
            ("N'Guyen-Đặng", "N GUYEN-DANG"),
            ("D’Épinay", "D EPINAY"),
            ("Łukasz", "LUKASZ"),
            ("Œ", "OE"),
            ("B", "B"),
            ("محمد", INCONNU),
            ("", INCONNU),
            ("- .", INCONNU),
            ("</LastName><x>&amp;", "LASTNAME X AMP"),
        ] {
            assert_eq!(plain(nom, 30), attendu, "{nom}");
        }
        assert_eq!(plain(&"é".repeat(80), 30), "E".repeat(30));
        assert_eq!(plain("abcd efgh", 5), "ABCD");
    }

    #[test]
    fn the_two_documents_are_those_of_the_bank() {
        let facturation = Facturation {
            prenom: "Łukasz".into(),
            nom: "d’Épinay & fils".into(),
            adresse: "12 bis, rue de l’Église".into(),
            code_postal: String::new(),
            ville: "Nouméa".into(),
            pays: 540,
        };
        assert_eq!(
            facturation.xml(),
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><Billing><Address><FirstName>LUKASZ</FirstName>\
             <LastName>D EPINAY FILS</LastName><Address1>12 BIS RUE DE L EGLISE</Address1><ZipCode>INCONNU</ZipCode>\
             <City>NOUMEA</City><CountryCode>540</CountryCode></Address></Billing>"
        );
        assert!(Facturation { pays: 8, ..facturation.clone() }.xml().contains("<CountryCode>008<"));
        assert!(panier(0).contains("<totalQuantity>1<") && panier(1200).contains("<totalQuantity>99<"));
        assert!(!format!("{facturation:?}").contains("pinay"));
    }
}
