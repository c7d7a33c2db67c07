//! Local corrections as pages read them: the list, one, those of one object.
//!
//! A page that shows an object asks [`correction_de_l_objet`] once, and marks the fields it finds there
//! (`web::corrections::marque`); a list asks [`correction_cles`] for the rows of its page.

use chrono::{DateTime, NaiveDate, Utc};
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::{count, like, select};
use db::{DbError, Page, Paging};
use serde::Serialize;

use crate::domain::correction::{EtatCorrection, cle_de_json, de_json, dite};
use crate::domain::genre::{Colonne, Genre};
use crate::domain::valeur::{Valeur, cle_json, cle_lisible};

/// A correction as it is held.
#[derive(Clone, Debug)]
pub struct CorrectionVue {
    /// Its number.
    pub id: i64,
    /// The year it is for; nothing: every year.
    pub annee: Option<u16>,
    /// Kind of row.
    pub genre: Genre,
    /// Key of the row.
    pub cle: Box<[Valeur]>,
    /// Field.
    pub champ: &'static Colonne,
    /// The object's label when it was set.
    pub libelle: String,
    /// The value put over the source's.
    pub valeur: Valeur,
    /// Why.
    pub motif: String,
    /// First day.
    pub debut: NaiveDate,
    /// Last day.
    pub fin: NaiveDate,
    /// Who set it.
    pub posee_par: String,
    /// When.
    pub posee_le: DateTime<Utc>,
    /// Who ended it, when, why.
    pub retiree: Option<(String, DateTime<Utc>, String)>,
    /// Where it stands.
    pub etat: EtatCorrection,
    /// What the source says, for the year looked at or the latest known.
    pub source: Option<SourceVue>,
}

/// What the source says of a corrected field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceVue {
    /// For which year.
    pub annee: u16,
    /// The object is still there.
    pub presente: bool,
    /// When the correction was set.
    pub pose: Valeur,
    /// Last.
    pub dite: Valeur,
    /// Since when.
    pub dite_le: DateTime<Utc>,
}

impl CorrectionVue {
    /// The key as a reader sees it.
    #[must_use]
    pub fn cle_lisible(&self) -> String {
        cle_lisible(&self.cle)
    }

    /// The corrected value, in words.
    #[must_use]
    pub fn valeur_dite(&self) -> String {
        dite(self.champ, &self.valeur)
    }

    /// What the source says, in words; nothing when the year was never collected.
    #[must_use]
    pub fn source_dite(&self) -> Option<String> {
        self.source.as_ref().map(|s| dite(self.champ, &s.dite))
    }

    /// The source moved since the correction was set: from, to.
    #[must_use]
    pub fn depassee(&self) -> Option<(String, String)> {
        let s = self.source.as_ref().filter(|s| s.presente && s.pose != s.dite && s.dite != self.valeur)?;
        Some((dite(self.champ, &s.pose), dite(self.champ, &s.dite)))
    }

    /// The source now says the same.
    #[must_use]
    pub fn inutile(&self) -> bool {
        self.source.as_ref().is_some_and(|s| s.presente && s.dite == self.valeur)
    }

    /// The values that a form showed, for `web::vu`.
    #[must_use]
    pub fn vues(&self) -> [String; 4] {
        let retiree = self.retiree.as_ref().map(|(_, quand, _)| quand.to_rfc3339()).unwrap_or_default();
        [self.valeur.json().to_string(), self.fin.to_string(), self.motif.clone(), retiree]
    }
}

const COLONNES: &str = "SELECT c.id, c.annee, c.genre, c.cle, c.champ, c.libelle, c.valeur, c.motif, c.debut, c.fin, c.posee_par,
    c.posee_le, c.retiree_par, c.retiree_le, c.retiree_motif, c.expiree, s.annee, s.presente, s.pose, s.dite, s.dite_le";

/// The source's word for the year looked at; else the latest year's.
const SOURCES: &str = "LEFT JOIN maquette_correction_source s ON s.correction_id = c.id AND s.annee =
    COALESCE((SELECT v.annee FROM maquette_correction_source v WHERE v.correction_id = c.id AND v.annee = ?),
        (SELECT MAX(v.annee) FROM maquette_correction_source v WHERE v.correction_id = c.id))";

fn lire(row: &QueryResult) -> Result<Option<CorrectionVue>, DbError> {
    let texte = |i| row.try_get_by_index::<String>(i);
    let (genre, champ): (String, String) = (texte(2)?, texte(4)?);
    let Some(genre) = Genre::of_code(&genre) else { return Ok(None) };
    let Some(champ) = genre.champs().iter().find(|c| c.nom == champ) else { return Ok(None) };
    let Some(cle) = cle_de_json(genre, &texte(3)?) else { return Ok(None) };
    let valeur = |t: &str| {
        serde_json::from_str(t).ok().and_then(|v| de_json(champ.sorte, &v)).unwrap_or(Valeur::Absent)
    };
    let retiree_le: Option<DateTime<Utc>> = row.try_get_by_index(13)?;
    let retiree = match retiree_le {
        Some(quand) => Some((
            row.try_get_by_index::<Option<String>>(12)?.unwrap_or_default(),
            quand,
            row.try_get_by_index::<Option<String>>(14)?.unwrap_or_default(),
        )),
        None => None,
    };
    let etat = match (&retiree, row.try_get_by_index(15)?) {
        (None, _) => EtatCorrection::Active,
        (Some(_), true) => EtatCorrection::Expiree,
        (Some(_), false) => EtatCorrection::Levee,
    };
    let an = |n: i64| u16::try_from(n).unwrap_or_default();
    let source = match row.try_get_by_index::<Option<i64>>(16)? {
        Some(annee) => Some(SourceVue {
            annee: an(annee),
            presente: row.try_get_by_index(17)?,
            pose: valeur(&texte(18)?),
            dite: valeur(&texte(19)?),
            dite_le: row.try_get_by_index(20)?,
        }),
        None => None,
    };
    Ok(Some(CorrectionVue {
        id: row.try_get_by_index(0)?,
        annee: Some(an(row.try_get_by_index(1)?)).filter(|a| *a > 0),
        genre,
        cle,
        champ,
        libelle: texte(5)?,
        valeur: valeur(&texte(6)?),
        motif: texte(7)?,
        debut: row.try_get_by_index(8)?,
        fin: row.try_get_by_index(9)?,
        posee_par: texte(10)?,
        posee_le: row.try_get_by_index(11)?,
        retiree,
        etat,
        source,
    }))
}

fn lire_tout(rows: &[QueryResult]) -> Result<Vec<CorrectionVue>, DbError> {
    Ok(rows.iter().map(lire).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// One correction. `annee` is the year whose source's word is wanted first.
///
/// # Errors
/// Those of the database.
pub async fn correction_read<C: ConnectionTrait>(
    conn: &C,
    id: i64,
    annee: u16,
) -> Result<Option<CorrectionVue>, DbError> {
    let sql = format!("{COLONNES} FROM maquette_correction c {SOURCES} WHERE c.id = ?");
    let rows = select(conn, &sql, [i64::from(annee).into(), id.into()]).await?;
    Ok(lire_tout(&rows)?.into_iter().next())
}

/// The corrections that hold on an object for a year, one a field: what its page marks.
///
/// # Errors
/// Those of the database.
pub async fn correction_de_l_objet<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    genre: Genre,
    cle: &[Valeur],
) -> Result<Vec<CorrectionVue>, DbError> {
    let sql = format!(
        "{COLONNES} FROM maquette_correction c {SOURCES}
         WHERE c.genre = ? AND c.cle = ? AND c.annee IN (0, ?) AND c.retiree_le IS NULL ORDER BY c.champ"
    );
    let annee = i64::from(annee);
    let valeurs = [annee.into(), genre.description().code.into(), cle_json(cle).into(), Value::from(annee)];
    lire_tout(&select(conn, &sql, valeurs).await?)
}

/// The corrections that hold on the hours of an element for a year.
///
/// # Errors
/// Those of the database.
pub async fn correction_des_heures<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    element: &str,
) -> Result<Vec<CorrectionVue>, DbError> {
    // Keys are JSON arrays: those of an element's hours begin alike.
    let debut = serde_json::Value::from(element).to_string();
    let sql = format!(
        "{COLONNES} FROM maquette_correction c {SOURCES}
         WHERE c.genre = 'heures' AND c.cle LIKE ? ESCAPE '!' AND c.annee IN (0, ?) AND c.retiree_le IS NULL ORDER BY c.cle"
    );
    let motif = like(&format!("[{debut},")).trim_start_matches('%').to_owned();
    let annee = i64::from(annee);
    lire_tout(&select(conn, &sql, [annee.into(), motif.into(), annee.into()]).await?)
}

/// Among rows of a list, those with a value corrected: key as JSON (`domain::valeur::cle_json`) and field.
///
/// # Errors
/// Those of the database.
pub async fn correction_cles<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    genre: Genre,
    cles: &[String],
) -> Result<Vec<(String, String)>, DbError> {
    let mut trouvees = Vec::new();
    for lot in cles.chunks(500) {
        let marques = vec!["?"; lot.len()].join(", ");
        let sql = format!(
            "SELECT cle, champ FROM maquette_correction
             WHERE genre = ? AND annee IN (0, ?) AND retiree_le IS NULL AND cle IN ({marques})"
        );
        let mut valeurs: Vec<Value> = vec![genre.description().code.into(), i64::from(annee).into()];
        valeurs.extend(lot.iter().map(|c| Value::from(c.as_str())));
        for row in select(conn, &sql, valeurs).await? {
            trouvees.push((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
        }
    }
    Ok(trouvees)
}

/// A correction that holds for the same field and a year in common.
///
/// # Errors
/// Those of the database.
pub async fn correction_rivale<C: ConnectionTrait>(
    conn: &C,
    annee: Option<u16>,
    genre: Genre,
    cle: &[Valeur],
    champ: &str,
) -> Result<Option<i64>, DbError> {
    let mut sql = "SELECT id FROM maquette_correction
        WHERE genre = ? AND cle = ? AND champ = ? AND retiree_le IS NULL"
        .to_owned();
    let mut valeurs: Vec<Value> = vec![genre.description().code.into(), cle_json(cle).into(), champ.into()];
    if let Some(annee) = annee {
        sql.push_str(" AND annee IN (0, ?)");
        valeurs.push(i64::from(annee).into());
    }
    let rows = select(conn, &format!("{sql} ORDER BY id LIMIT 1"), valeurs).await?;
    Ok(match rows.first() {
        Some(row) => Some(row.try_get_by_index(0)?),
        None => None,
    })
}

/// What narrows a list of corrections.
#[derive(Clone, Debug, Default)]
pub struct Filtre<'a> {
    /// Folded text.
    pub recherche: &'a str,
    /// Codes of kinds.
    pub genres: &'a [&'a str],
    /// Codes of [`EtatCorrection`]; empty: all.
    pub etats: &'a [&'a str],
    /// Only those that hold and whose last day comes before this one.
    pub bientot: Option<NaiveDate>,
    /// Only those whose source moved, or agrees.
    pub source: Option<&'a str>,
    /// `fin`, `cle`, `posee`.
    pub tri: &'a str,
    /// From large to small.
    pub decroissant: bool,
}

const ACTIVE: &str = "c.retiree_le IS NULL";
const EXPIREE: &str = "(c.retiree_le IS NOT NULL AND c.expiree)";
const LEVEE: &str = "(c.retiree_le IS NOT NULL AND NOT c.expiree)";
const DEPASSEE: &str = "(c.retiree_le IS NULL AND s.presente AND s.pose <> s.dite AND s.dite <> c.valeur)";
const INUTILE: &str = "(c.retiree_le IS NULL AND s.presente AND s.dite = c.valeur)";

fn restreint(annee: u16, f: &Filtre<'_>) -> (String, Vec<Value>) {
    let mut ou = format!("FROM maquette_correction c {SOURCES} WHERE c.annee IN (0, ?)");
    let mut valeurs: Vec<Value> = vec![i64::from(annee).into(), i64::from(annee).into()];
    for mot in f.recherche.split_whitespace() {
        ou.push_str(" AND c.recherche LIKE ? ESCAPE '!'");
        valeurs.push(like(mot).into());
    }
    if !f.genres.is_empty() {
        ou.push_str(&format!(" AND c.genre IN ({})", vec!["?"; f.genres.len()].join(", ")));
        valeurs.extend(f.genres.iter().map(|g| Value::from(*g)));
    }
    if !f.etats.is_empty() {
        let parts = f.etats.iter().filter_map(|e| match *e {
            "active" => Some(ACTIVE),
            "expiree" => Some(EXPIREE),
            "levee" => Some(LEVEE),
            _ => None,
        });
        let parts = parts.collect::<Vec<_>>().join(" OR ");
        ou.push_str(&format!(" AND ({})", if parts.is_empty() { "1 = 0" } else { &parts }));
    }
    if let Some(jour) = f.bientot {
        ou.push_str(&format!(" AND {ACTIVE} AND c.fin <= ?"));
        valeurs.push(jour.into());
    }
    match f.source {
        Some("depassee") => ou.push_str(&format!(" AND {DEPASSEE}")),
        Some("inutile") => ou.push_str(&format!(" AND {INUTILE}")),
        _ => {}
    }
    (ou, valeurs)
}

/// One page of corrections that bear on a year.
///
/// # Errors
/// Those of the database.
pub async fn correction_list<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    f: &Filtre<'_>,
    paging: Paging,
) -> Result<Page<CorrectionVue>, DbError> {
    let (ou, valeurs) = restreint(annee, f);
    let total = count(conn, &format!("SELECT COUNT(*) {ou}"), valeurs.clone()).await?;
    let sens = if f.decroissant { "DESC" } else { "ASC" };
    let tri = match f.tri {
        "cle" => format!("c.genre {sens}, c.cle {sens}, c.champ"),
        "posee" => format!("c.posee_le {sens}"),
        // Those that hold first, the nearest end first: what somebody will have to look at.
        _ => format!("(CASE WHEN {ACTIVE} THEN 0 ELSE 1 END), c.fin {sens}"),
    };
    let sql =
        format!("{COLONNES} {ou} ORDER BY {tri}, c.id LIMIT {} OFFSET {}", paging.taille(), paging.offset());
    let rows = select(conn, &sql, valeurs).await?;
    Ok(Page::new(paging, total, lire_tout(&rows)?))
}

/// How many corrections bear on a year, by state and by kind, and how many ask for a look.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Comptes {
    /// They hold.
    pub actives: u64,
    /// Their day came.
    pub expirees: u64,
    /// Somebody ended them.
    pub levees: u64,
    /// They hold, and end by the day given.
    pub bientot: u64,
    /// Their source moved.
    pub depassees: u64,
    /// Their source agrees.
    pub inutiles: u64,
    /// By kind, all states.
    pub genres: Vec<(String, u64)>,
}

/// Counts, by the very conditions that [`correction_list`] filters by.
///
/// # Errors
/// Those of the database.
pub async fn correction_counts<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    bientot: NaiveDate,
) -> Result<Comptes, DbError> {
    let somme = |quoi: &str| format!("COALESCE(SUM(CASE WHEN {quoi} THEN 1 ELSE 0 END), 0)");
    let (ou, mut valeurs) = restreint(annee, &Filtre::default());
    valeurs.insert(0, bientot.into());
    let sql = format!(
        "SELECT c.genre, {}, {}, {}, COALESCE(SUM(CASE WHEN {ACTIVE} AND c.fin <= ? THEN 1 ELSE 0 END), 0), {}, {}, COUNT(*)
         {ou} GROUP BY c.genre ORDER BY c.genre",
        somme(ACTIVE),
        somme(EXPIREE),
        somme(LEVEE),
        somme(DEPASSEE),
        somme(INUTILE),
    );
    let mut comptes = Comptes::default();
    for row in select(conn, &sql, valeurs).await? {
        let n = |i| -> Result<u64, DbError> { Ok(row.try_get_by_index::<i64>(i)?.unsigned_abs()) };
        comptes.actives += n(1)?;
        comptes.expirees += n(2)?;
        comptes.levees += n(3)?;
        comptes.bientot += n(4)?;
        comptes.depassees += n(5)?;
        comptes.inutiles += n(6)?;
        comptes.genres.push((row.try_get_by_index(0)?, n(7)?));
    }
    Ok(comptes)
}
