//! The door to Apogée: the only room that knows the connector.

mod dossier;
mod liens;
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

use crate::CopieTenue;
use crate::settings::{ReglagesApogee, ReglagesExtraction};

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
        let lire = move |numero: NumeroEtudiant| {
            let client = client.clone();
            async move {
                let dossier = dossier::lire(&client, annee, &numero).await?;
                Ok((numero, dossier))
            }
        };
        stream::iter(numeros)
            .map(lire)
            .buffer_unordered(self.dossiers_a_la_fois())
            .scan(false, |fini, lu: Resultat<_>| {
                let suite = (!*fini).then_some(lu);
                *fini = suite.as_ref().is_none_or(Result::is_err);
                std::future::ready(suite)
            })
            .boxed()
    }

    fn attente(&self) -> Attente {
        let releve = self.client.statistiques().releve();
        Attente {
            appels: releve.appels,
            reprises: releve.reprises,
            attente_ms: u64::try_from(releve.attente.as_millis()).unwrap_or(u64::MAX),
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
