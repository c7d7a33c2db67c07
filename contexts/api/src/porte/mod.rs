//! The door to Apogée: the only room that knows the connector.

mod dossier;
mod liens;
mod references;
mod structure;

use std::path::PathBuf;
use std::sync::Arc;

use apogee::client::Client;
use apogee::extraction::{self, Contenu, bonne_copie};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use contracts::apogee::{Attente, CleEtape, Dossier, PorteApogee, Resultat, Structure, Suivi};
use futures::stream::{self, BoxStream, StreamExt as _};
use kernel::{AnneeUniversitaire, Clock, NumeroEtudiant, Outage, OutageKind, Source};
use tokio::sync::mpsc;

use crate::settings::{ReglagesApogee, ReglagesExtraction};
use contracts::liens::CopieTenue;

pub(crate) use liens::{LiensApogee, LiensExtraction};

/// The door, open. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Porte {
    client: Client,
    extraction: Arc<extraction::Reglages>,
    clock: Arc<dyn Clock>,
}

impl Porte {
    /// The door that these settings describe. Nothing is asked yet.
    ///
    /// # Errors
    /// When a setting cannot be used; the sentence says which.
    pub fn new(
        apogee: &ReglagesApogee,
        extraction: &ReglagesExtraction,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Outage> {
        Ok(Self {
            client: Client::new(apogee.du_client()?)?,
            extraction: Arc::new(extraction.du_lecteur()),
            clock,
        })
    }

    /// The links that it can verify: the extraction, then the web services.
    #[must_use]
    pub fn verifiables(&self) -> Vec<Arc<dyn contracts::liens::Verifiable>> {
        vec![Arc::new(LiensExtraction(self.clone())), Arc::new(LiensApogee(self.clone()))]
    }

    /// Reads the held copy without asking the source for anything.
    async fn copie(&self) -> Option<Contenu> {
        let racine: PathBuf = self.extraction.copie.clone();
        let lire = move || bonne_copie(&racine).ok().flatten().and_then(|bonne| Contenu::lire(&bonne).ok());
        tokio::task::spawn_blocking(lire).await.ok().flatten()
    }

    /// Files read at once: enough that the busiest service always has a call waiting for a place.
    fn dossiers_a_la_fois(&self) -> usize {
        self.client.reglages().simultanees.saturating_mul(2).max(1)
    }
}

/// Files read ahead of whoever takes them.
const LUS_D_AVANCE: usize = 256;

#[async_trait]
impl PorteApogee for Porte {
    async fn structure(&self, suivi: Suivi) -> Resultat<Structure> {
        let avance = |table: &str, faites: u64, total: u64| suivi(table, faites, total);
        let bonne = extraction::rapatrier(&self.extraction, self.clock.as_ref(), &avance).await?.copie;
        let lire = move || Contenu::lire(&bonne).map(structure::traduire);
        tokio::task::spawn_blocking(lire).await.map_err(|e| lecture_interrompue(&e))?
    }

    async fn etudiants(&self, annee: AnneeUniversitaire, etape: &CleEtape) -> Resultat<Vec<NumeroEtudiant>> {
        let liste = self.client.etudiants_de_vet(annee, &etape.etape, &etape.version).await?;
        let mut vus = std::collections::HashSet::new();
        // A person without a number is a candidate, not yet a student.
        let numeros = liste.into_iter().filter_map(|e| e.cod_etu).filter(|n| vus.insert(n.clone()));
        Ok(numeros.map(NumeroEtudiant).collect())
    }

    fn dossiers(
        &self,
        annee: AnneeUniversitaire,
        numeros: Vec<NumeroEtudiant>,
    ) -> BoxStream<'static, Resultat<(NumeroEtudiant, Option<Dossier>)>> {
        let client = self.client.clone();
        let a_la_fois = self.dossiers_a_la_fois();
        let (envoi, reception) = mpsc::channel(LUS_D_AVANCE);
        // On a task of its own: the source is kept busy while whoever reads writes what it has.
        tokio::spawn(async move {
            let lire = |numero: NumeroEtudiant| {
                let client = client.clone();
                async move {
                    let dossier = dossier::lire(&client, annee, &numero).await?;
                    Ok((numero, dossier))
                }
            };
            let mut lus = stream::iter(numeros).map(lire).buffer_unordered(a_la_fois);
            while let Some(lu) = lus.next().await {
                let fini = lu.is_err();
                // Nobody reads any more, or the source failed: the calls under way are given up.
                if envoi.send(lu).await.is_err() || fini {
                    return;
                }
            }
        });
        stream::unfold(reception, |mut reception| async move { Some((reception.recv().await?, reception)) })
            .boxed()
    }

    fn attente(&self) -> Attente {
        let releve = self.client.statistiques().releve();
        let ms = |duree: std::time::Duration| u64::try_from(duree.as_millis()).unwrap_or(u64::MAX);
        Attente {
            appels: releve.appels,
            reprises: releve.reprises,
            attente_ms: ms(releve.attente),
            occupee_ms: ms(releve.occupee),
            simultanees: releve.simultanees,
        }
    }
}

#[async_trait]
impl CopieTenue for Porte {
    async fn obtenue_le(&self, source: Source) -> Option<DateTime<Utc>> {
        if source != Source::Extraction {
            return None;
        }
        let racine = self.extraction.copie.clone();
        let lire = move || bonne_copie(&racine).ok().flatten().map(|bonne| bonne.obtenue_le);
        tokio::task::spawn_blocking(lire).await.ok().flatten()
    }
}

fn lecture_interrompue(erreur: &tokio::task::JoinError) -> Outage {
    Outage {
        source_: Source::Extraction,
        quoi: "copie locale".into(),
        kind: OutageKind::Demande,
        detail: format!("La lecture de la copie locale s’est interrompue ({erreur})."),
        remede: "Recommencez ; si cela dure, transmettez cette phrase au support.".into(),
    }
}
