use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};

use serde::{Deserialize, Serialize};

/// A quantity in hundredths: ECTS, hours. `Centi(1050)` is 10.5. Zero is a value; absence is an `Option`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Centi(pub i64);

/// A text that is not a quantity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("« {0} » n'est pas un nombre : écrivez par exemple 10,5 ou 10.50")]
pub struct CentiError(pub String);

impl Centi {
    /// Nothing, as a value.
    pub const ZERO: Self = Self(0);

    /// A whole number of units.
    #[must_use]
    pub fn unites(n: i64) -> Self {
        Self(n.saturating_mul(100))
    }

    /// Reads `10`, `10.5`, `10,50`, `-3`; more than two decimals are refused unless they are zeros, because
    /// rounding silently would make two sources seem to agree.
    ///
    /// # Errors
    /// [`CentiError`] when the text is not such a number or does not fit.
    pub fn parse(texte: &str) -> Result<Self, CentiError> {
        let err = || CentiError(texte.to_owned());
        let t = texte.trim();
        let (signe, t) = t.strip_prefix('-').map_or((1, t), |reste| (-1, reste));
        let (entier, decimales) = t.split_once(['.', ',']).unwrap_or((t, ""));
        if entier.is_empty() && decimales.is_empty() {
            return Err(err());
        }
        let chiffres = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if !chiffres(entier) || !chiffres(decimales) {
            return Err(err());
        }
        let significatives = decimales.trim_end_matches('0');
        if significatives.len() > 2 {
            return Err(err());
        }
        let cents: i64 = format!("{significatives:0<2}").parse().map_err(|_| err())?;
        let unites: i64 = if entier.is_empty() { 0 } else { entier.parse().map_err(|_| err())? };
        let total = unites.checked_mul(100).and_then(|u| u.checked_add(cents)).ok_or_else(err)?;
        Ok(Self(total * signe))
    }

    /// `10.50`, as JSON sources and REST carry it.
    #[must_use]
    pub fn decimal(self) -> String {
        let signe = if self.0 < 0 { "-" } else { "" };
        let n = self.0.unsigned_abs();
        format!("{signe}{}.{:02}", n / 100, n % 100)
    }
}

impl fmt::Display for Centi {
    /// As French pages write it: `10,5`, `6`, `0,25`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signe = if self.0 < 0 { "-" } else { "" };
        let n = self.0.unsigned_abs();
        let (unites, cents) = (n / 100, n % 100);
        match cents {
            0 => write!(f, "{signe}{unites}"),
            c if c % 10 == 0 => write!(f, "{signe}{unites},{}", c / 10),
            c => write!(f, "{signe}{unites},{c:02}"),
        }
    }
}

impl Add for Centi {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Centi {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for Centi {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_points_and_commas_and_writes_french() {
        assert_eq!(Centi::parse("10,50"), Ok(Centi(1050)));
        assert_eq!(Centi::parse("10.5").map(|c| c.to_string()), Ok("10,5".into()));
        assert_eq!(Centi::parse("0"), Ok(Centi::ZERO));
        assert_eq!(Centi::parse("6.000"), Ok(Centi(600)));
        assert_eq!(Centi(25).to_string(), "0,25");
        assert_eq!(Centi(-50).decimal(), "-0.50");
    }

    #[test]
    fn refuses_what_it_would_have_to_round() {
        assert!(Centi::parse("1.005").is_err());
        assert!(Centi::parse("").is_err());
        assert!(Centi::parse("1 2").is_err());
        assert!(Centi::parse("99999999999999999999").is_err());
    }
}
