//! Numbers as they travel: decimals as strings (`"10.50"`), though a plain JSON number is read too; whole numbers as
//! numbers, though a string is read too; identifiers as strings or numbers. `null` is absence.

use std::fmt;

use kernel::Centi;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serializer};

/// A scalar in either spelling, as the text it stands for.
pub struct Scalaire(pub String);

impl<'de> Deserialize<'de> for Scalaire {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl Visitor<'_> for V {
            type Value = Scalaire;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("un nombre ou un texte")
            }
            fn visit_str<E: Error>(self, v: &str) -> Result<Scalaire, E> {
                Ok(Scalaire(v.to_owned()))
            }
            fn visit_string<E: Error>(self, v: String) -> Result<Scalaire, E> {
                Ok(Scalaire(v))
            }
            fn visit_i64<E: Error>(self, v: i64) -> Result<Scalaire, E> {
                Ok(Scalaire(v.to_string()))
            }
            fn visit_u64<E: Error>(self, v: u64) -> Result<Scalaire, E> {
                Ok(Scalaire(v.to_string()))
            }
            fn visit_f64<E: Error>(self, v: f64) -> Result<Scalaire, E> {
                // The shortest text that reads back as this number: 10.1 is "10.1", not its binary expansion.
                Ok(Scalaire(v.to_string()))
            }
        }
        deserializer.deserialize_any(V)
    }
}

/// A decimal that may be missing; zero is a value.
pub mod decimal_option {
    use super::{Centi, Deserialize, Deserializer, Error, Scalaire, Serializer};

    /// Writes `"10.50"` or `null`.
    pub fn serialize<S: Serializer>(valeur: &Option<Centi>, serializer: S) -> Result<S::Ok, S::Error> {
        match valeur {
            Some(valeur) => serializer.serialize_str(&valeur.decimal()),
            None => serializer.serialize_none(),
        }
    }

    /// Reads a decimal in either spelling; `null` is absence.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Centi>, D::Error> {
        let lu = Option::<Scalaire>::deserialize(deserializer)?;
        lu.map(|Scalaire(texte)| Centi::parse(&texte).map_err(D::Error::custom)).transpose()
    }
}

/// A whole number, not negative, that may be missing.
pub mod entier_option {
    use super::{Deserialize, Deserializer, Error, Scalaire};

    /// Reads `3` or `"3"`; `null` is absence.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
        let lu = Option::<Scalaire>::deserialize(deserializer)?;
        lu.map(|Scalaire(texte)| {
            let fault = || D::Error::custom(format!("« {texte} » n'est pas un nombre entier"));
            texte.trim().parse().map_err(|_| fault())
        })
        .transpose()
    }
}

/// An identifier or short code that a source may write as a number.
pub mod texte {
    use super::{Deserialize, Deserializer, Scalaire};

    /// Reads `"12"` or `12`.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
        Ok(Scalaire::deserialize(deserializer)?.0)
    }
}

/// A list that a source may write `null`.
pub fn liste<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
