use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::{Cents, Fault, FaultKind};

use crate::{ClePublique, Issue};

/// Fields that every notification has; `Auto` comes with an accepted payment.
const MONTANT: &str = "Mt";
const REFERENCE: &str = "Ref";
const AUTORISATION: &str = "Auto";
const ERREUR: &str = "Erreur";
const TRANSACTION: &str = "Trans";
const APPEL: &str = "Appel";

/// What the bank says of an attempt to pay, once its signature holds.
///
/// It says what was signed, not that it is right for us: whether the reference is ours, the amount is the one due, and the notification was
/// not handled already remain to be checked by who keeps the payments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ipn {
    /// Amount of the attempt.
    pub montant: Cents,
    /// Our reference, as it was in `PBX_CMD`.
    pub reference: String,
    /// How it ended.
    pub issue: Issue,
    /// Number of authorisation; always there when the payment is accepted.
    pub autorisation: Option<String>,
    /// Number of the transaction at Paybox (S): with [`Ipn::appel`], what a refund asks for, and what tells a repeated notification from a
    /// second payment.
    pub transaction: Option<String>,
    /// Number of the call at Paybox (T).
    pub appel: Option<String>,
}

/// Why a notification is not believed. Nothing may be written because of it, except that it came.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefusIpn {
    /// No `&Sign=` at the end.
    #[error("La notification n'est pas signée.")]
    NonSignee,
    /// The signature is not base 64 under URL encoding.
    #[error("La signature de la notification est mal écrite.")]
    SignatureIllisible,
    /// The signature is shorter or longer than the key.
    #[error("La signature de la notification a {recus} octets au lieu de {attendus}.")]
    SignatureTronquee {
        /// Bytes received.
        recus: usize,
        /// Bytes that this key signs with.
        attendus: usize,
    },
    /// The signature is not the bank's over these fields.
    #[error("La signature de la notification n'est pas celle de la banque.")]
    SignatureFausse,
    /// A field is missing, or empty.
    #[error("Le champ « {0} » manque dans la notification.")]
    ChampAbsent(&'static str),
    /// A field comes twice.
    #[error("Le champ « {0} » est deux fois dans la notification.")]
    ChampDouble(String),
    /// URL encoding that means nothing, or a value that is not text.
    #[error("La notification est mal encodée.")]
    Encodage,
    /// Not an amount in cents.
    #[error("Le montant de la notification ne se lit pas.")]
    Montant,
    /// Not five figures.
    #[error("Le code de réponse de la notification ne se lit pas.")]
    Code,
}

impl Fault for RefusIpn {
    fn kind(&self) -> FaultKind {
        match self {
            Self::NonSignee
            | Self::SignatureIllisible
            | Self::SignatureTronquee { .. }
            | Self::SignatureFausse => FaultKind::Forbidden,
            _ => FaultKind::Invalid,
        }
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::NonSignee => "ipn-non-signee",
            Self::SignatureIllisible => "ipn-signature-illisible",
            Self::SignatureTronquee { .. } => "ipn-signature-tronquee",
            Self::SignatureFausse => "ipn-signature-fausse",
            Self::ChampAbsent(_) => "ipn-champ-absent",
            Self::ChampDouble(_) => "ipn-champ-double",
            Self::Encodage => "ipn-encodage",
            Self::Montant => "ipn-montant",
            Self::Code => "ipn-code",
        }
    }

    fn message(&self) -> String {
        format!("{self} Aucun paiement n’est enregistré.")
    }

    fn way_out(&self) -> String {
        "Si un paiement manque, comparez avec le back-office de la banque, et vérifiez la clé publique des paramètres.".into()
    }
}

impl Ipn {
    /// Reads a notification, or the query that a browser comes back with: `brut` is what follows the `?`, byte for byte as it was
    /// received. Nothing decoded and encoded again can be checked: the signature covers the text before `&Sign=`.
    ///
    /// The signature is looked at before anything is read.
    ///
    /// # Errors
    /// [`RefusIpn`] when a single thing is not as the bank writes it.
    pub fn verifier(brut: &str, cle: &ClePublique) -> Result<Self, RefusIpn> {
        let (signe, signature) = brut.rsplit_once("&Sign=").ok_or(RefusIpn::NonSignee)?;
        if signature.contains('&') {
            return Err(RefusIpn::NonSignee);
        }
        let signature = decoder(signature).ok_or(RefusIpn::SignatureIllisible)?;
        let signature = STANDARD.decode(signature).map_err(|_| RefusIpn::SignatureIllisible)?;
        if signature.len() != cle.octets() {
            return Err(RefusIpn::SignatureTronquee { recus: signature.len(), attendus: cle.octets() });
        }
        if !cle.verifie(signe.as_bytes(), &signature) {
            return Err(RefusIpn::SignatureFausse);
        }
        Self::lire(&champs(signe)?)
    }

    fn lire(champs: &[(String, String)]) -> Result<Self, RefusIpn> {
        let champ = |nom: &str| {
            let vu = champs.iter().find(|(n, _)| n == nom);
            vu.map(|(_, valeur)| valeur.clone()).filter(|valeur| !valeur.is_empty())
        };
        let requis = |nom: &'static str| champ(nom).ok_or(RefusIpn::ChampAbsent(nom));
        let issue = Issue::lire(&requis(ERREUR)?).ok_or(RefusIpn::Code)?;
        let lue = Self {
            montant: montant(&requis(MONTANT)?).ok_or(RefusIpn::Montant)?,
            reference: requis(REFERENCE)?,
            autorisation: champ(AUTORISATION),
            transaction: champ(TRANSACTION),
            appel: champ(APPEL),
            issue,
        };
        if lue.issue.est_acceptee() {
            for (nom, valeur) in
                [(AUTORISATION, &lue.autorisation), (TRANSACTION, &lue.transaction), (APPEL, &lue.appel)]
            {
                valeur.as_ref().ok_or(RefusIpn::ChampAbsent(nom))?;
            }
        }
        Ok(lue)
    }

    /// Whether it comes from the bank's test platform, which authorises by `XXXXXX` and debits nobody.
    #[must_use]
    pub fn est_un_essai(&self) -> bool {
        self.autorisation.as_deref() == Some("XXXXXX")
    }
}

/// The fields in their order, each once.
fn champs(texte: &str) -> Result<Vec<(String, String)>, RefusIpn> {
    let mut lus: Vec<(String, String)> = Vec::new();
    for champ in texte.split('&') {
        let (nom, valeur) = champ.split_once('=').ok_or(RefusIpn::Encodage)?;
        let (nom, valeur) = (decoder(nom), decoder(valeur));
        let (Some(nom), Some(valeur)) = (nom, valeur) else { return Err(RefusIpn::Encodage) };
        if lus.iter().any(|(n, _)| *n == nom) || nom == "Sign" {
            return Err(RefusIpn::ChampDouble(nom));
        }
        lus.push((nom, valeur));
    }
    Ok(lus)
}

/// URL encoding, strictly: a `%` without its two figures, a byte outside the URL alphabet, or a control character are refused.
fn decoder(texte: &str) -> Option<String> {
    let mut octets = Vec::with_capacity(texte.len());
    let mut reste = texte.bytes();
    while let Some(octet) = reste.next() {
        octets.push(match octet {
            b'%' => hexa(reste.next()?)? << 4 | hexa(reste.next()?)?,
            b'+' => b' ',
            0x21..=0x7e => octet,
            _ => return None,
        });
    }
    String::from_utf8(octets).ok().filter(|texte| !texte.chars().any(char::is_control))
}

fn hexa(chiffre: u8) -> Option<u8> {
    char::from(chiffre).to_digit(16).and_then(|n| u8::try_from(n).ok())
}

/// Figures alone, as many as the bank writes at most.
fn montant(texte: &str) -> Option<Cents> {
    let propre = (1..=10).contains(&texte.len()) && texte.bytes().all(|b| b.is_ascii_digit());
    propre.then(|| texte.parse().ok().map(Cents))?
}
