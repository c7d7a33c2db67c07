//! Who sits what, read for a whole period or for some épreuves.

use std::collections::{BTreeMap, BTreeSet};

use db::DbError;
use db::sea_orm::{ConnectionTrait, Value};
use db::sql::select;
use kernel::{AnneeUniversitaire, CodeElement, NumeroEtudiant};

use super::inscription::{self, Inscription};
use super::marques;

/// A student's choices in a period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choisi {
    /// Centre of the registration.
    pub centre: Option<i64>,
    /// Épreuves sat.
    pub passees: Vec<i64>,
}

/// Choices of every registration of a period that is not cancelled: épreuves sat that are scheduled. A student who registered and sits
/// nothing is there too, with none.
///
/// # Errors
/// Those of the database.
pub async fn choisis<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
) -> Result<BTreeMap<NumeroEtudiant, Choisi>, DbError> {
    let mut choisis: BTreeMap<NumeroEtudiant, Choisi> = BTreeMap::new();
    // A draft in which nothing is decided says nothing yet of what its student will sit.
    let sql = "SELECT i.etudiant, i.centre FROM iexam_inscription i
        WHERE i.periode = ? AND i.etat <> 'annulee' AND (i.etat <> 'brouillon' OR i.passees + i.reportees > 0)";
    for r in select(conn, sql, [periode.into()]).await? {
        let choisi = Choisi { centre: r.try_get_by_index(1)?, passees: Vec::new() };
        choisis.insert(NumeroEtudiant(r.try_get_by_index(0)?), choisi);
    }
    let sql = "SELECT i.etudiant, x.epreuve FROM iexam_inscription i JOIN iexam_choix x ON x.inscription = i.id
        JOIN iexam_epreuve e ON e.id = x.epreuve
        WHERE i.periode = ? AND i.etat <> 'annulee' AND x.decision = 'passe' AND e.annulee_le IS NULL AND e.debut IS NOT NULL
        ORDER BY i.etudiant, x.epreuve";
    for r in select(conn, sql, [periode.into()]).await? {
        if let Some(choisi) = choisis.get_mut(&NumeroEtudiant(r.try_get_by_index(0)?)) {
            choisi.passees.push(r.try_get_by_index(1)?);
        }
    }
    Ok(choisis)
}

/// Who deferred which element to the resits, in the other periods of that year.
///
/// # Errors
/// Those of the database.
pub async fn reportes<C: ConnectionTrait>(
    conn: &C,
    annee: AnneeUniversitaire,
) -> Result<BTreeSet<(NumeroEtudiant, CodeElement)>, DbError> {
    let sql = "SELECT DISTINCT i.etudiant, e.element FROM iexam_inscription i JOIN iexam_periode p ON p.id = i.periode
        JOIN iexam_choix x ON x.inscription = i.id JOIN iexam_epreuve e ON e.id = x.epreuve
        WHERE p.annee = ? AND p.session = 1 AND x.decision = 'report' AND i.etat NOT IN ('brouillon', 'annulee')";
    let rows = select(conn, sql, [i64::from(annee.premiere()).into()]).await?;
    let lire = |r: &db::sea_orm::QueryResult| {
        Ok((NumeroEtudiant(r.try_get_by_index(0)?), CodeElement(r.try_get_by_index(1)?)))
    };
    rows.iter().map(lire).collect()
}

/// How many confirmed registrations sit and defer each of these épreuves.
///
/// # Errors
/// Those of the database.
pub async fn candidats_comptes<C: ConnectionTrait>(
    conn: &C,
    epreuves: &[i64],
) -> Result<BTreeMap<i64, (u64, u64)>, DbError> {
    let mut comptes: BTreeMap<i64, (u64, u64)> = BTreeMap::new();
    for tranche in epreuves.chunks(500) {
        let sql = format!(
            "SELECT x.epreuve, x.decision, COUNT(*) FROM iexam_choix x JOIN iexam_inscription i ON i.id = x.inscription
             WHERE x.epreuve IN ({}) AND i.etat NOT IN ('brouillon', 'annulee') GROUP BY x.epreuve, x.decision",
            marques(tranche.len())
        );
        for r in select(conn, &sql, tranche.iter().map(|id| Value::from(*id))).await? {
            let n = r.try_get_by_index::<i64>(2)?.unsigned_abs();
            let compte = comptes.entry(r.try_get_by_index(0)?).or_default();
            match r.try_get_by_index::<String>(1)?.as_str() {
                "passe" => compte.0 += n,
                "report" => compte.1 += n,
                _ => {}
            }
        }
    }
    Ok(comptes)
}

/// How many confirmed registrations sit an épreuve in each centre; none for those who sit at home.
///
/// # Errors
/// Those of the database.
pub async fn candidats_par_centre<C: ConnectionTrait>(
    conn: &C,
    epreuve: i64,
) -> Result<BTreeMap<Option<i64>, u64>, DbError> {
    let sql = "SELECT i.centre, COUNT(*) FROM iexam_choix x JOIN iexam_inscription i ON i.id = x.inscription
        WHERE x.epreuve = ? AND x.decision = 'passe' AND i.etat NOT IN ('brouillon', 'annulee') GROUP BY i.centre";
    let rows = select(conn, sql, [epreuve.into()]).await?;
    rows.iter().map(|r| Ok((r.try_get_by_index(0)?, r.try_get_by_index::<i64>(1)?.unsigned_abs()))).collect()
}

/// Registrations that sit one of these épreuves, drafts included.
///
/// # Errors
/// Those of the database.
pub async fn inscriptions_touchees<C: ConnectionTrait>(
    conn: &C,
    epreuves: &[i64],
) -> Result<Vec<i64>, DbError> {
    let mut ids = BTreeSet::new();
    for tranche in epreuves.chunks(500) {
        let sql = format!(
            "SELECT DISTINCT inscription FROM iexam_choix WHERE decision <> 'indecis' AND epreuve IN ({})",
            marques(tranche.len())
        );
        for r in select(conn, &sql, tranche.iter().map(|id| Value::from(*id))).await? {
            ids.insert(r.try_get_by_index::<i64>(0)?);
        }
    }
    Ok(ids.into_iter().collect())
}

/// These registrations.
///
/// # Errors
/// Those of the database.
pub async fn inscriptions_lues<C: ConnectionTrait>(
    conn: &C,
    ids: &[i64],
) -> Result<Vec<Inscription>, DbError> {
    let mut lues = Vec::new();
    for tranche in ids.chunks(500) {
        let sql = format!(
            "SELECT {} FROM iexam_inscription i WHERE i.id IN ({}) ORDER BY i.id",
            inscription::COLONNES,
            marques(tranche.len())
        );
        for r in select(conn, &sql, tranche.iter().map(|id| Value::from(*id))).await? {
            lues.push(inscription::lire(&r)?);
        }
    }
    Ok(lues)
}
