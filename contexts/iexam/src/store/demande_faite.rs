//! Requests of change as students make them; how they are decided is in [`super::demande`].

use chrono::{DateTime, Utc};
use db::DbError;
use db::sea_orm::{ConnectionTrait, Value};
use db::sql::{execute, returning_id};

use super::inconnu;
use crate::domain::demande::{EtatDemande, Voulu};

/// Adds a request, and marks its registration.
///
/// # Errors
/// Those of the database.
pub async fn demande_add<C: ConnectionTrait>(
    conn: &C,
    inscription: i64,
    voulu: &Voulu,
    motif: &str,
    quand: DateTime<Utc>,
) -> Result<i64, DbError> {
    let voulu = serde_json::to_string(voulu).map_err(|_| inconnu("iexam_demande.voulu"))?;
    let sql = "INSERT INTO iexam_demande (inscription, faite_le, voulu, motif, etat) VALUES (?, ?, ?, ?, ?) RETURNING id";
    let valeurs: [Value; 5] =
        [inscription.into(), quand.into(), voulu.into(), motif.into(), EtatDemande::EnAttente.code().into()];
    let id = returning_id(conn, sql, valeurs).await?;
    let sql = "UPDATE iexam_inscription SET demande_en_attente = TRUE WHERE id = ?";
    execute(conn, sql, [inscription.into()]).await?;
    Ok(id)
}
