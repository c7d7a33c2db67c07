//! Values of collected rows, and the rows themselves.

use std::fmt;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use kernel::Centi;
use sha2::{Digest, Sha256};

/// The value of one column of a collected row. Absent is not zero and not the empty text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Valeur {
    /// The source says nothing.
    Absent,
    /// A text, as the source spells it. Shared: a student's number stands on each of their forty registrations.
    Texte(Arc<str>),
    /// A count, a year, or hundredths of ECTS or hours: the column says which.
    Entier(i64),
    /// A yes or no.
    Oui(bool),
    /// A civil day.
    Jour(NaiveDate),
}

impl Valeur {
    /// The text within, or nothing.
    #[must_use]
    pub fn texte(&self) -> Option<&str> {
        match self {
            Self::Texte(t) => Some(t),
            _ => None,
        }
    }

    /// The integer within, or nothing.
    #[must_use]
    pub fn entier(&self) -> Option<i64> {
        match self {
            Self::Entier(n) => Some(*n),
            _ => None,
        }
    }

    /// As a change set keeps it.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        match self {
            Self::Absent => serde_json::Value::Null,
            Self::Texte(t) => (**t).into(),
            Self::Entier(n) => (*n).into(),
            Self::Oui(b) => (*b).into(),
            Self::Jour(j) => j.to_string().into(),
        }
    }
}

impl Valeur {
    /// Feeds a digest: kind, length, content, so that neighbours cannot be mistaken for one another.
    fn digerer(&self, digest: &mut Sha256) {
        match self {
            Self::Absent => digest.update([0]),
            Self::Texte(t) => {
                digest.update([1]);
                digest.update((t.len() as u64).to_le_bytes());
                digest.update(t.as_bytes());
            }
            Self::Entier(n) => {
                digest.update([2]);
                digest.update(n.to_le_bytes());
            }
            Self::Oui(b) => digest.update([3, u8::from(*b)]),
            Self::Jour(j) => {
                digest.update([4]);
                digest.update(j.num_days_from_ce().to_le_bytes());
            }
        }
    }
}

/// Identity of the content of a row: what is compared, so that a row held is not read whole to find that it has not changed.
#[must_use]
pub fn empreinte(champs: &[Valeur]) -> i64 {
    let mut digest = Sha256::new();
    champs.iter().for_each(|v| v.digerer(&mut digest));
    let mut octets = [0; 8];
    octets.iter_mut().zip(digest.finalize()).for_each(|(place, octet)| *place = octet);
    i64::from_le_bytes(octets)
}

/// Identity of a whole set of rows, in whatever order: equal sets need not be compared row by row.
#[must_use]
pub fn empreinte_ensemble(lignes: &[Ligne]) -> String {
    let mut somme = 0_u128;
    for ligne in lignes {
        let mut digest = Sha256::new();
        ligne.cle.iter().chain(&ligne.champs).for_each(|v| v.digerer(&mut digest));
        let mut octets = [0; 16];
        octets.iter_mut().zip(digest.finalize()).for_each(|(place, octet)| *place = octet);
        somme = somme.wrapping_add(u128::from_le_bytes(octets));
    }
    format!("{}:{somme:032x}", lignes.len())
}

impl fmt::Display for Valeur {
    /// Raw, for keys and logs; pages write a value by its column.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => Ok(()),
            Self::Texte(t) => f.write_str(t),
            Self::Entier(n) => write!(f, "{n}"),
            Self::Oui(b) => f.write_str(if *b { "oui" } else { "non" }),
            Self::Jour(j) => write!(f, "{}", j.format("%d/%m/%Y")),
        }
    }
}

impl From<&str> for Valeur {
    fn from(t: &str) -> Self {
        t.to_owned().into()
    }
}

impl From<String> for Valeur {
    /// PostgreSQL refuses the null character: a source that sends one must not stop a collection, nor seem unchanged.
    fn from(t: String) -> Self {
        let t = if t.contains('\0') { t.replace('\0', "\u{fffd}") } else { t };
        Self::Texte(t.into())
    }
}

impl From<i64> for Valeur {
    fn from(n: i64) -> Self {
        Self::Entier(n)
    }
}

impl From<bool> for Valeur {
    fn from(b: bool) -> Self {
        Self::Oui(b)
    }
}

impl From<NaiveDate> for Valeur {
    fn from(j: NaiveDate) -> Self {
        Self::Jour(j)
    }
}

impl From<Centi> for Valeur {
    fn from(c: Centi) -> Self {
        Self::Entier(c.0)
    }
}

impl From<u16> for Valeur {
    fn from(n: u16) -> Self {
        Self::Entier(n.into())
    }
}

impl<T: Into<Valeur>> From<Option<T>> for Valeur {
    fn from(option: Option<T>) -> Self {
        option.map_or(Self::Absent, Into::into)
    }
}

macro_rules! from_code {
    ($($code:ty),+) => {$(
        impl From<$code> for Valeur {
            fn from(code: $code) -> Self {
                Self::from(code.0)
            }
        }
    )+};
}

from_code!(
    kernel::CodeComposante,
    kernel::CodeDiplome,
    kernel::VersionDiplome,
    kernel::CodeEtape,
    kernel::VersionEtape,
    kernel::CodeListe,
    kernel::CodeElement,
    kernel::CodeNature,
    kernel::NumeroEtudiant,
    kernel::NumeroEnseignant,
    kernel::Ine
);

/// One row of one kind: its business key, and its fields in the order of [`crate::domain::Genre::champs`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ligne {
    /// Key columns, in order.
    pub cle: Box<[Valeur]>,
    /// Field columns, in order.
    pub champs: Box<[Valeur]>,
}

impl Ligne {
    /// A row.
    #[must_use]
    pub fn new<const K: usize, const C: usize>(cle: [Valeur; K], champs: [Valeur; C]) -> Self {
        Self { cle: Box::new(cle), champs: Box::new(champs) }
    }
}

/// The key as a change set keeps it: a JSON array, because codes may hold any separator.
#[must_use]
pub fn cle_json(cle: &[Valeur]) -> String {
    serde_json::Value::Array(cle.iter().map(Valeur::json).collect()).to_string()
}

/// The key as a reader sees it.
#[must_use]
pub fn cle_lisible(cle: &[Valeur]) -> String {
    cle.iter().map(ToString::to_string).collect::<Vec<_>>().join(" · ")
}
