//! The last good copy of what a source said, with its age: what is used, saying so, on the day it does not answer.

use chrono::{DateTime, Utc};
use db::sea_orm::ConnectionTrait;
use db::sea_orm::sea_query::{Expr, ExprTrait, Query};
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

/// The copy kept under a key.
///
/// # Errors
/// Those of the database.
pub async fn copie_read<C: ConnectionTrait>(conn: &C, source: &str, cle: &str) -> Result<Option<Copie>, DbError> {
    let mut q = Query::select();
    q.columns(["contenu", "etiquette", "lue_le"].map(nom)).from(nom("maquette_copie"));
    q.and_where(Expr::col(nom("source")).eq(source)).and_where(Expr::col(nom("cle")).eq(cle));
    let Some(row) = conn.query_one(&q).await? else { return Ok(None) };
    Ok(Some(Copie {
        contenu: row.try_get_by_index(0)?,
        etiquette: row.try_get_by_index(1)?,
        lue_le: row.try_get_by_index(2)?,
    }))
}

/// Keeps a copy under a key, instead of the one held.
///
/// # Errors
/// Those of the database.
pub async fn copie_write<C: ConnectionTrait>(
    conn: &C,
    source: &str,
    cle: &str,
    copie: &Copie,
) -> Result<(), DbError> {
    let cible = Upsert {
        table: "maquette_copie",
        columns: &["source", "cle", "contenu", "etiquette", "lue_le"],
        key: &["source", "cle"],
        update: &["contenu", "etiquette", "lue_le"],
    };
    let ligne = vec![
        source.into(),
        cle.into(),
        copie.contenu.as_str().into(),
        copie.etiquette.clone().into(),
        copie.lue_le.into(),
    ];
    upsert_rows(conn, cible, [ligne]).await?;
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
