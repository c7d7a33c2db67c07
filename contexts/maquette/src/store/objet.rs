//! The rows of the offer and of people, of every kind, read and written by the description of their kind.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use db::sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query};
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::{DbError, Upsert, insert_rows, upsert_rows};

use super::generation::generation_advance;
use super::nom;
use crate::domain::genre::{Description, Genre, SorteColonne};
use crate::domain::valeur::empreinte;
use crate::domain::{Changement, Sorte, Tenu, Valeur};

/// Rows read at once: enough to be quick, few enough to stay small.
const LOT: u64 = 20_000;

/// The table of a kind.
pub(crate) fn table(genre: Genre) -> String {
    format!("maquette_{}", genre.description().code)
}

/// The year a kind's rows carry: maquettes and academic years are of no year, and carry 0.
pub(crate) fn annee_tenue(genre: Genre, annee: u16) -> i64 {
    if matches!(genre, Genre::Maquette | Genre::Annee) { 0 } else { annee.into() }
}

/// Every row held of a kind and year, closed ones included, by key; of its fields, their identity only.
///
/// # Errors
/// Those of the database.
pub async fn objet_load<C: ConnectionTrait>(
    conn: &C,
    genre: Genre,
    annee: u16,
) -> Result<HashMap<Box<[Valeur]>, Tenu>, DbError> {
    let cle = genre.description().cle;
    let mut tenus = HashMap::new();
    let mut depuis = 0_i64;
    // Neighbours often share a part of their key: the same text is kept once.
    let mut derniers: Vec<Valeur> = vec![Valeur::Absent; cle.len()];
    loop {
        let mut q = Query::select();
        q.columns(["id", "empreinte"].map(nom)).expr(Expr::col(nom("ferme_le")).is_not_null());
        q.columns(cle.iter().map(|c| nom(c.nom))).from(nom(&table(genre)));
        q.and_where(Expr::col(nom("annee")).eq(annee_tenue(genre, annee)))
            .and_where(Expr::col(nom("id")).gt(depuis));
        q.order_by(nom("id"), Order::Asc).limit(LOT);
        let rows = conn.query_all(&q).await?;
        let pleine = rows.len() as u64 == LOT;
        for row in rows {
            let id: i64 = row.try_get_by_index(0)?;
            let tenu = Tenu { id, empreinte: row.try_get_by_index(1)?, ferme: row.try_get_by_index(2)? };
            for (i, (colonne, dernier)) in cle.iter().zip(&mut derniers).enumerate() {
                let valeur = lire(&row, i + 3, colonne.sorte)?;
                if valeur != *dernier {
                    *dernier = valeur;
                }
            }
            tenus.insert(derniers.clone().into_boxed_slice(), tenu);
            depuis = id;
        }
        if !pleine {
            return Ok(tenus);
        }
    }
}

/// Fields of rows, by their numbers.
///
/// # Errors
/// Those of the database.
pub async fn objet_champs<C: ConnectionTrait>(
    conn: &C,
    genre: Genre,
    ids: &[i64],
) -> Result<HashMap<i64, Box<[Valeur]>>, DbError> {
    let champs = genre.champs();
    let mut lus = HashMap::with_capacity(ids.len());
    for lot in ids.chunks(1_000) {
        let mut q = Query::select();
        q.column(nom("id")).columns(champs.iter().map(|c| nom(c.nom))).from(nom(&table(genre)));
        q.and_where(Expr::col(nom("id")).is_in(lot.iter().copied()));
        for row in conn.query_all(&q).await? {
            let valeurs = champs.iter().enumerate().map(|(i, c)| lire(&row, i + 1, c.sorte));
            lus.insert(row.try_get_by_index(0)?, valeurs.collect::<Result<_, _>>()?);
        }
    }
    Ok(lus)
}

pub(crate) fn lire(row: &QueryResult, i: usize, sorte: SorteColonne) -> Result<Valeur, DbError> {
    Ok(match sorte {
        SorteColonne::Texte => row.try_get_by_index::<Option<String>>(i)?.into(),
        SorteColonne::Entier | SorteColonne::Centi => row.try_get_by_index::<Option<i64>>(i)?.into(),
        SorteColonne::Oui => row.try_get_by_index::<Option<bool>>(i)?.into(),
        SorteColonne::Jour => row.try_get_by_index::<Option<NaiveDate>>(i)?.into(),
    })
}

fn ecrire(valeur: &Valeur, sorte: SorteColonne) -> Value {
    match sorte {
        SorteColonne::Texte => valeur.texte().map(ToOwned::to_owned).into(),
        SorteColonne::Entier | SorteColonne::Centi => valeur.entier().into(),
        SorteColonne::Oui => match valeur {
            Valeur::Oui(b) => Some(*b).into(),
            _ => None::<bool>.into(),
        },
        SorteColonne::Jour => match valeur {
            Valeur::Jour(j) => Some(*j).into(),
            _ => None::<NaiveDate>.into(),
        },
    }
}

/// What a search finds a row by: its key, its labels or its person's names, folded.
fn recherche(d: &Description, cle: &[Valeur], champs: &[Valeur]) -> Option<String> {
    d.libelle?;
    let mut texte = String::new();
    let cherches = d.champs.iter().zip(champs).filter(|(c, _)| matches!(c.cause, "libelle" | "identite"));
    for v in cle.iter().chain(cherches.map(|(_, v)| v)) {
        if let Valeur::Texte(t) = v {
            texte.push_str(t);
            texte.push(' ');
        }
    }
    Some(kernel::fold(texte.trim_end()))
}

/// Applies changes of one kind. Returns the number of rows written.
///
/// # Errors
/// Those of the database; the caller's transaction then leaves nothing.
pub async fn objet_apply<C: ConnectionTrait>(
    conn: &C,
    genre: Genre,
    annee: u16,
    collecte: i64,
    quand: DateTime<Utc>,
    changements: &[Changement],
) -> Result<u64, DbError> {
    if changements.is_empty() {
        return Ok(0);
    }
    generation_advance(conn, genre).await?;
    let d = genre.description();
    let table = table(genre);
    let propres: Vec<&str> = d.cle.iter().chain(d.champs).map(|c| c.nom).collect();
    let gestion = ["empreinte", "recherche", "source", "collecte_id", "ferme_le"];
    let source = d.source.code();
    let annee = annee_tenue(genre, annee);
    let ligne = |c: &Changement, id: Option<i64>, ferme_le: Option<DateTime<Utc>>| {
        let mut valeurs: Vec<Value> = Vec::with_capacity(propres.len() + 7);
        valeurs.extend(id.map(Value::from));
        valeurs.push(annee.into());
        valeurs.extend(d.cle.iter().zip(&c.cle).map(|(col, v)| ecrire(v, col.sorte)));
        valeurs.extend(d.champs.iter().zip(&c.apres).map(|(col, v)| ecrire(v, col.sorte)));
        valeurs.push(empreinte(&c.apres).into());
        valeurs.push(recherche(d, &c.cle, &c.apres).into());
        valeurs.push(source.into());
        valeurs.push(collecte.into());
        valeurs.push(ferme_le.into());
        valeurs
    };

    let ajouts = changements.iter().filter(|c| c.sorte == Sorte::Ajout);
    let colonnes: Vec<&str> =
        std::iter::once("annee").chain(propres.iter().copied()).chain(gestion).collect();
    // Gathered before they are written: pages also apply changes, and what they await must be sendable.
    let lignes: Vec<Vec<Value>> = ajouts.map(|c| ligne(c, None, None)).collect();
    let mut ecrites = insert_rows(conn, &table, &colonnes, lignes).await?;

    let colonnes: Vec<&str> = std::iter::once("id").chain(colonnes).collect();
    let changeantes: Vec<&str> = d.champs.iter().map(|c| c.nom).chain(gestion).collect();
    let cible = Upsert { table: &table, columns: &colonnes, key: &["id"], update: &changeantes };
    let modifies = changements.iter().filter(|c| matches!(c.sorte, Sorte::Modification | Sorte::Reouverture));
    let lignes: Vec<Vec<Value>> = modifies.filter_map(|c| c.id.map(|id| ligne(c, Some(id), None))).collect();
    ecrites += upsert_rows(conn, cible, lignes).await?;

    // A closing that an undo does may give its fields back; others leave them as they were.
    let (rendues, fermees): (Vec<_>, Vec<_>) =
        changements.iter().filter(|c| c.sorte == Sorte::Fermeture).partition(|c| !c.apres.is_empty());
    let rendues = rendues.into_iter().filter_map(|c| c.id.map(|id| ligne(c, Some(id), Some(quand))));
    let lignes: Vec<Vec<Value>> = rendues.collect();
    ecrites += upsert_rows(conn, cible, lignes).await?;
    let fermes: Vec<i64> = fermees.into_iter().filter_map(|c| c.id).collect();
    for lot in fermes.chunks(500) {
        let mut u = Query::update();
        u.table(Alias::new(&table)).value(nom("ferme_le"), quand).value(nom("collecte_id"), collecte);
        u.and_where(Expr::col(nom("id")).is_in(lot.iter().copied()));
        ecrites += conn.execute(&u).await?.rows_affected();
    }
    Ok(ecrites)
}

/// Rows of a kind and year that are open.
///
/// # Errors
/// Those of the database.
pub async fn objet_count<C: ConnectionTrait>(conn: &C, genre: Genre, annee: u16) -> Result<u64, DbError> {
    let mut q = Query::select();
    q.expr(Expr::col(nom("id")).count()).from(nom(&table(genre)));
    q.and_where(Expr::col(nom("annee")).eq(annee_tenue(genre, annee)))
        .and_where(Expr::col(nom("ferme_le")).is_null());
    let n: i64 = match conn.query_one(&q).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => 0,
    };
    Ok(n.unsigned_abs())
}

/// Identity of the open rows of a kind and year, as the last application left them; nothing when they were since counted otherwise.
///
/// # Errors
/// Those of the database.
pub async fn ensemble_read<C: ConnectionTrait>(
    conn: &C,
    genre: Genre,
    annee: u16,
) -> Result<Option<String>, DbError> {
    let mut q = Query::select();
    q.column(nom("empreinte")).from(nom("maquette_ensemble"));
    q.and_where(Expr::col(nom("genre")).eq(genre.description().code));
    q.and_where(Expr::col(nom("annee")).eq(annee_tenue(genre, annee)));
    let Some(row) = conn.query_one(&q).await? else { return Ok(None) };
    let empreinte: String = row.try_get_by_index(0)?;
    let ouverts = objet_count(conn, genre, annee).await?.to_string();
    Ok((empreinte.split(':').next() == Some(ouverts.as_str())).then_some(empreinte))
}

/// Keeps the identity of the open rows of a kind and year.
///
/// # Errors
/// Those of the database.
pub async fn ensemble_write<C: ConnectionTrait>(
    conn: &C,
    genre: Genre,
    annee: u16,
    empreinte: &str,
) -> Result<(), DbError> {
    let cible = Upsert {
        table: "maquette_ensemble",
        columns: &["genre", "annee", "empreinte"],
        key: &["genre", "annee"],
        update: &["empreinte"],
    };
    let ligne = vec![genre.description().code.into(), annee_tenue(genre, annee).into(), empreinte.into()];
    upsert_rows(conn, cible, [ligne]).await?;
    Ok(())
}
