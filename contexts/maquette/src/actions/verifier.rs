//! What the watch over links asks of Maquette: to try Kofr's and Eve's, and to say how old its data are.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use contracts::liens::{CopieTenue, Verifiable, Verification};
use kernel::{AnneeUniversitaire, Source};

use super::Outils;
use super::demander::annee_courante;
use crate::domain::Portee;
use crate::store::collecte::collecte_fin;

/// Kofr's links.
#[derive(Clone, Debug)]
pub struct LiensKofr(pub kofr::Client);

#[async_trait]
impl Verifiable for LiensKofr {
    fn source(&self) -> Source {
        Source::Kofr
    }

    async fn verifier(&self) -> Vec<Verification> {
        let vus = self.0.verifier().await;
        vus.into_iter()
            .map(|v| Verification { lien: v.nom, latence_ms: v.latence_ms, resultat: v.vu })
            .collect()
    }
}

/// Eve's links, tried for the current year.
#[derive(Clone, Debug)]
pub struct LiensEve(pub eve::Client, pub Outils);

#[async_trait]
impl Verifiable for LiensEve {
    fn source(&self) -> Source {
        Source::Eve
    }

    async fn verifier(&self) -> Vec<Verification> {
        let du_jour = AnneeUniversitaire::du_jour(self.1.clock.now().date_naive());
        let annee = annee_courante(&self.1).await.unwrap_or(du_jour);
        let vus = self.0.verifier(annee).await;
        vus.into_iter()
            .map(|v| Verification { lien: v.nom, latence_ms: v.latence_ms, resultat: v.vu })
            .collect()
    }
}

/// The data that Maquette holds of each source, for the current year.
#[derive(Clone, Debug)]
pub struct DonneesCollectees(pub Outils);

#[async_trait]
impl CopieTenue for DonneesCollectees {
    async fn obtenue_le(&self, source: Source) -> Option<DateTime<Utc>> {
        let annee = annee_courante(&self.0).await.ok()?;
        let partie = match source {
            Source::Extraction | Source::Kofr => Portee::Offre,
            Source::Apogee | Source::Eve => Portee::Personnes,
        };
        self.0.db.read(|c| async move { collecte_fin(&c, partie, annee).await }).await.ok().flatten()
    }
}
