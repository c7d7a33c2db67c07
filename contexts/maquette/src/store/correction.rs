//! Local corrections, as actions write them and as a collection lays them over what it received. Pages read [`super::correction_lue`].

use chrono::{DateTime, NaiveDate, Utc};
use db::sea_orm::sea_query::{Expr, ExprTrait, Query};
use db::sea_orm::{ConnectionTrait, Value};
use db::sql::select;
use db::{DbError, Upsert, insert_rows, upsert_rows};
use kernel::Actor;

use super::{nom, objet, parametre};
use crate::domain::correction::{Active, Dite, cle_de_json, de_json};
use crate::domain::genre::Genre;
use crate::domain::valeur::{Valeur, cle_json};

/// Counts the corrections set or ended: a collection sees by it whether what it compared with still stands.
const VERSION: &str = "corrections_version";

/// A row that may be corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LigneTenue {
    /// Its number.
    pub id: i64,
    /// The year it pictures.
    pub annee: u16,
    /// It disappeared from its source.
    pub fermee: bool,
    /// Its fields.
    pub champs: Box<[Valeur]>,
}

/// The rows of one key, of one year or of every year held.
///
/// # Errors
/// Those of the database.
pub async fn objet_par_cle<C: ConnectionTrait>(
    conn: &C,
    genre: Genre,
    annee: Option<u16>,
    cle: &[Valeur],
) -> Result<Vec<LigneTenue>, DbError> {
    let d = genre.description();
    let mut q = Query::select();
    q.columns(["id", "annee"].map(nom)).expr(Expr::col(nom("ferme_le")).is_not_null());
    q.from(nom(&objet::table(genre)));
    if let Some(annee) = annee {
        q.and_where(Expr::col(nom("annee")).eq(objet::annee_tenue(genre, annee)));
    }
    for (colonne, valeur) in d.cle.iter().zip(cle) {
        q.and_where(match valeur {
            Valeur::Entier(n) => Expr::col(nom(colonne.nom)).eq(*n),
            autre => Expr::col(nom(colonne.nom)).eq(autre.to_string()),
        });
    }
    q.order_by(nom("annee"), db::sea_orm::sea_query::Order::Asc);
    let mut lignes = Vec::new();
    for row in conn.query_all(&q).await? {
        let annee: i64 = row.try_get_by_index(1)?;
        lignes.push(LigneTenue {
            id: row.try_get_by_index(0)?,
            annee: u16::try_from(annee).unwrap_or_default(),
            fermee: row.try_get_by_index(2)?,
            champs: Box::default(),
        });
    }
    let ids: Vec<i64> = lignes.iter().map(|l| l.id).collect();
    let mut champs = objet::objet_champs(conn, genre, &ids).await?;
    for ligne in &mut lignes {
        ligne.champs = champs.remove(&ligne.id).unwrap_or_default();
    }
    Ok(lignes)
}

fn json(texte: &str) -> serde_json::Value {
    serde_json::from_str(texte).unwrap_or_default()
}

/// The corrections that hold for a year, whether set for it or for every year.
///
/// # Errors
/// Those of the database.
pub async fn correction_actives<C: ConnectionTrait>(conn: &C, annee: u16) -> Result<Vec<Active>, DbError> {
    let sql = "SELECT c.id, c.genre, c.cle, c.champ, c.valeur, s.pose, s.dite, COALESCE(s.presente, FALSE)
        FROM maquette_correction c
        LEFT JOIN maquette_correction_source s ON s.correction_id = c.id AND s.annee = ?
        WHERE c.retiree_le IS NULL AND c.annee IN (0, ?) ORDER BY c.id";
    let annee = i64::from(annee);
    let mut actives = Vec::new();
    for row in select(conn, sql, [annee.into(), annee.into()]).await? {
        let (genre, cle): (String, String) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        let (champ, valeur): (String, String) = (row.try_get_by_index(3)?, row.try_get_by_index(4)?);
        let (pose, dite): (Option<String>, Option<String>) =
            (row.try_get_by_index(5)?, row.try_get_by_index(6)?);
        let presente: bool = row.try_get_by_index(7)?;
        // A field that this version no longer knows is left to the source.
        let Some(genre) = Genre::of_code(&genre) else { continue };
        let Some(place) = genre.champs().iter().position(|c| c.nom == champ) else { continue };
        let Some(sorte) = genre.champs().get(place).map(|c| c.sorte) else { continue };
        let (Some(cle), Some(valeur)) = (cle_de_json(genre, &cle), de_json(sorte, &json(&valeur))) else {
            continue;
        };
        let lue = |t: Option<String>| t.and_then(|t| de_json(sorte, &json(&t)));
        let dite = if presente { lue(dite) } else { None };
        actives.push(Active {
            id: row.try_get_by_index(0)?,
            genre,
            cle,
            champ: place,
            valeur,
            pose: lue(pose),
            dite,
        });
    }
    Ok(actives)
}

/// How many times corrections were set or ended.
///
/// # Errors
/// Those of the database.
pub async fn correction_version<C: ConnectionTrait>(conn: &C) -> Result<Option<String>, DbError> {
    parametre::parametre_read(conn, VERSION).await
}

/// Says that corrections change, and takes the writers' turn until this transaction ends (see [`super::generation`]): PostgreSQL would
/// otherwise let a collection that is being applied overwrite the same row.
///
/// # Errors
/// Those of the database.
pub async fn correction_touch<C: ConnectionTrait>(
    conn: &C,
    quand: DateTime<Utc>,
    acteur: &Actor,
) -> Result<(), DbError> {
    let version = correction_version(conn).await?.and_then(|v| v.parse::<u64>().ok()).unwrap_or_default();
    parametre::parametre_write(conn, VERSION, &(version + 1).to_string(), quand, acteur).await
}

/// A correction to keep.
#[derive(Clone, Debug)]
pub struct Nouvelle<'a> {
    /// One year, or every year.
    pub annee: Option<u16>,
    /// Kind of row.
    pub genre: Genre,
    /// Key of the row.
    pub cle: &'a [Valeur],
    /// Field.
    pub champ: &'a str,
    /// The object's label.
    pub libelle: &'a str,
    /// The value put over the source's.
    pub valeur: &'a Valeur,
    /// Why.
    pub motif: &'a str,
    /// First day.
    pub debut: NaiveDate,
    /// Last day.
    pub fin: NaiveDate,
}

/// What is written of a new correction.
pub(super) const COLONNES_CORRECTION: [&str; 13] = [
    "annee",
    "genre",
    "cle",
    "champ",
    "libelle",
    "valeur",
    "motif",
    "debut",
    "fin",
    "posee_par",
    "posee_le",
    "expiree",
    "recherche",
];

/// A new correction, in the order of [`COLONNES_CORRECTION`].
pub(super) fn ligne_de_correction(n: &Nouvelle<'_>, acteur: &Actor, quand: DateTime<Utc>) -> Vec<Value> {
    let cle_lisible = crate::domain::valeur::cle_lisible(n.cle);
    let recherche = kernel::fold(&format!("{cle_lisible} {} {} {acteur}", n.libelle, n.motif));
    vec![
        i64::from(n.annee.unwrap_or_default()).into(),
        n.genre.description().code.into(),
        cle_json(n.cle).into(),
        n.champ.into(),
        n.libelle.into(),
        n.valeur.json().to_string().into(),
        n.motif.into(),
        n.debut.into(),
        n.fin.into(),
        acteur.to_string().into(),
        quand.into(),
        false.into(),
        recherche.into(),
    ]
}

/// Keeps a correction, and gives its number.
///
/// # Errors
/// Those of the database; a correction that holds for the same field and year is one.
pub async fn correction_create<C: ConnectionTrait>(
    conn: &C,
    n: &Nouvelle<'_>,
    acteur: &Actor,
    quand: DateTime<Utc>,
) -> Result<i64, DbError> {
    let mut i = Query::insert();
    i.into_table(nom("maquette_correction")).columns(COLONNES_CORRECTION.map(nom));
    let valeurs = ligne_de_correction(n, acteur, quand).into_iter().map(Expr::val);
    i.values(valeurs).map_err(|err| DbError::Value(err.to_string()))?;
    i.returning_col(nom("id"));
    let row = conn.query_one(&i).await?.ok_or_else(|| DbError::Value("maquette_correction.id".into()))?;
    Ok(row.try_get_by_index(0)?)
}

/// What is kept of the source of a correction.
pub(super) const COLONNES_SOURCE: [&str; 7] =
    ["correction_id", "annee", "presente", "pose", "dite", "dite_le", "collecte_id"];

/// What the source said of a corrected field, when it was set.
///
/// # Errors
/// Those of the database.
pub async fn source_insert<C: ConnectionTrait>(
    conn: &C,
    correction: i64,
    collecte: i64,
    quand: DateTime<Utc>,
    dites: &[(u16, Valeur)],
) -> Result<(), DbError> {
    let lignes = dites.iter().map(|(annee, valeur)| -> Vec<Value> {
        let texte = valeur.json().to_string();
        vec![
            correction.into(),
            i64::from(*annee).into(),
            true.into(),
            texte.clone().into(),
            texte.into(),
            quand.into(),
            collecte.into(),
        ]
    });
    let lignes: Vec<Vec<Value>> = lignes.collect();
    insert_rows(conn, "maquette_correction_source", &COLONNES_SOURCE, lignes).await?;
    Ok(())
}

/// What each year's source last said of a corrected field, where the object is still there.
///
/// # Errors
/// Those of the database.
pub async fn source_read<C: ConnectionTrait>(
    conn: &C,
    correction: i64,
) -> Result<Vec<(u16, serde_json::Value)>, DbError> {
    let sql = "SELECT annee, dite FROM maquette_correction_source WHERE correction_id = ? AND presente ORDER BY annee";
    let rows = select(conn, sql, [correction.into()]).await?;
    let lire = |row: &db::sea_orm::QueryResult| -> Result<(u16, serde_json::Value), DbError> {
        let annee: i64 = row.try_get_by_index(0)?;
        Ok((u16::try_from(annee).unwrap_or_default(), json(&row.try_get_by_index::<String>(1)?)))
    };
    rows.iter().map(lire).collect()
}

/// Keeps what a collection heard of corrected fields, where it differs from what was known. Returns how many it wrote.
///
/// # Errors
/// Those of the database.
pub async fn source_refresh<C: ConnectionTrait>(
    conn: &C,
    actives: &[Active],
    annee: u16,
    collecte: i64,
    quand: DateTime<Utc>,
    dites: &[Dite],
) -> Result<u64, DbError> {
    let lignes = dites.iter().filter_map(|d| {
        let active = actives.iter().find(|a| a.id == d.correction)?;
        // An object never seen in that year has nothing to keep.
        if d.valeur == active.dite || (d.valeur.is_none() && active.pose.is_none()) {
            return None;
        }
        let pose = active.pose.as_ref().or(d.valeur.as_ref())?.json().to_string();
        let dite = d.valeur.as_ref().or(active.dite.as_ref()).unwrap_or(&Valeur::Absent).json().to_string();
        let presente = d.valeur.is_some();
        let ligne: Vec<Value> = vec![
            d.correction.into(),
            i64::from(annee).into(),
            presente.into(),
            pose.into(),
            dite.into(),
            quand.into(),
            collecte.into(),
        ];
        Some(ligne)
    });
    let cible = Upsert {
        table: "maquette_correction_source",
        columns: &["correction_id", "annee", "presente", "pose", "dite", "dite_le", "collecte_id"],
        key: &["correction_id", "annee"],
        update: &["presente", "dite", "dite_le", "collecte_id"],
    };
    upsert_rows(conn, cible, lignes.collect::<Vec<_>>()).await
}

/// Marks a correction ended.
///
/// # Errors
/// Those of the database.
pub async fn correction_retire<C: ConnectionTrait>(
    conn: &C,
    id: i64,
    acteur: &Actor,
    quand: DateTime<Utc>,
    motif: &str,
    expiree: bool,
) -> Result<(), DbError> {
    let mut u = Query::update();
    u.table(nom("maquette_correction"))
        .value(nom("retiree_par"), acteur.to_string())
        .value(nom("retiree_le"), quand)
        .value(nom("retiree_motif"), motif)
        .value(nom("expiree"), expiree)
        .and_where(Expr::col(nom("id")).eq(id));
    conn.execute(&u).await?;
    Ok(())
}

/// Gives a correction another end and another reason.
///
/// # Errors
/// Those of the database.
pub async fn correction_update<C: ConnectionTrait>(
    conn: &C,
    id: i64,
    fin: NaiveDate,
    motif: &str,
) -> Result<(), DbError> {
    let mut u = Query::update();
    u.table(nom("maquette_correction"))
        .value(nom("fin"), fin)
        .value(nom("motif"), motif)
        .and_where(Expr::col(nom("id")).eq(id));
    conn.execute(&u).await?;
    Ok(())
}

/// Corrections whose last day is past and that still hold.
///
/// # Errors
/// Those of the database.
pub async fn correction_due<C: ConnectionTrait>(
    conn: &C,
    aujourd_hui: NaiveDate,
) -> Result<Vec<i64>, DbError> {
    let mut q = Query::select();
    q.column(nom("id")).from(nom("maquette_correction"));
    q.and_where(Expr::col(nom("retiree_le")).is_null()).and_where(Expr::col(nom("fin")).lt(aujourd_hui));
    q.order_by(nom("id"), db::sea_orm::sea_query::Order::Asc);
    let rows = conn.query_all(&q).await?;
    Ok(rows.iter().map(|r| r.try_get_by_index(0)).collect::<Result<Vec<i64>, _>>()?)
}

/// Open anomalies that speak of a correction of that field: number, key columns, fields.
///
/// # Errors
/// Those of the database.
pub async fn anomalies_de_correction<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    genre: Genre,
    cle_lisible: &str,
    champ: &str,
) -> Result<Vec<(i64, Box<[Valeur]>)>, DbError> {
    let sql = "SELECT id, regle, objet, cle_objet, champ FROM maquette_anomalie
        WHERE annee = ? AND regle IN ('correction_depassee', 'correction_inutile') AND objet = ? AND cle_objet = ?
        AND champ = ? AND ferme_le IS NULL ORDER BY id";
    let valeurs =
        [i64::from(annee).into(), genre.description().code.into(), cle_lisible.into(), champ.into()];
    let rows = select(conn, sql, valeurs).await?;
    let lire = |row: &db::sea_orm::QueryResult| -> Result<(i64, Box<[Valeur]>), DbError> {
        let cle: Result<Vec<Valeur>, DbError> =
            (1..5).map(|i| Ok(Valeur::from(row.try_get_by_index::<String>(i)?))).collect();
        Ok((row.try_get_by_index(0)?, cle?.into_boxed_slice()))
    };
    rows.iter().map(lire).collect()
}
