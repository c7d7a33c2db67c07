//! The named hard cases: what breaks other software, present in every generated world, at every size, under codes fixed in advance.

pub(super) mod apogee;
pub(super) mod offer;
pub(super) mod people;
mod rows_offer;
mod rows_people;

use rows_offer::OFFER;
use rows_people::PEOPLE;

/// A hard case, to be found by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Name: « code insécable ».
    pub nom: String,
    /// The same for machines: `code-insecable`.
    pub slug: String,
    /// Codes or numbers to look at, each introduced by its kind, joined by ` · `: `élément IFD1E21 · liste LIFDFAC`.
    pub ou: String,
    /// What it is, as a French sentence.
    pub quoi: String,
}

/// Slug, name, where, what.
type Row = (&'static str, &'static str, &'static str, &'static str);

/// Every hard case, offer first, in a fixed order.
#[must_use]
pub fn cases() -> Vec<Case> {
    let case = |(slug, nom, ou, quoi): &Row| Case {
        nom: (*nom).to_owned(),
        slug: (*slug).to_owned(),
        ou: (*ou).to_owned(),
        quoi: (*quoi).to_owned(),
    };
    OFFER.iter().chain(PEOPLE).map(case).collect()
}

/// Whether a code belongs to a hard case: changes drawn at random leave those alone, so that each can always be found.
pub(super) fn is_case_code(code: &str) -> bool {
    const STEMS: [&str; 8] = ["IFD", "PRO1", "BCL1", "ECT1", "ORP1", "LNG1", "FER1", "VRS1"];
    const LISTS: [&str; 9] = ["LIFD", "LPRO", "LBCL", "LECT", "LORP", "LLNG", "LFER", "LVRS", "LPARTAGE"];
    code.starts_with("5DU")
        || code.starts_with("5U")
        || STEMS.iter().any(|s| code.starts_with(s))
        || LISTS.iter().any(|s| code.starts_with(s))
}
