//! Anomalies and collections as the REST interface reads them.

use chrono::NaiveDate;
use db::DbError;
use db::sea_orm::{ConnectionTrait, Value};

use super::condition::Condition;
use super::page_lue::{Fenetre, page_lue};

/// One open anomaly, with what was decided of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnomalieLue {
    /// Code of the rule.
    pub regle: String,
    /// Kind of object.
    pub objet: String,
    /// Its key.
    pub cle: String,
    /// Field.
    pub champ: String,
    /// Label of the object.
    pub libelle: Option<String>,
    /// First source and what it says.
    pub a: (Option<String>, Option<String>),
    /// Second source, or the rule, and what it says.
    pub b: (Option<String>, Option<String>),
    /// State of its settlement, when somebody took it up.
    pub etat: Option<String>,
    /// What was decided.
    pub decision: Option<String>,
    /// Until when.
    pub jusqu_au: Option<NaiveDate>,
}

/// What narrows the list.
#[derive(Clone, Debug, Default)]
pub struct FiltreAnomalie<'a> {
    /// Folded text.
    pub recherche: &'a str,
    /// Codes of rules; empty: all.
    pub regles: &'a [&'a str],
    /// Kinds of objects whose anomalies may not be read.
    pub caches: &'a [&'a str],
    /// Kind of object.
    pub objet: Option<&'a str>,
    /// Exact key of the object.
    pub cle: Option<&'a str>,
}

/// One page of open anomalies, by rule and key.
///
/// # Errors
/// Those of the database.
pub async fn anomalie_lu_list<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    f: &FiltreAnomalie<'_>,
    fenetre: Fenetre,
) -> Result<(u64, Vec<AnomalieLue>), DbError> {
    let mut ou = Condition::new("a.annee = ? AND a.ferme_le IS NULL", [i64::from(annee).into()]);
    ou.mots(f.recherche, &["a.recherche"]);
    ou.parmi("a.regle", f.regles);
    ou.parmi("a.objet", f.objet.as_slice());
    ou.parmi("a.cle_objet", f.cle.as_slice());
    for cache in f.caches {
        ou.et_avec("a.objet <> ?", [Value::from(*cache)]);
    }
    let depuis = format!("FROM maquette_anomalie a WHERE {}", ou.sql());
    let page = format!(
        "SELECT a.regle, a.objet, a.cle_objet, a.champ, a.libelle, a.source_a, a.valeur_a, a.source_b, a.valeur_b, t.etat, t.decision,
            t.jusqu_au
         FROM maquette_anomalie a
         LEFT JOIN maquette_arbitrage t ON t.annee = a.annee AND t.regle = a.regle AND t.objet = a.objet AND t.cle_objet = a.cle_objet
            AND t.champ = a.champ
         WHERE {} ORDER BY a.regle, a.cle_objet, a.champ, a.objet {}",
        ou.sql(),
        fenetre.limite()
    );
    let (total, rows) = page_lue(conn, &page, &depuis, ou.valeurs(), fenetre).await?;
    let rows = rows.iter().map(|r| {
        Ok(AnomalieLue {
            regle: r.try_get_by_index(0)?,
            objet: r.try_get_by_index(1)?,
            cle: r.try_get_by_index(2)?,
            champ: r.try_get_by_index(3)?,
            libelle: r.try_get_by_index(4)?,
            a: (r.try_get_by_index(5)?, r.try_get_by_index(6)?),
            b: (r.try_get_by_index(7)?, r.try_get_by_index(8)?),
            etat: r.try_get_by_index(9)?,
            decision: r.try_get_by_index(10)?,
            jusqu_au: r.try_get_by_index(11)?,
        })
    });
    Ok((total, rows.collect::<Result<_, DbError>>()?))
}
