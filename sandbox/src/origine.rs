//! What the world is made from, so that it can be made again: the generator's options, or a real catalogue.

use std::path::{Path, PathBuf};

use apogee::extraction::{BonneCopie, Contenu, Manifeste};
use chrono::{DateTime, Utc};

use crate::catalogue;
use crate::extraction::MANIFESTE;
use crate::server::Erreur;
use crate::world::{Options, World};

/// What the world is made from.
#[derive(Debug)]
pub struct Origine {
    options: Options,
    dossier: Option<PathBuf>,
}

impl Origine {
    /// A generated university, or the catalogue of `dossier`.
    #[must_use]
    pub fn new(options: Options, dossier: Option<PathBuf>) -> Self {
        Self { options, dossier }
    }

    /// The folder served as it is, if there is one.
    #[must_use]
    pub fn dossier(&self) -> Option<&Path> {
        self.dossier.as_deref()
    }

    /// Where the offer comes from, for the control page.
    #[must_use]
    pub fn libelle(&self) -> String {
        match &self.dossier {
            None => format!("générée, graine {}", self.options.seed),
            Some(dossier) => {
                let nom = dossier.file_name().map(|nom| nom.to_string_lossy().into_owned());
                format!("extraction «\u{a0}{}\u{a0}»", nom.unwrap_or_else(|| dossier.display().to_string()))
            }
        }
    }

    /// Makes the world. Takes seconds for a large one: not for an async thread.
    ///
    /// # Errors
    /// When the folder is not an extraction at all. One that contradicts its manifest is served all the same, since
    /// refusing it is the suite's work: only the web services then have no offer to answer from.
    pub fn world(&self) -> Result<World, Erreur> {
        let Some(dossier) = &self.dossier else { return Ok(World::generate(&self.options)) };
        let fault = |motif: String| Erreur::Extraction { dossier: dossier.clone(), motif };
        let octets = std::fs::read(dossier.join(MANIFESTE))
            .map_err(|erreur| fault(format!("{MANIFESTE} ne peut pas être lu ({erreur})")))?;
        let mut world = catalogue::without_offer(&self.options);
        match read(dossier, &octets) {
            Ok(contenu) => catalogue::fill(&mut world, contenu),
            Err(outage) => {
                tracing::warn!(%outage, "the extraction is served as it is, without an offer behind SOAP")
            }
        }
        catalogue::settle(&mut world);
        Ok(world)
    }
}

fn read(dossier: &Path, manifeste: &[u8]) -> Result<Contenu, kernel::Outage> {
    let manifeste = Manifeste::lire(manifeste)?;
    // When it was obtained matters to whoever keeps copies; this folder is read where it lies.
    let obtenue_le: DateTime<Utc> = manifeste.extrait_le.map(|date| date.to_utc()).unwrap_or_default();
    Contenu::lire(&BonneCopie { dossier: dossier.to_owned(), manifeste, obtenue_le })
}
