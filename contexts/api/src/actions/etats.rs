//! The state of each source in one line, for the pages that show its data.

use async_trait::async_trait;
use contracts::liens::{EtatDesSources, EtatSource};
use kernel::{Actor, Outage, Source};

use super::ApiFault;
use crate::Api;
use crate::domain::lien::{Etat, Lien};

#[async_trait]
impl EtatDesSources for Api {
    async fn etats(&self) -> Vec<EtatSource> {
        let liens = self.liens().await.unwrap_or_else(|err| {
            // Unknown is shown as unknown; the page has other things to say.
            tracing::error!(%err, "links");
            Vec::new()
        });
        Source::ALL.into_iter().map(|source| etat(source, &liens)).collect()
    }

    /// Somebody met a source in another state than the one held: every link is tried again, without keeping them waiting.
    async fn constater(&self, source: Source, panne: Option<&Outage>) {
        let tenu = self.etats().await.into_iter().find(|e| e.source == source);
        if tenu.and_then(|e| e.en_marche) == Some(panne.is_none()) {
            return;
        }
        let api = self.clone();
        tokio::spawn(async move {
            match api.verifier_liens(&Actor::Planification).await {
                Ok(_) | Err(ApiFault::VerificationEnCours) => {}
                Err(err) => tracing::warn!(%err, "links"),
            }
        });
    }
}

/// One source out of its links: down as soon as one is, or could not be tried.
#[must_use]
pub fn etat(source: Source, liens: &[Lien]) -> EtatSource {
    let siens = || liens.iter().filter(|l| l.source == source);
    let pire =
        [Etat::EnPanne, Etat::NonVerifie, Etat::Repond].into_iter().find(|e| siens().any(|l| l.etat == *e));
    let premier = siens().filter(|l| Some(l.etat) == pire).min_by_key(|l| (l.depuis, l.rang));
    let en_panne = premier.filter(|l| l.etat != Etat::Repond);
    EtatSource {
        source,
        en_marche: pire.map(|e| e == Etat::Repond),
        depuis: premier.map(|l| l.depuis),
        detail: en_panne.map(|l| l.detail.clone()),
        remede: en_panne.and_then(|l| l.remede.clone()),
        verifie_le: siens().map(|l| l.verifie_le).max(),
    }
}
