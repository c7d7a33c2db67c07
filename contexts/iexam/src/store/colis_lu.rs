//! Parcels as the REST interface reads them, whatever their centre.

use db::DbError;
use db::sea_orm::{ConnectionTrait, Value};
use db::sql::{count, select};

use super::inconnu;
use crate::domain::centre::{Colis, Sens};

/// A parcel with the codes of what it refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColisLu {
    /// The parcel.
    pub colis: Colis,
    /// First year of its period.
    pub annee: i64,
    /// Code of its period.
    pub periode: String,
    /// Code of its centre.
    pub centre: String,
}

/// What narrows the list.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filtre {
    /// Period.
    pub periode: Option<i64>,
    /// Centre.
    pub centre: Option<i64>,
    /// Which way.
    pub sens: Option<&'static str>,
    /// Only those that arrived, or those that did not.
    pub recu: Option<bool>,
}

/// A page of parcels, the latest period then the latest parcel first, and how many there are.
///
/// # Errors
/// Those of the database.
pub async fn colis_lu_list<C: ConnectionTrait>(
    conn: &C,
    f: Filtre,
    (offset, taille): (u64, u64),
) -> Result<(u64, Vec<ColisLu>), DbError> {
    let mut ou = vec!["1 = 1"];
    let mut valeurs: Vec<Value> = Vec::new();
    let conditions = [
        ("x.periode = ?", f.periode.map(Value::from)),
        ("x.centre = ?", f.centre.map(Value::from)),
        ("x.sens = ?", f.sens.map(Value::from)),
    ];
    for (condition, valeur) in conditions {
        if let Some(valeur) = valeur {
            ou.push(condition);
            valeurs.push(valeur);
        }
    }
    match f.recu {
        Some(true) => ou.push("x.recu_le IS NOT NULL"),
        Some(false) => ou.push("x.recu_le IS NULL"),
        None => {}
    }
    let ou = ou.join(" AND ");
    let total =
        count(conn, &format!("SELECT COUNT(*) FROM iexam_colis x WHERE {ou}"), valeurs.clone()).await?;
    let sql = format!(
        "SELECT x.id, x.periode, x.centre, x.sens, x.transporteur, x.suivi, x.copies, x.expedie_le, x.recu_le, x.copies_recues, x.note,
            p.annee, p.code, c.code
         FROM iexam_colis x JOIN iexam_periode p ON p.id = x.periode JOIN iexam_centre c ON c.id = x.centre
         WHERE {ou} ORDER BY p.annee DESC, p.code DESC, x.id DESC LIMIT ? OFFSET ?"
    );
    let bornes = [taille, offset].map(|n| Value::from(i64::try_from(n).unwrap_or(i64::MAX)));
    let mut lus = Vec::new();
    for row in select(conn, &sql, valeurs.into_iter().chain(bornes)).await? {
        let sens: String = row.try_get_by_index(3)?;
        lus.push(ColisLu {
            colis: Colis {
                id: row.try_get_by_index(0)?,
                periode: row.try_get_by_index(1)?,
                centre: row.try_get_by_index(2)?,
                sens: Sens::of_code(&sens).ok_or_else(|| inconnu("iexam_colis.sens"))?,
                transporteur: row.try_get_by_index(4)?,
                suivi: row.try_get_by_index(5)?,
                copies: row.try_get_by_index(6)?,
                expedie_le: row.try_get_by_index(7)?,
                recu_le: row.try_get_by_index(8)?,
                copies_recues: row.try_get_by_index(9)?,
                note: row.try_get_by_index(10)?,
            },
            annee: row.try_get_by_index(11)?,
            periode: row.try_get_by_index(12)?,
            centre: row.try_get_by_index(13)?,
        });
    }
    Ok((total, lus))
}
