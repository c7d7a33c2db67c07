//! Files of corrections waiting to be applied, and what is read and written for all their lines at once.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use db::sea_orm::sea_query::{Expr, ExprTrait, Query};
use db::sea_orm::{ConnectionTrait, Value};
use db::sql::{execute, returning_id, select};
use db::{DbError, insert_rows};
use kernel::Actor;

use super::correction::{COLONNES_CORRECTION, COLONNES_SOURCE, LigneTenue, Nouvelle, ligne_de_correction};
use super::{nom, objet};
use crate::domain::correction::{de_json, dite};
use crate::domain::genre::Genre;
use crate::domain::valeur::{Valeur, cle_json};

/// Keys asked for at once.
const LOT: usize = 300;

/// A file that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportTenu {
    /// Its number.
    pub id: i64,
    /// Name of the file.
    pub fichier: String,
    /// The year of the lines that name none.
    pub annee: u16,
    /// Its lines (`domain::importation`), and what to say of the file.
    pub contenu: String,
    /// Who sent it.
    pub envoye_par: String,
    /// When.
    pub envoye_le: DateTime<Utc>,
    /// Who applied it, when, and how many corrections were set.
    pub applique: Option<(String, DateTime<Utc>, u64)>,
}

/// Keeps a file until it is applied, and gives its number.
///
/// # Errors
/// Those of the database.
pub async fn import_create<C: ConnectionTrait>(
    conn: &C,
    fichier: &str,
    annee: u16,
    contenu: &str,
    acteur: &Actor,
    quand: DateTime<Utc>,
) -> Result<i64, DbError> {
    let sql = "INSERT INTO maquette_import (fichier, annee, contenu, envoye_par, envoye_le, posees)
        VALUES (?, ?, ?, ?, ?, 0) RETURNING id";
    let valeurs =
        [fichier.into(), i64::from(annee).into(), contenu.into(), acteur.to_string().into(), quand.into()];
    returning_id(conn, sql, valeurs).await
}

/// A file that was sent.
///
/// # Errors
/// Those of the database.
pub async fn import_read<C: ConnectionTrait>(conn: &C, id: i64) -> Result<Option<ImportTenu>, DbError> {
    let sql = "SELECT fichier, annee, contenu, envoye_par, envoye_le, applique_par, applique_le, posees
        FROM maquette_import WHERE id = ?";
    let rows = select(conn, sql, [id.into()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let par: Option<String> = row.try_get_by_index(5)?;
    let le: Option<DateTime<Utc>> = row.try_get_by_index(6)?;
    let posees: i64 = row.try_get_by_index(7)?;
    Ok(Some(ImportTenu {
        id,
        fichier: row.try_get_by_index(0)?,
        annee: u16::try_from(row.try_get_by_index::<i64>(1)?).unwrap_or_default(),
        contenu: row.try_get_by_index(2)?,
        envoye_par: row.try_get_by_index(3)?,
        envoye_le: row.try_get_by_index(4)?,
        applique: par.zip(le).map(|(par, le)| (par, le, posees.unsigned_abs())),
    }))
}

/// Says that a file was applied; its lines are no longer needed.
///
/// # Errors
/// Those of the database.
pub async fn import_apply<C: ConnectionTrait>(
    conn: &C,
    id: i64,
    posees: usize,
    acteur: &Actor,
    quand: DateTime<Utc>,
) -> Result<(), DbError> {
    let sql =
        "UPDATE maquette_import SET applique_par = ?, applique_le = ?, posees = ?, contenu = '' WHERE id = ?";
    let posees = i64::try_from(posees).unwrap_or(i64::MAX);
    execute(conn, sql, [acteur.to_string().into(), quand.into(), posees.into(), id.into()]).await?;
    Ok(())
}

/// Forgets a file that was not applied. Says whether there was one.
///
/// # Errors
/// Those of the database.
pub async fn import_delete<C: ConnectionTrait>(conn: &C, id: i64) -> Result<bool, DbError> {
    let sql = "DELETE FROM maquette_import WHERE id = ? AND applique_le IS NULL";
    Ok(execute(conn, sql, [id.into()]).await? > 0)
}

/// Forgets the files sent before `limite` and never applied.
///
/// # Errors
/// Those of the database.
pub async fn import_purge<C: ConnectionTrait>(conn: &C, limite: DateTime<Utc>) -> Result<(), DbError> {
    let sql = "DELETE FROM maquette_import WHERE applique_le IS NULL AND envoye_le < ?";
    execute(conn, sql, [limite.into()]).await?;
    Ok(())
}

/// The rows of several keys of a kind, of one year or of every year held.
///
/// # Errors
/// Those of the database.
pub async fn objets_par_cles<C: ConnectionTrait>(
    conn: &C,
    genre: Genre,
    annee: Option<u16>,
    cles: &[&[Valeur]],
) -> Result<HashMap<Box<[Valeur]>, Vec<LigneTenue>>, DbError> {
    let d = genre.description();
    let Some(premiere) = d.cle.first() else { return Ok(HashMap::new()) };
    let mut lues: Vec<(Box<[Valeur]>, LigneTenue)> = Vec::new();
    let mut codes: Vec<String> = cles.iter().filter_map(|c| c.first()).map(ToString::to_string).collect();
    codes.sort_unstable();
    codes.dedup();
    let voulues: std::collections::HashSet<&[Valeur]> = cles.iter().copied().collect();
    for lot in codes.chunks(LOT) {
        let mut q = Query::select();
        q.columns(["id", "annee"].map(nom)).expr(Expr::col(nom("ferme_le")).is_not_null());
        q.columns(d.cle.iter().map(|c| nom(c.nom))).from(nom(&objet::table(genre)));
        // The first part of the key is enough to find few rows: the rest is looked at here.
        q.and_where(Expr::col(nom(premiere.nom)).is_in(lot.iter().map(String::as_str)));
        if let Some(annee) = annee {
            q.and_where(Expr::col(nom("annee")).eq(objet::annee_tenue(genre, annee)));
        }
        q.order_by(nom("annee"), db::sea_orm::sea_query::Order::Asc);
        for row in conn.query_all(&q).await? {
            let cle = d.cle.iter().enumerate().map(|(i, c)| objet::lire(&row, i + 3, c.sorte));
            let cle: Box<[Valeur]> = cle.collect::<Result<_, _>>()?;
            if voulues.contains(&*cle) {
                let annee = u16::try_from(row.try_get_by_index::<i64>(1)?).unwrap_or_default();
                let (id, fermee) = (row.try_get_by_index(0)?, row.try_get_by_index(2)?);
                lues.push((cle, LigneTenue { id, annee, fermee, champs: Box::default() }));
            }
        }
    }
    let ids: Vec<i64> = lues.iter().map(|(_, l)| l.id).collect();
    let mut champs = objet::objet_champs(conn, genre, &ids).await?;
    let mut par_cle: HashMap<Box<[Valeur]>, Vec<LigneTenue>> = HashMap::new();
    for (cle, mut ligne) in lues {
        ligne.champs = champs.remove(&ligne.id).unwrap_or_default();
        par_cle.entry(cle).or_default().push(ligne);
    }
    Ok(par_cle)
}

/// A correction that holds, as another one for the same field meets it.
#[derive(Clone, Debug)]
pub struct Tenue {
    /// Its number.
    pub id: i64,
    /// The year it is for; nothing: every year.
    pub annee: Option<u16>,
    /// Its value, in words.
    pub valeur: String,
    /// Who set it.
    pub par: String,
    /// Last day.
    pub fin: chrono::NaiveDate,
}

/// The corrections of a kind that hold, by key (as JSON) and field.
///
/// # Errors
/// Those of the database.
pub async fn corrections_du_genre<C: ConnectionTrait>(
    conn: &C,
    genre: Genre,
) -> Result<HashMap<(String, String), Vec<Tenue>>, DbError> {
    let sql = "SELECT cle, champ, id, annee, valeur, posee_par, fin FROM maquette_correction
        WHERE genre = ? AND retiree_le IS NULL ORDER BY id";
    let mut tenues: HashMap<(String, String), Vec<Tenue>> = HashMap::new();
    for row in select(conn, sql, [genre.description().code.into()]).await? {
        let champ: String = row.try_get_by_index(1)?;
        let Some(colonne) = genre.champs().iter().find(|c| c.nom == champ) else { continue };
        let valeur: String = row.try_get_by_index(4)?;
        let valeur = serde_json::from_str(&valeur).ok().and_then(|v| de_json(colonne.sorte, &v));
        let annee = u16::try_from(row.try_get_by_index::<i64>(3)?).unwrap_or_default();
        let tenue = Tenue {
            id: row.try_get_by_index(2)?,
            annee: Some(annee).filter(|a| *a > 0),
            valeur: dite(colonne, &valeur.unwrap_or(Valeur::Absent)),
            par: row.try_get_by_index(5)?,
            fin: row.try_get_by_index(6)?,
        };
        tenues.entry((row.try_get_by_index(0)?, champ)).or_default().push(tenue);
    }
    Ok(tenues)
}

/// Keeps several corrections, and gives their numbers in their order.
///
/// # Errors
/// Those of the database; a correction that holds for the same field and year is one.
pub async fn correction_create_all<C: ConnectionTrait>(
    conn: &C,
    nouvelles: &[Nouvelle<'_>],
    acteur: &Actor,
    quand: DateTime<Utc>,
) -> Result<Vec<i64>, DbError> {
    let lignes: Vec<Vec<Value>> = nouvelles.iter().map(|n| ligne_de_correction(n, acteur, quand)).collect();
    insert_rows(conn, "maquette_correction", &COLONNES_CORRECTION, lignes).await?;
    // A field of an object in a year has one correction that holds: each is found again by it.
    let sql = "SELECT id, annee, genre, cle, champ FROM maquette_correction WHERE retiree_le IS NULL AND posee_le = ?";
    let mut numeros: HashMap<(i64, String, String, String), i64> = HashMap::new();
    for row in select(conn, sql, [quand.into()]).await? {
        let cle = (
            row.try_get_by_index(1)?,
            row.try_get_by_index(2)?,
            row.try_get_by_index(3)?,
            row.try_get_by_index(4)?,
        );
        numeros.insert(cle, row.try_get_by_index(0)?);
    }
    let numero = |n: &Nouvelle<'_>| {
        let annee = i64::from(n.annee.unwrap_or_default());
        let cle = (annee, n.genre.description().code.to_owned(), cle_json(n.cle), n.champ.to_owned());
        numeros.get(&cle).copied().ok_or_else(|| DbError::Value("maquette_correction.id".into()))
    };
    nouvelles.iter().map(numero).collect()
}

/// What sources said of corrected fields when they were corrected: correction, change set, year, value.
///
/// # Errors
/// Those of the database.
pub async fn source_insert_all<C: ConnectionTrait>(
    conn: &C,
    quand: DateTime<Utc>,
    dites: &[(i64, i64, u16, Valeur)],
) -> Result<(), DbError> {
    let lignes = dites.iter().map(|(correction, collecte, annee, valeur)| -> Vec<Value> {
        let texte = valeur.json().to_string();
        vec![
            (*correction).into(),
            i64::from(*annee).into(),
            true.into(),
            texte.clone().into(),
            texte.into(),
            quand.into(),
            (*collecte).into(),
        ]
    });
    insert_rows(conn, "maquette_correction_source", &COLONNES_SOURCE, lignes.collect::<Vec<_>>()).await?;
    Ok(())
}
