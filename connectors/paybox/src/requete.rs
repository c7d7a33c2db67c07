use chrono::{DateTime, Utc};
use kernel::{Cents, Fault, FaultKind};
use ring::hmac;

use crate::Boutique;
use crate::facturation::{Facturation, panier};

/// `PBX_RETOUR`: what the bank gives back, under which names. The signature is last: it covers what comes before it.
pub const RETOUR: &str = "Mt:M;Ref:R;Auto:A;Erreur:E;Trans:S;Appel:T;Sign:K";

/// The largest amount that fits the ten figures of `PBX_TOTAL`.
const MAX: i64 = 9_999_999_999;

/// What is to be paid, by whom, and where the bank answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commande {
    /// Our reference, given back with the outcome: letters, figures, `-`, `_` and `.`, at most 100. One per attempt, so that a
    /// notification says which attempt it settles.
    pub reference: String,
    /// What is due.
    pub montant: Cents,
    /// The buyer's e-mail address, that the bank writes its receipt to.
    pub courriel: String,
    /// Number of lines of the bill.
    pub articles: usize,
    /// Who pays.
    pub facturation: Facturation,
    /// Where the browser comes back after an accepted payment.
    pub effectue: String,
    /// After a refusal.
    pub refuse: String,
    /// After the buyer gave up.
    pub annule: String,
    /// While the buyer's bank makes up its mind.
    pub attente: String,
    /// Where the bank's server tells the outcome. Without `?`: the bank signs its own fields only, and nothing would tell which those are.
    pub notification: String,
}

/// Why a payment cannot be asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefusCommande {
    /// Zero, negative, or over ten figures.
    #[error("Le montant {0} ne peut pas être payé par carte.")]
    Montant(Cents),
    /// Empty, too long, or with another character.
    #[error("La référence « {0} » ne peut pas être envoyée à la banque.")]
    Reference(String),
    /// Not an address that the bank takes.
    #[error("L’adresse électronique ne peut pas être envoyée à la banque.")]
    Courriel,
    /// The field of the bank and the address.
    #[error("L’adresse « {adresse} » ne peut pas servir de {champ}.")]
    Adresse {
        /// `PBX_EFFECTUE`…
        champ: &'static str,
        /// What was given.
        adresse: String,
    },
    /// Not a numeric country code.
    #[error("Le pays {0} n’est pas un code ISO 3166-1 numérique.")]
    Pays(u16),
}

impl Fault for RefusCommande {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Montant(_) | Self::Courriel => FaultKind::Invalid,
            _ => FaultKind::Internal,
        }
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::Montant(_) => "paiement-montant",
            Self::Reference(_) => "paiement-reference",
            Self::Courriel => "paiement-courriel",
            Self::Adresse { .. } => "paiement-adresse",
            Self::Pays(_) => "paiement-pays",
        }
    }

    fn message(&self) -> String {
        format!("{self} Rien n’est débité.")
    }

    fn way_out(&self) -> String {
        match self {
            Self::Montant(_) => {
                "Une somme nulle n’a pas à être payée ; pour une autre, joignez la scolarité."
            }
            Self::Courriel => {
                "Faites corriger votre adresse électronique par la scolarité, puis recommencez."
            }
            _ => "Prévenez le service informatique : l’adresse publique des paramètres est peut-être fausse.",
        }
        .into()
    }
}

/// A request to pay, ready to be posted: a form whose action is [`Requete::action`], with one hidden field per pair, in this order, and a
/// button. It is good for the minutes that follow: the bank refuses an old `PBX_TIME`.
#[derive(Clone, PartialEq, Eq)]
pub struct Requete {
    action: String,
    champs: Vec<(&'static str, String)>,
}

impl std::fmt::Debug for Requete {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Requete").field("action", &self.action).finish_non_exhaustive()
    }
}

impl Requete {
    /// The request for `commande`, made at `maintenant`.
    ///
    /// # Errors
    /// [`RefusCommande`] when the bank would refuse it.
    pub fn new(
        boutique: &Boutique,
        commande: &Commande,
        maintenant: DateTime<Utc>,
    ) -> Result<Self, RefusCommande> {
        check(commande)?;
        let c = commande;
        let mut champs = vec![
            ("PBX_SITE", boutique.site.clone()),
            ("PBX_RANG", boutique.rang.clone()),
            ("PBX_IDENTIFIANT", boutique.identifiant.clone()),
            // Three figures at least, as the bank asks for: fifty cents are 050.
            ("PBX_TOTAL", format!("{:03}", c.montant.0)),
            ("PBX_DEVISE", "978".to_owned()),
            ("PBX_CMD", c.reference.clone()),
            ("PBX_PORTEUR", c.courriel.clone()),
            ("PBX_RETOUR", RETOUR.to_owned()),
            ("PBX_EFFECTUE", c.effectue.clone()),
            ("PBX_REFUSE", c.refuse.clone()),
            ("PBX_ANNULE", c.annule.clone()),
            ("PBX_ATTENTE", c.attente.clone()),
            ("PBX_REPONDRE_A", c.notification.clone()),
            ("PBX_LANGUE", "FRA".to_owned()),
            ("PBX_SOURCE", "RWD".to_owned()),
            ("PBX_SHOPPINGCART", panier(c.articles)),
            ("PBX_BILLING", c.facturation.xml()),
            ("PBX_HASH", "SHA512".to_owned()),
            ("PBX_TIME", maintenant.format("%Y-%m-%dT%H:%M:%S+00:00").to_string()),
        ];
        let hmac = empreinte(&boutique.cle, &champs);
        champs.push(("PBX_HMAC", hmac));
        Ok(Self { action: boutique.adresse.clone(), champs })
    }

    /// Where the form is posted.
    #[must_use]
    pub fn action(&self) -> &str {
        &self.action
    }

    /// The hidden fields, in the order that was signed.
    #[must_use]
    pub fn champs(&self) -> &[(&'static str, String)] {
        &self.champs
    }
}

/// `PBX_HMAC`: over `NOM=valeur` joined by `&`, without any encoding, in upper case.
fn empreinte(cle: &hmac::Key, champs: &[(&'static str, String)]) -> String {
    use std::fmt::Write as _;
    let message = champs.iter().map(|(nom, valeur)| format!("{nom}={valeur}")).collect::<Vec<_>>().join("&");
    let etiquette = hmac::sign(cle, message.as_bytes());
    etiquette.as_ref().iter().fold(String::with_capacity(128), |mut texte, octet| {
        let _ = write!(texte, "{octet:02X}");
        texte
    })
}

fn check(c: &Commande) -> Result<(), RefusCommande> {
    if !(1..=MAX).contains(&c.montant.0) {
        return Err(RefusCommande::Montant(c.montant));
    }
    let lettre = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    if !(1..=100).contains(&c.reference.len()) || !c.reference.bytes().all(lettre) {
        return Err(RefusCommande::Reference(c.reference.clone()));
    }
    let courriel = &c.courriel;
    let entier = courriel.split_once('@').is_some_and(|(nom, domaine)| {
        !nom.is_empty() && domaine.contains('.') && !domaine.contains('@') && !domaine.starts_with('.')
    });
    // An ampersand is allowed in a mailbox and would make another field of what is signed.
    let propre = courriel.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'&' | b'<' | b'>' | b'"'));
    if !entier || !propre || !(6..=120).contains(&courriel.len()) {
        return Err(RefusCommande::Courriel);
    }
    if !(1..=999).contains(&c.facturation.pays) {
        return Err(RefusCommande::Pays(c.facturation.pays));
    }
    for (champ, adresse) in [
        ("PBX_EFFECTUE", &c.effectue),
        ("PBX_REFUSE", &c.refuse),
        ("PBX_ANNULE", &c.annule),
        ("PBX_ATTENTE", &c.attente),
        ("PBX_REPONDRE_A", &c.notification),
    ] {
        if !is_address(adresse) {
            return Err(RefusCommande::Adresse { champ, adresse: adresse.clone() });
        }
    }
    Ok(())
}

/// An absolute address of at most 150 bytes, to which the bank can append its `?`.
pub(crate) fn is_address(adresse: &str) -> bool {
    let reste = adresse.strip_prefix("https://").or_else(|| adresse.strip_prefix("http://"));
    let hote = reste.and_then(|reste| reste.split('/').next());
    hote.is_some_and(|hote| !hote.is_empty())
        && adresse.len() <= 150
        && adresse
            .bytes()
            .all(|b| b.is_ascii_graphic() && !matches!(b, b'?' | b'#' | b'&' | b'"' | b'<' | b'>' | b'\\'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example that circulates in the integrators' kits, which `openssl dgst` confirms:
    /// `printf '%s' "$MESSAGE" | openssl dgst -sha512 -mac HMAC -macopt hexkey:$CLE`.
    #[test]
    fn the_hmac_is_the_one_of_the_documentation() {
        let cle: Vec<u8> = [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef].repeat(8);
        let cle = hmac::Key::new(hmac::HMAC_SHA512, &cle);
        let champs = |site: &str, identifiant: &str, cmd: &str, heure: &str| {
            [
                ("PBX_SITE", site.to_owned()),
                ("PBX_RANG", "32".to_owned()),
                ("PBX_IDENTIFIANT", identifiant.to_owned()),
                ("PBX_TOTAL", "999".to_owned()),
                ("PBX_DEVISE", "978".to_owned()),
                ("PBX_CMD", cmd.to_owned()),
                ("PBX_PORTEUR", "test@paybox.com".to_owned()),
                ("PBX_RETOUR", "Mt:M;Ref:R;Auto:A;Erreur:E".to_owned()),
                ("PBX_HASH", "SHA512".to_owned()),
                ("PBX_TIME", heure.to_owned()),
            ]
        };
        assert_eq!(
            empreinte(&cle, &champs("12345678", "12345678", "appel à Paybox", "2015-06-08T16:21:16+02:00")),
            "7E74D8E9A0DBB65AAE51C5C50C2668FD98FC99AEDF18244BB1935F602B6C2E953B61FD84364F34FDB88B049901C0A07F\
             6040AF446BBF5589113F48A733D551D4"
        );
        assert_eq!(
            empreinte(&cle, &champs("1999888", "110647233", "TEST Paybox", "2011-02-28T11:01:50+01:00")),
            "457B42B9828F28BC5A3BEF38A41E80C911DDC65DCA012A4AEC1832CB12EE68385F8E1EC4C98B6BA0FB4D5984DA2B14EF\
             C5068F5464A786B45A79FF08290238EA"
        );
    }

    #[test]
    fn addresses_that_the_bank_can_append_to() {
        for bonne in ["https://telemaque.exemple.fr/iexam/ipn", "http://127.0.0.1:8080/x", "https://a"] {
            assert!(is_address(bonne), "{bonne}");
        }
        let longue = format!("https://exemple.fr/{}", "a".repeat(150));
        for fausse in [
            "",
            "/iexam",
            "https://",
            "https:///x",
            "ftp://a",
            "https://a/?b=c",
            "https://a/#b",
            "https://é",
            &longue,
        ] {
            assert!(!is_address(fausse), "{fausse}");
        }
    }
}
