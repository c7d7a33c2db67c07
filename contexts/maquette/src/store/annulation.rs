//! What undoing a change set reads: the applied sets, the changes of one, the rows that they speak of, what hangs on those.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use db::DbError;
use db::sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Query};
use db::sea_orm::{ConnectionTrait, Value};

use super::nom;
use super::objet::{annee_tenue, lire, table};
use crate::domain::annulation::{Applique, Fait, lire_cle};
use crate::domain::{EtatCollecte, Genre, Sorte, Valeur};

/// Every set that was applied, the oldest first.
///
/// # Errors
/// Those of the database.
pub async fn appliques<C: ConnectionTrait>(conn: &C) -> Result<Vec<Applique>, DbError> {
    let sql = "SELECT id, annule_id FROM maquette_collecte WHERE etat = ? AND NOT simulation ORDER BY id";
    let rows = db::sql::select(conn, sql, [EtatCollecte::Terminee.code().into()]).await?;
    let lire = |row: &db::sea_orm::QueryResult| {
        Ok(Applique { id: row.try_get_by_index(0)?, annule: row.try_get_by_index(1)? })
    };
    rows.iter().map(lire).collect()
}

/// The undo of `id` that is asked or under way.
///
/// # Errors
/// Those of the database.
pub async fn annulation_demandee<C: ConnectionTrait>(conn: &C, id: i64) -> Result<Option<i64>, DbError> {
    let sql =
        "SELECT id FROM maquette_collecte WHERE annule_id = ? AND etat IN (?, ?) ORDER BY id DESC LIMIT 1";
    let etats = [EtatCollecte::EnAttente, EtatCollecte::EnCours].map(|e| Value::from(e.code()));
    let rows = db::sql::select(conn, sql, std::iter::once(Value::from(id)).chain(etats)).await?;
    Ok(match rows.first() {
        Some(row) => Some(row.try_get_by_index(0)?),
        None => None,
    })
}

/// Marks a collection as the undo of another.
///
/// # Errors
/// Those of the database.
pub async fn annulation_link<C: ConnectionTrait>(conn: &C, id: i64, annule: i64) -> Result<(), DbError> {
    let mut u = Query::update();
    u.table(nom("maquette_collecte")).value(nom("annule_id"), annule).and_where(Expr::col(nom("id")).eq(id));
    conn.execute(&u).await?;
    Ok(())
}

/// First and last numbers of the changes of a set; nothing when it has none.
///
/// # Errors
/// Those of the database.
pub async fn faits_bornes<C: ConnectionTrait>(conn: &C, id: i64) -> Result<Option<(i64, i64)>, DbError> {
    let sql = "SELECT MIN(id), MAX(id) FROM maquette_changement WHERE collecte_id = ?";
    let rows = db::sql::select(conn, sql, [id.into()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(row.try_get_by_index::<Option<i64>>(0)?.zip(row.try_get_by_index::<Option<i64>>(1)?))
}

/// The next changes of a set, in the order they were kept, after number `depuis` and up to `fin`; and the number of the last one read.
///
/// # Errors
/// Those of the database.
pub async fn faits_page<C: ConnectionTrait>(
    conn: &C,
    id: i64,
    depuis: i64,
    fin: i64,
) -> Result<(Vec<Fait>, Option<i64>), DbError> {
    // A set is written in one transaction: its numbers follow each other, and the primary key is the quickest way along them. The
    // sign keeps the engine from sorting the whole set at each page.
    let sql = "SELECT id, genre, sorte, cle, avant, apres FROM maquette_changement
        WHERE id > ? AND id <= ? AND +collecte_id = ? ORDER BY id LIMIT 5000";
    let rows = db::sql::select(conn, sql, [depuis.into(), fin.into(), id.into()]).await?;
    let mut faits = Vec::with_capacity(rows.len());
    let mut dernier = None;
    for row in &rows {
        dernier = Some(row.try_get_by_index(0)?);
        let (genre, sorte): (String, String) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        let (Some(genre), Some(sorte)) = (Genre::of_code(&genre), Sorte::of_code(&sorte)) else { continue };
        let cle = lire_texte(genre, &row.try_get_by_index::<String>(3)?)?;
        let champs = |t: Option<String>| t.and_then(|t| serde_json::from_str(&t).ok());
        faits.push(Fait {
            genre,
            sorte,
            cle,
            avant: champs(row.try_get_by_index(4)?),
            apres: champs(row.try_get_by_index(5)?),
        });
    }
    Ok((faits, dernier))
}

/// Rows of a kind that this set was the last to touch.
///
/// # Errors
/// Those of the database.
pub async fn intactes<C: ConnectionTrait>(
    conn: &C,
    genre: Genre,
    annee: u16,
    collecte: i64,
) -> Result<u64, DbError> {
    let mut q = Query::select();
    q.expr(Func::count(Expr::col(nom("id")))).from(Alias::new(table(genre)));
    q.and_where(Expr::col(nom("annee")).eq(annee_tenue(genre, annee)));
    q.and_where(Expr::col(nom("collecte_id")).eq(collecte));
    let n: i64 = match conn.query_one(&q).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => 0,
    };
    Ok(n.unsigned_abs())
}

/// Where a row is, and who last touched it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its number.
    pub id: i64,
    /// The set that last touched it.
    pub collecte: i64,
    /// Whether it is closed.
    pub ferme: bool,
}

/// The rows of a kind and year, by key: those that `collecte` was the last to touch, or all of them.
///
/// # Errors
/// Those of the database.
pub async fn places<C: ConnectionTrait>(
    conn: &C,
    genre: Genre,
    annee: u16,
    collecte: Option<i64>,
) -> Result<HashMap<Box<[Valeur]>, Place>, DbError> {
    let cle = genre.description().cle;
    let mut q = Query::select();
    q.columns(["id", "collecte_id"].map(nom)).expr(Expr::col(nom("ferme_le")).is_not_null());
    q.columns(cle.iter().map(|c| nom(c.nom))).from(Alias::new(table(genre)));
    q.and_where(Expr::col(nom("annee")).eq(annee_tenue(genre, annee)));
    if let Some(collecte) = collecte {
        q.and_where(Expr::col(nom("collecte_id")).eq(collecte));
    }
    let mut places = HashMap::new();
    for row in conn.query_all(&q).await? {
        let place = Place {
            id: row.try_get_by_index(0)?,
            collecte: row.try_get_by_index(1)?,
            ferme: row.try_get_by_index(2)?,
        };
        let valeurs = cle.iter().enumerate().map(|(i, c)| lire(&row, i + 3, c.sorte));
        places.insert(valeurs.collect::<Result<_, _>>()?, place);
    }
    Ok(places)
}

/// A later change of a row of the set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Apres {
    /// The set it belongs to.
    pub collecte: i64,
    /// Kind of row.
    pub genre: Genre,
    /// Key of the row.
    pub cle: Box<[Valeur]>,
    /// What happened to it.
    pub sorte: Sorte,
    /// Its label.
    pub libelle: Option<String>,
}

/// Keys of the rows of a kind that a set changed, in one way or in all.
///
/// # Errors
/// Those of the database.
pub async fn cles<C: ConnectionTrait>(
    conn: &C,
    collecte: i64,
    genre: Genre,
    sorte: Option<Sorte>,
) -> Result<HashSet<Box<[Valeur]>>, DbError> {
    let mut q = Query::select();
    q.column(nom("cle")).from(nom("maquette_changement"));
    q.and_where(Expr::col(nom("collecte_id")).eq(collecte));
    q.and_where(Expr::col(nom("genre")).eq(genre.description().code));
    if let Some(sorte) = sorte {
        q.and_where(Expr::col(nom("sorte")).eq(sorte.code()));
    }
    let mut cles = HashSet::new();
    for row in conn.query_all(&q).await? {
        cles.insert(lire_texte(genre, &row.try_get_by_index::<String>(0)?)?);
    }
    Ok(cles)
}

fn lire_texte(genre: Genre, texte: &str) -> Result<Box<[Valeur]>, DbError> {
    let cle = serde_json::from_str(texte).ok().and_then(|cle| lire_cle(genre, &cle));
    cle.ok_or_else(|| DbError::Value("maquette_changement.cle".into()))
}

/// Changes by the sets `suivants` of one kind's rows whose key is in `cles`, in the order they were kept.
///
/// # Errors
/// Those of the database.
pub async fn changes_apres<C: ConnectionTrait>(
    conn: &C,
    genre: Genre,
    annee: u16,
    suivants: &[i64],
    cles: &HashSet<Box<[Valeur]>>,
) -> Result<Vec<Apres>, DbError> {
    let mut apres = Vec::new();
    for lot in suivants.chunks(500) {
        let mut sql = format!(
            "SELECT e.collecte_id, e.sorte, e.cle, e.libelle FROM maquette_changement e
             JOIN maquette_collecte c ON c.id = e.collecte_id
             WHERE e.collecte_id IN ({}) AND e.genre = ?",
            vec!["?"; lot.len()].join(", ")
        );
        let mut valeurs: Vec<Value> = lot.iter().map(|id| (*id).into()).collect();
        valeurs.push(genre.description().code.into());
        // Rows of no year are the same whichever year was collected.
        if annee_tenue(genre, annee) != 0 {
            sql.push_str(" AND c.annee = ?");
            valeurs.push(i64::from(annee).into());
        }
        sql.push_str(" ORDER BY e.id");
        for row in db::sql::select(conn, &sql, valeurs).await? {
            let cle = lire_texte(genre, &row.try_get_by_index::<String>(2)?)?;
            if cles.contains(&cle) {
                let sorte: String = row.try_get_by_index(1)?;
                apres.push(Apres {
                    collecte: row.try_get_by_index(0)?,
                    genre,
                    cle,
                    sorte: Sorte::of_code(&sorte).unwrap_or(Sorte::Modification),
                    libelle: row.try_get_by_index(3)?,
                });
            }
        }
    }
    Ok(apres)
}

/// Open registrations of a year to each étape version, by étape and version.
///
/// # Errors
/// Those of the database.
pub async fn inscrits_par_etape<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
) -> Result<HashMap<(String, String), u64>, DbError> {
    let sql = "SELECT etape, version, COUNT(DISTINCT etudiant) FROM maquette_inscription_administrative
        WHERE annee = ? AND ferme_le IS NULL GROUP BY etape, version";
    let mut inscrits = HashMap::new();
    for row in db::sql::select(conn, sql, [i64::from(annee).into()]).await? {
        let cle = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        inscrits.insert(cle, row.try_get_by_index::<i64>(2)?.unsigned_abs());
    }
    Ok(inscrits)
}

/// Local corrections in force on rows of these kinds: number, kind, key.
///
/// # Errors
/// Those of the database.
pub async fn corrections_de<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
) -> Result<Vec<(i64, Genre, Box<[Valeur]>)>, DbError> {
    let sql = "SELECT id, genre, cle FROM maquette_correction
        WHERE retiree_le IS NULL AND NOT expiree AND annee IN (0, ?) ORDER BY id";
    let mut corrections = Vec::new();
    for row in db::sql::select(conn, sql, [i64::from(annee).into()]).await? {
        let genre: String = row.try_get_by_index(1)?;
        if let Some(genre) = Genre::of_code(&genre) {
            let cle = lire_texte(genre, &row.try_get_by_index::<String>(2)?)?;
            corrections.push((row.try_get_by_index(0)?, genre, cle));
        }
    }
    Ok(corrections)
}

/// Keys of the anomalies that somebody decided of.
///
/// # Errors
/// Those of the database.
pub async fn anomalies_decidees<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
) -> Result<Vec<Box<[Valeur]>>, DbError> {
    let sql = "SELECT regle, objet, cle_objet, champ FROM maquette_arbitrage WHERE annee = ? AND decision IS NOT NULL";
    let mut cles = Vec::new();
    for row in db::sql::select(conn, sql, [i64::from(annee).into()]).await? {
        let part = |i| row.try_get_by_index::<String>(i).map(Valeur::from);
        cles.push([part(0)?, part(1)?, part(2)?, part(3)?].into());
    }
    Ok(cles)
}

/// Forgets the identity of whole kinds, so that the next collection compares them row by row.
///
/// # Errors
/// Those of the database.
pub async fn ensembles_forget<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    genres: &[Genre],
) -> Result<(), DbError> {
    let codes = genres.iter().map(|g| g.description().code);
    // Not deleted: that the year was collected stays known by these rows.
    let mut u = Query::update();
    u.table(nom("maquette_ensemble")).value(nom("empreinte"), "annulee");
    u.and_where(Expr::col(nom("genre")).is_in(codes));
    u.and_where(Expr::col(nom("annee")).is_in([0, i64::from(annee)]));
    conn.execute(&u).await?;
    Ok(())
}

/// When the rows of a set were last seen before it closed them: the end of the applied collection of the same year just before.
///
/// # Errors
/// Those of the database.
pub async fn vue_avant<C: ConnectionTrait>(
    conn: &C,
    collecte: i64,
) -> Result<Option<DateTime<Utc>>, DbError> {
    let sql = "SELECT p.finie_le FROM maquette_collecte p
        JOIN maquette_collecte c ON c.id = ? AND p.annee = c.annee AND (p.portee = c.portee OR p.portee = 'tout')
        WHERE p.id < c.id AND p.etat = ? AND NOT p.simulation AND p.annule_id IS NULL
        ORDER BY p.id DESC LIMIT 1";
    let valeurs = [Value::from(collecte), EtatCollecte::Terminee.code().into()];
    let rows = db::sql::select(conn, sql, valeurs).await?;
    Ok(match rows.first() {
        Some(row) => row.try_get_by_index(0)?,
        None => None,
    })
}
