use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;

/// A piece of HTML that a template rendered, so that it can be put in another without being escaped again.
/// It cannot be made from a text: only [`Html::of`] a template.
#[derive(Clone, Debug, Default)]
pub struct Html(String);

impl Html {
    /// Renders `template`. A template that cannot be rendered is a defect of ours: it is logged and leaves a hole.
    #[must_use]
    pub fn of<T: Template>(template: &T) -> Self {
        Self(template.render().unwrap_or_else(|err| {
            tracing::error!(%err, "template");
            String::new()
        }))
    }

    /// Several, one after the other.
    #[must_use]
    pub fn all<T: Template>(templates: &[T]) -> Self {
        Self(templates.iter().map(|template| Self::of(template).0).collect())
    }

    /// The HTML itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Markup written in this crate's own code.
    pub(crate) fn fixed(markup: &'static str) -> Self {
        Self(markup.to_owned())
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Html {}
