//! Where an answer comes from and how old it is.

use ::web::PageError;
use axum::body::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use kernel::{AnneeUniversitaire, Source};
use serde::Serialize;
use utoipa::ToSchema;

/// D’où vient la réponse, et de quand.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Provenance {
    /// Année universitaire, par sa première année civile : 2024 pour 2024/2025.
    #[schema(value_type = u16, example = 2024)]
    pub annee: AnneeUniversitaire,
    /// Maquette (accréditation) qui couvre l’année, par sa première année ; `null` si aucune n’est déclarée.
    #[schema(example = 2024)]
    pub maquette: Option<i64>,
    /// Source principale : `extraction` (structure, par l’extraction d’Apogée), `apogee` (services web), `kofr`, `eve`.
    #[schema(value_type = String, example = "extraction")]
    pub source: Source,
    /// Fin de la dernière collecte qui a confirmé ces données ; `null` tant que rien n’a été collecté. N’entre pas dans l’ETag :
    /// l’en-tête `obtenu-le` la redonne, y compris avec un 304.
    #[schema(example = "2024-10-02T03:12:44Z")]
    pub obtenu_le: Option<DateTime<Utc>>,
}

/// Une réponse précédée de sa provenance.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Reponse<T> {
    /// D’où elle vient.
    #[serde(flatten)]
    pub provenance: Provenance,
    /// Ce qui est dit.
    #[serde(flatten)]
    pub contenu: T,
}

impl Provenance {
    /// The instant, as headers and bodies write it.
    pub(super) fn instant(&self) -> Option<String> {
        self.obtenu_le.map(|i| i.to_rfc3339_opts(SecondsFormat::Secs, true))
    }

    /// What of it makes the version of an answer: all but the age.
    pub(super) fn stable(&self) -> String {
        let maquette = self.maquette.map_or_else(|| "null".to_owned(), |m| m.to_string());
        format!(
            r#"{{"annee":{},"maquette":{maquette},"source":"{}","obtenu_le":"#,
            self.annee,
            self.source.code()
        )
    }

    /// The body: this, then the fields of `contenu`, an object written as JSON.
    pub(super) fn preceder(&self, contenu: &str) -> Bytes {
        let mut corps = self.stable();
        corps.reserve(contenu.len() + 40);
        match self.instant() {
            Some(instant) => {
                corps.push('"');
                corps.push_str(&instant);
                corps.push('"');
            }
            None => corps.push_str("null"),
        }
        match contenu.strip_prefix('{') {
            Some("}") | None => corps.push('}'),
            Some(champs) => {
                corps.push(',');
                corps.push_str(champs);
            }
        }
        corps.into()
    }
}

/// `contenu` as JSON text.
///
/// # Errors
/// A value that cannot be written: a defect of ours.
pub(super) fn ecrire<T: Serialize>(contenu: &T) -> Result<String, PageError> {
    serde_json::to_string(contenu).map_err(|err| db::DbError::Value(err.to_string()).into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_body_is_what_the_document_says() {
        let provenance = Provenance {
            annee: AnneeUniversitaire::new(2024).unwrap(),
            maquette: Some(2024),
            source: Source::Extraction,
            obtenu_le: Some("2024-10-02T03:12:44Z".parse().unwrap()),
        };
        for contenu in [json!({}), json!({"total": 0, "elements": []})] {
            let corps = provenance.preceder(&contenu.to_string());
            let dit: serde_json::Value = serde_json::from_slice(&corps).unwrap();
            let declare = serde_json::to_value(Reponse { provenance: provenance.clone(), contenu }).unwrap();
            assert_eq!(dit, declare);
        }
        let rien = Provenance { maquette: None, obtenu_le: None, ..provenance };
        assert_eq!(
            &rien.preceder("{}")[..],
            br#"{"annee":2024,"maquette":null,"source":"extraction","obtenu_le":null}"#
        );
    }
}
