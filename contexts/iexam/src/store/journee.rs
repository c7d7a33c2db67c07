//! Money rows as the accountant reads them: with whose they are and their closing.

use chrono::NaiveDate;
use db::sea_orm::{ConnectionTrait, Value};
use db::sql::{count, like, select};
use db::{DbError, Page, Paging};
use kernel::Cents;

use super::{inconnu, marques};
use crate::domain::ecriture::{Moyen, Nature};

/// What narrows the list.
#[derive(Clone, Debug, Default)]
pub struct FiltreCaisse {
    /// First day.
    pub du: Option<NaiveDate>,
    /// Last day, included.
    pub au: Option<NaiveDate>,
    /// Means.
    pub moyens: Vec<Moyen>,
    /// Natures.
    pub natures: Vec<Nature>,
    /// Closing.
    pub cloture: Option<i64>,
    /// Only what is not closed.
    pub a_clore: bool,
    /// Folded words of a name, a number, a reference.
    pub recherche: String,
    /// From the oldest to the latest.
    pub croissant: bool,
}

/// A row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LigneCaisse {
    /// Number of the row.
    pub id: i64,
    /// Registration.
    pub inscription: i64,
    /// The day it counts for.
    pub jour: NaiveDate,
    /// Receipt of the registration.
    pub recu: Option<String>,
    /// COD_ETU.
    pub etudiant: String,
    /// « Nom Prénom ».
    pub nom: String,
    /// What it is.
    pub nature: Nature,
    /// How money moved.
    pub moyen: Option<Moyen>,
    /// Number of a cheque, of a transaction.
    pub reference: String,
    /// As the account shows it.
    pub libelle: String,
    /// What came in: the opposite of what it adds to what is left to pay.
    pub mouvement: Cents,
    /// Its closing.
    pub cloture: Option<i64>,
    /// The row that it corrects.
    pub corrige: Option<i64>,
}

/// A page of them: everything but what is due.
///
/// # Errors
/// Those of the database.
pub async fn caisse_list<C: ConnectionTrait>(
    conn: &C,
    f: &FiltreCaisse,
    paging: Paging,
) -> Result<Page<LigneCaisse>, DbError> {
    let mut ou = vec!["e.nature <> 'du'".to_owned()];
    let mut valeurs: Vec<Value> = Vec::new();
    if let Some(jour) = f.du {
        ou.push("e.jour >= ?".to_owned());
        valeurs.push(jour.into());
    }
    if let Some(jour) = f.au {
        ou.push("e.jour <= ?".to_owned());
        valeurs.push(jour.into());
    }
    if !f.moyens.is_empty() {
        ou.push(format!("e.moyen IN ({})", marques(f.moyens.len())));
        valeurs.extend(f.moyens.iter().map(|m| Value::from(m.code())));
    }
    if !f.natures.is_empty() {
        ou.push(format!("e.nature IN ({})", marques(f.natures.len())));
        valeurs.extend(f.natures.iter().map(|n| Value::from(n.code())));
    }
    if let Some(id) = f.cloture {
        ou.push("e.cloture = ?".to_owned());
        valeurs.push(id.into());
    }
    if f.a_clore {
        ou.push("e.cloture IS NULL".to_owned());
    }
    for mot in f.recherche.split_whitespace() {
        ou.push("(i.recherche LIKE ? ESCAPE '!' OR LOWER(e.reference) LIKE ? ESCAPE '!')".to_owned());
        valeurs.extend([like(mot), like(mot)].map(Value::from));
    }
    let de = format!(
        "FROM iexam_ecriture e JOIN iexam_inscription i ON i.id = e.inscription WHERE {}",
        ou.join(" AND ")
    );
    let total = count(conn, &format!("SELECT COUNT(*) {de}"), valeurs.clone()).await?;
    let sens = if f.croissant { "ASC" } else { "DESC" };
    let sql = format!(
        "SELECT e.id, e.inscription, e.jour, i.recu, i.etudiant, i.nom_classe, e.nature, e.moyen, e.reference, e.libelle, -e.montant_cents,
            e.cloture, e.corrige {de} ORDER BY e.jour {sens}, e.id {sens} LIMIT ? OFFSET ?"
    );
    let bornes = [paging.taille(), paging.offset()].map(|n| i64::try_from(n).unwrap_or(i64::MAX));
    let mut lignes = Vec::new();
    for row in select(conn, &sql, valeurs.into_iter().chain(bornes.map(Value::from))).await? {
        let moyen: Option<String> = row.try_get_by_index(7)?;
        let nature = Nature::of_code(&row.try_get_by_index::<String>(6)?);
        lignes.push(LigneCaisse {
            id: row.try_get_by_index(0)?,
            inscription: row.try_get_by_index(1)?,
            jour: row.try_get_by_index(2)?,
            recu: row.try_get_by_index(3)?,
            etudiant: row.try_get_by_index(4)?,
            nom: row.try_get_by_index(5)?,
            nature: nature.ok_or_else(|| inconnu("iexam_ecriture.nature"))?,
            moyen: moyen.as_deref().and_then(Moyen::of_code),
            reference: row.try_get_by_index(8)?,
            libelle: row.try_get_by_index(9)?,
            mouvement: Cents(row.try_get_by_index(10)?),
            cloture: row.try_get_by_index(11)?,
            corrige: row.try_get_by_index(12)?,
        });
    }
    Ok(Page::new(paging, total, lignes))
}
