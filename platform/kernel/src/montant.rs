use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub};

use serde::{Deserialize, Serialize};

use crate::nombre_francais;

/// An amount in cents of euro. Zero is a value; what is not known is an `Option`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cents(pub i64);

/// A text that is not an amount.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("« {0} » n’est pas un montant : écrivez par exemple 12 ou 12,50")]
pub struct CentsError(pub String);

impl Cents {
    /// Nothing, as a value.
    pub const ZERO: Self = Self(0);

    /// Reads what a person types: `12`, `12,5`, `1 234,50`, `12.50 €`. Three decimals are refused: nobody is owed a tenth of a cent.
    ///
    /// # Errors
    /// [`CentsError`] when the text is not such an amount or does not fit.
    pub fn parse(texte: &str) -> Result<Self, CentsError> {
        let err = || CentsError(texte.trim().to_owned());
        let nu: String = texte.trim().trim_end_matches('€').chars().filter(|c| !c.is_whitespace()).collect();
        let (signe, nu) = nu.strip_prefix('-').map_or((1, nu.as_str()), |reste| (-1, reste));
        let (unites, cents) = nu.split_once([',', '.']).unwrap_or((nu, ""));
        let chiffres = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if unites.is_empty() || !chiffres(unites) || !chiffres(cents) || cents.len() > 2 {
            return Err(err());
        }
        let unites: i64 = unites.parse().map_err(|_| err())?;
        let cents: i64 = format!("{cents:0<2}").parse().map_err(|_| err())?;
        unites
            .checked_mul(100)
            .and_then(|u| u.checked_add(cents))
            .map(|total| Self(total * signe))
            .ok_or_else(err)
    }

    /// `12,50`: what goes back into a field.
    #[must_use]
    pub fn saisie(self) -> String {
        let signe = if self.0 < 0 { "-" } else { "" };
        let n = self.0.unsigned_abs();
        format!("{signe}{},{:02}", n / 100, n % 100)
    }
}

/// « 1 234,50 € », with no-break spaces; the minus sign is the typographic one.
impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.0.unsigned_abs();
        let unites = nombre_francais(i64::try_from(n / 100).unwrap_or(i64::MAX));
        let signe = if self.0 < 0 { "−" } else { "" };
        write!(f, "{signe}{unites},{:02}\u{a0}€", n % 100)
    }
}

impl Add for Cents {
    type Output = Self;
    fn add(self, autre: Self) -> Self {
        Self(self.0.saturating_add(autre.0))
    }
}

impl AddAssign for Cents {
    fn add_assign(&mut self, autre: Self) {
        *self = *self + autre;
    }
}

impl Sub for Cents {
    type Output = Self;
    fn sub(self, autre: Self) -> Self {
        Self(self.0.saturating_sub(autre.0))
    }
}

impl Neg for Cents {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_as_people_type_them() {
        for (texte, cents) in [
            ("12", 1200),
            ("12,5", 1250),
            ("1 234,50", 123_450),
            ("1\u{202f}234.50 €", 123_450),
            ("0", 0),
            ("-3,05", -305),
        ] {
            assert_eq!(Cents::parse(texte), Ok(Cents(cents)), "{texte}");
        }
        for texte in ["", "douze", "1,234", "1,2,3", ",50", "=1+1", "99999999999999999999"] {
            assert!(Cents::parse(texte).is_err(), "{texte}");
        }
    }

    #[test]
    fn amounts_as_pages_write_them() {
        assert_eq!(Cents(123_450).to_string(), "1\u{202f}234,50\u{a0}€");
        assert_eq!(Cents(-5).to_string(), "−0,05\u{a0}€");
        assert_eq!(Cents(0).to_string(), "0,00\u{a0}€");
        assert_eq!(Cents::parse(&Cents(-123_405).saisie()), Ok(Cents(-123_405)));
    }
}
