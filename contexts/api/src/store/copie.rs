//! Copies of Apogée's answers, and what is known of each data set.

use chrono::{DateTime, Utc};
use db::sea_orm::ConnectionTrait;
use db::sql::select;
use db::{DbError, Upsert, upsert_rows};

use crate::domain::copie::Jeu;

/// A copy held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Copie {
    /// JSON.
    pub(crate) contenu: String,
    /// When the source gave it.
    pub(crate) obtenue_le: DateTime<Utc>,
}

pub(crate) async fn copie_read<C: ConnectionTrait>(
    conn: &C,
    jeu: Jeu,
    cle: &str,
) -> Result<Option<Copie>, DbError> {
    let sql = "SELECT contenu, obtenue_le FROM api_copie WHERE jeu = ? AND cle = ?";
    let rows = select(conn, sql, [jeu.code().into(), cle.into()]).await?;
    rows.first()
        .map(|row| Ok(Copie { contenu: row.try_get_by_index(0)?, obtenue_le: row.try_get_by_index(1)? }))
        .transpose()
}

/// Keeps an answer, and says that the data set was read well.
pub(crate) async fn copie_write<C: ConnectionTrait>(
    conn: &C,
    jeu: Jeu,
    cle: &str,
    copie: &Copie,
) -> Result<(), DbError> {
    let cible = Upsert {
        table: "api_copie",
        columns: &["jeu", "cle", "contenu", "obtenue_le"],
        key: &["jeu", "cle"],
        update: &["contenu", "obtenue_le"],
    };
    let ligne = vec![jeu.code().into(), cle.into(), copie.contenu.as_str().into(), copie.obtenue_le.into()];
    upsert_rows(conn, cible, [ligne]).await?;
    essai_write(conn, jeu, copie.obtenue_le, None).await
}

/// Says how the last try went.
pub(crate) async fn essai_write<C: ConnectionTrait>(
    conn: &C,
    jeu: Jeu,
    quand: DateTime<Utc>,
    echec: Option<&str>,
) -> Result<(), DbError> {
    let cible = Upsert {
        table: "api_jeu",
        columns: &["jeu", "essai_le", "echec"],
        key: &["jeu"],
        update: &["essai_le", "echec"],
    };
    upsert_rows(conn, cible, [vec![jeu.code().into(), quand.into(), echec.into()]]).await?;
    Ok(())
}

/// What is held of a data set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Etendue {
    /// Code of the data set.
    pub(crate) jeu: String,
    /// Copies.
    pub(crate) copies: u64,
    /// The most recent.
    pub(crate) recente: Option<DateTime<Utc>>,
    /// The oldest.
    pub(crate) ancienne: Option<DateTime<Utc>>,
    /// Last try.
    pub(crate) essai_le: Option<DateTime<Utc>>,
    /// Why it failed.
    pub(crate) echec: Option<String>,
}

pub(crate) async fn etendue_list<C: ConnectionTrait>(conn: &C) -> Result<Vec<Etendue>, DbError> {
    let sql =
        "SELECT j.jeu, COUNT(c.cle), MAX(c.obtenue_le), MIN(c.obtenue_le), MAX(j.essai_le), MAX(j.echec)
        FROM api_jeu j LEFT JOIN api_copie c ON c.jeu = j.jeu GROUP BY j.jeu ORDER BY j.jeu";
    let rows = select(conn, sql, []).await?;
    rows.iter()
        .map(|row| {
            Ok(Etendue {
                jeu: row.try_get_by_index(0)?,
                copies: row.try_get_by_index::<i64>(1)?.unsigned_abs(),
                recente: row.try_get_by_index(2)?,
                ancienne: row.try_get_by_index(3)?,
                essai_le: row.try_get_by_index(4)?,
                echec: row.try_get_by_index(5)?,
            })
        })
        .collect()
}

/// Forgets the copies of these data sets read before `avant`. Returns how many.
pub(crate) async fn copie_purge<C: ConnectionTrait>(
    conn: &C,
    jeux: &[Jeu],
    avant: DateTime<Utc>,
) -> Result<u64, DbError> {
    use db::sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query};
    let mut delete = Query::delete();
    delete
        .from_table(Alias::new("api_copie"))
        .and_where(Expr::col(Alias::new("jeu")).is_in(jeux.iter().map(|jeu| jeu.code())))
        .and_where(Expr::col(Alias::new("obtenue_le")).lt(avant));
    Ok(conn.execute(&delete).await?.rows_affected())
}
