//! What a collection has read so far, kept until it is applied, so that a process killed half-way does not ask the source twice.

use db::sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use db::sea_orm::{ConnectionTrait, Value};
use db::{DbError, Upsert, upsert_rows};

use super::nom;

/// Keeps readings; those already kept stay.
///
/// # Errors
/// Those of the database.
pub async fn lecture_add<C: ConnectionTrait>(
    conn: &C,
    collecte: i64,
    lectures: &[(String, String)],
) -> Result<u64, DbError> {
    let cible = Upsert {
        table: "maquette_lecture",
        columns: &["collecte_id", "cle", "contenu"],
        key: &["collecte_id", "cle"],
        update: &[],
    };
    let lignes = lectures
        .iter()
        .map(|(cle, contenu)| vec![Value::from(collecte), cle.as_str().into(), contenu.as_str().into()]);
    upsert_rows(conn, cible, lignes).await
}

/// Everything a collection has read so far, by key.
///
/// # Errors
/// Those of the database.
pub async fn lecture_load<C: ConnectionTrait>(
    conn: &C,
    collecte: i64,
) -> Result<Vec<(String, String)>, DbError> {
    let mut toutes = Vec::new();
    let mut depuis = String::new();
    loop {
        let mut q = Query::select();
        q.columns([nom("cle"), nom("contenu")]).from(nom("maquette_lecture"));
        q.and_where(Expr::col(nom("collecte_id")).eq(collecte))
            .and_where(Expr::col(nom("cle")).gt(depuis.clone()));
        q.order_by(nom("cle"), Order::Asc).limit(5_000);
        let rows = conn.query_all(&q).await?;
        let pleine = rows.len() == 5_000;
        for row in rows {
            let cle: String = row.try_get_by_index(0)?;
            depuis.clone_from(&cle);
            toutes.push((cle, row.try_get_by_index(1)?));
        }
        if !pleine {
            return Ok(toutes);
        }
    }
}

/// Gives the readings of an interrupted collection to the one that takes over.
///
/// # Errors
/// Those of the database.
pub async fn lecture_adopt<C: ConnectionTrait>(conn: &C, de: i64, a: i64) -> Result<u64, DbError> {
    let mut u = Query::update();
    u.table(nom("maquette_lecture"))
        .value(nom("collecte_id"), a)
        .and_where(Expr::col(nom("collecte_id")).eq(de));
    Ok(conn.execute(&u).await?.rows_affected())
}

/// Forgets the readings of a collection that is over.
///
/// # Errors
/// Those of the database.
pub async fn lecture_forget<C: ConnectionTrait>(conn: &C, collecte: i64) -> Result<u64, DbError> {
    let mut d = Query::delete();
    d.from_table(nom("maquette_lecture")).and_where(Expr::col(nom("collecte_id")).eq(collecte));
    Ok(conn.execute(&d).await?.rows_affected())
}
