//! The settings that a page may change over the settings file: which they are, and how the suite runs with them.

use std::collections::BTreeMap;
use std::time::Duration;

use administration::actions::purger::CONSERVER;
use administration::actions::regler::{Essayeur, GroupeReglable, Reglable, poses};
use api::settings::MotDePasse;
use async_trait::async_trait;
use contracts::liens::{Verifiable, Verification};
use contracts::parametres::{Effet, Sorte};
use db::Db;
use kernel::{Outage, OutageKind, Source};
use maquette::Outils;
use maquette::actions::verifier::{LiensEve, LiensKofr};

use super::{Secret, Settings};
use crate::Failure;

/// One of them.
struct Description {
    cle: &'static str,
    libelle: &'static str,
    aide: &'static str,
    sorte: Sorte,
    effet: Effet,
    essayable: bool,
}

const fn source(cle: &'static str, libelle: &'static str, sorte: Sorte, aide: &'static str) -> Description {
    Description { cle, libelle, aide, sorte, effet: Effet::Demarrage, essayable: true }
}

const SOURCES: [Description; 10] = [
    source(
        "apogee.url",
        "Adresse des services d’Apogée",
        Sorte::Adresse,
        "Adresse de base : chaque service est cherché sous « …/services/{Service} ». L’identifiant et le mot de passe ci-dessous y sont présentés.",
    ),
    source(
        "apogee.identifiant",
        "Identifiant d’Apogée",
        Sorte::Texte(100),
        "Identifiant HTTP Basic, si les services en demandent un.",
    ),
    source(
        "apogee.mot_de_passe",
        "Mot de passe d’Apogée",
        Sorte::Secret,
        "Mot de passe HTTP Basic des services d’Apogée.",
    ),
    source(
        "extraction.lieu",
        "Emplacement de l’extraction",
        Sorte::Lieu,
        "Dossier du serveur, ou adresse, où le site dépose chaque nuit « manifest.json » et les tables d’Apogée.",
    ),
    source(
        "extraction.identifiant",
        "Identifiant de l’extraction",
        Sorte::Texte(100),
        "Identifiant HTTP Basic, si l’adresse de l’extraction en demande un.",
    ),
    source(
        "extraction.mot_de_passe",
        "Mot de passe de l’extraction",
        Sorte::Secret,
        "Mot de passe HTTP Basic de l’adresse de l’extraction.",
    ),
    source(
        "kofr.url",
        "Adresse de Kofr",
        Sorte::Adresse,
        "Adresse de l’application, avec ou sans « /api/v1 ». Le jeton y est présenté.",
    ),
    source("kofr.jeton", "Jeton de Kofr", Sorte::Secret, "Jeton d’accès que Kofr a donné à Télémaque."),
    source(
        "eve.url",
        "Adresse d’Eve",
        Sorte::Adresse,
        "Adresse de l’application, avec ou sans « /api/v1 ». Le jeton y est présenté.",
    ),
    source("eve.jeton", "Jeton d’Eve", Sorte::Secret, "Jeton d’accès qu’Eve a donné à Télémaque."),
];

const TRAVAUX: [Description; 2] = [
    Description {
        cle: "travaux.verification_liens_min",
        libelle: "Vérification des liens",
        aide: "Minutes entre deux vérifications de tous les liens ; 0 pour ne les vérifier que lorsqu’on le demande.",
        sorte: Sorte::Entier { min: 0, max: 1_440, unite: "minutes" },
        effet: Effet::Demarrage,
        essayable: false,
    },
    Description {
        cle: CONSERVER,
        libelle: "Travaux finis gardés",
        aide: "Après ce nombre de jours, un travail fini quitte la page « Travaux ». Le journal et les rapports de collecte restent.",
        sorte: Sorte::Entier { min: 1, max: 3_650, unite: "jours" },
        effet: Effet::Immediat,
        essayable: false,
    },
];

const fn courriel(cle: &'static str, libelle: &'static str, sorte: Sorte, aide: &'static str) -> Description {
    Description { cle, libelle, aide, sorte, effet: Effet::Immediat, essayable: false }
}

const COURRIEL: [Description; 7] = [
    courriel(
        "courriel.serveur",
        "Serveur d’envoi",
        Sorte::Texte(200),
        "« smtp://relais.exemple.fr », « smtp://relais.exemple.fr:587?tls=required » ou « smtps://relais.exemple.fr ». Vide : rien ne part, les courriels attendent.",
    ),
    courriel(
        "courriel.identifiant",
        "Identifiant du serveur d’envoi",
        Sorte::Texte(100),
        "Nom présenté au serveur d’envoi, s’il en demande un.",
    ),
    courriel(
        "courriel.mot_de_passe",
        "Mot de passe du serveur d’envoi",
        Sorte::Secret,
        "Présenté avec l’identifiant.",
    ),
    courriel(
        "courriel.expediteur",
        "Expéditeur",
        Sorte::Texte(200),
        "De qui viennent les courriels : « Scolarité à distance <scolarite@exemple.fr> ».",
    ),
    courriel(
        "courriel.repondre_a",
        "Adresse de réponse",
        Sorte::Texte(200),
        "Où vont les réponses. Vide : à l’expéditeur.",
    ),
    courriel(
        "courriel.redirection",
        "Adresse d’essai",
        Sorte::Texte(200),
        "Reçoit tous les courriels à la place de leurs destinataires, pour un site d’essai. Vide : chacun reçoit les siens.",
    ),
    courriel(
        "courriel.conserver_jours",
        "Courriels gardés",
        Sorte::Entier { min: 1, max: 3_650, unite: "jours" },
        "Après ce nombre de jours, le texte et les pièces jointes d’un courriel sont effacés ; sa ligne reste dans la liste.",
    ),
];

fn lire(s: &Settings, cle: &str) -> String {
    let texte = |t: &Option<String>| t.clone().unwrap_or_default();
    let mot = |m: &Option<MotDePasse>| m.as_ref().map(|m| m.0.clone()).unwrap_or_default();
    let jeton = |j: &Option<Secret>| j.as_ref().map(|j| j.0.clone()).unwrap_or_default();
    match cle {
        "apogee.url" => s.apogee.url.clone(),
        "apogee.identifiant" => texte(&s.apogee.identifiant),
        "apogee.mot_de_passe" => mot(&s.apogee.mot_de_passe),
        "extraction.lieu" => s.extraction.lieu.clone(),
        "extraction.identifiant" => texte(&s.extraction.identifiant),
        "extraction.mot_de_passe" => mot(&s.extraction.mot_de_passe),
        "kofr.url" => s.kofr.url.clone(),
        "kofr.jeton" => jeton(&s.kofr.jeton),
        "eve.url" => s.eve.url.clone(),
        "eve.jeton" => jeton(&s.eve.jeton),
        "courriel.serveur" => s.courriel.serveur.clone(),
        "courriel.identifiant" => s.courriel.identifiant.clone(),
        "courriel.mot_de_passe" => s.courriel.mot_de_passe.as_ref().map(|m| m.0.clone()).unwrap_or_default(),
        "courriel.expediteur" => s.courriel.expediteur.clone(),
        "courriel.repondre_a" => s.courriel.repondre_a.clone(),
        "courriel.redirection" => s.courriel.redirection.clone(),
        "courriel.conserver_jours" => s.courriel.conserver_jours.to_string(),
        "travaux.verification_liens_min" => s.travaux.verification_liens_min.to_string(),
        CONSERVER => s.travaux.conserver_jours.to_string(),
        _ => String::new(),
    }
}

fn poser(s: &mut Settings, cle: &str, valeur: &str) {
    let texte = || (!valeur.is_empty()).then(|| valeur.to_owned());
    match cle {
        "apogee.url" => s.apogee.url = valeur.to_owned(),
        "apogee.identifiant" => s.apogee.identifiant = texte(),
        "apogee.mot_de_passe" => s.apogee.mot_de_passe = texte().map(MotDePasse),
        "extraction.lieu" => s.extraction.lieu = valeur.to_owned(),
        "extraction.identifiant" => s.extraction.identifiant = texte(),
        "extraction.mot_de_passe" => s.extraction.mot_de_passe = texte().map(MotDePasse),
        "kofr.url" => s.kofr.url = valeur.to_owned(),
        "kofr.jeton" => s.kofr.jeton = texte().map(Secret),
        "eve.url" => s.eve.url = valeur.to_owned(),
        "eve.jeton" => s.eve.jeton = texte().map(Secret),
        "courriel.serveur" => s.courriel.serveur = valeur.to_owned(),
        "courriel.identifiant" => s.courriel.identifiant = valeur.to_owned(),
        "courriel.mot_de_passe" => s.courriel.mot_de_passe = texte().map(mail::MotDePasse),
        "courriel.expediteur" => s.courriel.expediteur = valeur.to_owned(),
        "courriel.repondre_a" => s.courriel.repondre_a = valeur.to_owned(),
        "courriel.redirection" => s.courriel.redirection = valeur.to_owned(),
        "courriel.conserver_jours" => {
            s.courriel.conserver_jours = valeur.parse().unwrap_or(s.courriel.conserver_jours);
        }
        "travaux.verification_liens_min" => {
            s.travaux.verification_liens_min = valeur.parse().unwrap_or(s.travaux.verification_liens_min);
        }
        CONSERVER => s.travaux.conserver_jours = valeur.parse().unwrap_or(s.travaux.conserver_jours),
        _ => {}
    }
}

pub(super) fn sous(settings: &Settings, poses: &BTreeMap<String, String>) -> Settings {
    let mut out = settings.clone();
    for (cle, valeur) in poses {
        poser(&mut out, cle, valeur);
    }
    out
}

/// The settings that a process runs with: those of the installation, under what pages have set in the database.
///
/// # Errors
/// When the database refuses.
pub async fn en_vigueur(db: &Db, settings: Settings) -> Result<Settings, Failure> {
    let poses = poses(db).await?;
    let mut out = sous(&settings, &poses);
    out.installation = Some(Box::new(settings));
    Ok(out)
}

/// What Administration shows and changes, for a process that runs with `settings`.
#[must_use]
pub fn groupes(settings: &Settings) -> Vec<GroupeReglable> {
    let installation = settings.installation.as_deref().unwrap_or(settings);
    let reglable = |d: &Description| Reglable {
        cle: d.cle,
        libelle: d.libelle,
        aide: d.aide,
        sorte: d.sorte.clone(),
        effet: d.effet,
        essayable: d.essayable,
        consequences: match d.effet {
            Effet::Immediat => &["Le changement vaut dès le prochain passage du travail concerné."],
            Effet::Demarrage => &[
                "Le changement vaut quand « telemaque serve » et « telemaque work » redémarrent ; jusque-là, l’ancienne valeur sert.",
                "La valeur enregistrée ici l’emporte sur le fichier de paramètres et sur l’environnement.",
            ],
        },
        installation: lire(installation, d.cle),
        origine: installation.origines.get(d.cle).cloned().unwrap_or_else(|| "valeur par défaut".to_owned()),
        en_vigueur: lire(settings, d.cle),
    };
    vec![
        GroupeReglable {
            code: "sources",
            titre: "Sources",
            texte: "Où Télémaque lit, et sous quel nom. « Essayer » vérifie les liens avec une valeur avant de l’enregistrer.",
            reglables: SOURCES.iter().map(reglable).collect(),
        },
        GroupeReglable {
            code: "courriel",
            titre: "Courriels",
            texte: "Par où partent les courriels, et en quel nom. « Administration, Courriels » montre ce qui est parti.",
            reglables: COURRIEL.iter().map(reglable).collect(),
        },
        GroupeReglable {
            code: "travaux",
            titre: "Travaux de fond",
            texte: "Ce que Télémaque fait de lui-même.",
            reglables: TRAVAUX.iter().map(reglable).collect(),
        },
    ]
}

/// Longest wait for the links of a source that is being tried.
const ATTENTE: Duration = Duration::from_secs(30);

/// Tries links with values that are not kept yet.
#[derive(Clone, Debug)]
pub struct Essai {
    /// The settings of the installation.
    pub settings: Settings,
    /// Database and clock.
    pub outils: Outils,
}

impl Essai {
    /// Without a second try: a page waits for the answer.
    fn presse(&self, poses: &BTreeMap<String, String>) -> Settings {
        let installation = self.settings.installation.as_deref().unwrap_or(&self.settings);
        let mut s = sous(installation, poses);
        s.apogee.reprises = 0;
        s.apogee.delai_s = s.apogee.delai_s.min(10);
        s.apogee.delai_structure_s = s.apogee.delai_structure_s.min(10);
        s.extraction.reprises = 0;
        s.extraction.silence_s = s.extraction.silence_s.min(10);
        for rest in [&mut s.kofr, &mut s.eve] {
            rest.tentatives = 1;
            rest.delai_s = rest.delai_s.min(10);
        }
        s
    }

    fn verifiable(
        &self,
        source: Source,
        s: &Settings,
    ) -> Result<Vec<std::sync::Arc<dyn Verifiable>>, Outage> {
        use std::sync::Arc;
        Ok(match source {
            Source::Kofr => vec![Arc::new(LiensKofr(kofr::Client::new(s.kofr.kofr())?))],
            Source::Eve => vec![Arc::new(LiensEve(eve::Client::new(s.eve.eve())?, self.outils.clone()))],
            Source::Apogee | Source::Extraction => {
                let porte = api::Porte::new(&s.apogee, &s.extraction, Arc::clone(&self.outils.clock))?;
                porte.verifiables().into_iter().filter(|v| v.source() == source).collect()
            }
        })
    }
}

fn source_de(cle: &str) -> Option<Source> {
    match cle.split('.').next()? {
        "apogee" => Some(Source::Apogee),
        "extraction" => Some(Source::Extraction),
        "kofr" => Some(Source::Kofr),
        "eve" => Some(Source::Eve),
        _ => None,
    }
}

#[async_trait]
impl Essayeur for Essai {
    fn accepter(&self, poses: &BTreeMap<String, String>) -> Result<(), String> {
        let s = self.presse(poses);
        s.courriel.verifier()?;
        for source in Source::ALL {
            self.verifiable(source, &s).map_err(|panne| format!("{} {}", panne.detail, panne.remede))?;
        }
        Ok(())
    }

    async fn essayer(&self, cle: &str, poses: BTreeMap<String, String>) -> Vec<Verification> {
        let Some(source) = source_de(cle) else { return Vec::new() };
        let echec =
            |panne: Outage| Verification { lien: panne.quoi.clone(), latence_ms: 0, resultat: Err(panne) };
        let verifiables = match self.verifiable(source, &self.presse(&poses)) {
            Ok(verifiables) => verifiables,
            Err(panne) => return vec![echec(panne)],
        };
        let mut vus = Vec::new();
        for verifiable in verifiables {
            match tokio::time::timeout(ATTENTE, verifiable.verifier()).await {
                Ok(liens) => vus.extend(liens),
                Err(_) => vus.push(echec(Outage {
                    source_: source,
                    quoi: "tous les liens".into(),
                    kind: OutageKind::Delai,
                    detail: format!("La source n’a pas répondu en {} secondes.", ATTENTE.as_secs()),
                    remede: "Vérifiez l’adresse et le pare-feu, puis essayez de nouveau.".into(),
                })),
            }
        }
        vus
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_read_and_set_at_its_place() {
        for d in SOURCES.iter().chain(&COURRIEL).chain(&TRAVAUX) {
            let valeur = match &d.sorte {
                Sorte::Entier { .. } => "7",
                Sorte::Adresse => "https://essai.exemple.fr",
                Sorte::Lieu => "/srv/essai",
                _ => "essai",
            };
            let mut settings = Settings::default();
            poser(&mut settings, d.cle, valeur);
            assert_eq!(lire(&settings, d.cle), valeur, "{}", d.cle);
            assert_ne!(settings, Settings::default(), "{}", d.cle);
            assert_eq!(d.essayable, source_de(d.cle).is_some(), "{}", d.cle);
        }
    }

    #[test]
    fn no_secret_is_shown_by_what_describes_it() {
        let mut settings = Settings::default();
        poser(&mut settings, "kofr.jeton", "azerty-secret");
        assert!(!format!("{:?}", groupes(&settings)).contains("azerty-secret"));
    }
}
