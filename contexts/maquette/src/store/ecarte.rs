//! What collections read and do not keep: rewritten by difference, and not at all when nothing differs.

use std::collections::HashMap;

use db::sea_orm::sea_query::{Expr, ExprTrait, Query};
use db::sea_orm::{ConnectionTrait, Value};
use db::{DbError, Upsert, upsert_rows};
use sha2::{Digest, Sha256};

use super::nom;
use crate::domain::ecarte::{Ecarte, RegleEcart, repli};
use crate::domain::{Genre, Portee};

/// Identity of what one part of a collection leaves out.
fn empreinte(ecartes: &[&Ecarte]) -> String {
    let mut digest = Sha256::new();
    for e in ecartes {
        for texte in [e.genre.description().code, &e.cle, e.regle.code(), &e.detail] {
            digest.update((texte.len() as u64).to_le_bytes());
            digest.update(texte);
        }
    }
    let octets = digest.finalize();
    octets.iter().take(16).fold(format!("{}:", ecartes.len()), |mut texte, octet| {
        use std::fmt::Write;
        let _ = write!(texte, "{octet:02x}");
        texte
    })
}

/// Keeps what an applied collection of that scope left out. Returns the number of rows written, forgotten ones included.
///
/// # Errors
/// Those of the database.
pub async fn ecarte_write<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    portee: Portee,
    collecte: i64,
    ecartes: &[Ecarte],
) -> Result<u64, DbError> {
    let mut ecrites = 0;
    for (partie, dedans) in [(Portee::Offre, portee.offre()), (Portee::Personnes, portee.personnes())] {
        if dedans {
            let mut siens: Vec<&Ecarte> = ecartes.iter().filter(|e| e.partie() == partie).collect();
            siens.sort_unstable();
            siens.dedup_by(|a, b| (a.genre, &a.cle, a.regle) == (b.genre, &b.cle, b.regle));
            ecrites += partie_write(conn, annee, partie, collecte, &siens).await?;
        }
    }
    Ok(ecrites)
}

async fn partie_write<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    partie: Portee,
    collecte: i64,
    ecartes: &[&Ecarte],
) -> Result<u64, DbError> {
    let annee = i64::from(annee);
    let (ensemble, neuve) = (format!("ecarte:{}", partie.code()), empreinte(ecartes));
    let sql = "SELECT empreinte FROM maquette_ensemble WHERE genre = ? AND annee = ?";
    let tenue = db::sql::select(conn, sql, [ensemble.as_str().into(), annee.into()]).await?;
    if let Some(row) = tenue.first()
        && row.try_get_by_index::<String>(0)? == neuve
    {
        return Ok(0);
    }
    let mut tenus = HashMap::new();
    let sql = "SELECT id, genre, cle, regle, detail FROM maquette_ecarte WHERE annee = ? AND partie = ?";
    for row in db::sql::select(conn, sql, [annee.into(), partie.code().into()]).await? {
        let cle: (String, String, String) =
            (row.try_get_by_index(1)?, row.try_get_by_index(2)?, row.try_get_by_index(3)?);
        tenus.insert(cle, (row.try_get_by_index::<i64>(0)?, row.try_get_by_index::<String>(4)?));
    }
    let mut lignes: Vec<Vec<Value>> = Vec::new();
    for e in ecartes {
        let (genre, regle) = (e.genre.description().code, e.regle.code());
        match tenus.remove(&(genre.to_owned(), e.cle.clone(), regle.to_owned())) {
            Some((_, detail)) if detail == e.detail => {}
            _ => lignes.push(vec![
                annee.into(),
                partie.code().into(),
                genre.into(),
                e.cle.as_str().into(),
                repli(e.code()).into(),
                regle.into(),
                e.detail.as_str().into(),
                collecte.into(),
            ]),
        }
    }
    let cible = Upsert {
        table: "maquette_ecarte",
        columns: &["annee", "partie", "genre", "cle", "repli", "regle", "detail", "collecte_id"],
        key: &["annee", "partie", "genre", "cle", "regle"],
        update: &["detail", "collecte_id"],
    };
    let mut ecrites = upsert_rows(conn, cible, lignes).await?;
    let partis: Vec<i64> = tenus.into_values().map(|(id, _)| id).collect();
    for lot in partis.chunks(500) {
        let mut d = Query::delete();
        d.from_table(nom("maquette_ecarte")).and_where(Expr::col(nom("id")).is_in(lot.iter().copied()));
        ecrites += conn.execute(&d).await?.rows_affected();
    }
    let cible = Upsert {
        table: "maquette_ensemble",
        columns: &["genre", "annee", "empreinte"],
        key: &["genre", "annee"],
        update: &["empreinte"],
    };
    upsert_rows(conn, cible, [vec![ensemble.into(), annee.into(), neuve.into()]]).await?;
    Ok(ecrites)
}

/// Something left out, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EcarteTenu {
    /// What, and why.
    pub ecarte: Ecarte,
    /// The year whose collection left it out.
    pub annee: u16,
    /// The collection that first left it out so.
    pub collecte: i64,
}

/// What was left out of a year under codes that look like `code`.
///
/// # Errors
/// Those of the database.
pub async fn ecarte_find<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    code: &str,
) -> Result<Vec<EcarteTenu>, DbError> {
    let sql = "SELECT genre, cle, regle, detail, collecte_id FROM maquette_ecarte
        WHERE annee = ? AND repli = ? ORDER BY genre, cle, regle LIMIT 100";
    let mut tenus = Vec::new();
    for row in db::sql::select(conn, sql, [i64::from(annee).into(), repli(code).into()]).await? {
        let (genre, regle): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(2)?);
        let (Some(genre), Some(regle)) = (Genre::of_code(&genre), RegleEcart::of_code(&regle)) else {
            continue;
        };
        let ecarte = Ecarte { genre, cle: row.try_get_by_index(1)?, regle, detail: row.try_get_by_index(3)? };
        tenus.push(EcarteTenu { ecarte, annee, collecte: row.try_get_by_index(4)? });
    }
    Ok(tenus)
}
