//! What choosing students worth showing needs to know of each.

use std::collections::{BTreeMap, HashSet};

use db::DbError;
use db::sea_orm::{ConnectionTrait, Value};
use db::sql::select;

use super::examen::{INSCRIT, OUVERT};
use crate::domain::illustre::Fiche;

/// A file by student of the year, by number.
///
/// # Errors
/// Those of the database.
pub async fn illustre_list<C: ConnectionTrait>(conn: &C, annee: u16) -> Result<Vec<Fiche>, DbError> {
    let an = |a: u16| [Value::from(i64::from(a))];
    let mut fiches: BTreeMap<String, Fiche> = BTreeMap::new();
    let sql =
        "SELECT numero, COALESCE(nom, ''), nom_usage, COALESCE(prenom, ''), COALESCE(handicap, FALSE), pays
        FROM maquette_etudiant WHERE annee = ? AND ferme_le IS NULL";
    for r in select(conn, sql, an(annee)).await? {
        let (numero, nom): (String, String) = (r.try_get_by_index(0)?, r.try_get_by_index(1)?);
        let (usage, prenom): (Option<String>, String) = (r.try_get_by_index(2)?, r.try_get_by_index(3)?);
        let pays: Option<String> = r.try_get_by_index(5)?;
        let fiche = Fiche {
            numero: numero.as_str().into(),
            nom_complet: format!("{prenom} {}", usage.as_ref().unwrap_or(&nom)),
            nom,
            amenagement: r.try_get_by_index(4)?,
            etranger: pays.is_some_and(|p| !p.trim().is_empty() && kernel::fold(&p) != "france"),
            ..Fiche::default()
        };
        fiches.insert(numero, fiche);
    }
    let avant = vets(conn, annee.saturating_sub(1)).await?;
    let avant: HashSet<(&str, &str, &str)> =
        avant.iter().map(|(e, etape, version, _)| (e.as_str(), etape.as_str(), version.as_str())).collect();
    let mut vives = HashSet::new();
    for (etudiant, etape, version, etat) in &vets(conn, annee).await? {
        let Some(fiche) = fiches.get_mut(etudiant) else { continue };
        if etat == "E" && vives.insert((etudiant.clone(), etape.clone(), version.clone())) {
            fiche.etapes += 1;
            fiche.redoublant |= avant.contains(&(etudiant.as_str(), etape.as_str(), version.as_str()));
        }
        fiche.annulee |= etat == "A";
    }
    let acquis = "SELECT p.etudiant, COUNT(*) FROM maquette_inscription_pedagogique p
        WHERE p.annee = ? AND p.ferme_le IS NULL AND p.acquis GROUP BY p.etudiant";
    for (etudiant, n) in nombres(conn, acquis, annee).await? {
        fiches.entry(etudiant).and_modify(|f| f.acquis = n);
    }
    let ecrits = format!(
        "SELECT p.etudiant, COUNT(DISTINCT p.element) FROM maquette_inscription_pedagogique p
         JOIN maquette_element e ON e.annee = p.annee AND e.code = p.element
         JOIN maquette_controle k ON k.annee = p.annee AND k.element = p.element AND k.session = 1
            AND k.ferme_le IS NULL AND k.nature IN ('écrit', 'Écrit', 'ecrit')
         WHERE p.annee = ? AND {INSCRIT} AND {OUVERT} GROUP BY p.etudiant"
    );
    for (etudiant, n) in nombres(conn, &ecrits, annee).await? {
        fiches.entry(etudiant).and_modify(|f| f.ecrits = n);
    }
    for etudiant in a_mi_vitesse(conn, annee).await? {
        fiches.entry(etudiant).and_modify(|f| f.mi_vitesse = f.etapes == 1);
    }
    Ok(fiches.into_values().collect())
}

/// Who has the elements of one semester only, in an étape of which others have two.
async fn a_mi_vitesse<C: ConnectionTrait>(conn: &C, annee: u16) -> Result<Vec<String>, DbError> {
    let sql = format!(
        "WITH suivis AS (
            SELECT p.etudiant, p.etape, p.version, COUNT(DISTINCT e.periode) AS semestres
            FROM maquette_inscription_pedagogique p JOIN maquette_element e ON e.annee = p.annee AND e.code = p.element
            WHERE p.annee = ? AND {INSCRIT} AND {OUVERT} AND e.periode LIKE 'S%'
            GROUP BY p.etudiant, p.etape, p.version)
         SELECT s.etudiant FROM suivis s WHERE s.semestres = 1 AND EXISTS (
            SELECT 1 FROM suivis t WHERE t.etape = s.etape AND t.version = s.version AND t.semestres > 1)
         ORDER BY s.etudiant"
    );
    let rows = select(conn, &sql, [i64::from(annee).into()]).await?;
    rows.iter().map(|r| Ok(r.try_get_by_index(0)?)).collect()
}

/// Student, étape, version, state of every registration of a year.
async fn vets<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
) -> Result<Vec<(String, String, String, String)>, DbError> {
    let sql = "SELECT etudiant, etape, version, COALESCE(etat, '') FROM maquette_inscription_administrative
        WHERE annee = ? AND ferme_le IS NULL";
    let rows = select(conn, sql, [i64::from(annee).into()]).await?;
    let lire = rows.iter().map(|r| {
        Ok((r.try_get_by_index(0)?, r.try_get_by_index(1)?, r.try_get_by_index(2)?, r.try_get_by_index(3)?))
    });
    lire.collect()
}

async fn nombres<C: ConnectionTrait>(conn: &C, sql: &str, annee: u16) -> Result<Vec<(String, u64)>, DbError> {
    let rows = select(conn, sql, [i64::from(annee).into()]).await?;
    rows.iter().map(|r| Ok((r.try_get_by_index(0)?, r.try_get_by_index::<i64>(1)?.unsigned_abs()))).collect()
}
