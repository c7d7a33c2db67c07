//! Épreuves as the REST interface reads them: with their rooms and how many registrations sit them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use db::DbError;
use db::sea_orm::{ConnectionTrait, Value};
use db::sql::{count, like, select};

use super::marques;

/// One épreuve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpreuveLue {
    /// Row.
    pub id: i64,
    /// COD_ELP.
    pub element: String,
    /// Tells apart the épreuves of one element.
    pub rang: i64,
    /// Label.
    pub libelle: String,
    /// `ecrit`, `oral`…
    pub nature: String,
    /// When it starts.
    pub debut: Option<DateTime<Utc>>,
    /// Minutes, extra time aside.
    pub duree_min: Option<i64>,
    /// What may be brought.
    pub documents: String,
    /// Who owns the subject.
    pub sujet_par: String,
    /// Whether its hours count as supervised.
    pub surveillee: bool,
    /// Since when it is cancelled.
    pub annulee_le: Option<DateTime<Utc>>,
    /// Its rooms: row, code of the centre, name of the room, seats.
    pub salles: Vec<(i64, String, String, i64)>,
    /// Registrations, neither drafts nor cancelled, that sit it.
    pub passent: i64,
    /// Those that defer it.
    pub reportent: i64,
}

/// What narrows the list.
#[derive(Clone, Copy, Debug)]
pub struct Filtre<'a> {
    /// Period.
    pub periode: i64,
    /// COD_ELP.
    pub element: Option<&'a str>,
    /// Nature.
    pub nature: Option<&'a str>,
    /// Whether it is cancelled.
    pub annulee: Option<bool>,
    /// Folded words.
    pub recherche: &'a str,
}

/// A page of the épreuves of a period, by element then rank, and how many there are.
///
/// # Errors
/// Those of the database.
pub async fn epreuve_lue_list<C: ConnectionTrait>(
    conn: &C,
    f: Filtre<'_>,
    (offset, taille): (u64, u64),
) -> Result<(u64, Vec<EpreuveLue>), DbError> {
    let mut ou = String::from("e.periode = ?");
    let mut valeurs: Vec<Value> = vec![f.periode.into()];
    for (colonne, voulu) in [("e.element", f.element), ("e.nature", f.nature)] {
        if let Some(voulu) = voulu {
            ou.push_str(&format!(" AND {colonne} = ?"));
            valeurs.push(voulu.into());
        }
    }
    match f.annulee {
        Some(true) => ou.push_str(" AND e.annulee_le IS NOT NULL"),
        Some(false) => ou.push_str(" AND e.annulee_le IS NULL"),
        None => {}
    }
    for mot in f.recherche.split_whitespace() {
        ou.push_str(" AND e.recherche LIKE ? ESCAPE '!'");
        valeurs.push(like(mot).into());
    }
    let sql = format!("SELECT COUNT(*) FROM iexam_epreuve e WHERE {ou}");
    let total = count(conn, &sql, valeurs.clone()).await?;
    if offset >= total {
        return Ok((total, Vec::new()));
    }
    let sql = format!(
        "SELECT e.id, e.element, e.rang, e.libelle, e.nature, e.debut, e.duree_min, e.documents, e.sujet_par, e.surveillee, e.annulee_le
         FROM iexam_epreuve e WHERE {ou} ORDER BY e.element, e.rang LIMIT ? OFFSET ?"
    );
    let bornes = [taille, offset].map(|n| Value::from(i64::try_from(n).unwrap_or(i64::MAX)));
    let mut lues = Vec::new();
    for row in select(conn, &sql, valeurs.into_iter().chain(bornes)).await? {
        lues.push(EpreuveLue {
            id: row.try_get_by_index(0)?,
            element: row.try_get_by_index(1)?,
            rang: row.try_get_by_index(2)?,
            libelle: row.try_get_by_index(3)?,
            nature: row.try_get_by_index(4)?,
            debut: row.try_get_by_index(5)?,
            duree_min: row.try_get_by_index(6)?,
            documents: row.try_get_by_index(7)?,
            sujet_par: row.try_get_by_index(8)?,
            surveillee: row.try_get_by_index(9)?,
            annulee_le: row.try_get_by_index(10)?,
            salles: Vec::new(),
            passent: 0,
            reportent: 0,
        });
    }
    completer(conn, &mut lues).await?;
    Ok((total, lues))
}

/// Rooms and counts of the épreuves of a page: two queries.
async fn completer<C: ConnectionTrait>(conn: &C, lues: &mut [EpreuveLue]) -> Result<(), DbError> {
    let rangs: BTreeMap<i64, usize> = lues.iter().enumerate().map(|(n, e)| (e.id, n)).collect();
    let ids = || rangs.keys().map(|id| Value::from(*id));
    let marques = marques(rangs.len());
    let sql = format!(
        "SELECT es.epreuve, s.id, c.code, s.nom, s.capacite FROM iexam_epreuve_salle es JOIN iexam_salle s ON s.id = es.salle
         JOIN iexam_centre c ON c.id = s.centre WHERE es.epreuve IN ({marques}) ORDER BY c.code, s.rang, s.nom, s.id"
    );
    for row in select(conn, &sql, ids()).await? {
        let lue = rangs.get(&row.try_get_by_index::<i64>(0)?).and_then(|n| lues.get_mut(*n));
        if let Some(lue) = lue {
            lue.salles.push((
                row.try_get_by_index(1)?,
                row.try_get_by_index(2)?,
                row.try_get_by_index(3)?,
                row.try_get_by_index(4)?,
            ));
        }
    }
    let sql = format!(
        "SELECT x.epreuve, COUNT(CASE WHEN x.decision = 'passe' THEN 1 END), COUNT(CASE WHEN x.decision = 'report' THEN 1 END)
         FROM iexam_choix x JOIN iexam_inscription i ON i.id = x.inscription
         WHERE x.epreuve IN ({marques}) AND i.etat NOT IN ('brouillon', 'annulee') GROUP BY x.epreuve"
    );
    for row in select(conn, &sql, ids()).await? {
        let lue = rangs.get(&row.try_get_by_index::<i64>(0)?).and_then(|n| lues.get_mut(*n));
        if let Some(lue) = lue {
            (lue.passent, lue.reportent) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        }
    }
    Ok(())
}
