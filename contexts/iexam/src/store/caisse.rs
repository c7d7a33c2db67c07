//! What is added to the ledger by hand or by the bank, read back, and closed day by day.

use chrono::{DateTime, NaiveDate, Utc};
use db::DbError;
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::{execute, returning_id, select};
use kernel::{Actor, Cents};

use super::ecriture::{self, Nouvelle, solde_recompute};
use super::{inconnu, marques};
use crate::domain::cloture::{Ecriture, Totaux};
use crate::domain::ecriture::{Moyen, Nature};

/// Holds the till until the end of the transaction: who adds a row and who closes a day come one after the other, so that nothing slips
/// into a day while it is closed. The row of a period stands for the till: any row always there would do. Called first.
///
/// # Errors
/// Those of the database.
pub async fn caisse_lock<C: ConnectionTrait>(conn: &C) -> Result<(), DbError> {
    let sql = "UPDATE iexam_periode SET ecart_min = ecart_min WHERE id = (SELECT MIN(id) FROM iexam_periode)";
    execute(conn, sql, []).await?;
    Ok(())
}

/// The day that a row written today counts for: today, or the day after the last one closed.
///
/// # Errors
/// Those of the database.
pub async fn jour_ouvert<C: ConnectionTrait>(conn: &C, aujourd_hui: NaiveDate) -> Result<NaiveDate, DbError> {
    let rows = select(conn, "SELECT MAX(jour) FROM iexam_cloture", []).await?;
    let clos: Option<NaiveDate> = match rows.first() {
        Some(row) => row.try_get_by_index(0)?,
        None => None,
    };
    Ok(clos.and_then(|jour| jour.succ_opt()).map_or(aujourd_hui, |suivant| suivant.max(aujourd_hui)))
}

/// Adds a row and moves what is left to pay; nothing when the same `cle` wrote one already, whose number is then `Err`.
///
/// # Errors
/// Those of the database.
pub async fn ecriture_tenir<C: ConnectionTrait>(
    conn: &C,
    e: &Nouvelle<'_>,
    cle: Option<&str>,
    quand: DateTime<Utc>,
    acteur: &Actor,
) -> Result<Result<i64, i64>, DbError> {
    let sql = format!(
        "INSERT INTO iexam_ecriture ({}, cle) VALUES ({}, ?) ON CONFLICT (cle) DO NOTHING RETURNING id",
        ecriture::COLONNES.join(", "),
        marques(ecriture::COLONNES.len())
    );
    let valeurs = e.valeurs(quand, acteur).into_iter().chain([cle.into()]);
    if let Some(row) = select(conn, &sql, valeurs).await?.first() {
        let id = row.try_get_by_index(0)?;
        solde_recompute(conn, &[e.inscription]).await?;
        return Ok(Ok(id));
    }
    let sql = "SELECT id FROM iexam_ecriture WHERE cle = ?";
    match select(conn, sql, [cle.into()]).await?.first() {
        Some(row) => Ok(Err(row.try_get_by_index(0)?)),
        None => Err(inconnu("iexam_ecriture.cle")),
    }
}

const COLONNES: &str = "e.id, e.inscription, e.nature, e.moyen, e.montant_cents, e.libelle, e.poste, e.reference, e.jour, e.ecrite_le,
    e.ecrite_par, e.corrige, e.cloture";

fn lire(row: &QueryResult) -> Result<Ecriture, DbError> {
    let moyen: Option<String> = row.try_get_by_index(3)?;
    let moyen = match moyen {
        Some(code) => Some(Moyen::of_code(&code).ok_or_else(|| inconnu("iexam_ecriture.moyen"))?),
        None => None,
    };
    let nature = Nature::of_code(&row.try_get_by_index::<String>(2)?);
    Ok(Ecriture {
        id: row.try_get_by_index(0)?,
        inscription: row.try_get_by_index(1)?,
        nature: nature.ok_or_else(|| inconnu("iexam_ecriture.nature"))?,
        moyen,
        montant: Cents(row.try_get_by_index(4)?),
        libelle: row.try_get_by_index(5)?,
        poste: row.try_get_by_index(6)?,
        reference: row.try_get_by_index(7)?,
        jour: row.try_get_by_index(8)?,
        ecrite_le: row.try_get_by_index(9)?,
        ecrite_par: row.try_get_by_index(10)?,
        corrige: row.try_get_by_index(11)?,
        cloture: row.try_get_by_index(12)?,
    })
}

async fn lues<C: ConnectionTrait>(
    conn: &C,
    suite: &str,
    valeurs: impl IntoIterator<Item = Value>,
) -> Result<Vec<Ecriture>, DbError> {
    let sql = format!("SELECT {COLONNES} FROM iexam_ecriture e {suite}");
    select(conn, &sql, valeurs).await?.iter().map(lire).collect()
}

/// The account of a registration, in the order in which it was written.
///
/// # Errors
/// Those of the database.
pub async fn ecriture_list<C: ConnectionTrait>(conn: &C, inscription: i64) -> Result<Vec<Ecriture>, DbError> {
    lues(conn, "WHERE e.inscription = ? ORDER BY e.id", [inscription.into()]).await
}

/// One row.
///
/// # Errors
/// Those of the database.
pub async fn ecriture_read<C: ConnectionTrait>(conn: &C, id: i64) -> Result<Option<Ecriture>, DbError> {
    Ok(lues(conn, "WHERE e.id = ?", [id.into()]).await?.pop())
}

/// Whether a row was corrected by another.
///
/// # Errors
/// Those of the database.
pub async fn ecriture_corrigee<C: ConnectionTrait>(conn: &C, id: i64) -> Result<bool, DbError> {
    let sql = "SELECT COUNT(*) FROM iexam_ecriture WHERE corrige = ?";
    Ok(db::sql::count(conn, sql, [id.into()]).await? > 0)
}

/// Cash in the till, whatever the day.
///
/// # Errors
/// Those of the database.
pub async fn especes_en_caisse<C: ConnectionTrait>(conn: &C) -> Result<Cents, DbError> {
    let sql =
        "SELECT CAST(COALESCE(SUM(-montant_cents), 0) AS BIGINT) FROM iexam_ecriture WHERE moyen = 'especes'";
    let rows = select(conn, sql, []).await?;
    let row = rows.first().ok_or_else(|| inconnu("iexam_ecriture.moyen"))?;
    Ok(Cents(row.try_get_by_index(0)?))
}

/// A closing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cloture {
    /// Its number.
    pub id: i64,
    /// The day.
    pub jour: NaiveDate,
    /// When it was closed.
    pub close_le: DateTime<Utc>,
    /// By whom.
    pub close_par: String,
    /// Rows.
    pub ecritures: i64,
    /// What came in.
    pub encaisse: Cents,
    /// What went out.
    pub rembourse: Cents,
    /// Over the rows and the closing before.
    pub empreinte: String,
}

/// Every closing, the first day first: one per day worked.
///
/// # Errors
/// Those of the database.
pub async fn cloture_list<C: ConnectionTrait>(conn: &C) -> Result<Vec<Cloture>, DbError> {
    let sql = "SELECT id, jour, close_le, close_par, ecritures, encaisse_cents, rembourse_cents, empreinte
        FROM iexam_cloture ORDER BY jour";
    let lire = |row: &QueryResult| {
        Ok(Cloture {
            id: row.try_get_by_index(0)?,
            jour: row.try_get_by_index(1)?,
            close_le: row.try_get_by_index(2)?,
            close_par: row.try_get_by_index(3)?,
            ecritures: row.try_get_by_index(4)?,
            encaisse: Cents(row.try_get_by_index(5)?),
            rembourse: Cents(row.try_get_by_index(6)?),
            empreinte: row.try_get_by_index(7)?,
        })
    };
    select(conn, sql, []).await?.iter().map(lire).collect()
}

/// The rows that a closing holds, or that count for a day: everything but what is due, which no till moves.
///
/// # Errors
/// Those of the database.
pub async fn ecritures_du_jour<C: ConnectionTrait>(
    conn: &C,
    jour: NaiveDate,
) -> Result<Vec<Ecriture>, DbError> {
    lues(conn, "WHERE e.jour = ? AND e.nature <> 'du' ORDER BY e.id", [jour.into()]).await
}

/// The rows of every closing, in order, for checking them all in one query.
///
/// # Errors
/// Those of the database.
pub async fn ecritures_closes<C: ConnectionTrait>(conn: &C) -> Result<Vec<Ecriture>, DbError> {
    lues(conn, "WHERE e.cloture IS NOT NULL ORDER BY e.cloture, e.id", []).await
}

/// Days that have rows and are not closed, with how many: the first day first.
///
/// # Errors
/// Those of the database.
pub async fn jours_a_clore<C: ConnectionTrait>(conn: &C) -> Result<Vec<(NaiveDate, i64)>, DbError> {
    let sql = "SELECT jour, COUNT(*) FROM iexam_ecriture WHERE cloture IS NULL AND nature <> 'du' GROUP BY jour ORDER BY jour";
    let mut jours = Vec::new();
    for row in select(conn, sql, []).await? {
        jours.push((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
    }
    Ok(jours)
}

/// Closes a day over these rows.
///
/// # Errors
/// Those of the database.
pub async fn cloture_add<C: ConnectionTrait>(
    conn: &C,
    jour: NaiveDate,
    totaux: &Totaux,
    empreinte: &str,
    quand: DateTime<Utc>,
    acteur: &Actor,
) -> Result<i64, DbError> {
    let sql = "INSERT INTO iexam_cloture (jour, close_le, close_par, ecritures, encaisse_cents, rembourse_cents, empreinte)
        VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id";
    let valeurs: [Value; 7] = [
        jour.into(),
        quand.into(),
        acteur.to_string().into(),
        totaux.ecritures.into(),
        totaux.encaisse.0.into(),
        totaux.rembourse.0.into(),
        empreinte.into(),
    ];
    let id = returning_id(conn, sql, valeurs).await?;
    let sql = "UPDATE iexam_ecriture SET cloture = ? WHERE jour = ? AND cloture IS NULL AND nature <> 'du'";
    execute(conn, sql, [id.into(), jour.into()]).await?;
    Ok(id)
}
