//! Spreadsheets of épreuves that were sent and wait to be applied.

use chrono::{DateTime, Utc};
use db::DbError;
use db::sea_orm::ConnectionTrait;
use db::sql::{execute, returning_id, select};
use kernel::Actor;

/// A file that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportTenu {
    /// Its number.
    pub id: i64,
    /// Period that it is for.
    pub periode: i64,
    /// Name of the file.
    pub fichier: String,
    /// What it says, as JSON; empty once applied.
    pub contenu: String,
    /// Who sent it, and when.
    pub depose: (String, DateTime<Utc>),
    /// Who applied it, and when.
    pub applique: Option<(String, DateTime<Utc>)>,
}

/// Keeps a file until it is applied, and gives its number.
///
/// # Errors
/// Those of the database.
pub async fn import_create<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
    fichier: &str,
    contenu: &str,
    quand: DateTime<Utc>,
    acteur: &Actor,
) -> Result<i64, DbError> {
    let sql = "INSERT INTO iexam_import_epreuves (periode, fichier, contenu, depose_le, depose_par) VALUES (?, ?, ?, ?, ?) RETURNING id";
    let valeurs = [periode.into(), fichier.into(), contenu.into(), quand.into(), acteur.to_string().into()];
    returning_id(conn, sql, valeurs).await
}

/// A file that was sent.
///
/// # Errors
/// Those of the database.
pub async fn import_read<C: ConnectionTrait>(conn: &C, id: i64) -> Result<Option<ImportTenu>, DbError> {
    let sql = "SELECT periode, fichier, contenu, depose_par, depose_le, applique_par, applique_le FROM iexam_import_epreuves WHERE id = ?";
    let rows = select(conn, sql, [id.into()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let par: Option<String> = row.try_get_by_index(5)?;
    let le: Option<DateTime<Utc>> = row.try_get_by_index(6)?;
    Ok(Some(ImportTenu {
        id,
        periode: row.try_get_by_index(0)?,
        fichier: row.try_get_by_index(1)?,
        contenu: row.try_get_by_index(2)?,
        depose: (row.try_get_by_index(3)?, row.try_get_by_index(4)?),
        applique: par.zip(le),
    }))
}

/// Says that a file was applied; what it says is no longer needed.
///
/// # Errors
/// Those of the database.
pub async fn import_apply<C: ConnectionTrait>(
    conn: &C,
    id: i64,
    quand: DateTime<Utc>,
    acteur: &Actor,
) -> Result<(), DbError> {
    let sql = "UPDATE iexam_import_epreuves SET applique_par = ?, applique_le = ?, contenu = '' WHERE id = ?";
    execute(conn, sql, [acteur.to_string().into(), quand.into(), id.into()]).await?;
    Ok(())
}

/// Forgets a file that was not applied, or those sent before `limite`.
///
/// # Errors
/// Those of the database.
pub async fn import_forget<C: ConnectionTrait>(
    conn: &C,
    id: Option<i64>,
    limite: Option<DateTime<Utc>>,
) -> Result<(), DbError> {
    let sql = "DELETE FROM iexam_import_epreuves WHERE applique_le IS NULL AND (id = ? OR depose_le < ?)";
    execute(conn, sql, [id.into(), limite.into()]).await?;
    Ok(())
}
