//! Receipts: added, never changed.

use chrono::{DateTime, Utc};
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::{count, select};
use db::{DbError, insert_rows};
use kernel::NumeroEtudiant;

use super::inconnu;
use crate::domain::recu::Recu;

/// A receipt as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecuTenu {
    /// Registration.
    pub inscription: i64,
    /// Whose it is.
    pub etudiant: NumeroEtudiant,
    /// When it was given.
    pub etabli_le: DateTime<Utc>,
    /// What it says.
    pub contenu: Recu,
}

/// Keeps receipts: each with its registration, the revision that it confirms and when it was given.
///
/// # Errors
/// Those of the database.
pub async fn recus_add<'r, C: ConnectionTrait>(
    conn: &C,
    recus: impl Iterator<Item = (i64, i64, DateTime<Utc>, &'r Recu)>,
) -> Result<(), DbError> {
    let rows = recus.map(|(inscription, revision, quand, recu)| {
        let contenu = serde_json::to_string(recu).map_err(|_| inconnu("iexam_recu.contenu"))?;
        Ok(vec![
            recu.numero.as_str().into(),
            inscription.into(),
            revision.into(),
            quand.into(),
            contenu.into(),
        ])
    });
    let rows = rows.collect::<Result<Vec<Vec<Value>>, DbError>>()?;
    insert_rows(conn, "iexam_recu", &["numero", "inscription", "revision", "etabli_le", "contenu"], rows)
        .await?;
    Ok(())
}

/// How many a registration has.
///
/// # Errors
/// Those of the database.
pub async fn recu_count<C: ConnectionTrait>(conn: &C, inscription: i64) -> Result<u64, DbError> {
    count(conn, "SELECT COUNT(*) FROM iexam_recu WHERE inscription = ?", [inscription.into()]).await
}

fn lire(row: &QueryResult) -> Result<RecuTenu, DbError> {
    let contenu: String = row.try_get_by_index(3)?;
    Ok(RecuTenu {
        inscription: row.try_get_by_index(0)?,
        etudiant: NumeroEtudiant(row.try_get_by_index(1)?),
        etabli_le: row.try_get_by_index(2)?,
        contenu: serde_json::from_str(&contenu).map_err(|_| inconnu("iexam_recu.contenu"))?,
    })
}

const COLONNES: &str = "SELECT r.inscription, i.etudiant, r.etabli_le, r.contenu FROM iexam_recu r
    JOIN iexam_inscription i ON i.id = r.inscription";

/// The receipt of that number.
///
/// # Errors
/// Those of the database.
pub async fn recu_read<C: ConnectionTrait>(conn: &C, numero: &str) -> Result<Option<RecuTenu>, DbError> {
    let sql = format!("{COLONNES} WHERE r.numero = ?");
    select(conn, &sql, [numero.into()]).await?.first().map(lire).transpose()
}

/// The receipts of a registration, the latest first.
///
/// # Errors
/// Those of the database.
pub async fn recu_list<C: ConnectionTrait>(conn: &C, inscription: i64) -> Result<Vec<RecuTenu>, DbError> {
    let sql = format!("{COLONNES} WHERE r.inscription = ? ORDER BY r.id DESC");
    select(conn, &sql, [inscription.into()]).await?.iter().map(lire).collect()
}
