//! What « Pourquoi absent ? » reads: rows held under a code, in every year, what hides them, and codes that look the same.

use std::collections::HashMap;

use db::DbError;
use db::sea_orm::{ConnectionTrait, Value};

use super::annulation::vue_avant;
use super::objet::{lire, table};
use crate::domain::Genre;
use crate::domain::absence::Tenue;
use crate::domain::anomalie::Regle;
use crate::domain::ecarte::repli;

/// Kinds that have a code of their own.
pub const CHERCHES: [Genre; 8] = [
    Genre::Diplome,
    Genre::VersionDiplome,
    Genre::Etape,
    Genre::VersionEtape,
    Genre::Liste,
    Genre::Element,
    Genre::Enseignant,
    Genre::Etudiant,
];

/// Rows of a kind under a code, in the years given, the latest first; of a version, when one is given.
///
/// # Errors
/// Those of the database.
pub async fn tenues<C: ConnectionTrait>(
    conn: &C,
    genre: Genre,
    annees: &[u16],
    code: &str,
    version: Option<&str>,
) -> Result<Vec<Tenue>, DbError> {
    let d = genre.description();
    let (Some(premiere), false) = (d.cle.first(), annees.is_empty()) else { return Ok(Vec::new()) };
    let colonnes: Vec<String> = d.cle.iter().map(|c| format!("t.{}", c.nom)).collect();
    let libelle =
        d.libelle.and_then(|i| d.champs.get(i)).map_or("NULL".to_owned(), |c| format!("t.{}", c.nom));
    let marques = vec!["?"; annees.len()].join(", ");
    let mut sql = format!(
        "SELECT {}, t.annee, {libelle}, t.ferme_le, t.collecte_id, c.annule_id IS NOT NULL FROM {} t
         LEFT JOIN maquette_collecte c ON c.id = t.collecte_id
         WHERE t.annee IN ({marques}) AND t.{} = ?",
        colonnes.join(", "),
        table(genre),
        premiere.nom
    );
    let mut valeurs: Vec<Value> = annees.iter().map(|a| i64::from(*a).into()).collect();
    valeurs.push(code.into());
    if let (Some(version), Some(seconde)) = (version, d.cle.get(1)) {
        sql = format!("{sql} AND t.{} = ?", seconde.nom);
        valeurs.push(version.into());
    }
    sql.push_str(" ORDER BY t.annee DESC, t.id LIMIT 50");
    let n = d.cle.len();
    let mut tenues = Vec::new();
    for row in db::sql::select(conn, &sql, valeurs).await? {
        let cle = d.cle.iter().enumerate().map(|(i, c)| Ok(lire(&row, i, c.sorte)?.to_string()));
        let annee: i64 = row.try_get_by_index(n)?;
        tenues.push(Tenue {
            genre,
            annee: u16::try_from(annee).unwrap_or_default(),
            cle: cle.collect::<Result<_, DbError>>()?,
            libelle: row.try_get_by_index(n + 1)?,
            ferme_le: row.try_get_by_index(n + 2)?,
            collecte: row.try_get_by_index(n + 3)?,
            annulation: row.try_get_by_index(n + 4)?,
            vue_le: None,
            reserves: Vec::new(),
        });
    }
    Ok(tenues)
}

/// Completes a row with what a reader should know of it: when it was last seen, or what hides it.
///
/// # Errors
/// Those of the database.
pub async fn completer<C: ConnectionTrait>(conn: &C, l: &mut Tenue) -> Result<(), DbError> {
    if l.ferme_le.is_some() {
        l.vue_le = vue_avant(conn, l.collecte).await?;
        return Ok(());
    }
    let annee = Value::from(i64::from(l.annee));
    let cle: Vec<Value> = l.cle.iter().map(|c| c.as_str().into()).collect();
    let valeurs = std::iter::once(annee).chain(cle).collect::<Vec<_>>();
    match l.genre {
        Genre::Element => l.reserves = element(conn, valeurs).await?,
        Genre::Liste => l.reserves = liste(conn, valeurs).await?,
        Genre::VersionEtape => {
            let sql = "SELECT COUNT(*) FROM maquette_version_etape
                WHERE annee = ? AND etape = ? AND version = ? AND NOT ouverte";
            if db::sql::count(conn, sql, valeurs).await? > 0 {
                l.reserves.push("Elle ne recrute plus cette année.".to_owned());
            }
        }
        Genre::Etudiant => l.reserves = etudiant(conn, valeurs).await?,
        _ => {}
    }
    Ok(())
}

async fn element<C: ConnectionTrait>(conn: &C, valeurs: Vec<Value>) -> Result<Vec<String>, DbError> {
    let mut reserves = Vec::new();
    let sql = "SELECT e.ferme, e.suspendu, e.motif_suspension, n.fictive FROM maquette_element e
        LEFT JOIN maquette_nature n ON n.annee = e.annee AND n.code = e.nature WHERE e.annee = ? AND e.code = ?";
    if let Some(row) = db::sql::select(conn, sql, valeurs.clone()).await?.first() {
        let oui = |i| row.try_get_by_index::<Option<bool>>(i).map(|b| b == Some(true));
        if oui(0)? {
            reserves.push(
                "Il est fermé à la source (état « F ») : les listes et les arbres le masquent.".to_owned(),
            );
        }
        if oui(1)? {
            let motif = row.try_get_by_index::<Option<String>>(2)?;
            let motif = motif.map(|m| format!(" : « {m} »")).unwrap_or_default();
            reserves.push(format!("Il est suspendu à la source{motif}."));
        }
        if oui(3)? {
            reserves.push("Sa nature est fictive : c’est un nœud technique, masqué.".to_owned());
        }
    }
    // A list shows what it holds when it is open and something open leads to it.
    let sql = "SELECT l.liste, COALESCE(li.fermee, FALSE),
          (SELECT COUNT(*) FROM maquette_lien_etape_liste v WHERE v.annee = l.annee AND v.liste = l.liste
             AND v.ferme_le IS NULL AND v.lien_ferme_le IS NULL)
        + (SELECT COUNT(*) FROM maquette_lien_element_liste u WHERE u.annee = l.annee AND u.liste = l.liste
             AND u.ferme_le IS NULL AND u.lien_ferme_le IS NULL)
        FROM maquette_lien_liste_element l
        LEFT JOIN maquette_liste li ON li.annee = l.annee AND li.code = l.liste
        WHERE l.annee = ? AND l.element = ? AND l.ferme_le IS NULL ORDER BY l.liste LIMIT 200";
    let listes = db::sql::select(conn, sql, valeurs).await?;
    let mut fermees = Vec::new();
    for row in &listes {
        let (liste, fermee, menent): (String, bool, i64) =
            (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        if fermee || menent == 0 {
            fermees.push(liste);
        }
    }
    if listes.is_empty() {
        reserves.push("Aucune liste ne le contient : il n’est dans aucun arbre.".to_owned());
    } else if fermees.len() == listes.len() {
        let codes = fermees.iter().take(3).map(|l| format!("« {l} »")).collect::<Vec<_>>().join(", ");
        reserves.push(format!(
            "Les listes qui le contiennent ({codes}) sont fermées, ou rien d’ouvert n’y mène : aucun arbre ne le montre."
        ));
    }
    Ok(reserves)
}

async fn liste<C: ConnectionTrait>(conn: &C, valeurs: Vec<Value>) -> Result<Vec<String>, DbError> {
    let mut reserves = Vec::new();
    let sql = "SELECT li.fermee,
          (SELECT COUNT(*) FROM maquette_lien_etape_liste v WHERE v.annee = li.annee AND v.liste = li.code
             AND v.ferme_le IS NULL AND v.lien_ferme_le IS NULL)
        + (SELECT COUNT(*) FROM maquette_lien_element_liste u WHERE u.annee = li.annee AND u.liste = li.code
             AND u.ferme_le IS NULL AND u.lien_ferme_le IS NULL),
          (SELECT COUNT(*) FROM maquette_lien_liste_element e WHERE e.annee = li.annee AND e.liste = li.code
             AND e.ferme_le IS NULL)
        FROM maquette_liste li WHERE li.annee = ? AND li.code = ?";
    if let Some(row) = db::sql::select(conn, sql, valeurs).await?.first() {
        if row.try_get_by_index::<Option<bool>>(0)? == Some(true) {
            reserves.push("Elle est fermée à la source (état « F ») : les arbres la masquent.".to_owned());
        }
        if row.try_get_by_index::<i64>(1)? == 0 {
            reserves.push("Aucun lien ouvert n’y mène : elle n’est dans aucun arbre.".to_owned());
        }
        if row.try_get_by_index::<i64>(2)? == 0 {
            reserves.push("Elle ne contient aucun élément.".to_owned());
        }
    }
    Ok(reserves)
}

async fn etudiant<C: ConnectionTrait>(conn: &C, valeurs: Vec<Value>) -> Result<Vec<String>, DbError> {
    let sql = "SELECT i.etape, i.version, i.etat, v.id IS NOT NULL FROM maquette_inscription_administrative i
        LEFT JOIN maquette_version_etape v ON v.annee = i.annee AND v.etape = i.etape AND v.version = i.version
          AND v.ferme_le IS NULL
        WHERE i.annee = ? AND i.etudiant = ? AND i.ferme_le IS NULL ORDER BY i.etape, i.version, i.occurrence";
    let mut par_etape: HashMap<String, Vec<String>> = HashMap::new();
    let (mut hors, mut vivante) = (Vec::new(), false);
    for row in db::sql::select(conn, sql, valeurs).await? {
        let etape =
            format!("{} · {}", row.try_get_by_index::<String>(0)?, row.try_get_by_index::<String>(1)?);
        let etat: Option<String> = row.try_get_by_index(2)?;
        let etat = etat.unwrap_or_default();
        vivante |= etat == "E";
        if !row.try_get_by_index::<bool>(3)? && !hors.contains(&etape) {
            hors.push(etape.clone());
        }
        par_etape.entry(etape).or_default().push(etat);
    }
    let mut reserves = Vec::new();
    if par_etape.is_empty() {
        reserves.push("Aucune inscription à une étape n’est en base pour cette année.".to_owned());
    } else if !vivante {
        let mut mortes: Vec<String> = par_etape
            .iter()
            .map(|(etape, etats)| {
                let resiliee = etats.iter().any(|e| e == "R");
                format!("{etape} ({})", if resiliee { "résiliée" } else { "annulée" })
            })
            .collect();
        mortes.sort();
        reserves.push(format!(
            "Toutes ses inscriptions sont annulées ou résiliées ({}) : il n’est compté parmi les inscrits d’aucune étape.",
            mortes.join(", ")
        ));
    }
    for etape in hors {
        reserves.push(format!("Il est inscrit à l’étape {etape}, qui n’est pas dans l’offre de l’année."));
    }
    Ok(reserves)
}

/// Labels of the open anomalies of an object.
///
/// # Errors
/// Those of the database.
pub async fn anomalies<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    genre: Genre,
    cle: &str,
) -> Result<Vec<String>, DbError> {
    let sql = "SELECT DISTINCT regle FROM maquette_anomalie
        WHERE annee = ? AND objet = ? AND cle_objet = ? AND ferme_le IS NULL ORDER BY regle";
    let valeurs = [i64::from(annee).into(), genre.description().code.into(), cle.into()];
    let mut libelles = Vec::new();
    for row in db::sql::select(conn, sql, valeurs).await? {
        let regle: String = row.try_get_by_index(0)?;
        libelles.extend(Regle::of_code(&regle).map(|r| r.libelle().to_owned()));
    }
    Ok(libelles)
}

/// Codes of a kind and year that look like `code` without being it.
///
/// # Errors
/// Those of the database.
pub async fn semblables<C: ConnectionTrait>(
    conn: &C,
    genre: Genre,
    annee: u16,
    code: &str,
) -> Result<Vec<String>, DbError> {
    let Some(premiere) = genre.description().cle.first() else { return Ok(Vec::new()) };
    let colonne = premiere.nom;
    // The same folding as `repli`, said to the engine.
    let sql = format!(
        "SELECT DISTINCT {colonne} FROM {} WHERE annee = ? AND {colonne} <> ? AND REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(\
         REPLACE(LOWER({colonne}), ' ', ''), '\u{a0}', ''), '\u{202f}', ''), 'o', '0'), 'i', '1'), 'l', '1') = ?
         ORDER BY {colonne} LIMIT 5",
        table(genre)
    );
    let valeurs = [i64::from(annee).into(), code.into(), repli(code).into()];
    let rows = db::sql::select(conn, &sql, valeurs).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}
