use askama::Template;
use kernel::nombre_francais;

use super::Icon;
use crate::listing::{ListQuery, Sens};

/// Where one is in a long list, and the way to the rest.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/pages.html")]
pub struct Pager {
    query: ListQuery,
    total: u64,
    target: Option<String>,
    of: String,
}

impl Pager {
    /// For `total` rows in all.
    #[must_use]
    pub fn new(query: &ListQuery, total: u64) -> Self {
        Self { query: query.clone(), total, target: None, of: "Liste".to_owned() }
    }

    /// The element that htmx replaces when a page is turned; whole pages otherwise.
    #[must_use]
    pub fn replacing(mut self, id: impl Into<String>) -> Self {
        self.target = Some(id.into());
        self
    }

    /// Names the list, for a page that has several.
    #[must_use]
    pub fn of(mut self, title: impl Into<String>) -> Self {
        self.of = title.into();
        self
    }

    pub(super) fn last(&self) -> u64 {
        self.total.div_ceil(self.query.taille.max(1)).max(1)
    }

    fn current(&self) -> u64 {
        self.query.page.min(self.last())
    }

    fn words(&self) -> String {
        let n = |n: u64| nombre_francais(i64::try_from(n).unwrap_or(i64::MAX));
        if self.total == 0 {
            return "Aucune ligne".to_owned();
        }
        let first = (self.current() - 1) * self.query.taille + 1;
        let last = (self.current() * self.query.taille).min(self.total);
        format!("{} à {} sur {}", n(first), n(last), n(self.total))
    }

    /// Pages offered around the current one; `None` is a gap.
    fn window(&self) -> Vec<Option<u64>> {
        let (current, last) = (self.current(), self.last());
        let mut pages: Vec<u64> =
            [1, last].into_iter().chain(current.saturating_sub(1)..=current + 1).collect();
        pages.retain(|page| (1..=last).contains(page));
        pages.sort_unstable();
        pages.dedup();
        let mut out = Vec::new();
        let mut before = 0;
        for page in pages {
            match page - before {
                1 => {}
                2 => out.push(Some(page - 1)),
                _ => out.push(None),
            }
            out.push(Some(page));
            before = page;
        }
        out
    }

    fn href(&self, page: &u64) -> String {
        self.query.a_la_page(*page).url()
    }

    fn sizes(&self) -> Vec<(u64, String)> {
        ListQuery::TAILLES.into_iter().map(|size| (size, self.query.par(size).url())).collect()
    }

    fn smallest(&self) -> bool {
        self.total <= ListQuery::TAILLES.first().copied().unwrap_or_default()
    }
}

/// The head of a column that sorts.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/tri.html")]
pub struct SortHeader {
    label: String,
    href: String,
    state: Option<Sens>,
}

impl SortHeader {
    /// `column` is the name that the address carries.
    #[must_use]
    pub fn new(query: &ListQuery, column: &str, label: impl Into<String>) -> Self {
        let state = (query.tri.as_deref() == Some(column)).then_some(query.sens);
        Self { label: label.into(), href: query.triee_par(column).url(), state }
    }

    /// For `aria-sort` of its cell.
    #[must_use]
    pub fn aria(&self) -> &'static str {
        match self.state {
            Some(Sens::Croissant) => "ascending",
            Some(Sens::Decroissant) => "descending",
            None => "none",
        }
    }

    fn icon(&self) -> Icon {
        Icon::new(match self.state {
            Some(Sens::Croissant) => "sort-ascending",
            Some(Sens::Decroissant) => "sort-descending",
            None => "arrows-sort",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(page: u64, total: u64) -> Vec<Option<u64>> {
        Pager::new(&ListQuery::parse("/e", &format!("page={page}")), total).window()
    }

    #[test]
    fn the_window_keeps_the_ends_and_never_a_gap_of_one() {
        assert_eq!(window(1, 0), [Some(1)]);
        assert_eq!(window(1, 100), [Some(1), Some(2)]);
        assert_eq!(window(3, 500), [Some(1), Some(2), Some(3), Some(4), None, Some(10)]);
        assert_eq!(window(5, 500), [Some(1), None, Some(4), Some(5), Some(6), None, Some(10)]);
    }

    #[test]
    fn a_page_beyond_the_end_shows_the_last() {
        let pager = Pager::new(&ListQuery::parse("/e", "page=99"), 120);
        assert_eq!(pager.words(), "101 à 120 sur 120");
    }
}
