//! Anomalies as work: what collections found, beside what people decided of it.
//!
//! [`anomalie_etats`], [`anomalie_list`] and [`anomalie_ids`] share one condition: a figure, the list it opens and what an action on the
//! whole of that list touches are always the same rows.

use chrono::{DateTime, NaiveDate, Utc};
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::{count, select};
use db::{DbError, Page, Paging};
use serde::Serialize;

use super::condition::{Condition, Facette, lire_facette, marques};
use crate::domain::arbitrage::{Decision, EtatArbitrage, Situation};

/// One anomaly as it is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnomalieVue {
    /// Its number, which stays the same from one collection to the next.
    pub id: i64,
    /// The year.
    pub annee: u16,
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
    /// The collection that last saw it change, and when.
    pub collecte: (i64, Option<DateTime<Utc>>),
    /// The sources no longer have it.
    pub fermee: bool,
    /// Where it stands.
    pub situation: Situation,
    /// What was last decided of it.
    pub arbitrage: Option<ArbitrageVu>,
}

/// What was decided of an anomaly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArbitrageVu {
    /// What.
    pub etat: EtatArbitrage,
    /// Login of who has it.
    pub attribuee_a: Option<String>,
    /// How it was settled.
    pub decision: Option<Decision>,
    /// Why.
    pub motif: Option<String>,
    /// The local value, in words.
    pub valeur_locale: Option<String>,
    /// Last day of being set aside.
    pub jusqu_au: Option<NaiveDate>,
    /// Both values as they were.
    pub valeurs: (String, String),
    /// The correction that settled it, and whether it has ended.
    pub correction: Option<(i64, bool)>,
    /// Who decided.
    pub par: String,
    /// When.
    pub le: DateTime<Utc>,
}

impl AnomalieVue {
    /// The values that a form showed, for `web::Vu`.
    #[must_use]
    pub fn vues(&self) -> Vec<String> {
        let mut vues = vec![self.a.1.clone(), self.b.1.clone(), self.situation.code().to_owned()];
        if let Some(t) = &self.arbitrage {
            vues.push(t.attribuee_a.clone().unwrap_or_default());
            vues.push(t.le.to_rfc3339());
        }
        vues
    }

    /// Who has it.
    #[must_use]
    pub fn attribuee_a(&self) -> Option<&str> {
        self.arbitrage.as_ref().and_then(|t| t.attribuee_a.as_deref())
    }
}

/// Open anomalies of a year by rule, the most numerous first, whatever was decided of them.
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
    /// Codes of rules; empty: all.
    pub regles: &'a [&'a str],
    /// The object they speak of: kind and exact key.
    pub objet: Option<(&'a str, &'a str)>,
    /// Kinds of objects; empty: all.
    pub objets: &'a [&'a str],
    /// Codes of components; empty: all.
    pub composantes: &'a [&'a str],
    /// Situations; empty: all.
    pub situations: &'a [Situation],
    /// Login of who has them.
    pub a: Option<&'a str>,
    /// Numbers; absent: all.
    pub ids: Option<&'a [i64]>,
    /// `regle`, `cle`.
    pub tri: &'a str,
    /// From large to small.
    pub decroissant: bool,
}

/// Every anomaly with what was decided of it. The pure rule is `domain::arbitrage::situation`; a test holds both together. The day is
/// the only value bound here.
const TOUTES: &str = "(SELECT a.id, a.annee, a.regle, a.objet, a.cle_objet, a.champ, COALESCE(a.libelle, '') AS libelle,
    COALESCE(a.source_a, '') AS source_a, COALESCE(a.valeur_a, '') AS valeur_a, COALESCE(a.source_b, '') AS source_b,
    COALESCE(a.valeur_b, '') AS valeur_b, a.recherche, a.collecte_id, a.ferme_le, t.etat, t.attribuee_a, t.decision, t.motif,
    t.valeur_locale, t.jusqu_au, t.valeur_a AS alors_a, t.valeur_b AS alors_b, t.correction_id, k.retiree_le, t.par, t.le,
    CASE WHEN t.id IS NULL OR t.etat = 'a_traiter' THEN 'a_traiter'
        WHEN t.etat = 'attribuee' THEN 'attribuee'
        WHEN COALESCE(a.valeur_a, '') <> t.valeur_a OR COALESCE(a.valeur_b, '') <> t.valeur_b THEN 'revenue'
        WHEN t.etat = 'reglee' AND k.retiree_le IS NOT NULL THEN 'revenue'
        WHEN t.etat = 'reglee' THEN 'reglee'
        WHEN t.jusqu_au IS NULL OR t.jusqu_au < ? THEN 'revenue'
        ELSE 'ignoree' END AS situation
    FROM maquette_anomalie a
    LEFT JOIN maquette_arbitrage t ON t.annee = a.annee AND t.regle = a.regle AND t.objet = a.objet AND t.cle_objet = a.cle_objet
        AND t.champ = a.champ
    LEFT JOIN maquette_correction k ON k.id = t.correction_id) x";

/// The component of the object, where the object has one.
const COMPOSANTE: &str = "LEFT JOIN maquette_element xe ON x.objet = 'element' AND xe.annee = x.annee AND xe.code = x.cle_objet
    LEFT JOIN (SELECT annee, etape || ' · ' || version AS cle, composante FROM maquette_version_etape) xv
        ON x.objet = 'version_etape' AND xv.annee = x.annee AND xv.cle = x.cle_objet
    LEFT JOIN maquette_enseignant xn ON x.objet = 'enseignant' AND xn.annee = x.annee AND xn.numero = x.cle_objet";
const DE_COMPOSANTE: &str = "COALESCE(xe.composante, xv.composante, xn.composante)";

fn condition(annee: u16, f: &Filtre<'_>) -> Condition {
    let mut ou = Condition::new("x.annee = ? AND x.ferme_le IS NULL", [i64::from(annee).into()]);
    ou.mots(f.recherche, &["x.recherche"]);
    ou.parmi("x.regle", f.regles);
    ou.parmi("x.objet", f.objets);
    ou.parmi(DE_COMPOSANTE, f.composantes);
    let situations: Vec<&str> = f.situations.iter().map(|s| s.code()).collect();
    ou.parmi("x.situation", &situations);
    if let Some(login) = f.a {
        ou.et_avec("x.attribuee_a = ? AND x.situation IN ('attribuee', 'revenue')", [login.into()]);
    }
    if let Some((objet, cle)) = f.objet {
        ou.et_avec("x.objet = ? AND x.cle_objet = ?", [objet.into(), cle.into()]);
    }
    if let Some(ids) = f.ids {
        if ids.is_empty() {
            ou.et("1 = 0");
        } else {
            ou.et_avec(&format!("x.id IN ({})", marques(ids.len())), ids.iter().map(|id| Value::from(*id)));
        }
    }
    ou
}

/// What follows FROM, with the values of the whole statement.
fn depuis(annee: u16, f: &Filtre<'_>, jour: NaiveDate, composante: bool) -> (String, Vec<Value>) {
    let ou = condition(annee, f);
    let joint = if composante || !f.composantes.is_empty() { COMPOSANTE } else { "" };
    let mut valeurs: Vec<Value> = vec![jour.into()];
    valeurs.extend(ou.valeurs());
    (format!("FROM {TOUTES} {joint} WHERE {}", ou.sql()), valeurs)
}

const COLONNES: &str = "SELECT x.id, x.annee, x.regle, x.objet, x.cle_objet, x.champ, x.libelle, x.source_a, x.valeur_a, x.source_b,
    x.valeur_b, x.collecte_id, (SELECT c.finie_le FROM maquette_collecte c WHERE c.id = x.collecte_id) AS vue_le,
    (x.ferme_le IS NOT NULL) AS fermee, x.etat, x.attribuee_a, x.decision, x.motif, x.valeur_locale, x.jusqu_au, x.alors_a,
    x.alors_b, x.correction_id, (x.retiree_le IS NOT NULL) AS finie, x.par, x.le, x.situation";

fn lire(r: &QueryResult) -> Result<AnomalieVue, DbError> {
    let texte = |nom: &str| r.try_get::<String>("", nom);
    let option = |nom: &str| r.try_get::<Option<String>>("", nom);
    let arbitrage = match option("etat")?.as_deref().and_then(EtatArbitrage::of_code) {
        Some(etat) => Some(ArbitrageVu {
            etat,
            attribuee_a: option("attribuee_a")?,
            decision: option("decision")?.as_deref().and_then(Decision::of_code),
            motif: option("motif")?,
            valeur_locale: option("valeur_locale")?,
            jusqu_au: r.try_get("", "jusqu_au")?,
            valeurs: (option("alors_a")?.unwrap_or_default(), option("alors_b")?.unwrap_or_default()),
            correction: r.try_get::<Option<i64>>("", "correction_id")?.zip(Some(r.try_get("", "finie")?)),
            par: option("par")?.unwrap_or_default(),
            le: r.try_get("", "le")?,
        }),
        None => None,
    };
    Ok(AnomalieVue {
        id: r.try_get("", "id")?,
        annee: u16::try_from(r.try_get::<i64>("", "annee")?).unwrap_or_default(),
        regle: texte("regle")?,
        objet: texte("objet")?,
        cle: texte("cle_objet")?,
        champ: texte("champ")?,
        libelle: texte("libelle")?,
        a: (texte("source_a")?, texte("valeur_a")?),
        b: (texte("source_b")?, texte("valeur_b")?),
        collecte: (r.try_get("", "collecte_id")?, r.try_get("", "vue_le")?),
        fermee: r.try_get("", "fermee")?,
        situation: Situation::of_code(&texte("situation")?).unwrap_or(Situation::ATraiter),
        arbitrage,
    })
}

fn ordre(f: &Filtre<'_>) -> String {
    let sens = if f.decroissant { "DESC" } else { "ASC" };
    match f.tri {
        "cle" => format!("x.cle_objet {sens}, x.regle, x.champ, x.id"),
        "libelle" => format!("x.libelle {sens}, x.cle_objet, x.id"),
        _ => format!("x.regle {sens}, x.cle_objet, x.champ, x.id"),
    }
}

/// One page of open anomalies.
///
/// # Errors
/// Those of the database.
pub async fn anomalie_list<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    f: &Filtre<'_>,
    jour: NaiveDate,
    paging: Paging,
) -> Result<Page<AnomalieVue>, DbError> {
    let (ou, valeurs) = depuis(annee, f, jour, false);
    let total = count(conn, &format!("SELECT COUNT(*) {ou}"), valeurs.clone()).await?;
    let sql =
        format!("{COLONNES} {ou} ORDER BY {} LIMIT {} OFFSET {}", ordre(f), paging.taille(), paging.offset());
    let rows = select(conn, &sql, valeurs).await?;
    Ok(Page::new(paging, total, rows.iter().map(lire).collect::<Result<Vec<_>, _>>()?))
}

/// Numbers of the anomalies of a list, in its order; at most `max`.
///
/// # Errors
/// Those of the database.
pub async fn anomalie_ids<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    f: &Filtre<'_>,
    jour: NaiveDate,
    max: u64,
) -> Result<Vec<i64>, DbError> {
    let (ou, valeurs) = depuis(annee, f, jour, false);
    let rows = select(conn, &format!("SELECT x.id {ou} ORDER BY {} LIMIT {max}", ordre(f)), valeurs).await?;
    Ok(rows.iter().map(|r| r.try_get_by_index(0)).collect::<Result<Vec<i64>, _>>()?)
}

/// One anomaly, closed ones included.
///
/// # Errors
/// Those of the database.
pub async fn anomalie_read<C: ConnectionTrait>(
    conn: &C,
    id: i64,
    jour: NaiveDate,
) -> Result<Option<AnomalieVue>, DbError> {
    let sql = format!("{COLONNES} FROM {TOUTES} WHERE x.id = ?");
    let rows = select(conn, &sql, [jour.into(), id.into()]).await?;
    rows.first().map(lire).transpose()
}

/// Several anomalies that are still open, by their numbers.
///
/// # Errors
/// Those of the database.
pub async fn anomalie_lot<C: ConnectionTrait>(
    conn: &C,
    ids: &[i64],
    jour: NaiveDate,
) -> Result<Vec<AnomalieVue>, DbError> {
    let mut toutes = Vec::with_capacity(ids.len());
    for lot in ids.chunks(500) {
        let sql = format!(
            "{COLONNES} FROM {TOUTES} WHERE x.ferme_le IS NULL AND x.id IN ({}) ORDER BY x.id",
            marques(lot.len())
        );
        let mut valeurs: Vec<Value> = vec![jour.into()];
        valeurs.extend(lot.iter().map(|id| Value::from(*id)));
        for row in select(conn, &sql, valeurs).await? {
            toutes.push(lire(&row)?);
        }
    }
    Ok(toutes)
}

/// How many anomalies of a year stand where, and how many somebody has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Etats {
    /// Nobody has them.
    pub a_traiter: u64,
    /// Somebody has them.
    pub attribuees: u64,
    /// They came back.
    pub revenues: u64,
    /// Settled.
    pub reglees: u64,
    /// Set aside.
    pub ignorees: u64,
    /// The person who looks has them.
    pub a_moi: u64,
}

impl Etats {
    /// Those that ask for work: what the bare list shows.
    #[must_use]
    pub fn en_cours(&self) -> u64 {
        self.a_traiter + self.attribuees + self.revenues
    }

    /// Those of a situation.
    #[must_use]
    pub fn de(&self, situation: Situation) -> u64 {
        match situation {
            Situation::ATraiter => self.a_traiter,
            Situation::Attribuee => self.attribuees,
            Situation::Revenue => self.revenues,
            Situation::Reglee => self.reglees,
            Situation::Ignoree => self.ignorees,
        }
    }
}

/// Counts by situation, for tabs and for the home page. `jour` is [`crate::actions::corriger::aujourd_hui`].
///
/// # Errors
/// Those of the database.
pub async fn anomalie_etats<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    login: &str,
    jour: NaiveDate,
) -> Result<Etats, DbError> {
    let (ou, valeurs) = depuis(annee, &Filtre::default(), jour, false);
    let sql = format!(
        "SELECT x.situation, COUNT(*), COALESCE(SUM(CASE WHEN x.attribuee_a = ? AND x.situation IN ('attribuee', 'revenue')
            THEN 1 ELSE 0 END), 0) {ou} GROUP BY x.situation"
    );
    let valeurs = std::iter::once(Value::from(login)).chain(valeurs);
    let mut etats = Etats::default();
    for row in select(conn, &sql, valeurs).await? {
        let n = row.try_get_by_index::<i64>(1)?.unsigned_abs();
        etats.a_moi += row.try_get_by_index::<i64>(2)?.unsigned_abs();
        match Situation::of_code(&row.try_get_by_index::<String>(0)?) {
            Some(Situation::ATraiter) => etats.a_traiter = n,
            Some(Situation::Attribuee) => etats.attribuees = n,
            Some(Situation::Revenue) => etats.revenues = n,
            Some(Situation::Reglee) => etats.reglees = n,
            Some(Situation::Ignoree) => etats.ignorees = n,
            None => {}
        }
    }
    Ok(etats)
}

/// How many anomalies of a list each rule, kind of object and component has: `f` narrows by situation and person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facettes {
    /// By code of rule.
    pub regles: Vec<(String, u64)>,
    /// By code of kind.
    pub objets: Vec<(String, u64)>,
    /// By code of component.
    pub composantes: Facette,
}

/// Counts of the values that a list may be narrowed by.
///
/// # Errors
/// Those of the database.
pub async fn anomalie_facettes<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    f: &Filtre<'_>,
    jour: NaiveDate,
) -> Result<Facettes, DbError> {
    let (ou, valeurs) = depuis(annee, f, jour, false);
    let sql = format!("SELECT x.regle, x.objet, COUNT(*) {ou} GROUP BY x.regle, x.objet");
    let mut regles = std::collections::BTreeMap::new();
    let mut objets = std::collections::BTreeMap::new();
    for row in select(conn, &sql, valeurs).await? {
        let n = row.try_get_by_index::<i64>(2)?.unsigned_abs();
        *regles.entry(row.try_get_by_index::<String>(0)?).or_insert(0) += n;
        *objets.entry(row.try_get_by_index::<String>(1)?).or_insert(0) += n;
    }
    let (ou, valeurs) = depuis(annee, f, jour, true);
    let sql = format!(
        "SELECT d.code, MAX(COALESCE(c.libelle, d.code)), SUM(d.n) FROM (SELECT {DE_COMPOSANTE} AS code, 1 AS n {ou}) d
         LEFT JOIN maquette_composante c ON c.annee = ? AND c.code = d.code
         WHERE d.code IS NOT NULL GROUP BY d.code ORDER BY 2, 1"
    );
    let valeurs = valeurs.into_iter().chain(std::iter::once(i64::from(annee).into()));
    let composantes = lire_facette(&select(conn, &sql, valeurs).await?)?;
    Ok(Facettes { regles: regles.into_iter().collect(), objets: objets.into_iter().collect(), composantes })
}
