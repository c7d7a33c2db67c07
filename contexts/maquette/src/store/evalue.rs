//! Elements with how they are examined and how many sit them.

use std::collections::HashMap;

use contracts::maquette::ElementEvalue;
use db::DbError;
use db::sea_orm::ConnectionTrait;
use db::sql::select;
use kernel::Centi;

use super::arbre::arbre_load;
use super::condition::marques;
use super::controle::controle_list;
use super::examen::{OUVERT, examen_nombres, lots, valeurs};
use crate::domain::parcours::ouverts;

/// Those of these elements that are open, by code.
///
/// # Errors
/// Those of the database.
pub async fn evalue_list<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    codes: &[&str],
) -> Result<Vec<ElementEvalue>, DbError> {
    let mut nombres = examen_nombres(conn, annee, codes).await?;
    let mut lus = Vec::with_capacity(codes.len());
    for lot in lots(codes.iter().copied()) {
        let mut controles = controle_list(conn, annee, &lot).await?;
        let sql = format!(
            "SELECT e.code, COALESCE(e.libelle, ''), COALESCE(e.nature, ''), e.periode, e.ects, e.responsable
             FROM maquette_element e WHERE e.annee = ? AND e.code IN ({}) AND {OUVERT} ORDER BY e.code",
            marques(lot.len())
        );
        for r in select(conn, &sql, valeurs(annee, &lot)).await? {
            let code: String = r.try_get_by_index(0)?;
            lus.push(ElementEvalue {
                libelle: r.try_get_by_index(1)?,
                nature: r.try_get_by_index::<String>(2)?.into(),
                periode: r.try_get_by_index(3)?,
                ects: r.try_get_by_index::<Option<i64>>(4)?.map(Centi),
                responsable: r.try_get_by_index(5)?,
                inscrits: nombres.remove(&code).unwrap_or_default(),
                controles: controles.remove(&code).unwrap_or_default(),
                code: code.into(),
            });
        }
    }
    Ok(lus)
}

/// The open elements under an étape, each once, in the order of its tree.
///
/// # Errors
/// Those of the database.
pub async fn evalue_tree<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    etape: &str,
    version: &str,
) -> Result<Vec<ElementEvalue>, DbError> {
    let (graphe, departs) = arbre_load(conn, annee, etape, version).await?;
    let places = ouverts(&graphe, &departs);
    let codes: Vec<&str> =
        places.iter().filter_map(|p| graphe.elements.get(*p)).map(|e| e.code.as_str()).collect();
    let rangs: HashMap<&str, usize> = codes.iter().enumerate().map(|(rang, code)| (*code, rang)).collect();
    let mut lus = evalue_list(conn, annee, &codes).await?;
    lus.sort_by_key(|e| rangs.get(e.code.as_str()).copied());
    Ok(lus)
}
