//! What every address of the REST interface shares: the envelope of lists and what may be asked of one, conditional answers, and the
//! refusal.
//!
//! ```ignore
//! async fn etapes(query: ListeQuery, conditions: Conditions, acces: Acces, State(m): State<Maquette>) -> Result<Response, PageError> {
//!     query.seulement(&["composante"])?;                               // a name mistyped is refused, never ignored
//!     let annee = query.annee.unwrap_or(courante);
//!     let total = …;
//!     let rows = if query.au_dela(total) { Vec::new() } else { … query.offset(), query.taille … };
//!     rest::json(&conditions, &Liste::new(&query, total, rows))        // 200 with an ETag, or 304
//! }
//! ```
//!
//! - [`ListeQuery`] refuses with 400 what cannot be read, and says why; [`ListeQuery::au_dela`] tells that a page is beyond the end
//!   before anything is asked of the database.
//! - When what an answer depends on is known without making it (the version of a year, say), ask [`Conditions::tiennent`] first and
//!   answer [`inchange`]: nothing else is then done. [`octets`] answers a body kept ready.
//! - Documentation: `#[utoipa::path(get, path = "/api/v1/…", tag = "Maquette", params(ParametresListe), responses((status = 200, body =
//!   Liste<EtapeJson>)), security(("jeton" = ["maquette:lire"])))]`. `app` adds what every operation answers (304, 400, 401, 403, 429).

mod conditions;
mod documentation;
mod lecture;
mod liste;
mod reponse;

pub use conditions::{Conditions, Etag};
pub use documentation::documentation;
pub use liste::{Liste, ListeQuery, ParametresListe};
pub use reponse::{Probleme, inchange, json, json_avec, octets};
