//! What a list is narrowed by: values, days, quantities; those in force are chips that one removes.

use askama::Template;
use chrono::NaiveDate;
use kernel::{Centi, nombre_francais};

use super::Icon;
use crate::listing::ListQuery;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Options,
    Dates,
    Numbers,
}

#[derive(Clone, Debug)]
struct Choix {
    value: String,
    word: String,
    count: Option<u64>,
}

/// A thing a list can be narrowed by.
#[derive(Clone, Debug)]
pub struct Filter {
    name: String,
    label: String,
    kind: Kind,
    options: Vec<Choix>,
    /// It changes more than the list, the year at the top of the page for one: the whole page is loaded again.
    whole_page: bool,
}

impl Filter {
    /// Values among which one or several are kept. `name` is what the address carries; read it with [`ListQuery::valeurs`].
    #[must_use]
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> Self {
        let name = name.into();
        let whole_page = ListQuery::est_contexte(&name);
        Self { name, label: label.into(), kind: Kind::Options, options: Vec::new(), whole_page }
    }

    /// From a day to a day; read it with [`ListQuery::jours`].
    #[must_use]
    pub fn dates(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self { kind: Kind::Dates, ..Self::new(name, label) }
    }

    /// From a quantity to a quantity; read it with [`ListQuery::bornes`].
    #[must_use]
    pub fn numbers(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self { kind: Kind::Numbers, ..Self::new(name, label) }
    }

    /// A value and its word.
    #[must_use]
    pub fn option(mut self, value: impl Into<String>, word: impl Into<String>) -> Self {
        self.options.push(Choix { value: value.into(), word: word.into(), count: None });
        self
    }

    /// A value, its word, and how many rows have it.
    #[must_use]
    pub fn counted(mut self, value: impl Into<String>, word: impl Into<String>, count: u64) -> Self {
        self.options.push(Choix { value: value.into(), word: word.into(), count: Some(count) });
        self
    }

    fn word(&self, value: &str) -> String {
        let known = self.options.iter().find(|choix| choix.value == value);
        known.map_or_else(|| value.to_owned(), |choix| choix.word.clone())
    }

    /// Names of the two bounds in the address, with how each is said.
    fn bounds(&self) -> Vec<(String, &'static str)> {
        let ends: [(&str, &'static str); 2] = match self.kind {
            Kind::Options => return Vec::new(),
            Kind::Dates => [("du", "Du"), ("au", "Au")],
            Kind::Numbers => [("min", "Au moins"), ("max", "Au plus")],
        };
        ends.map(|(end, said)| (format!("{}_{end}", self.name), said)).into()
    }

    /// A value in force of this filter, as words: `None` when the parameter is another's, or cannot be read.
    fn said(&self, name: &str, value: &str) -> Option<String> {
        if self.kind == Kind::Options {
            return (name == self.name).then(|| self.word(value));
        }
        let (_, end) = self.bounds().into_iter().find(|(bound, _)| bound == name)?;
        let value = match self.kind {
            Kind::Dates => value.parse::<NaiveDate>().ok()?.format("%d/%m/%Y").to_string(),
            _ => Centi::parse(value).ok()?.to_string(),
        };
        Some(format!("{} {value}", end.to_lowercase()))
    }
}

/// A value in force, as the list shows it.
pub(super) struct Chip {
    pub(super) label: String,
    pub(super) word: String,
    /// The list without it.
    pub(super) href: String,
    whole_page: bool,
}

/// One value of a filter, as the menu shows it.
struct Choice {
    word: String,
    count: Option<String>,
    href: String,
    chosen: bool,
}

/// A bound of a filter of days or quantities, as the menu shows it.
struct Bound {
    id: String,
    name: String,
    label: &'static str,
    value: String,
}

/// The filters of a list: those in force as chips that one removes, the others in menus.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/filtres.html")]
pub struct FilterChips {
    query: ListQuery,
    filters: Vec<Filter>,
    target: Option<String>,
}

impl FilterChips {
    /// For the state of the list in `query`.
    #[must_use]
    pub fn new(query: &ListQuery, filters: impl IntoIterator<Item = Filter>) -> Self {
        Self { query: query.clone(), filters: filters.into_iter().collect(), target: None }
    }

    /// The element that htmx replaces when a filter is chosen; whole pages otherwise.
    #[must_use]
    pub fn replacing(mut self, id: impl Into<String>) -> Self {
        self.target = Some(id.into());
        self
    }

    /// Each value in force that the page knows.
    pub(super) fn active(&self) -> Vec<Chip> {
        let known = self.query.filtres.iter().filter_map(|(name, value)| {
            let (filter, word) = self.filters.iter().find_map(|f| Some((f, f.said(name, value)?)))?;
            let href = self.query.sans(name, value).url();
            Some(Chip { label: filter.label.clone(), word, href, whole_page: filter.whole_page })
        });
        known.collect()
    }

    fn choices(&self, filter: &Filter) -> Vec<Choice> {
        let choice = |choix: &Choix| {
            let chosen = self.query.valeurs(&filter.name).contains(&choix.value.as_str());
            let next = if chosen {
                self.query.sans(&filter.name, &choix.value)
            } else {
                self.query.avec(&filter.name, &choix.value)
            };
            Choice {
                word: choix.word.clone(),
                count: choix.count.map(|n| nombre_francais(i64::try_from(n).unwrap_or(i64::MAX))),
                href: next.url(),
                chosen,
            }
        };
        filter.options.iter().map(choice).collect()
    }

    /// A menu that is longer than this is searched rather than read.
    fn is_long(filter: &Filter) -> bool {
        filter.options.len() > 12
    }

    fn bounds(&self, filter: &Filter) -> Vec<Bound> {
        let id = self.target.as_deref().unwrap_or("liste");
        let bound = |(name, label): (String, &'static str)| Bound {
            id: format!("{id}-{name}"),
            value: self.query.filtre(&name).unwrap_or_default().to_owned(),
            name,
            label,
        };
        filter.bounds().into_iter().map(bound).collect()
    }

    fn input(filter: &Filter) -> (&'static str, &'static str) {
        match filter.kind {
            Kind::Dates => ("date", ""),
            _ => ("text", "decimal"),
        }
    }

    /// What the address holds besides this filter, for its form.
    fn rest(&self, filter: &Filter) -> Vec<(String, String)> {
        self.query.sans_filtre(&filter.name).pairs()
    }

    /// How many values of the filter are in force.
    fn in_force(&self, filter: &Filter) -> usize {
        self.query.filtres.iter().filter(|(name, value)| filter.said(name, value).is_some()).count()
    }

    fn whole(&self) -> String {
        self.query.entiere().url()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chips_say_days_and_quantities_and_what_the_page_does_not_know_is_silent() {
        let query = ListQuery::parse("/e", "vu_du=2025-01-13&ects_min=4,50&nature=UE&vu_au=hier&autre=1");
        let filters = [
            Filter::dates("vu", "Vu"),
            Filter::numbers("ects", "ECTS"),
            Filter::new("nature", "Nature").option("UE", "Unité"),
        ];
        let chips = FilterChips::new(&query, filters);
        let said: Vec<_> =
            chips.active().into_iter().map(|chip| format!("{} {}", chip.label, chip.word)).collect();
        assert_eq!(said, ["Vu du 13/01/2025", "ECTS au moins 4,5", "Nature Unité"]);
        assert_eq!(query.jours("vu"), (NaiveDate::from_ymd_opt(2025, 1, 13), None));
        assert_eq!(query.bornes("ects"), (Some(Centi(450)), None));
        assert_eq!(query.sans_filtre("vu").filtres.len(), 3);
    }
}
