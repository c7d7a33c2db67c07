//! States of registrations, and what follows from rooms and centres.

use chrono::{DateTime, Utc};
use db::DbError;
use db::sea_orm::{ConnectionTrait, Value};
use db::sql::{execute, select};

use super::{inconnu, marques};
use crate::domain::inscription::EtatInscription;

/// A verified registration and what its next state depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suivi {
    /// Registration.
    pub id: i64,
    /// Where it stands.
    pub etat: EtatInscription,
    /// What is left to pay, in cents.
    pub solde_cents: i64,
    /// Whether it needs no centre, or its centre needs no agreement, or has given it.
    pub centre_pret: bool,
}

/// Those of these registrations that are verified, paid or final.
///
/// # Errors
/// Those of the database.
pub async fn suivi_list<C: ConnectionTrait>(conn: &C, inscriptions: &[i64]) -> Result<Vec<Suivi>, DbError> {
    let mut suivis = Vec::new();
    for tranche in inscriptions.chunks(500) {
        let sql = format!(
            "SELECT i.id, i.etat, i.solde_cents,
                (i.centre IS NULL OR NOT c.accord_requis OR COALESCE(a.etat, '') = 'accepte')
             FROM iexam_inscription i LEFT JOIN iexam_centre c ON c.id = i.centre
             LEFT JOIN iexam_accord a ON a.periode = i.periode AND a.centre = i.centre
             WHERE i.etat IN ('verifiee', 'payee', 'finalisee') AND i.id IN ({}) ORDER BY i.id",
            marques(tranche.len())
        );
        for row in select(conn, &sql, tranche.iter().map(|id| Value::from(*id))).await? {
            let etat = EtatInscription::of_code(&row.try_get_by_index::<String>(1)?);
            suivis.push(Suivi {
                id: row.try_get_by_index(0)?,
                etat: etat.ok_or_else(|| inconnu("iexam_inscription.etat"))?,
                solde_cents: row.try_get_by_index(2)?,
                centre_pret: row.try_get_by_index(3)?,
            });
        }
    }
    Ok(suivis)
}

/// Puts these registrations in one state.
///
/// # Errors
/// Those of the database.
pub async fn etat_write<C: ConnectionTrait>(
    conn: &C,
    inscriptions: &[i64],
    etat: EtatInscription,
    quand: DateTime<Utc>,
) -> Result<(), DbError> {
    for tranche in inscriptions.chunks(500) {
        let sql = format!(
            "UPDATE iexam_inscription SET etat = ?, modifiee_le = ? WHERE id IN ({})",
            marques(tranche.len())
        );
        let valeurs = [Value::from(etat.code()), quand.into()];
        execute(conn, &sql, valeurs.into_iter().chain(tranche.iter().map(|id| Value::from(*id)))).await?;
    }
    Ok(())
}

/// Says again which registrations of a period have an épreuve without a room in their centre: all of them, or one.
///
/// # Errors
/// Those of the database.
pub async fn sans_salle_recompute<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
    inscriptions: Option<&[i64]>,
) -> Result<(), DbError> {
    let manque = "(centre IS NOT NULL AND EXISTS (
        SELECT 1 FROM iexam_choix x JOIN iexam_epreuve e ON e.id = x.epreuve
        WHERE x.inscription = iexam_inscription.id AND x.decision = 'passe' AND e.annulee_le IS NULL AND e.nature <> 'dossier'
          AND NOT EXISTS (SELECT 1 FROM iexam_epreuve_salle es JOIN iexam_salle s ON s.id = es.salle
            WHERE es.epreuve = e.id AND s.centre = iexam_inscription.centre AND s.active)))";
    let seules = inscriptions.map(|ids| format!("AND id IN ({})", marques(ids.len()))).unwrap_or_default();
    // Only the rows that change are written.
    let sql = format!(
        "UPDATE iexam_inscription SET sans_salle = {manque} WHERE periode = ? {seules} AND sans_salle <> {manque}"
    );
    let valeurs =
        std::iter::once(periode).chain(inscriptions.unwrap_or_default().iter().copied()).map(Value::from);
    execute(conn, &sql, valeurs).await?;
    Ok(())
}
