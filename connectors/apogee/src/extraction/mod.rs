//! The structure extraction: a folder or an address holding `manifest.json` and one CSV file per table of Apogée.
//!
//! Two moves, kept apart so that the second can always be made again from what the first left:
//!
//! 1. [`rapatrier`] brings the set into a local folder. Every table is checked against the manifest (row count and SHA-256)
//!    before the new set replaces the held one, in one rename. A table whose SHA-256 did not change is not asked again.
//!    Whatever goes wrong, the last good copy stays where it is.
//! 2. [`Contenu::lire`] turns the held copy into typed rows. A row with a bad value is set aside ([`Rejet`]), rows that
//!    contradict each other are reported ([`Conflit`]); a malformed file is refused with its line and column.
//!
//! To read one more column: add a line to its table in `tables.rs`. To read one more table: declare it there, list it in
//! `catalogue.rs`, and give it a field in `contenu.rs`.

mod catalogue;
mod contenu;
mod copie;
pub mod csv;
mod doublons;
mod lieu;
mod manifeste;
mod rapatriement;
mod recuperation;
pub mod rows;
pub mod tables;
mod verification;

pub use catalogue::{Categorie, TABLES, TableConnue};
pub use contenu::{Contenu, Lue};
pub use copie::{BonneCopie, bonne_copie};
pub use doublons::Conflit;
pub use lieu::Lieu;
pub use manifeste::{Manifeste, TableAnnoncee};
pub use rapatriement::{Bilan, Rapatriement, Reglages, rapatrier};
pub use rows::Rejet;
pub use verification::{Controle, verifier};

use kernel::{Outage, OutageKind, Source};

/// An outage of the extraction.
pub(crate) fn panne(
    quoi: impl Into<String>,
    kind: OutageKind,
    detail: impl Into<String>,
    remede: impl Into<String>,
) -> Outage {
    Outage {
        source_: Source::Extraction,
        quoi: quoi.into(),
        kind,
        detail: detail.into(),
        remede: remede.into(),
    }
}
