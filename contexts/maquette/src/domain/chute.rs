//! The guard against an outage or a truncated answer turned into closings.

use serde::{Deserialize, Serialize};

use super::genre::Genre;

/// A kind of row that would lose more than is believable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chute {
    /// Code of the kind.
    pub genre: String,
    /// Rows open before.
    pub ouverts: u64,
    /// Rows that would be closed.
    pub fermetures: u64,
}

/// Fewer closings than this are never a fall, unless they are all.
const PLANCHER: u64 = 3;

/// Whether closing `fermetures` rows out of `ouverts` is a fall, `seuil` being the share allowed, in hundredths.
///
/// Anomalies are conclusions, not rows of a source: fewer of them is good news.
#[must_use]
pub fn chute(genre: Genre, ouverts: u64, fermetures: u64, seuil: u8) -> Option<Chute> {
    if matches!(genre, Genre::Anomalie) || fermetures == 0 {
        return None;
    }
    let trop = fermetures.saturating_mul(100) > ouverts.saturating_mul(seuil.into());
    let notable = fermetures >= PLANCHER || fermetures == ouverts;
    (trop && notable).then(|| Chute { genre: genre.description().code.to_owned(), ouverts, fermetures })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_fall_stops_and_a_small_one_goes_on() {
        assert!(chute(Genre::Element, 1000, 101, 10).is_some());
        assert!(chute(Genre::Element, 1000, 100, 10).is_none());
        assert!(chute(Genre::Composante, 4, 2, 10).is_none());
        assert!(chute(Genre::Composante, 2, 2, 10).is_some(), "all of a kind");
        assert!(chute(Genre::Anomalie, 100, 100, 10).is_none());
        assert!(chute(Genre::Element, 0, 0, 10).is_none());
    }
}
