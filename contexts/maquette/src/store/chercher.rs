//! The searched text of a year's elements, kept in memory: some four megabytes for sixty thousand of them.
//!
//! « Anywhere in the text » is a question that no index of either engine answers: each search would read every row, thirty milliseconds of
//! a core. The text is read once after each change of the offer; a search then finds the rows in two milliseconds, and the database reads
//! and sorts only those.

use std::collections::HashMap;
use std::sync::Arc;

use db::sea_orm::ConnectionTrait;
use db::sql::select;
use db::{Db, DbError};

use super::memoire::Memoire;
use super::present::Present;

/// Years kept at once.
const ANNEES: usize = 3;
/// Rows that a query is given by their numbers; beyond, they are so many that reading the table in order finds a page of them at once.
const PEU: usize = 1_000;

/// Where an element stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EtatElement {
    /// Closed at the source.
    pub ferme: bool,
    /// Suspended at the source.
    pub suspendu: bool,
    /// Gone from the source.
    pub disparu: bool,
}

#[derive(Clone, Copy, Debug)]
struct Ligne {
    id: i64,
    /// Where its text ends; it begins where the one before ends.
    fin: u32,
    /// Its nature, component and period, by their places among the codes.
    codes: [u32; 3],
    etat: EtatElement,
}

#[derive(Debug, Default)]
struct Textes {
    lignes: Vec<Ligne>,
    texte: String,
    codes: HashMap<String, u32>,
}

#[derive(Debug)]
struct Tenus {
    annees: Memoire<u16, Arc<Textes>>,
    lecture: tokio::sync::Mutex<()>,
}

/// What is searched. Several values of one filter widen it; several filters narrow it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cherche<'a> {
    /// Folded text.
    pub recherche: &'a str,
    /// Codes of natures, of components, of periods; empty: all.
    pub parmi: [&'a [&'a str]; 3],
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouves {
    /// How many.
    pub total: u64,
    /// Their numbers, when they are few.
    pub ids: Option<Vec<i64>>,
}

/// The elements of a year whose text has every word of the search, and that `retenir` keeps; nothing when nothing is searched.
///
/// # Errors
/// Those of the database.
pub(crate) async fn element_chercher(
    db: &Db,
    annee: u16,
    cherche: Cherche<'_>,
    retenir: impl Fn(EtatElement) -> bool,
) -> Result<Option<Trouves>, DbError> {
    let mots: Vec<&str> = cherche.recherche.split_whitespace().collect();
    if mots.is_empty() {
        return Ok(None);
    }
    let textes = textes(db, annee).await?;
    Ok(Some(textes.chercher(&mots, cherche.parmi, retenir)))
}

async fn textes(db: &Db, annee: u16) -> Result<Arc<Textes>, DbError> {
    let tenus = db.shared(|| Tenus { annees: Memoire::new(ANNEES), lecture: tokio::sync::Mutex::new(()) });
    let generation = Present::de(db).etat().await?.generations.offre;
    if let Some(textes) = tenus.annees.lire(generation, &annee) {
        return Ok(textes);
    }
    // One reads, the others wait for it.
    let _tour = tenus.lecture.lock().await;
    if let Some(textes) = tenus.annees.lire(generation, &annee) {
        return Ok(textes);
    }
    let textes = Arc::new(db.read(|c| async move { textes_load(&c, annee).await }).await?);
    tenus.annees.garder(generation, annee, Arc::clone(&textes));
    Ok(textes)
}

async fn textes_load<C: ConnectionTrait>(conn: &C, annee: u16) -> Result<Textes, DbError> {
    let sql = "SELECT id, COALESCE(recherche, ''), COALESCE(nature, ''), COALESCE(composante, ''), COALESCE(periode, ''),
            COALESCE(ferme, FALSE), COALESCE(suspendu, FALSE), (ferme_le IS NOT NULL)
        FROM maquette_element WHERE annee = ?";
    let mut textes = Textes::default();
    for row in select(conn, sql, [i64::from(annee).into()]).await? {
        textes.texte.push_str(&row.try_get_by_index::<String>(1)?);
        let codes = [row.try_get_by_index(2)?, row.try_get_by_index(3)?, row.try_get_by_index(4)?];
        let ligne = Ligne {
            id: row.try_get_by_index(0)?,
            fin: u32::try_from(textes.texte.len())
                .map_err(|_| DbError::Value("maquette_element.recherche".into()))?,
            codes: codes.map(|code| textes.place(code)),
            etat: EtatElement {
                ferme: row.try_get_by_index(5)?,
                suspendu: row.try_get_by_index(6)?,
                disparu: row.try_get_by_index(7)?,
            },
        };
        textes.lignes.push(ligne);
    }
    textes.lignes.shrink_to_fit();
    textes.texte.shrink_to_fit();
    Ok(textes)
}

impl Textes {
    fn place(&mut self, code: String) -> u32 {
        let suivante = u32::try_from(self.codes.len()).unwrap_or(u32::MAX);
        *self.codes.entry(code).or_insert(suivante)
    }

    fn chercher(&self, mots: &[&str], parmi: [&[&str]; 3], retenir: impl Fn(EtatElement) -> bool) -> Trouves {
        let voulus = parmi.map(|dits| {
            let places = || dits.iter().filter_map(|c| self.codes.get(*c).copied()).collect::<Vec<u32>>();
            (!dits.is_empty()).then(places)
        });
        let convient = |l: &Ligne| {
            let par_code = voulus.iter().zip(l.codes);
            retenir(l.etat)
                && par_code.into_iter().all(|(v, code)| v.as_ref().is_none_or(|v| v.contains(&code)))
        };
        let (mut total, mut ids, mut debut) = (0, Vec::new(), 0);
        for ligne in &self.lignes {
            let fin = ligne.fin as usize;
            let texte = self.texte.get(debut..fin).unwrap_or_default();
            debut = fin;
            if mots.iter().all(|mot| texte.contains(mot)) && convient(ligne) {
                total += 1;
                if ids.len() <= PEU {
                    ids.push(ligne.id);
                }
            }
        }
        Trouves { total, ids: (ids.len() <= PEU).then_some(ids) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn textes(lignes: &[(i64, &str, &str, bool)]) -> Textes {
        let mut textes = Textes::default();
        for &(id, texte, nature, ferme) in lignes {
            textes.texte.push_str(texte);
            let nature = textes.place(nature.to_owned());
            let fin = u32::try_from(textes.texte.len()).expect("short");
            let etat = EtatElement { ferme, suspendu: false, disparu: false };
            textes.lignes.push(Ligne { id, fin, codes: [nature, 0, 0], etat });
        }
        textes
    }

    #[test]
    fn every_word_is_in_one_row_and_never_across_two() {
        let textes = textes(&[
            (1, "m1 droit civil", "MAT", false),
            (2, "m2 droit", "UE", false),
            (3, "civil", "UE", true),
        ]);
        let ids = |mots: &[&str], natures: &[&str]| {
            textes.chercher(mots, [natures, &[], &[]], |e| !e.ferme).ids.expect("few")
        };
        assert_eq!(ids(&["droit"], &[]), [1, 2]);
        assert_eq!(ids(&["civil", "droit"], &[]), [1], "closed ones are not kept");
        assert_eq!(ids(&["civilm2"], &[]), [] as [i64; 0], "where one ends the next does not begin");
        assert_eq!(ids(&["droit"], &["UE"]), [2]);
        assert_eq!(ids(&["droit"], &["UE", "MAT"]), [1, 2]);
        assert_eq!(ids(&["droit"], &["INCONNUE"]), [] as [i64; 0], "an unknown code is no code");
    }

    #[test]
    fn beyond_a_page_of_numbers_only_the_count_is_given() {
        let lignes: Vec<_> = (0..=1_000).map(|id| (id, "droit", "UE", false)).collect();
        let trouves = textes(&lignes).chercher(&["droit"], [&[], &[], &[]], |_| true);
        assert_eq!(trouves, Trouves { total: 1_001, ids: None });
    }
}
