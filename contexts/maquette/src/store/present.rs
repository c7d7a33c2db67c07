//! What almost every answer needs, kept in memory: the current year, the years and maquettes held, the age of the data, the
//! generations that tell whether what was read before still holds.
//!
//! It is read again as soon as this process has committed anything, so that nobody here is told what was true before their own write;
//! and at the latest every [`FRAICHEUR`], which bounds how late the writes of other processes on the same database are seen.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use chrono::{DateTime, Utc};
use db::sea_orm::ConnectionTrait;
use db::sql::select;
use db::{Db, DbError, FRAICHEUR};
use kernel::AnneeUniversitaire;

use super::generation::{Generations, generations_read};
use super::{maquette, parametre};
use crate::domain::{EtatCollecte, Portee};

/// What was true when it was read.
#[derive(Clone, Debug, Default)]
pub struct Etat {
    /// Where the writes stood.
    pub generations: Generations,
    /// The current year, when a collection has said which.
    pub courante: Option<AnneeUniversitaire>,
    /// Years whose offer was collected, the latest first.
    pub annees: Vec<u16>,
    /// First and last years of each maquette, the latest first.
    pub maquettes: Vec<(i64, Option<i64>)>,
    obtenues: HashMap<(i64, &'static str), DateTime<Utc>>,
}

impl Etat {
    /// The latest maquette that covers a year, by its first year; one that does not say its end goes on.
    #[must_use]
    pub fn maquette(&self, annee: AnneeUniversitaire) -> Option<i64> {
        let a = i64::from(annee.premiere());
        let couvre = |(debut, fin): &&(i64, Option<i64>)| *debut <= a && fin.is_none_or(|fin| a <= fin);
        self.maquettes.iter().find(couvre).map(|(debut, _)| *debut)
    }

    /// « 2019–2024 »: the latest maquette that covers a year and says its end, by its first and last civil years.
    #[must_use]
    pub fn maquette_nommee(&self, annee: AnneeUniversitaire) -> Option<String> {
        let a = i64::from(annee.premiere());
        self.maquettes.iter().find_map(|(debut, fin)| {
            let fin = (*fin).filter(|fin| *debut <= a && a <= *fin)?;
            Some(format!("{debut}–{}", fin + 1))
        })
    }

    /// When this part of a year was last collected whole: what is held was true at that moment, whether or not it changed then.
    #[must_use]
    pub fn obtenu_le(&self, partie: Portee, annee: AnneeUniversitaire) -> Option<DateTime<Utc>> {
        let de = |p: Portee| self.obtenues.get(&(annee.premiere().into(), p.code())).copied();
        de(partie).max(de(Portee::Tout))
    }
}

#[derive(Debug)]
struct Lu {
    commits: u64,
    quand: Instant,
    etat: Arc<Etat>,
}

/// Keeps it. Cheap to clone; clones share what they have read.
#[derive(Clone, Debug)]
pub struct Present {
    db: Db,
    partage: Arc<Partage>,
}

#[derive(Debug, Default)]
struct Partage {
    lu: RwLock<Option<Lu>>,
    lecture: tokio::sync::Mutex<()>,
}

impl Present {
    /// That of a database: one for its handle and all its clones.
    #[must_use]
    pub fn de(db: &Db) -> Self {
        let partage = db.shared(Partage::default);
        Self { db: db.clone(), partage }
    }

    /// The database.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// What is true now, within the bounds said above.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn etat(&self) -> Result<Arc<Etat>, DbError> {
        if let Some(etat) = self.frais() {
            return Ok(etat);
        }
        let _tour = self.partage.lecture.lock().await;
        // Somebody read it while we waited.
        if let Some(etat) = self.frais() {
            return Ok(etat);
        }
        // Before reading: what is committed meanwhile makes it be read once more.
        let (commits, quand) = (self.db.commits(), Instant::now());
        let etat = Arc::new(self.db.read(|c| async move { etat_read(&c).await }).await?);
        let lu = Lu { commits, quand, etat: Arc::clone(&etat) };
        *self.partage.lu.write().unwrap_or_else(PoisonError::into_inner) = Some(lu);
        Ok(etat)
    }

    fn frais(&self) -> Option<Arc<Etat>> {
        let lu = self.partage.lu.read().unwrap_or_else(PoisonError::into_inner);
        let frais = |lu: &&Lu| lu.commits == self.db.commits() && lu.quand.elapsed() < FRAICHEUR;
        lu.as_ref().filter(frais).map(|lu| Arc::clone(&lu.etat))
    }
}

async fn etat_read<C: ConnectionTrait>(conn: &C) -> Result<Etat, DbError> {
    // The generations first: what is read after them is at least as recent as they say.
    let generations = generations_read(conn).await?;
    let parametres = parametre::parametre_all(conn).await?;
    let parametre = |nom: &str| parametres.get(nom).map(|p| p.valeur.as_str());
    let courante = parametre("annee_courante").and_then(|a| a.parse().ok());
    let annees = maquette::annees_tenues(conn).await?;
    let sql = "SELECT annee_debut, annee_fin FROM maquette_maquette WHERE ferme_le IS NULL ORDER BY annee_debut DESC";
    let rows = select(conn, sql, []).await?;
    let maquettes = rows.iter().map(|r| Ok::<_, DbError>((r.try_get_by_index(0)?, r.try_get_by_index(1)?)));
    let mut maquettes = maquettes.collect::<Result<Vec<_>, _>>()?;
    // What Kofr declares comes before what the university declares for want of it.
    let locale = parametre(maquette::MAQUETTE_LOCALE).and_then(contracts::parametres::bornes);
    maquettes.extend(locale.map(|(debut, fin)| (debut.premiere().into(), Some(fin.premiere().into()))));
    Ok(Etat { generations, courante, annees, maquettes, obtenues: obtenues_read(conn).await? })
}

/// An undo is no collection, and what it took back is no longer what is held.
async fn obtenues_read<C: ConnectionTrait>(
    conn: &C,
) -> Result<HashMap<(i64, &'static str), DateTime<Utc>>, DbError> {
    let sql = "SELECT annee, portee, finie_le FROM maquette_collecte WHERE id IN (
            SELECT MAX(id) FROM maquette_collecte WHERE etat = ? AND NOT simulation AND annule_id IS NULL AND id NOT IN
                (SELECT annule_id FROM maquette_collecte WHERE annule_id IS NOT NULL AND etat = ?)
            GROUP BY annee, portee)";
    let etat = EtatCollecte::Terminee.code();
    let mut obtenues = HashMap::new();
    for row in select(conn, sql, [etat.into(), etat.into()]).await? {
        let portee = Portee::of_code(&row.try_get_by_index::<String>(1)?);
        if let (Some(portee), Some(fin)) = (portee, row.try_get_by_index::<Option<DateTime<Utc>>>(2)?) {
            obtenues.insert((row.try_get_by_index(0)?, portee.code()), fin);
        }
    }
    Ok(obtenues)
}
