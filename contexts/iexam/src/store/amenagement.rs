//! Arrangements of students, and what they move.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::{count, execute, returning_id, select};
use db::{DbError, Page, Paging};
use kernel::NumeroEtudiant;

use super::marques;
use crate::domain::amenagement::Amenagement;
use crate::domain::amenagement_regles::Saisie;

/// An arrangement and whether it was withdrawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmenagementTenu {
    /// It.
    pub amenagement: Amenagement,
    /// When it was withdrawn.
    pub retire_le: Option<DateTime<Utc>>,
}

const COLONNES: &str = "id, etudiant, valide_du, valide_au, majoration, salle_a_part, ordinateur, secretaire, autre, exception, retire_le";

fn lire(row: &QueryResult) -> Result<AmenagementTenu, DbError> {
    Ok(AmenagementTenu {
        amenagement: Amenagement {
            id: row.try_get_by_index(0)?,
            etudiant: NumeroEtudiant(row.try_get_by_index(1)?),
            valide_du: row.try_get_by_index(2)?,
            valide_au: row.try_get_by_index(3)?,
            majoration: row.try_get_by_index(4)?,
            salle_a_part: row.try_get_by_index(5)?,
            ordinateur: row.try_get_by_index(6)?,
            secretaire: row.try_get_by_index(7)?,
            autre: row.try_get_by_index(8)?,
            exception: row.try_get_by_index(9)?,
        },
        retire_le: row.try_get_by_index(10)?,
    })
}

/// One arrangement.
///
/// # Errors
/// Those of the database.
pub async fn amenagement_read<C: ConnectionTrait>(
    conn: &C,
    id: i64,
) -> Result<Option<AmenagementTenu>, DbError> {
    let sql = format!("SELECT {COLONNES} FROM iexam_amenagement WHERE id = ?");
    select(conn, &sql, [id.into()]).await?.first().map(lire).transpose()
}

/// What narrows the list.
#[derive(Clone, Debug, Default)]
pub struct Filtre {
    /// Students; absent: all.
    pub etudiants: Option<Vec<NumeroEtudiant>>,
    /// Those that hold on that day.
    pub le: Option<NaiveDate>,
    /// `majoration`, `salle`, `ordinateur`, `secretaire`: all that are named.
    pub quoi: Vec<String>,
    /// Withdrawn ones: only them, rather than all but them.
    pub retires: bool,
    /// `du`, `au`, `majoration`; else by student.
    pub tri: &'static str,
    /// From large to small.
    pub decroissant: bool,
}

/// One page of arrangements.
///
/// # Errors
/// Those of the database.
pub async fn amenagement_list<C: ConnectionTrait>(
    conn: &C,
    f: &Filtre,
    paging: Paging,
) -> Result<Page<AmenagementTenu>, DbError> {
    let mut ou = format!("retire_le IS {}", if f.retires { "NOT NULL" } else { "NULL" });
    let mut valeurs: Vec<Value> = Vec::new();
    if let Some(etudiants) = &f.etudiants {
        ou.push_str(&match etudiants.len() {
            0 => " AND 1 = 0".to_owned(),
            n => format!(" AND etudiant IN ({})", marques(n)),
        });
        valeurs.extend(etudiants.iter().map(|n| Value::from(n.as_str())));
    }
    if let Some(le) = f.le {
        ou.push_str(" AND valide_du <= ? AND valide_au >= ?");
        valeurs.extend([Value::from(le), le.into()]);
    }
    for quoi in &f.quoi {
        ou.push_str(match quoi.as_str() {
            "majoration" => " AND majoration > 0",
            "exception" => " AND majoration > 20",
            "salle" => " AND salle_a_part",
            "ordinateur" => " AND ordinateur",
            "secretaire" => " AND secretaire",
            _ => "",
        });
    }
    let sens = if f.decroissant { "DESC" } else { "ASC" };
    let ordre = match f.tri {
        "du" => format!("valide_du {sens}, etudiant, id"),
        "au" => format!("valide_au {sens}, etudiant, id"),
        "majoration" => format!("majoration {sens}, etudiant, id"),
        _ => format!("etudiant {sens}, valide_du, id"),
    };
    let total =
        count(conn, &format!("SELECT COUNT(*) FROM iexam_amenagement WHERE {ou}"), valeurs.clone()).await?;
    let sql = format!(
        "SELECT {COLONNES} FROM iexam_amenagement WHERE {ou} ORDER BY {ordre} LIMIT {} OFFSET {}",
        paging.taille(),
        paging.offset()
    );
    let lus = select(conn, &sql, valeurs).await?.iter().map(lire).collect::<Result<_, _>>()?;
    Ok(Page::new(paging, total, lus))
}

fn valeurs(s: &Saisie) -> [Value; 9] {
    [
        s.etudiant.as_str().into(),
        s.valide_du.into(),
        s.valide_au.into(),
        s.majoration.into(),
        s.salle_a_part.into(),
        s.ordinateur.into(),
        s.secretaire.into(),
        s.autre.as_str().into(),
        s.exception.as_str().into(),
    ]
}

/// Adds an arrangement, and says its row.
///
/// # Errors
/// Those of the database.
pub async fn amenagement_add<C: ConnectionTrait>(conn: &C, s: &Saisie) -> Result<i64, DbError> {
    let sql = "INSERT INTO iexam_amenagement (etudiant, valide_du, valide_au, majoration, salle_a_part, ordinateur, secretaire, autre,
        exception) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
    returning_id(conn, sql, valeurs(s)).await
}

/// Writes an arrangement.
///
/// # Errors
/// Those of the database.
pub async fn amenagement_write<C: ConnectionTrait>(conn: &C, id: i64, s: &Saisie) -> Result<(), DbError> {
    let sql = "UPDATE iexam_amenagement SET etudiant = ?, valide_du = ?, valide_au = ?, majoration = ?, salle_a_part = ?, ordinateur = ?,
        secretaire = ?, autre = ?, exception = ? WHERE id = ?";
    execute(conn, sql, valeurs(s).into_iter().chain([id.into()])).await?;
    Ok(())
}

/// Withdraws an arrangement, or gives it back.
///
/// # Errors
/// Those of the database.
pub async fn amenagement_retirer<C: ConnectionTrait>(
    conn: &C,
    id: i64,
    retire_le: Option<DateTime<Utc>>,
) -> Result<(), DbError> {
    execute(conn, "UPDATE iexam_amenagement SET retire_le = ? WHERE id = ?", [retire_le.into(), id.into()])
        .await?;
    Ok(())
}

/// Registrations of a student that an arrangement may still move: those of periods that are not closed. Taken out of the hands of the
/// other writers.
///
/// # Errors
/// Those of the database.
pub async fn inscriptions_en_cours<C: ConnectionTrait>(
    conn: &C,
    etudiant: &NumeroEtudiant,
) -> Result<Vec<i64>, DbError> {
    let verrou = "UPDATE iexam_inscription SET revision = revision WHERE etudiant = ?";
    execute(conn, verrou, [etudiant.as_str().into()]).await?;
    let sql = "SELECT i.id FROM iexam_inscription i JOIN iexam_periode p ON p.id = i.periode
        WHERE i.etudiant = ? AND p.etat NOT IN ('cloturee', 'archivee') ORDER BY i.id";
    let rows = select(conn, sql, [etudiant.as_str().into()]).await?;
    rows.iter().map(|r| Ok(r.try_get_by_index(0)?)).collect()
}

/// Everybody for whom something is arranged, with all that is.
///
/// # Errors
/// Those of the database.
pub async fn arranges<C: ConnectionTrait>(
    conn: &C,
) -> Result<BTreeMap<NumeroEtudiant, Vec<Amenagement>>, DbError> {
    let sql = format!(
        "SELECT {COLONNES} FROM iexam_amenagement WHERE retire_le IS NULL ORDER BY etudiant, valide_du, id"
    );
    let mut tenus: BTreeMap<NumeroEtudiant, Vec<Amenagement>> = BTreeMap::new();
    for row in select(conn, &sql, []).await? {
        let lu = lire(&row)?.amenagement;
        tenus.entry(lu.etudiant.clone()).or_default().push(lu);
    }
    Ok(tenus)
}
