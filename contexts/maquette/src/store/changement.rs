//! Change sets: what each collection did, row by row, kept whole so that it can be read, exported and undone.

use db::sea_orm::sea_query::{Cond, Expr, ExprTrait, Func, LikeExpr, Order, Query};
use db::sea_orm::{ConnectionTrait, Value};
use db::{DbError, Page, Paging, insert_rows};
use serde::Serialize;

use super::generation::fil_advance;
use super::nom;
use crate::domain::genre::{Colonne, Genre};
use crate::domain::valeur::{Valeur, cle_json};
use crate::domain::{Changement, Sorte};

/// Fields as a change set keeps them: an object by column name; for a modification, only those that differ.
fn objet(colonnes: &[Colonne], valeurs: &[Valeur], garde: impl Fn(usize) -> bool) -> Option<String> {
    if valeurs.is_empty() {
        return None;
    }
    let paires = colonnes.iter().zip(valeurs).enumerate().filter(|(i, _)| garde(*i));
    let objet: serde_json::Map<_, _> = paires.map(|(_, (c, v))| (c.nom.to_owned(), v.json())).collect();
    Some(serde_json::Value::Object(objet).to_string())
}

/// Adds the changes of one collection.
///
/// # Errors
/// Those of the database.
pub async fn changement_insert<C: ConnectionTrait>(
    conn: &C,
    collecte: i64,
    changements: &[Changement],
) -> Result<u64, DbError> {
    changement_insert_as(conn, collecte, None, changements).await
}

/// Adds changes under one cause, whatever their fields.
///
/// # Errors
/// Those of the database.
pub async fn changement_insert_as<C: ConnectionTrait>(
    conn: &C,
    collecte: i64,
    cause: Option<&str>,
    changements: &[Changement],
) -> Result<u64, DbError> {
    // Numbers are given in the writers' turn: they are the cursor of the feed.
    fil_advance(conn).await?;
    let colonnes = ["collecte_id", "genre", "sorte", "cause", "objet_id", "cle", "libelle", "avant", "apres"];
    let lignes = changements.iter().map(|c| {
        let d = c.genre.description();
        let champs = d.champs;
        let differe: Vec<usize> = c.champs_changes().collect();
        // A closing and a reopening keep every field, so that undoing them needs nothing else.
        let garde = |i: usize| c.sorte != Sorte::Modification || differe.contains(&i);
        let montre = if c.apres.is_empty() { &c.avant } else { &c.apres };
        let libelle = d.libelle.and_then(|i| montre.get(i)).and_then(Valeur::texte).map(ToOwned::to_owned);
        vec![
            Value::from(collecte),
            d.code.into(),
            c.sorte.code().into(),
            cause.unwrap_or_else(|| c.cause()).into(),
            c.id.into(),
            cle_json(&c.cle).into(),
            libelle.into(),
            objet(champs, &c.avant, garde).into(),
            // A row that is added is there to be read, and each later change keeps what it replaces.
            (c.sorte != Sorte::Ajout).then(|| objet(champs, &c.apres, garde)).flatten().into(),
        ]
    });
    // Gathered first: pages write change sets too, and what they await must be sendable.
    let lignes: Vec<Vec<Value>> = lignes.collect();
    insert_rows(conn, "maquette_changement", &colonnes, lignes).await
}

/// How many changes of one kind, sort and cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Groupe {
    /// Code of the kind.
    pub genre: String,
    /// Code of the sort.
    pub sorte: String,
    /// Cause.
    pub cause: String,
    /// How many.
    pub nombre: u64,
}

/// Counts of a change set, by kind, sort and cause.
///
/// # Errors
/// Those of the database.
pub async fn changement_groups<C: ConnectionTrait>(conn: &C, collecte: i64) -> Result<Vec<Groupe>, DbError> {
    let mut q = Query::select();
    q.columns([nom("genre"), nom("sorte"), nom("cause")]).expr(Func::count(Expr::col(nom("id"))));
    q.from(nom("maquette_changement")).and_where(Expr::col(nom("collecte_id")).eq(collecte));
    q.group_by_columns([nom("genre"), nom("sorte"), nom("cause")]);
    let mut groupes = Vec::new();
    for row in conn.query_all(&q).await? {
        groupes.push(Groupe {
            genre: row.try_get_by_index(0)?,
            sorte: row.try_get_by_index(1)?,
            cause: row.try_get_by_index(2)?,
            nombre: row.try_get_by_index::<i64>(3)?.unsigned_abs(),
        });
    }
    let rang = |g: &Groupe| {
        let genre = Genre::of_code(&g.genre).map_or(usize::MAX, |g| g as usize);
        (genre, Sorte::of_code(&g.sorte), g.cause.clone())
    };
    groupes.sort_by_key(rang);
    Ok(groupes)
}

/// One change as it was kept.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChangementTenu {
    /// Number of the line.
    pub id: i64,
    /// Code of the kind.
    pub genre: String,
    /// Code of the sort.
    pub sorte: String,
    /// Cause.
    pub cause: String,
    /// Key parts.
    pub cle: serde_json::Value,
    /// Label, if the kind has one.
    pub libelle: Option<String>,
    /// Fields before.
    pub avant: Option<serde_json::Value>,
    /// Fields after.
    pub apres: Option<serde_json::Value>,
}

/// Changes that are sorted at each page.
const EN_ORDRE: i64 = 20_000;

/// What a change set is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Choix {
    /// Codes of kinds; empty for all.
    pub genres: Vec<String>,
    /// Codes of sorts; empty for all.
    pub sortes: Vec<String>,
    /// Causes; empty for all.
    pub causes: Vec<String>,
    /// A part of the key or of the label.
    pub texte: String,
    /// One part of the key, whole.
    pub objet: Option<String>,
}

/// One page of a change set.
///
/// # Errors
/// Those of the database.
pub async fn changement_list<C: ConnectionTrait>(
    conn: &C,
    collecte: i64,
    choix: &Choix,
    paging: Paging,
) -> Result<Page<ChangementTenu>, DbError> {
    let mut q = Query::select();
    q.from(nom("maquette_changement")).and_where(Expr::col(nom("collecte_id")).eq(collecte));
    for (colonne, valeurs) in [("genre", &choix.genres), ("sorte", &choix.sortes), ("cause", &choix.causes)] {
        if !valeurs.is_empty() {
            q.and_where(Expr::col(nom(colonne)).is_in(valeurs.iter().map(String::as_str)));
        }
    }
    let contient = |texte: &str| LikeExpr::new(db::sql::like(texte)).escape('!');
    if !choix.texte.is_empty() {
        let texte = choix.texte.to_lowercase();
        let dans = |colonne: &str| Expr::expr(Func::lower(Expr::col(nom(colonne)))).like(contient(&texte));
        q.cond_where(Cond::any().add(dans("cle")).add(dans("libelle")));
    }
    if let Some(objet) = &choix.objet {
        let partie = serde_json::Value::from(objet.as_str()).to_string();
        q.and_where(Expr::col(nom("cle")).like(contient(&partie)));
    }
    let mut compte = q.clone();
    compte.expr(Func::count(Expr::col(nom("id"))));
    let total: i64 = match conn.query_one(&compte).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => 0,
    };
    q.columns(["id", "genre", "sorte", "cause", "cle", "libelle", "avant", "apres"].map(nom));
    // A set that is read is in the order in which it was kept; a huge one in that of the index, whose pages far away cost no sort.
    if total > EN_ORDRE {
        for colonne in ["genre", "sorte", "cause"] {
            q.order_by(nom(colonne), Order::Asc);
        }
    }
    q.order_by(nom("id"), Order::Asc);
    q.limit(paging.taille()).offset(paging.offset());
    let mut lignes = Vec::new();
    for row in conn.query_all(&q).await? {
        let json = |t: Option<String>| t.and_then(|t| serde_json::from_str(&t).ok());
        lignes.push(ChangementTenu {
            id: row.try_get_by_index(0)?,
            genre: row.try_get_by_index(1)?,
            sorte: row.try_get_by_index(2)?,
            cause: row.try_get_by_index(3)?,
            cle: json(row.try_get_by_index(4)?).unwrap_or_default(),
            libelle: row.try_get_by_index(5)?,
            avant: json(row.try_get_by_index(6)?),
            apres: json(row.try_get_by_index(7)?),
        });
    }
    Ok(Page::new(paging, total.unsigned_abs(), lignes))
}
