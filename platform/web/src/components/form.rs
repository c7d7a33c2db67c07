use askama::Template;

use super::Icon;

/// A field of text: label, help, error, and the wiring that makes a screen reader say them.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/champ.html")]
pub struct Field {
    name: String,
    label: String,
    kind: &'static str,
    value: String,
    help: Option<String>,
    error: Option<String>,
    required: bool,
    autocomplete: Option<&'static str>,
    autofocus: bool,
    maxlength: Option<u32>,
    rows: Option<u32>,
}

impl Field {
    /// One line of text.
    #[must_use]
    pub fn text(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            kind: "text",
            value: String::new(),
            help: None,
            error: None,
            required: false,
            autocomplete: None,
            autofocus: false,
            maxlength: None,
            rows: None,
        }
    }

    /// A password; its value is never sent back.
    #[must_use]
    pub fn password(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self { kind: "password", ..Self::text(name, label) }
    }

    /// Another type of `input`: `email`, `date`, `number`, `search`.
    #[must_use]
    pub fn kind(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    /// Several lines.
    #[must_use]
    pub fn lines(mut self, rows: u32) -> Self {
        self.rows = Some(rows);
        self
    }

    /// What it holds.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        if self.kind != "password" {
            self.value = value.into();
        }
        self
    }

    /// A sentence under the label.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// What is wrong with it and how to put it right, if anything is.
    #[must_use]
    pub fn error(mut self, text: Option<impl Into<String>>) -> Self {
        self.error = text.map(Into::into);
        self
    }

    /// It cannot be left empty.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// What the browser may fill it with: `username`, `current-password`, `off`.
    #[must_use]
    pub fn autocomplete(mut self, what: &'static str) -> Self {
        self.autocomplete = Some(what);
        self
    }

    /// The first field of a page that is nothing else than a form.
    #[must_use]
    pub fn autofocus(mut self) -> Self {
        self.autofocus = true;
        self
    }

    /// Most characters taken.
    #[must_use]
    pub fn maxlength(mut self, n: u32) -> Self {
        self.maxlength = Some(n);
        self
    }

    fn described_by(&self) -> Option<String> {
        described_by(&self.name, self.help.is_some(), self.error.is_some())
    }
}

fn described_by(name: &str, help: bool, error: bool) -> Option<String> {
    let ids = [error.then(|| format!("champ-{name}-erreur")), help.then(|| format!("champ-{name}-aide"))];
    let ids: Vec<_> = ids.into_iter().flatten().collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// A choice among a few.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/choix.html")]
pub struct Select {
    name: String,
    label: String,
    options: Vec<(String, String)>,
    selected: String,
    help: Option<String>,
    error: Option<String>,
    required: bool,
}

impl Select {
    /// Values and words.
    #[must_use]
    pub fn new<V: Into<String>, W: Into<String>>(
        name: impl Into<String>,
        label: impl Into<String>,
        options: impl IntoIterator<Item = (V, W)>,
    ) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            options: options.into_iter().map(|(value, word)| (value.into(), word.into())).collect(),
            selected: String::new(),
            help: None,
            error: None,
            required: false,
        }
    }

    /// The value chosen.
    #[must_use]
    pub fn selected(mut self, value: impl Into<String>) -> Self {
        self.selected = value.into();
        self
    }

    /// A sentence under the label.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// What is wrong with it, if anything is.
    #[must_use]
    pub fn error(mut self, text: Option<impl Into<String>>) -> Self {
        self.error = text.map(Into::into);
        self
    }

    /// One must be chosen.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    fn described_by(&self) -> Option<String> {
        described_by(&self.name, self.help.is_some(), self.error.is_some())
    }
}

/// A yes or no.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/case.html")]
pub struct Checkbox {
    name: String,
    value: String,
    label: String,
    checked: bool,
    help: Option<String>,
}

impl Checkbox {
    /// Sends `name=oui` when ticked.
    #[must_use]
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self { name: name.into(), value: "oui".to_owned(), label: label.into(), checked: false, help: None }
    }

    /// Sends another value than « oui ».
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// Whether it is ticked.
    #[must_use]
    pub fn checked(mut self, checked: bool) -> Self {
        self.checked = checked;
        self
    }

    /// A sentence under the label.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }
}

/// How loud a button is. One primary at most on a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// What the page is for.
    Primary,
    /// Anything else.
    #[default]
    Secondary,
    /// What cannot be undone; goes last.
    Danger,
    /// Beside a row.
    Quiet,
}

impl Look {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "btn btn-primary",
            Self::Secondary => "btn",
            Self::Danger => "btn btn-outline-danger",
            Self::Quiet => "btn btn-ghost-secondary btn-sm",
        }
    }
}

/// A verb. A link when it only goes somewhere, a submit button in a form otherwise.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/bouton.html")]
pub struct Button {
    label: String,
    icon: Option<Icon>,
    look: Look,
    href: Option<String>,
    name: Option<(String, String)>,
    id: Option<String>,
}

impl Button {
    /// Submits its form.
    #[must_use]
    pub fn submit(label: impl Into<String>) -> Self {
        Self { label: label.into(), icon: None, look: Look::Secondary, href: None, name: None, id: None }
    }

    /// Goes to `href`.
    #[must_use]
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { href: Some(href.into()), ..Self::submit(label) }
    }

    /// With an icon before the word.
    #[must_use]
    pub fn icon(mut self, name: &'static str) -> Self {
        self.icon = Some(Icon::new(name));
        self
    }

    /// How loud.
    #[must_use]
    pub fn look(mut self, look: Look) -> Self {
        self.look = look;
        self
    }

    /// What the form sends when this is the button pressed.
    #[must_use]
    pub fn sending(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.name = Some((name.into(), value.into()));
        self
    }

    /// An `id`, which keeps the focus when the part of the page around it is replaced.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }
}

/// A form that is one button: it changes something, so it posts, with the session's token.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/action.html")]
pub struct ActionForm {
    action: String,
    csrf: String,
    hidden: Vec<(String, String)>,
    button: Button,
}

impl ActionForm {
    /// `csrf` is [`crate::Frame::csrf`].
    #[must_use]
    pub fn new(action: impl Into<String>, csrf: impl Into<String>, button: Button) -> Self {
        Self { action: action.into(), csrf: csrf.into(), hidden: Vec::new(), button }
    }

    /// What it sends besides.
    #[must_use]
    pub fn sending(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.hidden.push((name.into(), value.into()));
        self
    }
}

/// An action that asks first, with what it will do written out. Without JavaScript it is open in the page.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/dialogue.html")]
pub struct Dialog {
    id: String,
    opener: String,
    opener_look: Look,
    opener_icon: Option<Icon>,
    title: String,
    text: Option<String>,
    consequences: Vec<String>,
    form: ActionForm,
}

impl Dialog {
    /// `opener` is the verb on the page, `title` the question with its figures: « Fermer 12 étapes ».
    /// The form's button is the verb that confirms.
    #[must_use]
    pub fn new(
        id: impl Into<String>,
        opener: impl Into<String>,
        title: impl Into<String>,
        form: ActionForm,
    ) -> Self {
        Self {
            id: id.into(),
            opener: opener.into(),
            opener_look: Look::Secondary,
            opener_icon: None,
            title: title.into(),
            text: None,
            consequences: Vec::new(),
            form,
        }
    }

    /// A sentence before the list.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// One thing it will do.
    #[must_use]
    pub fn consequence(mut self, text: impl Into<String>) -> Self {
        self.consequences.push(text.into());
        self
    }

    /// How loud the button on the page is.
    #[must_use]
    pub fn look(mut self, look: Look) -> Self {
        self.opener_look = look;
        self
    }

    /// With an icon on the page's button.
    #[must_use]
    pub fn icon(mut self, name: &'static str) -> Self {
        self.opener_icon = Some(Icon::new(name));
        self
    }
}
