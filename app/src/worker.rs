//! What runs in the background: jobs, and the regular look at every link.

use std::time::Duration;

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
            () = watch(house, settings.verification_liens_min) => {}
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
