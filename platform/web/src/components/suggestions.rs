//! What the search box of everything answers while one types.

use askama::Template;

use super::Badge;
use super::bulk::pluriel;

#[derive(Clone, Debug)]
struct Suggestion {
    code: String,
    label: String,
    detail: Option<String>,
    href: String,
    badge: Option<Badge>,
}

#[derive(Clone, Debug)]
struct Group {
    label: String,
    items: Vec<Suggestion>,
    more: Option<(u64, String)>,
}

/// The answer to `?recherche=…&apercu=oui` at [`crate::Shell::recherche`]: `Ok(Page(suggestions))`. The same address without `apercu`
/// is the whole page.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/apercu.html")]
pub struct Suggestions {
    sought: String,
    groups: Vec<Group>,
    page: String,
}

impl Suggestions {
    /// For what was typed; `page` is the address of the whole answer.
    #[must_use]
    pub fn new(sought: impl Into<String>, page: impl Into<String>) -> Self {
        Self { sought: sought.into(), groups: Vec::new(), page: page.into() }
    }

    /// A kind of thing, « Étapes »: what follows is of it. One that stays empty is not shown.
    #[must_use]
    pub fn group(mut self, label: impl Into<String>) -> Self {
        self.groups.push(Group { label: label.into(), items: Vec::new(), more: None });
        self
    }

    /// A thing found: its code, its name, where it opens.
    #[must_use]
    pub fn item(
        mut self,
        code: impl Into<String>,
        label: impl Into<String>,
        href: impl Into<String>,
    ) -> Self {
        if let Some(group) = self.groups.last_mut() {
            let (code, label, href) = (code.into(), label.into(), href.into());
            group.items.push(Suggestion { code, label, detail: None, href, badge: None });
        }
        self
    }

    /// A few words under the last thing: its diploma, its étape.
    #[must_use]
    pub fn detail(mut self, text: impl Into<String>) -> Self {
        if let Some(item) = self.groups.last_mut().and_then(|group| group.items.last_mut()) {
            item.detail = Some(text.into());
        }
        self
    }

    /// The status of the last thing.
    #[must_use]
    pub fn badge(mut self, badge: Badge) -> Self {
        if let Some(item) = self.groups.last_mut().and_then(|group| group.items.last_mut()) {
            item.badge = Some(badge);
        }
        self
    }

    /// How many there are in all of this kind, and where.
    #[must_use]
    pub fn more(mut self, total: u64, href: impl Into<String>) -> Self {
        if let Some(group) = self.groups.last_mut() {
            group.more = Some((total, href.into()));
        }
        self
    }

    fn shown(&self) -> impl Iterator<Item = &Group> {
        self.groups.iter().filter(|group| !group.items.is_empty())
    }

    fn said(&self) -> String {
        match self.shown().map(|group| group.items.len() as u64).sum() {
            0 => format!("Rien ne répond à « {} ».", self.sought),
            n => format!("{}. Flèche bas pour les parcourir.", pluriel(n, "proposition", "propositions")),
        }
    }

    fn rest(group: &Group) -> Option<(String, &str)> {
        let (total, href) = group.more.as_ref()?;
        (*total > group.items.len() as u64).then(|| (pluriel(*total, "réponse", "réponses"), href.as_str()))
    }
}
