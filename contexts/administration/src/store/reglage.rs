//! Settings of the installation that a page has set over the settings file.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use db::sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use db::sea_orm::{ConnectionTrait, QueryResult};
use db::sql::select;
use db::{DbError, Upsert, upsert_rows};
use kernel::Actor;

/// A setting that was set.
#[derive(Clone, PartialEq, Eq)]
pub struct Reglage {
    /// Its value; may be a secret.
    pub valeur: String,
    /// Since when.
    pub le: DateTime<Utc>,
    /// By whom.
    pub par: String,
}

impl std::fmt::Debug for Reglage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not the value: it may be a secret.
        f.debug_struct("Reglage").field("le", &self.le).field("par", &self.par).finish_non_exhaustive()
    }
}

/// Every setting that was set, by key.
///
/// # Errors
/// Those of the database.
pub async fn reglage_all<C: ConnectionTrait>(conn: &C) -> Result<BTreeMap<String, Reglage>, DbError> {
    let rows =
        select(conn, "SELECT cle, valeur, modifie_le, modifie_par FROM administration_reglage", []).await?;
    let reglage = |row: &QueryResult| {
        let (valeur, le, par) =
            (row.try_get_by_index(1)?, row.try_get_by_index(2)?, row.try_get_by_index(3)?);
        Ok((row.try_get_by_index(0)?, Reglage { valeur, le, par }))
    };
    rows.iter().map(reglage).collect()
}

/// Sets one.
///
/// # Errors
/// Those of the database.
pub async fn reglage_write<C: ConnectionTrait>(
    conn: &C,
    cle: &str,
    valeur: &str,
    quand: DateTime<Utc>,
    acteur: &Actor,
) -> Result<(), DbError> {
    let cible = Upsert {
        table: "administration_reglage",
        columns: &["cle", "valeur", "modifie_le", "modifie_par"],
        key: &["cle"],
        update: &["valeur", "modifie_le", "modifie_par"],
    };
    let ligne = vec![cle.into(), valeur.into(), quand.into(), acteur.to_string().into()];
    upsert_rows(conn, cible, [ligne]).await?;
    Ok(())
}

/// Gives one up.
///
/// # Errors
/// Those of the database.
pub async fn reglage_forget<C: ConnectionTrait>(conn: &C, cle: &str) -> Result<(), DbError> {
    let mut q = Query::delete();
    q.from_table(Alias::new("administration_reglage")).and_where(Expr::col(Alias::new("cle")).eq(cle));
    conn.execute(&q).await?;
    Ok(())
}
