//! Starts the sandbox: one loopback address, every source under its own path.
//!
//! | path | what is there |
//! |---|---|
//! | `/` | an index of what is there |
//! | `/services/…` | Apogée's SOAP services (HTTP Basic when set) |
//! | `/extraction/…` | `manifest.json`, `TABLE.csv`, `TABLE.csv.gz` (HTTP Basic when set) |
//! | `/kofr/api/v1/…` | Kofr (bearer token when set) |
//! | `/eve/api/v1/…` | Eve (bearer token when set) |
//! | `/paybox/…` | the payment page of a bank, and its public key |
//! | `/controle` | the control page, when asked for |
//! | `/courriels` | what was received by the mail server, which listens on a port of its own, with the control page |

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware;
use kernel::{Fault, FaultKind, Source};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::extraction::{self, Extraction};
use crate::origine::Origine;
use crate::state::{Acces, Sandbox};
use crate::{acces, control, courriels, eve, faults, index, kofr, paybox, rest, soap, world};

/// How long answers under way may last once the sandbox was told to stop.
const DELAI_ARRET: Duration = Duration::from_secs(2);

/// What to start.
#[derive(Clone)]
pub struct Reglages {
    /// Where to listen, on loopback; port 0 takes a free one.
    pub adresse: SocketAddr,
    /// The university to generate.
    pub options: world::Options,
    /// An extraction folder to serve as it is instead of the generated offer.
    pub extraction: Option<PathBuf>,
    /// Whether the control page is there.
    pub controle: bool,
    /// User name and password asked by the SOAP services and the extraction.
    pub basic: Option<(String, String)>,
    /// Bearer token asked by Kofr and Eve.
    pub jeton: Option<String>,
}

impl std::fmt::Debug for Reglages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let acces = Acces { basic: self.basic.clone(), jeton: self.jeton.clone() };
        f.debug_struct("Reglages")
            .field("adresse", &self.adresse)
            .field("options", &self.options)
            .field("extraction", &self.extraction)
            .field("controle", &self.controle)
            .field("acces", &acces)
            .finish()
    }
}

/// Why the sandbox does not start.
#[derive(Debug, thiserror::Error)]
pub enum Erreur {
    /// An address that other machines could reach.
    #[error("Le bac à sable n'écoute que sur cette machine : {0} n'est pas une adresse locale.")]
    NonLocale(SocketAddr),
    /// The port is taken, or may not be used.
    #[error("Le bac à sable n'a pas pu écouter sur {0} : {1}.")]
    Ecoute(SocketAddr, std::io::Error),
    /// The folder is not an extraction.
    #[error("Le dossier « {} » n'est pas une extraction : {motif}.", dossier.display())]
    Extraction {
        /// The folder.
        dossier: PathBuf,
        /// What was found, without its full stop.
        motif: String,
    },
    /// A defect of the generator.
    #[error("Le bac à sable n'a pas pu préparer son université.")]
    Generation,
}

impl Fault for Erreur {
    fn kind(&self) -> FaultKind {
        match self {
            Self::NonLocale(_) | Self::Extraction { .. } => FaultKind::Invalid,
            Self::Ecoute(..) => FaultKind::Conflict,
            Self::Generation => FaultKind::Internal,
        }
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::NonLocale(_) => "adresse-non-locale",
            Self::Ecoute(..) => "ecoute-impossible",
            Self::Extraction { .. } => "extraction-illisible",
            Self::Generation => "generation-impossible",
        }
    }

    fn message(&self) -> String {
        self.to_string()
    }

    fn way_out(&self) -> String {
        match self {
            Self::NonLocale(_) => "Choisissez une adresse locale, par exemple 127.0.0.1.",
            Self::Ecoute(..) => "Arrêtez le programme qui occupe ce port, ou choisissez-en un autre.",
            Self::Extraction { .. } => {
                "Indiquez un dossier qui contient manifest.json et un fichier par table."
            }
            Self::Generation => "Réessayez avec d'autres options, et signalez celles qui ont échoué.",
        }
        .into()
    }
}

/// A started sandbox. Dropped, it stops listening.
#[derive(Debug)]
pub struct EnMarche {
    /// Where it listens, with the port really taken.
    pub adresse: SocketAddr,
    /// What it holds.
    pub sandbox: Arc<Sandbox>,
    /// The mail server, with the control page.
    pub courriels: Option<courriels::Serveur>,
    handle: JoinHandle<()>,
}

impl EnMarche {
    /// `http://127.0.0.1:8090` followed by `chemin`.
    #[must_use]
    pub fn url(&self, chemin: &str) -> String {
        format!("http://{}{chemin}", self.adresse)
    }

    /// Stops listening, lets short answers end, abandons the others.
    pub async fn stop(mut self) {
        self.sandbox.stop();
        if tokio::time::timeout(DELAI_ARRET, &mut self.handle).await.is_err() {
            self.handle.abort();
        }
    }
}

impl Drop for EnMarche {
    fn drop(&mut self) {
        self.sandbox.stop();
    }
}

/// Generates the university and starts every server.
///
/// # Errors
/// See [`Erreur`].
pub async fn start(reglages: Reglages) -> Result<EnMarche, Erreur> {
    require_loopback(reglages.adresse)?;
    let origine = Arc::new(Origine::new(reglages.options, reglages.extraction));
    let prepare = origine.clone();
    let world =
        tokio::task::spawn_blocking(move || prepare.world()).await.map_err(|_| Erreur::Generation)??;
    let acces = Acces { basic: reglages.basic, jeton: reglages.jeton };
    let sandbox = Arc::new(Sandbox::new(world, acces));
    let ecoute = TcpListener::bind(reglages.adresse).await;
    let ecoute = ecoute.map_err(|e| Erreur::Ecoute(reglages.adresse, e))?;
    let adresse = ecoute.local_addr().map_err(|e| Erreur::Ecoute(reglages.adresse, e))?;
    let courriels = match reglages.controle {
        true => Some(courriels::Serveur::demarrer().await.map_err(|e| Erreur::Ecoute(adresse, e))?),
        false => None,
    };
    let mut router = router(&sandbox, &origine, reglages.controle);
    if let Some(serveur) = &courriels {
        router = router.merge(courriels::router(serveur.boite.clone(), serveur.adresse));
    }
    let router = router.fallback(rest::inconnu);
    let arret = sandbox.clone();
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let serveur = axum::serve(ecoute, service).with_graceful_shutdown(async move { arret.stopped().await });
    let handle = tokio::spawn(async move {
        if let Err(erreur) = serveur.await {
            tracing::error!(%erreur, "the sandbox stopped listening");
        }
    });
    tracing::info!(%adresse, "sandbox started");
    Ok(EnMarche { adresse, sandbox, courriels, handle })
}

fn router(sandbox: &Arc<Sandbox>, origine: &Arc<Origine>, controle: bool) -> Router {
    let fichiers = extraction::router(sandbox.clone(), Extraction::new(origine.dossier()));
    let fichiers = fichiers.layer(middleware::from_fn_with_state(sandbox.clone(), acces::basic));
    let source = |router: Router, source| faults::around(router, sandbox, source);
    let banque = paybox::Paybox::default();
    let mut router = Router::new()
        .merge(source(soap::router(sandbox.clone()), Source::Apogee))
        .nest("/extraction", source(fichiers, Source::Extraction))
        .nest("/kofr/api/v1", source(kofr::router(sandbox.clone()), Source::Kofr))
        .nest("/eve/api/v1", source(eve::router(sandbox.clone()), Source::Eve))
        .merge(banque.router())
        .merge(index::router(controle, origine.dossier().is_some()));
    if controle {
        router = router
            .merge(control::router(sandbox.clone(), origine.clone()))
            .merge(banque.controle().layer(middleware::from_fn(control::guard)));
    }
    router
}

fn require_loopback(adresse: SocketAddr) -> Result<(), Erreur> {
    if is_loopback(adresse.ip()) { Ok(()) } else { Err(Erreur::NonLocale(adresse)) }
}

/// Whether an address is of this machine, IPv4 written as IPv6 included.
pub(crate) fn is_loopback(ip: IpAddr) -> bool {
    ip.to_canonical().is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_listened_to() {
        for locale in ["127.0.0.1:0", "127.8.0.1:80", "[::1]:0", "[::ffff:127.0.0.1]:1"] {
            assert!(require_loopback(locale.parse().unwrap()).is_ok(), "{locale}");
        }
        for autre in ["0.0.0.0:0", "[::]:0", "192.168.1.10:80", "[::ffff:10.0.0.1]:80"] {
            let refus = require_loopback(autre.parse().unwrap()).unwrap_err();
            assert_eq!(refus.slug(), "adresse-non-locale");
            assert!(refus.message().contains("n'est pas une adresse locale"), "{refus}");
        }
    }

    #[test]
    fn settings_do_not_show_their_secrets() {
        let reglages = Reglages {
            adresse: ([127, 0, 0, 1], 0).into(),
            options: world::Options::default(),
            extraction: None,
            controle: true,
            basic: Some(("apogee".into(), "motdepasse".into())),
            jeton: Some("secret".into()),
        };
        let texte = format!("{reglages:?}");
        assert!(
            texte.contains("apogee") && !texte.contains("motdepasse") && !texte.contains("secret"),
            "{texte}"
        );
    }
}
