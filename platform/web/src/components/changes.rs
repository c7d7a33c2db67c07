use askama::Template;

use super::{Badge, Icon, Tone};

/// One value that changes: the old struck and muted, the new plain.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/difference.html")]
pub struct Diff {
    field: String,
    old: Option<String>,
    new: Option<String>,
}

impl Diff {
    /// « ECTS », 6, 3. `None` is the absence of a value.
    #[must_use]
    pub fn new(
        field: impl Into<String>,
        old: Option<impl Into<String>>,
        new: Option<impl Into<String>>,
    ) -> Self {
        Self { field: field.into(), old: old.map(Into::into), new: new.map(Into::into) }
    }
}

/// Changes of one kind: « 12 éléments modifiés ».
#[derive(Clone, Debug)]
pub struct ChangeGroup {
    badge: Badge,
    title: String,
    lines: Vec<(String, String, Option<String>, Vec<Diff>)>,
    more: Option<(String, String)>,
    open: bool,
}

impl ChangeGroup {
    /// `tone` and `word` say what kind of change: success « Ajoutés », warning « Fermés ».
    #[must_use]
    pub fn new(tone: Tone, word: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            badge: Badge::new(tone, word),
            title: title.into(),
            lines: Vec::new(),
            more: None,
            open: false,
        }
    }

    /// One object: code, label, its page, what changes in it.
    #[must_use]
    pub fn line(
        mut self,
        code: impl Into<String>,
        label: impl Into<String>,
        href: Option<String>,
        diffs: impl IntoIterator<Item = Diff>,
    ) -> Self {
        self.lines.push((code.into(), label.into(), href, diffs.into_iter().collect()));
        self
    }

    /// The rest, when only the first are shown: « Voir les 340 autres », path.
    #[must_use]
    pub fn more(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.more = Some((label.into(), href.into()));
        self
    }

    /// Whether details are unfolded at first.
    #[must_use]
    pub fn open(mut self, open: bool) -> Self {
        self.open = open;
        self
    }
}

/// A change set: counts first, details folded.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/changements.html")]
pub struct Changes {
    groups: Vec<ChangeGroup>,
}

impl Changes {
    /// Its groups, in the order shown.
    #[must_use]
    pub fn new(groups: impl IntoIterator<Item = ChangeGroup>) -> Self {
        Self { groups: groups.into_iter().collect() }
    }
}
