//! The graph under one étape, in four queries whatever its size and depth.

use std::collections::HashMap;

use db::DbError;
use db::sea_orm::{ConnectionTrait, Value};
use db::sql::select;
use kernel::Centi;

use crate::domain::arbre::{Graphe, Lien, NoeudElement, NoeudListe, TYPES_HEURES};

/// Lists reached from the étape; UNION keeps each once, so that a cycle ends.
const ATTEINTES: &str = "WITH RECURSIVE atteinte(liste) AS (
        SELECT liste FROM maquette_lien_etape_liste WHERE annee = ? AND etape = ? AND version = ? AND ferme_le IS NULL
        UNION
        SELECT b.liste FROM atteinte a
        JOIN maquette_lien_liste_element h ON h.annee = ? AND h.liste = a.liste AND h.ferme_le IS NULL
        JOIN maquette_lien_element_liste b ON b.annee = h.annee AND b.element = h.element AND b.ferme_le IS NULL)";

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
    let an = i64::from(annee);
    let avec = |suite: &str| format!("{ATTEINTES} {suite}");
    let valeurs = |n: usize| -> Vec<Value> {
        let mut v: Vec<Value> = vec![an.into(), etape.into(), version.into(), an.into()];
        v.extend(std::iter::repeat_n(Value::from(an), n));
        v
    };
    let mut graphe = Graphe::default();

    let sql = avec(
        "SELECT l.code, l.type_liste, l.libelle, (COALESCE(l.fermee, FALSE) OR l.ferme_le IS NOT NULL)
         FROM maquette_liste l JOIN atteinte a ON a.liste = l.code WHERE l.annee = ? ORDER BY l.code",
    );
    let mut listes: HashMap<String, usize> = HashMap::new();
    for row in select(conn, &sql, valeurs(1)).await? {
        let code: String = row.try_get_by_index(0)?;
        listes.insert(code.clone(), graphe.listes.len());
        graphe.listes.push(NoeudListe {
            code,
            type_liste: row.try_get_by_index::<Option<String>>(1)?.unwrap_or_default(),
            libelle: row.try_get_by_index::<Option<String>>(2)?.unwrap_or_default(),
            fermee: row.try_get_by_index(3)?,
            contenu: Vec::new(),
        });
    }

    let sql = avec(
        "SELECT DISTINCT e.code, e.libelle, e.nature, e.ects, (COALESCE(e.ferme, FALSE) OR e.ferme_le IS NOT NULL),
            COALESCE(e.suspendu, FALSE), COALESCE(n.fictive, FALSE),
            (SELECT COUNT(*) FROM maquette_lien_liste_element u JOIN maquette_liste ul ON ul.annee = u.annee AND ul.code = u.liste
             WHERE u.annee = e.annee AND u.element = e.code AND u.ferme_le IS NULL AND NOT COALESCE(ul.fermee, FALSE))
         FROM atteinte a
         JOIN maquette_lien_liste_element h ON h.annee = ? AND h.liste = a.liste AND h.ferme_le IS NULL
         JOIN maquette_element e ON e.annee = h.annee AND e.code = h.element
         LEFT JOIN maquette_nature n ON n.annee = e.annee AND n.code = e.nature
         ORDER BY e.code",
    );
    let mut elements: HashMap<String, usize> = HashMap::new();
    for row in select(conn, &sql, valeurs(1)).await? {
        let code: String = row.try_get_by_index(0)?;
        elements.insert(code.clone(), graphe.elements.len());
        graphe.elements.push(NoeudElement {
            code,
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

    let sql = avec(
        "SELECT 0, h.liste, h.element, NULL, NULL, NULL, NULL FROM atteinte a
         JOIN maquette_lien_liste_element h ON h.annee = ? AND h.liste = a.liste AND h.ferme_le IS NULL
         UNION ALL
         SELECT 1, b.liste, h.element, b.choix_min, b.choix_max, b.ordre, b.lien_ferme_le FROM atteinte a
         JOIN maquette_lien_liste_element h ON h.annee = ? AND h.liste = a.liste AND h.ferme_le IS NULL
         JOIN maquette_lien_element_liste b ON b.annee = h.annee AND b.element = h.element AND b.ferme_le IS NULL
         UNION ALL
         SELECT 2, l.liste, '', l.choix_min, l.choix_max, NULL, l.lien_ferme_le FROM maquette_lien_etape_liste l
         WHERE l.annee = ? AND l.etape = ? AND l.version = ? AND l.ferme_le IS NULL
         ORDER BY 1, 2, 3",
    );
    let mut parametres = valeurs(3);
    parametres.extend([etape.into(), version.into()]);
    let mut departs = Vec::new();
    for row in select(conn, &sql, parametres).await? {
        let sorte: i32 = row.try_get_by_index(0)?;
        let (liste, element): (String, String) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        let Some(liste) = listes.get(&liste).copied() else { continue };
        if sorte == 0 {
            if let (Some(noeud), Some(element)) = (graphe.listes.get_mut(liste), elements.get(&element)) {
                noeud.contenu.push(*element);
            }
            continue;
        }
        let lien = Lien {
            liste,
            min: row.try_get_by_index(3)?,
            max: row.try_get_by_index(4)?,
            ordre: row.try_get_by_index::<Option<i64>>(5)?.unwrap_or_default(),
            ferme_le: row.try_get_by_index(6)?,
        };
        match elements.get(&element).and_then(|e| graphe.elements.get_mut(*e)) {
            // An element in several lists of this étape comes once for each.
            Some(noeud) if !noeud.sous.contains(&lien) => noeud.sous.push(lien),
            Some(_) => {}
            None => departs.push(lien),
        }
    }

    let sql = avec(
        "SELECT DISTINCT u.element, u.type_heure, u.heures FROM atteinte a
         JOIN maquette_lien_liste_element h ON h.annee = ? AND h.liste = a.liste AND h.ferme_le IS NULL
         JOIN maquette_heures u ON u.annee = h.annee AND u.element = h.element AND u.ferme_le IS NULL",
    );
    for row in select(conn, &sql, valeurs(1)).await? {
        let (element, type_heure): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let place = TYPES_HEURES.iter().position(|t| *t == type_heure);
        if let (Some(noeud), Some(place)) =
            (elements.get(&element).and_then(|e| graphe.elements.get_mut(*e)), place)
            && let Some(heures) = noeud.heures.get_mut(place)
        {
            *heures = row.try_get_by_index::<Option<i64>>(2)?.map(Centi);
        }
    }
    Ok((graphe, departs))
}
