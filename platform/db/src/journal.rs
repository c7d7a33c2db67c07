//! The one journal: who, when, what, before → after. Written in the transaction of the action; history pages read it.
//! Values are business data of the object, never secrets.

use chrono::{DateTime, Utc};
use kernel::Actor;
use sea_orm::ConnectionTrait;

use crate::{DbError, Migration, insert_rows};

/// The journal's table.
pub const MIGRATIONS: &[Migration] = &[Migration {
    context: "db",
    name: "0001_journal",
    sql: "CREATE TABLE journal (
        id {id},
        quand {instant} NOT NULL,
        acteur TEXT NOT NULL,
        action TEXT NOT NULL,
        objet TEXT NOT NULL,
        cle TEXT NOT NULL,
        avant TEXT,
        apres TEXT);
CREATE INDEX journal_objet ON journal (objet, cle, id)",
}];

/// One line.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// When, by the action's clock.
    pub quand: DateTime<Utc>,
    /// Who.
    pub acteur: &'a Actor,
    /// The verb: `collecte.appliquer`, `compte.creer`.
    pub action: &'a str,
    /// Kind of object: `collecte`, `compte`.
    pub objet: &'a str,
    /// Its business key.
    pub cle: &'a str,
    /// What it was, as JSON.
    pub avant: Option<serde_json::Value>,
    /// What it is now, as JSON.
    pub apres: Option<serde_json::Value>,
}

/// Adds one line.
///
/// # Errors
/// Whatever the engine refuses.
pub async fn write<C: ConnectionTrait>(conn: &C, entry: Entry<'_>) -> Result<(), DbError> {
    let row = vec![
        entry.quand.into(),
        entry.acteur.to_string().into(),
        entry.action.into(),
        entry.objet.into(),
        entry.cle.into(),
        entry.avant.map(|v| v.to_string()).into(),
        entry.apres.map(|v| v.to_string()).into(),
    ];
    let columns = ["quand", "acteur", "action", "objet", "cle", "avant", "apres"];
    insert_rows(conn, "journal", &columns, [row]).await?;
    Ok(())
}
