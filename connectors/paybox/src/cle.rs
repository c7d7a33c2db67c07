use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY, UnparsedPublicKey};

/// Why a text is not a public key of the bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ErreurCle {
    /// Neither `PUBLIC KEY` nor `RSA PUBLIC KEY` in it.
    #[error("ce n'est pas une clé publique au format PEM")]
    Pem,
    /// A private key, which has nothing to do here.
    #[error("c'est une clé privée : seule la clé publique de la banque est attendue")]
    Privee,
    /// A PEM block that holds something else than an RSA key.
    #[error("la clé publique n'est pas une clé RSA")]
    PasRsa,
    /// Under 1024 bits or over 8192.
    #[error("la clé publique a {0} bits : il en faut de 1024 à 8192")]
    Taille(usize),
}

/// The key that the bank's notifications are checked with.
#[derive(Clone, PartialEq, Eq)]
pub struct ClePublique {
    /// `RSAPublicKey` of PKCS#1: what ring reads.
    der: Vec<u8>,
    octets: usize,
}

impl std::fmt::Debug for ClePublique {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ClePublique({} bits)", self.bits())
    }
}

impl ClePublique {
    /// Reads `pubkey.pem` as the bank publishes it (`PUBLIC KEY`), or its older form (`RSA PUBLIC KEY`).
    ///
    /// # Errors
    /// [`ErreurCle`] says what the text is instead.
    pub fn lire(pem: &str) -> Result<Self, ErreurCle> {
        if pem.contains("PRIVATE KEY-----") {
            return Err(ErreurCle::Privee);
        }
        let der = match bloc(pem, "PUBLIC KEY") {
            Some(spki) => sans_enveloppe(&spki?).ok_or(ErreurCle::PasRsa)?.to_vec(),
            None => bloc(pem, "RSA PUBLIC KEY").ok_or(ErreurCle::Pem)??,
        };
        let octets = modulus_len(&der).ok_or(ErreurCle::PasRsa)?;
        if !(128..=1024).contains(&octets) {
            return Err(ErreurCle::Taille(octets * 8));
        }
        Ok(Self { der, octets })
    }

    /// Size of the key.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.octets * 8
    }

    /// Length of every signature made with the private half, in bytes.
    pub(crate) fn octets(&self) -> usize {
        self.octets
    }

    pub(crate) fn verifie(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY, &self.der)
            .verify(message, signature)
            .is_ok()
    }
}

/// The bytes of the one block of that name; absent when there is none.
fn bloc(pem: &str, nom: &str) -> Option<Result<Vec<u8>, ErreurCle>> {
    let (debut, fin) = (format!("-----BEGIN {nom}-----"), format!("-----END {nom}-----"));
    let corps = pem.split_once(&debut)?.1.split_once(&fin)?.0;
    let nu: String = corps.split_whitespace().collect();
    Some(STANDARD.decode(nu).map_err(|_| ErreurCle::Pem))
}

/// OID 1.2.840.113549.1.1.1 (rsaEncryption) and its NULL parameters.
const RSA: [u8; 13] = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/// SubjectPublicKeyInfo → RSAPublicKey: a sequence of the algorithm and of a string of bits, which is the key.
fn sans_enveloppe(spki: &[u8]) -> Option<&[u8]> {
    let (corps, reste) = valeur(spki, 0x30)?;
    let (algorithme, apres) = valeur(corps, 0x30)?;
    let (bits, fin) = valeur(apres, 0x03)?;
    let (0, cle) = (*bits.first()?, bits.get(1..)?) else { return None };
    (reste.is_empty() && fin.is_empty() && algorithme == RSA).then_some(cle)
}

/// Length of the modulus, without the zero that keeps it positive.
fn modulus_len(der: &[u8]) -> Option<usize> {
    let (corps, reste) = valeur(der, 0x30)?;
    let (n, apres) = valeur(corps, 0x02)?;
    let (_, fin) = valeur(apres, 0x02)?;
    (reste.is_empty() && fin.is_empty()).then_some(n.len() - usize::from(n.first() == Some(&0)))
}

/// One DER value of that tag, and what follows it.
fn valeur(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (lu, reste) = der.split_first()?;
    let (court, reste) = reste.split_first()?;
    let (longueur, reste) = if *court < 0x80 {
        (usize::from(*court), reste)
    } else {
        let n = usize::from(court & 0x7f);
        let (octets, reste) = reste.split_at_checked(n).filter(|_| (1..=3).contains(&n))?;
        (octets.iter().fold(0, |total, octet| (total << 8) | usize::from(*octet)), reste)
    };
    (*lu == tag).then_some(())?;
    reste.split_at_checked(longueur)
}
