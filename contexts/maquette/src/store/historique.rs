//! The history of one object: what collections and undos changed in it and in its parts, and what people did to it.

use chrono::{DateTime, Utc};
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::{count, select};
use db::{DbError, Page, Paging};
use serde_json::json;

use super::condition::marques;
use crate::domain::genre::Genre;

/// Whose history.
#[derive(Clone, Copy, Debug)]
pub enum Sujet<'a> {
    /// A diploma: itself, its versions, what is attached to them.
    Diplome(&'a str),
    /// An étape version, or an étape without one: itself, its lists, its diplomas.
    Etape(&'a str, Option<&'a str>),
    /// An element: itself, its hours, the lists it is in and those under it.
    Element(&'a str),
    /// A teacher.
    Enseignant(&'a str),
    /// A student: civil status, administrative and pedagogical registrations.
    Etudiant(&'a str),
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Fait {
    /// A line of a change set.
    Changement {
        /// The collection.
        collecte: i64,
        /// The collection that it undoes, if it is an undo.
        annule: Option<i64>,
        /// What that collection read: `correction` when it read nothing, and put local values.
        portee: String,
        /// The academic year it pictures.
        annee: i64,
        /// Code of the sort.
        sorte: String,
        /// Label, if the kind has one.
        libelle: Option<String>,
    },
    /// A line of the journal.
    Journal {
        /// The verb.
        action: String,
    },
}

/// One line of a history.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// When.
    pub quand: DateTime<Utc>,
    /// Who.
    pub acteur: String,
    /// What.
    pub fait: Fait,
    /// Kind of what changed: the code of a genre, or the object of a journal line.
    pub objet: String,
    /// Its key: a JSON array for a change, the key of the journal otherwise.
    pub cle: String,
    /// Before.
    pub avant: Option<serde_json::Value>,
    /// After.
    pub apres: Option<serde_json::Value>,
}

/// The keys of a kind, as change sets write them.
type Cles = Vec<(Genre, Vec<String>)>;

/// Keys of the parts of an object: read from the rows held in any year, closed ones included, so that what is gone keeps its history.
async fn parties<C: ConnectionTrait>(
    conn: &C,
    genre: Genre,
    ou: &str,
    valeurs: &[&str],
) -> Result<Vec<String>, DbError> {
    let d = genre.description();
    let colonnes = d.cle.iter().map(|c| c.nom).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "SELECT DISTINCT {colonnes} FROM {} WHERE annee IN (SELECT DISTINCT annee FROM maquette_ensemble) AND {ou} LIMIT {PARTIES}",
        super::objet::table(genre)
    );
    let rows = select(conn, &sql, valeurs.iter().map(|v| Value::from(*v))).await?;
    rows.iter()
        .map(|row| {
            let parts = d.cle.iter().enumerate().map(|(i, c)| {
                Ok(match c.sorte {
                    crate::domain::genre::SorteColonne::Entier => json!(row.try_get_by_index::<i64>(i)?),
                    _ => json!(row.try_get_by_index::<String>(i)?),
                })
            });
            Ok(serde_json::Value::Array(parts.collect::<Result<_, DbError>>()?).to_string())
        })
        .collect()
}

/// Parts of one kind that a history follows: an object that has more is a faulty one.
const PARTIES: usize = 2_000;

/// Every key whose changes belong to a history.
async fn cles<C: ConnectionTrait>(conn: &C, sujet: Sujet<'_>) -> Result<Cles, DbError> {
    let seule = |code: &str| vec![json!([code]).to_string()];
    Ok(match sujet {
        Sujet::Diplome(code) => vec![
            (Genre::Diplome, seule(code)),
            (Genre::VersionDiplome, parties(conn, Genre::VersionDiplome, "diplome = ?", &[code]).await?),
            (Genre::Rattachement, parties(conn, Genre::Rattachement, "diplome = ?", &[code]).await?),
        ],
        Sujet::Etape(code, version) => {
            let version = version.unwrap_or_default();
            let deux = [code, version];
            vec![
                (Genre::Etape, seule(code)),
                (Genre::VersionEtape, vec![json!(deux).to_string()]),
                (
                    Genre::LienEtapeListe,
                    parties(conn, Genre::LienEtapeListe, "etape = ? AND version = ?", &deux).await?,
                ),
                (
                    Genre::Rattachement,
                    parties(conn, Genre::Rattachement, "etape = ? AND version_etape = ?", &deux).await?,
                ),
            ]
        }
        Sujet::Element(code) => vec![
            (Genre::Element, seule(code)),
            (Genre::Heures, parties(conn, Genre::Heures, "element = ?", &[code]).await?),
            (Genre::Controle, parties(conn, Genre::Controle, "element = ?", &[code]).await?),
            (Genre::LienListeElement, parties(conn, Genre::LienListeElement, "element = ?", &[code]).await?),
            (Genre::LienElementListe, parties(conn, Genre::LienElementListe, "element = ?", &[code]).await?),
        ],
        Sujet::Enseignant(numero) => vec![(Genre::Enseignant, seule(numero))],
        Sujet::Etudiant(numero) => vec![
            (Genre::Etudiant, seule(numero)),
            (
                Genre::InscriptionAdministrative,
                parties(conn, Genre::InscriptionAdministrative, "etudiant = ?", &[numero]).await?,
            ),
            (
                Genre::InscriptionPedagogique,
                parties(conn, Genre::InscriptionPedagogique, "etudiant = ?", &[numero]).await?,
            ),
        ],
    })
}

/// « (genre = ? AND cle IN (?, ?)) OR (…) », with its values.
fn parmi(cles: &Cles) -> (String, Vec<Value>) {
    let (mut sql, mut valeurs) = (Vec::new(), Vec::new());
    for (genre, cles) in cles.iter().filter(|(_, cles)| !cles.is_empty()) {
        sql.push(format!("(genre = ? AND cle IN ({}))", marques(cles.len())));
        valeurs.push(genre.description().code.into());
        valeurs.extend(cles.iter().map(|c| Value::from(c.as_str())));
    }
    (sql.join(" OR "), valeurs)
}

/// The corrections of an object and its parts, as the journal names them.
async fn corrections<C: ConnectionTrait>(conn: &C, cles: &Cles) -> Result<Vec<String>, DbError> {
    let (ou, valeurs) = parmi(cles);
    let rows = select(conn, &format!("SELECT id FROM maquette_correction WHERE {ou}"), valeurs).await?;
    rows.iter().map(|r| Ok(r.try_get_by_index::<i64>(0)?.to_string())).collect()
}

/// The anomalies of an object, whatever the year, as the journal names them.
async fn anomalies<C: ConnectionTrait>(conn: &C, sujet: Sujet<'_>) -> Result<Vec<String>, DbError> {
    let (genre, cle) = match sujet {
        Sujet::Diplome(code) => (Genre::Diplome, code.to_owned()),
        Sujet::Etape(code, version) => {
            (Genre::VersionEtape, format!("{code} · {}", version.unwrap_or_default()))
        }
        Sujet::Element(code) => (Genre::Element, code.to_owned()),
        Sujet::Enseignant(numero) => (Genre::Enseignant, numero.to_owned()),
        Sujet::Etudiant(numero) => (Genre::Etudiant, numero.to_owned()),
    };
    let sql = "SELECT id FROM maquette_anomalie WHERE annee IN (SELECT DISTINCT annee FROM maquette_ensemble)
        AND objet = ? AND cle_objet = ?";
    let rows = select(conn, sql, [genre.description().code.into(), cle.into()]).await?;
    rows.iter().map(|r| Ok(r.try_get_by_index::<i64>(0)?.to_string())).collect()
}

/// One page of the history of an object, the latest first.
///
/// # Errors
/// Those of the database.
pub async fn historique_list<C: ConnectionTrait>(
    conn: &C,
    sujet: Sujet<'_>,
    paging: Paging,
) -> Result<Page<Trace>, DbError> {
    let cles = cles(conn, sujet).await?;
    let (ou, mut valeurs) = parmi(&cles);
    let mut sql = format!(
        "SELECT 0 AS sorte_ligne, x.id AS ordre, COALESCE(k.finie_le, k.debutee_le, k.demandee_le) AS quand, k.acteur AS acteur,
            x.collecte_id AS collecte, k.annule_id AS annule, k.annee AS annee, k.portee AS portee, x.sorte AS sorte, x.libelle AS libelle,
            x.genre AS objet, x.cle AS cle, x.avant AS avant, x.apres AS apres
         FROM (SELECT * FROM maquette_changement WHERE {ou}) x JOIN maquette_collecte k ON k.id = x.collecte_id
         WHERE k.etat = 'terminee' AND NOT k.simulation"
    );
    let decisions =
        [("correction", corrections(conn, &cles).await?), ("anomalie", anomalies(conn, sujet).await?)];
    for (objet, cles) in decisions.into_iter().filter(|(_, cles)| !cles.is_empty()) {
        sql.push_str(&format!(
            " UNION ALL SELECT 1, id, quand, acteur, CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), CAST(NULL AS BIGINT),
                CAST(NULL AS TEXT), action, CAST(NULL AS TEXT), objet, cle, avant, apres
             FROM journal WHERE objet = ? AND cle IN ({})",
            marques(cles.len())
        ));
        valeurs.push(objet.into());
        valeurs.extend(cles.into_iter().map(Value::from));
    }
    let total = count(conn, &format!("SELECT COUNT(*) FROM ({sql}) h"), valeurs.clone()).await?;
    let sql = format!(
        "SELECT * FROM ({sql}) h ORDER BY quand DESC, sorte_ligne DESC, ordre DESC LIMIT {} OFFSET {}",
        paging.taille(),
        paging.offset()
    );
    let rows = select(conn, &sql, valeurs).await?.iter().map(lire).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::new(paging, total, rows))
}

fn lire(row: &QueryResult) -> Result<Trace, DbError> {
    let json = |t: Option<String>| t.and_then(|t| serde_json::from_str(&t).ok());
    let sorte: String = row.try_get("", "sorte")?;
    let fait = match row.try_get::<Option<i64>>("", "collecte")? {
        Some(collecte) => Fait::Changement {
            collecte,
            annule: row.try_get("", "annule")?,
            portee: row.try_get("", "portee")?,
            annee: row.try_get("", "annee")?,
            sorte,
            libelle: row.try_get("", "libelle")?,
        },
        None => Fait::Journal { action: sorte },
    };
    Ok(Trace {
        quand: row.try_get("", "quand")?,
        acteur: row.try_get("", "acteur")?,
        fait,
        objet: row.try_get("", "objet")?,
        cle: row.try_get("", "cle")?,
        avant: json(row.try_get("", "avant")?),
        apres: json(row.try_get("", "apres")?),
    })
}
