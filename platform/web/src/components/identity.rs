use askama::Template;

use super::{Badge, Icon, Tone};

/// Who the object of a page is: code, status, source and age. Goes under the title, in the block `soustitre`.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/identite.html")]
pub struct Identity {
    kind: String,
    code: String,
    badges: Vec<Badge>,
    facts: Vec<String>,
    source: Option<String>,
}

impl Identity {
    /// « Étape », `L1DRO-9`.
    #[must_use]
    pub fn new(kind: impl Into<String>, code: impl Into<String>) -> Self {
        Self { kind: kind.into(), code: code.into(), badges: Vec::new(), facts: Vec::new(), source: None }
    }

    /// Its state.
    #[must_use]
    pub fn badge(mut self, badge: Badge) -> Self {
        self.badges.push(badge);
        self
    }

    /// A few words more: « 60 ECTS », « composante Droit ».
    #[must_use]
    pub fn fact(mut self, text: impl Into<String>) -> Self {
        self.facts.push(text.into());
        self
    }

    /// Where it comes from and how old it is: « Apogée (extraction), hier à 23 h 10 ».
    #[must_use]
    pub fn source(mut self, text: impl Into<String>) -> Self {
        self.source = Some(text.into());
        self
    }
}

/// One figure, with what it counts.
#[derive(Clone, Debug)]
pub struct KeyFigure {
    value: String,
    unit: Option<String>,
    label: String,
    detail: Option<String>,
    href: Option<String>,
    tone: Tone,
}

impl KeyFigure {
    /// A number written as French writes it, and what it counts.
    #[must_use]
    pub fn count(n: u64, label: impl Into<String>) -> Self {
        Self::text(kernel::nombre_francais(i64::try_from(n).unwrap_or(i64::MAX)), label)
    }

    /// A value already in words.
    #[must_use]
    pub fn text(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            unit: None,
            label: label.into(),
            detail: None,
            href: None,
            tone: Tone::Neutral,
        }
    }

    /// « ECTS », « h ».
    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = Some(unit.into());
        self
    }

    /// A line under it.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The list it counts.
    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// When it asks for something.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    /// An interval of two decimals is written smaller, to stay on one line.
    fn is_long(&self) -> bool {
        self.value.chars().count() > 9
    }

    fn icon(&self) -> Option<Icon> {
        (self.tone != Tone::Neutral).then(|| Icon::new(self.tone.icon()))
    }
}

/// A row of figures.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/chiffres.html")]
pub struct KeyFigures {
    figures: Vec<KeyFigure>,
}

impl KeyFigures {
    /// From left to right.
    #[must_use]
    pub fn new(figures: impl IntoIterator<Item = KeyFigure>) -> Self {
        Self { figures: figures.into_iter().collect() }
    }
}
