//! Registrations: those of one student over the years held, and who is registered to an étape or an element.

use chrono::NaiveDate;
use db::sea_orm::{ConnectionTrait, Value};
use db::sql::{count, select};
use db::{DbError, Page, Paging};

use super::condition::{Condition, marques};

/// An administrative registration of a student.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Administrative {
    /// First civil year of the academic year.
    pub annee: u16,
    /// COD_ETP.
    pub etape: String,
    /// COD_VRS_VET.
    pub version: String,
    /// Label of the étape.
    pub libelle: String,
    /// Diploma and its version.
    pub diplome: Option<(String, String)>,
    /// `E`, `A`, `R`.
    pub etat: String,
    /// Code of the regime.
    pub regime: Option<String>,
    /// The main registration of the year.
    pub premiere: Option<bool>,
    /// Paid.
    pub payee: Option<bool>,
    /// Day of registration.
    pub date: Option<NaiveDate>,
    /// Gone from the source.
    pub disparue: bool,
    /// Pedagogical registrations under it.
    pub elements: u64,
}

fn annees_et(annees: &[u16], numero: &str) -> Vec<Value> {
    annees.iter().map(|a| Value::from(i64::from(*a))).chain([numero.into()]).collect()
}

/// Administrative registrations of a student, the latest year first.
///
/// # Errors
/// Those of the database.
pub async fn inscription_administratives<C: ConnectionTrait>(
    conn: &C,
    annees: &[u16],
    numero: &str,
) -> Result<Vec<Administrative>, DbError> {
    if annees.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT i.annee, i.etape, i.version, COALESCE(v.libelle, e.libelle, ''), i.diplome, i.version_diplome, COALESCE(i.etat, ''),
            i.regime, i.premiere, i.payee, i.date_inscription, (i.ferme_le IS NOT NULL),
            (SELECT COUNT(*) FROM maquette_inscription_pedagogique p WHERE p.annee = i.annee AND p.etudiant = i.etudiant
                AND p.etape = i.etape AND p.version = i.version AND p.ferme_le IS NULL)
         FROM maquette_inscription_administrative i
         LEFT JOIN maquette_version_etape v ON v.annee = i.annee AND v.etape = i.etape AND v.version = i.version
         LEFT JOIN maquette_etape e ON e.annee = i.annee AND e.code = i.etape
         WHERE i.annee IN ({}) AND i.etudiant = ?
         ORDER BY i.annee DESC, (i.ferme_le IS NOT NULL), i.etat = 'E' DESC, i.etape, i.version, i.occurrence",
        marques(annees.len())
    );
    let rows = select(conn, &sql, annees_et(annees, numero)).await?;
    rows.iter()
        .map(|r| {
            let diplome: Option<String> = r.try_get_by_index(4)?;
            let version: Option<String> = r.try_get_by_index(5)?;
            Ok(Administrative {
                annee: u16::try_from(r.try_get_by_index::<i64>(0)?).unwrap_or_default(),
                etape: r.try_get_by_index(1)?,
                version: r.try_get_by_index(2)?,
                libelle: r.try_get_by_index(3)?,
                diplome: diplome.map(|d| (d, version.unwrap_or_default())),
                etat: r.try_get_by_index(6)?,
                regime: r.try_get_by_index(7)?,
                premiere: r.try_get_by_index(8)?,
                payee: r.try_get_by_index(9)?,
                date: r.try_get_by_index(10)?,
                disparue: r.try_get_by_index(11)?,
                elements: r.try_get_by_index::<i64>(12)?.unsigned_abs(),
            })
        })
        .collect()
}

/// A pedagogical registration of a student.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pedagogique {
    /// COD_ETP.
    pub etape: String,
    /// COD_VRS_VET.
    pub version: String,
    /// COD_ELP.
    pub element: String,
    /// Label of the element.
    pub libelle: String,
    /// Its nature.
    pub nature: Option<String>,
    /// Its ECTS.
    pub ects: Option<kernel::Centi>,
    /// Level under the étape, from 1.
    pub rang: i64,
    /// Earned in an earlier year.
    pub acquis: bool,
    /// The element above it.
    pub superieur: Option<String>,
}

/// Pedagogical registrations of a student in a year, étape by étape.
///
/// # Errors
/// Those of the database.
pub async fn inscription_pedagogiques<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    numero: &str,
) -> Result<Vec<Pedagogique>, DbError> {
    let sql = "SELECT p.etape, p.version, p.element, COALESCE(e.libelle, ''), e.nature, e.ects, COALESCE(p.rang, 1),
            COALESCE(p.acquis, FALSE), p.element_superieur
        FROM maquette_inscription_pedagogique p
        LEFT JOIN maquette_element e ON e.annee = p.annee AND e.code = p.element
        WHERE p.annee = ? AND p.etudiant = ? AND p.ferme_le IS NULL ORDER BY p.etape, p.version, p.element";
    let rows = select(conn, sql, [i64::from(annee).into(), numero.into()]).await?;
    rows.iter()
        .map(|r| {
            Ok(Pedagogique {
                etape: r.try_get_by_index(0)?,
                version: r.try_get_by_index(1)?,
                element: r.try_get_by_index(2)?,
                libelle: r.try_get_by_index(3)?,
                nature: r.try_get_by_index(4)?,
                ects: r.try_get_by_index::<Option<i64>>(5)?.map(kernel::Centi),
                rang: r.try_get_by_index(6)?,
                acquis: r.try_get_by_index(7)?,
                superieur: r.try_get_by_index::<Option<String>>(8)?.filter(|s| !s.is_empty()),
            })
        })
        .collect()
}

/// Somebody registered to an étape or an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inscrit {
    /// COD_ETU.
    pub numero: String,
    /// Name of birth.
    pub nom: String,
    /// Name of use, when it differs.
    pub nom_usage: Option<String>,
    /// First name.
    pub prenom: Option<String>,
    /// Étape and version of the registration.
    pub etape: (String, String),
    /// State: `E`, `A`, `R`; for an element, `E`.
    pub etat: String,
    /// Regime.
    pub regime: Option<String>,
    /// Earned in an earlier year (for an element).
    pub acquis: bool,
}

/// To what.
#[derive(Clone, Copy, Debug)]
pub enum Cible<'a> {
    /// An étape version.
    Etape(&'a str, &'a str),
    /// An element.
    Element(&'a str),
}

/// One page of who is registered to an étape or an element, by name.
///
/// # Errors
/// Those of the database.
pub async fn inscription_list<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    cible: Cible<'_>,
    recherche: &str,
    paging: Paging,
) -> Result<Page<Inscrit>, DbError> {
    let an = || Value::from(i64::from(annee));
    let (colonnes, depuis, mut c) = match cible {
        Cible::Etape(code, version) => (
            "COALESCE(i.etat, ''), i.regime, FALSE",
            "maquette_inscription_administrative",
            Condition::new(
                "i.annee = ? AND i.etape = ? AND i.version = ? AND i.ferme_le IS NULL",
                [an(), code.into(), version.into()],
            ),
        ),
        Cible::Element(code) => (
            "'E', NULL, COALESCE(i.acquis, FALSE)",
            "maquette_inscription_pedagogique",
            Condition::new("i.annee = ? AND i.element = ? AND i.ferme_le IS NULL", [an(), code.into()]),
        ),
    };
    c.mots(recherche, &["e.recherche"]);
    let depuis = format!(
        "FROM {depuis} i LEFT JOIN maquette_etudiant e ON e.annee = i.annee AND e.numero = i.etudiant WHERE {}",
        c.sql()
    );
    let total = count(conn, &format!("SELECT COUNT(*) {depuis}"), c.valeurs()).await?;
    let sql = format!(
        "SELECT i.etudiant, COALESCE(e.nom, ''), e.nom_usage, e.prenom, i.etape, i.version, {colonnes} {depuis}
         ORDER BY SUBSTR(e.recherche, LENGTH(e.numero) + 2, 60), i.etudiant, i.etape, i.version LIMIT {} OFFSET {}",
        paging.taille(),
        paging.offset()
    );
    let rows = select(conn, &sql, c.valeurs()).await?;
    let lus = rows.iter().map(|r| {
        Ok(Inscrit {
            numero: r.try_get_by_index(0)?,
            nom: r.try_get_by_index(1)?,
            nom_usage: r.try_get_by_index(2)?,
            prenom: r.try_get_by_index(3)?,
            etape: (r.try_get_by_index(4)?, r.try_get_by_index(5)?),
            etat: r.try_get_by_index(6)?,
            regime: r.try_get_by_index(7)?,
            acquis: r.try_get_by_index(8)?,
        })
    });
    Ok(Page::new(paging, total, lus.collect::<Result<Vec<_>, DbError>>()?))
}

/// How many are registered to an element.
///
/// # Errors
/// Those of the database.
pub async fn inscription_count<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    element: &str,
) -> Result<u64, DbError> {
    let sql = "SELECT COUNT(DISTINCT etudiant) FROM maquette_inscription_pedagogique
        WHERE annee = ? AND element = ? AND ferme_le IS NULL";
    count(conn, sql, [i64::from(annee).into(), element.into()]).await
}
