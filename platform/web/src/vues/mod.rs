//! What a person keeps of a list: its columns, and views that have a name, that one may share with a role and show first.
//!
//! A view is the query part of an address. It is read by [`ListQuery`] like any address: whatever it holds, it asks nothing that its
//! reader could not ask, and a list shown through it is guarded by its own route.

mod actions;
mod migration;
mod pages;
mod store;

use kernel::{Right, Role};
use serde_json::{Value, json};

pub(crate) use migration::MIGRATION;
pub(crate) use pages::routes;
pub(crate) use store::{Garde, garde_read, vue_list};

use crate::{ListQuery, Visitor};

/// A named state of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Vue {
    pub(crate) id: i64,
    /// The route of its list.
    pub(crate) liste: String,
    pub(crate) compte: i64,
    pub(crate) proprietaire: String,
    pub(crate) nom: String,
    /// The query part of its address.
    pub(crate) parametres: String,
    /// Whom it is shared with.
    pub(crate) role: Option<Role>,
    pub(crate) supprimee: bool,
}

impl Vue {
    /// Whether `visitor` may change it: its owner, and whoever administers.
    pub(crate) fn editable_by(&self, visitor: &Visitor) -> bool {
        self.compte == visitor.compte || (self.role.is_some() && visitor.may(Right::Administrer))
    }

    /// Whether `visitor` may use it.
    pub(crate) fn usable_by(&self, visitor: &Visitor) -> bool {
        self.compte == visitor.compte || self.role == Some(visitor.role)
    }

    /// Its address on `path`.
    pub(crate) fn url(&self, path: &str) -> String {
        let joint = if self.parametres.is_empty() { "" } else { "&" };
        format!("{path}?{}{joint}vue={}", self.parametres, self.id)
    }

    /// Whether `query` shows what it names.
    pub(crate) fn shows(&self, query: &ListQuery) -> bool {
        parametres(query) == self.parametres
    }

    fn journal(&self) -> Value {
        json!({
            "liste": self.liste, "nom": self.nom, "parametres": self.parametres,
            "partage": self.role.map(Role::code), "supprimee": self.supprimee,
        })
    }
}

/// What a view keeps of the state of a list: everything but the page, the view it came from and the size of pages, which is the person's.
pub(crate) fn parametres(query: &ListQuery) -> String {
    let kept = query.pairs();
    let kept = kept.iter().filter(|(name, _)| !["page", "vue", "taille"].contains(&name.as_str()));
    form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish()
}
