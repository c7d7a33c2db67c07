//! Who may be examined, and on what: only what is registered now, in an offer that is open.

use std::collections::{BTreeSet, HashMap};

use contracts::maquette::{EtapeBreve, Etudiant, InscriptionElement, InscriptionEtape, Inscrit};
use db::DbError;
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::select;
use kernel::{Centi, CodeElement, NumeroEtudiant};

use super::condition::{Condition, marques};
use super::etudiant_lu::NOMS;

/// Keys of one query: fewer than either engine takes.
const LOT: usize = 10_000;

/// A registration to an element that may be examined: of an open element, not earned, under a registration to its étape that is neither
/// cancelled nor ended. A cancelled one beside it changes nothing.
pub(super) const INSCRIT: &str =
    "p.ferme_le IS NULL AND NOT COALESCE(p.acquis, FALSE) AND EXISTS (
        SELECT 1 FROM maquette_inscription_administrative i WHERE i.annee = p.annee AND i.etudiant = p.etudiant
        AND i.etape = p.etape AND i.version = p.version AND i.etat = 'E' AND i.ferme_le IS NULL)";
/// An element that is offered.
pub(super) const OUVERT: &str =
    "e.ferme_le IS NULL AND NOT COALESCE(e.ferme, FALSE) AND NOT COALESCE(e.suspendu, FALSE)";

/// The year, then these keys.
pub(super) fn valeurs(annee: u16, cles: &[&str]) -> Vec<Value> {
    let annee = std::iter::once(Value::from(i64::from(annee)));
    annee.chain(cles.iter().map(|c| Value::from(*c))).collect()
}

/// Keys as one asks for them: each once, in lots.
pub(super) fn lots<'a>(cles: impl Iterator<Item = &'a str>) -> Vec<Vec<&'a str>> {
    let cles: Vec<&str> = cles.collect::<BTreeSet<_>>().into_iter().collect();
    cles.chunks(LOT).map(<[&str]>::to_vec).collect()
}

const ETUDIANT: &str = "SELECT s.numero, COALESCE(s.nom, ''), s.nom_usage, COALESCE(s.prenom, ''), s.email,
    COALESCE(s.handicap, FALSE) FROM maquette_etudiant s WHERE";

fn etudiant(r: &QueryResult) -> Result<Etudiant, DbError> {
    Ok(Etudiant {
        numero: r.try_get_by_index::<String>(0)?.into(),
        nom: r.try_get_by_index(1)?,
        nom_usage: r.try_get_by_index(2)?,
        prenom: r.try_get_by_index(3)?,
        courriel: r.try_get_by_index(4)?,
        handicap: r.try_get_by_index(5)?,
    })
}

/// These students of that year; those unknown or gone are left out.
///
/// # Errors
/// Those of the database.
pub async fn examen_etudiants<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    numeros: &[NumeroEtudiant],
) -> Result<Vec<Etudiant>, DbError> {
    let mut lus = Vec::with_capacity(numeros.len());
    for lot in lots(numeros.iter().map(NumeroEtudiant::as_str)) {
        let sql =
            format!("{ETUDIANT} s.annee = ? AND s.ferme_le IS NULL AND s.numero IN ({})", marques(lot.len()));
        for row in select(conn, &sql, valeurs(annee, &lot)).await? {
            lus.push(etudiant(&row)?);
        }
    }
    Ok(lus)
}

/// At most `limite` students whose number or names have every word of a folded text, by name.
///
/// # Errors
/// Those of the database.
pub async fn examen_etudiants_search<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    recherche: &str,
    limite: u64,
) -> Result<Vec<Etudiant>, DbError> {
    let mut ou = Condition::new("s.annee = ? AND s.ferme_le IS NULL", [i64::from(annee).into()]);
    ou.mots(recherche, &[NOMS]);
    let ordre = "SUBSTR(s.recherche, LENGTH(s.numero) + 2, 60), s.numero";
    let sql = format!("{ETUDIANT} {} ORDER BY {ordre} LIMIT {limite}", ou.sql());
    select(conn, &sql, ou.valeurs()).await?.iter().map(etudiant).collect()
}

/// The étapes that a student is registered to, neither cancelled nor ended, the first registration first; each once.
///
/// # Errors
/// Those of the database.
pub async fn examen_etapes<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    numero: &str,
) -> Result<Vec<InscriptionEtape>, DbError> {
    let sql = "SELECT i.etape, i.version, COALESCE(v.libelle, e.libelle, ''), i.regime, COALESCE(i.premiere, FALSE)
        FROM maquette_inscription_administrative i
        LEFT JOIN maquette_version_etape v ON v.annee = i.annee AND v.etape = i.etape AND v.version = i.version
        LEFT JOIN maquette_etape e ON e.annee = i.annee AND e.code = i.etape
        WHERE i.annee = ? AND i.etudiant = ? AND i.etat = 'E' AND i.ferme_le IS NULL
        ORDER BY CASE WHEN i.premiere THEN 0 ELSE 1 END, i.etape, i.version, i.occurrence";
    let mut lues: Vec<InscriptionEtape> = Vec::new();
    for r in select(conn, sql, valeurs(annee, &[numero])).await? {
        let lue = InscriptionEtape {
            etape: r.try_get_by_index::<String>(0)?.into(),
            version: r.try_get_by_index::<String>(1)?.into(),
            libelle: r.try_get_by_index(2)?,
            regime: r.try_get_by_index(3)?,
            premiere: r.try_get_by_index(4)?,
        };
        if !lues.iter().any(|autre| autre.etape == lue.etape && autre.version == lue.version) {
            lues.push(lue);
        }
    }
    Ok(lues)
}

/// What a student may be examined on, by étape and code.
///
/// # Errors
/// Those of the database.
pub async fn examen_elements<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    numero: &str,
) -> Result<Vec<InscriptionElement>, DbError> {
    let sql = format!(
        "SELECT e.code, COALESCE(e.libelle, ''), COALESCE(e.nature, ''), e.ects, p.etape, p.version, e.periode
         FROM maquette_inscription_pedagogique p JOIN maquette_element e ON e.annee = p.annee AND e.code = p.element
         WHERE p.annee = ? AND p.etudiant = ? AND {INSCRIT} AND {OUVERT} ORDER BY p.etape, p.version, e.code"
    );
    let lire = |r: &QueryResult| {
        Ok(InscriptionElement {
            element: r.try_get_by_index::<String>(0)?.into(),
            libelle: r.try_get_by_index(1)?,
            nature: r.try_get_by_index::<String>(2)?.into(),
            ects: r.try_get_by_index::<Option<i64>>(3)?.map(Centi),
            etape: r.try_get_by_index::<String>(4)?.into(),
            version: r.try_get_by_index::<String>(5)?.into(),
            periode: r.try_get_by_index(6)?,
        })
    };
    select(conn, &sql, valeurs(annee, &[numero])).await?.iter().map(lire).collect()
}

/// Who may be examined on these elements, each student once per element, in order.
///
/// # Errors
/// Those of the database.
pub async fn examen_inscrits<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    codes: &[CodeElement],
) -> Result<Vec<Inscrit>, DbError> {
    let mut lus = Vec::new();
    for lot in lots(codes.iter().map(CodeElement::as_str)) {
        let sql = format!(
            "SELECT DISTINCT p.etudiant, p.element
             FROM maquette_inscription_pedagogique p JOIN maquette_element e ON e.annee = p.annee AND e.code = p.element
             WHERE p.annee = ? AND p.element IN ({}) AND {INSCRIT} AND {OUVERT}",
            marques(lot.len())
        );
        for r in select(conn, &sql, valeurs(annee, &lot)).await? {
            lus.push(Inscrit {
                etudiant: r.try_get_by_index::<String>(0)?.into(),
                element: r.try_get_by_index::<String>(1)?.into(),
            });
        }
    }
    // Here rather than in the database: engines do not sort texts alike.
    lus.sort();
    Ok(lus)
}

/// How many may be examined on each of these elements, in whatever étape; those without anybody are left out.
///
/// # Errors
/// Those of the database.
pub async fn examen_nombres<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    codes: &[&str],
) -> Result<HashMap<String, u64>, DbError> {
    let mut nombres = HashMap::new();
    for lot in lots(codes.iter().copied()) {
        let sql = format!(
            "SELECT p.element, COUNT(DISTINCT p.etudiant) FROM maquette_inscription_pedagogique p
             WHERE p.annee = ? AND p.element IN ({}) AND {INSCRIT} GROUP BY p.element",
            marques(lot.len())
        );
        for r in select(conn, &sql, valeurs(annee, &lot)).await? {
            nombres.insert(r.try_get_by_index(0)?, r.try_get_by_index::<i64>(1)?.unsigned_abs());
        }
    }
    Ok(nombres)
}

/// At most `limite` étapes whose code or label have every word of a folded text; those with students first, then by code.
///
/// # Errors
/// Those of the database.
pub async fn examen_etapes_search<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    recherche: &str,
    limite: u64,
) -> Result<Vec<EtapeBreve>, DbError> {
    let an = || Value::from(i64::from(annee));
    let mut ou = Condition::new("e.annee = ? AND e.ferme_le IS NULL AND v.ferme_le IS NULL", [an()]);
    ou.mots(recherche, &["e.recherche", "v.recherche"]);
    let sql = format!(
        "SELECT e.code, COALESCE(v.version, ''), COALESCE(v.libelle, e.libelle, ''), COALESCE(n.nombre, 0)
         FROM maquette_etape e LEFT JOIN maquette_version_etape v ON v.annee = e.annee AND v.etape = e.code
         LEFT JOIN (SELECT etape, version, COUNT(DISTINCT etudiant) AS nombre FROM maquette_inscription_administrative
                    WHERE annee = ? AND etat = 'E' AND ferme_le IS NULL GROUP BY etape, version) n
            ON n.etape = e.code AND n.version = COALESCE(v.version, '')
         WHERE {} ORDER BY CASE WHEN n.nombre > 0 THEN 0 ELSE 1 END, e.code, v.version LIMIT {limite}",
        ou.sql()
    );
    let valeurs: Vec<Value> = std::iter::once(an()).chain(ou.valeurs()).collect();
    let lire = |r: &QueryResult| {
        Ok(EtapeBreve {
            code: r.try_get_by_index::<String>(0)?.into(),
            version: r.try_get_by_index::<String>(1)?.into(),
            libelle: r.try_get_by_index(2)?,
            inscrits: r.try_get_by_index::<i64>(3)?.unsigned_abs(),
        })
    };
    select(conn, &sql, valeurs).await?.iter().map(lire).collect()
}
