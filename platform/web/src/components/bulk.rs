//! Actions on several rows at once: those that are checked, or the whole of the list as it is narrowed.

use askama::Template;
use axum::extract::{Form, FromRequest, Request};
use kernel::{Right, nombre_francais};

use crate::listing::ListQuery;
use crate::page::safe_return;
use crate::{PageError, Visitor};

/// What may be done to several rows. Each action posts to a route of its own, guarded by its own right; who does not hold it is not
/// offered it.
#[derive(Clone, Debug, Default)]
pub struct Bulk {
    actions: Vec<(Right, String, String)>,
}

impl Bulk {
    /// Without actions yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A verb, « Assigner… », for who holds `right`; `href` takes the POST, read there with [`Selection`].
    #[must_use]
    pub fn action(mut self, right: Right, href: impl Into<String>, label: impl Into<String>) -> Self {
        self.actions.push((right, href.into(), label.into()));
        self
    }

    pub(super) fn bar(
        &self,
        list: &str,
        visitor: &Visitor,
        query: &ListQuery,
        total: u64,
    ) -> Option<BulkBar> {
        let actions = self.actions.iter().filter(|(right, ..)| visitor.may(*right));
        let actions: Vec<_> = actions.map(|(_, href, label)| (href.clone(), label.clone())).collect();
        (!actions.is_empty()).then(|| BulkBar {
            list: list.to_owned(),
            csrf: visitor.csrf().to_owned(),
            url: query.a_la_page(1).url(),
            total,
            actions,
        })
    }
}

/// The bar of a list whose rows can be chosen.
#[derive(Clone, Debug, Template)]
#[template(path = "composants/lot.html")]
pub(super) struct BulkBar {
    list: String,
    csrf: String,
    url: String,
    total: u64,
    actions: Vec<(String, String)>,
}

impl BulkBar {
    fn whole(&self) -> String {
        lignes(self.total)
    }
}

/// « 1 ligne », « 1 234 lignes ».
pub(crate) fn lignes(n: u64) -> String {
    pluriel(n, "ligne", "lignes")
}

pub(crate) fn pluriel(n: u64, one: &str, several: &str) -> String {
    let said = nombre_francais(i64::try_from(n).unwrap_or(i64::MAX));
    format!("{said} {}", if n > 1 { several } else { one })
}

/// What was chosen in a list, as an action receives it: an extractor of forms, which refuses an empty choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Keys of the checked rows; empty when the whole list is meant.
    pub lignes: Vec<String>,
    /// The list as it was narrowed, when the whole of it is meant: ask the database with its filters, never with 60,000 keys.
    pub liste: Option<ListQuery>,
    /// Rows the person saw when choosing: compare before acting on a whole list, which may have grown since.
    pub total: u64,
    origine: String,
    champs: Vec<(String, String)>,
}

impl Selection {
    /// Keys that one form may carry.
    pub const MAX: usize = 1_000;
    const NOMS: [&str; 5] = ["_csrf", "choix", "portee", "origine", "total"];

    fn read(fields: Vec<(String, String)>) -> Result<Self, PageError> {
        let first = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
        let origine = first("origine").unwrap_or_default();
        let origine = safe_return(&origine).to_owned();
        let whole = first("portee").as_deref() == Some("liste");
        let (path, query) = origine.split_once('?').unwrap_or((&origine, ""));
        let liste = whole.then(|| ListQuery::parse(path, query));
        let mut lignes: Vec<String> = if whole {
            Vec::new()
        } else {
            fields
                .iter()
                .filter(|(name, value)| name == "choix" && !value.is_empty())
                .map(|(_, v)| v.clone())
                .collect()
        };
        lignes.sort();
        lignes.dedup();
        if liste.is_none() && lignes.is_empty() {
            return Err(PageError::invalid(
                "Aucune ligne n’est sélectionnée : rien n’a été modifié.",
                "Revenez à la liste et cochez au moins une ligne.",
            ));
        }
        if lignes.len() > Self::MAX {
            return Err(PageError::invalid(
                "Trop de lignes sont cochées : rien n’a été modifié.",
                "Choisissez plutôt toute la liste, après l’avoir restreinte par ses filtres.",
            ));
        }
        let total = match &liste {
            Some(_) => first("total").and_then(|n| n.parse().ok()).unwrap_or_default(),
            None => lignes.len() as u64,
        };
        let champs = fields.into_iter().filter(|(name, _)| !Self::NOMS.contains(&name.as_str())).collect();
        Ok(Self { lignes, liste, total, origine, champs })
    }

    /// Another field of the form: a reason, whom to assign to.
    #[must_use]
    pub fn champ(&self, name: &str) -> Option<&str> {
        self.champs.iter().find(|(n, _)| n == name).map(|(_, value)| value.trim())
    }

    /// Every value of a field that may be sent several times: boxes that were ticked.
    #[must_use]
    pub fn tous(&self, name: &str) -> Vec<&str> {
        self.champs.iter().filter(|(n, _)| n == name).map(|(_, value)| value.trim()).collect()
    }

    /// « 12 lignes », for titles and buttons.
    #[must_use]
    pub fn mots(&self) -> String {
        lignes(self.total)
    }

    /// The list as it was, to come back to.
    #[must_use]
    pub fn retour(&self) -> &str {
        &self.origine
    }

    /// The same choice as hidden fields, for the form that asks for the rest before acting.
    #[must_use]
    pub fn hidden(&self) -> Vec<(String, String)> {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut out = vec![pair("origine", &self.origine), pair("total", &self.total.to_string())];
        if self.liste.is_some() {
            out.push(pair("portee", "liste"));
        }
        out.extend(self.lignes.iter().map(|key| pair("choix", key)));
        out
    }
}

impl<S: Send + Sync> FromRequest<S> for Selection {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let form = Form::<Vec<(String, String)>>::from_request(request, state).await;
        let Form(fields) = form.map_err(|_| {
            PageError::invalid(
                "Ce formulaire n’a pas pu être lu : rien n’a été modifié.",
                "Revenez à la liste, rechargez-la, puis recommencez.",
            )
        })?;
        Self::read(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &[(&str, &str)]) -> Result<Selection, PageError> {
        Selection::read(fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect())
    }

    #[test]
    fn checked_rows_are_keys_and_the_whole_list_is_its_filters() {
        let rows = read(&[
            ("choix", "b"),
            ("choix", "a"),
            ("choix", "a"),
            ("origine", "/e?nature=UE"),
            ("motif", " x "),
        ])
        .expect("rows");
        assert_eq!(rows.lignes, ["a", "b"]);
        assert_eq!((rows.liste.as_ref(), rows.total, rows.champ("motif")), (None, 2, Some("x")));
        let whole =
            read(&[("choix", "a"), ("portee", "liste"), ("origine", "/e?nature=UE"), ("total", "1234")])
                .expect("whole");
        assert!(whole.lignes.is_empty());
        assert_eq!(whole.liste.as_ref().expect("a list").valeurs("nature"), ["UE"]);
        assert_eq!(whole.mots(), "1\u{202f}234 lignes");
        for selection in [rows, whole] {
            let hidden = selection.hidden();
            let fields: Vec<_> = hidden.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            let again = read(&fields).expect("the same");
            assert_eq!(
                (again.lignes, again.liste, again.total),
                (selection.lignes, selection.liste, selection.total)
            );
        }
    }

    #[test]
    fn nothing_chosen_and_too_much_chosen_are_refused() {
        assert!(read(&[("origine", "/e")]).is_err());
        let many: Vec<_> = (0..=Selection::MAX).map(|n| ("choix".to_owned(), n.to_string())).collect();
        assert!(Selection::read(many).is_err());
        assert_eq!(read(&[("choix", "a"), ("origine", "//ailleurs.example/e")]).expect("rows").retour(), "/");
    }
}
