//! What the real payment page knows and what it signs with. Written with other crates than the connector's, and without looking at it, so
//! that a mistake of one is not hidden by the same mistake in the other.

use hmac::{Hmac, KeyInit, Mac};
use num_bigint::BigUint;
use sha1::{Digest, Sha1};
use sha2::Sha512;

use crate::acces::base64;

/// PBX_SITE of the bank's test shop, whose numbers every integrator uses.
pub const SITE: &str = "1999888";
/// PBX_RANG of the same.
pub const RANG: &str = "32";
/// PBX_IDENTIFIANT of the same.
pub const IDENTIFIANT: &str = "110647233";
/// The HMAC key of the same, as the bank's documentation prints it: no secret.
pub const CLE_HMAC: &str = "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF";

/// The key that the sandbox's notifications are checked with. Its private half is below, for everybody to read: it is worth nothing
/// outside a demonstration.
pub const CLE_PUBLIQUE: &str = "-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDBN6xJXM8JLlxsOGB6JuzfpvQV
OCdZ5g1bZiociP0jVELZoLEOayKrg3xJpqMxUclA5VdXEGwIfmTr3jRlfGXz+IxT
V+lnB1thbxPbwuZbxX8w7ZZ4wBlHzRgoU1FoGwy3/wYpTg8UsuT06D0MLrGJL5Tf
XUVZ/Fd06ByEACY/GwIDAQAB
-----END PUBLIC KEY-----
";

/// 1024 bits, like the bank's own.
const MODULE: &str = "c137ac495ccf092e5c6c38607a26ecdfa6f415382759e60d5b662a1c88fd235442d9a0b10e6b22ab837c49a6a33151c9\
     40e55757106c087e64ebde34657c65f3f88c5357e967075b616f13dbc2e65bc57f30ed9678c01947cd18285351681b0c\
     b7ff06294e0f14b2e4f4e83d0c2eb1892f94df5d4559fc5774e81c8400263f1b";
const EXPOSANT_PRIVE: &str = "b20679d79e8ba409f35e4313a178fc0795ec8f208e2166b627e09a2c708bcc6176b6ce3854f0a1a12624fe376b65a5d5\
     a8d5a703b13dd9159c2737354fccaea1e1e6ef4bd8bfcb3ae28a1c71cd12ca189eef2261deb34a5330bc6876ae6a57ce\
     f74cbee8e8d60b02c75de48063267c729b65887d00de263666f439f1568f781";
const OCTETS: usize = 128;

/// ASN.1 DigestInfo of SHA-1 (RFC 8017, 9.2, note 1).
const SHA1: [u8; 15] =
    [0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14];

/// Whether `hmac` (hexadecimal, upper case) is the shop's over these fields, in the order in which they came.
pub fn hmac_juste(champs: &[(String, String)], hmac: &str) -> bool {
    let (Some(cle), Some(donne)) = (octets(CLE_HMAC), octets(hmac)) else { return false };
    let Ok(mut mac) = Hmac::<Sha512>::new_from_slice(&cle) else { return false };
    for (rang, (nom, valeur)) in champs.iter().enumerate() {
        if rang > 0 {
            mac.update(b"&");
        }
        mac.update(nom.as_bytes());
        mac.update(b"=");
        mac.update(valeur.as_bytes());
    }
    !hmac.bytes().any(|b| b.is_ascii_lowercase()) && mac.verify_slice(&donne).is_ok()
}

/// RSA signature of `texte`, in base 64: PKCS#1 v1.5 over SHA-1, by the textbook, since nobody is to be kept from this key.
pub fn signer(texte: &str) -> String {
    let empreinte = Sha1::digest(texte.as_bytes());
    let mut bloc = vec![0x00, 0x01];
    bloc.resize(OCTETS - 1 - SHA1.len() - empreinte.len(), 0xff);
    bloc.push(0x00);
    bloc.extend_from_slice(&SHA1);
    bloc.extend_from_slice(&empreinte);
    let nombre = |hexa: &str| BigUint::parse_bytes(hexa.as_bytes(), 16).unwrap_or_default();
    let signature =
        BigUint::from_bytes_be(&bloc).modpow(&nombre(EXPOSANT_PRIVE), &nombre(MODULE)).to_bytes_be();
    let mut pleine = vec![0; OCTETS.saturating_sub(signature.len())];
    pleine.extend(signature);
    base64(&pleine)
}

fn octets(hexa: &str) -> Option<Vec<u8>> {
    let paires = hexa.as_bytes().chunks(2);
    paires.map(|paire| u8::from_str_radix(std::str::from_utf8(paire).ok()?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn champs(paires: &[(&str, &str)]) -> Vec<(String, String)> {
        paires.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
    }

    /// printf '%s' "$MESSAGE" | openssl dgst -sha512 -mac HMAC -macopt hexkey:$CLE_HMAC
    #[test]
    fn the_hmac_is_the_one_that_openssl_computes() {
        let lus = champs(&[
            ("PBX_SITE", "12345678"),
            ("PBX_RANG", "32"),
            ("PBX_IDENTIFIANT", "12345678"),
            ("PBX_TOTAL", "999"),
            ("PBX_DEVISE", "978"),
            ("PBX_CMD", "appel à Paybox"),
            ("PBX_PORTEUR", "test@paybox.com"),
            ("PBX_RETOUR", "Mt:M;Ref:R;Auto:A;Erreur:E"),
            ("PBX_HASH", "SHA512"),
            ("PBX_TIME", "2015-06-08T16:21:16+02:00"),
        ]);
        let hmac = "7E74D8E9A0DBB65AAE51C5C50C2668FD98FC99AEDF18244BB1935F602B6C2E953B61FD84364F34FDB88B049901C0A07F\
                    6040AF446BBF5589113F48A733D551D4";
        assert!(hmac_juste(&lus, hmac));
        assert!(!hmac_juste(&lus, &hmac.to_lowercase()));
        assert!(!hmac_juste(&lus, &hmac[2..]) && !hmac_juste(&lus, ""));
        let mut autre = lus.clone();
        autre[3].1 = "99".into();
        assert!(!hmac_juste(&autre, hmac));
        autre = lus;
        autre.swap(0, 1);
        assert!(!hmac_juste(&autre, hmac));
    }

    /// printf '%s' "$TEXTE" | openssl dgst -sha1 -sign prive.pem | base64 -w0
    #[test]
    fn the_signature_is_the_one_that_openssl_makes() {
        assert_eq!(
            signer("Mt=4250&Ref=A-1&Erreur=00000"),
            "MEWFKMz2nvQoOfpfvnA7bT+6sfi3fcAoei0rQd4s0RWfaIg5i0WBN0C66hWxYBOI34/qUYxUOg0Ao9S7XPO+ZyPBmce76KToCvuELLDqY3dqjiR7I1J9jSsOFGtTDJPblsgjS2/0z83tQpxYPFJRMIBKdwSOCEkjEAhJXuqBwOc="
        );
    }
}
