//! The secret of a token: made at random, shown once, never stored.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::PageError;

/// What every secret begins with, so that one left in a file or a log is recognised.
pub(super) const MARQUE: &str = "tlm_";
/// Letters and digits that cannot be taken for one another: five bits each.
const LETTRES: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Characters drawn at random: 160 bits.
const HASARD: usize = 32;
/// Characters that check the others: a secret cut or mistyped is told from one that is unknown, without asking the database.
const CONTROLE: usize = 6;
/// How much of it lists show.
const MONTRE: usize = MARQUE.len() + 4;

/// A secret in clear. Neither `Debug` nor anything but [`Secret::expose`] shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// Hash of a secret: all that is kept. The secret is random, so a plain hash cannot be searched backwards.
pub(super) type Empreinte = [u8; 32];

impl Secret {
    /// A new one.
    pub(super) fn new() -> Result<Self, PageError> {
        let mut bytes = [0_u8; HASARD];
        getrandom::fill(&mut bytes).map_err(|err| {
            let fault = PageError::internal("alea", None, None);
            tracing::error!(reference = fault.reference, %err, "no randomness");
            fault
        })?;
        let corps = letters(&bytes);
        Ok(Self(format!("{MARQUE}{corps}{}", controle(&corps))))
    }

    /// The text, to be shown once.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Its beginning, by which lists tell one token from another: « tlm_ab12 ».
    pub(super) fn prefixe(&self) -> String {
        self.0.chars().take(MONTRE).collect()
    }

    pub(super) fn empreinte(&self) -> Empreinte {
        empreinte(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({}…)", self.prefixe())
    }
}

/// Hash of what a request sent, when it may be one of our secrets at all.
pub(super) fn lire(sent: &str) -> Option<Empreinte> {
    let corps = sent.strip_prefix(MARQUE)?;
    if corps.len() != HASARD + CONTROLE || !corps.bytes().all(|b| LETTRES.contains(&b)) {
        return None;
    }
    let (hasard, dernier) = corps.split_at(HASARD);
    (controle(hasard) == dernier).then(|| empreinte(sent))
}

fn empreinte(text: &str) -> Empreinte {
    Sha256::digest(text.as_bytes()).into()
}

fn controle(hasard: &str) -> String {
    let digest = Sha256::digest(format!("telemaque:{hasard}").as_bytes());
    letters(digest.get(..CONTROLE).unwrap_or_default())
}

fn letters(bytes: &[u8]) -> String {
    bytes.iter().filter_map(|byte| LETTRES.get(usize::from(byte % 32))).copied().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_back_and_nothing_else_is() {
        let secret = Secret::new().unwrap();
        let text = secret.expose();
        assert_eq!(text.len(), 42);
        assert_eq!(lire(text), Some(secret.empreinte()));
        assert_ne!(Secret::new().unwrap(), secret);
        let cut: String = text.chars().take(41).collect();
        let mistyped =
            format!("{}{}", &text[..20], &text[20..].replace(|c: char| c.is_ascii_lowercase(), "z"));
        for forged in [
            "",
            "tlm_",
            &cut,
            &mistyped,
            &text.to_uppercase(),
            &format!("{text} "),
            "tlm_é",
            text.trim_start_matches("tlm_"),
        ] {
            assert_eq!(lire(forged), None, "{forged}");
        }
        assert!(!format!("{secret:?}").contains(text));
    }
}
