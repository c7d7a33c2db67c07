//! Épreuves: read one by one, in lists, and written.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::{count, execute, like, select};
use db::{DbError, Page, Paging, Upsert, upsert_rows};
use kernel::CodeElement;

use super::{inconnu, marques};
use crate::domain::epreuve::{Epreuve, Nature};
use crate::domain::epreuves_proposees::Nouvelle;
use crate::domain::heure::instant_de_besancon;

const COLONNES: &str =
    "e.id, e.periode, e.element, e.rang, e.libelle, e.nature, e.debut, e.duree_min, e.documents, e.sujet_par,
    e.surveillee, e.annulee_le";

fn lire(row: &QueryResult) -> Result<Epreuve, DbError> {
    let nature: String = row.try_get_by_index(5)?;
    let annulee: Option<DateTime<Utc>> = row.try_get_by_index(11)?;
    Ok(Epreuve {
        id: row.try_get_by_index(0)?,
        periode: row.try_get_by_index(1)?,
        element: CodeElement(row.try_get_by_index(2)?),
        rang: row.try_get_by_index(3)?,
        libelle: row.try_get_by_index(4)?,
        nature: Nature::of_code(&nature).ok_or_else(|| inconnu("iexam_epreuve.nature"))?,
        debut: row.try_get_by_index(6)?,
        duree_min: row.try_get_by_index(7)?,
        documents: row.try_get_by_index(8)?,
        sujet_par: row.try_get_by_index(9)?,
        surveillee: row.try_get_by_index(10)?,
        annulee: annulee.is_some(),
    })
}

/// One épreuve.
///
/// # Errors
/// Those of the database.
pub async fn epreuve_read<C: ConnectionTrait>(conn: &C, id: i64) -> Result<Option<Epreuve>, DbError> {
    let sql = format!("SELECT {COLONNES} FROM iexam_epreuve e WHERE e.id = ?");
    select(conn, &sql, [id.into()]).await?.first().map(lire).transpose()
}

/// These épreuves, in the order of time then of element.
///
/// # Errors
/// Those of the database.
pub async fn epreuves_read<C: ConnectionTrait>(conn: &C, ids: &[i64]) -> Result<Vec<Epreuve>, DbError> {
    let mut lues = Vec::new();
    for tranche in ids.chunks(500) {
        let sql =
            format!("SELECT {COLONNES} FROM iexam_epreuve e WHERE e.id IN ({})", marques(tranche.len()));
        for row in select(conn, &sql, tranche.iter().map(|id| Value::from(*id))).await? {
            lues.push(lire(&row)?);
        }
    }
    lues.sort_by(|a, b| {
        (a.debut.is_none(), a.debut, &a.element, a.rang).cmp(&(
            b.debut.is_none(),
            b.debut,
            &b.element,
            b.rang,
        ))
    });
    Ok(lues)
}

/// Every épreuve of a period, cancelled ones included.
///
/// # Errors
/// Those of the database.
pub async fn epreuves_de<C: ConnectionTrait>(conn: &C, periode: i64) -> Result<Vec<Epreuve>, DbError> {
    let sql =
        format!("SELECT {COLONNES} FROM iexam_epreuve e WHERE e.periode = ? ORDER BY e.element, e.rang");
    select(conn, &sql, [periode.into()]).await?.iter().map(lire).collect()
}

/// What narrows a list of épreuves.
#[derive(Clone, Debug, Default)]
pub struct Filtre {
    /// Folded text, every word of which is searched.
    pub recherche: String,
    /// Codes of natures; empty: all.
    pub natures: Vec<String>,
    /// Elements; absent: all.
    pub elements: Option<Vec<CodeElement>>,
    /// First and last day of Besançon.
    pub jours: (Option<NaiveDate>, Option<NaiveDate>),
    /// Those that are convoked and have no day.
    pub sans_date: bool,
    /// Those that are convoked and have no room.
    pub sans_salle: bool,
    /// Rows; absent: all.
    pub ids: Option<Vec<i64>>,
    /// Cancelled ones: only them, rather than all but them.
    pub annulees: bool,
    /// `element`, `libelle`, `nature`, `duree`; else by day.
    pub tri: &'static str,
    /// From large to small.
    pub decroissant: bool,
}

impl Filtre {
    fn condition(&self, periode: i64) -> (String, Vec<Value>) {
        let mut sql =
            format!("e.periode = ? AND e.annulee_le IS {}", if self.annulees { "NOT NULL" } else { "NULL" });
        let mut valeurs = vec![Value::from(periode)];
        for mot in self.recherche.split_whitespace() {
            sql.push_str(" AND e.recherche LIKE ? ESCAPE '!'");
            valeurs.push(like(mot).into());
        }
        let parmi = |sql: &mut String, colonne: &str, n: usize| {
            sql.push_str(&if n == 0 {
                " AND 1 = 0".to_owned()
            } else {
                format!(" AND {colonne} IN ({})", marques(n))
            });
        };
        if !self.natures.is_empty() {
            parmi(&mut sql, "e.nature", self.natures.len());
            valeurs.extend(self.natures.iter().map(|n| Value::from(n.as_str())));
        }
        if let Some(elements) = &self.elements {
            parmi(&mut sql, "e.element", elements.len());
            valeurs.extend(elements.iter().map(|e| Value::from(e.as_str())));
        }
        if let Some(ids) = &self.ids {
            parmi(&mut sql, "e.id", ids.len());
            valeurs.extend(ids.iter().map(|id| Value::from(*id)));
        }
        let minuit = |jour: NaiveDate| instant_de_besancon(jour.and_time(chrono::NaiveTime::MIN));
        if let Some(du) = self.jours.0 {
            sql.push_str(" AND e.debut >= ?");
            valeurs.push(minuit(du).into());
        }
        if let Some(lendemain) = self.jours.1.and_then(|au| au.succ_opt()) {
            sql.push_str(" AND e.debut < ?");
            valeurs.push(minuit(lendemain).into());
        }
        if self.sans_date {
            sql.push_str(" AND e.debut IS NULL AND e.nature <> 'dossier'");
        }
        if self.sans_salle {
            sql.push_str(
                " AND e.nature <> 'dossier' AND NOT EXISTS (SELECT 1 FROM iexam_epreuve_salle es WHERE es.epreuve = e.id)",
            );
        }
        (sql, valeurs)
    }

    fn ordre(&self) -> String {
        let sens = if self.decroissant { "DESC" } else { "ASC" };
        match self.tri {
            "element" => format!("e.element {sens}, e.rang {sens}, e.id"),
            "libelle" => format!("e.libelle {sens}, e.id"),
            "nature" => format!("e.nature {sens}, e.element, e.rang, e.id"),
            "duree" => format!(
                "CASE WHEN e.duree_min IS NULL THEN 1 ELSE 0 END, e.duree_min {sens}, e.element, e.id"
            ),
            // Those that are not scheduled come last either way.
            _ => format!(
                "CASE WHEN e.debut IS NULL THEN 1 ELSE 0 END, e.debut {sens}, e.element, e.rang, e.id"
            ),
        }
    }
}

/// One page of épreuves.
///
/// # Errors
/// Those of the database.
pub async fn epreuve_list<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
    f: &Filtre,
    paging: Paging,
) -> Result<Page<Epreuve>, DbError> {
    let (ou, valeurs) = f.condition(periode);
    let total =
        count(conn, &format!("SELECT COUNT(*) FROM iexam_epreuve e WHERE {ou}"), valeurs.clone()).await?;
    let sql = format!(
        "SELECT {COLONNES} FROM iexam_epreuve e WHERE {ou} ORDER BY {} LIMIT {} OFFSET {}",
        f.ordre(),
        paging.taille(),
        paging.offset()
    );
    let lues = select(conn, &sql, valeurs).await?.iter().map(lire).collect::<Result<_, _>>()?;
    Ok(Page::new(paging, total, lues))
}

/// Rows of the épreuves of a list, at most `max`.
///
/// # Errors
/// Those of the database.
pub async fn epreuve_ids<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
    f: &Filtre,
    max: u64,
) -> Result<Vec<i64>, DbError> {
    let (ou, valeurs) = f.condition(periode);
    let sql = format!("SELECT e.id FROM iexam_epreuve e WHERE {ou} ORDER BY {} LIMIT {max}", f.ordre());
    select(conn, &sql, valeurs).await?.iter().map(|r| Ok(r.try_get_by_index(0)?)).collect()
}

/// How many are in each tab and each nature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comptes {
    /// Not cancelled.
    pub vives: u64,
    /// Cancelled.
    pub annulees: u64,
    /// Convoked and without a day.
    pub sans_date: u64,
    /// Convoked and without a room.
    pub sans_salle: u64,
    /// Not cancelled, by nature.
    pub natures: BTreeMap<String, u64>,
}

/// The figures of a period's list, in one question.
///
/// # Errors
/// Those of the database.
pub async fn epreuve_comptes<C: ConnectionTrait>(conn: &C, periode: i64) -> Result<Comptes, DbError> {
    let sql = "SELECT e.nature, CASE WHEN e.annulee_le IS NULL THEN 0 ELSE 1 END, COUNT(*),
            SUM(CASE WHEN e.debut IS NULL AND e.nature <> 'dossier' THEN 1 ELSE 0 END),
            SUM(CASE WHEN e.nature <> 'dossier' AND NOT EXISTS (SELECT 1 FROM iexam_epreuve_salle es WHERE es.epreuve = e.id)
                THEN 1 ELSE 0 END)
        FROM iexam_epreuve e WHERE e.periode = ? GROUP BY 1, 2";
    let mut comptes = Comptes::default();
    for row in select(conn, sql, [periode.into()]).await? {
        let nature: String = row.try_get_by_index(0)?;
        let annulees = i64::from(row.try_get_by_index::<i32>(1)?) == 1;
        let n = |colonne| Ok::<_, DbError>(row.try_get_by_index::<i64>(colonne)?.unsigned_abs());
        if annulees {
            comptes.annulees += n(2)?;
            continue;
        }
        comptes.vives += n(2)?;
        comptes.sans_date += n(3)?;
        comptes.sans_salle += n(4)?;
        *comptes.natures.entry(nature).or_default() += n(2)?;
    }
    Ok(comptes)
}

/// The épreuves of a period by element and rank: row, and whether it is cancelled.
///
/// # Errors
/// Those of the database.
pub async fn epreuves_tenues<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
) -> Result<BTreeMap<(CodeElement, i64), (i64, bool)>, DbError> {
    let epreuves = epreuves_de(conn, periode).await?;
    Ok(epreuves.into_iter().map(|e| ((e.element, e.rang), (e.id, e.annulee))).collect())
}

/// What searches look in.
fn recherche(element: &CodeElement, libelle: &str, sujet_par: &str) -> String {
    kernel::fold(&format!("{element} {libelle} {sujet_par}"))
}

/// Adds épreuves that are not there; says which rows were made. The same one made by somebody else meanwhile is left as it is.
///
/// # Errors
/// Those of the database.
pub async fn epreuves_add<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
    nouvelles: &[&Nouvelle],
) -> Result<Vec<i64>, DbError> {
    let mut ids = Vec::new();
    for tranche in nouvelles.chunks(100) {
        let sql = format!(
            "INSERT INTO iexam_epreuve (periode, element, rang, libelle, nature, duree_min, sujet_par, surveillee, recherche)
             VALUES {} ON CONFLICT (periode, element, rang) DO NOTHING RETURNING id",
            vec!["(?, ?, ?, ?, ?, ?, ?, ?, ?)"; tranche.len()].join(", ")
        );
        let valeurs = tranche.iter().flat_map(|n| -> [Value; 9] {
            [
                periode.into(),
                n.element.as_str().into(),
                n.rang.into(),
                n.libelle.as_str().into(),
                n.nature.code().into(),
                n.duree_min.into(),
                n.sujet_par.as_str().into(),
                (n.nature != Nature::Dossier).into(),
                recherche(&n.element, &n.libelle, &n.sujet_par).into(),
            ]
        });
        for row in select(conn, &sql, valeurs.collect::<Vec<_>>()).await? {
            ids.push(row.try_get_by_index(0)?);
        }
    }
    Ok(ids)
}

/// Adds épreuves, and writes what may change of those that are there: their period, element and rank tell them apart.
///
/// # Errors
/// Those of the database.
pub async fn epreuves_write<C: ConnectionTrait>(conn: &C, epreuves: &[&Epreuve]) -> Result<(), DbError> {
    let cible = Upsert {
        table: "iexam_epreuve",
        columns: &[
            "periode",
            "element",
            "rang",
            "libelle",
            "nature",
            "debut",
            "duree_min",
            "documents",
            "sujet_par",
            "surveillee",
            "recherche",
        ],
        key: &["periode", "element", "rang"],
        update: &[
            "libelle",
            "nature",
            "debut",
            "duree_min",
            "documents",
            "sujet_par",
            "surveillee",
            "recherche",
        ],
    };
    let rows = epreuves.iter().map(|e| {
        vec![
            e.periode.into(),
            e.element.as_str().into(),
            e.rang.into(),
            e.libelle.as_str().into(),
            e.nature.code().into(),
            e.debut.into(),
            e.duree_min.into(),
            e.documents.as_str().into(),
            e.sujet_par.as_str().into(),
            e.surveillee.into(),
            recherche(&e.element, &e.libelle, &e.sujet_par).into(),
        ]
    });
    upsert_rows(conn, cible, rows.collect::<Vec<_>>()).await?;
    Ok(())
}

/// Cancels or restores épreuves.
///
/// # Errors
/// Those of the database.
pub async fn epreuves_annuler<C: ConnectionTrait>(
    conn: &C,
    ids: &[i64],
    annulee_le: Option<DateTime<Utc>>,
) -> Result<(), DbError> {
    for tranche in ids.chunks(500) {
        let sql = format!("UPDATE iexam_epreuve SET annulee_le = ? WHERE id IN ({})", marques(tranche.len()));
        let valeurs =
            std::iter::once(Value::from(annulee_le)).chain(tranche.iter().map(|id| Value::from(*id)));
        execute(conn, &sql, valeurs).await?;
    }
    Ok(())
}

/// Takes the épreuves of a period out of the hands of the other writers until the end of the transaction.
///
/// # Errors
/// Those of the database.
pub async fn epreuves_lock<C: ConnectionTrait>(conn: &C, periode: i64) -> Result<(), DbError> {
    execute(conn, "UPDATE iexam_periode SET ecart_min = ecart_min WHERE id = ?", [periode.into()]).await?;
    Ok(())
}
