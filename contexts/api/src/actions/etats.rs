//! The state of each source in one line, for the pages that show its data.

use async_trait::async_trait;
use contracts::liens::{EtatDesSources, EtatSource};
use kernel::{Outage, Source};

use crate::Api;
use crate::domain::lien::{Changement, Etat, Lien};
use crate::store;

/// What a collection met, kept as one more link of its source until a verification finds every link up.
const LA_COLLECTE: &str = "Dernière collecte";

#[async_trait]
impl EtatDesSources for Api {
    async fn etats(&self) -> Vec<EtatSource> {
        let liens = self.liens().await.unwrap_or_else(|err| {
            tracing::error!(%err, "links");
            Vec::new()
        });
        Source::ALL.into_iter().map(|source| etat(source, &liens)).collect()
    }

    async fn constater(&self, source: Source, panne: Option<&Outage>) {
        if let Err(err) = self.noter(source, panne).await {
            tracing::error!(%err, source = source.code(), "links");
        }
    }
}

impl Api {
    async fn noter(&self, source: Source, panne: Option<&Outage>) -> Result<(), db::DbError> {
        let maintenant = self.clock.now();
        let tenus = self.db.read(|c| async move { store::lien_list_of(&c, source).await }).await?;
        let tenu = tenus.iter().find(|l| l.nom == LA_COLLECTE);
        let Some(panne) = panne else {
            // It answered: every link in trouble is worth another look, and this one has nothing left to say.
            if tenu.is_none() {
                return Ok(());
            }
            let changement = Changement { retires: vec![LA_COLLECTE.to_owned()], ..Changement::default() };
            return self.ecrire(source, &changement).await;
        };
        let lien = Lien {
            source,
            nom: LA_COLLECTE.to_owned(),
            rang: 1_000,
            etat: Etat::EnPanne,
            latence_ms: 0,
            detail: format!("{} ({})", panne.detail, panne.quoi),
            remede: Some(panne.remede.clone()),
            verifie_le: maintenant,
            depuis: tenu.filter(|l| l.etat == Etat::EnPanne).map_or(maintenant, |l| l.depuis),
            dernier_bon: tenu.and_then(|l| l.dernier_bon),
        };
        self.ecrire(source, &Changement { ecrits: vec![lien], ..Changement::default() }).await
    }

    async fn ecrire(&self, source: Source, changement: &Changement) -> Result<(), db::DbError> {
        self.db.write(|tx| async move { store::lien_write(&*tx, source, changement).await }).await
    }
}

/// One source: down as soon as one of its links is.
fn etat(source: Source, liens: &[Lien]) -> EtatSource {
    let siens = || liens.iter().filter(|l| l.source == source);
    let en_panne = siens().filter(|l| l.etat == Etat::EnPanne).min_by_key(|l| (l.depuis, l.rang));
    EtatSource {
        source,
        en_marche: siens().next().is_some().then_some(en_panne.is_none()),
        depuis: en_panne.map(|l| l.depuis).or_else(|| siens().map(|l| l.depuis).max()),
        detail: en_panne.map(|l| l.detail.clone()),
        remede: en_panne.and_then(|l| l.remede.clone()),
        verifie_le: siens().map(|l| l.verifie_le).max(),
    }
}
