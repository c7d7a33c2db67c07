//! Parameters: the current year, the active maquette, thresholds.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use db::sea_orm::sea_query::{Expr, ExprTrait, Query};
use db::sea_orm::{ConnectionTrait, QueryResult};
use db::sql::select;
use db::{DbError, Upsert, upsert_rows};
use kernel::Actor;

use super::generation::fil_advance;
use super::nom;

/// The value of a parameter, if it was ever set.
///
/// # Errors
/// Those of the database.
pub async fn parametre_read<C: ConnectionTrait>(
    conn: &C,
    parametre: &str,
) -> Result<Option<String>, DbError> {
    let mut q = Query::select();
    q.column(nom("valeur")).from(nom("maquette_parametre")).and_where(Expr::col(nom("nom")).eq(parametre));
    Ok(match conn.query_one(&q).await? {
        Some(row) => Some(row.try_get_by_index(0)?),
        None => None,
    })
}

/// Sets a parameter.
///
/// # Errors
/// Those of the database.
pub async fn parametre_write<C: ConnectionTrait>(
    conn: &C,
    parametre: &str,
    valeur: &str,
    quand: DateTime<Utc>,
    acteur: &Actor,
) -> Result<(), DbError> {
    fil_advance(conn).await?;
    let cible = Upsert {
        table: "maquette_parametre",
        columns: &["nom", "valeur", "modifie_le", "modifie_par"],
        key: &["nom"],
        update: &["valeur", "modifie_le", "modifie_par"],
    };
    let ligne = vec![parametre.into(), valeur.into(), quand.into(), acteur.to_string().into()];
    upsert_rows(conn, cible, [ligne]).await?;
    Ok(())
}

/// A parameter that was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParametreTenu {
    /// Its value.
    pub valeur: String,
    /// Since when.
    pub le: DateTime<Utc>,
    /// By whom.
    pub par: String,
}

/// Every parameter that was set, by name.
///
/// # Errors
/// Those of the database.
pub async fn parametre_all<C: ConnectionTrait>(conn: &C) -> Result<BTreeMap<String, ParametreTenu>, DbError> {
    let sql = "SELECT nom, valeur, modifie_le, modifie_par FROM maquette_parametre";
    let rows = select(conn, sql, []).await?;
    let tenu = |row: &QueryResult| {
        let par = row.try_get_by_index(3)?;
        Ok((
            row.try_get_by_index(0)?,
            ParametreTenu { valeur: row.try_get_by_index(1)?, le: row.try_get_by_index(2)?, par },
        ))
    };
    rows.iter().map(tenu).collect()
}

/// Gives up the value that was set.
///
/// # Errors
/// Those of the database.
pub async fn parametre_forget<C: ConnectionTrait>(conn: &C, parametre: &str) -> Result<(), DbError> {
    fil_advance(conn).await?;
    let mut q = Query::delete();
    q.from_table(nom("maquette_parametre")).and_where(Expr::col(nom("nom")).eq(parametre));
    conn.execute(&q).await?;
    Ok(())
}
