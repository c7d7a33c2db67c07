//! Attachments that are made when their message leaves.

use std::sync::Arc;

use async_trait::async_trait;
use db::sea_orm::{ConnectionTrait, QueryResult};
use db::sql::{execute, select};
use db::{Db, DbError};

use crate::message::Piece;
use crate::store::empreinte;

/// Why an attachment could not be made. The sentence is shown on the page of the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Empechement {
    /// It may be, later: the message waits for its next attempt.
    Passager(String),
    /// What it is made of is not there: no attempt will succeed.
    Definitif(String),
}

/// Makes the attachments of one kind.
#[async_trait]
pub trait Fabrique: Send + Sync {
    /// The kind: `iexam.recu`.
    fn genre(&self) -> &'static str;

    /// The file of that key. The same key gives the same bytes.
    async fn faire(&self, cle: &str) -> Result<Vec<u8>, Empechement>;
}

/// Why a message has not all of its attachments.
pub(crate) enum Manque {
    Base(DbError),
    Passager(String),
    Definitif(String),
}

impl From<DbError> for Manque {
    fn from(err: DbError) -> Self {
        Self::Base(err)
    }
}

struct Tenue {
    id: i64,
    nom: String,
    nature: String,
    octets: Option<Vec<u8>>,
    origine: Option<String>,
    empreinte: Option<String>,
}

/// The attachments of a message, whole: those that are kept as they were, the others made now and kept.
pub(crate) async fn reunir(
    db: &Db,
    fabriques: &[Arc<dyn Fabrique>],
    message: i64,
) -> Result<Vec<Piece>, Manque> {
    let tenues = db.read(|c| async move { lire(&c, message).await }).await?;
    let mut pieces = Vec::with_capacity(tenues.len());
    for tenue in tenues {
        let octets = match (tenue.octets, tenue.origine) {
            (Some(octets), _) => {
                // Attachments written before there were marks have none.
                if tenue.empreinte.is_some_and(|marque| marque != empreinte(&octets)) {
                    return Err(Manque::Definitif(format!(
                        "La pièce jointe « {} » n’est plus celle qui avait été gardée : elle n’est pas envoyée. Refaites l’envoi depuis la page de \
                         ce qu’il concerne.",
                        tenue.nom
                    )));
                }
                octets
            }
            (None, Some(origine)) => {
                let octets = faire(fabriques, &tenue.nom, &origine).await?;
                let (id, octets) = (tenue.id, &octets);
                db.write(|tx| async move { garder(&*tx, id, octets).await }).await?;
                octets.clone()
            }
            // Its time was over.
            (None, None) => continue,
        };
        pieces.push(Piece { nom: tenue.nom, nature: tenue.nature, octets });
    }
    Ok(pieces)
}

async fn faire(fabriques: &[Arc<dyn Fabrique>], nom: &str, origine: &str) -> Result<Vec<u8>, Manque> {
    let (genre, cle) = origine.split_once('/').unwrap_or((origine, ""));
    let Some(fabrique) = fabriques.iter().find(|f| f.genre() == genre) else {
        return Err(Manque::Passager(format!(
            "La pièce jointe « {nom} » n’a pas pu être faite : rien ne sait faire « {genre} » dans ce processus."
        )));
    };
    fabrique.faire(cle).await.map_err(|empechement| match empechement {
        Empechement::Passager(phrase) => {
            Manque::Passager(format!("La pièce jointe « {nom} » n’a pas pu être faite : {phrase}"))
        }
        Empechement::Definitif(phrase) => {
            Manque::Definitif(format!("La pièce jointe « {nom} » n’a pas pu être faite : {phrase}"))
        }
    })
}

async fn lire<C: ConnectionTrait>(conn: &C, message: i64) -> Result<Vec<Tenue>, DbError> {
    let sql =
        "SELECT id, nom, nature, octets, origine, empreinte FROM mail_piece WHERE message = ? ORDER BY id";
    let tenue = |row: &QueryResult| {
        Ok::<_, DbError>(Tenue {
            id: row.try_get("", "id")?,
            nom: row.try_get("", "nom")?,
            nature: row.try_get("", "nature")?,
            octets: row.try_get("", "octets")?,
            origine: row.try_get("", "origine")?,
            empreinte: row.try_get("", "empreinte")?,
        })
    };
    select(conn, sql, [message.into()]).await?.iter().map(tenue).collect()
}

/// Once: what another process has made meanwhile stays, and is the same file.
async fn garder<C: ConnectionTrait>(conn: &C, id: i64, octets: &[u8]) -> Result<(), DbError> {
    let taille = i64::try_from(octets.len()).unwrap_or(i64::MAX);
    let sql = "UPDATE mail_piece SET octets = ?, taille = ?, empreinte = ? WHERE id = ? AND octets IS NULL";
    execute(conn, sql, [octets.to_vec().into(), taille.into(), empreinte(octets).into(), id.into()]).await?;
    Ok(())
}
