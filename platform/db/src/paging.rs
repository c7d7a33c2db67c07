use serde::Serialize;

/// Which page of a list, with sane bounds whatever was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    page: u64,
    taille: u64,
}

impl Paging {
    /// The largest page served.
    pub const MAX: u64 = 500;

    /// Page `page` (from 1) of `taille` rows (1 to [`Self::MAX`]).
    #[must_use]
    pub fn new(page: u64, taille: u64) -> Self {
        Self { page: page.clamp(1, 1_000_000), taille: taille.clamp(1, Self::MAX) }
    }

    /// A chunk of a list that is read whole, `taille` rows after `taille` rows: longer than a page may be.
    #[must_use]
    pub fn tranche(page: u64, taille: u64) -> Self {
        Self { page: page.clamp(1, 1_000_000), taille: taille.clamp(1, 10 * Self::MAX) }
    }

    /// Page number, from 1.
    #[must_use]
    pub fn page(self) -> u64 {
        self.page
    }

    /// Rows a page.
    #[must_use]
    pub fn taille(self) -> u64 {
        self.taille
    }

    /// Rows before this page.
    #[must_use]
    pub fn offset(self) -> u64 {
        (self.page - 1) * self.taille
    }
}

/// One page of a list, and how many rows the whole has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Page<T> {
    /// Rows in the whole list.
    pub total: u64,
    /// Page number, from 1.
    pub page: u64,
    /// Rows a page.
    pub taille: u64,
    /// The rows.
    pub elements: Vec<T>,
}

impl<T> Page<T> {
    /// A page out of its rows and the total.
    #[must_use]
    pub fn new(paging: Paging, total: u64, elements: Vec<T>) -> Self {
        Self { total, page: paging.page, taille: paging.taille, elements }
    }

    /// The same page with other rows.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            total: self.total,
            page: self.page,
            taille: self.taille,
            elements: self.elements.into_iter().map(f).collect(),
        }
    }
}
