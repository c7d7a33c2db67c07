//! What a list page needs of its request, beyond what was asked: who asks, the columns that person keeps, their views.

use std::ops::Deref;

use axum::extract::{FromRequestParts, MatchedPath};
use axum::http::request::Parts;
use db::journal::{self, Entry};
use db::{DbError, Paging, Recent};
use serde_json::json;

use crate::export::Format;
use crate::vues::{Garde, Vue, garde_read, vue_list};
use crate::{ListQuery, PageError, Visitor, Web};

/// The request of a list page. An extractor; it is read as the [`ListQuery`] it holds. On the bare address it is the view that the
/// person chose to see first.
#[derive(Clone, Debug)]
pub struct Listage {
    query: ListQuery,
    pub(crate) liste: String,
    pub(crate) garde: Garde,
    pub(crate) vues: Vec<Vue>,
    pub(crate) visitor: Visitor,
    web: Web,
}

impl Deref for Listage {
    type Target = ListQuery;

    fn deref(&self) -> &ListQuery {
        &self.query
    }
}

impl Listage {
    /// What was asked.
    #[must_use]
    pub fn query(&self) -> &ListQuery {
        &self.query
    }

    /// Who asks.
    #[must_use]
    pub fn visitor(&self) -> &Visitor {
        &self.visitor
    }

    /// What the whole list is asked as, instead of a page of it.
    #[must_use]
    pub fn export(&self) -> Option<Format> {
        self.query.export
    }

    /// The page asked; when the list is shorter than that, its last page.
    ///
    /// # Errors
    /// Those of `read`.
    pub async fn read<T, E, F, Fut>(&self, read: F) -> Result<db::Page<T>, E>
    where
        F: Fn(Paging) -> Fut,
        Fut: Future<Output = Result<db::Page<T>, E>>,
    {
        let page = read(self.query.paging()).await?;
        if page.total == 0 || !page.elements.is_empty() {
            return Ok(page);
        }
        read(Paging::new(page.total.div_ceil(self.query.taille.max(1)), self.query.taille)).await
    }

    pub(crate) fn today(&self) -> chrono::NaiveDate {
        kernel::heure_de_besancon(self.web.clock().now()).date()
    }

    /// One line: who took which list away, as what, how many rows.
    pub(crate) async fn journal_export(&self, objet: &str, format: Format, rows: u64) -> Result<(), DbError> {
        let actor = self.visitor.actor();
        let (actor, now) = (&actor, self.web.clock().now());
        self.web
            .db()
            .write(|tx| async move {
                let apres = json!({
                    "format": format.code(), "lignes": rows, "filtres": self.query.filtres.len(),
                    "recherche": !self.query.recherche.is_empty(),
                });
                let entry = Entry {
                    quand: now,
                    acteur: actor,
                    action: "export",
                    objet: "liste",
                    cle: objet,
                    avant: None,
                    apres: Some(apres),
                };
                journal::write(&*tx, entry).await
            })
            .await
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Listage {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let Ok(query) = ListQuery::from_request_parts(parts, state).await;
        let visitor = parts.extensions.get::<Visitor>().cloned().ok_or_else(PageError::not_signed_in)?;
        let web = parts.extensions.get::<Web>().cloned().ok_or_else(|| {
            tracing::error!("a list was served outside Web::serve");
            PageError::internal("cadre", None, None)
        })?;
        // The route rather than the address: columns and views belong to « a student's registrations », not to one student's.
        let liste = parts
            .extensions
            .get::<MatchedPath>()
            .map_or_else(|| query.path.clone(), |p| p.as_str().to_owned());
        let (key, compte, role) = (liste.as_str(), visitor.compte, visitor.role);
        let recent = web.db().shared(|| Recent::<(String, i64, &'static str), (Garde, Vec<Vue>)>::new(2_000));
        let read = || {
            web.db().read(|c| async move {
                let garde = garde_read(&c, key, compte).await?;
                Ok::<_, DbError>((garde, vue_list(&c, key, compte, role).await?))
            })
        };
        let (garde, mut vues) = recent.get(web.db(), (liste.clone(), compte, role.code()), read).await?;
        vues.retain(|vue| !vue.supprimee);
        let first = garde.vue.and_then(|id| vues.iter().find(|vue| vue.id == id));
        let bare = parts.uri.query().unwrap_or_default().is_empty();
        let mut query = match first.filter(|_| bare) {
            Some(vue) => query.of_view(vue.id, &vue.parametres),
            None => query,
        };
        query.vue_par_defaut = first.is_some();
        Ok(Self { query, liste, garde, vues, visitor, web })
    }
}
