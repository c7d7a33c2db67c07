//! The state of each source in one line, for the pages that show its data.

use async_trait::async_trait;
use contracts::liens::{EtatDesSources, EtatSource};
use db::DbError;
use kernel::{Actor, Outage, Source};

use super::ApiFault;
use crate::Api;
use crate::domain::lien::{Changement, Etat, Lien};
use crate::store;

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

    /// Somebody met a source in another state than the one held. A failure is noted at once, because the process may be a command
    /// about to end, and every link is tried again behind it; a source that answers is tried again on the spot.
    async fn constater(&self, source: Source, panne: Option<&Outage>) {
        let tenu = self.etats().await.into_iter().find(|e| e.source == source);
        if tenu.and_then(|e| e.en_marche) == Some(panne.is_none()) {
            return;
        }
        match panne {
            Some(panne) => {
                if let Err(err) = self.noter(source, panne).await {
                    tracing::warn!(%err, "links");
                }
                let api = self.clone();
                tokio::spawn(async move { api.reverifier().await });
            }
            None => self.reverifier().await,
        }
    }
}

/// The link under which a failure met by a collection is kept, until a verification finds every link of its source up.
const COLLECTE: &str = "collecte";

impl Api {
    async fn reverifier(&self) {
        match self.verifier_liens(&Actor::Planification).await {
            Ok(_) | Err(ApiFault::VerificationEnCours) => {}
            Err(err) => tracing::warn!(%err, "links"),
        }
    }

    async fn noter(&self, source: Source, panne: &Outage) -> Result<(), DbError> {
        let maintenant = self.clock.now();
        let lien = Lien {
            source,
            nom: COLLECTE.to_owned(),
            // After the links of the source, however many.
            rang: 1_000,
            etat: Etat::EnPanne,
            latence_ms: 0,
            detail: panne.detail.clone(),
            remede: Some(panne.remede.clone()),
            verifie_le: maintenant,
            depuis: maintenant,
            dernier_bon: None,
        };
        let changement = Changement { ecrits: vec![lien], ..Changement::default() };
        let changement = &changement;
        self.db.write(|tx| async move { store::lien_write(&*tx, source, changement).await }).await
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
