//! Reference lists of Apogée, as the house names them.

use serde::{Deserialize, Serialize};

/// One line of a reference list: a component, a regime, a signatory, an exam period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// Its code, verbatim.
    pub code: String,
    /// Its label; a signatory's name.
    pub libelle: String,
    /// What the label leaves unsaid: a signatory's title, the days of a period.
    pub precision: Option<String>,
    /// Whether it is in service; absent when Apogée does not say.
    pub en_service: Option<bool>,
}
