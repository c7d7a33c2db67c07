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
//!    struct Etapes { frame: Frame, table: Table }
//!
//!    async fn liste(frame: Frame, listage: Listage, State(m): State<Maquette>) -> Result<Response, PageError> {
//!        let liste = Liste::<EtapeVue>::new("etapes", "Étapes")   // one definition: page, files, choice of columns
//!            .column(Column::text("code", "Code").sortable(), |e| Cell::code(&e.code))
//!            .column(Column::text("libelle", "Libellé").sortable(), |e| Cell::text(&e.libelle))
//!            .column(Column::number("ects", "ECTS").sortable(), |e| Cell::centi(e.ects))
//!            .column(Column::text("vue", "Vue le").hidden(), |e| Cell::instant(e.vue_le))
//!            .opens(|e| format!("/maquette/etapes/{}", e.code))
//!            .searching("Code ou libellé")
//!            .filters([Filter::new("nature", "Nature").counted("UE", "Unité d’enseignement", 12)])
//!            .empty(Empty::new("Aucune étape", "La collecte de l'offre n'a pas encore eu lieu."));
//!        if listage.export().is_some() {                          // ?export=csv|xlsx: every row, chunk by chunk
//!            let (m, query) = (m.clone(), listage.query().clone());
//!            return liste.export(&listage, move |tranche| { let (m, query) = (m.clone(), query.clone());
//!                async move { Ok::<_, DbError>(m.etapes(&query, tranche.paging()).await?.elements) } }).await;
//!        }
//!        let page = listage.read(|paging| m.etapes(&listage, paging)).await?;   // page 10^9 is the last one
//!        let table = liste.table(&listage, &page);                // any kernel::Fault becomes its page
//!        Ok(Page(Etapes { frame: frame.titled("Étapes").crumb("Maquette", "/maquette"), table }).into_response())
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
//! # A list
//!
//! [`Listage`] is the request of a list page: it reads as the [`ListQuery`] it holds, and knows the person's columns and saved views.
//! - Rows are people: `.journaled("etudiants")`; an export is then a line of the journal, written before anything leaves.
//! - Filters: [`components::Filter::new`] (values, [`ListQuery::valeurs`]), `::dates` ([`ListQuery::jours`]), `::numbers`
//!   ([`ListQuery::bornes`]). A menu of more than twelve values is searched.
//! - Several rows at once: `.bulk(Bulk::new().action(Right::AnomaliesTraiter, "/maquette/anomalies/assigner", "Assigner…"), |a| a.id.to_string())`.
//!   That route takes the POST as a [`components::Selection`]: keys, or the list as it was narrowed. Show there a form that says what
//!   will be done, carrying [`components::Selection::hidden`] to the route that does it, which takes a `Selection` as well.
//! - Orders are total: end each with the key. [`ListQuery::tri_parmi`] refuses columns that are not yours.
//! - Short tables inside an object's page need none of this: [`components::Table`] alone.
//!
//! A handler that changes something takes [`Visitor`] (who, for the journal: [`Visitor::actor`]), and ends with
//! `Ok(Redirection::to("/maquette/collectes/12").success("La collecte est lancée."))`. Forms come from [`components::ActionForm`] and
//! [`components::Dialog`], which carry the token without which every request that is not a GET is refused. A file comes by
//! [`components::UploadForm`] and [`televersement::Televersement`].
//!
//! # What surrounds a page
//!
//! [`Web::serve`] puts, from the outside in: trace, security headers, compression, body limit, session and token ([`Visitor`]), errors
//! dressed as pages, and the guard of each route's [`kernel::Right`].
//!
//! Every component is shown with samples at `/composants`; screens for looking at come from `cargo run -p web --example galerie`.

mod adresse;
pub mod assets;
mod cas;
pub mod components;
pub mod comptes;
mod cookie;
mod error;
mod export;
mod frame;
mod galerie;
mod headers;
mod hex;
mod html;
pub mod jetons;
mod last_use;
mod listage;
mod listing;
mod page;
mod premier_champ;
mod problem;
pub mod rest;
mod routes;
mod sessions;
mod shell;
mod stack;
pub mod televersement;
mod visitor;
mod vu;
mod vues;

pub use adresse::Adresse;
pub use cas::{Cas, ReglagesCas};
pub use error::PageError;
pub use export::{Format, Tranche};
pub use frame::{Flash, Frame, Theme};
pub use headers::FormulaireVers;
pub use html::Html;
pub use listage::Listage;
pub use listing::{ListQuery, Sens};
pub use page::{Page, Redirection};
pub use routes::{Declared, RouteTable, Routes};
pub use shell::{Contact, NavEntry, NavGroup, Repere, RepereSource, Shell};
pub use stack::{MIGRATIONS, Settings, Web};
pub use visitor::Visitor;
pub use vu::{Conflit, Vu, diffs};
