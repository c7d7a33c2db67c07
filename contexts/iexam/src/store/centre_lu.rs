//! What the REST interface reads of the centres of a page: rooms, agreements, modalities. One query each, whatever the page holds.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use db::DbError;
use db::sea_orm::{ConnectionTrait, Value};
use db::sql::select;

use super::marques;
use crate::domain::centre::{Fermeture, Salle};

/// The agreement of a centre to a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccordLu {
    /// First year of the period.
    pub annee: i64,
    /// Its code.
    pub code: String,
    /// `a_demander`, `demande`, `accepte`, `refuse`.
    pub etat: String,
    /// Places given.
    pub places: Option<i64>,
    /// Places held.
    pub prises: i64,
    /// When it was asked.
    pub demande_le: Option<DateTime<Utc>>,
    /// When it answered.
    pub repondu_le: Option<DateTime<Utc>>,
}

fn ids(centres: &[i64]) -> impl Iterator<Item = Value> + '_ {
    centres.iter().map(|id| Value::from(*id))
}

/// Rooms by centre, in the order of pages.
///
/// # Errors
/// Those of the database.
pub async fn salles_des<C: ConnectionTrait>(
    conn: &C,
    centres: &[i64],
) -> Result<BTreeMap<i64, Vec<Salle>>, DbError> {
    let mut lues: BTreeMap<i64, Vec<Salle>> = BTreeMap::new();
    if centres.is_empty() {
        return Ok(lues);
    }
    let sql = format!(
        "SELECT centre, id, nom, capacite, equipement, a_part, rang, active FROM iexam_salle WHERE centre IN ({})
         ORDER BY active DESC, rang, nom, id",
        marques(centres.len())
    );
    for row in select(conn, &sql, ids(centres)).await? {
        lues.entry(row.try_get_by_index(0)?).or_default().push(Salle {
            id: row.try_get_by_index(1)?,
            nom: row.try_get_by_index(2)?,
            capacite: row.try_get_by_index(3)?,
            equipement: row.try_get_by_index(4)?,
            a_part: row.try_get_by_index(5)?,
            rang: row.try_get_by_index(6)?,
            active: row.try_get_by_index(7)?,
        });
    }
    Ok(lues)
}

/// Closures by centre, in the order of days.
///
/// # Errors
/// Those of the database.
pub async fn fermetures_des<C: ConnectionTrait>(
    conn: &C,
    centres: &[i64],
) -> Result<BTreeMap<i64, Vec<Fermeture>>, DbError> {
    let mut lues: BTreeMap<i64, Vec<Fermeture>> = BTreeMap::new();
    if centres.is_empty() {
        return Ok(lues);
    }
    let sql = format!(
        "SELECT centre, id, du, au, motif FROM iexam_fermeture WHERE centre IN ({}) ORDER BY du, id",
        marques(centres.len())
    );
    for row in select(conn, &sql, ids(centres)).await? {
        lues.entry(row.try_get_by_index(0)?).or_default().push(Fermeture {
            id: row.try_get_by_index(1)?,
            du: row.try_get_by_index(2)?,
            au: row.try_get_by_index(3)?,
            motif: row.try_get_by_index(4)?,
        });
    }
    Ok(lues)
}

/// Agreements by centre, the latest period first; of one period when it is given.
///
/// # Errors
/// Those of the database.
pub async fn accords_des<C: ConnectionTrait>(
    conn: &C,
    centres: &[i64],
    periode: Option<i64>,
) -> Result<BTreeMap<i64, Vec<AccordLu>>, DbError> {
    let mut lus: BTreeMap<i64, Vec<AccordLu>> = BTreeMap::new();
    if centres.is_empty() {
        return Ok(lus);
    }
    let une = if periode.is_some() { "AND a.periode = ?" } else { "" };
    let sql = format!(
        "SELECT a.centre, p.annee, p.code, a.etat, a.places, a.prises, a.demande_le, a.repondu_le
         FROM iexam_accord a JOIN iexam_periode p ON p.id = a.periode
         WHERE a.centre IN ({}) {une} ORDER BY p.annee DESC, p.code DESC",
        marques(centres.len())
    );
    for row in select(conn, &sql, ids(centres).chain(periode.map(Value::from))).await? {
        lus.entry(row.try_get_by_index(0)?).or_default().push(AccordLu {
            annee: row.try_get_by_index(1)?,
            code: row.try_get_by_index(2)?,
            etat: row.try_get_by_index(3)?,
            places: row.try_get_by_index(4)?,
            prises: row.try_get_by_index(5)?,
            demande_le: row.try_get_by_index(6)?,
            repondu_le: row.try_get_by_index(7)?,
        });
    }
    Ok(lus)
}

/// Codes of the modalities of each centre, in the order of pages.
///
/// # Errors
/// Those of the database.
pub async fn modalites_des<C: ConnectionTrait>(
    conn: &C,
    centres: &[i64],
) -> Result<BTreeMap<i64, Vec<String>>, DbError> {
    let mut lues: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    if centres.is_empty() {
        return Ok(lues);
    }
    let sql = format!(
        "SELECT mc.centre, m.code FROM iexam_modalite_centre mc JOIN iexam_modalite m ON m.id = mc.modalite
         WHERE mc.centre IN ({}) ORDER BY m.rang, m.id",
        marques(centres.len())
    );
    for row in select(conn, &sql, ids(centres)).await? {
        lues.entry(row.try_get_by_index(0)?).or_default().push(row.try_get_by_index(1)?);
    }
    Ok(lues)
}

/// Codes of the centres of each modality, by code.
///
/// # Errors
/// Those of the database.
pub async fn centres_des_modalites<C: ConnectionTrait>(
    conn: &C,
) -> Result<BTreeMap<i64, Vec<String>>, DbError> {
    let sql =
        "SELECT mc.modalite, c.code FROM iexam_modalite_centre mc JOIN iexam_centre c ON c.id = mc.centre
        WHERE c.actif ORDER BY c.code";
    let mut lus: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for row in select(conn, sql, []).await? {
        lus.entry(row.try_get_by_index(0)?).or_default().push(row.try_get_by_index(1)?);
    }
    Ok(lus)
}
