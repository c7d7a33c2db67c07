//! How Eve's fields travel, where the conventions shared with Kofr do not say.

/// A required decimal.
pub mod decimal {
    use kernel::Centi;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::rest::nombre::Scalaire;

    /// Writes `"10.50"`.
    pub fn serialize<S: Serializer>(valeur: &Centi, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&valeur.decimal())
    }

    /// Reads `"10.50"`, `"10,5"` or `10.5`.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Centi, D::Error> {
        Centi::parse(&Scalaire::deserialize(deserializer)?.0).map_err(D::Error::custom)
    }
}

/// A civil day that a source may write with a time after it.
pub mod jour_option {
    use chrono::NaiveDate;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer};

    /// Reads `2024-09-01` or `2024-09-01T00:00:00+02:00`, whose written day is kept; `null` is absence.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
        let lu = Option::<String>::deserialize(deserializer)?;
        lu.map(|texte| {
            let jour = texte.split(['T', ' ']).next().unwrap_or_default();
            jour.parse().map_err(|_| D::Error::custom(format!("« {texte} » n'est pas une date")))
        })
        .transpose()
    }
}
