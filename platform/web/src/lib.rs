//! Pages: the frame around them, the components inside them, who may see them.
//!
//! # To add a page
//!
//! Three files, all in the context's crate, and one line in its `routes()`:
//!
//! 1. `askama.toml`, once per crate, so that its templates find the frame:
//!    ```toml
//!    [general]
//!    dirs = ["templates", "../../platform/web/templates"]
//!    ```
//! 2. `templates/etapes/liste.html`, named after `src/web/`:
//!    ```html
//!    {% extends "layout.html" %}
//!    {% block contenu %}{{ table }}{% endblock %}
//!    ```
//!    Blocks are `soustitre` (under the title: [`components::Identity`]), `actions` (right of the title) and `contenu`. Components are
//!    written `{{ table }}`: their type says that they are HTML, and whatever they hold is escaped. No template needs `|safe`.
//! 3. `src/web/etapes.rs`: a page struct of decided values, and its handler.
//!    ```ignore
//!    #[derive(Template)]
//!    #[template(path = "etapes/liste.html")]
//!    struct Liste { frame: Frame, table: Table }
//!
//!    async fn liste(frame: Frame, query: ListQuery, State(m): State<Maquette>) -> Result<Page<Liste>, PageError> {
//!        let page = m.etapes(&query).await?;                      // any kernel::Fault becomes its page
//!        let table = Table::new("etapes", "Étapes")
//!            .columns([Column::text("code", "Code").sortable(), Column::text("libelle", "Libellé").sortable(),
//!                      Column::number("ects", "ECTS")])
//!            .listing(&query, page.total)                         // pager, sort links, search box
//!            .searching("Code ou libellé")
//!            .rows(page.elements.iter().map(|e| Row::to(format!("/maquette/etapes/{}", e.code))
//!                .code(&e.code).text(&e.libelle).centi(e.ects)))
//!            .empty(Empty::new("Aucune étape", "La collecte de l'offre n'a pas encore eu lieu."));
//!        Ok(Page(Liste { frame: frame.titled("Étapes").crumb("Maquette", "/maquette"), table }))
//!    }
//!
//!    pub fn routes(m: Maquette) -> RouteTable {
//!        Routes::with_state(m)
//!            .get("/maquette/etapes", Right::MaquetteLire, liste)
//!            .post("/maquette/collectes", Right::MaquetteCollecter, lancer)
//!            .build()
//!    }
//!    ```
//!
//! A handler that changes something takes [`Visitor`] (who, for the journal: [`Visitor::actor`]), and ends with
//! `Ok(Redirection::to("/maquette/collectes/12").success("La collecte est lancée."))`. Forms come from [`components::ActionForm`] and
//! [`components::Dialog`], which carry the token without which every request that is not a GET is refused.
//!
//! # What surrounds a page
//!
//! [`Web::serve`] puts, from the outside in: trace, security headers, compression, body limit, session and token ([`Visitor`]), errors
//! dressed as pages, and the guard of each route's [`kernel::Right`].
//!
//! Every component is shown with samples at `/composants`; screens for looking at come from `cargo run -p web --example galerie`.

pub mod assets;
pub mod components;
pub mod comptes;
mod cookie;
mod error;
mod frame;
mod galerie;
mod headers;
mod hex;
mod html;
pub mod jetons;
mod listing;
mod page;
mod problem;
mod routes;
mod sessions;
mod shell;
mod stack;
mod visitor;

pub use error::PageError;
pub use frame::{Flash, Frame, Theme};
pub use html::Html;
pub use listing::{ListQuery, Sens};
pub use page::{Page, Redirection};
pub use routes::{Declared, RouteTable, Routes};
pub use shell::{Contact, NavEntry, NavGroup, Repere, RepereSource, Shell};
pub use stack::{MIGRATIONS, Settings, Web};
pub use visitor::Visitor;
