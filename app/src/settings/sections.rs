use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Section `[base]` : la base de données.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BaseSection {
    /// `sqlite:chemin/telemaque.db` ou `postgres://…`.
    pub url: BaseUrl,
}

/// An address of database; shown without its password.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct BaseUrl(pub String);

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?))) {
            Some((scheme, (login, place))) => {
                let user = login.split(':').next().unwrap_or_default();
                write!(f, "{scheme}://{user}@{place}")
            }
            None => f.write_str(&self.0),
        }
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

impl Serialize for BaseUrl {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Section `[web]` : le serveur de pages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebSection {
    /// Adresse et port d'écoute.
    pub adresse: SocketAddr,
    /// Vrai si les navigateurs arrivent en https, directement ou par un serveur mandataire.
    pub https: bool,
    /// Adresse par laquelle les navigateurs arrivent : `https://telemaque.exemple.fr`. Le CAS y renvoie.
    pub url_publique: Option<String>,
    /// Serveurs mandataires dont on croit l'en-tête X-Forwarded-For ; l'adresse d'un navigateur sert à freiner les essais de mots de passe.
    pub mandataires: Vec<IpAddr>,
    /// Nom de l'établissement, dans le titre des pages.
    pub etablissement: String,
    /// À qui écrire en cas d'erreur.
    pub contact: String,
    /// Son adresse électronique.
    pub courriel: Option<String>,
    /// Minutes après lesquelles une session inutilisée prend fin.
    pub session_inactive_min: i64,
    /// Minutes après lesquelles une session prend fin.
    pub session_max_min: i64,
}

impl Default for WebSection {
    fn default() -> Self {
        Self {
            adresse: SocketAddr::from(([127, 0, 0, 1], 8080)),
            https: false,
            url_publique: None,
            mandataires: vec![IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)],
            etablissement: "Formation ouverte et à distance".to_owned(),
            contact: "le service informatique".to_owned(),
            courriel: None,
            session_inactive_min: 240,
            session_max_min: 840,
        }
    }
}

impl WebSection {
    /// Our own address as browsers reach it. Without the setting, only a suite that listens on this machine alone has one: the name that a
    /// request carries is a claim of whoever sends it.
    #[must_use]
    pub fn publique(&self) -> String {
        match &self.url_publique {
            Some(url) => url.clone(),
            None if self.adresse.ip().is_loopback() => format!("http://{}", self.adresse),
            None => String::new(),
        }
    }
}

/// Section `[travaux]` : les travaux de fond.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TravauxSection {
    /// Travaux menés à la fois par un processus.
    pub simultanes: usize,
    /// Minutes entre deux vérifications des liens ; 0 pour ne jamais les vérifier sans qu'on le demande.
    pub verification_liens_min: u64,
    /// Jours pendant lesquels les travaux finis restent visibles.
    pub conserver_jours: i64,
}

impl Default for TravauxSection {
    fn default() -> Self {
        Self { simultanes: 2, verification_liens_min: 5, conserver_jours: 90 }
    }
}

/// Sections `[kofr]` et `[eve]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RestSection {
    /// Adresse de l'application, avec ou sans « /api/v1 ».
    pub url: String,
    /// Jeton d'accès, s'il en faut un.
    pub jeton: Option<Secret>,
    /// Délai d'une réponse, en secondes.
    pub delai_s: u64,
    /// Requêtes simultanées au plus.
    pub simultanees: usize,
    /// Essais en tout quand la panne est passagère.
    pub tentatives: u32,
    /// Attente avant le deuxième essai, en millisecondes ; elle double à chaque fois.
    pub attente_ms: u64,
}

impl Default for RestSection {
    fn default() -> Self {
        Self { url: String::new(), jeton: None, delai_s: 60, simultanees: 4, tentatives: 3, attente_ms: 500 }
    }
}

impl RestSection {
    /// As Kofr's connector takes it.
    #[must_use]
    pub fn kofr(&self) -> kofr::Reglages {
        kofr::Reglages {
            url: self.url.clone(),
            jeton: self.jeton.as_ref().map(|jeton| jeton.0.clone()),
            delai: Duration::from_secs(self.delai_s.max(1)),
            tentatives: self.tentatives.max(1),
            simultanees: self.simultanees.max(1),
            attente: Duration::from_millis(self.attente_ms),
        }
    }

    /// As Eve's connector takes it.
    #[must_use]
    pub fn eve(&self) -> eve::Reglages {
        eve::Reglages {
            url: self.url.clone(),
            jeton: self.jeton.as_ref().map(|jeton| jeton.0.clone()),
            delai: Duration::from_secs(self.delai_s.max(1)),
            tentatives: self.tentatives.max(1),
            simultanees: self.simultanees.max(1),
            attente: Duration::from_millis(self.attente_ms),
        }
    }
}

/// Section `[demo]`: the world that a demonstration plays, so that its next run finds the same.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DemoSection {
    /// Port of the sandbox, taken again when it is free.
    pub port: u16,
    /// Seed of the world.
    pub seed: Option<u64>,
    /// Students.
    pub etudiants: Option<usize>,
    /// Extraction folder served instead of the generated offer.
    pub extraction: Option<String>,
}

/// A value that is neither shown nor logged.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

/// Settings are shown by `telemaque doctor`: secrets are not.
impl Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("•••")
    }
}
