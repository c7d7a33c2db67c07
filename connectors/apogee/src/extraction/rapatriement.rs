use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use encoding_rs::Encoding;
use kernel::{Clock, Outage};
use tokio::task::JoinSet;

use super::catalogue;
use super::contenu::contenu_verifie;
use super::copie::{self, BonneCopie, Chantier, bonne_copie};
use super::lieu::Lieu;
use super::manifeste::Manifeste;
use super::recuperation::Recuperation;
use crate::reprise::Reprise;

/// Where the set is, where it is kept, and how politely it is asked for.
#[derive(Clone, Debug)]
pub struct Reglages {
    /// Where the site puts it.
    pub lieu: Lieu,
    /// Folder of the last good copy.
    pub copie: PathBuf,
    /// Tables asked at once, at most.
    pub simultanees: usize,
    /// Longest silence of the source.
    pub silence: Duration,
    /// When and how often a file is asked again.
    pub reprise: Reprise,
}

impl Reglages {
    /// The usual choices: four tables at once, 60 seconds of silence at most.
    #[must_use]
    pub fn new(lieu: Lieu, copie: impl Into<PathBuf>) -> Self {
        Self {
            lieu,
            copie: copie.into(),
            simultanees: 4,
            silence: Duration::from_mins(1),
            reprise: Reprise::default(),
        }
    }
}

/// What bringing a set cost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bilan {
    /// Tables whose content is new to the held copy, in order of name.
    pub telechargees: Vec<&'static str>,
    /// Tables taken from the held copy because their SHA-256 did not change; an address is not asked for them.
    pub reutilisees: Vec<&'static str>,
    /// Bytes read from the source.
    pub octets: u64,
    /// Files asked again after a transient failure.
    pub reprises: u64,
}

/// The good copy as it now is, and what it cost.
#[derive(Clone, Debug)]
pub struct Rapatriement {
    /// The good copy.
    pub copie: BonneCopie,
    /// What it cost.
    pub bilan: Bilan,
}

/// Brings the set into the local folder, whole or not at all. `suivi` is told of each table, with how many are done of how many.
///
/// # Errors
/// When the source does not answer, a needed table is missing, or a table contradicts the manifest. The last good copy then
/// stays as it was.
pub async fn rapatrier(
    reglages: &Reglages,
    clock: &dyn Clock,
    suivi: &(dyn Fn(&str, u64, u64) + Send + Sync),
) -> Result<Rapatriement, Outage> {
    let racine = reglages.copie.clone();
    let chantier = en_fil(&reglages.copie, move || Chantier::ouvrir(&racine)).await?;
    let tenue = bonne_copie(&reglages.copie)?;
    let recuperation = Recuperation::new(&reglages.lieu, reglages.reprise, reglages.silence)?;
    let (manifeste, octets_manifeste) = recuperation.manifeste().await?;
    let a_lire = catalogue::a_lire(&manifeste)?;
    let travail = Arc::new(Travail {
        recuperation,
        sur_place: matches!(reglages.lieu, Lieu::Dossier(_)),
        dossier: chantier.chemin(""),
        encodage: manifeste.encodage()?,
        manifeste,
        tenue,
    });
    let total = a_lire.len() as u64;
    let mut bilan = Bilan::default();
    let mut restantes = a_lire.iter().copied();
    let mut taches = JoinSet::new();
    for (faites, _) in a_lire.iter().enumerate() {
        while taches.len() < reglages.simultanees.max(1)
            && let Some(nom) = restantes.next()
        {
            suivi(nom, faites as u64, total);
            let travail = travail.clone();
            taches.spawn(async move { travail.apporter(nom).await });
        }
        // The first failure drops the set, which stops the other tables.
        let Some(fini) = taches.join_next().await else { break };
        let (nom, reutilisee) =
            fini.map_err(|e| copie::echec(&reglages.copie, &std::io::Error::other(e)))??;
        if reutilisee {
            bilan.reutilisees.push(nom);
        } else {
            bilan.telechargees.push(nom);
        }
        suivi(nom, faites as u64 + 1, total);
    }

    let recuperation = &travail.recuperation;
    bilan.telechargees.sort_unstable();
    bilan.reutilisees.sort_unstable();
    bilan.octets = recuperation.octets.load(Ordering::Relaxed);
    bilan.reprises = recuperation.reprises.load(Ordering::Relaxed);
    let instant = clock.now();
    let rien_de_neuf = bilan.telechargees.is_empty();
    let copie = en_fil(&reglages.copie, move || match &travail.tenue {
        Some(tenue) if rien_de_neuf && tenue.manifeste == travail.manifeste => {
            chantier.confirmer(tenue.clone(), instant)
        }
        _ => chantier.valider(&octets_manifeste, instant),
    })
    .await?;
    Ok(Rapatriement { copie, bilan })
}

/// What bringing each table needs.
#[derive(Debug)]
struct Travail {
    recuperation: Recuperation,
    /// Reading a folder costs nothing: its files are checked even when their SHA-256 is said to be the held one.
    sur_place: bool,
    dossier: PathBuf,
    encodage: &'static Encoding,
    manifeste: Manifeste,
    tenue: Option<BonneCopie>,
}

impl Travail {
    /// Brings one table, and says whether the held copy had it.
    async fn apporter(&self, nom: &'static str) -> Result<(&'static str, bool), Outage> {
        let Some(annoncee) = self.manifeste.tables.get(nom) else { return Ok((nom, false)) };
        let inchangee = self.tenue.as_ref().filter(|tenue| {
            tenue.manifeste.encodage == self.manifeste.encodage
                && tenue.manifeste.tables.get(nom) == Some(annoncee)
        });
        if self.sur_place {
            self.recuperation.table(nom, annoncee, self.encodage, &self.dossier).await?;
        }
        if let Some(tenue) = inchangee
            && reutiliser(tenue, nom, &self.dossier).await
        {
            return Ok((nom, true));
        }
        if !self.sur_place {
            self.recuperation.table(nom, annoncee, self.encodage, &self.dossier).await?;
        }
        Ok((nom, false))
    }
}

/// Takes a table from the held copy, if its file is still what it was.
async fn reutiliser(tenue: &BonneCopie, nom: &'static str, dossier: &Path) -> bool {
    let source = tenue.fichier(nom);
    let Some(cible) = source.file_name().map(|f| dossier.join(f)) else { return false };
    let Some(annoncee) = tenue.manifeste.tables.get(nom).cloned() else { return false };
    let faire = move || {
        contenu_verifie(&source, nom, &annoncee).is_ok()
            && (cible.exists()
                || std::fs::hard_link(&source, &cible).is_ok()
                || std::fs::copy(&source, &cible).is_ok())
    };
    tokio::task::spawn_blocking(faire).await.unwrap_or(false)
}

/// Runs disk work away from the threads that serve pages.
pub(super) async fn en_fil<T: Send + 'static>(
    ou: &Path,
    travail: impl FnOnce() -> Result<T, Outage> + Send + 'static,
) -> Result<T, Outage> {
    tokio::task::spawn_blocking(travail).await.map_err(|e| copie::echec(ou, &std::io::Error::other(e)))?
}
