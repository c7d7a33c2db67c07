use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};
use encoding_rs::Encoding;
use kernel::{Outage, OutageKind};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::panne;

/// What `manifest.json` says. It is written last, so that its presence means the set is whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifeste {
    /// Name of the university.
    #[serde(default)]
    pub etablissement: String,
    /// Where the site says its rows come from.
    #[serde(default)]
    pub source: String,
    /// When the extraction was made.
    #[serde(default)]
    pub extrait_le: Option<DateTime<FixedOffset>>,
    /// Encoding of the tables; UTF-8 when absent.
    #[serde(default)]
    pub encodage: Option<String>,
    /// The tables of the set.
    pub tables: BTreeMap<String, TableAnnoncee>,
}

/// What the manifest promises of one table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableAnnoncee {
    /// Rows, without the header.
    pub lignes: u64,
    /// SHA-256 of the file, in hexadecimal, before or after compression.
    pub sha256: String,
}

impl Manifeste {
    /// Name of the file.
    pub const FICHIER: &'static str = "manifest.json";

    /// Reads the manifest's text.
    ///
    /// # Errors
    /// [`OutageKind::Illisible`] when it is not such a document, [`OutageKind::Incoherente`] when it names an encoding that
    /// nobody knows.
    pub fn lire(octets: &[u8]) -> Result<Self, Outage> {
        let octets = octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(octets);
        let illisible = |detail: String| {
            panne(
                Self::FICHIER,
                OutageKind::Illisible,
                detail,
                "Vérifiez l'adresse ou le dossier de l'extraction, et relancez le script d'extraction.",
            )
        };
        if octets.trim_ascii_start().starts_with(b"<") {
            return Err(illisible("La réponse est une page HTML, et non manifest.json.".into()));
        }
        let manifeste: Self = serde_json::from_slice(octets).map_err(|e| {
            illisible(format!(
                "manifest.json ne se lit pas (ligne {}, colonne {}) : {e}.",
                e.line(),
                e.column()
            ))
        })?;
        manifeste.encodage()?;
        Ok(manifeste)
    }

    /// How the tables are encoded.
    ///
    /// # Errors
    /// [`OutageKind::Incoherente`] when the name is not one of an encoding.
    pub fn encodage(&self) -> Result<&'static Encoding, Outage> {
        let Some(nom) = self.encodage.as_deref() else { return Ok(encoding_rs::UTF_8) };
        Encoding::for_label(nom.as_bytes()).ok_or_else(|| {
            panne(
                Self::FICHIER,
                OutageKind::Incoherente,
                format!("Le manifeste annonce un encodage inconnu : « {nom} »."),
                "Écrivez « utf-8 » ou « iso-8859-15 » dans le manifeste.",
            )
        })
    }

    /// Identity of the content of `tables`: equal for two sets whose files are the same, whenever they were extracted.
    #[must_use]
    pub fn empreinte(&self, tables: &[&str]) -> String {
        let mut hash = Sha256::new();
        hash.update(self.etablissement.as_bytes());
        hash.update([0]);
        hash.update(self.encodage.as_deref().unwrap_or_default().to_ascii_lowercase());
        for nom in tables {
            let sha = self.tables.get(*nom).map(|t| t.sha256.to_ascii_lowercase()).unwrap_or_default();
            hash.update(format!("\0{nom}={sha}"));
        }
        hexadecimal(&hash.finalize())
    }
}

/// Lower-case hexadecimal.
pub(super) fn hexadecimal(octets: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut texte = String::with_capacity(octets.len() * 2);
    for octet in octets {
        // Writing to a String does not fail.
        let _ = write!(texte, "{octet:02x}");
    }
    texte
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_page_is_not_a_manifest() {
        let refus = Manifeste::lire(b"\n<!DOCTYPE html><title>Connexion</title>").unwrap_err();
        assert_eq!(refus.kind, OutageKind::Illisible);
        assert!(refus.detail.contains("HTML"));
    }

    #[test]
    fn an_unknown_encoding_is_refused_by_name() {
        let refus = Manifeste::lire(br#"{"encodage":"ebcdic","tables":{}}"#).unwrap_err();
        assert!(refus.detail.contains("ebcdic"));
    }

    #[test]
    fn identity_follows_the_content_and_not_the_hour() {
        let lire = |heure: &str, sha: &str| {
            let texte = format!(
                r#"{{"extrait_le":"2026-01-01T0{heure}:00:00+01:00","tables":{{"ETAPE":{{"lignes":1,"sha256":"{sha}"}}}}}}"#
            );
            Manifeste::lire(texte.as_bytes()).unwrap().empreinte(&["ETAPE"])
        };
        assert_eq!(lire("1", "ab"), lire("2", "AB"));
        assert_ne!(lire("1", "ab"), lire("1", "ac"));
    }
}
