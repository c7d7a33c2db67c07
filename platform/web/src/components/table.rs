use askama::Template;
use kernel::nombre_francais;

use super::bulk::{BulkBar, lignes};
use super::list_tools::{ColumnsMenu, ExportMenu, ViewsMenu};
use super::{Cell, Empty, Filter, FilterChips, Icon, Pager, Row, SortHeader};
use crate::export::desarme;
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
    hidden: bool,
}

impl Column {
    /// A column of words. `key` is the name that sort links carry.
    #[must_use]
    pub fn text(key: &'static str, label: impl Into<String>) -> Self {
        Self { key, label: label.into(), align: Align::Left, sortable: false, optional: false, hidden: false }
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

    /// Shown to who asks for it, in a [`super::Liste`].
    #[must_use]
    pub fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }

    pub(super) fn key(&self) -> &'static str {
        self.key
    }

    pub(super) fn label(&self) -> &str {
        &self.label
    }

    pub(super) fn align(&self) -> Align {
        self.align
    }

    pub(super) fn is_hidden(&self) -> bool {
        self.hidden
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
    tools: Option<Tools>,
}

/// What a [`super::Liste`] adds to its head.
#[derive(Clone, Debug)]
struct Tools {
    columns: ColumnsMenu,
    views: ViewsMenu,
    exports: Option<ExportMenu>,
    bulk: Option<BulkBar>,
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
            tools: None,
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

    /// Its rows are the first of `total`, and what follows says where the others are.
    #[must_use]
    pub fn counting(mut self, total: u64) -> Self {
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

    pub(super) fn with_tools(
        mut self,
        columns: ColumnsMenu,
        views: ViewsMenu,
        exports: Option<ExportMenu>,
        bulk: Option<BulkBar>,
    ) -> Self {
        self.tools = Some(Tools { columns, views, exports, bulk });
        self
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn title(&self) -> &str {
        &self.title
    }

    pub(super) fn known_filters(&self) -> &[Filter] {
        &self.filters
    }

    fn bulk(&self) -> Option<&BulkBar> {
        self.tools.as_ref()?.bulk.as_ref().filter(|_| !self.rows.is_empty())
    }

    /// What a screen reader is told when the list changes under the search.
    fn said(&self) -> Option<String> {
        let query = self.query.as_ref()?;
        let count = if self.total == 0 { "Aucune ligne".to_owned() } else { lignes(self.total) };
        let sought = if query.recherche.is_empty() {
            String::new()
        } else {
            format!(" pour « {} »", query.recherche)
        };
        Some(format!("{} : {count}{sought}.", self.title))
    }

    fn count(&self) -> String {
        let n = if self.query.is_some() || self.total > 0 { self.total } else { self.rows.len() as u64 };
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
            .then(|| FilterChips::new(query, self.filters.iter().cloned()).replacing(self.id.clone()))
    }

    fn header(&self, column: &Column) -> Option<SortHeader> {
        let query = self.query.as_ref().filter(|_| column.sortable)?;
        Some(SortHeader::new(query, column.key, column.label.clone()))
    }

    /// Why there is no row, and a way out of each reason.
    fn nothing(&self) -> Empty {
        let Some(query) = &self.query else { return self.empty.clone() };
        if self.total > 0 {
            let pager = Pager::new(query, self.total);
            return Empty::new("Cette page n’existe pas", format!("La liste compte {}.", lignes(self.total)))
                .action("Voir la dernière page", query.a_la_page(pager.last()).url());
        }
        if !query.est_restreinte() {
            return self.empty.clone();
        }
        let chips = FilterChips::new(query, self.filters.iter().cloned());
        let active = chips.active();
        let why = match (query.recherche.as_str(), active.len()) {
            ("", 0 | 1) => "Aucune ligne ne répond à ce filtre.".to_owned(),
            ("", _) => "Aucune ligne ne répond à tous ces filtres à la fois.".to_owned(),
            (sought, 0) => format!("Rien ne répond à « {sought} »."),
            (sought, _) => format!("Rien ne répond à « {sought} » avec ces filtres."),
        };
        let mut out = Empty::new("Aucun résultat", why);
        if !query.recherche.is_empty() && !active.is_empty() {
            out = out.also("Retirer la recherche", query.cherchant("").url());
        }
        if active.len() > 1 || !query.recherche.is_empty() {
            for chip in active {
                out = out.also(format!("Retirer « {} : {} »", chip.label, chip.word), chip.href);
            }
        }
        out.action("Tout afficher", query.entiere().url())
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
    let text = desarme(text);
    if text.contains(['"', ';', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use kernel::Centi;

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
