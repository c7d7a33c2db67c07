//! What a list page was asked: read from the address with sane bounds, and written back into links that keep the rest.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use chrono::NaiveDate;
use db::Paging;
use kernel::Centi;

use crate::cookie;
use crate::export::Format;

/// Which way a column is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sens {
    /// From small to large.
    #[default]
    Croissant,
    /// From large to small.
    Decroissant,
}

impl Sens {
    /// As the address carries it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Croissant => "asc",
            Self::Decroissant => "desc",
        }
    }

    /// The other way.
    #[must_use]
    pub fn inverse(self) -> Self {
        match self {
            Self::Croissant => Self::Decroissant,
            Self::Decroissant => Self::Croissant,
        }
    }
}

/// The state of a list: search, page, sort, filters. An extractor that never refuses: what is out of bounds is brought back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListQuery {
    /// Path of the page, for links.
    pub path: String,
    /// What is searched, trimmed, without control characters; empty when nothing is.
    pub recherche: String,
    /// Page number, from 1.
    pub page: u64,
    /// Rows a page: one of [`ListQuery::TAILLES`].
    pub taille: u64,
    /// Column sorted by, if one was asked. Check it against the columns you know: it comes from the address.
    pub tri: Option<String>,
    /// Which way.
    pub sens: Sens,
    /// Every other parameter: name and value, in the order of the address.
    pub filtres: Vec<(String, String)>,
    /// Columns that the address asks for; none when it says nothing of them.
    pub colonnes: Vec<String>,
    /// What the whole list is asked as, instead of a page of it.
    pub export: Option<Format>,
    /// The saved view that the address comes from; 0 says « none, not even mine by default ».
    pub vue: Option<i64>,
    /// Whether the bare address shows this person's default view: links to the whole list must then say so.
    pub(crate) vue_par_defaut: bool,
    /// The size this person uses when the address says none.
    usuelle: u64,
}

impl ListQuery {
    /// Page sizes offered.
    pub const TAILLES: [u64; 4] = [25, 50, 100, 200];
    const TAILLE: u64 = 50;
    const PAGE_MAX: u64 = 100_000;
    const TEXTE_MAX: usize = 200;
    const FILTRES_MAX: usize = 20;
    /// Parameters that say what is looked at rather than which rows of it: a list without filters keeps them.
    const CONTEXTE: [&str; 5] = ["annee", "maquette", "onglet", "file", "periode"];
    const COLONNES_MAX: usize = 40;
    const RESERVES: [&str; 8] = ["recherche", "page", "taille", "tri", "sens", "colonnes", "export", "vue"];

    /// Reads the query part of an address.
    #[must_use]
    pub fn parse(path: &str, query: &str) -> Self {
        Self::parse_with(path, query, Self::TAILLE)
    }

    fn parse_with(path: &str, query: &str, usuelle: u64) -> Self {
        let mut out = Self {
            path: path.to_owned(),
            recherche: String::new(),
            page: 1,
            taille: usuelle,
            tri: None,
            sens: Sens::Croissant,
            filtres: Vec::new(),
            colonnes: Vec::new(),
            export: None,
            vue: None,
            vue_par_defaut: false,
            usuelle,
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = clean(&value);
            match name.as_ref() {
                "recherche" => out.recherche = value,
                "page" => out.page = value.parse().unwrap_or(1).clamp(1, Self::PAGE_MAX),
                "taille" => out.taille = nearest(value.parse().unwrap_or(usuelle)),
                "tri" => out.tri = is_word(&value).then_some(value),
                "sens" if value == "desc" => out.sens = Sens::Decroissant,
                "sens" => out.sens = Sens::Croissant,
                // « a,b » in a link, one field a column in a form.
                "colonnes" => out.colonnes.extend(value.split(',').filter(|c| is_word(c)).map(str::to_owned)),
                "export" => out.export = Format::parse(&value),
                "vue" => out.vue = value.parse().ok().filter(|id| *id >= 0),
                name if is_word(name) && !value.is_empty() && out.filtres.len() < Self::FILTRES_MAX => {
                    let filtre = (name.to_owned(), value);
                    if !out.filtres.contains(&filtre) {
                        out.filtres.push(filtre);
                    }
                }
                _ => {}
            }
        }
        out.colonnes.truncate(Self::COLONNES_MAX);
        out
    }

    /// The column sorted by if it is one of `known`, else the first of them.
    #[must_use]
    pub fn tri_parmi<'k>(&self, known: &[&'k str]) -> &'k str {
        let asked = self.tri.as_deref();
        known.iter().find(|k| Some(**k) == asked).or(known.first()).copied().unwrap_or_default()
    }

    /// First value of a filter.
    #[must_use]
    pub fn filtre(&self, name: &str) -> Option<&str> {
        self.filtres.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Every value of a filter.
    #[must_use]
    pub fn valeurs(&self, name: &str) -> Vec<&str> {
        self.filtres.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str()).collect()
    }

    /// The days of a filter made by [`crate::components::Filter::dates`]: from, to, both included.
    #[must_use]
    pub fn jours(&self, name: &str) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let jour = |end: &str| self.filtre(&format!("{name}_{end}")).and_then(|v| v.parse().ok());
        (jour("du"), jour("au"))
    }

    /// The bounds of a filter made by [`crate::components::Filter::numbers`]: at least, at most.
    #[must_use]
    pub fn bornes(&self, name: &str) -> (Option<Centi>, Option<Centi>) {
        let borne = |end: &str| self.filtre(&format!("{name}_{end}")).and_then(|v| Centi::parse(v).ok());
        (borne("min"), borne("max"))
    }

    /// Whether a parameter says what is looked at, rather than which rows of it.
    pub(crate) fn est_contexte(name: &str) -> bool {
        Self::CONTEXTE.contains(&name)
    }

    /// Whether a search or a filter narrows the list.
    #[must_use]
    pub fn est_restreinte(&self) -> bool {
        !self.recherche.is_empty()
            || self.filtres.iter().any(|(name, _)| !Self::CONTEXTE.contains(&name.as_str()))
    }

    /// What a store function pages by.
    #[must_use]
    pub fn paging(&self) -> Paging {
        Paging::new(self.page, self.taille)
    }

    /// Rows before this page.
    #[must_use]
    pub fn offset(&self) -> u64 {
        (self.page - 1) * self.taille
    }

    /// The address of this state of the list; what has its usual value is left out.
    #[must_use]
    pub fn url(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in self.pairs() {
            query.append_pair(&name, &value);
        }
        let query = query.finish();
        if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) }
    }

    /// Name and value of each parameter, in a fixed order.
    #[must_use]
    pub fn pairs(&self) -> Vec<(String, String)> {
        let mut out = Vec::new();
        if !self.recherche.is_empty() {
            out.push(("recherche".to_owned(), self.recherche.clone()));
        }
        out.extend(self.filtres.iter().cloned());
        if let Some(tri) = &self.tri {
            out.push(("tri".to_owned(), tri.clone()));
        }
        if self.sens == Sens::Decroissant {
            out.push(("sens".to_owned(), self.sens.code().to_owned()));
        }
        if self.taille != self.usuelle {
            out.push(("taille".to_owned(), self.taille.to_string()));
        }
        if !self.colonnes.is_empty() {
            out.push(("colonnes".to_owned(), self.colonnes.join(",")));
        }
        if self.page > 1 {
            out.push(("page".to_owned(), self.page.to_string()));
        }
        match self.vue {
            Some(vue) => out.push(("vue".to_owned(), vue.to_string())),
            None if self.vue_par_defaut && out.is_empty() => out.push(("vue".to_owned(), "0".to_owned())),
            None => {}
        }
        out
    }

    /// Where the whole of this list is downloaded.
    #[must_use]
    pub fn export_url(&self, format: Format) -> String {
        let url = self.a_la_page(1).url();
        let joint = if url.contains('?') { '&' } else { '?' };
        format!("{url}{joint}export={}", format.code())
    }

    /// The same list at another page.
    #[must_use]
    pub fn a_la_page(&self, page: u64) -> Self {
        Self { page: page.clamp(1, Self::PAGE_MAX), ..self.clone() }
    }

    /// The same list with pages of another size, from its start.
    #[must_use]
    pub fn par(&self, taille: u64) -> Self {
        Self { taille: nearest(taille), page: 1, ..self.clone() }
    }

    /// The same list sorted by `column`; a second time turns it round.
    #[must_use]
    pub fn triee_par(&self, column: &str) -> Self {
        let sens = if self.tri.as_deref() == Some(column) { self.sens.inverse() } else { Sens::Croissant };
        Self { tri: Some(column.to_owned()), sens, page: 1, ..self.clone() }
    }

    /// The same list searched for something else.
    #[must_use]
    pub fn cherchant(&self, texte: &str) -> Self {
        Self { recherche: clean(texte), page: 1, ..self.clone() }
    }

    /// The same list narrowed by one more filter.
    #[must_use]
    pub fn avec(&self, name: &str, value: &str) -> Self {
        let mut out = Self { page: 1, ..self.clone() };
        let filtre = (name.to_owned(), clean(value));
        if !out.filtres.contains(&filtre) && !Self::RESERVES.contains(&name) {
            out.filtres.push(filtre);
        }
        out
    }

    /// The same list without one filter.
    #[must_use]
    pub fn sans(&self, name: &str, value: &str) -> Self {
        let mut out = Self { page: 1, ..self.clone() };
        out.filtres.retain(|(n, v)| n != name || v != value);
        out
    }

    /// The same list without any value of a filter, its two bounds included.
    #[must_use]
    pub fn sans_filtre(&self, name: &str) -> Self {
        let mut out = Self { page: 1, ..self.clone() };
        out.filtres.retain(|(n, _)| {
            n != name && n.strip_prefix(name).is_none_or(|end| !["_du", "_au", "_min", "_max"].contains(&end))
        });
        out
    }

    /// The same list as the view `id` names it.
    pub(crate) fn of_view(&self, id: i64, parametres: &str) -> Self {
        Self { vue: Some(id), ..Self::parse_with(&self.path, parametres, self.usuelle) }
    }

    /// The same list, whole.
    #[must_use]
    pub fn entiere(&self) -> Self {
        let filtres = self.filtres.iter().filter(|(name, _)| Self::CONTEXTE.contains(&name.as_str()));
        Self { recherche: String::new(), filtres: filtres.cloned().collect(), page: 1, ..self.clone() }
    }
}

/// The page size an address chooses, to be kept for the next lists.
pub(crate) fn taille_choisie(query: &str) -> Option<u64> {
    let (_, value) = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "taille")?;
    value.parse().ok().map(nearest)
}

/// A parameter name or a column: what could be one of ours.
fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 40
        && !ListQuery::RESERVES.contains(&text)
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

fn clean(text: &str) -> String {
    let out: String = text.chars().filter(|c| !c.is_control()).take(ListQuery::TEXTE_MAX).collect();
    out.trim().to_owned()
}

fn nearest(taille: u64) -> u64 {
    let fits = ListQuery::TAILLES.into_iter().find(|offered| *offered >= taille);
    fits.or(ListQuery::TAILLES.last().copied()).unwrap_or(ListQuery::TAILLE)
}

impl<S: Send + Sync> FromRequestParts<S> for ListQuery {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let kept = cookie::read(&parts.headers, cookie::TAILLE).and_then(|text| text.parse().ok());
        let usuelle = kept.map_or(Self::TAILLE, nearest);
        Ok(Self::parse_with(parts.uri.path(), parts.uri.query().unwrap_or_default(), usuelle))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn links_keep_the_rest_and_return_to_the_first_page() {
        let q = ListQuery::parse("/e", "recherche=droit&nature=UE&tri=code&page=3&taille=100");
        assert_eq!(q.a_la_page(4).url(), "/e?recherche=droit&nature=UE&tri=code&taille=100&page=4");
        assert_eq!(q.triee_par("code").url(), "/e?recherche=droit&nature=UE&tri=code&sens=desc&taille=100");
        assert_eq!(q.triee_par("libelle").url(), "/e?recherche=droit&nature=UE&tri=libelle&taille=100");
        assert_eq!(q.sans("nature", "UE").url(), "/e?recherche=droit&tri=code&taille=100");
        assert_eq!(q.avec("nature", "EC").valeurs("nature"), ["UE", "EC"]);
        assert_eq!(q.entiere().url(), "/e?tri=code&taille=100");
    }

    #[test]
    fn only_known_columns_sort() {
        let q = ListQuery::parse("/e", "tri=libelle");
        assert_eq!(q.tri_parmi(&["code", "libelle"]), "libelle");
        assert_eq!(q.tri_parmi(&["code", "ects"]), "code");
        assert_eq!(ListQuery::parse("/e", "tri=code;DROP").tri, None);
    }

    proptest! {
        #[test]
        fn whatever_is_typed_stays_in_bounds_and_comes_back_from_its_own_link(query in "\\PC{0,300}") {
            let q = ListQuery::parse("/e", &query);
            prop_assert!((1..=ListQuery::PAGE_MAX).contains(&q.page));
            prop_assert!(ListQuery::TAILLES.contains(&q.taille));
            prop_assert!(q.recherche.chars().count() <= ListQuery::TEXTE_MAX);
            prop_assert!(q.filtres.len() <= ListQuery::FILTRES_MAX);
            let url = q.url();
            let again = ListQuery::parse("/e", url.split_once('?').map_or("", |(_, query)| query));
            prop_assert_eq!(again, ListQuery { export: None, ..q });
        }

        #[test]
        fn every_parameter_holding_anything_stays_in_bounds(
            asked in prop::collection::vec((
                prop::sample::select(vec![
                    "recherche", "page", "taille", "tri", "sens", "colonnes", "export", "vue", "nature", "vu_du", "vu_au", "ects_min",
                ]),
                "[\\PC%_!'\"\\\\,;\u{0}-\u{1f}\u{202e}\u{200b}]{0,40}|[0-9]{1,25}|[a-z,]{0,300}|desc|xlsx",
            ), 0..60),
        ) {
            let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&asked).finish();
            let mut q = ListQuery::parse("/e", &query);
            prop_assert!(q.colonnes.len() <= ListQuery::COLONNES_MAX && q.filtres.len() <= ListQuery::FILTRES_MAX);
            prop_assert!(q.colonnes.iter().all(|c| is_word(c)));
            prop_assert!(q.vue.is_none_or(|id| id >= 0));
            prop_assert!(q.pairs().iter().all(|(_, value)| !value.contains(char::is_control)));
            let _ = (q.jours("vu"), q.bornes("ects"), q.paging(), q.offset());
            // An export is asked once, by its own link: other links never carry it.
            q.export = None;
            let url = q.url();
            prop_assert_eq!(ListQuery::parse("/e", url.split_once('?').map_or("", |(_, query)| query)), q);
        }

        #[test]
        fn numbers_out_of_bounds_are_brought_back(page in any::<i128>(), taille in any::<i128>()) {
            let q = ListQuery::parse("/e", &format!("page={page}&taille={taille}"));
            prop_assert!((1..=ListQuery::PAGE_MAX).contains(&q.page));
            prop_assert!(ListQuery::TAILLES.contains(&q.taille));
        }
    }
}
