//! Registrations as the REST interface reads them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use db::DbError;
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::{count, like, select};
use kernel::Cents;

use super::inconnu;
use super::inscription::{COLONNES, Inscription, LARGEUR, lire};
use crate::domain::ecriture::Nature;
use crate::domain::inscription::EtatInscription;

/// A registration with the codes of what it refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InscriptionLue {
    /// The registration.
    pub inscription: Inscription,
    /// First year of its period.
    pub annee: i64,
    /// Code of its period.
    pub periode: String,
    /// Code of its modality.
    pub modalite: Option<String>,
    /// Code of its centre.
    pub centre: Option<String>,
}

/// What narrows the list: a period, a student, or both.
#[derive(Clone, Debug, Default)]
pub struct Filtre {
    /// Period.
    pub periode: Option<i64>,
    /// COD_ETU.
    pub etudiant: Option<String>,
    /// States.
    pub etats: Vec<EtatInscription>,
    /// Modality.
    pub modalite: Option<i64>,
    /// Centre.
    pub centre: Option<i64>,
    /// Folded words of a name or a number.
    pub recherche: String,
}

impl Filtre {
    fn ou(&self) -> (String, Vec<Value>) {
        let mut ou = vec!["1 = 1".to_owned()];
        let mut valeurs: Vec<Value> = Vec::new();
        let rangs = [("i.periode", self.periode), ("i.modalite", self.modalite), ("i.centre", self.centre)];
        for (colonne, id) in rangs {
            if let Some(id) = id {
                ou.push(format!("{colonne} = ?"));
                valeurs.push(id.into());
            }
        }
        if let Some(etudiant) = &self.etudiant {
            ou.push("i.etudiant = ?".to_owned());
            valeurs.push(etudiant.as_str().into());
        }
        if !self.etats.is_empty() {
            ou.push(format!("i.etat IN ({})", super::marques(self.etats.len())));
            valeurs.extend(self.etats.iter().map(|e| Value::from(e.code())));
        }
        for mot in self.recherche.split_whitespace() {
            ou.push("i.recherche LIKE ? ESCAPE '!'".to_owned());
            valeurs.push(like(mot).into());
        }
        (ou.join(" AND "), valeurs)
    }
}

const JOINTES: &str = "p.annee, p.code, m.code, c.code";
const JOINTURES: &str =
    "JOIN iexam_periode p ON p.id = i.periode LEFT JOIN iexam_modalite m ON m.id = i.modalite
    LEFT JOIN iexam_centre c ON c.id = i.centre";

fn lue(row: &QueryResult) -> Result<InscriptionLue, DbError> {
    Ok(InscriptionLue {
        inscription: lire(row)?,
        annee: row.try_get_by_index(LARGEUR)?,
        periode: row.try_get_by_index(LARGEUR + 1)?,
        modalite: row.try_get_by_index(LARGEUR + 2)?,
        centre: row.try_get_by_index(LARGEUR + 3)?,
    })
}

/// The list as it is asked of the database, for the rows of a page. Codes are joined to those rows only; the order is that of the key of a
/// period and a student, which the engine reads without sorting.
fn requete(ou: &str) -> String {
    format!(
        "SELECT {COLONNES}, {JOINTES} FROM (
            SELECT i.* FROM iexam_inscription i WHERE {ou} ORDER BY i.periode, i.etudiant LIMIT ? OFFSET ?) i
         {JOINTURES} ORDER BY i.periode, i.etudiant"
    )
}

/// A page of the list, by period then number of student, and how many there are.
///
/// # Errors
/// Those of the database.
pub async fn inscription_lue_list<C: ConnectionTrait>(
    conn: &C,
    filtre: &Filtre,
    (offset, taille): (u64, u64),
) -> Result<(u64, Vec<InscriptionLue>), DbError> {
    let (ou, valeurs) = filtre.ou();
    let sql = format!("SELECT COUNT(*) FROM iexam_inscription i WHERE {ou}");
    let total = count(conn, &sql, valeurs.clone()).await?;
    if offset >= total {
        return Ok((total, Vec::new()));
    }
    let bornes = [taille, offset].map(|n| Value::from(i64::try_from(n).unwrap_or(i64::MAX)));
    let rows = select(conn, &requete(&ou), valeurs.into_iter().chain(bornes)).await?;
    Ok((total, rows.iter().map(lue).collect::<Result<_, _>>()?))
}

/// The statement of [`inscription_lue_list`] with its values, for tests that ask the engine how it reads it.
#[must_use]
pub fn inscription_lue_requete(filtre: &Filtre, (offset, taille): (i64, i64)) -> (String, Vec<Value>) {
    let (ou, mut valeurs) = filtre.ou();
    valeurs.extend([taille, offset].map(Value::from));
    (requete(&ou), valeurs)
}

/// One of them.
///
/// # Errors
/// Those of the database.
pub async fn inscription_lue_read<C: ConnectionTrait>(
    conn: &C,
    id: i64,
) -> Result<Option<InscriptionLue>, DbError> {
    let sql = format!("SELECT {COLONNES}, {JOINTES} FROM iexam_inscription i {JOINTURES} WHERE i.id = ?");
    select(conn, &sql, [id.into()]).await?.first().map(lue).transpose()
}

/// What was decided of an épreuve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoixLu {
    /// Row of the épreuve.
    pub epreuve: i64,
    /// COD_ELP.
    pub element: String,
    /// Tells apart the épreuves of one element.
    pub rang: i64,
    /// Label.
    pub libelle: String,
    /// When it starts.
    pub debut: Option<DateTime<Utc>>,
    /// Minutes, extra time aside.
    pub duree_min: Option<i64>,
    /// Whether it is cancelled.
    pub annulee: bool,
    /// `passe`, `report`, `indecis`.
    pub decision: String,
}

/// The choices of a registration, in the order of elements.
///
/// # Errors
/// Those of the database.
pub async fn choix_lus<C: ConnectionTrait>(conn: &C, inscription: i64) -> Result<Vec<ChoixLu>, DbError> {
    let sql = "SELECT e.id, e.element, e.rang, e.libelle, e.debut, e.duree_min, (e.annulee_le IS NOT NULL), x.decision
        FROM iexam_choix x JOIN iexam_epreuve e ON e.id = x.epreuve WHERE x.inscription = ? ORDER BY e.element, e.rang";
    let mut choix = Vec::new();
    for row in select(conn, sql, [inscription.into()]).await? {
        choix.push(ChoixLu {
            epreuve: row.try_get_by_index(0)?,
            element: row.try_get_by_index(1)?,
            rang: row.try_get_by_index(2)?,
            libelle: row.try_get_by_index(3)?,
            debut: row.try_get_by_index(4)?,
            duree_min: row.try_get_by_index(5)?,
            annulee: row.try_get_by_index(6)?,
            decision: row.try_get_by_index(7)?,
        });
    }
    Ok(choix)
}

/// What the ledger of a registration comes to, by nature: signed as its rows are.
///
/// # Errors
/// Those of the database.
pub async fn compte_lu<C: ConnectionTrait>(
    conn: &C,
    inscription: i64,
) -> Result<BTreeMap<Nature, Cents>, DbError> {
    let sql = "SELECT nature, CAST(SUM(montant_cents) AS BIGINT) FROM iexam_ecriture WHERE inscription = ? GROUP BY nature";
    let mut compte = BTreeMap::new();
    for row in select(conn, sql, [inscription.into()]).await? {
        let nature = Nature::of_code(&row.try_get_by_index::<String>(0)?);
        let nature = nature.ok_or_else(|| inconnu("iexam_ecriture.nature"))?;
        compte.insert(nature, Cents(row.try_get_by_index(1)?));
    }
    Ok(compte)
}

/// How many registrations of a period stand in each state.
///
/// # Errors
/// Those of the database.
pub async fn inscriptions_par_etat<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
) -> Result<BTreeMap<String, i64>, DbError> {
    let sql = "SELECT etat, COUNT(*) FROM iexam_inscription WHERE periode = ? GROUP BY etat";
    let mut comptes = BTreeMap::new();
    for row in select(conn, sql, [periode.into()]).await? {
        comptes.insert(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    }
    Ok(comptes)
}

/// The row of a modality or of a centre by its code.
///
/// # Errors
/// Those of the database.
pub async fn rang_de<C: ConnectionTrait>(conn: &C, objet: Objet, code: &str) -> Result<Option<i64>, DbError> {
    let sql = match objet {
        Objet::Modalite => "SELECT id FROM iexam_modalite WHERE code = ?",
        Objet::Centre => "SELECT id FROM iexam_centre WHERE code = ?",
    };
    let rows = select(conn, sql, [code.into()]).await?;
    rows.first().map(|row| Ok(row.try_get_by_index(0)?)).transpose()
}

/// Codes by row.
pub type Codes = BTreeMap<i64, String>;

/// The codes of all of them: they are few.
///
/// # Errors
/// Those of the database.
pub async fn codes<C: ConnectionTrait>(conn: &C, objet: Objet) -> Result<Codes, DbError> {
    let sql = match objet {
        Objet::Modalite => "SELECT id, code FROM iexam_modalite",
        Objet::Centre => "SELECT id, code FROM iexam_centre",
    };
    let rows = select(conn, sql, []).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// What a code names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objet {
    /// A modality.
    Modalite,
    /// A centre.
    Centre,
}
