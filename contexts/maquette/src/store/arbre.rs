//! The graph under one étape, level by level: each query goes by the keys that the one before found.
//!
//! One recursive query would do it, and both engines would then read the links of the whole university: neither can tell beforehand that
//! an étape leads to twenty lists rather than to twenty thousand.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use db::DbError;
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::select;
use kernel::Centi;

use super::condition::marques;
use crate::domain::arbre::{Graphe, Lien, NoeudElement, NoeudListe, TYPES_HEURES};

/// Keys of one query.
const LOT: usize = 1_000;

/// Rows of `sql`, whose last condition is the keys, for all of them.
async fn par_cles<C: ConnectionTrait>(
    conn: &C,
    sql: &str,
    annee: u16,
    cles: &[&str],
) -> Result<Vec<QueryResult>, DbError> {
    let mut rows = Vec::new();
    for lot in cles.chunks(LOT) {
        let valeurs = std::iter::once(Value::from(i64::from(annee)));
        let valeurs: Vec<Value> = valeurs.chain(lot.iter().map(|c| Value::from(*c))).collect();
        rows.extend(select(conn, &format!("{sql} IN ({})", marques(lot.len())), valeurs).await?);
    }
    Ok(rows)
}

/// A link from an element to a list.
struct VersListe {
    element: String,
    liste: String,
    min: Option<i64>,
    max: Option<i64>,
    ordre: i64,
    ferme_le: Option<NaiveDate>,
}

/// Links that an étape leads to: each list and element once, so that a cycle ends.
#[derive(Default)]
struct Atteints {
    listes: BTreeSet<String>,
    elements: BTreeSet<String>,
    /// List, element.
    contenus: Vec<(String, String)>,
    vers: Vec<VersListe>,
}

async fn atteindre<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    mut listes: BTreeSet<String>,
) -> Result<Atteints, DbError> {
    let mut a = Atteints::default();
    while !listes.is_empty() {
        let cles: Vec<&str> = listes.iter().map(String::as_str).collect();
        let sql = "SELECT liste, element FROM maquette_lien_liste_element WHERE annee = ? AND ferme_le IS NULL AND liste";
        let mut elements = BTreeSet::new();
        for row in par_cles(conn, sql, annee, &cles).await? {
            let (liste, element): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            if !a.elements.contains(&element) {
                elements.insert(element.clone());
            }
            a.contenus.push((liste, element));
        }
        a.listes.append(&mut listes);
        let cles: Vec<&str> = elements.iter().map(String::as_str).collect();
        let sql = "SELECT element, liste, choix_min, choix_max, ordre, lien_ferme_le FROM maquette_lien_element_liste
            WHERE annee = ? AND ferme_le IS NULL AND element";
        for row in par_cles(conn, sql, annee, &cles).await? {
            let vers = VersListe {
                element: row.try_get_by_index(0)?,
                liste: row.try_get_by_index(1)?,
                min: row.try_get_by_index(2)?,
                max: row.try_get_by_index(3)?,
                ordre: row.try_get_by_index::<Option<i64>>(4)?.unwrap_or_default(),
                ferme_le: row.try_get_by_index(5)?,
            };
            if !a.listes.contains(&vers.liste) {
                listes.insert(vers.liste.clone());
            }
            a.vers.push(vers);
        }
        a.elements.append(&mut elements);
    }
    a.contenus.sort();
    a.vers.sort_by(|x, y| (&x.liste, &x.element).cmp(&(&y.liste, &y.element)));
    Ok(a)
}

/// The graph below one étape version, and the links that start from it.
///
/// # Errors
/// Those of the database.
pub async fn arbre_load<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    etape: &str,
    version: &str,
) -> Result<(Graphe, Vec<Lien>), DbError> {
    let sql = "SELECT liste, choix_min, choix_max, lien_ferme_le FROM maquette_lien_etape_liste
        WHERE annee = ? AND etape = ? AND version = ? AND ferme_le IS NULL ORDER BY liste";
    let premiers = select(conn, sql, [i64::from(annee).into(), etape.into(), version.into()]).await?;
    let listes = premiers.iter().map(|r| r.try_get_by_index::<String>(0)).collect::<Result<_, _>>()?;
    let atteints = atteindre(conn, annee, listes).await?;
    let mut graphe = Graphe::default();
    let listes = listes_lues(conn, annee, &atteints, &mut graphe).await?;
    let elements = elements_lus(conn, annee, &atteints, &mut graphe).await?;

    for (liste, element) in &atteints.contenus {
        if let (Some(noeud), Some(element)) =
            (listes.get(liste).and_then(|l| graphe.listes.get_mut(*l)), elements.get(element))
        {
            noeud.contenu.push(*element);
        }
    }
    for v in &atteints.vers {
        let Some(liste) = listes.get(&v.liste).copied() else { continue };
        let lien = Lien { liste, min: v.min, max: v.max, ordre: v.ordre, ferme_le: v.ferme_le };
        if let Some(noeud) = elements.get(&v.element).and_then(|e| graphe.elements.get_mut(*e)) {
            noeud.sous.push(lien);
        }
    }
    let mut departs = Vec::new();
    for row in premiers {
        let liste: String = row.try_get_by_index(0)?;
        let Some(liste) = listes.get(&liste).copied() else { continue };
        departs.push(Lien {
            liste,
            min: row.try_get_by_index(1)?,
            max: row.try_get_by_index(2)?,
            ordre: 0,
            ferme_le: row.try_get_by_index(3)?,
        });
    }
    Ok((graphe, departs))
}

async fn listes_lues<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    atteints: &Atteints,
    graphe: &mut Graphe,
) -> Result<HashMap<String, usize>, DbError> {
    let cles: Vec<&str> = atteints.listes.iter().map(String::as_str).collect();
    let sql = "SELECT code, type_liste, libelle, (COALESCE(fermee, FALSE) OR ferme_le IS NOT NULL)
        FROM maquette_liste WHERE annee = ? AND code";
    for row in par_cles(conn, sql, annee, &cles).await? {
        graphe.listes.push(NoeudListe {
            code: row.try_get_by_index(0)?,
            type_liste: row.try_get_by_index::<Option<String>>(1)?.unwrap_or_default(),
            libelle: row.try_get_by_index::<Option<String>>(2)?.unwrap_or_default(),
            fermee: row.try_get_by_index(3)?,
            contenu: Vec::new(),
        });
    }
    graphe.listes.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(graphe.listes.iter().enumerate().map(|(i, l)| (l.code.clone(), i)).collect())
}

async fn elements_lus<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    atteints: &Atteints,
    graphe: &mut Graphe,
) -> Result<HashMap<String, usize>, DbError> {
    let cles: Vec<&str> = atteints.elements.iter().map(String::as_str).collect();
    let sql = "SELECT e.code, e.libelle, e.nature, e.ects, (COALESCE(e.ferme, FALSE) OR e.ferme_le IS NOT NULL),
            COALESCE(e.suspendu, FALSE), COALESCE(n.fictive, FALSE),
            (SELECT COUNT(*) FROM maquette_lien_liste_element u JOIN maquette_liste ul ON ul.annee = u.annee AND ul.code = u.liste
             WHERE u.annee = e.annee AND u.element = e.code AND u.ferme_le IS NULL AND NOT COALESCE(ul.fermee, FALSE))
         FROM maquette_element e LEFT JOIN maquette_nature n ON n.annee = e.annee AND n.code = e.nature
         WHERE e.annee = ? AND e.code";
    for row in par_cles(conn, sql, annee, &cles).await? {
        graphe.elements.push(NoeudElement {
            code: row.try_get_by_index(0)?,
            libelle: row.try_get_by_index::<Option<String>>(1)?.unwrap_or_default(),
            nature: row.try_get_by_index::<Option<String>>(2)?.unwrap_or_default(),
            ects: row.try_get_by_index::<Option<i64>>(3)?.map(Centi),
            ferme: row.try_get_by_index(4)?,
            suspendu: row.try_get_by_index(5)?,
            fictif: row.try_get_by_index(6)?,
            usages: u32::try_from(row.try_get_by_index::<i64>(7)?).unwrap_or_default(),
            ..NoeudElement::default()
        });
    }
    graphe.elements.sort_by(|a, b| a.code.cmp(&b.code));
    let places: HashMap<String, usize> =
        graphe.elements.iter().enumerate().map(|(i, e)| (e.code.clone(), i)).collect();

    let sql = "SELECT element, type_heure, heures FROM maquette_heures WHERE annee = ? AND ferme_le IS NULL AND element";
    for row in par_cles(conn, sql, annee, &cles).await? {
        let (element, type_heure): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let place = TYPES_HEURES.iter().position(|t| *t == type_heure);
        if let (Some(noeud), Some(place)) =
            (places.get(&element).and_then(|e| graphe.elements.get_mut(*e)), place)
            && let Some(heures) = noeud.heures.get_mut(place)
        {
            *heures = row.try_get_by_index::<Option<i64>>(2)?.map(Centi);
        }
    }
    Ok(places)
}
