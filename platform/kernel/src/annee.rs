use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Academic year, named by its first civil year as in Apogée: `2024` is 2024/2025.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AnneeUniversitaire(u16);

impl AnneeUniversitaire {
    /// The year begun in `premiere`, if it is one an information system may hold (1900 to 2199).
    #[must_use]
    pub fn new(premiere: u16) -> Option<Self> {
        (1900..2200).contains(&premiere).then_some(Self(premiere))
    }

    /// First civil year: 2024 for 2024/2025.
    #[must_use]
    pub fn premiere(self) -> u16 {
        self.0
    }

    /// The following year.
    #[must_use]
    pub fn suivante(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The year before.
    #[must_use]
    pub fn precedente(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// The academic year that a civil day belongs to: September opens it, so a day of January 2025 is in 2024.
    #[must_use]
    pub fn du_jour(jour: chrono::NaiveDate) -> Self {
        use chrono::Datelike;
        let civile = u16::try_from(jour.year()).unwrap_or(1900);
        if jour.month() >= 9 { Self(civile) } else { Self(civile.saturating_sub(1)) }
    }

    /// `2024/2025`, as pages and documents write it.
    #[must_use]
    pub fn libelle(self) -> String {
        format!("{}/{}", self.0, self.0.saturating_add(1))
    }
}

impl fmt::Display for AnneeUniversitaire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for AnneeUniversitaire {
    type Err = String;

    /// Accepts `2024` and `2024/2025`.
    fn from_str(texte: &str) -> Result<Self, Self::Err> {
        let fault = || format!("« {texte} » n'est pas une année universitaire. Écrivez 2024 pour 2024/2025.");
        let premiere = texte.split('/').next().unwrap_or_default().trim();
        premiere.parse().ok().and_then(Self::new).ok_or_else(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn january_belongs_to_the_year_begun_in_september() {
        let jour = chrono::NaiveDate::from_ymd_opt(2025, 1, 13).unwrap_or_default();
        assert_eq!(AnneeUniversitaire::du_jour(jour).libelle(), "2024/2025");
    }

    #[test]
    fn reads_both_spellings_and_refuses_the_rest() {
        assert_eq!("2024/2025".parse::<AnneeUniversitaire>().map(AnneeUniversitaire::premiere), Ok(2024));
        assert_eq!("2024".parse::<AnneeUniversitaire>().map(AnneeUniversitaire::premiere), Ok(2024));
        assert!("24".parse::<AnneeUniversitaire>().is_err());
        assert!("".parse::<AnneeUniversitaire>().is_err());
    }
}
