//! Writes of the REST interface that carried a key: taken once, answered again as they were.

use chrono::{DateTime, Duration, Utc};
use db::DbError;
use db::sea_orm::{ConnectionTrait, Value};
use db::sql::{execute, select};

use super::inconnu;

/// How long an answer is kept.
#[must_use]
pub fn conservation() -> Duration {
    Duration::hours(24)
}

/// After this long without an answer, whoever took a key is taken for dead: the key may be taken again.
fn abandon() -> Duration {
    Duration::minutes(1)
}

/// What taking a key comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prise {
    /// It is ours: the write is to be made.
    Libre,
    /// It was answered: status and body.
    Faite(u16, String),
    /// The same write is being made at this moment.
    EnCours,
    /// It was used for another write.
    Autre,
}

/// Takes the key of a write: one caller alone gets [`Prise::Libre`]. `demande` is a fingerprint of what is asked. Keys past their time are
/// forgotten on the way.
///
/// # Errors
/// Those of the database.
pub async fn idempotence_prendre<C: ConnectionTrait>(
    conn: &C,
    (porteur, cle): (&str, &str),
    demande: &str,
    quand: DateTime<Utc>,
) -> Result<Prise, DbError> {
    idempotence_purger(conn, quand).await?;
    let sql = "INSERT INTO iexam_idempotence (porteur, cle, demande, statut, reponse, faite_le) VALUES (?, ?, ?, 0, '', ?)
        ON CONFLICT (porteur, cle) DO NOTHING";
    let valeurs: [Value; 4] = [porteur.into(), cle.into(), demande.into(), quand.into()];
    if execute(conn, sql, valeurs).await? == 1 {
        return Ok(Prise::Libre);
    }
    let sql = "SELECT demande, statut, reponse FROM iexam_idempotence WHERE porteur = ? AND cle = ?";
    let rows = select(conn, sql, [porteur.into(), cle.into()]).await?;
    // Given back between the two statements: the caller asks again.
    let Some(row) = rows.first() else { return Ok(Prise::EnCours) };
    if row.try_get_by_index::<String>(0)? != demande {
        return Ok(Prise::Autre);
    }
    let statut: i64 = row.try_get_by_index(1)?;
    if statut != 0 {
        let statut = u16::try_from(statut).map_err(|_| inconnu("iexam_idempotence.statut"))?;
        return Ok(Prise::Faite(statut, row.try_get_by_index(2)?));
    }
    let sql = "UPDATE iexam_idempotence SET faite_le = ? WHERE porteur = ? AND cle = ? AND statut = 0 AND faite_le < ?";
    let valeurs: [Value; 4] = [quand.into(), porteur.into(), cle.into(), (quand - abandon()).into()];
    Ok(if execute(conn, sql, valeurs).await? == 1 { Prise::Libre } else { Prise::EnCours })
}

/// Keeps the answer of a write.
///
/// # Errors
/// Those of the database.
pub async fn idempotence_garder<C: ConnectionTrait>(
    conn: &C,
    (porteur, cle): (&str, &str),
    statut: u16,
    reponse: &str,
) -> Result<(), DbError> {
    let sql = "UPDATE iexam_idempotence SET statut = ?, reponse = ? WHERE porteur = ? AND cle = ?";
    let valeurs: [Value; 4] = [i64::from(statut).into(), reponse.into(), porteur.into(), cle.into()];
    execute(conn, sql, valeurs).await?;
    Ok(())
}

/// Gives back a key taken at that instant: the write failed on our side, and may be tried again. A key that somebody else has taken up
/// meanwhile is left to them.
///
/// # Errors
/// Those of the database.
pub async fn idempotence_rendre<C: ConnectionTrait>(
    conn: &C,
    (porteur, cle): (&str, &str),
    prise_le: DateTime<Utc>,
) -> Result<(), DbError> {
    let sql = "DELETE FROM iexam_idempotence WHERE porteur = ? AND cle = ? AND statut = 0 AND faite_le = ?";
    execute(conn, sql, [porteur.into(), cle.into(), prise_le.into()]).await?;
    Ok(())
}

/// Forgets the answers that were kept long enough; says how many.
///
/// # Errors
/// Those of the database.
pub async fn idempotence_purger<C: ConnectionTrait>(conn: &C, quand: DateTime<Utc>) -> Result<u64, DbError> {
    execute(conn, "DELETE FROM iexam_idempotence WHERE faite_le < ?", [(quand - conservation()).into()]).await
}
