//! Tables and columns as the migrations declare them.

use chrono::{DateTime, NaiveDate, Utc};
use db::sea_orm::{QueryResult, Value};
use db::{DbError, Migration};

/// How a column travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Generated 64-bit key.
    Id,
    /// 64-bit integer.
    Integer,
    /// Text.
    Text,
    /// True or false.
    Truth,
    /// UTC instant.
    Instant,
    /// Day.
    Day,
    /// Bytes.
    Bytes,
}

impl Kind {
    fn of_word(word: &str) -> Option<Self> {
        match word {
            "{id}" => Some(Self::Id),
            "BIGINT" => Some(Self::Integer),
            "TEXT" => Some(Self::Text),
            "BOOLEAN" => Some(Self::Truth),
            "{instant}" => Some(Self::Instant),
            "{jour}" => Some(Self::Day),
            "{octets}" => Some(Self::Bytes),
            _ => None,
        }
    }

    /// The value of a column, absent or not.
    pub(super) fn read(self, row: &QueryResult, column: &str) -> Result<Value, DbError> {
        Ok(match self {
            Self::Id | Self::Integer => row.try_get::<Option<i64>>("", column)?.into(),
            Self::Text => row.try_get::<Option<String>>("", column)?.into(),
            Self::Truth => row.try_get::<Option<bool>>("", column)?.into(),
            Self::Instant => row.try_get::<Option<DateTime<Utc>>>("", column)?.into(),
            Self::Day => row.try_get::<Option<NaiveDate>>("", column)?.into(),
            Self::Bytes => row.try_get::<Option<Vec<u8>>>("", column)?.into(),
        })
    }
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// How it travels.
    pub kind: Kind,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Columns of its primary key, in the order of `columns`.
    pub key: Vec<String>,
}

/// The tables that migrations make, in the order they are made: a table refers only to earlier ones.
///
/// # Errors
/// A statement that this reading does not understand: the sentence shows it.
pub fn tables(migrations: &[Migration]) -> Result<Vec<Table>, String> {
    let mut tables = Vec::new();
    for migration in migrations {
        let sql: Vec<&str> =
            migration.sql.lines().filter(|line| !line.trim_start().starts_with("--")).collect();
        for statement in sql.join("\n").split(";\n") {
            read(statement.trim().trim_end_matches(';'), &mut tables).ok_or_else(|| {
                format!(
                    "La migration {}/{} ne se lit pas : « {} ».",
                    migration.context,
                    migration.name,
                    statement.trim()
                )
            })?;
        }
    }
    Ok(tables)
}

fn read(statement: &str, tables: &mut Vec<Table>) -> Option<()> {
    let words: Vec<&str> = statement.split_whitespace().collect();
    match words.as_slice() {
        [] => {}
        // What a migration works out again, a copy carries.
        ["CREATE", "INDEX", ..] | ["CREATE", "UNIQUE", "INDEX", ..] | ["UPDATE", _, "SET", ..] => {}
        ["ALTER", "TABLE", table, "ADD", "COLUMN", name, kind, ..] => {
            let column = Column { name: (*name).to_owned(), kind: Kind::of_word(kind)? };
            tables.iter_mut().find(|t| t.name == *table)?.columns.push(column);
        }
        ["CREATE", "TABLE", name, ..] => {
            let body = statement.get(statement.find('(')? + 1..statement.rfind(')')?)?;
            tables.push(table(name.trim_end_matches('('), body)?);
        }
        _ => return None,
    }
    Some(())
}

fn table(name: &str, body: &str) -> Option<Table> {
    let mut table = Table { name: name.to_owned(), columns: Vec::new(), key: Vec::new() };
    for part in parts(body) {
        let words: Vec<&str> = part.split_whitespace().collect();
        match words.as_slice() {
            ["PRIMARY", "KEY", ..] => {
                let names = part.get(part.find('(')? + 1..part.rfind(')')?)?;
                table.key = names.split(',').map(|name| name.trim().to_owned()).collect();
            }
            ["UNIQUE" | "FOREIGN" | "CHECK" | "CONSTRAINT", ..] => {}
            [column, kind, rest @ ..] => {
                let kind = Kind::of_word(kind)?;
                if kind == Kind::Id || rest.starts_with(&["PRIMARY", "KEY"]) {
                    table.key = vec![(*column).to_owned()];
                }
                table.columns.push(Column { name: (*column).to_owned(), kind });
            }
            _ => return None,
        }
    }
    // Pages follow the key: a table without one could not be read in pieces. Its columns come in the order of the table.
    let key: Vec<String> =
        table.columns.iter().map(|c| &c.name).filter(|name| table.key.contains(name)).cloned().collect();
    table.key = key;
    (!table.key.is_empty()).then_some(table)
}

/// What commas separate, those within parentheses aside.
fn parts(body: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0;
    for c in body.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(sql: &'static str) -> Result<Vec<Table>, String> {
        tables(&[Migration { context: "test", name: "0001", sql }])
    }

    #[test]
    fn reads_what_migrations_write() {
        let tables = one(
            "-- A comment; with a semicolon\nCREATE TABLE chose (\n  id {id},\n  code TEXT NOT NULL UNIQUE,\n  le {jour},\n UNIQUE (code, le));
CREATE INDEX chose_le ON chose (le);
CREATE TABLE paire (a TEXT NOT NULL, b BIGINT REFERENCES chose (id), PRIMARY KEY (a, b));
ALTER TABLE paire ADD COLUMN vue_le {instant};
CREATE TABLE nomme (nom TEXT PRIMARY KEY, octets {octets}, vrai BOOLEAN)",
        )
        .unwrap();
        let seen: Vec<_> =
            tables.iter().map(|t| (t.name.as_str(), t.columns.len(), t.key.join("+"))).collect();
        assert_eq!(seen, [("chose", 3, "id".into()), ("paire", 3, "a+b".into()), ("nomme", 3, "nom".into())]);
        assert_eq!(tables[1].columns[2].kind, Kind::Instant);
    }

    #[test]
    fn refuses_what_it_does_not_understand() {
        assert!(one("CREATE TABLE chose (id {id}, prix DECIMAL)").unwrap_err().contains("DECIMAL"));
        assert!(one("DROP TABLE chose").is_err());
        assert!(one("CREATE TABLE sans_cle (a TEXT)").is_err());
    }

    #[test]
    fn every_table_of_the_suite_is_understood() {
        let tables = tables(&crate::assembly::migrations()).unwrap();
        assert!(tables.iter().any(|t| t.name == "journal") && tables.iter().any(|t| t.name == "job"));
    }
}
