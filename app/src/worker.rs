//! What runs in the background: jobs, and the regular look at every link.

use std::time::Duration;

use administration::actions::{courriels, purger, regler};
use jobs::Worker;
use kernel::Actor;
use tokio::time::MissedTickBehavior;

use crate::assembly::House;
use crate::settings::TravauxSection;
use crate::shutdown::Shutdown;

/// Runs jobs and watches the links, until the process is asked to stop.
pub async fn run(house: &House, settings: &TravauxSection, shutdown: &Shutdown) {
    let worker = Worker::new(house.queue.clone(), house.handlers.clone()).at_once(settings.simultanes);
    let watched = async {
        tokio::select! {
            ((), (), ()) = async { tokio::join!(
                watch(house, settings.verification_liens_min),
                upkeep(house, settings.conserver_jours),
                deliver(house),
            ) } => {}
            () = shutdown.asked() => {}
        }
    };
    tokio::join!(worker.run_until(shutdown.asked()), watched);
}

async fn watch(house: &House, minutes: u64) {
    if minutes == 0 {
        return;
    }
    let mut ticks = tokio::time::interval(Duration::from_secs(minutes.saturating_mul(60)));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match house.api.verifier_liens(&Actor::Planification).await {
            // Somebody is looking already: as good.
            Ok(_) | Err(api::ApiFault::VerificationEnCours) => {}
            Err(err) => tracing::warn!(%err, "vérification des liens"),
        }
    }
}

/// How often mail is looked for: another process may have written some.
const COURRIER: Duration = Duration::from_secs(2);

/// Mail leaves as soon as it is written down. A process that is asked to stop in the middle of a message leaves it to the next one.
async fn deliver(house: &House) {
    loop {
        match house.facteur.tournee().await {
            Ok(tournee) if tournee.total() > 0 => {
                let mail::Tournee { envoyes, reportes, echecs } = tournee;
                tracing::info!(envoyes, reportes, echecs, "courriels");
            }
            Ok(_) => tokio::time::sleep(COURRIER).await,
            Err(err) => {
                tracing::warn!(%err, "courriels");
                tokio::time::sleep(10 * COURRIER).await;
            }
        }
    }
}

/// What time alone makes due, looked at when the process starts and every hour.
async fn upkeep(house: &House, conserver_jours: i64) {
    let mut ticks = tokio::time::interval(Duration::from_secs(3600));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        // What Apogée answered about people is not kept longer than it may be.
        if let Err(err) = house.api.purger().await {
            tracing::warn!(%err, "oubli des copies");
        }
        // Local corrections end on their day, whether or not a collection comes by.
        if let Err(err) = maquette::actions::corriger::expirer(&house.outils).await {
            tracing::warn!(%err, "fin des corrections");
        }
        if let Err(err) =
            courriels::effacer(&house.db, house.clock.as_ref(), &house.facteur, &Actor::Planification).await
        {
            tracing::warn!(%err, "effacement des courriels anciens");
        }
        // What applications wrote is answered again for a day, and no longer.
        if let Err(err) = iexam::rest::oublier(&house.iexam).await {
            tracing::warn!(%err, "oubli des réponses gardées");
        }
        if let Err(err) = forget_jobs(house, conserver_jours).await {
            tracing::warn!(%err, "oubli des travaux finis");
        }
    }
}

/// Jobs that ended longer ago than is set, from a page if one has, are no longer shown.
async fn forget_jobs(house: &House, jours: i64) -> Result<(), db::DbError> {
    let poses = regler::poses(&house.db).await?;
    let jours = poses.get(purger::CONSERVER).and_then(|jours| jours.parse().ok()).unwrap_or(jours);
    let n =
        purger::purger(&house.db, house.clock.as_ref(), &house.queue, jours, &Actor::Planification).await?;
    if n > 0 {
        tracing::info!(n, "travaux finis oubliés");
    }
    Ok(())
}
