//! Periods, as they are written.

use chrono::{DateTime, Utc};
use db::DbError;
use db::sea_orm::{ConnectionTrait, Value};
use db::sql::{execute, returning_id, select};
use kernel::AnneeUniversitaire;

use crate::domain::horloge::Echeance;
use crate::domain::periode::EtatPeriode;
use crate::domain::periode_dates::Dates;

/// A period to be born, in preparation.
#[derive(Clone, Debug)]
pub struct Nouvelle<'a> {
    /// Year.
    pub annee: AnneeUniversitaire,
    /// `P1`.
    pub code: &'a str,
    /// As pages write it.
    pub libelle: &'a str,
    /// 1, or 2 for the resits.
    pub session: u8,
    /// Its dates.
    pub dates: Dates,
    /// The period whose settings it takes.
    pub copiee_de: Option<i64>,
}

fn valeurs(d: &Dates) -> [Value; 9] {
    [
        d.enseignement_debut.into(),
        d.inscriptions_debut.into(),
        d.inscriptions_fin.into(),
        d.verification_fin.into(),
        d.convocations_le.into(),
        d.epreuves_debut.into(),
        d.epreuves_fin.into(),
        d.fermeture_le.into(),
        d.ecart_min.into(),
    ]
}

/// Adds a period.
///
/// # Errors
/// Those of the database; [`DbError::Unique`] when the year has one of that code.
pub async fn periode_add<C: ConnectionTrait>(conn: &C, n: &Nouvelle<'_>) -> Result<i64, DbError> {
    let sql = "INSERT INTO iexam_periode (annee, code, libelle, session, etat, copiee_de, enseignement_debut, inscriptions_debut,
        inscriptions_fin, verification_fin, convocations_le, epreuves_debut, epreuves_fin, fermeture_le, ecart_min)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
    let premiers: [Value; 6] = [
        i64::from(n.annee.premiere()).into(),
        n.code.into(),
        n.libelle.into(),
        i64::from(n.session).into(),
        EtatPeriode::Preparation.code().into(),
        n.copiee_de.into(),
    ];
    returning_id(conn, sql, premiers.into_iter().chain(valeurs(&n.dates))).await
}

/// Writes the label and the dates.
///
/// # Errors
/// Those of the database.
pub async fn periode_dates_write<C: ConnectionTrait>(
    conn: &C,
    id: i64,
    libelle: &str,
    d: &Dates,
) -> Result<(), DbError> {
    let sql = "UPDATE iexam_periode SET enseignement_debut = ?, inscriptions_debut = ?, inscriptions_fin = ?, verification_fin = ?,
        convocations_le = ?, epreuves_debut = ?, epreuves_fin = ?, fermeture_le = ?, ecart_min = ?, libelle = ? WHERE id = ?";
    execute(conn, sql, valeurs(d).into_iter().chain([libelle.into(), id.into()])).await?;
    Ok(())
}

/// Moves a period from one state to another, unless somebody moved it first; `convoquee_le` goes with it.
///
/// # Errors
/// Those of the database.
pub async fn periode_etat_write<C: ConnectionTrait>(
    conn: &C,
    id: i64,
    de: EtatPeriode,
    vers: EtatPeriode,
    convoquee_le: Option<DateTime<Utc>>,
) -> Result<bool, DbError> {
    let sql = "UPDATE iexam_periode SET etat = ?, convoquee_le = ? WHERE id = ? AND etat = ?";
    let valeurs: [Value; 4] = [vers.code().into(), convoquee_le.into(), id.into(), de.code().into()];
    Ok(execute(conn, sql, valeurs).await? == 1)
}

/// Stamps the day on which modalities were made public, or takes it away.
///
/// # Errors
/// Those of the database.
pub async fn publication_write<C: ConnectionTrait>(
    conn: &C,
    id: i64,
    publiees_le: Option<DateTime<Utc>>,
) -> Result<(), DbError> {
    let sql = "UPDATE iexam_periode SET modalites_publiees_le = ? WHERE id = ?";
    execute(conn, sql, [publiees_le.into(), id.into()]).await?;
    Ok(())
}

/// Takes a period out of the hands of the other writers until the end of the transaction: called before what the write depends on is
/// read.
///
/// # Errors
/// Those of the database.
pub async fn periode_lock<C: ConnectionTrait>(conn: &C, id: i64) -> Result<(), DbError> {
    execute(conn, "UPDATE iexam_periode SET ecart_min = ecart_min WHERE id = ?", [id.into()]).await?;
    Ok(())
}

/// A date of the law that was missed, and who answered for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derogation {
    /// Which date.
    pub echeance: Echeance,
    /// Why.
    pub motif: String,
    /// Name of who signed.
    pub signee_par: String,
    /// When.
    pub signee_le: DateTime<Utc>,
}

/// The overrides of a period.
///
/// # Errors
/// Those of the database.
pub async fn derogation_list<C: ConnectionTrait>(conn: &C, periode: i64) -> Result<Vec<Derogation>, DbError> {
    let sql =
        "SELECT echeance, motif, signee_par, signee_le FROM iexam_derogation WHERE periode = ? ORDER BY id";
    let mut derogations = Vec::new();
    for row in select(conn, sql, [periode.into()]).await? {
        let echeance = Echeance::of_code(&row.try_get_by_index::<String>(0)?);
        derogations.push(Derogation {
            echeance: echeance.ok_or_else(|| super::inconnu("iexam_derogation.echeance"))?,
            motif: row.try_get_by_index(1)?,
            signee_par: row.try_get_by_index(2)?,
            signee_le: row.try_get_by_index(3)?,
        });
    }
    Ok(derogations)
}

/// Adds an override.
///
/// # Errors
/// Those of the database; [`DbError::Unique`] when the date was answered for already.
pub async fn derogation_add<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
    d: &Derogation,
) -> Result<(), DbError> {
    let sql = "INSERT INTO iexam_derogation (periode, echeance, motif, signee_par, signee_le) VALUES (?, ?, ?, ?, ?)";
    let valeurs: [Value; 5] = [
        periode.into(),
        d.echeance.code().into(),
        d.motif.as_str().into(),
        d.signee_par.as_str().into(),
        d.signee_le.into(),
    ];
    execute(conn, sql, valeurs).await?;
    Ok(())
}

/// Takes an override away.
///
/// # Errors
/// Those of the database.
pub async fn derogation_remove<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
    echeance: Echeance,
) -> Result<bool, DbError> {
    let sql = "DELETE FROM iexam_derogation WHERE periode = ? AND echeance = ?";
    Ok(execute(conn, sql, [periode.into(), echeance.code().into()]).await? == 1)
}

/// Every registration of a period: those whose account may move with its dates.
///
/// # Errors
/// Those of the database.
pub async fn inscriptions_de_periode<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
) -> Result<Vec<i64>, DbError> {
    let rows =
        select(conn, "SELECT id FROM iexam_inscription WHERE periode = ? ORDER BY id", [periode.into()]);
    rows.await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}
