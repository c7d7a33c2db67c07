//! The ledger as the REST interface reads it: rows in the order of days.

use chrono::{DateTime, NaiveDate, Utc};
use db::DbError;
use db::sea_orm::{ConnectionTrait, Value};
use db::sql::{count, select};

/// A row of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaiementLu {
    /// Row.
    pub id: i64,
    /// Registration.
    pub inscription: i64,
    /// COD_ETU.
    pub etudiant: String,
    /// First year of the period.
    pub annee: i64,
    /// Its code.
    pub periode: String,
    /// `du`, `paiement`…
    pub nature: String,
    /// `cheque`, `virement`…
    pub moyen: Option<String>,
    /// What it adds to what is left to pay.
    pub montant_cents: i64,
    /// As the account shows it.
    pub libelle: String,
    /// What a due is for.
    pub poste: Option<String>,
    /// Number of a cheque, of a transaction.
    pub reference: String,
    /// The day it counts for.
    pub jour: NaiveDate,
    /// When it was written.
    pub ecrite_le: DateTime<Utc>,
    /// By whom.
    pub ecrite_par: String,
    /// The row that it corrects.
    pub corrige: Option<i64>,
    /// The closing of its day.
    pub cloture: Option<i64>,
}

/// What narrows the list.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filtre<'a> {
    /// From this day on.
    pub du: Option<NaiveDate>,
    /// Until this day, included.
    pub au: Option<NaiveDate>,
    /// Registration.
    pub inscription: Option<i64>,
    /// Period.
    pub periode: Option<i64>,
    /// Nature.
    pub nature: Option<&'a str>,
    /// Means.
    pub moyen: Option<&'a str>,
    /// Closing.
    pub cloture: Option<i64>,
}

/// A page of the ledger, by day then row, and how many rows there are.
///
/// # Errors
/// Those of the database.
pub async fn paiement_lu_list<C: ConnectionTrait>(
    conn: &C,
    f: Filtre<'_>,
    (offset, taille): (u64, u64),
) -> Result<(u64, Vec<PaiementLu>), DbError> {
    let conditions: [(&str, Option<Value>); 7] = [
        ("e.jour >= ?", f.du.map(Value::from)),
        ("e.jour <= ?", f.au.map(Value::from)),
        ("e.inscription = ?", f.inscription.map(Value::from)),
        ("e.inscription IN (SELECT id FROM iexam_inscription WHERE periode = ?)", f.periode.map(Value::from)),
        ("e.nature = ?", f.nature.map(Value::from)),
        ("e.moyen = ?", f.moyen.map(Value::from)),
        ("e.cloture = ?", f.cloture.map(Value::from)),
    ];
    let mut ou = vec!["1 = 1"];
    let mut valeurs = Vec::new();
    for (condition, valeur) in conditions {
        if let Some(valeur) = valeur {
            ou.push(condition);
            valeurs.push(valeur);
        }
    }
    let ou = ou.join(" AND ");
    let total =
        count(conn, &format!("SELECT COUNT(*) FROM iexam_ecriture e WHERE {ou}"), valeurs.clone()).await?;
    if offset >= total {
        return Ok((total, Vec::new()));
    }
    let sql = format!(
        "SELECT e.id, e.inscription, i.etudiant, p.annee, p.code, e.nature, e.moyen, e.montant_cents, e.libelle, e.poste, e.reference,
            e.jour, e.ecrite_le, e.ecrite_par, e.corrige, e.cloture
         FROM (SELECT e.* FROM iexam_ecriture e WHERE {ou} ORDER BY e.jour, e.id LIMIT ? OFFSET ?) e
         JOIN iexam_inscription i ON i.id = e.inscription JOIN iexam_periode p ON p.id = i.periode ORDER BY e.jour, e.id"
    );
    let bornes = [taille, offset].map(|n| Value::from(i64::try_from(n).unwrap_or(i64::MAX)));
    let mut lus = Vec::new();
    for row in select(conn, &sql, valeurs.into_iter().chain(bornes)).await? {
        lus.push(PaiementLu {
            id: row.try_get_by_index(0)?,
            inscription: row.try_get_by_index(1)?,
            etudiant: row.try_get_by_index(2)?,
            annee: row.try_get_by_index(3)?,
            periode: row.try_get_by_index(4)?,
            nature: row.try_get_by_index(5)?,
            moyen: row.try_get_by_index(6)?,
            montant_cents: row.try_get_by_index(7)?,
            libelle: row.try_get_by_index(8)?,
            poste: row.try_get_by_index(9)?,
            reference: row.try_get_by_index(10)?,
            jour: row.try_get_by_index(11)?,
            ecrite_le: row.try_get_by_index(12)?,
            ecrite_par: row.try_get_by_index(13)?,
            corrige: row.try_get_by_index(14)?,
            cloture: row.try_get_by_index(15)?,
        });
    }
    Ok((total, lus))
}
