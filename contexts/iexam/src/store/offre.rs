//! Modalities offered in periods.

use chrono::{DateTime, Utc};
use db::DbError;
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::{execute, select};

/// A modality in a period, whether it was ever offered or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offerte {
    /// Modality.
    pub modalite: i64,
    /// Its code.
    pub code: String,
    /// Its label.
    pub libelle: String,
    /// Whether the modality itself is active.
    pub modalite_active: bool,
    /// Whether the period offers it.
    pub offerte: bool,
    /// Most registrations.
    pub quota: Option<i64>,
    /// When it stops being offered, if before the end of registrations.
    pub echeance: Option<DateTime<Utc>>,
    /// Places held.
    pub prises: i64,
}

fn lire(row: &QueryResult) -> Result<Offerte, DbError> {
    Ok(Offerte {
        modalite: row.try_get_by_index(0)?,
        code: row.try_get_by_index(1)?,
        libelle: row.try_get_by_index(2)?,
        modalite_active: row.try_get_by_index(3)?,
        offerte: row.try_get_by_index::<Option<bool>>(4)?.unwrap_or(false),
        quota: row.try_get_by_index(5)?,
        echeance: row.try_get_by_index(6)?,
        prises: row.try_get_by_index::<Option<i64>>(7)?.unwrap_or(0),
    })
}

/// Every modality that is active or that the period offers, in the order of pages.
///
/// # Errors
/// Those of the database.
pub async fn offre_list<C: ConnectionTrait>(conn: &C, periode: i64) -> Result<Vec<Offerte>, DbError> {
    let sql = "SELECT m.id, m.code, m.libelle, m.active, o.active, o.quota, o.echeance, o.prises
        FROM iexam_modalite m LEFT JOIN iexam_offre o ON o.modalite = m.id AND o.periode = ?
        WHERE m.active OR o.active OR o.prises > 0 ORDER BY m.rang, m.id";
    select(conn, sql, [periode.into()]).await?.iter().map(lire).collect()
}

/// Writes what a period offers of a modality. Whether it was written: not when it would leave less than the places held.
///
/// # Errors
/// Those of the database.
pub async fn offre_write<C: ConnectionTrait>(conn: &C, periode: i64, o: &Offerte) -> Result<bool, DbError> {
    let inserer = "INSERT INTO iexam_offre (periode, modalite, active) VALUES (?, ?, FALSE) ON CONFLICT (periode, modalite) DO NOTHING";
    execute(conn, inserer, [periode.into(), o.modalite.into()]).await?;
    // A place may be taken at this very instant: the counter is compared where it is written.
    let borne = match (o.offerte, o.quota) {
        (false, _) => Some(0),
        (true, quota) => quota,
    };
    let sql = "UPDATE iexam_offre SET active = ?, quota = ?, echeance = ? WHERE periode = ? AND modalite = ?";
    let mut valeurs: Vec<Value> =
        vec![o.offerte.into(), o.quota.into(), o.echeance.into(), periode.into(), o.modalite.into()];
    let fin = match borne {
        Some(n) => {
            valeurs.push(n.into());
            " AND prises <= ?"
        }
        None => "",
    };
    Ok(execute(conn, &format!("{sql}{fin}"), valeurs).await? == 1)
}
