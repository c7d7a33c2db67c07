//! Requests of change as the REST interface reads them, whatever their registration.

use db::DbError;
use db::sea_orm::{ConnectionTrait, Value};
use db::sql::{count, select};

use super::demande::{COLONNES, Demande, lire};
use crate::domain::demande::EtatDemande;

/// A request, with whose it is and in which period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemandeLue {
    /// The request.
    pub demande: Demande,
    /// COD_ETU.
    pub etudiant: String,
    /// First year of the period.
    pub annee: i64,
    /// Its code.
    pub periode: String,
}

/// A page of the requests of a period, or of all, in that state or in any, the oldest first; and how many there are.
///
/// # Errors
/// Those of the database.
pub async fn demande_lue_list<C: ConnectionTrait>(
    conn: &C,
    (periode, etat): (Option<i64>, Option<EtatDemande>),
    (offset, taille): (u64, u64),
) -> Result<(u64, Vec<DemandeLue>), DbError> {
    let mut ou = vec!["1 = 1"];
    let mut valeurs: Vec<Value> = Vec::new();
    if let Some(etat) = etat {
        ou.push("q.etat = ?");
        valeurs.push(etat.code().into());
    }
    if let Some(periode) = periode {
        ou.push("q.inscription IN (SELECT id FROM iexam_inscription WHERE periode = ?)");
        valeurs.push(periode.into());
    }
    let ou = ou.join(" AND ");
    let total =
        count(conn, &format!("SELECT COUNT(*) FROM iexam_demande q WHERE {ou}"), valeurs.clone()).await?;
    let sql = format!(
        "SELECT {COLONNES}, i.etudiant, p.annee, p.code
         FROM (SELECT q.* FROM iexam_demande q WHERE {ou} ORDER BY q.faite_le, q.id LIMIT ? OFFSET ?) q
         JOIN iexam_inscription i ON i.id = q.inscription JOIN iexam_periode p ON p.id = i.periode ORDER BY q.faite_le, q.id"
    );
    let bornes = [taille, offset].map(|n| Value::from(i64::try_from(n).unwrap_or(i64::MAX)));
    let rows = select(conn, &sql, valeurs.into_iter().chain(bornes)).await?;
    let lues = rows.iter().map(|row| {
        Ok::<_, DbError>(DemandeLue {
            demande: lire(row)?,
            etudiant: row.try_get_by_index(9)?,
            annee: row.try_get_by_index(10)?,
            periode: row.try_get_by_index(11)?,
        })
    });
    Ok((total, lues.collect::<Result<_, _>>()?))
}
