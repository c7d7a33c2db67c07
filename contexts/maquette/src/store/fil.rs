//! The feed: what changed, in the order in which it was committed, without the data.
//!
//! A cursor is the number of a change. Numbers are given under the writers' turn (see [`super::generation`]), so they are committed in
//! order: what has a smaller number than a change that was seen is committed too, or never will be.

use chrono::{DateTime, Utc};
use db::DbError;
use db::sea_orm::{ConnectionTrait, Statement, Value};
use db::sql::select;

use crate::domain::EtatCollecte;

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evenement {
    /// Its place.
    pub curseur: i64,
    /// When its change set was applied.
    pub quand: DateTime<Utc>,
    /// Year of the change set.
    pub annee: i64,
    /// Code of the kind.
    pub genre: String,
    /// Code of the sort.
    pub sorte: String,
    /// Key parts, as JSON.
    pub cle: serde_json::Value,
}

/// The place after which nothing is committed yet.
///
/// # Errors
/// Those of the database.
pub async fn fil_present<C: ConnectionTrait>(conn: &C) -> Result<i64, DbError> {
    let rows = select(conn, "SELECT COALESCE(MAX(id), 0) FROM maquette_changement", []).await?;
    Ok(match rows.first() {
        Some(row) => row.try_get_by_index(0)?,
        None => 0,
    })
}

/// The next events of these kinds after a place, in order. Comparisons that were not applied are not events: only those of a simulation
/// and of a collection that stopped to be confirmed leave changes behind. A collection that is taken again after a kill, its changes
/// already committed, is under way for a while: its events stay in sight.
///
/// # Errors
/// Those of the database.
pub async fn fil_list<C: ConnectionTrait>(
    conn: &C,
    depuis: i64,
    jusqu_a: i64,
    genres: &[&str],
    annee: Option<u16>,
    combien: u64,
) -> Result<Vec<Evenement>, DbError> {
    if genres.is_empty() {
        return Ok(Vec::new());
    }
    let marques = vec!["?"; genres.len()].join(", ");
    let mut sql = format!(
        "SELECT e.id, COALESCE(c.finie_le, c.debutee_le, c.demandee_le), c.annee, e.genre, e.sorte, e.cle
         FROM maquette_changement e JOIN maquette_collecte c ON c.id = e.collecte_id
         WHERE e.id > ? AND e.id <= ? AND NOT c.simulation AND c.etat NOT IN (?, ?) AND e.genre IN ({marques})"
    );
    let mut valeurs: Vec<Value> = vec![
        depuis.into(),
        jusqu_a.into(),
        EtatCollecte::AConfirmer.code().into(),
        EtatCollecte::Annulee.code().into(),
    ];
    valeurs.extend(genres.iter().map(|g| Value::from(*g)));
    if let Some(annee) = annee {
        sql.push_str(" AND c.annee = ?");
        valeurs.push(i64::from(annee).into());
    }
    sql.push_str(&format!(" ORDER BY e.id LIMIT {combien}"));
    let rows = select(conn, &sql, valeurs).await?;
    rows.iter()
        .map(|row| {
            let cle: String = row.try_get_by_index(5)?;
            Ok(Evenement {
                curseur: row.try_get_by_index(0)?,
                quand: row.try_get_by_index(1)?,
                annee: row.try_get_by_index(2)?,
                genre: row.try_get_by_index(3)?,
                sorte: row.try_get_by_index(4)?,
                cle: serde_json::from_str(&cle).unwrap_or_default(),
            })
        })
        .collect()
}

/// Notes that the feed goes no further back than this place: to be called by whatever deletes old changes, in the same transaction.
///
/// # Errors
/// Those of the database.
pub async fn fil_forget<C: ConnectionTrait>(conn: &C, jusqu_a: i64) -> Result<(), DbError> {
    let sql = format!(
        "INSERT INTO maquette_generation (nom, valeur) VALUES ('oubli', {jusqu_a}) ON CONFLICT (nom) DO UPDATE
         SET valeur = CASE WHEN maquette_generation.valeur < excluded.valeur THEN excluded.valeur ELSE maquette_generation.valeur END"
    );
    conn.execute_raw(Statement::from_string(conn.get_database_backend(), sql)).await?;
    Ok(())
}
