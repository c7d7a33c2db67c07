//! Serves the structure extraction: the world's own tables, made once per generation, or an existing folder as it is.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path as Chemin, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::rest::{self, Probleme};
use crate::state::Sandbox;
use crate::world::{self, World};

/// `manifest.json`, written last by those who write files.
pub const MANIFESTE: &str = "manifest.json";

/// Files of one generation, by name.
type Fichiers = BTreeMap<String, Bytes>;

/// Where the files come from.
#[derive(Debug)]
pub enum Extraction {
    /// From the world, kept for as long as its generation lasts.
    Monde(Mutex<Option<(u64, Arc<Fichiers>)>>),
    /// From a folder, as it is.
    Dossier(PathBuf),
}

impl Extraction {
    /// The files of `dossier`, or of the world when there is none.
    #[must_use]
    pub fn new(dossier: Option<&Path>) -> Self {
        dossier.map_or_else(|| Self::Monde(Mutex::default()), |dossier| Self::Dossier(dossier.to_owned()))
    }

    async fn fichier(&self, sandbox: &Arc<Sandbox>, nom: &str) -> Result<Bytes, Probleme> {
        let absent = || Probleme::inconnu(format!("L'extraction n'a pas de fichier « {nom} »."));
        if nature(nom).is_none() {
            return Err(absent());
        }
        match self {
            Self::Dossier(dossier) => match tokio::fs::read(dossier.join(nom)).await {
                Ok(octets) => Ok(octets.into()),
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => Err(absent()),
                Err(e) => Err(Probleme::panne(format!("Le fichier « {nom} » est illisible : {e}."))),
            },
            Self::Monde(cache) => {
                let (table, compresse) = nom.strip_suffix(".gz").map_or((nom, false), |table| (table, true));
                let octets = files(cache, sandbox).await?.get(table).cloned().ok_or_else(absent)?;
                if compresse { gzip(&octets) } else { Ok(octets) }
            }
        }
    }
}

/// The files, to be mounted at `/extraction`.
pub fn router(sandbox: Arc<Sandbox>, extraction: Extraction) -> Router {
    Router::new()
        .route("/{fichier}", get(fichier))
        .fallback(rest::inconnu)
        .with_state((sandbox, Arc::new(extraction)))
}

async fn fichier(
    State((sandbox, extraction)): State<(Arc<Sandbox>, Arc<Extraction>)>,
    Chemin(nom): Chemin<String>,
    entetes: HeaderMap,
) -> Result<Response, Probleme> {
    let octets = extraction.fichier(&sandbox, &nom).await?;
    Ok(rest::octets(&entetes, nature(&nom).unwrap_or("application/octet-stream"), octets))
}

/// The media type of a file that an extraction may hold. Any other name is nobody's business here: `..` is not a file.
fn nature(nom: &str) -> Option<&'static str> {
    if nom == MANIFESTE {
        return Some("application/json");
    }
    let (table, nature) = match nom.strip_suffix(".csv.gz") {
        Some(table) => (table, "application/gzip"),
        None => (nom.strip_suffix(".csv")?, "text/csv"),
    };
    let permis = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
    (!table.is_empty() && table.bytes().all(permis)).then_some(nature)
}

async fn files(
    cache: &Mutex<Option<(u64, Arc<Fichiers>)>>,
    sandbox: &Arc<Sandbox>,
) -> Result<Arc<Fichiers>, Probleme> {
    let (world, generation) = sandbox.world_and_generation();
    if let Some((faite, fichiers)) = &*cache.lock().unwrap_or_else(PoisonError::into_inner)
        && *faite == generation
    {
        return Ok(fichiers.clone());
    }
    // Two first questions at once may both do the work: the result is the same.
    let fichiers = tokio::task::spawn_blocking(move || write_files(&world)).await;
    let fichiers = fichiers.map_err(|_| Probleme::panne("L'extraction n'a pas pu être écrite."))?;
    let fichiers = Arc::new(fichiers);
    *cache.lock().unwrap_or_else(PoisonError::into_inner) = Some((generation, fichiers.clone()));
    Ok(fichiers)
}

fn write_files(world: &World) -> Fichiers {
    let ecrite = world::extraction(world);
    let tables = ecrite.tables.into_iter().map(|(table, octets)| (format!("{table}.csv"), octets.into()));
    let manifeste = (MANIFESTE.to_owned(), ecrite.manifest.into());
    tables.chain([manifeste]).collect()
}

fn gzip(octets: &[u8]) -> Result<Bytes, Probleme> {
    let mut encodeur = GzEncoder::new(Vec::new(), Compression::fast());
    let ecrit = encodeur.write_all(octets).and_then(|()| encodeur.finish());
    ecrit
        .map(Bytes::from)
        .map_err(|e| Probleme::panne(format!("Le fichier n'a pas pu être compressé : {e}.")))
}

#[cfg(test)]
mod tests {
    use super::nature;

    #[test]
    fn only_the_files_of_an_extraction_have_a_name() {
        assert_eq!(nature("manifest.json"), Some("application/json"));
        assert_eq!(nature("ETAPE.csv"), Some("text/csv"));
        assert_eq!(nature("LSE_REGROUPE_ELP.csv.gz"), Some("application/gzip"));
        for nom in [
            "",
            ".csv",
            "..",
            "../ETAPE.csv",
            "etape.csv",
            "ETAPE",
            "A/B.csv",
            "/etc/passwd",
            "ETAPE.csv.gz.csv",
        ] {
            assert_eq!(nature(nom), None, "{nom}");
        }
    }
}
