//! Section `[courriel]`, as pages have changed it: the worker and the pages read it again at each use.

use async_trait::async_trait;
use db::{Db, DbError};
use mail::{Reglages, ReglagesCourants};

use super::Settings;
use super::reglables::sous;
use administration::actions::regler::poses;

/// The settings of mail, under what pages have set since the process started.
#[derive(Clone, Debug)]
pub struct CourrielCourant {
    db: Db,
    settings: Settings,
}

impl CourrielCourant {
    /// Over the settings that this process started with.
    #[must_use]
    pub fn new(db: Db, settings: &Settings) -> Self {
        Self { db, settings: settings.installation.as_deref().unwrap_or(settings).clone() }
    }
}

#[async_trait]
impl ReglagesCourants for CourrielCourant {
    async fn lire(&self) -> Result<Reglages, DbError> {
        Ok(sous(&self.settings, &poses(&self.db).await?).courriel)
    }
}
