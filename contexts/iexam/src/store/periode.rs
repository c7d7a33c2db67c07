//! Periods, as everything reads them.

use db::DbError;
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::select;
use kernel::AnneeUniversitaire;

use super::inconnu;
use crate::domain::periode::{EtatPeriode, Periode};

const COLONNES: &str = "id, annee, code, libelle, session, etat, enseignement_debut, modalites_publiees_le, inscriptions_debut,
    inscriptions_fin, verification_fin, convocations_le, epreuves_debut, epreuves_fin, fermeture_le, ecart_min, convoquee_le";

fn lire(row: &QueryResult) -> Result<Periode, DbError> {
    let annee: i64 = row.try_get_by_index(1)?;
    let annee = u16::try_from(annee).ok().and_then(AnneeUniversitaire::new);
    let etat: String = row.try_get_by_index(5)?;
    let session: i64 = row.try_get_by_index(4)?;
    Ok(Periode {
        id: row.try_get_by_index(0)?,
        annee: annee.ok_or_else(|| inconnu("iexam_periode.annee"))?,
        code: row.try_get_by_index(2)?,
        libelle: row.try_get_by_index(3)?,
        session: u8::try_from(session).unwrap_or(1),
        etat: EtatPeriode::of_code(&etat).ok_or_else(|| inconnu("iexam_periode.etat"))?,
        enseignement_debut: row.try_get_by_index(6)?,
        modalites_publiees_le: row.try_get_by_index(7)?,
        inscriptions_debut: row.try_get_by_index(8)?,
        inscriptions_fin: row.try_get_by_index(9)?,
        verification_fin: row.try_get_by_index(10)?,
        convocations_le: row.try_get_by_index(11)?,
        epreuves_debut: row.try_get_by_index(12)?,
        epreuves_fin: row.try_get_by_index(13)?,
        fermeture_le: row.try_get_by_index(14)?,
        ecart_min: row.try_get_by_index(15)?,
        convoquee_le: row.try_get_by_index(16)?,
    })
}

async fn lues<C: ConnectionTrait>(
    conn: &C,
    suite: &str,
    valeurs: impl IntoIterator<Item = Value>,
) -> Result<Vec<Periode>, DbError> {
    let sql = format!("SELECT {COLONNES} FROM iexam_periode {suite}");
    select(conn, &sql, valeurs).await?.iter().map(lire).collect()
}

/// One period.
///
/// # Errors
/// Those of the database.
pub async fn periode_read<C: ConnectionTrait>(conn: &C, id: i64) -> Result<Option<Periode>, DbError> {
    Ok(lues(conn, "WHERE id = ?", [id.into()]).await?.pop())
}

/// The periods of a year.
///
/// # Errors
/// Those of the database.
pub async fn periodes_de_l_annee<C: ConnectionTrait>(
    conn: &C,
    annee: AnneeUniversitaire,
) -> Result<Vec<Periode>, DbError> {
    lues(conn, "WHERE annee = ? ORDER BY code", [i64::from(annee.premiere()).into()]).await
}

/// The period of that code in a year.
///
/// # Errors
/// Those of the database.
pub async fn periode_par_code<C: ConnectionTrait>(
    conn: &C,
    annee: AnneeUniversitaire,
    code: &str,
) -> Result<Option<Periode>, DbError> {
    let valeurs = [i64::from(annee.premiere()).into(), code.into()];
    Ok(lues(conn, "WHERE annee = ? AND code = ?", valeurs).await?.pop())
}

/// Every period, the latest year first, then P1, P2, P3: a few a year.
///
/// # Errors
/// Those of the database.
pub async fn periode_list<C: ConnectionTrait>(conn: &C) -> Result<Vec<Periode>, DbError> {
    lues(conn, "ORDER BY annee DESC, code", []).await
}
