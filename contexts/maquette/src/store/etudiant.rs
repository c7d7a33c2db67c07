//! Students as pages show them: found in a list, and read whole.

use std::collections::HashMap;

use chrono::NaiveDate;
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::select;
use db::{DbError, Page, Paging};

use super::condition::{Condition, marques, total};

/// One student in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EtudiantVu {
    /// COD_ETU.
    pub numero: String,
    /// Name of birth.
    pub nom: String,
    /// Name of use, when it differs.
    pub nom_usage: Option<String>,
    /// First name.
    pub prenom: Option<String>,
    /// INE.
    pub ine: Option<String>,
    /// Gone from the source.
    pub disparu: bool,
    /// Administrative registrations of the year, in progress first.
    pub inscriptions: Vec<InscriptionBreve>,
}

impl EtudiantVu {
    /// Registered again to an étape of the year before.
    #[must_use]
    pub fn redouble(&self) -> bool {
        self.inscriptions.iter().any(|i| i.redouble && i.etat == "E")
    }

    /// How many étapes are in progress.
    #[must_use]
    pub fn en_cours(&self) -> usize {
        self.inscriptions.iter().filter(|i| i.etat == "E").count()
    }

    /// Whether one registration was cancelled.
    #[must_use]
    pub fn annulee(&self) -> bool {
        self.inscriptions.iter().any(|i| i.etat == "A")
    }
}

/// An administrative registration in a list of students.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InscriptionBreve {
    /// COD_ETP.
    pub etape: String,
    /// COD_VRS_VET.
    pub version: String,
    /// `E`, `A`, `R`.
    pub etat: String,
    /// Code of the regime.
    pub regime: Option<String>,
    /// The same étape version was already in progress the year before.
    pub redouble: bool,
}

/// What narrows a list of students.
#[derive(Clone, Debug, Default)]
pub struct Filtre<'a> {
    /// Folded text: number, names, INE.
    pub recherche: &'a str,
    /// Exact INE.
    pub ine: Option<&'a str>,
    /// Étapes: `L1DRO` or `L1DRO-9` for one version.
    pub etapes: &'a [&'a str],
    /// Diplomas.
    pub diplomes: &'a [&'a str],
    /// Regimes.
    pub regimes: &'a [&'a str],
    /// States of a registration: `E`, `A`, `R`.
    pub etats: &'a [&'a str],
    /// `redoublant`, `plusieurs`, `sans`, `disparu`: each narrows.
    pub situations: &'a [&'a str],
    /// `nom`, `numero`.
    pub tri: &'a str,
    /// From large to small.
    pub decroissant: bool,
}

/// Registrations in progress both this year and the one before, to the same étape version.
const REDOUBLE: &str = "SELECT i.etudiant FROM maquette_inscription_administrative i
    JOIN maquette_inscription_administrative p ON p.annee = i.annee - 1 AND p.etudiant = i.etudiant AND p.etape = i.etape
        AND p.version = i.version AND p.etat = 'E' AND p.ferme_le IS NULL
    WHERE i.annee = ? AND i.etat = 'E' AND i.ferme_le IS NULL";

const PLUSIEURS: &str = "SELECT etudiant FROM maquette_inscription_administrative
    WHERE annee = ? AND etat = 'E' AND ferme_le IS NULL GROUP BY etudiant HAVING COUNT(*) > 1";

/// The étape filter: a code, with or without its version after the last hyphen.
fn etapes(choix: &[&str]) -> (String, Vec<Value>) {
    let (mut sql, mut valeurs) = (Vec::new(), Vec::new());
    for e in choix {
        sql.push("i.etape = ?");
        valeurs.push(Value::from(*e));
        if let Some((code, version)) = e.rsplit_once('-') {
            sql.push("(i.etape = ? AND i.version = ?)");
            valeurs.extend([code.into(), version.into()]);
        }
    }
    (format!("({})", sql.join(" OR ")), valeurs)
}

fn condition(annee: u16, f: &Filtre<'_>) -> Condition {
    let an = || Value::from(i64::from(annee));
    let mut c = Condition::new("e.annee = ?", [an()]);
    c.et(if f.situations.contains(&"disparu") { "e.ferme_le IS NOT NULL" } else { "e.ferme_le IS NULL" });
    c.mots(f.recherche, &["e.recherche"]);
    if let Some(ine) = f.ine {
        c.et_avec("e.ine = ?", [ine.into()]);
    }
    // What is asked of a registration is asked of one and the same.
    let mut i = Condition::new("i.annee = ? AND i.ferme_le IS NULL", [an()]);
    if !f.etapes.is_empty() {
        let (sql, valeurs) = etapes(f.etapes);
        i.et_avec(&sql, valeurs);
    }
    i.parmi("i.diplome", f.diplomes);
    i.parmi("i.regime", f.regimes);
    i.parmi("i.etat", f.etats);
    if i.valeurs().len() > 1 {
        let sql = format!(
            "e.numero IN (SELECT i.etudiant FROM maquette_inscription_administrative i WHERE {})",
            i.sql()
        );
        c.et_avec(&sql, i.valeurs());
    }
    for situation in f.situations {
        match *situation {
            "redoublant" => c.et_avec(&format!("e.numero IN ({REDOUBLE})"), [an()]),
            "plusieurs" => c.et_avec(&format!("e.numero IN ({PLUSIEURS})"), [an()]),
            "sans" => c.et_avec(
                "e.numero NOT IN (SELECT etudiant FROM maquette_inscription_administrative
                  WHERE annee = ? AND etat = 'E' AND ferme_le IS NULL)",
                [an()],
            ),
            _ => {}
        }
    }
    c
}

const COLONNES: &str = "SELECT e.numero, e.nom, e.nom_usage, e.prenom, e.ine, (e.ferme_le IS NOT NULL) FROM maquette_etudiant e WHERE";

fn lire(row: &QueryResult) -> Result<EtudiantVu, DbError> {
    Ok(EtudiantVu {
        numero: row.try_get_by_index(0)?,
        nom: row.try_get_by_index::<Option<String>>(1)?.unwrap_or_default(),
        nom_usage: row.try_get_by_index(2)?,
        prenom: row.try_get_by_index(3)?,
        ine: row.try_get_by_index(4)?,
        disparu: row.try_get_by_index(5)?,
        inscriptions: Vec::new(),
    })
}

/// One page of students, with their registrations: three queries whatever the page.
///
/// # Errors
/// Those of the database.
pub async fn etudiant_list<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    f: &Filtre<'_>,
    paging: Paging,
) -> Result<Page<EtudiantVu>, DbError> {
    let c = condition(annee, f);
    let total = total(conn, "maquette_etudiant e", &c, paging).await?;
    let sens = if f.decroissant { "DESC" } else { "ASC" };
    let tri = match f.tri {
        "numero" => format!("e.numero {sens}"),
        _ => format!("SUBSTR(e.recherche, LENGTH(e.numero) + 2, 60) {sens}, e.numero"),
    };
    let sql =
        format!("{COLONNES} {} ORDER BY {tri} LIMIT {} OFFSET {}", c.sql(), paging.taille(), paging.offset());
    let mut vus = select(conn, &sql, c.valeurs()).await?.iter().map(lire).collect::<Result<Vec<_>, _>>()?;
    inscrire(conn, annee, &mut vus).await?;
    Ok(Page::new(paging, total, vus))
}

/// Gives a page of students their registrations of the year.
async fn inscrire<C: ConnectionTrait>(conn: &C, annee: u16, vus: &mut [EtudiantVu]) -> Result<(), DbError> {
    if vus.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "SELECT i.etudiant, i.etape, i.version, COALESCE(i.etat, ''), i.regime,
            EXISTS (SELECT 1 FROM maquette_inscription_administrative p WHERE p.annee = i.annee - 1 AND p.etudiant = i.etudiant
                AND p.etape = i.etape AND p.version = i.version AND p.etat = 'E' AND p.ferme_le IS NULL)
         FROM maquette_inscription_administrative i
         WHERE i.annee = ? AND i.ferme_le IS NULL AND i.etudiant IN ({})
         ORDER BY i.etudiant, i.etat = 'E' DESC, i.etape, i.version",
        marques(vus.len())
    );
    let valeurs =
        std::iter::once(i64::from(annee).into()).chain(vus.iter().map(|e| e.numero.as_str().into()));
    let mut par_numero: HashMap<String, Vec<InscriptionBreve>> = HashMap::new();
    for row in select(conn, &sql, valeurs).await? {
        par_numero.entry(row.try_get_by_index(0)?).or_default().push(InscriptionBreve {
            etape: row.try_get_by_index(1)?,
            version: row.try_get_by_index(2)?,
            etat: row.try_get_by_index(3)?,
            regime: row.try_get_by_index(4)?,
            redouble: row.try_get_by_index(5)?,
        });
    }
    for e in vus {
        e.inscriptions = par_numero.remove(&e.numero).unwrap_or_default();
    }
    Ok(())
}

/// Values of the filters of the list.
#[derive(Clone, Debug, Default)]
pub struct Facettes {
    /// Étapes with the most students: code, label, students.
    pub etapes: Vec<(String, String, u64)>,
    /// Diplomas with the most students.
    pub diplomes: Vec<(String, String, u64)>,
    /// Regimes.
    pub regimes: Vec<(String, String, u64)>,
    /// States.
    pub etats: Vec<(String, String, u64)>,
}

/// Values of the filters of the list of a year, counted in students.
///
/// # Errors
/// Those of the database.
pub async fn etudiant_facettes<C: ConnectionTrait>(conn: &C, annee: u16) -> Result<Facettes, DbError> {
    let de = async |colonnes: &str, fin: &str| -> Result<Vec<(String, String, u64)>, DbError> {
        let sql = format!(
            "SELECT {colonnes}, COUNT(DISTINCT i.etudiant) FROM maquette_inscription_administrative i {fin}"
        );
        super::condition::lire_facette(&select(conn, &sql, [Value::from(i64::from(annee))]).await?)
    };
    let ou = "WHERE i.annee = ? AND i.ferme_le IS NULL";
    Ok(Facettes {
        etapes: de(
            "i.etape, i.etape || COALESCE(' · ' || MAX(e.libelle), '')",
            &format!(
                "LEFT JOIN maquette_etape e ON e.annee = i.annee AND e.code = i.etape {ou} GROUP BY i.etape ORDER BY 3 DESC, 1 LIMIT 60"
            ),
        )
        .await?,
        diplomes: de(
            "i.diplome, i.diplome || COALESCE(' · ' || MAX(d.libelle), '')",
            &format!(
                "LEFT JOIN maquette_diplome d ON d.annee = i.annee AND d.code = i.diplome {ou} AND i.diplome IS NOT NULL GROUP BY i.diplome ORDER BY 3 DESC, 1 LIMIT 60"
            ),
        )
        .await?,
        regimes: de("i.regime, i.regime", &format!("{ou} AND i.regime IS NOT NULL GROUP BY i.regime ORDER BY 1")).await?,
        etats: de("i.etat, i.etat", &format!("{ou} AND i.etat IS NOT NULL GROUP BY i.etat ORDER BY 3 DESC")).await?,
    })
}

/// Civil status and addresses of one student, as last held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identite {
    /// COD_ETU.
    pub numero: String,
    /// Name of birth.
    pub nom: String,
    /// Name of use.
    pub nom_usage: Option<String>,
    /// First name.
    pub prenom: Option<String>,
    /// INE.
    pub ine: Option<String>,
    /// Birth.
    pub naissance: Option<NaiveDate>,
    /// Nationality.
    pub nationalite: Option<String>,
    /// Arrangements for a disability.
    pub amenagement: Option<bool>,
    /// E-mail.
    pub email: Option<String>,
    /// Telephone.
    pub telephone: Option<String>,
    /// Address: lines of it.
    pub adresse: Vec<String>,
    /// Gone from the source.
    pub disparu: bool,
    /// The year this picture is of: the one asked, or the latest held before or after.
    pub annee: u16,
}

/// One student in a year; failing that year, in the latest one held.
///
/// # Errors
/// Those of the database.
pub async fn etudiant_read<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    annees: &[u16],
    numero: &str,
) -> Result<Option<Identite>, DbError> {
    let toutes: Vec<u16> = std::iter::once(annee).chain(annees.iter().copied()).collect();
    let sql = format!(
        "SELECT e.numero, e.nom, e.nom_usage, e.prenom, e.ine, e.naissance, e.nationalite, e.handicap, e.email, e.telephone,
            e.adresse, e.code_postal, e.ville, e.pays, (e.ferme_le IS NOT NULL), e.annee
         FROM maquette_etudiant e WHERE e.annee IN ({}) AND e.numero = ? ORDER BY e.annee = ? DESC, e.annee DESC LIMIT 1",
        marques(toutes.len())
    );
    let valeurs = toutes.iter().map(|a| Value::from(i64::from(*a)));
    let valeurs: Vec<Value> = valeurs.chain([numero.into(), i64::from(annee).into()]).collect();
    let rows = select(conn, &sql, valeurs).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let texte = |i: usize| row.try_get_by_index::<Option<String>>(i);
    let ville = [texte(11)?, texte(12)?].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let adresse =
        [texte(10)?, Some(ville), texte(13)?].into_iter().flatten().filter(|l| !l.is_empty()).collect();
    Ok(Some(Identite {
        numero: row.try_get_by_index(0)?,
        nom: texte(1)?.unwrap_or_default(),
        nom_usage: texte(2)?,
        prenom: texte(3)?,
        ine: texte(4)?,
        naissance: row.try_get_by_index(5)?,
        nationalite: texte(6)?,
        amenagement: row.try_get_by_index(7)?,
        email: texte(8)?,
        telephone: texte(9)?,
        adresse,
        disparu: row.try_get_by_index(14)?,
        annee: u16::try_from(row.try_get_by_index::<i64>(15)?).unwrap_or_default(),
    }))
}
