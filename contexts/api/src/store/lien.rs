use db::sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Order, Query, SelectStatement};
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::{DbError, Upsert, upsert_rows};
use kernel::Source;

use crate::domain::lien::{Changement, Etat, Lien};

const TABLE: &str = "api_lien";
const COLUMNS: [&str; 10] = [
    "source",
    "nom",
    "rang",
    "etat",
    "latence_ms",
    "detail",
    "remede",
    "verifie_le",
    "depuis",
    "dernier_bon",
];

fn select() -> SelectStatement {
    let mut query = Query::select();
    query
        .columns(COLUMNS.map(Alias::new))
        .from(Alias::new(TABLE))
        .order_by_expr(Expr::col(Alias::new("rang")), Order::Asc)
        .order_by_expr(Expr::col(Alias::new("nom")), Order::Asc);
    query
}

/// Every link, in the order of [`Source::ALL`] and of the reports.
pub(crate) async fn lien_list<C: ConnectionTrait>(conn: &C) -> Result<Vec<Lien>, DbError> {
    let mut liens = read(conn, &select()).await?;
    liens.sort_by_key(|l| Source::ALL.iter().position(|s| *s == l.source));
    Ok(liens)
}

/// The links of one source.
pub(crate) async fn lien_list_of<C: ConnectionTrait>(conn: &C, source: Source) -> Result<Vec<Lien>, DbError> {
    let mut query = select();
    query.and_where(Expr::col(Alias::new("source")).eq(source.code()));
    read(conn, &query).await
}

/// Writes a change of one source.
pub(crate) async fn lien_write<C: ConnectionTrait>(
    conn: &C,
    source: Source,
    changement: &Changement,
) -> Result<(), DbError> {
    let target = Upsert {
        table: TABLE,
        columns: &COLUMNS,
        key: &["source", "nom"],
        update: &["rang", "etat", "latence_ms", "detail", "remede", "verifie_le", "depuis", "dernier_bon"],
    };
    // Collected: a closure over borrowed rows, held while the statement runs, would keep the future from being sent.
    let rows: Vec<Vec<Value>> = changement.ecrits.iter().map(ligne).collect();
    upsert_rows(conn, target, rows).await?;
    if !changement.retires.is_empty() {
        let mut delete = Query::delete();
        delete
            .from_table(Alias::new(TABLE))
            .and_where(Expr::col(Alias::new("source")).eq(source.code()))
            .and_where(Expr::col(Alias::new("nom")).is_in(changement.retires.iter().map(String::as_str)));
        conn.execute(&delete).await?;
    }
    Ok(())
}

fn ligne(l: &Lien) -> Vec<Value> {
    vec![
        l.source.code().into(),
        l.nom.as_str().into(),
        l.rang.into(),
        l.etat.code().into(),
        l.latence_ms.into(),
        l.detail.as_str().into(),
        l.remede.as_deref().into(),
        l.verifie_le.into(),
        l.depuis.into(),
        l.dernier_bon.into(),
    ]
}

async fn read<C: ConnectionTrait>(conn: &C, query: &SelectStatement) -> Result<Vec<Lien>, DbError> {
    conn.query_all(query).await?.iter().map(lien).collect()
}

fn lien(row: &QueryResult) -> Result<Lien, DbError> {
    let illisible = |valeur: String| DbError::Value(format!("api_lien : {valeur}"));
    let source: String = row.try_get("", "source")?;
    let etat: String = row.try_get("", "etat")?;
    Ok(Lien {
        source: Source::ALL.into_iter().find(|s| s.code() == source).ok_or_else(|| illisible(source))?,
        nom: row.try_get("", "nom")?,
        rang: row.try_get("", "rang")?,
        etat: Etat::of_code(&etat).ok_or_else(|| illisible(etat))?,
        latence_ms: row.try_get("", "latence_ms")?,
        detail: row.try_get("", "detail")?,
        remede: row.try_get("", "remede")?,
        verifie_le: row.try_get("", "verifie_le")?,
        depuis: row.try_get("", "depuis")?,
        dernier_bon: row.try_get("", "dernier_bon")?,
    })
}
