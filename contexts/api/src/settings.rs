//! The sections `[apogee]` and `[extraction]` of the settings file. The descriptions are in French: they are the reference that
//! operators read.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use apogee::Reprise;
use apogee::client::{Acces, Reglages};
use apogee::extraction::{self, Lieu};
use apogee::wire::{NilPolicy, Service};
use kernel::{Outage, OutageKind, Source};
use serde::{Deserialize, Serialize};

/// Section `[apogee]` : les services web d'Apogée.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReglagesApogee {
    /// Adresse de base ; chaque service est cherché sous « {url}/services/{Service} ».
    pub url: String,
    /// Identifiant HTTP Basic, si les services en demandent un.
    pub identifiant: Option<String>,
    /// Mot de passe HTTP Basic.
    pub mot_de_passe: Option<MotDePasse>,
    /// Délai d'une réponse, en secondes.
    pub delai_s: u64,
    /// Délai de la structure d'une étape, en secondes ; plus d'une minute est normal pour une grosse étape.
    pub delai_structure_s: u64,
    /// Appels simultanés au plus, par service.
    pub simultanees: usize,
    /// Nouveaux essais après une panne passagère.
    pub reprises: u32,
    /// Attente avant le premier nouvel essai, en millisecondes ; elle double à chaque fois.
    pub attente_ms: u64,
    /// Écrit les paramètres inutilisés comme des éléments vides, pour les serveurs qui refusent leur absence.
    pub parametres_vides: bool,
    /// Services qui ont une autre adresse ou un autre compte, par nom : `[apogee.services.EtudiantMetier]`.
    pub services: BTreeMap<String, ReglagesService>,
}

/// Un service qui n'est pas là où l'adresse de base le dit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReglagesService {
    /// Adresse complète du service ; celle de la base si elle manque.
    pub url: Option<String>,
    /// Identifiant HTTP Basic de ce service ; celui de la base s'il manque.
    pub identifiant: Option<String>,
    /// Mot de passe HTTP Basic de ce service.
    pub mot_de_passe: Option<MotDePasse>,
}

impl Default for ReglagesApogee {
    fn default() -> Self {
        Self {
            url: String::new(),
            identifiant: None,
            mot_de_passe: None,
            delai_s: 30,
            delai_structure_s: 120,
            simultanees: 8,
            reprises: 3,
            attente_ms: 500,
            parametres_vides: false,
            services: BTreeMap::new(),
        }
    }
}

/// Section `[extraction]` : l'extraction des tables d'Apogée.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReglagesExtraction {
    /// Dossier, ou adresse HTTP(S), où le site dépose `manifest.json` et les tables.
    pub lieu: String,
    /// Identifiant HTTP Basic, si l'adresse en demande un.
    pub identifiant: Option<String>,
    /// Mot de passe HTTP Basic.
    pub mot_de_passe: Option<MotDePasse>,
    /// Dossier de la dernière bonne copie.
    pub copie: PathBuf,
    /// Tables demandées à la fois.
    pub simultanees: usize,
    /// Plus long silence accepté de la source, en secondes.
    pub silence_s: u64,
    /// Nouveaux essais après une panne passagère.
    pub reprises: u32,
    /// Attente avant le premier nouvel essai, en millisecondes ; elle double à chaque fois.
    pub attente_ms: u64,
}

impl Default for ReglagesExtraction {
    fn default() -> Self {
        Self {
            lieu: String::new(),
            identifiant: None,
            mot_de_passe: None,
            copie: PathBuf::from("data/extraction"),
            simultanees: 4,
            silence_s: 60,
            reprises: 3,
            attente_ms: 500,
        }
    }
}

/// Section `[cache]` : les copies de ce qu'Apogée a répondu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReglagesCache {
    /// Minutes pendant lesquelles une réponse sur un étudiant est servie sans redemander.
    pub personnes_min: i64,
    /// Heures pendant lesquelles une liste de référence (composantes, régimes…) est servie sans redemander.
    pub references_h: i64,
    /// Secondes pendant lesquelles Apogée n'est plus interrogé après une panne.
    pub pause_s: i64,
    /// Jours pendant lesquels la copie d'une réponse sur une personne est gardée.
    pub garde_jours: i64,
}

impl Default for ReglagesCache {
    fn default() -> Self {
        Self { personnes_min: 15, references_h: 24, pause_s: 30, garde_jours: 30 }
    }
}

/// Un mot de passe, qui ne s'affiche pas.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct MotDePasse(pub String);

impl fmt::Debug for MotDePasse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

/// Settings are shown by `telemaque doctor`: the password is not.
impl Serialize for MotDePasse {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("•••")
    }
}

fn basic(identifiant: Option<&String>, mot_de_passe: Option<&MotDePasse>) -> Option<(String, String)> {
    identifiant.map(|nom| (nom.clone(), mot_de_passe.map(|m| m.0.clone()).unwrap_or_default()))
}

fn reprise(nombre: u32, attente_ms: u64) -> Reprise {
    Reprise { nombre, base: Duration::from_millis(attente_ms), ..Reprise::default() }
}

impl ReglagesApogee {
    pub(crate) fn du_client(&self) -> Result<Reglages, Outage> {
        let mut reglages =
            Reglages::new(&self.url, basic(self.identifiant.as_ref(), self.mot_de_passe.as_ref()));
        reglages.delai = Duration::from_secs(self.delai_s.max(1));
        reglages.delai_structure = Duration::from_secs(self.delai_structure_s.max(1));
        reglages.simultanees = self.simultanees.max(1);
        reglages.reprise = reprise(self.reprises, self.attente_ms);
        reglages.vides = if self.parametres_vides { NilPolicy::Empty } else { NilPolicy::Omit };
        for (nom, particulier) in &self.services {
            let Some(service) = Service::at(nom) else {
                let connus: Vec<_> = Service::ALL.iter().map(|s| s.endpoint()).collect();
                return Err(Outage {
                    source_: Source::Apogee,
                    quoi: nom.clone(),
                    kind: OutageKind::Demande,
                    detail: format!("La section [apogee.services.{nom}] ne nomme pas un service d’Apogée."),
                    remede: format!("Écrivez l’un de : {}.", connus.join(", ")),
                });
            };
            let de_base = reglages.acces(service);
            let acces = Acces {
                url: particulier.url.clone().unwrap_or(de_base.url),
                basic: basic(particulier.identifiant.as_ref(), particulier.mot_de_passe.as_ref())
                    .or(de_base.basic),
            };
            reglages.particuliers.insert(service, acces);
        }
        Ok(reglages)
    }
}

impl ReglagesExtraction {
    pub(crate) fn du_lecteur(&self) -> extraction::Reglages {
        let lieu = if self.lieu.starts_with("http://") || self.lieu.starts_with("https://") {
            Lieu::Url {
                url: self.lieu.clone(),
                basic: basic(self.identifiant.as_ref(), self.mot_de_passe.as_ref()),
            }
        } else {
            Lieu::Dossier(PathBuf::from(&self.lieu))
        };
        let mut reglages = extraction::Reglages::new(lieu, &self.copie);
        reglages.simultanees = self.simultanees.max(1);
        reglages.silence = Duration::from_secs(self.silence_s.max(1));
        reglages.reprise = reprise(self.reprises, self.attente_ms);
        reglages
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_may_live_elsewhere_under_another_login() {
        let lus: ReglagesApogee = serde_json::from_value(serde_json::json!({
            "url": "http://apogee.example/ws", "identifiant": "commun", "mot_de_passe": "secret",
            "services": { "EtudiantMetier": { "url": "http://etu.example/x", "identifiant": "etu", "mot_de_passe": "autre" } }
        }))
        .unwrap();
        let client = lus.du_client().unwrap();
        assert_eq!(client.acces(Service::Etudiant).url, "http://etu.example/x");
        assert_eq!(client.acces(Service::Etudiant).basic, Some(("etu".into(), "autre".into())));
        assert_eq!(client.acces(Service::Referentiel).basic, Some(("commun".into(), "secret".into())));
        assert_eq!(client.delai_structure, Duration::from_mins(2));
        let montres = format!("{lus:?} {}", serde_json::to_string(&lus).unwrap());
        assert!(!montres.contains("secret") && !montres.contains("autre"), "{montres}");
    }

    #[test]
    fn a_service_that_does_not_exist_is_named_with_those_that_do() {
        let mut lus = ReglagesApogee { url: "http://a.example".into(), ..ReglagesApogee::default() };
        lus.services.insert("EtudiantsMetier".into(), ReglagesService::default());
        let refus = lus.du_client().unwrap_err();
        assert!(refus.detail.contains("EtudiantsMetier") && refus.remede.contains("EtudiantMetier"));
    }

    #[test]
    fn a_place_is_a_folder_or_an_address() {
        let lieu = |texte: &str| {
            ReglagesExtraction { lieu: texte.into(), ..ReglagesExtraction::default() }.du_lecteur().lieu
        };
        assert_eq!(lieu("/depot/apogee"), Lieu::Dossier("/depot/apogee".into()));
        assert!(matches!(lieu("https://apogee.example/jeu"), Lieu::Url { .. }));
    }
}
