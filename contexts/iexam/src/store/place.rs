//! Places of modalities and centres: counters moved by one conditional statement, in the transaction that sets `tient_place`, so that
//! sixteen people at the last three places are three served, whatever the engine.

use db::DbError;
use db::sea_orm::ConnectionTrait;
use db::sql::{count, execute};

/// What was full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plein {
    /// The quota of the modality.
    Modalite,
    /// The places that the centre gives.
    Centre,
}

/// What gives places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objet {
    /// A modality, by its row.
    Modalite(i64),
    /// A centre, by its row.
    Centre(i64),
}

/// Takes a place. When something is full nothing must be kept: the caller gives its transaction up.
///
/// # Errors
/// Those of the database.
pub async fn place_prendre<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
    modalite: Option<i64>,
    centre: Option<i64>,
) -> Result<Result<(), Plein>, DbError> {
    if let Some(modalite) = modalite {
        let sql = "UPDATE iexam_offre SET prises = prises + 1
            WHERE periode = ? AND modalite = ? AND (quota IS NULL OR prises < quota)";
        if execute(conn, sql, [periode.into(), modalite.into()]).await? == 0 {
            return Ok(Err(Plein::Modalite));
        }
    }
    if let Some(centre) = centre {
        let sql = "UPDATE iexam_accord SET prises = prises + 1
            WHERE periode = ? AND centre = ? AND (places IS NULL OR prises < places)";
        if execute(conn, sql, [periode.into(), centre.into()]).await? == 0 {
            // A centre that needs no agreement may have no row, and then counts nothing.
            let sql = "SELECT COUNT(*) FROM iexam_accord WHERE periode = ? AND centre = ?";
            if count(conn, sql, [periode.into(), centre.into()]).await? > 0 {
                return Ok(Err(Plein::Centre));
            }
        }
    }
    Ok(Ok(()))
}

/// Takes places of one modality, or of one centre, for so many people who come in order: how many were served, the first ones.
///
/// # Errors
/// Those of the database.
pub async fn places_prendre<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
    objet: Objet,
    nombre: usize,
) -> Result<usize, DbError> {
    let (table, colonne, limite, id) = match objet {
        Objet::Modalite(id) => ("iexam_offre", "modalite", "quota", id),
        Objet::Centre(id) => ("iexam_accord", "centre", "places", id),
    };
    let combien = i64::try_from(nombre).unwrap_or(i64::MAX);
    let sql = format!(
        "UPDATE {table} SET prises = prises + ?
         WHERE periode = ? AND {colonne} = ? AND ({limite} IS NULL OR prises + ? <= {limite})"
    );
    let tous = [combien.into(), periode.into(), id.into(), combien.into()];
    if execute(conn, &sql, tous).await? > 0 {
        return Ok(nombre);
    }
    let (modalite, centre) = match objet {
        Objet::Modalite(id) => (Some(id), None),
        Objet::Centre(id) => (None, Some(id)),
    };
    // Not enough for all, or a centre that counts nothing.
    for servis in 0..nombre {
        if place_prendre(conn, periode, modalite, centre).await?.is_err() {
            return Ok(servis);
        }
    }
    Ok(nombre)
}

/// Gives a place back.
///
/// # Errors
/// Those of the database.
pub async fn place_rendre<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
    modalite: Option<i64>,
    centre: Option<i64>,
) -> Result<(), DbError> {
    if let Some(modalite) = modalite {
        let sql =
            "UPDATE iexam_offre SET prises = prises - 1 WHERE periode = ? AND modalite = ? AND prises > 0";
        execute(conn, sql, [periode.into(), modalite.into()]).await?;
    }
    if let Some(centre) = centre {
        let sql =
            "UPDATE iexam_accord SET prises = prises - 1 WHERE periode = ? AND centre = ? AND prises > 0";
        execute(conn, sql, [periode.into(), centre.into()]).await?;
    }
    Ok(())
}

/// Gives several places of one modality and centre back.
///
/// # Errors
/// Those of the database.
pub async fn places_rendre<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
    modalite: Option<i64>,
    centre: Option<i64>,
    nombre: i64,
) -> Result<(), DbError> {
    for (table, colonne, id) in [("iexam_offre", "modalite", modalite), ("iexam_accord", "centre", centre)] {
        let Some(id) = id else { continue };
        let sql = format!(
            "UPDATE {table} SET prises = CASE WHEN prises > ? THEN prises - ? ELSE 0 END WHERE periode = ? AND {colonne} = ?"
        );
        execute(conn, &sql, [nombre.into(), nombre.into(), periode.into(), id.into()]).await?;
    }
    Ok(())
}
