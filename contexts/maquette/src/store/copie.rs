//! The last good copy of what a source said, with its age: what is used, saying so, on the day it does not answer.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use db::sea_orm::sea_query::{Expr, ExprTrait, Query};
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::{DbError, Upsert, upsert_rows};

use super::nom;

/// A copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copie {
    /// What the source said, as JSON.
    pub contenu: String,
    /// The source's ETag, to ask whether it has changed.
    pub etiquette: Option<String>,
    /// When it was read.
    pub lue_le: DateTime<Utc>,
}

/// The copies kept under these keys.
///
/// # Errors
/// Those of the database.
pub async fn copies_read<C: ConnectionTrait>(
    conn: &C,
    source: &str,
    cles: &[String],
) -> Result<HashMap<String, Copie>, DbError> {
    let mut q = Query::select();
    q.columns(["cle", "contenu", "etiquette", "lue_le"].map(nom)).from(nom("maquette_copie"));
    q.and_where(Expr::col(nom("source")).eq(source));
    q.and_where(Expr::col(nom("cle")).is_in(cles.iter().map(String::as_str)));
    let rows = conn.query_all(&q).await?;
    let lire = |row: &QueryResult| {
        let copie = Copie {
            contenu: row.try_get_by_index(1)?,
            etiquette: row.try_get_by_index(2)?,
            lue_le: row.try_get_by_index(3)?,
        };
        Ok((row.try_get_by_index(0)?, copie))
    };
    rows.iter().map(lire).collect()
}

/// Keeps copies under their keys, instead of those held.
///
/// # Errors
/// Those of the database.
pub async fn copies_write<C: ConnectionTrait>(
    conn: &C,
    source: &str,
    copies: &[(String, Copie)],
) -> Result<(), DbError> {
    let cible = Upsert {
        table: "maquette_copie",
        columns: &["source", "cle", "contenu", "etiquette", "lue_le"],
        key: &["source", "cle"],
        update: &["contenu", "etiquette", "lue_le"],
    };
    let lignes: Vec<Vec<Value>> = copies
        .iter()
        .map(|(cle, copie)| {
            vec![
                source.into(),
                cle.as_str().into(),
                copie.contenu.as_str().into(),
                copie.etiquette.clone().into(),
                copie.lue_le.into(),
            ]
        })
        .collect();
    upsert_rows(conn, cible, lignes).await?;
    Ok(())
}

/// When the source was last read with success, over all its copies.
///
/// # Errors
/// Those of the database.
pub async fn copie_age<C: ConnectionTrait>(conn: &C, source: &str) -> Result<Option<DateTime<Utc>>, DbError> {
    let mut q = Query::select();
    q.column(nom("lue_le")).from(nom("maquette_copie")).and_where(Expr::col(nom("source")).eq(source));
    q.order_by(nom("lue_le"), db::sea_orm::sea_query::Order::Desc).limit(1);
    Ok(match conn.query_one(&q).await? {
        Some(row) => Some(row.try_get_by_index(0)?),
        None => None,
    })
}
