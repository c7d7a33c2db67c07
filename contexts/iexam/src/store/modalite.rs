//! Modalities, their tariffs, their centres.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use db::DbError;
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::{count, execute, returning_id, select};

use super::inconnu;
use crate::domain::modalite::{Lieu, Modalite, Tarif};

const COLONNES: &str = "id, code, libelle, lieu, surveillee, consignes, pieces, rang, active";

fn lire(row: &QueryResult) -> Result<Modalite, DbError> {
    let lieu: String = row.try_get_by_index(3)?;
    Ok(Modalite {
        id: row.try_get_by_index(0)?,
        code: row.try_get_by_index(1)?,
        libelle: row.try_get_by_index(2)?,
        lieu: Lieu::of_code(&lieu).ok_or_else(|| inconnu("iexam_modalite.lieu"))?,
        surveillee: row.try_get_by_index(4)?,
        consignes: row.try_get_by_index(5)?,
        pieces: row.try_get_by_index(6)?,
        rang: row.try_get_by_index(7)?,
        active: row.try_get_by_index(8)?,
    })
}

/// Every modality, in the order of pages.
///
/// # Errors
/// Those of the database.
pub async fn modalite_list<C: ConnectionTrait>(conn: &C) -> Result<Vec<Modalite>, DbError> {
    let sql = format!("SELECT {COLONNES} FROM iexam_modalite ORDER BY rang, id");
    select(conn, &sql, []).await?.iter().map(lire).collect()
}

/// The modality of that code.
///
/// # Errors
/// Those of the database.
pub async fn modalite_par_code<C: ConnectionTrait>(
    conn: &C,
    code: &str,
) -> Result<Option<Modalite>, DbError> {
    let sql = format!("SELECT {COLONNES} FROM iexam_modalite WHERE code = ?");
    select(conn, &sql, [code.into()]).await?.first().map(lire).transpose()
}

fn valeurs(m: &Modalite) -> [Value; 8] {
    [
        m.code.as_str().into(),
        m.libelle.as_str().into(),
        m.lieu.code().into(),
        m.surveillee.into(),
        m.consignes.as_str().into(),
        m.pieces.as_str().into(),
        m.rang.into(),
        m.active.into(),
    ]
}

/// Adds a modality.
///
/// # Errors
/// Those of the database; [`DbError::Unique`] when the code is taken.
pub async fn modalite_add<C: ConnectionTrait>(conn: &C, m: &Modalite) -> Result<i64, DbError> {
    let sql = "INSERT INTO iexam_modalite (code, libelle, lieu, surveillee, consignes, pieces, rang, active)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
    returning_id(conn, sql, valeurs(m)).await
}

/// Writes a modality.
///
/// # Errors
/// Those of the database; [`DbError::Unique`] when the code is taken.
pub async fn modalite_write<C: ConnectionTrait>(conn: &C, m: &Modalite) -> Result<(), DbError> {
    let sql = "UPDATE iexam_modalite SET code = ?, libelle = ?, lieu = ?, surveillee = ?, consignes = ?, pieces = ?, rang = ?, active = ?
        WHERE id = ?";
    execute(conn, sql, valeurs(m).into_iter().chain([m.id.into()])).await?;
    Ok(())
}

/// Whether a period offers it or a registration chose it: its code, its place and whether it is supervised no longer change.
///
/// # Errors
/// Those of the database.
pub async fn modalite_usage<C: ConnectionTrait>(conn: &C, id: i64) -> Result<(u64, u64), DbError> {
    let offres = count(conn, "SELECT COUNT(*) FROM iexam_offre WHERE modalite = ?", [id.into()]).await?;
    let sql = "SELECT COUNT(*) FROM iexam_inscription WHERE modalite = ? AND etat <> 'brouillon'";
    Ok((offres, count(conn, sql, [id.into()]).await?))
}

/// Names of the periods, not yet closed, that offer each modality.
///
/// # Errors
/// Those of the database.
pub async fn modalite_periodes<C: ConnectionTrait>(conn: &C) -> Result<BTreeMap<i64, Vec<String>>, DbError> {
    let sql = "SELECT o.modalite, p.code, p.annee FROM iexam_offre o JOIN iexam_periode p ON p.id = o.periode
        WHERE o.active AND p.etat NOT IN ('cloturee', 'archivee') ORDER BY p.annee DESC, p.code";
    let mut periodes: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for row in select(conn, sql, []).await? {
        let (code, annee): (String, i64) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        let nom = format!("{code} {annee}/{}", annee + 1);
        periodes.entry(row.try_get_by_index(0)?).or_default().push(nom);
    }
    Ok(periodes)
}

/// Registrations that their student has confirmed and whose tariff would be one that starts on `du`: those of periods that begin from
/// then on, and before the next tariff.
///
/// # Errors
/// Those of the database.
pub async fn tarif_inscriptions<C: ConnectionTrait>(
    conn: &C,
    modalite: i64,
    du: NaiveDate,
) -> Result<u64, DbError> {
    let sql = "SELECT COUNT(*) FROM iexam_inscription i JOIN iexam_periode p ON p.id = i.periode
        WHERE i.modalite = ? AND i.etat <> 'brouillon' AND p.epreuves_debut >= ? AND NOT EXISTS (
            SELECT 1 FROM iexam_tarif t WHERE t.modalite = i.modalite AND t.valide_du > ? AND t.valide_du <= p.epreuves_debut)";
    count(conn, sql, [modalite.into(), du.into(), du.into()]).await
}

/// Adds a tariff.
///
/// # Errors
/// Those of the database; [`DbError::Unique`] when one starts that day.
pub async fn tarif_add<C: ConnectionTrait>(conn: &C, modalite: i64, t: &Tarif) -> Result<(), DbError> {
    let sql = "INSERT INTO iexam_tarif (modalite, valide_du, fixe_cents, horaire_cents, majoration_facturee) VALUES (?, ?, ?, ?, ?)";
    let valeurs: [Value; 5] = [
        modalite.into(),
        t.valide_du.into(),
        t.fixe.0.into(),
        t.horaire.0.into(),
        t.majoration_facturee.into(),
    ];
    execute(conn, sql, valeurs).await?;
    Ok(())
}

/// Takes a tariff away.
///
/// # Errors
/// Those of the database.
pub async fn tarif_remove<C: ConnectionTrait>(
    conn: &C,
    modalite: i64,
    du: NaiveDate,
) -> Result<bool, DbError> {
    let sql = "DELETE FROM iexam_tarif WHERE modalite = ? AND valide_du = ?";
    Ok(execute(conn, sql, [modalite.into(), du.into()]).await? == 1)
}

/// Centres of a modality: row, code, name, whether it is one of its own.
///
/// # Errors
/// Those of the database.
pub async fn modalite_centres<C: ConnectionTrait>(
    conn: &C,
    modalite: i64,
) -> Result<Vec<(i64, String, String, bool)>, DbError> {
    let sql = "SELECT c.id, c.code, c.nom, (mc.centre IS NOT NULL) FROM iexam_centre c
        LEFT JOIN iexam_modalite_centre mc ON mc.centre = c.id AND mc.modalite = ?
        WHERE c.actif OR mc.centre IS NOT NULL ORDER BY c.pays, c.ville, c.id";
    let mut centres = Vec::new();
    for row in select(conn, sql, [modalite.into()]).await? {
        centres.push((
            row.try_get_by_index(0)?,
            row.try_get_by_index(1)?,
            row.try_get_by_index(2)?,
            row.try_get_by_index(3)?,
        ));
    }
    Ok(centres)
}

/// The modalities of a centre: row, code, label.
///
/// # Errors
/// Those of the database.
pub async fn centre_modalites<C: ConnectionTrait>(
    conn: &C,
    centre: i64,
) -> Result<Vec<(i64, String, String)>, DbError> {
    let sql = "SELECT m.id, m.code, m.libelle FROM iexam_modalite m JOIN iexam_modalite_centre mc ON mc.modalite = m.id
        WHERE mc.centre = ? ORDER BY m.rang, m.id";
    let rows = select(conn, sql, [centre.into()]).await?;
    let lire = |row: &QueryResult| {
        Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?))
    };
    rows.iter().map(lire).collect()
}

/// Registrations that hold a place in one of these centres by this modality.
///
/// # Errors
/// Those of the database.
pub async fn modalite_centre_inscriptions<C: ConnectionTrait>(
    conn: &C,
    modalite: i64,
    centre: i64,
) -> Result<u64, DbError> {
    let sql = "SELECT COUNT(*) FROM iexam_inscription i JOIN iexam_periode p ON p.id = i.periode
        WHERE i.modalite = ? AND i.centre = ? AND i.tient_place AND p.etat NOT IN ('cloturee', 'archivee')";
    count(conn, sql, [modalite.into(), centre.into()]).await
}

/// Puts a centre among those of a modality, or takes it away.
///
/// # Errors
/// Those of the database.
pub async fn modalite_centre_write<C: ConnectionTrait>(
    conn: &C,
    modalite: i64,
    centre: i64,
    est: bool,
) -> Result<(), DbError> {
    let sql = if est {
        "INSERT INTO iexam_modalite_centre (modalite, centre) VALUES (?, ?) ON CONFLICT (modalite, centre) DO NOTHING"
    } else {
        "DELETE FROM iexam_modalite_centre WHERE modalite = ? AND centre = ?"
    };
    execute(conn, sql, [modalite.into(), centre.into()]).await?;
    Ok(())
}
