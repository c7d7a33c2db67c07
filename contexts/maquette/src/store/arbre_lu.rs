//! Trees as the REST interface answers them, written once after each change of the offer and read by their key.

use db::sea_orm::ConnectionTrait;
use db::sql::select;
use db::{DbError, Upsert, upsert_rows};

/// Which tree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CleArbre {
    /// Year.
    pub annee: u16,
    /// COD_ETP.
    pub etape: String,
    /// COD_VRS_VET; empty for the étape of a catalogue without versions.
    pub version: String,
    /// With what is closed.
    pub complet: bool,
}

/// A tree ready to be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArbreLu {
    /// Identity of what follows, as an ETag without its quotes.
    pub etiquette: String,
    /// JSON.
    pub contenu: String,
}

/// The tree written for that generation of the offer, if it was.
///
/// # Errors
/// Those of the database.
pub async fn arbre_lu_read<C: ConnectionTrait>(
    conn: &C,
    cle: &CleArbre,
    generation: i64,
) -> Result<Option<ArbreLu>, DbError> {
    let sql = "SELECT etiquette, contenu FROM maquette_arbre_lu
        WHERE annee = ? AND etape = ? AND version = ? AND complet = ? AND generation = ?";
    let valeurs = [
        i64::from(cle.annee).into(),
        cle.etape.as_str().into(),
        cle.version.as_str().into(),
        cle.complet.into(),
        generation.into(),
    ];
    let rows = select(conn, sql, valeurs).await?;
    let lire = |row: &db::sea_orm::QueryResult| {
        Ok(ArbreLu { etiquette: row.try_get_by_index(0)?, contenu: row.try_get_by_index(1)? })
    };
    rows.first().map(lire).transpose()
}

/// Keeps a tree read at that generation, instead of the one held.
///
/// # Errors
/// Those of the database.
pub async fn arbre_lu_write<C: ConnectionTrait>(
    conn: &C,
    cle: &CleArbre,
    generation: i64,
    arbre: &ArbreLu,
) -> Result<(), DbError> {
    let cible = Upsert {
        table: "maquette_arbre_lu",
        columns: &["annee", "etape", "version", "complet", "generation", "etiquette", "contenu"],
        key: &["annee", "etape", "version", "complet"],
        update: &["generation", "etiquette", "contenu"],
    };
    let ligne = vec![
        i64::from(cle.annee).into(),
        cle.etape.as_str().into(),
        cle.version.as_str().into(),
        cle.complet.into(),
        generation.into(),
        arbre.etiquette.as_str().into(),
        arbre.contenu.as_str().into(),
    ];
    upsert_rows(conn, cible, [ligne]).await?;
    Ok(())
}
