//! A registration whole, as its page shows it.

use chrono::{DateTime, Utc};
use db::DbError;
use db::sea_orm::ConnectionTrait;
use db::sql::select;

use super::inconnu;
use super::inscription::Inscription;
use crate::domain::inscription::Decision;

/// An épreuve of the registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpreuveChoisie {
    /// Row.
    pub id: i64,
    /// COD_ELP.
    pub element: String,
    /// Label.
    pub libelle: String,
    /// When.
    pub debut: Option<DateTime<Utc>>,
    /// Minutes, extra time aside.
    pub duree_min: Option<i64>,
    /// Whether it was cancelled.
    pub annulee: bool,
    /// What the student decided.
    pub decision: Decision,
}

/// The modality of a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModaliteChoisie {
    /// Label.
    pub libelle: String,
    /// Documents asked, one a line.
    pub pieces: String,
}

/// The centre of a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CentreChoisi {
    /// Name.
    pub nom: String,
    /// Town.
    pub ville: String,
    /// Country.
    pub pays: String,
    /// IANA zone.
    pub fuseau: String,
    /// Whether it must agree.
    pub accord_requis: bool,
    /// `a_demander`, `demande`, `accepte`, `refuse`; none when the period says nothing of it.
    pub accord: Option<String>,
}

/// The épreuves of a registration, in the order of time.
///
/// # Errors
/// Those of the database.
pub async fn epreuves_choisies<C: ConnectionTrait>(
    conn: &C,
    inscription: i64,
) -> Result<Vec<EpreuveChoisie>, DbError> {
    let sql = "SELECT e.id, e.element, e.libelle, e.debut, e.duree_min, e.annulee_le IS NOT NULL, x.decision
        FROM iexam_choix x JOIN iexam_epreuve e ON e.id = x.epreuve WHERE x.inscription = ? ORDER BY e.debut, e.libelle, e.id";
    let mut epreuves = Vec::new();
    for row in select(conn, sql, [inscription.into()]).await? {
        let decision = Decision::of_code(&row.try_get_by_index::<String>(6)?);
        epreuves.push(EpreuveChoisie {
            id: row.try_get_by_index(0)?,
            element: row.try_get_by_index(1)?,
            libelle: row.try_get_by_index(2)?,
            debut: row.try_get_by_index(3)?,
            duree_min: row.try_get_by_index(4)?,
            annulee: row.try_get_by_index(5)?,
            decision: decision.ok_or_else(|| inconnu("iexam_choix.decision"))?,
        });
    }
    Ok(epreuves)
}

/// Its modality and its centre.
///
/// # Errors
/// Those of the database.
pub async fn lieu_choisi<C: ConnectionTrait>(
    conn: &C,
    i: &Inscription,
) -> Result<(Option<ModaliteChoisie>, Option<CentreChoisi>), DbError> {
    let sql = "SELECT m.libelle, m.pieces, c.nom, c.ville, c.pays, c.fuseau, c.accord_requis, a.etat FROM iexam_inscription i
        LEFT JOIN iexam_modalite m ON m.id = i.modalite LEFT JOIN iexam_centre c ON c.id = i.centre
        LEFT JOIN iexam_accord a ON a.periode = i.periode AND a.centre = i.centre WHERE i.id = ?";
    let rows = select(conn, sql, [i.id.into()]).await?;
    let Some(row) = rows.first() else { return Ok((None, None)) };
    let modalite = match row.try_get_by_index::<Option<String>>(0)? {
        Some(libelle) => Some(ModaliteChoisie { libelle, pieces: row.try_get_by_index(1)? }),
        None => None,
    };
    let centre = match row.try_get_by_index::<Option<String>>(2)? {
        Some(nom) => Some(CentreChoisi {
            nom,
            ville: row.try_get_by_index(3)?,
            pays: row.try_get_by_index(4)?,
            fuseau: row.try_get_by_index(5)?,
            accord_requis: row.try_get_by_index(6)?,
            accord: row.try_get_by_index(7)?,
        }),
        None => None,
    };
    Ok((modalite, centre))
}
