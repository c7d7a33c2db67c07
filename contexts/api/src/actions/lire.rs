//! Reading Apogée with a memory: a recent answer is served again, a source that does not answer is left alone for a while, and its
//! last good copy is served in its stead, stamped with its age.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use chrono::{DateTime, Duration, Utc};
use db::{Db, DbError};
use kernel::{Clock, Outage};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::ApiFault;
use crate::domain::copie::{Decision, Jeu, Lecture, Origine, decider, sans_adresse};
use crate::settings::ReglagesCache;
use crate::store::{self, Copie};

/// How answers were given since the process started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compteurs {
    /// By the source.
    pub source: u64,
    /// By a copy still fresh.
    pub copie: u64,
    /// By the last good copy, the source being down.
    pub secours: u64,
    /// Not at all: the source was down and nothing was held.
    pub refus: u64,
}

#[derive(Debug, Default)]
struct Releves {
    source: AtomicU64,
    copie: AtomicU64,
    secours: AtomicU64,
    refus: AtomicU64,
}

/// Questions of the same key wait for one another: the second finds the answer of the first.
type Vols = Mutex<HashMap<(Jeu, String), Weak<tokio::sync::Mutex<()>>>>;

/// Until when a source is left alone, and what it said.
type Coupure = Mutex<Option<(DateTime<Utc>, Outage)>>;

/// The memory of what was read, on one database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Memoire {
    db: Db,
    clock: Arc<dyn Clock>,
    reglages: ReglagesCache,
    vols: Arc<Vols>,
    /// Since the source was found down: until when it is left alone, and what it said.
    coupure: Arc<Coupure>,
    releves: Arc<Releves>,
}

impl Memoire {
    pub(crate) fn new(db: Db, clock: Arc<dyn Clock>, reglages: ReglagesCache) -> Self {
        Self { db, clock, reglages, vols: Arc::default(), coupure: Arc::default(), releves: Arc::default() }
    }

    /// A refusal that somebody else's copy made good.
    pub(crate) fn secouru(&self) {
        self.releves.refus.fetch_sub(1, Ordering::Relaxed);
        self.releves.secours.fetch_add(1, Ordering::Relaxed);
    }

    /// How answers were given.
    pub(crate) fn compteurs(&self) -> Compteurs {
        let lu = |n: &AtomicU64| n.load(Ordering::Relaxed);
        let r = &self.releves;
        Compteurs { source: lu(&r.source), copie: lu(&r.copie), secours: lu(&r.secours), refus: lu(&r.refus) }
    }

    /// Reads `cle` of a data set: from the copy while it is fresh, else from the source by `demander`, else from the last good copy.
    ///
    /// # Errors
    /// The outage, when the source does not answer and nothing is held; the database.
    pub(crate) async fn lire<T, F, Fut>(
        &self,
        jeu: Jeu,
        cle: &str,
        exigee: bool,
        demander: F,
    ) -> Result<Lecture<T>, ApiFault>
    where
        T: Serialize + DeserializeOwned + Send + Sync,
        F: FnOnce() -> Fut + Send,
        Fut: Future<Output = Result<T, Outage>> + Send,
    {
        // A copy that can be served needs no turn.
        let vu = self.clock.now();
        if let Some(lecture) = self.fraiche(jeu, cle, exigee).await? {
            return Ok(lecture);
        }
        let tour = self.tour(jeu, cle);
        let _tour = tour.lock().await;
        let tenue = self.copie(jeu, cle).await?;
        let maintenant = self.clock.now();
        // Whoever waited for their turn takes what was read meanwhile, even when they demanded a fresh answer.
        let exigee = exigee && tenue.as_ref().is_none_or(|(_, le)| *le < vu);
        let coupure = self.coupure(maintenant);
        let age = tenue.as_ref().map(|(_, le)| *le);
        match decider(age, maintenant, self.fraicheur(jeu), exigee, coupure.is_some()) {
            Decision::Servir => self.servir(tenue, Origine::Copie, None),
            Decision::Secourir => self.servir(tenue, Origine::Secours, coupure),
            Decision::Lire => match demander().await {
                Ok(valeur) => {
                    self.rouvrir();
                    self.releves.source.fetch_add(1, Ordering::Relaxed);
                    let obtenue_le = self.garder(jeu, cle, &valeur).await?;
                    Ok(Lecture { valeur, obtenue_le, origine: Origine::Source, panne: None })
                }
                Err(panne) => {
                    self.couper(&panne);
                    self.noter_echec(jeu, &panne).await;
                    self.servir(tenue, Origine::Secours, Some(panne))
                }
            },
        }
    }

    async fn fraiche<T: DeserializeOwned>(
        &self,
        jeu: Jeu,
        cle: &str,
        exigee: bool,
    ) -> Result<Option<Lecture<T>>, ApiFault> {
        if exigee {
            return Ok(None);
        }
        let tenue = self.copie(jeu, cle).await?;
        let age = tenue.as_ref().map(|(_, le)| *le);
        let decision = decider(age, self.clock.now(), self.fraicheur(jeu), false, false);
        if decision == Decision::Servir {
            self.servir(tenue, Origine::Copie, None).map(Some)
        } else {
            Ok(None)
        }
    }

    /// The copy held; one that can no longer be read, because its shape has changed since, is as good as none.
    async fn copie<T: DeserializeOwned>(
        &self,
        jeu: Jeu,
        cle: &str,
    ) -> Result<Option<(T, DateTime<Utc>)>, DbError> {
        let tenue = self.db.read(|c| async move { store::copie_read(&c, jeu, cle).await }).await?;
        Ok(tenue.and_then(|t| Some((serde_json::from_str(&t.contenu).ok()?, t.obtenue_le))))
    }

    fn servir<T>(
        &self,
        tenue: Option<(T, DateTime<Utc>)>,
        origine: Origine,
        panne: Option<Outage>,
    ) -> Result<Lecture<T>, ApiFault> {
        match (tenue, panne) {
            (Some((valeur, obtenue_le)), panne) => {
                let releve =
                    if origine == Origine::Copie { &self.releves.copie } else { &self.releves.secours };
                releve.fetch_add(1, Ordering::Relaxed);
                Ok(Lecture { valeur, obtenue_le, origine, panne })
            }
            (None, Some(panne)) => {
                self.releves.refus.fetch_add(1, Ordering::Relaxed);
                Err(ApiFault::Panne(panne))
            }
            (None, None) => Err(ApiFault::Db(DbError::Value("une copie servie sans être tenue".into()))),
        }
    }

    async fn garder<T: Serialize>(&self, jeu: Jeu, cle: &str, valeur: &T) -> Result<DateTime<Utc>, ApiFault> {
        let contenu = serde_json::to_string(valeur).map_err(|err| DbError::Value(err.to_string()))?;
        let copie = Copie { contenu, obtenue_le: self.clock.now() };
        let copie = &copie;
        self.db.write(|tx| async move { store::copie_write(&*tx, jeu, cle, copie).await }).await?;
        Ok(copie.obtenue_le)
    }

    async fn noter_echec(&self, jeu: Jeu, panne: &Outage) {
        let quand = self.clock.now();
        let detail = sans_adresse(panne);
        let note =
            self.db.write(|tx| async move { store::essai_write(&*tx, jeu, quand, Some(detail)).await });
        if let Err(err) = note.await {
            tracing::warn!(%err, "échec non noté");
        }
    }

    fn fraicheur(&self, jeu: Jeu) -> Duration {
        if jeu.personnel() {
            Duration::minutes(self.reglages.personnes_min.max(0))
        } else {
            Duration::hours(self.reglages.references_h.max(0))
        }
    }

    fn tour(&self, jeu: Jeu, cle: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut vols = self.vols.lock().unwrap_or_else(PoisonError::into_inner);
        if vols.len() > 1_000 {
            vols.retain(|_, vol| vol.strong_count() > 0);
        }
        let place = vols.entry((jeu, cle.to_owned())).or_default();
        if let Some(vol) = place.upgrade() {
            return vol;
        }
        let vol = Arc::new(tokio::sync::Mutex::new(()));
        *place = Arc::downgrade(&vol);
        vol
    }

    /// What the source said when it was found down, while it is left alone.
    fn coupure(&self, maintenant: DateTime<Utc>) -> Option<Outage> {
        let coupure = self.coupure.lock().unwrap_or_else(PoisonError::into_inner);
        coupure.as_ref().filter(|(fin, _)| maintenant < *fin).map(|(_, panne)| panne.clone())
    }

    /// Leaves the source alone for a while. A question that it finds wrong says nothing of its health.
    fn couper(&self, panne: &Outage) {
        if panne.kind == kernel::OutageKind::Demande {
            return;
        }
        let fin = self.clock.now() + Duration::seconds(self.reglages.pause_s.max(0));
        *self.coupure.lock().unwrap_or_else(PoisonError::into_inner) = Some((fin, panne.clone()));
    }

    fn rouvrir(&self) {
        *self.coupure.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// What is held of each data set.
    pub(crate) async fn etendues(&self) -> Result<Vec<store::Etendue>, DbError> {
        self.db.read(|c| async move { store::etendue_list(&c).await }).await
    }

    /// Forgets the copies about people that have been kept as long as they may be. Returns how many.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn purger(&self) -> Result<u64, DbError> {
        let avant = self.clock.now() - Duration::days(self.reglages.garde_jours.max(0));
        let jeux: Vec<Jeu> = Jeu::ALL.into_iter().filter(|jeu| jeu.personnel()).collect();
        let jeux = &jeux;
        self.db.write(|tx| async move { store::copie_purge(&*tx, jeux, avant).await }).await
    }
}
