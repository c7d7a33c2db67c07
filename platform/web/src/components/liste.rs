//! A list declared once: its columns say what stands in the page, in the files exported and in the menu of columns.

use axum::response::Response;
use futures::stream::{self, StreamExt, TryStreamExt};

use super::list_tools::{ColumnsMenu, ExportMenu, ViewsMenu};
use super::{Align, Bulk, Cell, Column, Empty, Filter, FilterChips, Row, Table};
use crate::PageError;
use crate::export::{self, Feuille, Format, Tete, Tranche, Valeur};
use crate::listage::Listage;

type Value<T> = Box<dyn Fn(&T) -> Cell + Send + Sync>;
/// What the page alone asks of a row: it may borrow from the request.
type OfRow<'a, T, R> = Box<dyn Fn(&T) -> R + Send + Sync + 'a>;

struct Colonne<T> {
    column: Column,
    cell: Value<T>,
    exported: Option<Value<T>>,
}

/// A list of `T`.
///
/// ```ignore
/// async fn liste(frame: Frame, listage: Listage, State(m): State<Maquette>) -> Result<Response, PageError> {
///     let liste = Liste::<EtapeVue>::new("etapes", "Étapes")
///         .column(Column::text("code", "Code").sortable(), |e| Cell::code(&e.code))
///         .column(Column::text("libelle", "Libellé").sortable(), |e| Cell::text(&e.libelle))
///         .column(Column::number("ects", "ECTS").sortable(), |e| Cell::centi(e.ects))
///         .column(Column::text("vue", "Vue le").hidden(), |e| Cell::instant(e.vue_le))
///         .opens(|e| lien_etape(&e.code))
///         .muted(|e| e.fermee)
///         .searching("Code ou libellé")
///         .filters([Filter::new("nature", "Nature").counted("UE", "Unité", 12), Filter::numbers("ects", "ECTS")])
///         .empty(Empty::new("Aucune étape", "La collecte de l’offre n’a pas encore eu lieu."));
///     if listage.export().is_some() {
///         let (db, query) = (m.db.clone(), listage.query().clone());
///         return liste.export(&listage, move |t| { let (db, query) = (db.clone(), query.clone());
///             async move { Ok::<_, DbError>(etapes(&db, &query, t.paging()).await?.elements) } }).await;
///     }
///     let page = listage.read(|paging| etapes(&m.db, &listage, paging)).await?;
///     let table = liste.table(&listage, &page);
///     Ok(Page(Liste { frame: frame.titled("Étapes"), table }).into_response())
/// }
/// ```
///
/// The order asked of the database must be total (end it with the key): pages and chunks would otherwise repeat some rows and miss others.
pub struct Liste<'a, T> {
    table: Table,
    colonnes: Vec<Colonne<T>>,
    opens: Option<OfRow<'a, T, String>>,
    muted: Option<OfRow<'a, T, bool>>,
    bulk: Option<(Bulk, OfRow<'a, T, String>)>,
    journal: Option<&'static str>,
    exportable: bool,
}

impl<T> std::fmt::Debug for Liste<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Liste").field("table", &self.table).finish_non_exhaustive()
    }
}

impl<'a, T> Liste<'a, T> {
    /// `id` is unique in the page; `title` is a noun, and the name of exported files.
    #[must_use]
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            table: Table::new(id, title),
            colonnes: Vec::new(),
            opens: None,
            muted: None,
            bulk: None,
            journal: None,
            exportable: true,
        }
    }

    /// One more column, and what stands in it. The first is always shown: it opens the row.
    #[must_use]
    pub fn column(mut self, column: Column, cell: impl Fn(&T) -> Cell + Send + Sync + 'static) -> Self {
        self.colonnes.push(Colonne { column, cell: Box::new(cell), exported: None });
        self
    }

    /// What files hold in the last column, when a component stands there in the page.
    #[must_use]
    pub fn exported_as(mut self, cell: impl Fn(&T) -> Cell + Send + Sync + 'static) -> Self {
        if let Some(colonne) = self.colonnes.last_mut() {
            colonne.exported = Some(Box::new(cell));
        }
        self
    }

    /// Where a row leads.
    #[must_use]
    pub fn opens(mut self, href: impl Fn(&T) -> String + Send + Sync + 'a) -> Self {
        self.opens = Some(Box::new(href));
        self
    }

    /// Which rows are history: closed, cancelled.
    #[must_use]
    pub fn muted(mut self, muted: impl Fn(&T) -> bool + Send + Sync + 'a) -> Self {
        self.muted = Some(Box::new(muted));
        self
    }

    /// Rows can be chosen, and several treated at once; `key` is what [`super::Selection`] receives of a row.
    #[must_use]
    pub fn bulk(mut self, bulk: Bulk, key: impl Fn(&T) -> String + Send + Sync + 'a) -> Self {
        self.bulk = Some((bulk, Box::new(key)));
        self
    }

    /// A search box; `what` says what is searched: « Code ou libellé ».
    #[must_use]
    pub fn searching(mut self, what: impl Into<String>) -> Self {
        self.table = self.table.searching(what);
        self
    }

    /// What it can be narrowed by.
    #[must_use]
    pub fn filters(mut self, filters: impl IntoIterator<Item = Filter>) -> Self {
        self.table = self.table.filters(filters);
        self
    }

    /// What to say when there is no row at all.
    #[must_use]
    pub fn empty(mut self, empty: Empty) -> Self {
        self.table = self.table.empty(empty);
        self
    }

    /// Level of its heading; 2 otherwise.
    #[must_use]
    pub fn level(mut self, level: u8) -> Self {
        self.table = self.table.level(level);
        self
    }

    /// Rows are people: each export is a line of the journal, written before anything leaves, under this name.
    #[must_use]
    pub fn journaled(mut self, objet: &'static str) -> Self {
        self.journal = Some(objet);
        self
    }

    /// It cannot be exported.
    #[must_use]
    pub fn not_exported(mut self) -> Self {
        self.exportable = false;
        self
    }

    /// Which columns are shown, in their order: those of the address, else those the person keeps, else the list's own.
    fn shown(&self, listage: &Listage) -> Vec<bool> {
        let keys = |chosen: &[String]| -> Option<Vec<bool>> {
            let held: Vec<_> =
                self.colonnes.iter().map(|c| chosen.iter().any(|k| k == c.column.key())).collect();
            held.contains(&true).then_some(held)
        };
        let own = || self.colonnes.iter().map(|c| !c.column.is_hidden()).collect();
        let mut shown = keys(&listage.colonnes).or_else(|| keys(&listage.garde.colonnes)).unwrap_or_else(own);
        if let Some(first) = shown.first_mut() {
            *first = true;
        }
        shown
    }

    /// The page asked, with its menus.
    #[must_use]
    pub fn table(self, listage: &Listage, page: &db::Page<T>) -> Table {
        let shown = self.shown(listage);
        let mut query = listage.query().clone();
        if query.page > page.page || (page.elements.is_empty() && page.total > 0) {
            query.page = page.page;
        }
        let own: Vec<bool> = self.colonnes.iter().map(|c| !c.column.is_hidden()).collect();
        let list = self.table.id().to_owned();
        let menu = self.colonnes.iter().zip(&shown);
        let menu =
            menu.map(|(c, on)| (c.column.key().to_owned(), c.column.label().to_owned(), *on)).collect();
        let columns = ColumnsMenu::new(&list, listage, &query, menu, shown != own);
        let kept: Vec<_> = self.colonnes.iter().zip(&shown).filter(|(_, on)| **on).map(|(c, _)| c).collect();
        let bar =
            self.bulk.as_ref().and_then(|(bulk, _)| bulk.bar(&list, &listage.visitor, &query, page.total));
        let rows = page.elements.iter().map(|element| {
            let mut row = match &self.opens {
                Some(href) => Row::to(href(element)),
                None => Row::new(),
            };
            if let (Some(_), Some((_, key))) = (&bar, &self.bulk) {
                row = row.key(key(element));
            }
            let row = row.muted(self.muted.as_ref().is_some_and(|muted| muted(element)));
            kept.iter().fold(row, |row, colonne| row.cell((colonne.cell)(element)))
        });
        let rows: Vec<_> = rows.collect();
        let exports = (self.exportable && page.total > 0).then(|| ExportMenu::new(&query, page.total));
        let views = ViewsMenu::new(&list, listage, &query);
        let columns_shown: Vec<_> = kept.iter().map(|c| c.column.clone()).collect();
        self.table
            .columns(columns_shown)
            .rows(rows)
            .listing(&query, page.total)
            .with_tools(columns, views, exports, bar)
    }
}

impl<T: Send + 'static> Liste<'_, T> {
    /// The whole list as the file that was asked. `fetch` answers the rows of a chunk, in the order of the list; it is called until a
    /// chunk is not full. A failure before the first byte is a page; later it breaks the download.
    ///
    /// # Errors
    /// Rows that cannot be read, a file that cannot be made, a journal that cannot be written.
    pub async fn export<E, F, Fut>(self, listage: &Listage, fetch: F) -> Result<Response, PageError>
    where
        E: std::fmt::Display + Send + 'static,
        F: FnMut(Tranche) -> Fut + Send + 'static,
        Fut: Future<Output = Result<Vec<T>, E>> + Send + 'static,
    {
        if !self.exportable {
            return Err(PageError::not_found());
        }
        let format = listage.export().unwrap_or(Format::Xlsx);
        let shown = self.shown(listage);
        let feuille = self.feuille(listage, &shown);
        let kept: Vec<_> =
            self.colonnes.into_iter().zip(shown).filter(|(_, on)| *on).map(|(c, _)| c).collect();
        let values = move |element: &T| -> Vec<Valeur> {
            let value = |c: &Colonne<T>| {
                let cell = c.exported.as_ref().unwrap_or(&c.cell)(element);
                Valeur::of(&cell, c.column.align())
            };
            kept.iter().map(value).collect()
        };
        let mut lignes = export::lignes(fetch, values);
        if let (Format::Csv, None) = (format, self.journal) {
            // A first chunk that cannot be read is an error page, not an empty file.
            let first = lignes.try_next().await?;
            let first = stream::iter(first.map(Ok));
            return Ok(export::stream(&feuille, first.chain(lignes).boxed()));
        }
        let (response, rows) = export::file(&feuille, format, lignes).await?;
        if let Some(objet) = self.journal {
            listage.journal_export(objet, format, rows).await?;
        }
        Ok(response)
    }

    fn feuille(&self, listage: &Listage, shown: &[bool]) -> Feuille {
        let chips = FilterChips::new(listage.query(), self.table.known_filters().iter().cloned());
        let mut words: Vec<String> = chips.active().into_iter().map(|chip| chip.word).collect();
        if !listage.recherche.is_empty() {
            words.push(listage.recherche.clone());
        }
        let kept = self.colonnes.iter().zip(shown).filter(|(_, on)| **on);
        Feuille {
            fichier: export::nom_de_fichier(self.table.title(), listage.today(), &words),
            titre: self.table.title().to_owned(),
            tetes: kept
                .map(|(c, _)| Tete {
                    libelle: c.column.label().to_owned(),
                    nombre: c.column.align() == Align::Right,
                })
                .collect(),
        }
    }
}
