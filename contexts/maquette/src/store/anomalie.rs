//! Anomalies as work: counted by rule, listed.

use db::sea_orm::{ConnectionTrait, Value};
use db::sql::{count, like, select};
use db::{DbError, Page, Paging};

/// One anomaly as it is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnomalieVue {
    /// Code of the rule.
    pub regle: String,
    /// Kind of object.
    pub objet: String,
    /// Its key.
    pub cle: String,
    /// Field.
    pub champ: String,
    /// Its label.
    pub libelle: String,
    /// First source and what it says.
    pub a: (String, String),
    /// Second source and what it says.
    pub b: (String, String),
}

/// Open anomalies of a year by rule, the most numerous first.
///
/// # Errors
/// Those of the database.
pub async fn anomalie_counts<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
) -> Result<Vec<(String, u64)>, DbError> {
    let sql = "SELECT regle, COUNT(*) FROM maquette_anomalie WHERE annee = ? AND ferme_le IS NULL GROUP BY regle ORDER BY 2 DESC, 1";
    let rows = select(conn, sql, [i64::from(annee).into()]).await?;
    rows.iter().map(|r| Ok((r.try_get_by_index(0)?, r.try_get_by_index::<i64>(1)?.unsigned_abs()))).collect()
}

/// What narrows a list of anomalies.
#[derive(Clone, Debug, Default)]
pub struct Filtre<'a> {
    /// Folded text, searched in key and label.
    pub recherche: &'a str,
    /// Codes of rules.
    pub regles: &'a [&'a str],
    /// The object they speak of: kind and exact key.
    pub objet: Option<(&'a str, &'a str)>,
    /// `regle`, `cle`.
    pub tri: &'a str,
    /// From large to small.
    pub decroissant: bool,
}

/// One page of open anomalies.
///
/// # Errors
/// Those of the database.
pub async fn anomalie_list<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    f: &Filtre<'_>,
    paging: Paging,
) -> Result<Page<AnomalieVue>, DbError> {
    let mut ou = String::from("FROM maquette_anomalie WHERE annee = ? AND ferme_le IS NULL");
    let mut valeurs: Vec<Value> = vec![i64::from(annee).into()];
    for mot in f.recherche.split_whitespace() {
        ou.push_str(" AND recherche LIKE ? ESCAPE '!'");
        valeurs.push(like(mot).into());
    }
    if !f.regles.is_empty() {
        ou.push_str(&format!(" AND regle IN ({})", vec!["?"; f.regles.len()].join(", ")));
        valeurs.extend(f.regles.iter().map(|r| Value::from(*r)));
    }
    if let Some((objet, cle)) = f.objet {
        ou.push_str(" AND objet = ? AND cle_objet = ?");
        valeurs.extend([objet.into(), cle.into()]);
    }
    let total = count(conn, &format!("SELECT COUNT(*) {ou}"), valeurs.clone()).await?;
    let sens = if f.decroissant { "DESC" } else { "ASC" };
    let tri = match f.tri {
        "cle" => format!("cle_objet {sens}, regle, champ"),
        _ => format!("regle {sens}, cle_objet, champ"),
    };
    let sql = format!(
        "SELECT regle, objet, cle_objet, champ, COALESCE(libelle, ''), COALESCE(source_a, ''), COALESCE(valeur_a, ''),
            COALESCE(source_b, ''), COALESCE(valeur_b, '') {ou} ORDER BY {tri} LIMIT {} OFFSET {}",
        paging.taille(),
        paging.offset()
    );
    let rows = select(conn, &sql, valeurs).await?;
    let rows = rows.iter().map(|r| {
        Ok(AnomalieVue {
            regle: r.try_get_by_index(0)?,
            objet: r.try_get_by_index(1)?,
            cle: r.try_get_by_index(2)?,
            champ: r.try_get_by_index(3)?,
            libelle: r.try_get_by_index(4)?,
            a: (r.try_get_by_index(5)?, r.try_get_by_index(6)?),
            b: (r.try_get_by_index(7)?, r.try_get_by_index(8)?),
        })
    });
    Ok(Page::new(paging, total, rows.collect::<Result<Vec<_>, DbError>>()?))
}
