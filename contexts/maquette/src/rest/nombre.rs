//! Quantities as JSON numbers.

use kernel::Centi;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::domain::arbre::{Intervalle as Bornes, TYPES_HEURES};

/// Un nombre à deux décimales au plus : 6, 10.5, 0. Zéro est une valeur ; ce qui n’est pas connu est `null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = f64, example = 6.0)]
pub struct Decimal(pub Centi);

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let Centi(n) = self.0;
        // The nearest double of n hundredths is written back with two decimals at most, as far as 10^13.
        #[expect(clippy::cast_precision_loss, reason = "hours and ECTS are small")]
        if n % 100 == 0 { s.serialize_i64(n / 100) } else { s.serialize_f64(n as f64 / 100.0) }
    }
}

/// Entre deux totaux, parce qu’une liste à choix laisse le choix. `min` et `max` sont égaux quand il n’y en a pas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Intervalle {
    /// Au moins.
    pub min: Decimal,
    /// Au plus.
    pub max: Decimal,
}

impl From<Bornes> for Intervalle {
    fn from(b: Bornes) -> Self {
        Self { min: Decimal(b.min), max: Decimal(b.max) }
    }
}

/// Une mesure par type d’heures ; `null` quand rien n’est dit de ce type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ParType<T> {
    /// Cours magistraux.
    #[serde(rename = "CM")]
    pub cm: Option<T>,
    /// Travaux dirigés.
    #[serde(rename = "TD")]
    pub td: Option<T>,
    /// Travaux pratiques.
    #[serde(rename = "TP")]
    pub tp: Option<T>,
    /// Enseignement à distance.
    #[serde(rename = "EAD")]
    pub ead: Option<T>,
}

impl<T> ParType<T> {
    /// From the four measures in the order of [`TYPES_HEURES`].
    pub fn de<V>(mesures: [Option<V>; TYPES_HEURES.len()], f: impl Fn(V) -> T) -> Self {
        let [cm, td, tp, ead] = mesures.map(|m| m.map(&f));
        Self { cm, td, tp, ead }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hundredths_are_written_as_people_write_numbers() {
        let ecrit = |n| serde_json::to_string(&Decimal(Centi(n))).unwrap();
        assert_eq!(
            [0, 600, 1050, 1005, -50, 123_456_789].map(ecrit),
            ["0", "6", "10.5", "10.05", "-0.5", "1234567.89"]
        );
        assert_eq!(serde_json::to_string(&None::<Decimal>).unwrap(), "null");
    }
}
