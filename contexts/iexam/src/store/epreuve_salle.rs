//! Rooms of épreuves, and what centres are to a period.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use db::sea_orm::{ConnectionTrait, Value};
use db::sql::{execute, select};
use db::{DbError, insert_rows};

use super::marques;
use crate::domain::centre::Fermeture;
use crate::domain::conflits::Lieu;
use crate::domain::placement::SalleDonnee;

/// A room, and the centre it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SalleConnue {
    /// The room.
    pub salle: SalleDonnee,
    /// Code of its centre.
    pub centre_code: String,
    /// Name of its centre.
    pub centre_nom: String,
    /// Town of its centre.
    pub ville: String,
}

impl SalleConnue {
    /// « Centre / Salle », as spreadsheets write it; the room alone in Besançon.
    #[must_use]
    pub fn designation(&self) -> String {
        if kernel::fold(&self.ville) == "besancon" {
            self.salle.nom.clone()
        } else {
            format!("{}/{}", self.centre_code, self.salle.nom)
        }
    }
}

/// Every room, those of Besançon first.
///
/// # Errors
/// Those of the database.
pub async fn salles_connues<C: ConnectionTrait>(conn: &C) -> Result<Vec<SalleConnue>, DbError> {
    let sql = "SELECT s.id, s.nom, s.centre, s.capacite, s.a_part, s.active, c.code, c.nom, c.ville, c.actif
        FROM iexam_salle s JOIN iexam_centre c ON c.id = s.centre ORDER BY c.pays, c.ville, c.nom, s.rang, s.nom, s.id";
    let mut lues = Vec::new();
    for r in select(conn, sql, []).await? {
        lues.push(SalleConnue {
            salle: SalleDonnee {
                id: r.try_get_by_index(0)?,
                nom: r.try_get_by_index(1)?,
                centre: r.try_get_by_index(2)?,
                capacite: r.try_get_by_index(3)?,
                a_part: r.try_get_by_index(4)?,
                active: r.try_get_by_index::<bool>(5)? && r.try_get_by_index::<bool>(9)?,
            },
            centre_code: r.try_get_by_index(6)?,
            centre_nom: r.try_get_by_index(7)?,
            ville: r.try_get_by_index(8)?,
        });
    }
    lues.sort_by_key(|s| kernel::fold(&s.ville) != "besancon");
    Ok(lues)
}

/// Rooms of the épreuves of a period: épreuve, then rows of rooms in order.
///
/// # Errors
/// Those of the database.
pub async fn salles_de_periode<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
) -> Result<BTreeMap<i64, Vec<i64>>, DbError> {
    let sql =
        "SELECT es.epreuve, es.salle FROM iexam_epreuve_salle es JOIN iexam_epreuve e ON e.id = es.epreuve
        JOIN iexam_salle s ON s.id = es.salle WHERE e.periode = ? ORDER BY es.epreuve, s.rang, s.nom, s.id";
    let mut salles: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for r in select(conn, sql, [periode.into()]).await? {
        salles.entry(r.try_get_by_index(0)?).or_default().push(r.try_get_by_index(1)?);
    }
    Ok(salles)
}

/// Rooms of these épreuves.
///
/// # Errors
/// Those of the database.
pub async fn salles_des<C: ConnectionTrait>(
    conn: &C,
    epreuves: &[i64],
) -> Result<BTreeMap<i64, Vec<i64>>, DbError> {
    let mut salles: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for tranche in epreuves.chunks(500) {
        let sql = format!(
            "SELECT es.epreuve, es.salle FROM iexam_epreuve_salle es JOIN iexam_salle s ON s.id = es.salle
             WHERE es.epreuve IN ({}) ORDER BY es.epreuve, s.rang, s.nom, s.id",
            marques(tranche.len())
        );
        for r in select(conn, &sql, tranche.iter().map(|id| Value::from(*id))).await? {
            salles.entry(r.try_get_by_index(0)?).or_default().push(r.try_get_by_index(1)?);
        }
    }
    Ok(salles)
}

/// Gives épreuves these rooms, in place of those they had.
///
/// # Errors
/// Those of the database.
pub async fn salles_write<C: ConnectionTrait>(
    conn: &C,
    voulues: &BTreeMap<i64, Vec<i64>>,
) -> Result<(), DbError> {
    let epreuves: Vec<i64> = voulues.keys().copied().collect();
    for tranche in epreuves.chunks(500) {
        let sql = format!("DELETE FROM iexam_epreuve_salle WHERE epreuve IN ({})", marques(tranche.len()));
        execute(conn, &sql, tranche.iter().map(|id| Value::from(*id))).await?;
    }
    let rows =
        voulues.iter().flat_map(|(e, salles)| salles.iter().map(|s| vec![Value::from(*e), Value::from(*s)]));
    insert_rows(conn, "iexam_epreuve_salle", &["epreuve", "salle"], rows.collect::<Vec<_>>()).await?;
    Ok(())
}

/// Every centre with its time zone and the days on which it is closed.
///
/// # Errors
/// Those of the database.
pub async fn lieux<C: ConnectionTrait>(conn: &C) -> Result<Vec<(Lieu, String, String)>, DbError> {
    let mut fermetures: BTreeMap<i64, Vec<Fermeture>> = BTreeMap::new();
    for r in
        select(conn, "SELECT id, centre, du, au, motif FROM iexam_fermeture ORDER BY centre, du", []).await?
    {
        fermetures.entry(r.try_get_by_index(1)?).or_default().push(Fermeture {
            id: r.try_get_by_index(0)?,
            du: r.try_get_by_index(2)?,
            au: r.try_get_by_index(3)?,
            motif: r.try_get_by_index(4)?,
        });
    }
    let mut lieux = Vec::new();
    for r in select(conn, "SELECT id, fuseau, nom, ville FROM iexam_centre ORDER BY id", []).await? {
        let (id, fuseau): (i64, String) = (r.try_get_by_index(0)?, r.try_get_by_index(1)?);
        let fuseau: Tz = fuseau.parse().unwrap_or(chrono_tz::Europe::Paris);
        let fermetures = fermetures.remove(&id).unwrap_or_default();
        lieux.push((Lieu { id, fuseau, fermetures }, r.try_get_by_index(2)?, r.try_get_by_index(3)?));
    }
    Ok(lieux)
}

/// Minutes by which centres start an épreuve late.
///
/// # Errors
/// Those of the database.
pub async fn retards_de<C: ConnectionTrait>(conn: &C, epreuve: i64) -> Result<BTreeMap<i64, i64>, DbError> {
    let sql = "SELECT centre, minutes FROM iexam_retard WHERE epreuve = ?";
    let rows = select(conn, sql, [epreuve.into()]).await?;
    rows.iter().map(|r| Ok((r.try_get_by_index(0)?, r.try_get_by_index(1)?))).collect()
}

/// Says by how many minutes a centre starts an épreuve late; none forgets it.
///
/// # Errors
/// Those of the database.
pub async fn retard_write<C: ConnectionTrait>(
    conn: &C,
    epreuve: i64,
    centre: i64,
    minutes: i64,
) -> Result<(), DbError> {
    execute(
        conn,
        "DELETE FROM iexam_retard WHERE epreuve = ? AND centre = ?",
        [epreuve.into(), centre.into()],
    )
    .await?;
    if minutes > 0 {
        let sql = "INSERT INTO iexam_retard (epreuve, centre, minutes) VALUES (?, ?, ?)";
        execute(conn, sql, [epreuve.into(), centre.into(), minutes.into()]).await?;
    }
    Ok(())
}
