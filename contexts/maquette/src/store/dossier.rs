//! One student's file as last collected, for the day when Apogée is closed.

use chrono::{DateTime, Utc};
use contracts::apogee::{Adresse, CleEtape, Dossier, InscriptionAdministrative, InscriptionPedagogique};
use db::DbError;
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::select;
use kernel::NumeroEtudiant;

/// The file of a student for a year; absent when it is not held, or is gone from the source.
///
/// # Errors
/// Those of the database.
pub async fn dossier_read<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    numero: &NumeroEtudiant,
) -> Result<Option<Dossier>, DbError> {
    let qui = || [Value::from(i64::from(annee)), numero.as_str().into()];
    let sql = format!(
        "SELECT nom, nom_usage, prenom, ine, naissance, nationalite, COALESCE(handicap, FALSE), email, telephone, {ADRESSE}
         FROM maquette_etudiant WHERE annee = ? AND numero = ? AND ferme_le IS NULL"
    );
    let rows = select(conn, &sql, qui()).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let texte = |i: usize| row.try_get_by_index::<Option<String>>(i);
    Ok(Some(Dossier {
        numero: numero.clone(),
        nom: texte(0)?.unwrap_or_default(),
        nom_usage: texte(1)?,
        prenom: texte(2)?.unwrap_or_default(),
        ine: texte(3)?.map(kernel::Ine),
        naissance: row.try_get_by_index(4)?,
        nationalite: texte(5)?,
        handicap: row.try_get_by_index(6)?,
        email: texte(7)?,
        telephone: texte(8)?,
        adresse: adresse(row, 9)?,
        inscriptions: administratives(conn, qui()).await?,
        contrats: pedagogiques(conn, qui()).await?,
    }))
}

/// Where a student lives; absent when they are not held, are gone, or when nothing is known of it.
///
/// # Errors
/// Those of the database.
pub async fn domicile_read<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    numero: &NumeroEtudiant,
) -> Result<Option<Adresse>, DbError> {
    let sql = format!(
        "SELECT {ADRESSE} FROM maquette_etudiant WHERE annee = ? AND numero = ? AND ferme_le IS NULL"
    );
    let rows = select(conn, &sql, [i64::from(annee).into(), numero.as_str().into()]).await?;
    rows.first().map_or(Ok(None), |row| adresse(row, 0))
}

const ADRESSE: &str = "adresse, code_postal, ville, pays, code_pays";

/// The columns of [`ADRESSE`], from that one on.
fn adresse(row: &QueryResult, premiere: usize) -> Result<Option<Adresse>, DbError> {
    let texte = |i: usize| row.try_get_by_index::<Option<String>>(premiere + i);
    let adresse = Adresse {
        lignes: texte(0)?.map(|a| a.lines().map(ToOwned::to_owned).collect()).unwrap_or_default(),
        code_postal: texte(1)?,
        ville: texte(2)?,
        pays: texte(3)?,
        code_pays: texte(4)?,
    };
    Ok((adresse != Adresse::default()).then_some(adresse))
}

fn etape(row: &QueryResult) -> Result<CleEtape, DbError> {
    let texte = |i: usize| row.try_get_by_index::<String>(i);
    Ok(CleEtape { etape: texte(0)?.into(), version: texte(1)?.into() })
}

async fn administratives<C: ConnectionTrait>(
    conn: &C,
    qui: [Value; 2],
) -> Result<Vec<InscriptionAdministrative>, DbError> {
    let sql = "SELECT etape, version, occurrence, diplome, version_diplome, etat, regime, COALESCE(premiere, FALSE),
            COALESCE(payee, FALSE), date_inscription FROM maquette_inscription_administrative
        WHERE annee = ? AND etudiant = ? AND ferme_le IS NULL ORDER BY etape, version, occurrence";
    let lire = |row: &QueryResult| {
        Ok(InscriptionAdministrative {
            etape: etape(row)?,
            occurrence: row.try_get_by_index(2)?,
            diplome: row.try_get_by_index::<Option<String>>(3)?.map(Into::into),
            version_diplome: row.try_get_by_index::<Option<String>>(4)?.map(Into::into),
            etat: row.try_get_by_index::<Option<String>>(5)?.unwrap_or_default(),
            regime: row.try_get_by_index(6)?,
            premiere: row.try_get_by_index(7)?,
            payee: row.try_get_by_index(8)?,
            date: row.try_get_by_index(9)?,
        })
    };
    select(conn, sql, qui).await?.iter().map(lire).collect()
}

async fn pedagogiques<C: ConnectionTrait>(
    conn: &C,
    qui: [Value; 2],
) -> Result<Vec<InscriptionPedagogique>, DbError> {
    let sql = "SELECT etape, version, element, element_superieur, COALESCE(rang, 1), COALESCE(acquis, FALSE)
        FROM maquette_inscription_pedagogique WHERE annee = ? AND etudiant = ? AND ferme_le IS NULL
        ORDER BY etape, version, element";
    let lire = |row: &QueryResult| {
        Ok(InscriptionPedagogique {
            etape: etape(row)?,
            element: row.try_get_by_index::<String>(2)?.into(),
            element_superieur: row.try_get_by_index::<Option<String>>(3)?.map(Into::into),
            rang: row.try_get_by_index(4)?,
            acquis: row.try_get_by_index(5)?,
        })
    };
    select(conn, sql, qui).await?.iter().map(lire).collect()
}

/// What is held of a kind and year: open rows.
///
/// # Errors
/// Those of the database.
pub async fn effectifs<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    genres: &[crate::domain::genre::Genre],
) -> Result<u64, DbError> {
    let mut total = 0;
    for genre in genres {
        total += super::objet::objet_count(conn, *genre, annee).await?;
    }
    Ok(total)
}

/// The copies of Kofr: how many, the latest and the oldest.
///
/// # Errors
/// Those of the database.
pub async fn copies_etendue<C: ConnectionTrait>(
    conn: &C,
    source: &str,
) -> Result<(u64, Option<DateTime<Utc>>, Option<DateTime<Utc>>), DbError> {
    let sql = "SELECT COUNT(*), MAX(lue_le), MIN(lue_le) FROM maquette_copie WHERE source = ?";
    let rows = select(conn, sql, [source.into()]).await?;
    match rows.first() {
        Some(row) => Ok((
            row.try_get_by_index::<i64>(0)?.unsigned_abs(),
            row.try_get_by_index(1)?,
            row.try_get_by_index(2)?,
        )),
        None => Ok((0, None, None)),
    }
}
