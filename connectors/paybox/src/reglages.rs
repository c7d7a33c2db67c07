use std::fmt;
use std::net::IpAddr;

use ring::hmac;
use serde::{Deserialize, Serialize, Serializer};

use crate::cle::{ClePublique, ErreurCle};
use crate::requete::is_address;

/// Section `[paybox]` : le paiement en ligne. Vide, il n'y en a pas.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reglages {
    /// Numéro de site, donné par la banque : sept chiffres.
    pub site: String,
    /// Numéro de rang : deux ou trois chiffres.
    pub rang: String,
    /// Identifiant interne : un à neuf chiffres.
    pub identifiant: String,
    /// Clé HMAC engendrée dans le back-office, en hexadécimal.
    pub cle_hmac: Option<CleHmac>,
    /// Page de paiement : `https://tpeweb.paybox.com/cgi/MYchoix_pagepaiement.cgi`.
    pub adresse: String,
    /// Clé publique de la banque : chemin de son fichier PEM, ou son texte.
    pub cle_publique: PemOuChemin,
    /// Adresses d'où la banque notifie ; vide, la signature seule fait foi.
    pub adresses_ipn: Vec<IpAddr>,
}

/// The shared secret, in hexadecimal; neither shown nor logged.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct CleHmac(pub String);

impl fmt::Debug for CleHmac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

impl Serialize for CleHmac {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("•••")
    }
}

/// A PEM text, or the path of a file that holds one. Shown on one line.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct PemOuChemin(pub String);

impl PemOuChemin {
    fn is_text(&self) -> bool {
        self.0.contains("-----BEGIN")
    }

    fn lire(&self) -> Result<ClePublique, ErreurReglages> {
        if self.is_text() {
            return ClePublique::lire(&self.0).map_err(ErreurReglages::ClePublique);
        }
        let pem = std::fs::read_to_string(self.0.trim())
            .map_err(|err| ErreurReglages::Fichier { chemin: self.0.clone(), motif: err.to_string() })?;
        ClePublique::lire(&pem).map_err(ErreurReglages::ClePublique)
    }
}

impl fmt::Debug for PemOuChemin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_text() { "(clé donnée en toutes lettres)" } else { &self.0 })
    }
}

impl Serialize for PemOuChemin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(if self.is_text() { "(clé donnée en toutes lettres)" } else { &self.0 })
    }
}

/// Why the settings do not describe a shop. Each sentence lacks its full stop.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ErreurReglages {
    /// A setting is missing while others are there.
    #[error("le paramètre « paybox.{0} » manque")]
    Absent(&'static str),
    /// Not as many figures as the bank gives.
    #[error("le paramètre « paybox.{0} » n'est pas un nombre de {1} chiffres")]
    Chiffres(&'static str, &'static str),
    /// Not hexadecimal, or too short to be a key.
    #[error("le paramètre « paybox.cle_hmac » n'est pas une clé en hexadécimal d'au moins 40 caractères")]
    CleHmac,
    /// Not a page that a form can be posted to.
    #[error("le paramètre « paybox.adresse » n'est pas une adresse en https (ou http vers cette machine)")]
    Adresse,
    /// The file cannot be read.
    #[error("le fichier « {chemin} » de « paybox.cle_publique » ne peut pas être lu ({motif})")]
    Fichier {
        /// Its path.
        chemin: String,
        /// What the system says.
        motif: String,
    },
    /// The text is not the bank's key.
    #[error("le paramètre « paybox.cle_publique » est refusé : {0}")]
    ClePublique(ErreurCle),
}

/// The shop, as the bank knows it: what a request is signed with and a notification checked with.
#[derive(Clone)]
pub struct Boutique {
    pub(crate) site: String,
    pub(crate) rang: String,
    pub(crate) identifiant: String,
    pub(crate) cle: hmac::Key,
    pub(crate) adresse: String,
    cle_publique: ClePublique,
    adresses_ipn: Vec<IpAddr>,
}

impl fmt::Debug for Boutique {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Boutique")
            .field("site", &self.site)
            .field("rang", &self.rang)
            .field("adresse", &self.adresse)
            .field("cle_publique", &self.cle_publique)
            .finish_non_exhaustive()
    }
}

impl Boutique {
    /// The shop that `reglages` describe; none when the section is empty, and payment is then done by other means.
    ///
    /// # Errors
    /// [`ErreurReglages`] when the section is begun and not right: a suite that took payments halfway would lose them.
    pub fn new(reglages: &Reglages) -> Result<Option<Self>, ErreurReglages> {
        if *reglages == Reglages::default() {
            return Ok(None);
        }
        let chiffres =
            |nom, valeur: &String, bornes: std::ops::RangeInclusive<usize>, dit| match valeur.trim() {
                "" => Err(ErreurReglages::Absent(nom)),
                v if v.bytes().all(|b| b.is_ascii_digit()) && bornes.contains(&v.len()) => Ok(v.to_owned()),
                _ => Err(ErreurReglages::Chiffres(nom, dit)),
            };
        let cle = reglages.cle_hmac.as_ref().ok_or(ErreurReglages::Absent("cle_hmac"))?;
        if reglages.adresse.is_empty() {
            return Err(ErreurReglages::Absent("adresse"));
        }
        if reglages.cle_publique.0.is_empty() {
            return Err(ErreurReglages::Absent("cle_publique"));
        }
        if !is_page(&reglages.adresse) {
            return Err(ErreurReglages::Adresse);
        }
        Ok(Some(Self {
            site: chiffres("site", &reglages.site, 7..=8, "sept")?,
            rang: chiffres("rang", &reglages.rang, 2..=3, "deux ou trois")?,
            identifiant: chiffres("identifiant", &reglages.identifiant, 1..=9, "un à neuf")?,
            cle: hmac::Key::new(hmac::HMAC_SHA512, &octets(&cle.0).ok_or(ErreurReglages::CleHmac)?),
            adresse: reglages.adresse.clone(),
            cle_publique: reglages.cle_publique.lire()?,
            adresses_ipn: reglages.adresses_ipn.iter().map(IpAddr::to_canonical).collect(),
        }))
    }

    /// The key that the bank signs with.
    #[must_use]
    pub fn cle_publique(&self) -> &ClePublique {
        &self.cle_publique
    }

    /// Whether a notification may come from there; from nowhere known, only when any address may send one. The signature is what counts:
    /// this is one more bolt, for who wants it.
    #[must_use]
    pub fn notifie_depuis(&self, ip: Option<IpAddr>) -> bool {
        self.adresses_ipn.is_empty() || ip.is_some_and(|ip| self.adresses_ipn.contains(&ip.to_canonical()))
    }

    /// `https://tpeweb.paybox.com`: what a page with the form must allow in `form-action`.
    #[must_use]
    pub fn origine(&self) -> &str {
        let debut = self.adresse.find("://").map_or(0, |i| i + 3);
        let hote = self.adresse.get(debut..).and_then(|reste| reste.find('/'));
        hote.and_then(|fin| self.adresse.get(..debut + fin)).unwrap_or(&self.adresse)
    }
}

/// Card payments leave over TLS; a demonstration's stay on the machine.
fn is_page(adresse: &str) -> bool {
    let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"]
        .iter()
        .any(|debut| adresse.strip_prefix(debut).is_some_and(|reste| reste.starts_with([':', '/'])));
    is_address(adresse) && (adresse.starts_with("https://") || local)
}

/// Hexadecimal of twenty bytes at least: what the back office makes at the shortest.
fn octets(hexa: &str) -> Option<Vec<u8>> {
    let hexa = hexa.trim().as_bytes();
    if hexa.len() < 40 || !hexa.len().is_multiple_of(2) {
        return None;
    }
    let chiffre = |c: &u8| char::from(*c).to_digit(16);
    hexa.chunks(2)
        .map(|paire| {
            let [haut, bas] = paire else { return None };
            u8::try_from(chiffre(haut)? << 4 | chiffre(bas)?).ok()
        })
        .collect()
}
