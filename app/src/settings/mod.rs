//! What an installation decides. Values come, the later over the earlier, from: what the program proposes, the folder of data, the
//! settings file (`telemaque.toml`), the environment (`TELEMAQUE_WEB__ADRESSE`, `DATABASE_URL`), the command line. Where each came from
//! is kept: `telemaque doctor` shows it.
//!
//! To add a section: the crate that reads it owns its struct (`Serialize`, `Deserialize`, `Default`); add it to [`Settings`].

mod courriel;
mod file;
mod load;
mod reglables;
mod sections;

pub use courriel::CourrielCourant;
pub(crate) use file::write_private;
pub use file::{Written, write};
pub use load::{Env, Line, Loaded, Place, load};
pub use reglables::{Essai, en_vigueur, groupes};
pub use sections::{BaseSection, BaseUrl, DemoSection, RestSection, Secret, TravauxSection, WebSection};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Every section of the settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The database.
    pub base: BaseSection,
    /// The web server.
    pub web: WebSection,
    /// The university's sign-in.
    pub cas: web::ReglagesCas,
    /// Background work.
    pub travaux: TravauxSection,
    /// Apogée's web services.
    pub apogee: api::ReglagesApogee,
    /// The extraction of Apogée's tables.
    pub extraction: api::ReglagesExtraction,
    /// Copies of Apogée's answers.
    pub cache: api::ReglagesCache,
    /// Kofr.
    pub kofr: RestSection,
    /// Eve.
    pub eve: RestSection,
    /// Outgoing mail.
    pub courriel: mail::Reglages,
    /// Payment by card.
    pub paybox: paybox::Reglages,
    /// What a university decides of its collections.
    pub maquette: maquette::Reglages,
    /// The sandbox of a demonstration, written by `telemaque demo`.
    pub demo: Option<DemoSection>,
    /// Where each value comes from, by key.
    #[serde(skip)]
    pub origines: BTreeMap<String, String>,
    /// The settings under those that pages have set: see [`en_vigueur`].
    #[serde(skip)]
    pub installation: Option<Box<Self>>,
}
