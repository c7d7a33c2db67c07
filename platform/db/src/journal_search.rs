//! The journal as one long list, the latest first, quick whatever its length: pages go by key, counts stop, a search looks at a bounded
//! stretch and says where it stopped.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, QueryResult, Value};

use crate::sql::{count, like, select};
use crate::{DbError, Page, Paging};

/// Lines that one search looks at.
pub const WINDOW: u64 = 100_000;

/// Beyond so many lines, a count only says « more ».
pub const COUNTED: u64 = 10_000;

/// Which lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Written by this actor.
    pub acteur: Option<String>,
    /// With this verb.
    pub action: Option<String>,
    /// About this kind of object.
    pub objet: Option<String>,
    /// About the object of this key.
    pub cle: Option<String>,
    /// From this instant on.
    pub du: Option<DateTime<Utc>>,
    /// Before this instant.
    pub au: Option<DateTime<Utc>>,
    /// Whose key or values contain this text, whatever its case.
    pub texte: Option<String>,
}

/// A place in the list: lines older than it come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// When the line was written.
    pub quand: DateTime<Utc>,
    /// Its number.
    pub id: i64,
}

/// One line, with the object that it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Where it stands.
    pub place: Place,
    /// Who.
    pub acteur: String,
    /// The verb.
    pub action: String,
    /// Kind of object.
    pub objet: String,
    /// Its key.
    pub cle: String,
    /// What it was.
    pub avant: Option<serde_json::Value>,
    /// What it became.
    pub apres: Option<serde_json::Value>,
}

/// A page of the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stretch {
    /// The lines, the latest first.
    pub lines: Vec<Found>,
    /// Where the next page begins, when there may be more.
    pub next: Option<Place>,
    /// Whether the page stopped because it had looked at [`WINDOW`] lines, not because it was full.
    pub bounded: bool,
}

impl Filter {
    /// Conditions on indexed columns, and their values.
    fn conditions(&self, before: Option<Place>) -> (String, Vec<Value>) {
        let mut sql = String::from("1 = 1");
        let mut values = Vec::new();
        let texts =
            [("acteur", &self.acteur), ("action", &self.action), ("objet", &self.objet), ("cle", &self.cle)];
        for (column, value) in texts {
            if let Some(value) = value {
                sql.push_str(&format!(" AND {column} = ?"));
                values.push(value.as_str().into());
            }
        }
        for (bound, value) in [("quand >= ?", self.du), ("quand < ?", self.au)] {
            if let Some(value) = value {
                sql.push_str(&format!(" AND {bound}"));
                values.push(value.into());
            }
        }
        if let Some(place) = before {
            sql.push_str(" AND (quand, id) < (?, ?)");
            values.extend([place.quand.into(), place.id.into()]);
        }
        (sql, values)
    }
}

const COLUMNS: &str = "id, quand, acteur, action, objet, cle, avant, apres";
const ORDER: &str = "ORDER BY quand DESC, id DESC";
const HOLDS: &str =
    "LOWER(cle || ' ' || COALESCE(avant, '') || ' ' || COALESCE(apres, '')) LIKE ? ESCAPE '!'";

/// The `most` lines that come after `before` in the list, or its first ones.
///
/// # Errors
/// Whatever the engine refuses.
pub async fn search<C: ConnectionTrait>(
    conn: &C,
    filter: &Filter,
    before: Option<Place>,
    most: u64,
) -> Result<Stretch, DbError> {
    let (conditions, values) = filter.conditions(before);
    let wanted = most.saturating_add(1);
    let limit = |n: u64| Value::from(i64::try_from(n).unwrap_or(i64::MAX));
    let mut bound = values.clone();
    let sql = match &filter.texte {
        None => format!("SELECT {COLUMNS} FROM journal WHERE {conditions} {ORDER} LIMIT ?"),
        Some(texte) => {
            bound.extend([limit(WINDOW), like(&texte.to_lowercase()).into()]);
            format!(
                "SELECT {COLUMNS} FROM (SELECT {COLUMNS} FROM journal WHERE {conditions} {ORDER} LIMIT ?) AS fenetre
                 WHERE {HOLDS} {ORDER} LIMIT ?"
            )
        }
    };
    bound.push(limit(wanted));
    let mut lines = select(conn, &sql, bound).await?.iter().map(found).collect::<Result<Vec<_>, _>>()?;
    let full = lines.len() as u64 > most;
    lines.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    let mut out =
        Stretch { next: lines.last().filter(|_| full).map(|line| line.place), lines, bounded: false };
    if filter.texte.is_some() && !full {
        out.next = window_end(conn, &conditions, values).await?;
        out.bounded = out.next.is_some();
    }
    Ok(out)
}

/// A page of the list by its number, for a filter without text; the total stops at [`COUNTED`], and so do the pages.
///
/// # Errors
/// Whatever the engine refuses.
pub async fn page<C: ConnectionTrait>(
    conn: &C,
    filter: &Filter,
    paging: Paging,
) -> Result<Page<Found>, DbError> {
    let total = counted(conn, filter).await?.min(COUNTED);
    let (conditions, mut values) = filter.conditions(None);
    let room = total.saturating_sub(paging.offset()).min(paging.taille());
    values.extend([room, paging.offset()].map(|n| Value::from(i64::try_from(n).unwrap_or(i64::MAX))));
    let sql = format!("SELECT {COLUMNS} FROM journal WHERE {conditions} {ORDER} LIMIT ? OFFSET ?");
    let lines = select(conn, &sql, values).await?.iter().map(found).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::new(paging, total, lines))
}

/// The last line of a whole window, when there are that many.
async fn window_end<C: ConnectionTrait>(
    conn: &C,
    conditions: &str,
    mut values: Vec<Value>,
) -> Result<Option<Place>, DbError> {
    let sql = format!("SELECT quand, id FROM journal WHERE {conditions} {ORDER} LIMIT 1 OFFSET ?");
    values.push(i64::try_from(WINDOW - 1).unwrap_or(i64::MAX).into());
    let rows = select(conn, &sql, values).await?;
    let place =
        |row: &QueryResult| Ok(Place { quand: row.try_get_by_index(0)?, id: row.try_get_by_index(1)? });
    rows.first().map(place).transpose()
}

fn found(row: &QueryResult) -> Result<Found, DbError> {
    let json = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
    Ok(Found {
        place: Place { id: row.try_get("", "id")?, quand: row.try_get("", "quand")? },
        acteur: row.try_get("", "acteur")?,
        action: row.try_get("", "action")?,
        objet: row.try_get("", "objet")?,
        cle: row.try_get("", "cle")?,
        avant: json(row.try_get("", "avant")?),
        apres: json(row.try_get("", "apres")?),
    })
}

/// How many lines there are, up to one more than [`COUNTED`]; a text is not searched for.
///
/// # Errors
/// Whatever the engine refuses.
pub async fn counted<C: ConnectionTrait>(conn: &C, filter: &Filter) -> Result<u64, DbError> {
    let (conditions, mut values) = filter.conditions(None);
    values.push(i64::try_from(COUNTED + 1).unwrap_or(i64::MAX).into());
    let sql =
        format!("SELECT COUNT(*) FROM (SELECT 1 AS un FROM journal WHERE {conditions} LIMIT ?) AS bornee");
    count(conn, &sql, values).await
}

/// A column whose different values can be listed without reading every line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facet {
    /// Who.
    Acteur,
    /// The verbs.
    Action,
    /// The kinds of objects.
    Objet,
}

/// The different values of a column, in order, `most` at most: each is found by one step in its index.
///
/// # Errors
/// Whatever the engine refuses.
pub async fn facet<C: ConnectionTrait>(conn: &C, facet: Facet, most: u32) -> Result<Vec<String>, DbError> {
    let column = match facet {
        Facet::Acteur => "acteur",
        Facet::Action => "action",
        Facet::Objet => "objet",
    };
    let sql = format!(
        "WITH RECURSIVE pas(v) AS (
            SELECT MIN({column}) FROM journal
            UNION ALL SELECT (SELECT MIN({column}) FROM journal WHERE {column} > pas.v) FROM pas WHERE pas.v IS NOT NULL)
         SELECT v FROM pas WHERE v IS NOT NULL LIMIT ?"
    );
    let rows = select(conn, &sql, [i64::from(most).into()]).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}
