//! Parameters: what a university changes from a page, whichever context owns it.
//!
//! A context describes its parameters ([`Groupe`]), checks and keeps their values ([`Parametres::poser`]) in its own tables, and
//! journals each change under the object `parametre`, keyed by [`Parametre::cle`], with the fields `valeur` and `origine` before and
//! after. Administration shows them, and knows nothing of what they mean.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use kernel::{Actor, AnneeUniversitaire, Fault, FaultKind};

use crate::liens::Verification;

/// The journal's kind of object for a parameter.
pub const OBJET: &str = "parametre";

/// What a parameter holds, and so how it is typed, checked and written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sorte {
    /// An integer within bounds, in a unit: « heures », « % ».
    Entier {
        /// Smallest value.
        min: i64,
        /// Largest value.
        max: i64,
        /// What it counts.
        unite: &'static str,
    },
    /// One of these academic years.
    Annee(Vec<AnneeUniversitaire>),
    /// First and last academic years, `2024-2028`; nothing when it is not declared.
    Periode,
    /// A line of text of so many characters at most; may be empty.
    Texte(usize),
    /// Short words set apart by commas; at least one.
    Mots,
    /// An HTTP(S) address; may be empty.
    Adresse,
    /// A folder of the server, or an HTTP(S) address; may be empty.
    Lieu,
    /// Never shown, only replaced.
    Secret,
}

/// Most characters of an address, a place or a secret.
const LONGUEUR: usize = 500;

impl Sorte {
    /// What was typed, as it is kept; or what is wrong with it, as a French sentence.
    ///
    /// # Errors
    /// The sentence.
    pub fn lire(&self, saisi: &str) -> Result<String, String> {
        let saisi = saisi.trim();
        if saisi.chars().any(char::is_control) {
            return Err(
                "La valeur contient un caractère invisible. Retapez-la au lieu de la coller.".to_owned()
            );
        }
        match self {
            Self::Entier { min, max, unite } => {
                let chiffres: String = saisi.chars().filter(|c| !c.is_whitespace()).collect();
                match chiffres.parse::<i64>() {
                    Ok(n) if (*min..=*max).contains(&n) => Ok(n.to_string()),
                    _ => Err(format!("Écrivez un nombre entier entre {min} et {max} ({unite}).")),
                }
            }
            Self::Annee(proposees) => match saisi.parse::<AnneeUniversitaire>() {
                Ok(annee) if proposees.contains(&annee) => Ok(annee.to_string()),
                Ok(annee) => Err(format!(
                    "L’année {} n’est pas collectée. Collectez d’abord son offre, puis choisissez-la.",
                    annee.libelle()
                )),
                Err(phrase) => Err(phrase),
            },
            Self::Periode => periode(saisi),
            Self::Texte(max) => court(saisi, *max),
            Self::Mots => {
                let mots: Vec<&str> = saisi.split(',').map(str::trim).filter(|m| !m.is_empty()).collect();
                let lisibles =
                    mots.iter().all(|m| m.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-'));
                match mots.len() {
                    1..=20 if lisibles => court(&mots.join(", "), 200),
                    _ => Err(
                        "Écrivez un ou plusieurs codes séparés par des virgules, par exemple « SEM, SEMD »."
                            .to_owned(),
                    ),
                }
            }
            Self::Adresse if saisi.is_empty() => Ok(String::new()),
            Self::Adresse => adresse(saisi),
            Self::Lieu if saisi.starts_with("http://") || saisi.starts_with("https://") => adresse(saisi),
            Self::Lieu if saisi.is_empty() || saisi.starts_with('/') => court(saisi, LONGUEUR),
            Self::Lieu => {
                Err("Écrivez un dossier en entier (« /srv/extraction ») ou une adresse (« https://… »)."
                    .to_owned())
            }
            Self::Secret if saisi.is_empty() => {
                Err("Écrivez la nouvelle valeur. L’ancienne n’a pas changé.".to_owned())
            }
            Self::Secret => court(saisi, LONGUEUR),
        }
    }

    /// A kept value as pages write it.
    #[must_use]
    pub fn dire(&self, valeur: &str) -> String {
        match self {
            Self::Secret => "•••".to_owned(),
            Self::Entier { unite, .. } if !unite.is_empty() => format!("{valeur}\u{a0}{unite}"),
            Self::Annee(_) => valeur
                .parse::<AnneeUniversitaire>()
                .map_or_else(|_| valeur.to_owned(), AnneeUniversitaire::libelle),
            Self::Periode => match bornes(valeur) {
                Some((debut, fin)) => format!("{}–{}", debut.premiere(), fin.suivante().premiere()),
                None => "non déclarée".to_owned(),
            },
            _ if valeur.is_empty() => "aucune valeur".to_owned(),
            _ => valeur.to_owned(),
        }
    }
}

fn court(texte: &str, max: usize) -> Result<String, String> {
    if texte.chars().count() > max {
        return Err(format!("La valeur dépasse {max} caractères. Raccourcissez-la."));
    }
    Ok(texte.to_owned())
}

/// First and last years of a kept period.
#[must_use]
pub fn bornes(valeur: &str) -> Option<(AnneeUniversitaire, AnneeUniversitaire)> {
    let (debut, fin) = valeur.split_once('-')?;
    Some((debut.trim().parse().ok()?, fin.trim().parse().ok()?))
}

fn periode(saisi: &str) -> Result<String, String> {
    if saisi.is_empty() {
        return Ok(String::new());
    }
    let saisi = saisi.replace(['–', '—'], "-");
    match bornes(&saisi) {
        Some((debut, fin)) if debut <= fin && fin.premiere() - debut.premiere() < 10 => {
            Ok(format!("{debut}-{fin}"))
        }
        Some(_) => Err("La dernière année vient après la première, dix ans plus tard au plus.".to_owned()),
        None => Err("Écrivez la première et la dernière année, par exemple « 2024-2028 », ou laissez vide."
            .to_owned()),
    }
}

fn adresse(saisi: &str) -> Result<String, String> {
    let reste = saisi.strip_prefix("https://").or_else(|| saisi.strip_prefix("http://"));
    let hote = reste.map(|r| r.split(['/', '?', '#']).next().unwrap_or_default());
    match hote {
        Some(hote) if hote.contains('@') => {
            Err("L’adresse contient un identifiant : mettez-le dans le champ prévu, il serait lisible ici."
                .to_owned())
        }
        Some(hote) if !hote.is_empty() && !saisi.contains(char::is_whitespace) => court(saisi, LONGUEUR),
        _ => Err("Écrivez une adresse entière, qui commence par « https:// » ou « http:// ».".to_owned()),
    }
}

/// Where the present value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origine {
    /// The settings file, the environment, or what the program proposes: in words.
    Installation(String),
    /// Set by somebody, and kept in the database.
    Page {
        /// Who.
        par: String,
        /// When.
        le: DateTime<Utc>,
    },
}

/// When a change takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effet {
    /// At its next use.
    Immediat,
    /// When the processes start again.
    Demarrage,
}

/// A parameter, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parametre {
    /// Stable key, unique over the suite: `maquette.seuil_chute`.
    pub cle: String,
    /// Its name.
    pub libelle: String,
    /// What it is for: sentences.
    pub aide: String,
    /// What it holds.
    pub sorte: Sorte,
    /// The value kept; empty for a secret.
    pub valeur: String,
    /// The value there would be if no page had set one; empty for a secret.
    pub sans_page: String,
    /// Where the value comes from.
    pub origine: Origine,
    /// Where the other one comes from.
    pub origine_sans_page: String,
    /// When a change takes effect.
    pub effet: Effet,
    /// What a change does, a sentence each: shown before it is made.
    pub consequences: Vec<String>,
    /// What else there is to know, a sentence each: « La valeur en vigueur est encore… »
    pub faits: Vec<String>,
    /// Whether a new value can be tried before it is kept.
    pub essayable: bool,
    /// Whether the value of a page can be given up for that of the installation.
    pub retirable: bool,
}

impl Parametre {
    /// The value as pages write it.
    #[must_use]
    pub fn dite(&self) -> String {
        self.sorte.dire(&self.valeur)
    }

    /// What a form was filled on: anything else means that somebody changed it meanwhile.
    #[must_use]
    pub fn etat(&self) -> String {
        match &self.origine {
            Origine::Page { le, .. } => etat_tenu(*le, &self.valeur),
            Origine::Installation(_) => String::new(),
        }
    }
}

/// [`Parametre::etat`] of a value kept since `le`; of a secret, `valeur` is empty.
#[must_use]
pub fn etat_tenu(le: DateTime<Utc>, valeur: &str) -> String {
    format!("{}|{valeur}", le.timestamp_micros())
}

/// Parameters that are shown together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Groupe {
    /// Stable name, for anchors.
    pub code: &'static str,
    /// Title.
    pub titre: &'static str,
    /// A sentence under it.
    pub texte: String,
    /// Its parameters, in the order shown.
    pub parametres: Vec<Parametre>,
}

/// A change that somebody asks for.
#[derive(Clone, Copy)]
pub struct Pose<'a> {
    /// Which parameter.
    pub cle: &'a str,
    /// What was typed; nothing gives up the value of the page for that of the installation.
    pub valeur: Option<&'a str>,
    /// Told [`Parametre::etat`] as it is in the transaction, says whether the form was filled on it.
    pub inchange: &'a (dyn Fn(&str) -> bool + Send + Sync),
}

impl std::fmt::Debug for Pose<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not the value: it may be a secret.
        f.debug_struct("Pose").field("cle", &self.cle).finish_non_exhaustive()
    }
}

/// Who owns parameters.
#[async_trait]
pub trait Parametres: Send + Sync {
    /// All of them, as they stand.
    ///
    /// # Errors
    /// [`ParametreFault::Autre`] when they cannot be read.
    async fn groupes(&self) -> Result<Vec<Groupe>, ParametreFault>;

    /// Checks a change and makes it, with its line of the journal, in one transaction.
    ///
    /// # Errors
    /// [`ParametreFault::Inconnu`] when it is not one of these; the others when nothing was written.
    async fn poser(&self, pose: Pose<'_>, acteur: &Actor) -> Result<(), ParametreFault>;

    /// Tries a value without keeping it, when the parameter is [`Parametre::essayable`].
    ///
    /// # Errors
    /// [`ParametreFault::Inconnu`] when it is not one of these, [`ParametreFault::Invalide`] when it is not a value at all.
    async fn essayer(&self, cle: &str, valeur: &str) -> Result<Vec<Verification>, ParametreFault> {
        let _ = valeur;
        Err(ParametreFault::Inconnu(cle.to_owned()))
    }
}

/// Why a parameter was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ParametreFault {
    /// No such parameter.
    #[error("paramètre {0} inconnu")]
    Inconnu(String),
    /// Not a value it can hold: the sentence says why.
    #[error("{0}")]
    Invalide(String),
    /// Somebody changed it since the form was opened.
    #[error("le paramètre a changé depuis")]
    Perime,
    /// What the context itself met.
    #[error("{0}")]
    Autre(Box<dyn Fault>),
}

impl ParametreFault {
    /// What the context itself met, in the words of its own fault.
    #[must_use]
    pub fn autre(fault: impl Fault + 'static) -> Self {
        Self::Autre(Box::new(fault))
    }
}

impl Fault for ParametreFault {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Inconnu(_) => FaultKind::NotFound,
            Self::Invalide(_) => FaultKind::Invalid,
            Self::Perime => FaultKind::Conflict,
            Self::Autre(fault) => fault.kind(),
        }
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::Inconnu(_) => "parametre-inconnu",
            Self::Invalide(_) => "parametre-invalide",
            Self::Perime => "parametre-perime",
            Self::Autre(fault) => fault.slug(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Inconnu(cle) => format!("Le paramètre « {cle} » n’existe pas."),
            Self::Invalide(phrase) => phrase.clone(),
            Self::Perime => {
                "Ce paramètre a changé depuis l’ouverture du formulaire. Rien n’a été enregistré.".to_owned()
            }
            Self::Autre(fault) => fault.message(),
        }
    }

    fn way_out(&self) -> String {
        match self {
            Self::Inconnu(_) => "Choisissez-le dans la liste des paramètres.".to_owned(),
            Self::Invalide(_) => {
                "Corrigez la valeur, puis enregistrez de nouveau. Rien n’a été enregistré.".to_owned()
            }
            Self::Perime => "Rechargez la page, puis décidez de la valeur.".to_owned(),
            Self::Autre(fault) => fault.way_out(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_kept_in_one_spelling_and_the_rest_is_refused_with_a_sentence() {
        let entier = Sorte::Entier { min: 0, max: 100, unite: "%" };
        assert_eq!(entier.lire(" 1\u{202f}0 ").as_deref(), Ok("10"));
        for faux in ["", "-1", "101", "10,5", "dix", "9999999999999999999999"] {
            assert!(entier.lire(faux).is_err_and(|p| p.contains("entre 0 et 100")), "{faux}");
        }
        let annees: Vec<_> = [2023, 2024].into_iter().filter_map(AnneeUniversitaire::new).collect();
        assert_eq!(Sorte::Annee(annees.clone()).lire("2024/2025").as_deref(), Ok("2024"));
        assert!(Sorte::Annee(annees).lire("2030").is_err_and(|p| p.contains("2030/2031")));
        assert_eq!(Sorte::Mots.lire("SEM,, SEMD ,").as_deref(), Ok("SEM, SEMD"));
        assert!(Sorte::Mots.lire("SEM; DROP").is_err() && Sorte::Mots.lire(" , ").is_err());
        assert_eq!(Sorte::Periode.lire("2024 – 2028").as_deref(), Ok("2024-2028"));
        assert_eq!(Sorte::Periode.lire("").as_deref(), Ok(""));
        assert!(Sorte::Periode.lire("2028-2024").is_err() && Sorte::Periode.lire("2024").is_err());
        assert!(Sorte::Texte(3).lire("abcd").is_err() && Sorte::Texte(3).lire("a\u{0}b").is_err());
    }

    #[test]
    fn an_address_is_whole_and_carries_no_login() {
        assert_eq!(
            Sorte::Adresse.lire(" https://kofr.exemple.fr/api ").as_deref(),
            Ok("https://kofr.exemple.fr/api")
        );
        for faux in
            ["kofr.exemple.fr", "ftp://x", "https://", "http:///x", "https://a b", "javascript:alert(1)"]
        {
            assert!(Sorte::Adresse.lire(faux).is_err(), "{faux}");
        }
        assert!(Sorte::Adresse.lire("https://moi:secret@x.fr").is_err_and(|p| !p.contains("secret")));
        assert!(Sorte::Lieu.lire("/srv/extraction").is_ok() && Sorte::Lieu.lire("srv/extraction").is_err());
    }

    #[test]
    fn a_secret_is_never_said() {
        assert_eq!(Sorte::Secret.dire("azerty"), "•••");
        let annonce = Pose { cle: "kofr.jeton", valeur: Some("azerty"), inchange: &|_| true };
        assert!(!format!("{annonce:?}").contains("azerty"));
        assert!(Sorte::Secret.lire(" ").is_err());
    }

    #[test]
    fn a_period_is_said_by_its_civil_years() {
        assert_eq!(Sorte::Periode.dire("2024-2028"), "2024–2029");
        assert_eq!(Sorte::Periode.dire(""), "non déclarée");
    }
}
