//! Teachers as pages show them.

use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::{count, select};
use db::{DbError, Page, Paging};
use kernel::Centi;

use super::condition::{Condition, Facette, lire_facette, total};

/// One teacher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnseignantVu {
    /// Number in Eve.
    pub numero: String,
    /// Family name.
    pub nom: String,
    /// Name of use, when it differs.
    pub nom_usage: Option<String>,
    /// First name.
    pub prenom: Option<String>,
    /// M., Mme.
    pub civilite: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Corps, in words.
    pub corps: Option<String>,
    /// Status.
    pub statut: Option<String>,
    /// Component: its label when known.
    pub composante: Option<String>,
    /// CNU section.
    pub section_cnu: Option<String>,
    /// Statutory service.
    pub service: Option<Centi>,
    /// Gone from the source.
    pub disparu: bool,
}

/// What narrows a list of teachers.
#[derive(Clone, Debug, Default)]
pub struct Filtre<'a> {
    /// Folded text: names and number.
    pub recherche: &'a str,
    /// Corps.
    pub corps: &'a [&'a str],
    /// Statuses.
    pub statuts: &'a [&'a str],
    /// Codes of components.
    pub composantes: &'a [&'a str],
    /// CNU sections.
    pub sections: &'a [&'a str],
    /// `disparu`: gone from the source.
    pub etat: Option<&'a str>,
    /// `nom`, `numero`, `corps`, `composante`, `service`.
    pub tri: &'a str,
    /// From large to small.
    pub decroissant: bool,
}

fn condition(annee: u16, f: &Filtre<'_>) -> Condition {
    let mut c = Condition::new("e.annee = ?", [i64::from(annee).into()]);
    c.et(if f.etat == Some("disparu") { "e.ferme_le IS NOT NULL" } else { "e.ferme_le IS NULL" });
    c.mots(f.recherche, &["e.recherche"]);
    c.parmi("e.corps", f.corps);
    c.parmi("e.statut", f.statuts);
    c.parmi("e.composante", f.composantes);
    c.parmi("e.section_cnu", f.sections);
    c
}

const COLONNES: &str =
    "SELECT e.numero, e.nom, e.nom_usage, e.prenom, e.civilite, e.email, e.corps, e.statut,
        COALESCE(c.libelle, e.composante), e.section_cnu, e.service_statutaire, (e.ferme_le IS NOT NULL)
    FROM maquette_enseignant e
    LEFT JOIN maquette_composante c ON c.annee = e.annee AND c.code = e.composante WHERE";

fn lire(row: &QueryResult) -> Result<EnseignantVu, DbError> {
    Ok(EnseignantVu {
        numero: row.try_get_by_index(0)?,
        nom: row.try_get_by_index::<Option<String>>(1)?.unwrap_or_default(),
        nom_usage: row.try_get_by_index(2)?,
        prenom: row.try_get_by_index(3)?,
        civilite: row.try_get_by_index(4)?,
        email: row.try_get_by_index(5)?,
        corps: row.try_get_by_index(6)?,
        statut: row.try_get_by_index(7)?,
        composante: row.try_get_by_index(8)?,
        section_cnu: row.try_get_by_index(9)?,
        service: row.try_get_by_index::<Option<i64>>(10)?.map(Centi),
        disparu: row.try_get_by_index(11)?,
    })
}

/// One page of teachers.
///
/// # Errors
/// Those of the database.
pub async fn enseignant_list<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    f: &Filtre<'_>,
    paging: Paging,
) -> Result<Page<EnseignantVu>, DbError> {
    let c = condition(annee, f);
    let total = total(conn, "maquette_enseignant e", &c, paging).await?;
    let sens = if f.decroissant { "DESC" } else { "ASC" };
    let tri = match f.tri {
        "numero" => format!("e.numero {sens}"),
        "corps" => format!("e.corps {sens}, e.numero"),
        "composante" => format!("9 {sens}, e.numero"),
        "service" => format!("e.service_statutaire IS NULL, e.service_statutaire {sens}, e.numero"),
        _ => format!("SUBSTR(e.recherche, LENGTH(e.numero) + 2, 60) {sens}, e.numero"),
    };
    let sql =
        format!("{COLONNES} {} ORDER BY {tri} LIMIT {} OFFSET {}", c.sql(), paging.taille(), paging.offset());
    let vus = select(conn, &sql, c.valeurs()).await?.iter().map(lire).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::new(paging, total, vus))
}

/// One teacher.
///
/// # Errors
/// Those of the database.
pub async fn enseignant_read<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    numero: &str,
) -> Result<Option<EnseignantVu>, DbError> {
    let sql = format!("{COLONNES} e.annee = ? AND e.numero = ?");
    select(conn, &sql, [i64::from(annee).into(), numero.into()]).await?.first().map(lire).transpose()
}

/// Values of the filters of the list: corps, statuses, components, CNU sections.
///
/// # Errors
/// Those of the database.
pub async fn enseignant_facettes<C: ConnectionTrait>(conn: &C, annee: u16) -> Result<[Facette; 4], DbError> {
    let de = async |colonne: &str, ordre: &str| -> Result<Facette, DbError> {
        let sql = format!(
            "SELECT e.{colonne}, e.{colonne}, COUNT(*) FROM maquette_enseignant e
             WHERE e.annee = ? AND e.ferme_le IS NULL AND e.{colonne} IS NOT NULL GROUP BY e.{colonne} ORDER BY {ordre} LIMIT 80"
        );
        lire_facette(&select(conn, &sql, [Value::from(i64::from(annee))]).await?)
    };
    let composantes = "SELECT e.composante, COALESCE(MAX(c.libelle), e.composante), COUNT(*) FROM maquette_enseignant e
        LEFT JOIN maquette_composante c ON c.annee = e.annee AND c.code = e.composante
        WHERE e.annee = ? AND e.ferme_le IS NULL AND e.composante IS NOT NULL GROUP BY e.composante ORDER BY 2";
    Ok([
        de("corps", "1").await?,
        de("statut", "1").await?,
        lire_facette(&select(conn, composantes, [Value::from(i64::from(annee))]).await?)?,
        de("section_cnu", "1").await?,
    ])
}

/// An element that a person answers for, as Kofr says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Responsabilite {
    /// COD_ELP.
    pub code: String,
    /// Label.
    pub libelle: String,
    /// Nature.
    pub nature: Option<String>,
    /// Period.
    pub periode: Option<String>,
    /// ECTS.
    pub ects: Option<Centi>,
}

/// Elements whose responsible person has this name in Kofr, one page. Kofr gives a name, not a number: two persons of one name are not told apart.
///
/// # Errors
/// Those of the database.
pub async fn enseignant_elements<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    noms: &[String],
    paging: Paging,
) -> Result<Page<Responsabilite>, DbError> {
    let mut c = Condition::new(
        "annee = ? AND ferme_le IS NULL AND NOT COALESCE(ferme, FALSE)",
        [i64::from(annee).into()],
    );
    let noms: Vec<&str> = noms.iter().map(String::as_str).collect();
    if noms.is_empty() {
        return Ok(Page::new(paging, 0, Vec::new()));
    }
    c.parmi("responsable", &noms);
    let total =
        count(conn, &format!("SELECT COUNT(*) FROM maquette_element WHERE {}", c.sql()), c.valeurs()).await?;
    let sql = format!(
        "SELECT code, COALESCE(libelle, ''), nature, periode, ects FROM maquette_element WHERE {} ORDER BY code LIMIT {} OFFSET {}",
        c.sql(),
        paging.taille(),
        paging.offset()
    );
    let rows = select(conn, &sql, c.valeurs()).await?;
    let lus = rows.iter().map(|row| {
        Ok(Responsabilite {
            code: row.try_get_by_index(0)?,
            libelle: row.try_get_by_index(1)?,
            nature: row.try_get_by_index(2)?,
            periode: row.try_get_by_index(3)?,
            ects: row.try_get_by_index::<Option<i64>>(4)?.map(Centi),
        })
    });
    Ok(Page::new(paging, total, lus.collect::<Result<Vec<_>, DbError>>()?))
}
