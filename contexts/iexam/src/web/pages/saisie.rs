//! What a form sent, field by field: the forms of settings have fields whose names depend on rows.

use chrono::NaiveDate;
use serde::Deserialize;

/// What a form sent, field by field: the forms of settings have fields whose names depend on rows.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub(in crate::web) struct Saisie(Vec<(String, String)>);

impl Saisie {
    pub(in crate::web) fn nouvelle(champs: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        Self(champs.into_iter().map(|(nom, valeur)| (nom.to_owned(), valeur)).collect())
    }

    /// With more fields.
    pub(in crate::web) fn avec(mut self, champs: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        self.0.extend(champs.into_iter().map(|(nom, valeur)| (nom.to_owned(), valeur)));
        self
    }

    /// Every field, as it was sent.
    pub(in crate::web) fn champs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(nom, valeur)| (nom.as_str(), valeur.as_str()))
    }

    pub(in crate::web) fn texte(&self, nom: &str) -> &str {
        self.0.iter().find(|(n, _)| n == nom).map_or("", |(_, v)| v.as_str())
    }

    pub(in crate::web) fn coche(&self, nom: &str) -> bool {
        self.texte(nom) == "oui"
    }

    pub(in crate::web) fn tous(&self, nom: &str) -> Vec<&str> {
        self.0.iter().filter(|(n, _)| n == nom).map(|(_, v)| v.as_str()).collect()
    }

    pub(in crate::web) fn jour(&self, nom: &str) -> Option<NaiveDate> {
        self.texte(nom).trim().parse().ok()
    }

    /// A number; `Err` when something else was typed; nothing when nothing was.
    pub(in crate::web) fn nombre(&self, nom: &str) -> Result<Option<i64>, ()> {
        let texte: String = self.texte(nom).chars().filter(|c| !c.is_whitespace()).collect();
        if texte.is_empty() { Ok(None) } else { texte.parse().map(Some).map_err(|_| ()) }
    }

    /// What the form was filled on.
    pub(in crate::web) fn vu(&self) -> Option<&str> {
        Some(self.texte("vu")).filter(|vu| !vu.is_empty())
    }
}
