use std::sync::Arc;

use chrono::{DateTime, Utc};
use contracts::liens::{Verifiable, Verification};
use db::{Db, Tx, journal};
use futures::stream::{FuturesUnordered, StreamExt as _};
use kernel::{Actor, Source};

use crate::domain::lien::{self, Etat};
use crate::{Api, ApiFault, store};

/// Tries the links of every source at once, and keeps each report as it comes, so that a slow source does not hide the others.
pub(crate) async fn verifier_liens(api: Api, acteur: Actor) -> Result<(), ApiFault> {
    let mut essais: FuturesUnordered<_> = api.verifiables.iter().cloned().map(essayer).collect();
    while let Some((source, rapport)) = essais.next().await {
        garder(api.db.clone(), acteur.clone(), source, rapport.into(), api.clock.now()).await?;
    }
    Ok(())
}

async fn essayer(verifiable: Arc<dyn Verifiable>) -> (Source, Vec<Verification>) {
    (verifiable.source(), verifiable.verifier().await)
}

/// Keeps the report of one source, in one transaction with its journal line. A scheduled verification that finds everything as it
/// was leaves no line: the journal tells what changed and who asked.
async fn garder(
    db: Db,
    acteur: Actor,
    source: Source,
    rapport: Arc<[Verification]>,
    maintenant: DateTime<Utc>,
) -> Result<(), ApiFault> {
    db.write(move |tx| {
        let (acteur, rapport) = (acteur.clone(), rapport.clone());
        async move { garder_dans(&tx, &acteur, source, &rapport, maintenant).await }
    })
    .await
}

async fn garder_dans(
    tx: &Tx,
    acteur: &Actor,
    source: Source,
    rapport: &[Verification],
    maintenant: DateTime<Utc>,
) -> Result<(), ApiFault> {
    let tenus = store::lien_list_of(&**tx, source).await?;
    let changement = lien::rapprocher(source, &tenus, rapport, maintenant);
    store::lien_write(&**tx, source, &changement).await?;
    if changement.bascules == 0 && matches!(acteur, Actor::Planification) {
        return Ok(());
    }
    let en_panne = changement.ecrits.iter().filter(|l| l.etat != Etat::Repond).count();
    let entree = journal::Entry {
        quand: maintenant,
        acteur,
        action: "liens.verifier",
        objet: "liens",
        cle: source.code(),
        avant: None,
        apres: Some(serde_json::json!({
            "liens": changement.ecrits.len(),
            "en_panne": en_panne,
            "bascules": changement.bascules,
        })),
    };
    Ok(journal::write(&**tx, entree).await?)
}
