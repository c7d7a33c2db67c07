//! Tries each link of Kofr and of Eve.

use async_trait::async_trait;
use contracts::liens::{Verifiable, Verification};
use kernel::{AnneeUniversitaire, Source};

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
        vus.into_iter().map(|v| Verification { lien: v.nom, latence_ms: v.latence_ms, resultat: v.vu }).collect()
    }
}

/// Eve's links, tried for a year.
#[derive(Clone, Debug)]
pub struct LiensEve(pub eve::Client, pub AnneeUniversitaire);

#[async_trait]
impl Verifiable for LiensEve {
    fn source(&self) -> Source {
        Source::Eve
    }

    async fn verifier(&self) -> Vec<Verification> {
        let vus = self.0.verifier(self.1).await;
        vus.into_iter().map(|v| Verification { lien: v.nom, latence_ms: v.latence_ms, resultat: v.vu }).collect()
    }
}
