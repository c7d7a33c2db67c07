//! The links of Apogée, for the verification of all links.

use apogee::client::Temoin;
use apogee::extraction::{self, Contenu};
use async_trait::async_trait;
use contracts::liens::{Verifiable, Verification};
use kernel::{AnneeUniversitaire, Source};

use super::Porte;

/// The manifest and tables of the extraction.
pub(crate) struct LiensExtraction(pub Porte);

/// The operations of the web services.
pub(crate) struct LiensApogee(pub Porte);

#[async_trait]
impl Verifiable for LiensExtraction {
    fn source(&self) -> Source {
        Source::Extraction
    }

    async fn verifier(&self) -> Vec<Verification> {
        let controles = extraction::verifier(&self.0.extraction).await;
        controles
            .into_iter()
            .map(|c| Verification { lien: c.lien, latence_ms: c.latence_ms, resultat: c.resultat })
            .collect()
    }
}

#[async_trait]
impl Verifiable for LiensApogee {
    fn source(&self) -> Source {
        Source::Apogee
    }

    async fn verifier(&self) -> Vec<Verification> {
        let annee = AnneeUniversitaire::du_jour(self.0.clock.now().date_naive());
        let temoin = temoin(self.0.copie().await.as_ref(), annee);
        let controles = self.0.client.verifier(&temoin).await;
        controles
            .into_iter()
            .map(|c| Verification { lien: c.lien.to_owned(), latence_ms: c.latence_ms, resultat: c.resultat })
            .collect()
    }
}

/// An étape version to ask about: the first open in the current year of the held copy. Without one, a code that nobody has: "none"
/// is an answer too.
fn temoin(contenu: Option<&Contenu>, defaut: AnneeUniversitaire) -> Temoin {
    let annee = contenu
        .and_then(|c| c.annees.iter().find(|a| a.etat_iae.as_deref() == Some("O")))
        .and_then(|a| AnneeUniversitaire::new(a.annee))
        .unwrap_or(defaut);
    let ouverte = contenu.and_then(|c| {
        c.rattachements.iter().find(|r| {
            r.debut_recrutement.is_none_or(|d| d <= annee.premiere())
                && r.fin_recrutement.is_none_or(|f| annee.premiere() <= f)
        })
    });
    match ouverte {
        Some(r) => Temoin { annee, etape: r.etape.clone(), version: r.version_etape.clone() },
        None => Temoin { annee, etape: "0".into(), version: "1".into() },
    }
}
