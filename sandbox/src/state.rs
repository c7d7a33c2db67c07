//! What the sandbox holds while it runs: the world, the switches of the control page, and what was asked of each source.
//!
//! Readers take a snapshot of the world ([`Sandbox::world`]) and answer from it without holding any lock; whoever
//! changes the world goes through [`Sandbox::change`], which counts a new generation so that caches and ETags follow.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use kernel::Source;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::world::World;

/// How SOAP answers spell a field that has no value (CONTRACT.md §1.8: real servers are not proven to do either).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NilPolicy {
    /// `xsi:nil="true"`.
    #[default]
    Nil,
    /// The element is left out.
    Omit,
}

/// What is wrong with a source at the moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Panne {
    /// Nothing: it answers.
    #[default]
    Aucune,
    /// Every answer waits this long first, at most [`Panne::LENTEUR_MAX`].
    Lente(Duration),
    /// The connection is closed in the middle of the body.
    Coupee,
    /// An HTML page instead of the contract's document, with status 200 as reverse proxies do.
    Html,
    /// The source says that its database is away: fault `technical.data.transaction.connexion` over SOAP, 503 elsewhere.
    ConnexionApogee,
    /// The connection is closed without any answer.
    Absente,
}

impl Panne {
    /// The slowest a source can be made.
    pub const LENTEUR_MAX: Duration = Duration::from_secs(90);

    /// Slow by `secondes`, bounded by [`Panne::LENTEUR_MAX`]; zero is no fault at all.
    #[must_use]
    pub fn lente(secondes: u64) -> Self {
        match Duration::from_secs(secondes).min(Self::LENTEUR_MAX) {
            Duration::ZERO => Self::Aucune,
            delai => Self::Lente(delai),
        }
    }
}

/// One value per source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ParSource<T> {
    /// SOAP web services.
    pub apogee: T,
    /// Files of the structure extraction.
    pub extraction: T,
    /// Kofr.
    pub kofr: T,
    /// Eve.
    pub eve: T,
}

impl<T> ParSource<T> {
    /// The value of `source`.
    pub fn get(&self, source: Source) -> &T {
        match source {
            Source::Apogee => &self.apogee,
            Source::Extraction => &self.extraction,
            Source::Kofr => &self.kofr,
            Source::Eve => &self.eve,
        }
    }

    /// The value of `source`, to be changed.
    pub fn get_mut(&mut self, source: Source) -> &mut T {
        match source {
            Source::Apogee => &mut self.apogee,
            Source::Extraction => &mut self.extraction,
            Source::Kofr => &mut self.kofr,
            Source::Eve => &mut self.eve,
        }
    }
}

/// The switches of the control page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Switches {
    /// How SOAP answers spell absence.
    pub nil: NilPolicy,
    /// What is wrong with each source.
    pub pannes: ParSource<Panne>,
}

/// Who may ask. Absent means that anybody may.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Acces {
    /// User name and password of HTTP Basic, for the SOAP services and the extraction.
    pub basic: Option<(String, String)>,
    /// Bearer token, for Kofr and Eve.
    pub jeton: Option<String>,
}

impl std::fmt::Debug for Acces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let utilisateur = self.basic.as_ref().map(|(nom, _)| nom);
        f.debug_struct("Acces").field("basic", &utilisateur).field("jeton", &self.jeton.is_some()).finish()
    }
}

/// The running sandbox, shared by every server in it.
#[derive(Debug)]
pub struct Sandbox {
    world: RwLock<Arc<World>>,
    switches: RwLock<Switches>,
    acces: Acces,
    generation: AtomicU64,
    demandes: ParSource<AtomicU64>,
    arret: watch::Sender<bool>,
}

impl Sandbox {
    /// A sandbox that shows `world`.
    #[must_use]
    pub fn new(world: World, acces: Acces) -> Self {
        Self {
            world: RwLock::new(Arc::new(world)),
            switches: RwLock::default(),
            acces,
            generation: AtomicU64::new(1),
            demandes: ParSource::default(),
            arret: watch::Sender::new(false),
        }
    }

    /// Tells every server to stop, answers that are being delayed included.
    pub fn stop(&self) {
        self.arret.send_replace(true);
    }

    /// Returns once [`Sandbox::stop`] was called.
    pub async fn stopped(&self) {
        // The sender lives as long as self, so that waiting cannot fail.
        let _ = self.arret.subscribe().wait_for(|arret| *arret).await;
    }

    /// The world as it is now. The snapshot stays as it was while the world goes on.
    #[must_use]
    pub fn world(&self) -> Arc<World> {
        self.world.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The world as it is now with its generation: what was made from one is good until the other changes.
    #[must_use]
    pub fn world_and_generation(&self) -> (Arc<World>, u64) {
        let world = self.world.read().unwrap_or_else(PoisonError::into_inner);
        (world.clone(), self.generation.load(Ordering::Acquire))
    }

    /// Changes the world and counts a new generation. The world is copied first when a reader still holds it.
    pub fn change<R>(&self, f: impl FnOnce(&mut World) -> R) -> R {
        let mut world = self.world.write().unwrap_or_else(PoisonError::into_inner);
        let result = f(Arc::make_mut(&mut world));
        self.generation.fetch_add(1, Ordering::AcqRel);
        result
    }

    /// How many worlds were shown since the start, the present one included.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// The switches as they are now.
    #[must_use]
    pub fn switches(&self) -> Switches {
        self.switches.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What is wrong with `source` now.
    #[must_use]
    pub fn panne(&self, source: Source) -> Panne {
        *self.switches.read().unwrap_or_else(PoisonError::into_inner).pannes.get(source)
    }

    /// How SOAP answers spell absence now.
    #[must_use]
    pub fn nil(&self) -> NilPolicy {
        self.switches.read().unwrap_or_else(PoisonError::into_inner).nil
    }

    /// Moves the switches.
    pub fn switch(&self, f: impl FnOnce(&mut Switches)) {
        f(&mut self.switches.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// Who may ask.
    #[must_use]
    pub fn acces(&self) -> &Acces {
        &self.acces
    }

    /// Counts one request to `source`, answered or not.
    pub fn count(&self, source: Source) {
        self.demandes.get(source).fetch_add(1, Ordering::Relaxed);
    }

    /// Requests received by `source` since the start.
    #[must_use]
    pub fn demandes(&self, source: Source) -> u64 {
        self.demandes.get(source).load(Ordering::Relaxed)
    }
}
