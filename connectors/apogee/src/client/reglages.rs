use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::http::sans_secret;
use crate::reprise::Reprise;
use crate::wire::{NilPolicy, Service};

/// Where one service answers, and who we are to it.
#[derive(Clone, PartialEq, Eq)]
pub struct Acces {
    /// Whole address of the service.
    pub url: String,
    /// Login and password of HTTP Basic, when the site asks for them.
    pub basic: Option<(String, String)>,
}

/// The password never reaches a log.
impl fmt::Debug for Acces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Acces")
            .field("url", &sans_secret(&self.url))
            .field("basic", &self.basic.as_ref().map(|(nom, _)| format!("{nom}:•••")))
            .finish()
    }
}

/// Addresses, delays and politeness of the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reglages {
    /// Services that do not answer where the base says, or not to the same login.
    pub particuliers: BTreeMap<Service, Acces>,
    /// For the others: `{base}/services/{Service}`.
    pub base: Acces,
    /// Longest wait for an answer, except of the structure.
    pub delai: Duration,
    /// Longest wait for the structure of an étape: more than a minute is normal on a big one.
    pub delai_structure: Duration,
    /// Calls of one service at once, at most.
    pub simultanees: usize,
    /// When and how often a call is made again.
    pub reprise: Reprise,
    /// How an unused parameter is sent.
    pub vides: NilPolicy,
}

impl Reglages {
    /// The usual choices for services under `base`: 30 s, 120 s for the structure, 8 at once, parameters left out.
    #[must_use]
    pub fn new(base: impl Into<String>, basic: Option<(String, String)>) -> Self {
        Self {
            particuliers: BTreeMap::new(),
            base: Acces { url: base.into(), basic },
            delai: Duration::from_secs(30),
            delai_structure: Duration::from_mins(2),
            simultanees: 8,
            reprise: Reprise::default(),
            vides: NilPolicy::Omit,
        }
    }

    /// Where `service` answers.
    #[must_use]
    pub fn acces(&self, service: Service) -> Acces {
        self.particuliers.get(&service).cloned().unwrap_or_else(|| Acces {
            url: format!("{}/services/{}", self.base.url.trim_end_matches('/'), service.endpoint()),
            basic: self.base.basic.clone(),
        })
    }

    pub(super) fn delai_de(&self, service: Service) -> Duration {
        if service == Service::OffreFormation { self.delai_structure } else { self.delai }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_service_has_its_address_and_login() {
        let mut reglages =
            Reglages::new("http://apogee.example/wsapogee/", Some(("moi".into(), "secret".into())));
        let ailleurs = Acces { url: "https://autre.example/x".into(), basic: None };
        reglages.particuliers.insert(Service::Etudiant, ailleurs.clone());
        assert_eq!(reglages.acces(Service::Etudiant), ailleurs);
        let referentiel = reglages.acces(Service::Referentiel);
        assert_eq!(referentiel.url, "http://apogee.example/wsapogee/services/ReferentielMetier");
        assert!(referentiel.basic.is_some());
        assert!(!format!("{reglages:?}").contains("secret"));
    }
}
