//! Ordered XML writing.

/// How a field without a value is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NilPolicy {
    /// `<x xsi:nil="true"/>`; an unused parameter of a request, not nillable, is written empty.
    #[default]
    Nil,
    /// Left out, as JAXB clients do.
    Omit,
    /// `<x></x>`, as PHP clients do.
    Empty,
}

/// Writes elements one after the other; names are the contract's and need no escaping.
#[derive(Debug)]
pub struct XmlWriter {
    out: String,
    policy: NilPolicy,
}

impl XmlWriter {
    /// An empty document.
    #[must_use]
    pub fn new(policy: NilPolicy) -> Self {
        Self { out: String::with_capacity(2048), policy }
    }

    /// What was asked for fields without value.
    #[must_use]
    pub fn policy(&self) -> NilPolicy {
        self.policy
    }

    /// The text written.
    #[must_use]
    pub fn finish(self) -> String {
        self.out
    }

    /// Markup as it is.
    pub fn raw(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    /// `<name>`
    pub fn open(&mut self, name: &str) {
        self.out.push('<');
        self.out.push_str(name);
        self.out.push('>');
    }

    /// `</name>`
    pub fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    /// `<name>text</name>`, escaped, always present.
    pub fn text(&mut self, name: &str, text: &str) {
        self.open(name);
        escape(text, &mut self.out);
        self.close(name);
    }

    /// A nillable text.
    pub fn optional(&mut self, name: &str, text: Option<&str>) {
        match text {
            Some(text) => self.text(name, text),
            None => self.absent(name),
        }
    }

    /// A text whose declaration does not allow nil: left out or empty.
    pub fn parameter(&mut self, name: &str, text: Option<&str>) {
        match (text, self.policy) {
            (Some(text), _) => self.text(name, text),
            (None, NilPolicy::Omit) => {}
            (None, NilPolicy::Nil | NilPolicy::Empty) => self.text(name, ""),
        }
    }

    /// A nillable element without value.
    pub fn absent(&mut self, name: &str) {
        match self.policy {
            NilPolicy::Nil => {
                self.out.push('<');
                self.out.push_str(name);
                self.out.push_str(" xsi:nil=\"true\"/>");
            }
            NilPolicy::Omit => {}
            NilPolicy::Empty => self.text(name, ""),
        }
    }
}

/// Escapes `text` for element content. Characters that XML 1.0 cannot carry become a space, since one of them in a
/// label would make the whole answer unreadable.
pub fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(c),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push(' '),
            _ => out.push(c),
        }
    }
}
