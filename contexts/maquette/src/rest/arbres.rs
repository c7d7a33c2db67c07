//! Trees ready to be answered: one key read, or nothing at all when the caller holds the present version.
//!
//! A tree is put in words at its first reading after a change of the offer, and kept in the database for every process. Who reads never
//! waits for who writes: what was built is answered from memory until it is written, however long a collection holds the writer.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use ::web::PageError;
use ::web::rest::Etag;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex as Tour;

use super::arbre::en_mots;
use super::provenance::{Provenance, ecrire};
use crate::store::arbre::arbre_load;
use crate::store::arbre_lu::{ArbreLu, CleArbre, arbre_lu_read, arbre_lu_write};
use crate::store::etape_lu::etape_lu_read;
use crate::store::generation::generations_read;
use crate::store::memoire::Memoire;
use crate::store::present::Present;

/// Versions kept in memory.
const PLACE: usize = 20_000;
/// Trees of one transaction.
const LOT: usize = 50;
/// Readings of a tree whose offer changes meanwhile, before it is answered as it is and not kept.
const ESSAIS: usize = 3;

/// Trees on one database. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Arbres(Arc<Interieur>);

#[derive(Debug)]
struct Interieur {
    present: Present,
    /// The version of each tree, and of what precedes it.
    versions: Memoire<CleArbre, (String, Etag)>,
    /// Built, not written yet.
    attente: Mutex<Attente>,
    /// Who builds a tree builds it for those who wait.
    tours: [Tour<()>; 16],
}

#[derive(Debug, Default)]
struct Attente {
    arbres: BTreeMap<CleArbre, (i64, Arc<ArbreLu>)>,
    ecrivain: bool,
}

impl Arbres {
    /// On that database.
    pub(super) fn new(present: Present) -> Self {
        Self(Arc::new(Interieur {
            present,
            versions: Memoire::new(PLACE),
            attente: Mutex::default(),
            tours: std::array::from_fn(|_| Tour::new(())),
        }))
    }

    /// The version of a tree at that generation, when it is known without asking.
    pub(super) fn version(&self, cle: &CleArbre, generation: i64, provenance: &Provenance) -> Option<Etag> {
        let (stable, etag) = self.0.versions.lire(generation, cle)?;
        (stable == provenance.stable()).then_some(etag)
    }

    /// A tree at that generation or a later one; nothing when there is no such étape.
    pub(super) async fn lire(
        &self,
        cle: &CleArbre,
        generation: i64,
        provenance: &Provenance,
    ) -> Result<Option<(Etag, Arc<ArbreLu>)>, PageError> {
        let trouve = match self.tenu(cle, generation).await? {
            Some(arbre) => Some(arbre),
            None => self.construire(cle, generation).await?,
        };
        Ok(trouve.map(|arbre| {
            let stable = provenance.stable();
            let etag = Etag::de(&[&stable, &arbre.etiquette]);
            self.0.versions.garder(generation, cle.clone(), (stable, etag.clone()));
            (etag, arbre)
        }))
    }

    async fn tenu(&self, cle: &CleArbre, generation: i64) -> Result<Option<Arc<ArbreLu>>, PageError> {
        let lu =
            self.0.present.db().read(|c| async move { arbre_lu_read(&c, cle, generation).await }).await?;
        if let Some(lu) = lu {
            return Ok(Some(Arc::new(lu)));
        }
        let attente = self.0.attente.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(attente.arbres.get(cle).filter(|(g, _)| *g == generation).map(|(_, a)| Arc::clone(a)))
    }

    async fn construire(&self, cle: &CleArbre, generation: i64) -> Result<Option<Arc<ArbreLu>>, PageError> {
        let mut hasher = DefaultHasher::new();
        cle.hash(&mut hasher);
        let place = usize::try_from(hasher.finish() % self.0.tours.len() as u64).unwrap_or_default();
        let Some(tour) = self.0.tours.get(place) else { return Ok(None) };
        let _tour = tour.lock().await;
        if let Some(arbre) = self.tenu(cle, generation).await? {
            return Ok(Some(arbre));
        }
        let db = self.0.present.db();
        let lire = || db.read(|c| async move { generations_read(&c).await });
        let mut avant = lire().await?.offre;
        for _ in 0..ESSAIS {
            let Some(arbre) = self.composer(cle).await? else { return Ok(None) };
            let arbre = Arc::new(arbre);
            // The four queries of a tree saw one and the same offer if none was committed meanwhile.
            let apres = lire().await?.offre;
            if apres == avant {
                self.confier(cle.clone(), avant, Arc::clone(&arbre));
                return Ok(Some(arbre));
            }
            avant = apres;
        }
        Ok(self.composer(cle).await?.map(Arc::new))
    }

    async fn composer(&self, cle: &CleArbre) -> Result<Option<ArbreLu>, PageError> {
        let version = (!cle.version.is_empty()).then_some(cle.version.as_str());
        let lus = self
            .0
            .present
            .db()
            .read(|c| async move {
                let Some(etape) = etape_lu_read(&c, cle.annee, &cle.etape, version).await? else {
                    return Ok(None);
                };
                let graphe = arbre_load(&c, cle.annee, &cle.etape, &cle.version).await?;
                Ok::<_, db::DbError>(Some((etape, graphe)))
            })
            .await?;
        let Some((etape, (graphe, liens))) = lus else { return Ok(None) };
        let contenu = ecrire(&en_mots(&etape, &graphe, &liens, cle.complet))?;
        let mut etiquette = String::with_capacity(32);
        for octet in Sha256::digest(contenu.as_bytes()).iter().take(16) {
            etiquette.push_str(&format!("{octet:02x}"));
        }
        Ok(Some(ArbreLu { etiquette, contenu }))
    }

    /// Leaves a tree to the task that writes, started if there is none.
    fn confier(&self, cle: CleArbre, generation: i64, arbre: Arc<ArbreLu>) {
        let mut attente = self.0.attente.lock().unwrap_or_else(PoisonError::into_inner);
        attente.arbres.retain(|_, (g, _)| *g >= generation);
        attente.arbres.insert(cle, (generation, arbre));
        if !attente.ecrivain {
            attente.ecrivain = true;
            let ici = self.clone();
            tokio::spawn(async move { ici.ecrire().await });
        }
    }

    async fn ecrire(&self) {
        loop {
            let lot: Vec<(CleArbre, i64, Arc<ArbreLu>)> = {
                let mut attente = self.0.attente.lock().unwrap_or_else(PoisonError::into_inner);
                let lot: Vec<_> = attente
                    .arbres
                    .iter()
                    .take(LOT)
                    .map(|(c, (g, a))| (c.clone(), *g, Arc::clone(a)))
                    .collect();
                attente.ecrivain = !lot.is_empty();
                lot
            };
            if lot.is_empty() {
                return;
            }
            let tous = &lot;
            let ecrit = self
                .0
                .present
                .db()
                .write(|tx| async move {
                    for (cle, generation, arbre) in tous {
                        arbre_lu_write(&*tx, cle, *generation, arbre).await?;
                    }
                    Ok::<_, db::DbError>(())
                })
                .await;
            if let Err(err) = ecrit {
                // They stay in memory, and are built again by other processes: slower, never wrong.
                tracing::warn!(%err, "trees not kept");
                self.0.attente.lock().unwrap_or_else(PoisonError::into_inner).ecrivain = false;
                return;
            }
            let mut attente = self.0.attente.lock().unwrap_or_else(PoisonError::into_inner);
            for (cle, generation, _) in &lot {
                if attente.arbres.get(cle).is_some_and(|(g, _)| g == generation) {
                    attente.arbres.remove(cle);
                }
            }
        }
    }
}
