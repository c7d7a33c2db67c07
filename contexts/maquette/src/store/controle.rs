//! How knowledge of elements is checked.

use std::collections::HashMap;

use contracts::maquette::Controle;
use db::DbError;
use db::sea_orm::{ConnectionTrait, Value};
use db::sql::select;
use kernel::Centi;

use super::condition::marques;

/// Keys of one query.
const LOT: usize = 10_000;

/// The tests of these elements, by code, in the order of sessions and of ranks.
///
/// # Errors
/// Those of the database.
pub async fn controle_list<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    codes: &[&str],
) -> Result<HashMap<String, Vec<Controle>>, DbError> {
    let mut lus: HashMap<String, Vec<Controle>> = HashMap::new();
    for lot in codes.chunks(LOT) {
        let sql = format!(
            "SELECT element, session, COALESCE(nature, ''), duree, coefficient FROM maquette_controle
             WHERE annee = ? AND ferme_le IS NULL AND element IN ({}) ORDER BY element, session, rang",
            marques(lot.len())
        );
        let valeurs = std::iter::once(Value::from(i64::from(annee)));
        let valeurs: Vec<Value> = valeurs.chain(lot.iter().map(|c| Value::from(*c))).collect();
        for row in select(conn, &sql, valeurs).await? {
            lus.entry(row.try_get_by_index(0)?).or_default().push(Controle {
                session: u8::try_from(row.try_get_by_index::<i64>(1)?).unwrap_or_default(),
                nature: row.try_get_by_index(2)?,
                duree_min: row
                    .try_get_by_index::<Option<i64>>(3)?
                    .and_then(|minutes| u32::try_from(minutes).ok()),
                coefficient: row.try_get_by_index::<Option<i64>>(4)?.map(Centi),
            });
        }
    }
    Ok(lus)
}

/// The tests of one element.
///
/// # Errors
/// Those of the database.
pub async fn controle_read<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    code: &str,
) -> Result<Vec<Controle>, DbError> {
    Ok(controle_list(conn, annee, &[code]).await?.remove(code).unwrap_or_default())
}
