//! The client of Apogée's web services: one call at a time is `transport`, the operations by name are `operations`.
//!
//! What it promises to its caller:
//! - "none" is `None` or an empty list, never an [`Outage`]; an outage is never an empty list;
//! - a transient fault is asked again, later each time; any other is told at once;
//! - at most [`Reglages::simultanees`] calls of one service are under way, whatever the number of callers;
//! - what it waited for is in [`Statistiques`].
//!
//! To add an operation: declare it in `wire`, add a function of a few lines in `operations.rs` and a check in `verification.rs`.

mod operations;
mod reglages;
mod statistiques;
mod transport;
mod verification;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use kernel::{Outage, OutageKind, Source};
use tokio::sync::Semaphore;

pub use operations::Structures;
pub use reglages::{Acces, Reglages};
pub use statistiques::{Releve, Statistiques};
pub use verification::{Controle, Temoin};

use crate::http;
use crate::wire::Service;

/// A client, cheap to clone: the clones share their limits and their statistics.
#[derive(Clone, Debug)]
pub struct Client {
    partage: Arc<Partage>,
}

#[derive(Debug)]
struct Partage {
    reglages: Reglages,
    // One per service, in the order of Service::ALL.
    portes: Vec<Porte>,
    statistiques: Arc<Statistiques>,
    /// Set when the server said that it does not know the fourth version of the structure.
    sans_v4: AtomicBool,
}

#[derive(Debug)]
struct Porte {
    service: Service,
    url: String,
    acces: Acces,
    http: reqwest::Client,
    places: Semaphore,
}

impl Client {
    /// A client for these settings. Nothing is asked yet.
    ///
    /// # Errors
    /// [`OutageKind::Demande`] when an address cannot be one.
    pub fn new(reglages: Reglages) -> Result<Self, Outage> {
        let mut portes = Vec::new();
        for service in Service::ALL {
            let acces = reglages.acces(service);
            let url = acces.url.clone();
            if reqwest::Url::parse(&url).is_err() {
                return Err(reglage_fautif(service, &format!("« {} »", http::sans_secret(&url))));
            }
            let choix = http::Choix { silence: None, suit_les_redirections: false };
            let http = http::client(&url, choix).map_err(|e| reglage_fautif(service, &e.to_string()))?;
            portes.push(Porte {
                service,
                url,
                acces,
                http,
                places: Semaphore::new(reglages.simultanees.max(1)),
            });
        }
        let statistiques = Arc::new(Statistiques::default());
        let partage = Partage { reglages, portes, statistiques, sans_v4: AtomicBool::new(false) };
        Ok(Self { partage: Arc::new(partage) })
    }

    /// What was asked since the client was made, and what was waited for.
    #[must_use]
    pub fn statistiques(&self) -> &Arc<Statistiques> {
        &self.partage.statistiques
    }

    /// The settings.
    #[must_use]
    pub fn reglages(&self) -> &Reglages {
        &self.partage.reglages
    }

    fn porte(&self, service: Service) -> Option<&Porte> {
        self.partage.portes.iter().find(|p| p.service == service)
    }
}

fn reglage_fautif(service: Service, vu: &str) -> Outage {
    Outage {
        source_: Source::Apogee,
        quoi: service.endpoint().to_owned(),
        kind: OutageKind::Demande,
        detail: format!("L'adresse du service {} n'est pas utilisable : {vu}.", service.endpoint()),
        remede: "Corrigez la section [apogee] des paramètres : une adresse comme \
                 http://apogee.exemple.fr/wsapogee."
            .into(),
    }
}
