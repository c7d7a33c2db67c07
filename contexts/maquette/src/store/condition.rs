//! The conditions of a list, gathered with their values: what a person typed is always bound.

use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::{count, like};
use db::{DbError, Paging};

/// A WHERE that grows, its values in the order of their marks.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    sql: String,
    valeurs: Vec<Value>,
}

impl Condition {
    /// From the first condition, which every list has: its year.
    pub(crate) fn new(sql: &str, valeurs: impl IntoIterator<Item = Value>) -> Self {
        Self { sql: sql.to_owned(), valeurs: valeurs.into_iter().collect() }
    }

    /// Adds a condition without value.
    pub(crate) fn et(&mut self, sql: &str) {
        self.sql.push_str(" AND ");
        self.sql.push_str(sql);
    }

    /// Adds a condition with its values.
    pub(crate) fn et_avec(&mut self, sql: &str, valeurs: impl IntoIterator<Item = Value>) {
        self.et(sql);
        self.valeurs.extend(valeurs);
    }

    /// `colonne` is one of these; nothing when there is none.
    pub(crate) fn parmi(&mut self, colonne: &str, choix: &[&str]) {
        if !choix.is_empty() {
            let marques = marques(choix.len());
            self.et_avec(&format!("{colonne} IN ({marques})"), choix.iter().map(|c| Value::from(*c)));
        }
    }

    /// The rows of these numbers, or of no number at all.
    pub(crate) fn numeros(&mut self, colonne: &str, ids: &[i64]) {
        if ids.is_empty() {
            self.et("1 = 0");
        } else {
            let sql = format!("{colonne} IN ({})", marques(ids.len()));
            self.et_avec(&sql, ids.iter().map(|id| Value::from(*id)));
        }
    }

    /// Each word of a folded text is found in one of these columns.
    pub(crate) fn mots(&mut self, recherche: &str, colonnes: &[&str]) {
        for mot in recherche.split_whitespace() {
            let dans = colonnes.iter().map(|c| format!("{c} LIKE ? ESCAPE '!'"));
            let sql = format!("({})", dans.collect::<Vec<_>>().join(" OR "));
            self.et_avec(&sql, colonnes.iter().map(|_| Value::from(like(mot))));
        }
    }

    /// What follows WHERE.
    pub(crate) fn sql(&self) -> &str {
        &self.sql
    }

    /// Its values.
    pub(crate) fn valeurs(&self) -> Vec<Value> {
        self.valeurs.clone()
    }
}

/// How many rows a list has; a chunk of an export is longer than a page, and nobody reads its total.
///
/// # Errors
/// Those of the database.
pub(crate) async fn total<C: ConnectionTrait>(
    conn: &C,
    depuis: &str,
    condition: &Condition,
    paging: Paging,
) -> Result<u64, DbError> {
    if paging.taille() > Paging::MAX {
        return Ok(0);
    }
    count(conn, &format!("SELECT COUNT(*) FROM {depuis} WHERE {}", condition.sql()), condition.valeurs())
        .await
}

/// The same, once a page is read: a page that is not full is the last one, and nothing needs to be counted.
///
/// # Errors
/// Those of the database.
pub(crate) async fn total_apres<C: ConnectionTrait>(
    conn: &C,
    depuis: &str,
    condition: &Condition,
    paging: Paging,
    lues: usize,
) -> Result<u64, DbError> {
    let lues = lues as u64;
    if lues < paging.taille() && (lues > 0 || paging.offset() == 0) {
        return Ok(paging.offset() + lues);
    }
    total(conn, depuis, condition, paging).await
}

/// « ?, ?, ? ».
pub(crate) fn marques(n: usize) -> String {
    vec!["?"; n].join(", ")
}

/// Values of a facet with how many rows have each: code, word, count.
pub type Facette = Vec<(String, String, u64)>;

/// Reads rows of code, word, count.
///
/// # Errors
/// Those of the database.
pub(crate) fn lire_facette(rows: &[QueryResult]) -> Result<Facette, DbError> {
    rows.iter()
        .map(|row| {
            let code = row.try_get_by_index::<Option<String>>(0)?.unwrap_or_default();
            let mot = row.try_get_by_index::<Option<String>>(1)?.unwrap_or_else(|| code.clone());
            Ok((code, mot, row.try_get_by_index::<i64>(2)?.unsigned_abs()))
        })
        .collect()
}
