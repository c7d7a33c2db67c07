//! The one journal: who, when, what, before → after. Written in the transaction of the action; history pages read it.
//! Values are business data of the object, never secrets.

use chrono::{DateTime, Utc};
use kernel::Actor;
use sea_orm::ConnectionTrait;

use crate::{DbError, Migration, insert_rows};

/// The journal's table.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
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
    },
    Migration {
        context: "db",
        name: "0002_journal_lecture",
        sql: "CREATE INDEX journal_quand ON journal (quand, id);
CREATE INDEX journal_acteur ON journal (acteur, quand, id);
CREATE INDEX journal_action ON journal (action, quand, id);
CREATE INDEX journal_genre ON journal (objet, quand, id)",
    },
];

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
    write_all(conn, [entry]).await
}

/// Adds several lines: one action on many objects is one line of each.
///
/// # Errors
/// Whatever the engine refuses.
pub async fn write_all<'a, C: ConnectionTrait>(
    conn: &C,
    entries: impl IntoIterator<Item = Entry<'a>>,
) -> Result<(), DbError> {
    let rows = entries.into_iter().map(|entry| {
        vec![
            entry.quand.into(),
            entry.acteur.to_string().into(),
            entry.action.into(),
            entry.objet.into(),
            entry.cle.into(),
            entry.avant.map(|v| v.to_string()).into(),
            entry.apres.map(|v| v.to_string()).into(),
        ]
    });
    let columns = ["quand", "acteur", "action", "objet", "cle", "avant", "apres"];
    insert_rows(conn, "journal", &columns, rows.collect::<Vec<_>>()).await?;
    Ok(())
}

/// A line as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Row: lines of one object are in this order.
    pub id: i64,
    /// When.
    pub quand: DateTime<Utc>,
    /// Who, as [`Actor`] is displayed.
    pub acteur: String,
    /// The verb.
    pub action: String,
    /// What it was.
    pub avant: Option<serde_json::Value>,
    /// What it became.
    pub apres: Option<serde_json::Value>,
}

impl Line {
    /// Fields whose value the line changed, in the order of their names: name, old, new.
    #[must_use]
    pub fn changes(&self) -> Vec<(String, Option<serde_json::Value>, Option<serde_json::Value>)> {
        let side = |value: &Option<serde_json::Value>| {
            value.as_ref().and_then(serde_json::Value::as_object).cloned().unwrap_or_default()
        };
        let (avant, apres) = (side(&self.avant), side(&self.apres));
        let names: std::collections::BTreeSet<_> = avant.keys().chain(apres.keys()).cloned().collect();
        let value = |held: Option<&serde_json::Value>| held.filter(|v| !v.is_null()).cloned();
        let changes = names.into_iter().map(|name| {
            let (old, new) = (value(avant.get(&name)), value(apres.get(&name)));
            (name, old, new)
        });
        changes.filter(|(_, old, new)| old != new).collect()
    }
}

/// The last lines about one object written after the line `after` (0 for all), the latest first.
///
/// # Errors
/// Whatever the engine refuses.
pub async fn history<C: ConnectionTrait>(
    conn: &C,
    objet: &str,
    cle: &str,
    after: i64,
    most: u32,
) -> Result<Vec<Line>, DbError> {
    let sql = "SELECT id, quand, acteur, action, avant, apres FROM journal
        WHERE objet = ? AND cle = ? AND id > ? ORDER BY id DESC LIMIT ?";
    let values = [objet.into(), cle.into(), after.into(), i64::from(most).into()];
    let rows = crate::sql::select(conn, sql, values).await?;
    let json = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
    let line = |row: &sea_orm::QueryResult| {
        Ok(Line {
            id: row.try_get("", "id")?,
            quand: row.try_get("", "quand")?,
            acteur: row.try_get("", "acteur")?,
            action: row.try_get("", "action")?,
            avant: json(row.try_get("", "avant")?),
            apres: json(row.try_get("", "apres")?),
        })
    };
    rows.iter().map(line).collect()
}
