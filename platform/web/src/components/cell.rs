//! What stands in a table: cells, and the rows they make.

use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Centi, heure_de_besancon, nombre_francais};

use super::{Badge, Column};
use crate::html::Html;

/// What a cell shows. Figures and dates keep their value, so that a spreadsheet receives figures and dates.
#[derive(Clone, Debug)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A code, in monospace.
    Code(String),
    /// Words that lead elsewhere than the row does.
    Link(String, String),
    /// A figure already written as French writes it.
    Number(String),
    /// A count.
    Count(i64),
    /// ECTS or hours.
    Centi(Centi),
    /// A day.
    Date(NaiveDate),
    /// An instant, shown at the hour of Besançon.
    Instant(DateTime<Utc>),
    /// A status.
    Badge(Badge),
    /// Several.
    Badges(Vec<Badge>),
    /// Anything else a component renders. It exports nothing: see [`super::Liste::exported_as`].
    Html(Html),
    /// Unknown: which is neither zero nor an empty text.
    Absent,
}

impl Cell {
    /// Words.
    #[must_use]
    pub fn text(text: impl ToString) -> Self {
        Self::Text(shown(text.to_string()))
    }

    /// Words that may be unknown.
    #[must_use]
    pub fn text_opt(text: Option<impl ToString>) -> Self {
        text.map_or(Self::Absent, Self::text)
    }

    /// A code.
    #[must_use]
    pub fn code(code: impl ToString) -> Self {
        Self::Code(shown(code.to_string()))
    }

    /// A count, which may be unknown.
    #[must_use]
    pub fn count(n: impl Into<Option<u64>>) -> Self {
        n.into().map_or(Self::Absent, |n| Self::Count(i64::try_from(n).unwrap_or(i64::MAX)))
    }

    /// ECTS or hours, which may be unknown.
    #[must_use]
    pub fn centi(n: impl Into<Option<Centi>>) -> Self {
        n.into().map_or(Self::Absent, Self::Centi)
    }

    /// A day, which may be unknown.
    #[must_use]
    pub fn date(day: impl Into<Option<NaiveDate>>) -> Self {
        day.into().map_or(Self::Absent, Self::Date)
    }

    /// An instant, which may be unknown.
    #[must_use]
    pub fn instant(at: impl Into<Option<DateTime<Utc>>>) -> Self {
        at.into().map_or(Self::Absent, Self::Instant)
    }

    /// Several statuses, or none.
    #[must_use]
    pub fn badges(badges: Vec<Badge>) -> Self {
        if badges.is_empty() { Self::Absent } else { Self::Badges(badges) }
    }

    /// A component.
    #[must_use]
    pub fn component<T: Template>(component: &T) -> Self {
        Self::Html(Html::of(component))
    }

    /// As words, for a text and for an export.
    pub(crate) fn plain(&self) -> String {
        match self {
            Self::Text(t) | Self::Code(t) | Self::Link(t, _) | Self::Number(t) => t.clone(),
            Self::Count(n) => nombre_francais(*n),
            Self::Centi(n) => n.to_string(),
            Self::Date(day) => day.format("%d/%m/%Y").to_string(),
            Self::Instant(at) => heure_de_besancon(*at).format("%d/%m/%Y %H:%M").to_string(),
            Self::Badge(badge) => badge.word().to_owned(),
            Self::Badges(badges) => badges.iter().map(Badge::word).collect::<Vec<_>>().join(", "),
            Self::Html(_) | Self::Absent => String::new(),
        }
    }
}

/// A text without what browsers refuse: a source may hold a NUL.
fn shown(text: String) -> String {
    let refused = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.contains(refused) { text.replace(refused, "") } else { text }
}

impl From<Badge> for Cell {
    fn from(badge: Badge) -> Self {
        Self::Badge(badge)
    }
}

/// One row, filled cell after cell in the order of the columns.
#[derive(Clone, Debug, Default)]
pub struct Row {
    pub(super) href: Option<String>,
    pub(super) cells: Vec<Cell>,
    pub(super) muted: bool,
    pub(super) key: Option<String>,
}

impl Row {
    /// A row that leads nowhere.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A row that opens `href`, by its first cell or a click anywhere.
    #[must_use]
    pub fn to(href: impl Into<String>) -> Self {
        Self { href: Some(href.into()), ..Self::default() }
    }

    /// Adds any cell.
    #[must_use]
    pub fn cell(mut self, cell: Cell) -> Self {
        self.cells.push(cell);
        self
    }

    /// Adds words.
    #[must_use]
    pub fn text(self, text: impl ToString) -> Self {
        self.cell(Cell::text(text))
    }

    /// Adds words that may be unknown.
    #[must_use]
    pub fn text_opt(self, text: Option<impl ToString>) -> Self {
        self.cell(Cell::text_opt(text))
    }

    /// Adds a code.
    #[must_use]
    pub fn code(self, code: impl ToString) -> Self {
        self.cell(Cell::code(code))
    }

    /// Adds words that lead elsewhere.
    #[must_use]
    pub fn link(self, text: impl ToString, href: impl Into<String>) -> Self {
        self.cell(Cell::Link(text.to_string(), href.into()))
    }

    /// Adds a count.
    #[must_use]
    pub fn count(self, n: u64) -> Self {
        self.cell(Cell::count(n))
    }

    /// Adds ECTS or hours, which may be unknown.
    #[must_use]
    pub fn centi(self, n: impl Into<Option<Centi>>) -> Self {
        self.cell(Cell::centi(n))
    }

    /// Adds a status.
    #[must_use]
    pub fn badge(self, badge: Badge) -> Self {
        self.cell(Cell::Badge(badge))
    }

    /// Adds several statuses, or none.
    #[must_use]
    pub fn badges(self, badges: Vec<Badge>) -> Self {
        self.cell(Cell::badges(badges))
    }

    /// Adds a component.
    #[must_use]
    pub fn component<T: Template>(self, component: &T) -> Self {
        self.cell(Cell::component(component))
    }

    /// Adds an unknown.
    #[must_use]
    pub fn absent(self) -> Self {
        self.cell(Cell::Absent)
    }

    /// Shown as history: closed, cancelled.
    #[must_use]
    pub fn muted(mut self, muted: bool) -> Self {
        self.muted = muted;
        self
    }

    /// What a bulk action is sent of this row.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// How its check box is named: by its first two cells, a date alone being that of several rows.
    pub(super) fn name(&self) -> String {
        let said: Vec<_> = self.cells.iter().map(Cell::plain).filter(|c| !c.is_empty()).take(2).collect();
        said.join(", ")
    }

    /// Cells with their columns, for the template.
    pub(super) fn pairs<'r>(&'r self, columns: &'r [Column]) -> impl Iterator<Item = (&'r Column, &'r Cell)> {
        columns.iter().zip(&self.cells)
    }
}
