//! Change sets as the REST interface reads them: collections, undos, local corrections.

use chrono::{DateTime, Utc};
use db::DbError;
use db::sea_orm::ConnectionTrait;

use super::condition::Condition;
use super::page_lue::{Fenetre, page_lue};
use crate::domain::Rapport;

/// One change set.
#[derive(Clone, Debug, PartialEq)]
pub struct CollecteLue {
    /// Its number.
    pub numero: i64,
    /// Code of its scope.
    pub portee: String,
    /// Year.
    pub annee: i64,
    /// Wrote nothing.
    pub simulation: bool,
    /// Code of its state.
    pub etat: String,
    /// When it was asked.
    pub demandee_le: DateTime<Utc>,
    /// When it began.
    pub debutee_le: Option<DateTime<Utc>>,
    /// When it ended.
    pub finie_le: Option<DateTime<Utc>>,
    /// The set that it undoes.
    pub annule: Option<i64>,
    /// Its report.
    pub rapport: Option<Rapport>,
}

/// What narrows the list.
#[derive(Clone, Copy, Debug, Default)]
pub struct FiltreCollecte<'a> {
    /// Year.
    pub annee: Option<u16>,
    /// Code of a scope.
    pub portee: Option<&'a str>,
    /// Code of a state.
    pub etat: Option<&'a str>,
}

/// One page of change sets, the latest first.
///
/// # Errors
/// Those of the database.
pub async fn collecte_lu_list<C: ConnectionTrait>(
    conn: &C,
    f: FiltreCollecte<'_>,
    fenetre: Fenetre,
) -> Result<(u64, Vec<CollecteLue>), DbError> {
    let mut ou = Condition::new("id > 0", []);
    if let Some(annee) = f.annee {
        ou.et_avec("annee = ?", [i64::from(annee).into()]);
    }
    ou.parmi("portee", f.portee.as_slice());
    ou.parmi("etat", f.etat.as_slice());
    let depuis = format!("FROM maquette_collecte WHERE {}", ou.sql());
    let page = format!(
        "SELECT id, portee, annee, simulation, etat, demandee_le, debutee_le, finie_le, annule_id, rapport {depuis} ORDER BY id DESC {}",
        fenetre.limite()
    );
    let (total, rows) = page_lue(conn, &page, &depuis, ou.valeurs(), fenetre).await?;
    let rows = rows.iter().map(|r| {
        let rapport: Option<String> = r.try_get_by_index(9)?;
        Ok(CollecteLue {
            numero: r.try_get_by_index(0)?,
            portee: r.try_get_by_index(1)?,
            annee: r.try_get_by_index(2)?,
            simulation: r.try_get_by_index(3)?,
            etat: r.try_get_by_index(4)?,
            demandee_le: r.try_get_by_index(5)?,
            debutee_le: r.try_get_by_index(6)?,
            finie_le: r.try_get_by_index(7)?,
            annule: r.try_get_by_index(8)?,
            rapport: rapport.and_then(|t| serde_json::from_str(&t).ok()),
        })
    });
    Ok((total, rows.collect::<Result<_, DbError>>()?))
}
