//! SQLite or PostgreSQL, behind two verbs.
//!
//! ```ignore
//! let etapes = db.read(|c| async move { store::etape_list(&c, &query).await }).await?;
//! db.write(|tx| async move {
//!     store::etape_close(&*tx, &code).await?;
//!     journal::write(&*tx, &Entry { … }).await
//! }).await?;
//! ```
//!
//! - [`Db::read`] gives a connection of the reader pool; nothing may be written through it.
//! - [`Db::write`] opens a transaction: BEGIN IMMEDIATE through the only writer connection on SQLite (a deferred
//!   transaction that reads then writes fails under concurrency, whatever the busy timeout), an ordinary transaction with
//!   bounded retry on PostgreSQL. The closure may therefore run more than once: it must hold no side effect outside the database.
//! - Store functions take `&impl ConnectionTrait`, so that the same function serves both verbs.
//! - Tables are born in [`Migration`]s, owned by their context, that only expand.
//! - What differs between engines is in [`dialect`], alone.

pub mod dialect;
mod error;
pub mod journal;
pub mod journal_search;
mod migration;
mod open;
mod paging;
mod recent;
pub mod sql;
mod upsert;

pub use dialect::Engine;
pub use error::DbError;
pub use migration::{Migration, fingerprint};
pub use open::{Db, MaybeDb, Options, Tx};
pub use paging::{Page, Paging};
pub use recent::{FRAICHEUR, Recent};
pub use upsert::{Upsert, insert_numbered, insert_rows, upsert_rows};

/// SeaORM's query builder and connection trait, for the store rooms.
pub use sea_orm;
