//! Values that need more than text.

use chrono::NaiveDate;
use kernel::{Centi, CentiError};

/// An `xsd:decimal`, kept as written so that nothing is rounded on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Decimal(pub String);

impl Decimal {
    /// The value in hundredths (credits, hours).
    ///
    /// # Errors
    /// [`CentiError`] when it is not a number or has more than two decimals.
    pub fn centi(&self) -> Result<Centi, CentiError> {
        Centi::parse(&self.0)
    }
}

impl From<Centi> for Decimal {
    /// The shortest decimal: `30`, `4.5`, `0.25`.
    fn from(value: Centi) -> Self {
        let texte = value.decimal();
        Self(texte.trim_end_matches('0').trim_end_matches('.').to_owned())
    }
}

/// An `xsd:dateTime`, kept as written. Servers give midnight with the local offset (`2001-03-14T00:00:00+01:00`); going
/// through UTC would move a birthday one day back, so only the local reading exists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct DateHeure(pub String);

impl DateHeure {
    /// The local date, whatever the offset.
    #[must_use]
    pub fn date_locale(&self) -> Option<NaiveDate> {
        NaiveDate::parse_from_str(self.0.get(..10)?, "%Y-%m-%d").ok()
    }

    /// Midnight of `jour` at `offset` (`+01:00`, or empty).
    #[must_use]
    pub fn minuit(jour: NaiveDate, offset: &str) -> Self {
        Self(format!("{}T00:00:00{offset}", jour.format("%Y-%m-%d")))
    }
}

/// The date of a text field: `dd/mm/yyyy`, tolerating ISO dates and times of day after it.
#[must_use]
pub fn date_texte(texte: &str) -> Option<NaiveDate> {
    let debut = texte.trim().get(..10)?;
    NaiveDate::parse_from_str(debut, "%d/%m/%Y")
        .or_else(|_| NaiveDate::parse_from_str(debut, "%Y-%m-%d"))
        .ok()
}

/// Whether a witness says yes: `O`, `oui`, `true` or `1`, whatever the case.
#[must_use]
pub fn temoin(texte: Option<&str>) -> bool {
    texte.is_some_and(|t| ["o", "oui", "true", "1"].iter().any(|oui| t.trim().eq_ignore_ascii_case(oui)))
}
