use askama::Template;

use super::{Button, Icon};
use crate::Html;

/// A field for one file. It stands in an [`UploadForm`].
#[derive(Clone, Debug, Template)]
#[template(path = "composants/fichier.html")]
pub struct FileField {
    name: String,
    label: String,
    accept: Option<&'static str>,
    help: Option<String>,
    error: Option<String>,
}

impl FileField {
    /// A file must be chosen.
    #[must_use]
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self { name: name.into(), label: label.into(), accept: None, help: None, error: None }
    }

    /// What the browser proposes first: `.xlsx,.ods,.csv`. A help for who chooses, never a check.
    #[must_use]
    pub fn accept(mut self, extensions: &'static str) -> Self {
        self.accept = Some(extensions);
        self
    }

    /// A sentence under the label.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// What is wrong with the file that was sent and what to do, if anything is.
    #[must_use]
    pub fn error(mut self, text: Option<impl Into<String>>) -> Self {
        self.error = text.map(Into::into);
        self
    }

    fn described_by(&self) -> Option<String> {
        let ids = [
            self.error.is_some().then(|| format!("champ-{}-erreur", self.name)),
            self.help.is_some().then(|| format!("champ-{}-aide", self.name)),
        ];
        let ids: Vec<_> = ids.into_iter().flatten().collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

/// A form that sends a file, read by [`crate::televersement::Televersement`]. The session's token is its first field.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/envoi.html")]
pub struct UploadForm {
    action: String,
    csrf: String,
    hidden: Vec<(String, String)>,
    field: FileField,
    others: Vec<Html>,
    button: Button,
}

impl UploadForm {
    /// `csrf` is [`crate::Frame::csrf`].
    #[must_use]
    pub fn new(action: impl Into<String>, csrf: impl Into<String>, field: FileField, button: Button) -> Self {
        Self {
            action: action.into(),
            csrf: csrf.into(),
            hidden: Vec::new(),
            field,
            others: Vec::new(),
            button,
        }
    }

    /// What it sends besides.
    #[must_use]
    pub fn sending(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.hidden.push((name.into(), value.into()));
        self
    }

    /// Another field, under the file.
    #[must_use]
    pub fn with(mut self, field: Html) -> Self {
        self.others.push(field);
        self
    }
}
