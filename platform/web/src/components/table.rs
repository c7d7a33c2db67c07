use askama::Template;
use kernel::{Centi, nombre_francais};

use super::{Badge, Empty, Filter, FilterChips, Icon, Pager, SortHeader};
use crate::html::Html;
use crate::listing::ListQuery;

/// Which side a column leans to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Figures.
    Right,
}

/// One column.
#[derive(Clone, Debug)]
pub struct Column {
    key: &'static str,
    label: String,
    align: Align,
    sortable: bool,
    optional: bool,
}

impl Column {
    /// A column of words. `key` is the name that sort links carry.
    #[must_use]
    pub fn text(key: &'static str, label: impl Into<String>) -> Self {
        Self { key, label: label.into(), align: Align::Left, sortable: false, optional: false }
    }

    /// A column of figures, leaning right.
    #[must_use]
    pub fn number(key: &'static str, label: impl Into<String>) -> Self {
        Self { align: Align::Right, ..Self::text(key, label) }
    }

    /// Its head sorts.
    #[must_use]
    pub fn sortable(mut self) -> Self {
        self.sortable = true;
        self
    }

    /// A telephone does without it.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }
}

/// What a cell shows.
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
    /// A status.
    Badge(Badge),
    /// Several.
    Badges(Vec<Badge>),
    /// Anything else a component renders.
    Html(Html),
    /// Unknown: which is neither zero nor an empty text.
    Absent,
}

impl Cell {
    fn plain(&self) -> String {
        match self {
            Self::Text(t) | Self::Code(t) | Self::Link(t, _) | Self::Number(t) => t.clone(),
            Self::Badge(badge) => badge.word().to_owned(),
            Self::Badges(badges) => badges.iter().map(Badge::word).collect::<Vec<_>>().join(", "),
            Self::Html(_) | Self::Absent => String::new(),
        }
    }
}

/// One row, filled cell after cell in the order of the columns.
#[derive(Clone, Debug, Default)]
pub struct Row {
    href: Option<String>,
    cells: Vec<Cell>,
    muted: bool,
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
        self.cell(Cell::Text(text.to_string()))
    }

    /// Adds words that may be unknown.
    #[must_use]
    pub fn text_opt(self, text: Option<impl ToString>) -> Self {
        self.cell(text.map_or(Cell::Absent, |text| Cell::Text(text.to_string())))
    }

    /// Adds a code.
    #[must_use]
    pub fn code(self, code: impl ToString) -> Self {
        self.cell(Cell::Code(code.to_string()))
    }

    /// Adds words that lead elsewhere.
    #[must_use]
    pub fn link(self, text: impl ToString, href: impl Into<String>) -> Self {
        self.cell(Cell::Link(text.to_string(), href.into()))
    }

    /// Adds a count.
    #[must_use]
    pub fn count(self, n: u64) -> Self {
        self.cell(Cell::Number(nombre_francais(i64::try_from(n).unwrap_or(i64::MAX))))
    }

    /// Adds ECTS or hours, which may be unknown.
    #[must_use]
    pub fn centi(self, n: impl Into<Option<Centi>>) -> Self {
        self.cell(n.into().map_or(Cell::Absent, |n| Cell::Number(n.to_string())))
    }

    /// Adds a status.
    #[must_use]
    pub fn badge(self, badge: Badge) -> Self {
        self.cell(Cell::Badge(badge))
    }

    /// Adds several statuses, or none.
    #[must_use]
    pub fn badges(self, badges: Vec<Badge>) -> Self {
        self.cell(if badges.is_empty() { Cell::Absent } else { Cell::Badges(badges) })
    }

    /// Adds a component.
    #[must_use]
    pub fn component<T: Template>(self, component: &T) -> Self {
        self.cell(Cell::Html(Html::of(component)))
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

    /// Cells with their columns, for the template.
    fn pairs<'r>(&'r self, columns: &'r [Column]) -> impl Iterator<Item = (&'r Column, &'r Cell)> {
        columns.iter().zip(&self.cells)
    }
}

/// A list: title, count, search, filters, rows, pages, export; and when it is empty, why.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/table.html")]
pub struct Table {
    id: String,
    title: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
    query: Option<ListQuery>,
    total: u64,
    search: Option<String>,
    filters: Vec<Filter>,
    empty: Empty,
    export: Option<String>,
    level: u8,
}

impl Table {
    /// `id` is unique in the page and keeps the columns one hid; `title` is a noun.
    #[must_use]
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            columns: Vec::new(),
            rows: Vec::new(),
            query: None,
            total: 0,
            search: None,
            filters: Vec::new(),
            empty: Empty::new("Rien à afficher", "Cette liste est vide."),
            export: None,
            level: 2,
        }
    }

    /// Its columns.
    #[must_use]
    pub fn columns(mut self, columns: impl IntoIterator<Item = Column>) -> Self {
        self.columns = columns.into_iter().collect();
        self
    }

    /// The rows of this page.
    #[must_use]
    pub fn rows(mut self, rows: impl IntoIterator<Item = Row>) -> Self {
        self.rows = rows.into_iter().collect();
        self
    }

    /// It is a page of a longer list of `total` rows: sort links, pages, search and filters work.
    #[must_use]
    pub fn listing(mut self, query: &ListQuery, total: u64) -> Self {
        self.query = Some(query.clone());
        self.total = total;
        self
    }

    /// A search box; `what` says what is searched: « Code ou libellé ».
    #[must_use]
    pub fn searching(mut self, what: impl Into<String>) -> Self {
        self.search = Some(what.into());
        self
    }

    /// What it can be narrowed by.
    #[must_use]
    pub fn filters(mut self, filters: impl IntoIterator<Item = Filter>) -> Self {
        self.filters = filters.into_iter().collect();
        self
    }

    /// What to say when there is no row at all. When it is the search that finds nothing, the table says so by itself.
    #[must_use]
    pub fn empty(mut self, empty: Empty) -> Self {
        self.empty = empty;
        self
    }

    /// Where the whole list is downloaded, with its filters.
    #[must_use]
    pub fn export(mut self, href: impl Into<String>) -> Self {
        self.export = Some(href.into());
        self
    }

    /// The list as CSV for a spreadsheet (semicolons, UTF-8 with its mark); cells that a spreadsheet would run are disarmed.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut out = String::from('\u{feff}');
        let head: Vec<_> = self.columns.iter().map(|c| csv_cell(&c.label)).collect();
        out.push_str(&head.join(";"));
        out.push_str("\r\n");
        for row in &self.rows {
            let cells: Vec<_> = row.cells.iter().map(|cell| csv_cell(&cell.plain())).collect();
            out.push_str(&cells.join(";"));
            out.push_str("\r\n");
        }
        out
    }

    /// Level of its heading, when it stands in a section that has one of its own; 2 otherwise.
    #[must_use]
    pub fn level(mut self, level: u8) -> Self {
        self.level = level.clamp(2, 6);
        self
    }

    fn count(&self) -> String {
        let n = if self.query.is_some() { self.total } else { self.rows.len() as u64 };
        nombre_francais(i64::try_from(n).unwrap_or(i64::MAX))
    }

    fn pager(&self) -> Option<Pager> {
        self.query
            .as_ref()
            .map(|query| Pager::new(query, self.total).replacing(self.id.clone()).of(self.title.clone()))
    }

    fn chips(&self) -> Option<FilterChips> {
        let query = self.query.as_ref()?;
        (!self.filters.is_empty() || query.est_restreinte())
            .then(|| FilterChips::new(query, self.filters.iter().cloned()))
    }

    fn header(&self, column: &Column) -> Option<SortHeader> {
        let query = self.query.as_ref().filter(|_| column.sortable)?;
        Some(SortHeader::new(query, column.key, column.label.clone()))
    }

    fn nothing(&self) -> Empty {
        match &self.query {
            Some(query) if query.est_restreinte() => {
                let sought = if query.recherche.is_empty() {
                    "Aucune ligne ne répond à ces filtres.".to_owned()
                } else {
                    format!("Rien ne répond à « {} ».", query.recherche)
                };
                Empty::new("Aucun résultat", sought).action("Tout afficher", query.entiere().url())
            }
            _ => self.empty.clone(),
        }
    }
}

/// What one searches from, for the template: the rest of the address as hidden fields.
impl Table {
    fn search_form(&self) -> Option<(&str, &ListQuery)> {
        Some((self.search.as_deref()?, self.query.as_ref()?))
    }

    fn rest(&self, query: &ListQuery) -> Vec<(String, String)> {
        query.cherchant("").pairs()
    }
}

fn csv_cell(text: &str) -> String {
    // A cell beginning so is a formula for a spreadsheet.
    let armed = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    let text = if armed { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ';', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_disarm_formulas_and_quote_what_must_be() {
        assert_eq!(csv_cell("=1+1"), "'=1+1");
        assert_eq!(csv_cell("-3"), "-3");
        assert_eq!(csv_cell("a;\"b\""), "\"a;\"\"b\"\"\"");
        let table = Table::new("t", "T")
            .columns([Column::text("code", "Code"), Column::number("ects", "ECTS")])
            .rows([Row::new().code("@X").centi(Centi(450)), Row::new().code("Y").centi(None)]);
        assert_eq!(table.csv(), "\u{feff}Code;ECTS\r\n'@X;4,5\r\nY;\r\n");
    }
}
