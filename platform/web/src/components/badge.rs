use askama::Template;

use crate::assets;

/// What a badge, an alert or a figure means. Each has a colour, a word of its own and a shape, so that colour is never alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing in particular; history.
    #[default]
    Neutral,
    /// To know.
    Info,
    /// As it should be.
    Success,
    /// To look at.
    Warning,
    /// Broken or lost.
    Danger,
    /// Waiting for somebody to act.
    Action,
}

impl Tone {
    /// Every tone.
    pub const ALL: [Self; 6] =
        [Self::Neutral, Self::Info, Self::Success, Self::Warning, Self::Danger, Self::Action];

    /// Its suffix in style classes.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Neutral => "neutre",
            Self::Info => "info",
            Self::Success => "succes",
            Self::Warning => "attention",
            Self::Danger => "danger",
            Self::Action => "action",
        }
    }

    /// Reads [`Tone::class`] back.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|tone| tone.class() == text).unwrap_or_default()
    }

    /// Its shape.
    #[must_use]
    pub fn icon(self) -> &'static str {
        match self {
            Self::Neutral => "circle",
            Self::Info => "info-circle",
            Self::Success => "circle-check",
            Self::Warning => "alert-triangle",
            Self::Danger => "circle-x",
            Self::Action => "diamond",
        }
    }
}

/// An icon of the sprite. Beside a word it is silent; alone it must be named.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/icone.html")]
pub struct Icon {
    name: &'static str,
    label: Option<String>,
}

impl Icon {
    /// A decorative icon, beside a word. The names are those of `frontend/src/icons.mjs`.
    #[must_use]
    pub fn new(name: &'static str) -> Self {
        Self { name, label: None }
    }

    /// An icon that stands alone, with its accessible name.
    #[must_use]
    pub fn named(name: &'static str, label: impl Into<String>) -> Self {
        Self { name, label: Some(label.into()) }
    }

    fn href(&self) -> String {
        format!("{}#{}", assets::url("icones.svg"), self.name)
    }
}

/// A status: a word, a colour and a shape.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/pastille.html")]
pub struct Badge {
    tone: Tone,
    word: String,
    icon: Icon,
}

impl Badge {
    /// « Ouverte » in success, « Fermée » in neutral.
    #[must_use]
    pub fn new(tone: Tone, word: impl Into<String>) -> Self {
        Self { tone, word: word.into(), icon: Icon::new(tone.icon()) }
    }

    /// With another shape than the tone's.
    #[must_use]
    pub fn icon(mut self, name: &'static str) -> Self {
        self.icon = Icon::new(name);
        self
    }

    /// The word, for exports.
    #[must_use]
    pub fn word(&self) -> &str {
        &self.word
    }
}

/// A message in the page: what happened, whether something was lost, what to do next.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/message.html")]
pub struct Alert {
    tone: Tone,
    title: Option<String>,
    text: String,
    way_out: Option<String>,
    links: Vec<(String, String)>,
}

impl Alert {
    /// A sentence.
    #[must_use]
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, title: None, text: text.into(), way_out: None, links: Vec::new() }
    }

    /// A few words above it.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// What to do next.
    #[must_use]
    pub fn way_out(mut self, text: impl Into<String>) -> Self {
        self.way_out = Some(text.into());
        self
    }

    /// A link that says where it goes.
    #[must_use]
    pub fn link(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.links.push((label.into(), href.into()));
        self
    }

    /// Whether it must be said at once by a screen reader.
    fn urgent(&self) -> bool {
        matches!(self.tone, Tone::Danger)
    }

    fn icon(&self) -> Icon {
        Icon::new(self.tone.icon())
    }
}

/// Nothing to show: why, and what to do.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/vide.html")]
pub struct Empty {
    icon: Icon,
    title: String,
    why: String,
    action: Option<(String, String)>,
    others: Vec<(String, String)>,
}

impl Empty {
    /// « Aucune étape », « La collecte de l'offre n'a pas encore eu lieu. »
    #[must_use]
    pub fn new(title: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            icon: Icon::new("search"),
            title: title.into(),
            why: why.into(),
            action: None,
            others: Vec::new(),
        }
    }

    /// The way out: a verb and a path.
    #[must_use]
    pub fn action(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.action = Some((label.into(), href.into()));
        self
    }

    /// Another way out, said less loudly.
    #[must_use]
    pub fn also(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.others.push((label.into(), href.into()));
        self
    }

    /// With another picture.
    #[must_use]
    pub fn icon(mut self, name: &'static str) -> Self {
        self.icon = Icon::new(name);
        self
    }
}
