//! Students as the REST interface reads them: what a consumer may not see is not read.

use std::collections::HashMap;

use chrono::NaiveDate;
use db::DbError;
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::{like, select};

use super::condition::{Condition, marques};
use super::page_lue::{Fenetre, page_lue};

/// One student.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EtudiantLu {
    /// Year of this row.
    pub annee: i64,
    /// COD_ETU.
    pub numero: String,
    /// Name of birth.
    pub nom: Option<String>,
    /// Name of use.
    pub nom_usage: Option<String>,
    /// First name.
    pub prenom: Option<String>,
    /// Gone from the source.
    pub disparu: bool,
    /// What identifies them, when it was asked.
    pub identite: Option<IdentiteLue>,
    /// Registrations.
    pub inscriptions: Vec<InscriptionLue>,
}

/// What identifies or reaches a student.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdentiteLue {
    /// INE.
    pub ine: Option<String>,
    /// Birth date.
    pub naissance: Option<NaiveDate>,
    /// Nationality.
    pub nationalite: Option<String>,
    /// Has arrangements.
    pub amenagement: Option<bool>,
    /// E-mail.
    pub email: Option<String>,
    /// Telephone.
    pub telephone: Option<String>,
    /// Street, postal code, town, country.
    pub adresse: [Option<String>; 4],
}

/// One registration to an étape version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InscriptionLue {
    /// Year.
    pub annee: i64,
    /// COD_ETP.
    pub etape: String,
    /// COD_VRS_VET.
    pub version: String,
    /// Label of the étape.
    pub libelle: Option<String>,
    /// COD_DIP.
    pub diplome: Option<String>,
    /// COD_VRS_VDI.
    pub version_diplome: Option<String>,
    /// `E`, `A`, `R`.
    pub etat: Option<String>,
    /// Regime.
    pub regime: Option<String>,
    /// First registration of the year.
    pub premiere: Option<bool>,
    /// When.
    pub date: Option<NaiveDate>,
}

/// One registration to an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PedagogiqueLue {
    /// Year.
    pub annee: i64,
    /// COD_ETP.
    pub etape: String,
    /// COD_VRS_VET.
    pub version: String,
    /// COD_ELP.
    pub element: String,
    /// Label of the element.
    pub libelle: Option<String>,
    /// Element above it.
    pub element_superieur: Option<String>,
    /// Acquired in an earlier year.
    pub acquis: Option<bool>,
}

/// What narrows the list.
#[derive(Clone, Debug, Default)]
pub struct FiltreEtudiant<'a> {
    /// Folded text.
    pub recherche: &'a str,
    /// Exact number.
    pub numero: Option<&'a str>,
    /// Registered to this étape…
    pub etape: Option<&'a str>,
    /// … in this version.
    pub version: Option<&'a str>,
    /// Registered in this diploma.
    pub diplome: Option<&'a str>,
    /// With a registration in this state.
    pub etat: Option<&'a str>,
    /// Registered to this element.
    pub element: Option<&'a str>,
    /// With what identifies them: also searched then.
    pub identite: bool,
    /// Exact INE.
    pub ine: Option<&'a str>,
    /// Birth date.
    pub naissance: Option<NaiveDate>,
}

/// The searched text without the INE and the nationality that end it: who may not read them must not find by them.
pub(super) const NOMS: &str =
    "SUBSTR(s.recherche, 1, LENGTH(s.recherche) - LENGTH(COALESCE(' ' || NULLIF(s.ine, ''), ''))
    - LENGTH(COALESCE(' ' || NULLIF(s.nationalite, ''), '')))";

fn colonnes(identite: bool) -> &'static str {
    if identite {
        "SELECT s.annee, s.numero, s.nom, s.nom_usage, s.prenom, (s.ferme_le IS NOT NULL), s.ine, s.naissance, s.nationalite,
            s.handicap, s.email, s.telephone, s.adresse, s.code_postal, s.ville, s.pays"
    } else {
        "SELECT s.annee, s.numero, s.nom, s.nom_usage, s.prenom, (s.ferme_le IS NOT NULL)"
    }
}

fn lire(r: &QueryResult, identite: bool) -> Result<EtudiantLu, DbError> {
    let texte = |i| -> Result<Option<String>, DbError> { Ok(r.try_get_by_index(i)?) };
    let lue = || {
        Ok::<_, DbError>(IdentiteLue {
            ine: texte(6)?,
            naissance: r.try_get_by_index(7)?,
            nationalite: texte(8)?,
            amenagement: r.try_get_by_index(9)?,
            email: texte(10)?,
            telephone: texte(11)?,
            adresse: [texte(12)?, texte(13)?, texte(14)?, texte(15)?],
        })
    };
    Ok(EtudiantLu {
        annee: r.try_get_by_index(0)?,
        numero: r.try_get_by_index(1)?,
        nom: texte(2)?,
        nom_usage: texte(3)?,
        prenom: texte(4)?,
        disparu: r.try_get_by_index(5)?,
        identite: identite.then(lue).transpose()?,
        inscriptions: Vec::new(),
    })
}

/// One page of students, by number, with their registrations of the year.
///
/// # Errors
/// Those of the database.
pub async fn etudiant_lu_list<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    f: &FiltreEtudiant<'_>,
    fenetre: Fenetre,
) -> Result<(u64, Vec<EtudiantLu>), DbError> {
    let an = Value::from(i64::from(annee));
    let mut ou = Condition::new("s.annee = ? AND s.ferme_le IS NULL", [an.clone()]);
    for mot in f.recherche.split_whitespace() {
        let ou_chercher = if f.identite { "s.recherche" } else { NOMS };
        ou.et_avec(&format!("{ou_chercher} LIKE ? ESCAPE '!'"), [like(mot).into()]);
    }
    ou.parmi("s.numero", f.numero.as_slice());
    if f.identite {
        ou.parmi("s.ine", f.ine.as_slice());
        if let Some(jour) = f.naissance {
            ou.et_avec("s.naissance = ?", [jour.into()]);
        }
    }
    let mut ia = Condition::new("i.annee = ? AND i.ferme_le IS NULL", [an.clone()]);
    let dites =
        [("i.etape", f.etape), ("i.version", f.version), ("i.diplome", f.diplome), ("i.etat", f.etat)];
    for (colonne, valeur) in dites {
        ia.parmi(colonne, valeur.as_slice());
    }
    if dites.iter().any(|(_, v)| v.is_some()) {
        let sql = format!(
            "s.numero IN (SELECT i.etudiant FROM maquette_inscription_administrative i WHERE {})",
            ia.sql()
        );
        ou.et_avec(&sql, ia.valeurs());
    }
    if let Some(element) = f.element {
        let sql = "s.numero IN (SELECT p.etudiant FROM maquette_inscription_pedagogique p
            WHERE p.annee = ? AND p.element = ? AND p.ferme_le IS NULL)";
        ou.et_avec(sql, [an, element.into()]);
    }
    let depuis = format!("FROM maquette_etudiant s WHERE {}", ou.sql());
    let page = format!("{} {depuis} ORDER BY s.numero {}", colonnes(f.identite), fenetre.limite());
    let (total, rows) = page_lue(conn, &page, &depuis, ou.valeurs(), fenetre).await?;
    let mut etudiants = rows.iter().map(|r| lire(r, f.identite)).collect::<Result<Vec<_>, _>>()?;
    let numeros: Vec<&str> = etudiants.iter().map(|e| e.numero.as_str()).collect();
    let mut inscriptions = inscriptions_lues(conn, &[annee], &numeros).await?;
    for e in &mut etudiants {
        e.inscriptions = inscriptions.remove(&e.numero).unwrap_or_default();
    }
    Ok((total, etudiants))
}

/// One student as known in `preferee`, else in the latest of `annees` that knows them, with their registrations of every year of `tenues`.
///
/// # Errors
/// Those of the database.
pub async fn etudiant_lu_read<C: ConnectionTrait>(
    conn: &C,
    preferee: u16,
    annees: &[u16],
    tenues: &[u16],
    numero: &str,
    identite: bool,
) -> Result<Option<EtudiantLu>, DbError> {
    if annees.is_empty() {
        return Ok(None);
    }
    let sql = format!(
        "{} FROM maquette_etudiant s WHERE s.annee IN ({}) AND s.numero = ?
         ORDER BY (s.ferme_le IS NOT NULL), (s.annee <> ?), s.annee DESC LIMIT 1",
        colonnes(identite),
        marques(annees.len())
    );
    let valeurs = annees.iter().map(|a| Value::from(i64::from(*a)));
    let valeurs: Vec<Value> = valeurs.chain([numero.into(), i64::from(preferee).into()]).collect();
    let rows = select(conn, &sql, valeurs).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let mut etudiant = lire(row, identite)?;
    etudiant.inscriptions =
        inscriptions_lues(conn, tenues, &[numero]).await?.remove(numero).unwrap_or_default();
    Ok(Some(etudiant))
}

/// Every registration of these students in these years, in one query: none is chosen among several.
async fn inscriptions_lues<C: ConnectionTrait>(
    conn: &C,
    annees: &[u16],
    numeros: &[&str],
) -> Result<HashMap<String, Vec<InscriptionLue>>, DbError> {
    let mut lues: HashMap<String, Vec<InscriptionLue>> = HashMap::new();
    if numeros.is_empty() || annees.is_empty() {
        return Ok(lues);
    }
    let sql = format!(
        "SELECT i.etudiant, i.annee, i.etape, i.version, COALESCE(v.libelle, e.libelle), i.diplome, i.version_diplome, i.etat, i.regime,
            i.premiere, i.date_inscription
         FROM maquette_inscription_administrative i
         LEFT JOIN maquette_version_etape v ON v.annee = i.annee AND v.etape = i.etape AND v.version = i.version
         LEFT JOIN maquette_etape e ON e.annee = i.annee AND e.code = i.etape
         WHERE i.annee IN ({}) AND i.etudiant IN ({}) AND i.ferme_le IS NULL
         ORDER BY i.annee DESC, COALESCE(i.premiere, FALSE) DESC, i.etape, i.version, i.occurrence",
        marques(annees.len()),
        marques(numeros.len())
    );
    let valeurs = annees.iter().map(|a| Value::from(i64::from(*a)));
    let valeurs: Vec<Value> = valeurs.chain(numeros.iter().map(|n| Value::from(*n))).collect();
    for r in select(conn, &sql, valeurs).await? {
        lues.entry(r.try_get_by_index(0)?).or_default().push(InscriptionLue {
            annee: r.try_get_by_index(1)?,
            etape: r.try_get_by_index(2)?,
            version: r.try_get_by_index(3)?,
            libelle: r.try_get_by_index(4)?,
            diplome: r.try_get_by_index(5)?,
            version_diplome: r.try_get_by_index(6)?,
            etat: r.try_get_by_index(7)?,
            regime: r.try_get_by_index(8)?,
            premiere: r.try_get_by_index(9)?,
            date: r.try_get_by_index(10)?,
        });
    }
    Ok(lues)
}

/// Registrations of a student to elements, in these years.
///
/// # Errors
/// Those of the database.
pub async fn pedagogiques_lues<C: ConnectionTrait>(
    conn: &C,
    annees: &[u16],
    numero: &str,
) -> Result<Vec<PedagogiqueLue>, DbError> {
    if annees.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT p.annee, p.etape, p.version, p.element, e.libelle, p.element_superieur, p.acquis
         FROM maquette_inscription_pedagogique p
         LEFT JOIN maquette_element e ON e.annee = p.annee AND e.code = p.element
         WHERE p.annee IN ({}) AND p.etudiant = ? AND p.ferme_le IS NULL
         ORDER BY p.annee DESC, p.etape, p.version, p.rang, p.element",
        marques(annees.len())
    );
    let valeurs = annees.iter().map(|a| Value::from(i64::from(*a)));
    let valeurs: Vec<Value> = valeurs.chain([numero.into()]).collect();
    let rows = select(conn, &sql, valeurs).await?;
    rows.iter()
        .map(|r| {
            Ok(PedagogiqueLue {
                annee: r.try_get_by_index(0)?,
                etape: r.try_get_by_index(1)?,
                version: r.try_get_by_index(2)?,
                element: r.try_get_by_index(3)?,
                libelle: r.try_get_by_index(4)?,
                element_superieur: r.try_get_by_index(5)?,
                acquis: r.try_get_by_index(6)?,
            })
        })
        .collect()
}
