//! One page of a list, counting its rows only when the page itself does not say how many there are.

use db::DbError;
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::{count, select};

/// Which rows of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fenetre {
    /// Rows before.
    pub offset: u64,
    /// Rows wanted.
    pub taille: u64,
    /// How many rows the list has, when that is known.
    pub total: Option<u64>,
}

impl Fenetre {
    /// As a query ends.
    pub(crate) fn limite(self) -> String {
        format!("LIMIT {} OFFSET {}", self.taille, self.offset)
    }
}

/// The rows of `page`, and how many `depuis` (FROM and WHERE) has. Both take the same values.
///
/// # Errors
/// Those of the database.
pub(crate) async fn page_lue<C: ConnectionTrait>(
    conn: &C,
    page: &str,
    depuis: &str,
    valeurs: Vec<Value>,
    fenetre: Fenetre,
) -> Result<(u64, Vec<QueryResult>), DbError> {
    let rows = select(conn, page, valeurs.clone()).await?;
    let lues = rows.len() as u64;
    let total = match fenetre.total {
        Some(total) => total,
        // A page that is not full is the last: nothing needs to be counted.
        None if lues < fenetre.taille && (lues > 0 || fenetre.offset == 0) => fenetre.offset + lues,
        None => count(conn, &format!("SELECT COUNT(*) {depuis}"), valeurs).await?,
    };
    Ok((total, rows))
}
