//! Registrations, as everything reads them.

use chrono::{DateTime, Utc};
use db::DbError;
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::{execute, select};
use kernel::{Cents, NumeroEtudiant};

use super::inconnu;
use crate::domain::inscription::{Decision, EtatInscription};

/// A registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inscription {
    /// Row.
    pub id: i64,
    /// Period.
    pub periode: i64,
    /// COD_ETU.
    pub etudiant: NumeroEtudiant,
    /// « Prénom Nom », as of the last change.
    pub nom: String,
    /// « Nom Prénom », as lists show it; they are in its order.
    pub nom_classe: String,
    /// Where one writes to the student, as of the last change; may be empty.
    pub courriel: String,
    /// Their étapes, as of the last change: « L1 Droit, L2 Droit ».
    pub etapes: String,
    /// Where it stands.
    pub etat: EtatInscription,
    /// Modality chosen.
    pub modalite: Option<i64>,
    /// Centre chosen.
    pub centre: Option<i64>,
    /// Grows with each change of what the student chose.
    pub revision: i64,
    /// Number of the receipt.
    pub recu: Option<String>,
    /// Why it was sent back or cancelled.
    pub motif: String,
    /// What is charged.
    pub du: Cents,
    /// What is left to pay; negative when too much was paid.
    pub solde: Cents,
    /// Épreuves sat.
    pub passees: i64,
    /// Épreuves deferred.
    pub reportees: i64,
    /// Most extra minutes per hour over its épreuves.
    pub majoration: i64,
    /// An épreuve has no room in its centre.
    pub sans_salle: bool,
    /// A change was asked, and waits.
    pub demande_en_attente: bool,
    /// It holds a place of its modality and centre.
    pub tient_place: bool,
    /// When it was begun.
    pub creee_le: DateTime<Utc>,
    /// When it last changed.
    pub modifiee_le: DateTime<Utc>,
    /// When the student last confirmed it.
    pub validee_le: Option<DateTime<Utc>>,
}

/// The columns that [`lire`] reads, of a table named `i`.
pub(crate) const COLONNES: &str =
    "i.id, i.periode, i.etudiant, i.nom, i.courriel, i.etapes, i.etat, i.modalite, i.centre, i.revision, i.recu, i.motif,
    i.du_cents, i.solde_cents, i.passees, i.reportees, i.majoration, i.sans_salle, i.demande_en_attente, i.tient_place,
    i.creee_le, i.modifiee_le, i.validee_le, i.nom_classe";

/// How many they are: what is selected after them begins there.
pub(crate) const LARGEUR: usize = 24;

/// A row that begins with [`COLONNES`].
pub(crate) fn lire(row: &QueryResult) -> Result<Inscription, DbError> {
    let etat: String = row.try_get_by_index(6)?;
    Ok(Inscription {
        id: row.try_get_by_index(0)?,
        periode: row.try_get_by_index(1)?,
        etudiant: row.try_get_by_index::<String>(2)?.into(),
        nom: row.try_get_by_index(3)?,
        nom_classe: row.try_get_by_index(23)?,
        courriel: row.try_get_by_index(4)?,
        etapes: row.try_get_by_index(5)?,
        etat: EtatInscription::of_code(&etat).ok_or_else(|| inconnu("iexam_inscription.etat"))?,
        modalite: row.try_get_by_index(7)?,
        centre: row.try_get_by_index(8)?,
        revision: row.try_get_by_index(9)?,
        recu: row.try_get_by_index(10)?,
        motif: row.try_get_by_index(11)?,
        du: Cents(row.try_get_by_index(12)?),
        solde: Cents(row.try_get_by_index(13)?),
        passees: row.try_get_by_index(14)?,
        reportees: row.try_get_by_index(15)?,
        majoration: row.try_get_by_index(16)?,
        sans_salle: row.try_get_by_index(17)?,
        demande_en_attente: row.try_get_by_index(18)?,
        tient_place: row.try_get_by_index(19)?,
        creee_le: row.try_get_by_index(20)?,
        modifiee_le: row.try_get_by_index(21)?,
        validee_le: row.try_get_by_index(22)?,
    })
}

/// One registration.
///
/// # Errors
/// Those of the database.
pub async fn inscription_read<C: ConnectionTrait>(conn: &C, id: i64) -> Result<Option<Inscription>, DbError> {
    let sql = format!("SELECT {COLONNES} FROM iexam_inscription i WHERE i.id = ?");
    select(conn, &sql, [id.into()]).await?.first().map(lire).transpose()
}

/// The registration of a student to a period, whatever its state.
///
/// # Errors
/// Those of the database.
pub async fn inscription_de<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
    etudiant: &NumeroEtudiant,
) -> Result<Option<Inscription>, DbError> {
    let sql = format!("SELECT {COLONNES} FROM iexam_inscription i WHERE i.periode = ? AND i.etudiant = ?");
    let valeurs: [Value; 2] = [periode.into(), etudiant.as_str().into()];
    select(conn, &sql, valeurs).await?.first().map(lire).transpose()
}

/// The registrations of a student, whatever their period.
///
/// # Errors
/// Those of the database.
pub async fn inscriptions_de<C: ConnectionTrait>(
    conn: &C,
    etudiant: &NumeroEtudiant,
) -> Result<Vec<Inscription>, DbError> {
    let sql = format!("SELECT {COLONNES} FROM iexam_inscription i WHERE i.etudiant = ? ORDER BY i.periode");
    select(conn, &sql, [etudiant.as_str().into()]).await?.iter().map(lire).collect()
}

/// What was decided, by row of épreuve.
///
/// # Errors
/// Those of the database.
pub async fn choix_list<C: ConnectionTrait>(
    conn: &C,
    inscription: i64,
) -> Result<Vec<(i64, Decision)>, DbError> {
    let sql = "SELECT epreuve, decision FROM iexam_choix WHERE inscription = ? ORDER BY epreuve";
    let mut choix = Vec::new();
    for row in select(conn, sql, [inscription.into()]).await? {
        let decision = Decision::of_code(&row.try_get_by_index::<String>(1)?);
        choix.push((row.try_get_by_index(0)?, decision.ok_or_else(|| inconnu("iexam_choix.decision"))?));
    }
    Ok(choix)
}

/// Takes a registration out of the hands of the other writers until the end of the transaction. Called before anything is read that
/// the write depends on: on PostgreSQL two transactions would otherwise both read the old row. SQLite has one writer already.
///
/// # Errors
/// Those of the database.
pub async fn inscription_lock<C: ConnectionTrait>(conn: &C, id: i64) -> Result<(), DbError> {
    execute(conn, "UPDATE iexam_inscription SET revision = revision WHERE id = ?", [id.into()]).await?;
    Ok(())
}
