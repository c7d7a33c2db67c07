//! Changes asked after validation, as the registry reads and decides them.

use chrono::{DateTime, Utc};
use db::DbError;
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::{execute, select};
use kernel::Actor;

use super::inconnu;
use crate::domain::demande::{EtatDemande, Voulu};
use crate::domain::inscription::Decision;

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demande {
    /// Row.
    pub id: i64,
    /// Registration.
    pub inscription: i64,
    /// When it was made.
    pub faite_le: DateTime<Utc>,
    /// What is wanted.
    pub voulu: Voulu,
    /// Why.
    pub motif: String,
    /// Where it stands.
    pub etat: EtatDemande,
    /// When it was decided.
    pub traitee_le: Option<DateTime<Utc>>,
    /// By whom.
    pub traitee_par: Option<String>,
    /// What was answered.
    pub reponse: String,
}

/// The columns that [`lire`] reads, of a table named `q`.
pub(crate) const COLONNES: &str =
    "q.id, q.inscription, q.faite_le, q.voulu, q.motif, q.etat, q.traitee_le, q.traitee_par, q.reponse";

/// A row that begins with [`COLONNES`].
pub(crate) fn lire(row: &QueryResult) -> Result<Demande, DbError> {
    let voulu: String = row.try_get_by_index(3)?;
    let etat = EtatDemande::of_code(&row.try_get_by_index::<String>(5)?);
    Ok(Demande {
        id: row.try_get_by_index(0)?,
        inscription: row.try_get_by_index(1)?,
        faite_le: row.try_get_by_index(2)?,
        voulu: serde_json::from_str(&voulu).map_err(|_| inconnu("iexam_demande.voulu"))?,
        motif: row.try_get_by_index(4)?,
        etat: etat.ok_or_else(|| inconnu("iexam_demande.etat"))?,
        traitee_le: row.try_get_by_index(6)?,
        traitee_par: row.try_get_by_index(7)?,
        reponse: row.try_get_by_index(8)?,
    })
}

/// The requests of a registration, the latest first.
///
/// # Errors
/// Those of the database.
pub async fn demandes_de<C: ConnectionTrait>(conn: &C, inscription: i64) -> Result<Vec<Demande>, DbError> {
    let sql = format!("SELECT {COLONNES} FROM iexam_demande q WHERE q.inscription = ? ORDER BY q.id DESC");
    select(conn, &sql, [inscription.into()]).await?.iter().map(lire).collect()
}

/// Answers a request, then says again whether another waits.
///
/// # Errors
/// Those of the database.
pub async fn demande_repondre<C: ConnectionTrait>(
    conn: &C,
    demande: &Demande,
    etat: EtatDemande,
    reponse: &str,
    quand: DateTime<Utc>,
    acteur: &Actor,
) -> Result<(), DbError> {
    let sql = "UPDATE iexam_demande SET etat = ?, traitee_le = ?, traitee_par = ?, reponse = ? WHERE id = ?";
    let valeurs: [Value; 5] =
        [etat.code().into(), quand.into(), acteur.to_string().into(), reponse.into(), demande.id.into()];
    execute(conn, sql, valeurs).await?;
    let sql = "UPDATE iexam_inscription SET demande_en_attente = EXISTS (SELECT 1 FROM iexam_demande d
        WHERE d.inscription = iexam_inscription.id AND d.etat = 'en_attente') WHERE id = ?";
    execute(conn, sql, [demande.inscription.into()]).await?;
    Ok(())
}

/// Refuses what waits of these registrations: they are cancelled.
///
/// # Errors
/// Those of the database.
pub async fn demandes_clore<C: ConnectionTrait>(
    conn: &C,
    inscriptions: &[i64],
    reponse: &str,
    quand: DateTime<Utc>,
    acteur: &Actor,
) -> Result<(), DbError> {
    for tranche in inscriptions.chunks(500) {
        let ids = || tranche.iter().map(|id| Value::from(*id));
        let marques = super::marques(tranche.len());
        let sql = format!(
            "UPDATE iexam_demande SET etat = 'refusee', traitee_le = ?, traitee_par = ?, reponse = ?
             WHERE etat = 'en_attente' AND inscription IN ({marques})"
        );
        let valeurs = [Value::from(quand), acteur.to_string().into(), reponse.into()];
        execute(conn, &sql, valeurs.into_iter().chain(ids())).await?;
        let sql = format!(
            "UPDATE iexam_inscription SET demande_en_attente = FALSE WHERE demande_en_attente AND id IN ({marques})"
        );
        execute(conn, &sql, ids()).await?;
    }
    Ok(())
}

/// Puts what is wanted in a registration, as one more revision.
///
/// # Errors
/// Those of the database.
pub async fn voulu_appliquer<C: ConnectionTrait>(
    conn: &C,
    inscription: i64,
    voulu: &Voulu,
    quand: DateTime<Utc>,
) -> Result<(), DbError> {
    let sql = "UPDATE iexam_inscription SET modalite = ?, centre = ?, revision = revision + 1, modifiee_le = ? WHERE id = ?";
    let valeurs: [Value; 4] = [voulu.modalite.into(), voulu.centre.into(), quand.into(), inscription.into()];
    execute(conn, sql, valeurs).await?;
    execute(conn, "DELETE FROM iexam_choix WHERE inscription = ?", [inscription.into()]).await?;
    let rows = voulu.choix.iter().map(|(epreuve, decision): (&i64, &Decision)| {
        vec![inscription.into(), (*epreuve).into(), decision.code().into()]
    });
    db::insert_rows(conn, "iexam_choix", &["inscription", "epreuve", "decision"], rows.collect::<Vec<_>>())
        .await?;
    Ok(())
}
