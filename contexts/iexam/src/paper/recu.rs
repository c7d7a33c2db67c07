//! The receipt as a PDF, made each time from what was frozen on its day: the same words, the same date, the same file.

use ::paper::{Etablissement, Paper, PaperFault, Pdf, Pieces, Template};
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::domain::recu::Recu;

/// The template.
pub const RECU: Template =
    Template { nom: "reçu", source: include_str!("../../documents/recu/template.typ") };

#[derive(Serialize)]
struct Donnees<'a> {
    etablissement: &'a Etablissement,
    adresse: String,
    #[serde(flatten)]
    recu: &'a Recu,
}

/// Sets a receipt.
///
/// # Errors
/// Those of [`Paper::rendre`].
pub async fn rendre(
    recu: &Recu,
    etablissement: &Etablissement,
    publique: &str,
    etabli_le: DateTime<Utc>,
) -> Result<Pdf, PaperFault> {
    let donnees =
        Donnees { etablissement, adresse: format!("{publique}/examens/recus/{}", recu.numero), recu };
    Paper::get().rendre(&RECU, &donnees, Pieces::du(etabli_le)).await
}
