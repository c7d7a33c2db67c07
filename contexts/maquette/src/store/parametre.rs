//! Parameters: the current year, the active maquette, thresholds.

use chrono::{DateTime, Utc};
use db::sea_orm::ConnectionTrait;
use db::sea_orm::sea_query::{Expr, ExprTrait, Query};
use db::{DbError, Upsert, upsert_rows};
use kernel::Actor;

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
