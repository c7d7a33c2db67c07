//! Tables of tokens and of their usage.

use chrono::{DateTime, NaiveDate, Utc};
use db::sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict, Query};
use db::sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set, Value,
};
use db::{DbError, Migration, sql};

use super::{Releve, Usage};

/// Tokens and their usage.
pub(crate) const MIGRATION: Migration = Migration {
    context: "web",
    name: "0002_jetons",
    sql: "CREATE TABLE web_jeton (
        id {id},
        nom TEXT NOT NULL UNIQUE,
        objet TEXT NOT NULL,
        prefixe TEXT NOT NULL,
        empreinte TEXT NOT NULL UNIQUE,
        ancienne TEXT,
        ancienne_fin {instant},
        droits TEXT NOT NULL,
        quota_minute BIGINT,
        quota_jour BIGINT,
        expire_le {instant},
        cree_le {instant} NOT NULL,
        cree_par TEXT NOT NULL,
        renouvele_le {instant},
        revoque_le {instant},
        revoque_par TEXT,
        vu_le {instant});
CREATE INDEX web_jeton_ancienne ON web_jeton (ancienne);
CREATE TABLE web_jeton_usage (
        jeton BIGINT NOT NULL REFERENCES web_jeton (id),
        jour {jour} NOT NULL,
        famille TEXT NOT NULL,
        requetes BIGINT NOT NULL,
        refusees BIGINT NOT NULL,
        octets BIGINT NOT NULL,
        PRIMARY KEY (jeton, jour, famille));
CREATE INDEX web_jeton_usage_jour ON web_jeton_usage (jour)",
};

pub(super) mod jeton {
    use chrono::{DateTime, Utc};
    use db::sea_orm;
    use db::sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "web_jeton")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) nom: String,
        pub(crate) objet: String,
        pub(crate) prefixe: String,
        pub(crate) empreinte: String,
        pub(crate) ancienne: Option<String>,
        pub(crate) ancienne_fin: Option<DateTime<Utc>>,
        pub(crate) droits: String,
        pub(crate) quota_minute: Option<i64>,
        pub(crate) quota_jour: Option<i64>,
        pub(crate) expire_le: Option<DateTime<Utc>>,
        pub(crate) cree_le: DateTime<Utc>,
        pub(crate) cree_par: String,
        pub(crate) renouvele_le: Option<DateTime<Utc>>,
        pub(crate) revoque_le: Option<DateTime<Utc>>,
        pub(crate) revoque_par: Option<String>,
        pub(crate) vu_le: Option<DateTime<Utc>>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) async fn jeton_read<C: ConnectionTrait>(
    conn: &C,
    nom: &str,
) -> Result<Option<jeton::Model>, DbError> {
    Ok(jeton::Entity::find().filter(jeton::Column::Nom.eq(nom)).one(conn).await?)
}

/// The token whose present or former secret has this hash.
pub(super) async fn jeton_of<C: ConnectionTrait>(
    conn: &C,
    empreinte: &str,
) -> Result<Option<jeton::Model>, DbError> {
    let either = jeton::Column::Empreinte.eq(empreinte).or(jeton::Column::Ancienne.eq(empreinte));
    Ok(jeton::Entity::find().filter(either).one(conn).await?)
}

pub(super) async fn jeton_list<C: ConnectionTrait>(conn: &C) -> Result<Vec<jeton::Model>, DbError> {
    Ok(jeton::Entity::find().order_by_asc(jeton::Column::Nom).all(conn).await?)
}

pub(super) async fn jeton_insert<C: ConnectionTrait>(
    conn: &C,
    row: jeton::ActiveModel,
) -> Result<jeton::Model, DbError> {
    Ok(row.insert(conn).await?)
}

/// Writes the columns that `row` sets.
pub(super) async fn jeton_update<C: ConnectionTrait>(
    conn: &C,
    id: i64,
    row: jeton::ActiveModel,
) -> Result<jeton::Model, DbError> {
    let row = jeton::ActiveModel { id: Set(id), ..row };
    Ok(row.update(conn).await?)
}

/// Adds what was counted to what is held, a statement for all lines.
pub(super) async fn usage_add<C: ConnectionTrait>(conn: &C, lines: &[Releve]) -> Result<(), DbError> {
    const CHUNK: usize = 500;
    for lines in lines.chunks(CHUNK) {
        let mut q = Query::insert();
        q.into_table("web_jeton_usage")
            .columns(["jeton", "jour", "famille", "requetes", "refusees", "octets"]);
        for line in lines {
            let values: [Value; 6] = [
                line.jeton.into(),
                line.jour.into(),
                line.famille.clone().into(),
                line.requetes.into(),
                line.refusees.into(),
                line.octets.into(),
            ];
            q.values(values.map(Expr::value)).map_err(|err| DbError::Value(err.to_string()))?;
        }
        let mut conflict = OnConflict::columns(["jeton", "jour", "famille"]);
        for column in ["requetes", "refusees", "octets"] {
            conflict.value(column, Expr::cust(format!("web_jeton_usage.{column} + excluded.{column}")));
        }
        q.on_conflict(conflict);
        conn.execute(&q).await?;
    }
    Ok(())
}

/// Writes when a token was last used, unless a later use is held.
pub(super) async fn jeton_vu<C: ConnectionTrait>(
    conn: &C,
    id: i64,
    quand: DateTime<Utc>,
) -> Result<(), DbError> {
    let older = jeton::Column::VuLe.is_null().or(jeton::Column::VuLe.lt(quand));
    jeton::Entity::update_many()
        .col_expr(jeton::Column::VuLe, Expr::value(quand))
        .filter(jeton::Column::Id.eq(id).and(older))
        .exec(conn)
        .await?;
    Ok(())
}

/// Requests of a token on a day, those refused aside.
pub(super) async fn usage_du_jour<C: ConnectionTrait>(
    conn: &C,
    jeton: i64,
    jour: NaiveDate,
) -> Result<u64, DbError> {
    let sql = "SELECT CAST(COALESCE(SUM(requetes - refusees), 0) AS BIGINT) FROM web_jeton_usage WHERE jeton = ? AND jour = ?";
    sql::count(conn, sql, [jeton.into(), jour.into()]).await
}

/// Usage of a token from a day on, by day and family.
pub(super) async fn usage_list<C: ConnectionTrait>(
    conn: &C,
    jeton: i64,
    depuis: NaiveDate,
) -> Result<Vec<Usage>, DbError> {
    let sql = "SELECT jour, famille, requetes, refusees, octets FROM web_jeton_usage
        WHERE jeton = ? AND jour >= ? ORDER BY jour, famille";
    let rows = sql::select(conn, sql, [jeton.into(), depuis.into()]).await?;
    let line = |row: &db::sea_orm::QueryResult| {
        Ok(Usage {
            jour: row.try_get("", "jour")?,
            famille: row.try_get("", "famille")?,
            requetes: row.try_get("", "requetes")?,
            refusees: row.try_get("", "refusees")?,
            octets: row.try_get("", "octets")?,
        })
    };
    rows.iter().map(line).collect()
}

/// Requests of every token from a day on: token, answered or not.
pub(super) async fn usage_totals<C: ConnectionTrait>(
    conn: &C,
    depuis: NaiveDate,
) -> Result<Vec<(i64, i64)>, DbError> {
    let sql = "SELECT jeton, CAST(SUM(requetes) AS BIGINT) AS n FROM web_jeton_usage WHERE jour >= ? GROUP BY jeton";
    let rows = sql::select(conn, sql, [depuis.into()]).await?;
    rows.iter().map(|row| Ok((row.try_get("", "jeton")?, row.try_get("", "n")?))).collect()
}
