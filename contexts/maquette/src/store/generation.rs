//! Numbers that tell what was read before from what is true now, and the turn that writers take.
//!
//! Every write advances `fil`, and those of the offer advance `offre` too, in the transaction that writes. Who has kept something in
//! memory compares one number instead of reading it all again.
//!
//! The row of `fil` stays locked until the commit: on PostgreSQL, two transactions that write changes follow one another, as they do on
//! SQLite. The numbers of `maquette_changement` are given after the lock is had, so they are committed in their order, and a reader
//! of the feed who has seen change 500 will never see 499 appear.

use db::DbError;
use db::sea_orm::{ConnectionTrait, Statement};
use db::sql::select;

use crate::domain::Genre;

/// Where the generations of what is held stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Generations {
    /// Any change.
    pub fil: i64,
    /// What a tree shows.
    pub offre: i64,
    /// The last change that the feed has forgotten.
    pub oubli: i64,
}

/// Whether rows of this kind are seen in a tree.
fn dans_l_arbre(genre: Genre) -> bool {
    !matches!(
        genre,
        Genre::Controle
            | Genre::Enseignant
            | Genre::Etudiant
            | Genre::InscriptionAdministrative
            | Genre::InscriptionPedagogique
            | Genre::Anomalie
    )
}

/// Says that rows of `genre` change in this transaction. To be called before writing them, by whatever writes them otherwise than through
/// [`super::objet::objet_apply`].
///
/// # Errors
/// Those of the database.
pub async fn generation_advance<C: ConnectionTrait>(conn: &C, genre: Genre) -> Result<(), DbError> {
    avancer(conn, dans_l_arbre(genre)).await
}

/// Takes the writers' turn, without saying that the offer changes: before adding to the change sets or setting a parameter.
///
/// # Errors
/// Those of the database.
pub async fn fil_advance<C: ConnectionTrait>(conn: &C) -> Result<(), DbError> {
    avancer(conn, false).await
}

/// Says that a parameter that answers depend on changes: the current year, a maquette.
///
/// # Errors
/// Those of the database.
pub async fn parametres_advance<C: ConnectionTrait>(conn: &C) -> Result<(), DbError> {
    avancer(conn, true).await
}

/// `fil` always comes first: transactions that lock both do it in one order, and never wait for one another in a ring.
async fn avancer<C: ConnectionTrait>(conn: &C, offre: bool) -> Result<(), DbError> {
    let lignes = if offre { "('fil', 1), ('offre', 1)" } else { "('fil', 1)" };
    let sql = format!(
        "INSERT INTO maquette_generation (nom, valeur) VALUES {lignes}
         ON CONFLICT (nom) DO UPDATE SET valeur = maquette_generation.valeur + 1"
    );
    conn.execute_raw(Statement::from_string(conn.get_database_backend(), sql)).await?;
    Ok(())
}

/// The present numbers.
///
/// # Errors
/// Those of the database.
pub async fn generations_read<C: ConnectionTrait>(conn: &C) -> Result<Generations, DbError> {
    let mut g = Generations::default();
    for row in select(conn, "SELECT nom, valeur FROM maquette_generation", []).await? {
        let valeur: i64 = row.try_get_by_index(1)?;
        match row.try_get_by_index::<String>(0)?.as_str() {
            "fil" => g.fil = valeur,
            "offre" => g.offre = valeur,
            "oubli" => g.oubli = valeur,
            _ => {}
        }
    }
    Ok(g)
}
