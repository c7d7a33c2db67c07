//! Agreements of centres to periods, and parcels.

use db::DbError;
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::{execute, returning_id, select};

use super::inconnu;
use crate::domain::centre::{Accord, Colis, EtatAccord, Sens};

const COLONNES: &str =
    "a.id, a.periode, a.centre, a.etat, a.places, a.prises, a.demande_le, a.repondu_le, a.reponse";

fn lire(row: &QueryResult) -> Result<Accord, DbError> {
    let etat: String = row.try_get_by_index(3)?;
    Ok(Accord {
        id: row.try_get_by_index(0)?,
        periode: row.try_get_by_index(1)?,
        centre: row.try_get_by_index(2)?,
        etat: EtatAccord::of_code(&etat).ok_or_else(|| inconnu("iexam_accord.etat"))?,
        places: row.try_get_by_index(4)?,
        prises: row.try_get_by_index(5)?,
        demande_le: row.try_get_by_index(6)?,
        repondu_le: row.try_get_by_index(7)?,
        reponse: row.try_get_by_index(8)?,
    })
}

async fn lus<C: ConnectionTrait>(
    conn: &C,
    suite: &str,
    valeurs: impl IntoIterator<Item = Value>,
) -> Result<Vec<Accord>, DbError> {
    let sql = format!("SELECT {COLONNES} FROM iexam_accord a {suite}");
    select(conn, &sql, valeurs).await?.iter().map(lire).collect()
}

/// The agreements of a centre, the latest period first.
///
/// # Errors
/// Those of the database.
pub async fn accords_du_centre<C: ConnectionTrait>(conn: &C, centre: i64) -> Result<Vec<Accord>, DbError> {
    lus(
        conn,
        "JOIN iexam_periode p ON p.id = a.periode WHERE a.centre = ? ORDER BY p.annee DESC, p.code DESC",
        [centre.into()],
    )
    .await
}

/// The agreements of a period, in no order.
///
/// # Errors
/// Those of the database.
pub async fn accords_de_periode<C: ConnectionTrait>(conn: &C, periode: i64) -> Result<Vec<Accord>, DbError> {
    lus(conn, "WHERE a.periode = ? ORDER BY a.id", [periode.into()]).await
}

/// The agreement of a centre to a period.
///
/// # Errors
/// Those of the database.
pub async fn accord_read<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
    centre: i64,
) -> Result<Option<Accord>, DbError> {
    Ok(lus(conn, "WHERE a.periode = ? AND a.centre = ?", [periode.into(), centre.into()]).await?.pop())
}

/// Puts a centre in a period, its agreement to be asked; what was there stays.
///
/// # Errors
/// Those of the database.
pub async fn accord_add<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
    centre: i64,
    places: Option<i64>,
) -> Result<bool, DbError> {
    let sql = "INSERT INTO iexam_accord (periode, centre, etat, places) VALUES (?, ?, 'a_demander', ?)
        ON CONFLICT (periode, centre) DO NOTHING";
    Ok(execute(conn, sql, [periode.into(), centre.into(), places.into()]).await? == 1)
}

/// Writes an agreement. Whether it was written: not when it gives less places than are held.
///
/// # Errors
/// Those of the database.
pub async fn accord_write<C: ConnectionTrait>(conn: &C, a: &Accord) -> Result<bool, DbError> {
    let sql = "UPDATE iexam_accord SET etat = ?, places = ?, demande_le = ?, repondu_le = ?, reponse = ? WHERE id = ?";
    let mut valeurs: Vec<Value> = vec![
        a.etat.code().into(),
        a.places.into(),
        a.demande_le.into(),
        a.repondu_le.into(),
        a.reponse.as_str().into(),
        a.id.into(),
    ];
    let fin = match a.places {
        Some(n) => {
            valeurs.push(n.into());
            " AND prises <= ?"
        }
        None => "",
    };
    Ok(execute(conn, &format!("{sql}{fin}"), valeurs).await? == 1)
}

/// Takes a centre out of a period that nobody chose it in.
///
/// # Errors
/// Those of the database.
pub async fn accord_remove<C: ConnectionTrait>(conn: &C, id: i64) -> Result<bool, DbError> {
    Ok(execute(conn, "DELETE FROM iexam_accord WHERE id = ? AND prises = 0", [id.into()]).await? == 1)
}

/// Registrations of a period placed in a centre: row, student, name, state.
///
/// # Errors
/// Those of the database.
pub async fn accord_inscriptions<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
    centre: i64,
) -> Result<Vec<(i64, String, String, String)>, DbError> {
    let sql = "SELECT id, etudiant, nom_classe, etat FROM iexam_inscription
        WHERE periode = ? AND centre = ? AND tient_place ORDER BY classement, id";
    let rows = select(conn, sql, [periode.into(), centre.into()]).await?;
    let lire = |row: &QueryResult| {
        Ok((
            row.try_get_by_index(0)?,
            row.try_get_by_index(1)?,
            row.try_get_by_index(2)?,
            row.try_get_by_index(3)?,
        ))
    };
    rows.iter().map(lire).collect()
}

/// The parcels of a centre, the latest period first.
///
/// # Errors
/// Those of the database.
pub async fn colis_du_centre<C: ConnectionTrait>(conn: &C, centre: i64) -> Result<Vec<Colis>, DbError> {
    let sql = "SELECT x.id, x.periode, x.centre, x.sens, x.transporteur, x.suivi, x.copies, x.expedie_le, x.recu_le, x.copies_recues, x.note
        FROM iexam_colis x JOIN iexam_periode p ON p.id = x.periode WHERE x.centre = ? ORDER BY p.annee DESC, p.code DESC, x.id DESC";
    let rows = select(conn, sql, [centre.into()]).await?;
    let lire = |row: &QueryResult| {
        let sens: String = row.try_get_by_index(3)?;
        Ok(Colis {
            id: row.try_get_by_index(0)?,
            periode: row.try_get_by_index(1)?,
            centre: row.try_get_by_index(2)?,
            sens: Sens::of_code(&sens).ok_or_else(|| inconnu("iexam_colis.sens"))?,
            transporteur: row.try_get_by_index(4)?,
            suivi: row.try_get_by_index(5)?,
            copies: row.try_get_by_index(6)?,
            expedie_le: row.try_get_by_index(7)?,
            recu_le: row.try_get_by_index(8)?,
            copies_recues: row.try_get_by_index(9)?,
            note: row.try_get_by_index(10)?,
        })
    };
    rows.iter().map(lire).collect()
}

/// Writes a parcel, or adds it when its row is 0; gives its row.
///
/// # Errors
/// Those of the database.
pub async fn colis_write<C: ConnectionTrait>(conn: &C, x: &Colis) -> Result<i64, DbError> {
    let valeurs: [Value; 10] = [
        x.periode.into(),
        x.sens.code().into(),
        x.transporteur.as_str().into(),
        x.suivi.as_str().into(),
        x.copies.into(),
        x.expedie_le.into(),
        x.recu_le.into(),
        x.copies_recues.into(),
        x.note.as_str().into(),
        x.centre.into(),
    ];
    if x.id == 0 {
        let sql = "INSERT INTO iexam_colis (periode, sens, transporteur, suivi, copies, expedie_le, recu_le, copies_recues, note, centre)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
        return returning_id(conn, sql, valeurs).await;
    }
    let sql = "UPDATE iexam_colis SET periode = ?, sens = ?, transporteur = ?, suivi = ?, copies = ?, expedie_le = ?, recu_le = ?,
        copies_recues = ?, note = ? WHERE centre = ? AND id = ?";
    execute(conn, sql, valeurs.into_iter().chain([x.id.into()])).await?;
    Ok(x.id)
}
