//! Local corrections: a value put over a field that a source decides, for a reason and until a day.
//!
//! The source is neither changed nor silenced: what it says is kept beside what is shown, and comes back by itself when the
//! correction ends. A collection translates what the sources say as always, then [`recouvrir`] lays the corrections over the rows
//! received, before they are compared: every reader then sees the corrected value in the row itself.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use kernel::Centi;

use super::anomalie::{Anomalie, Regle};
use super::diff::Changement;
use super::genre::{Colonne, Genre, SorteColonne};
use super::valeur::{Ligne, Valeur, cle_lisible};

/// Longest text of a correction: what a label or a note of the study guide may hold.
pub const TEXTE_MAX: usize = 4_000;
/// Longest reason.
pub const MOTIF_MAX: usize = 500;

/// Why a correction is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refus {
    /// Such rows are not corrected here.
    #[error("genre non corrigeable")]
    Genre,
    /// No such field, or one that only says what a source says.
    #[error("champ non corrigeable : {0}")]
    Champ(String),
    /// Nothing was typed.
    #[error("valeur vide")]
    Vide,
    /// Not an integer.
    #[error("pas un entier : {0}")]
    Entier(String),
    /// Not a quantity.
    #[error("pas une quantité : {0}")]
    Quantite(String),
    /// Neither yes nor no.
    #[error("ni oui ni non : {0}")]
    Oui(String),
    /// Not a day.
    #[error("pas un jour : {0}")]
    Jour(String),
    /// A text too long.
    #[error("texte de {0} caractères")]
    TropLong(usize),
    /// A text that holds what no page can show.
    #[error("caractère invisible")]
    Invisible,
    /// No reason, or one too long.
    #[error("motif absent ou trop long")]
    Motif,
    /// An end that is not a day.
    #[error("fin illisible : {0}")]
    Fin(String),
    /// An end that is past.
    #[error("fin passée : {0}")]
    FinPassee(NaiveDate),
    /// An end too far.
    #[error("fin trop lointaine : {0}")]
    FinLointaine(NaiveDate, i64),
}

impl Refus {
    /// The sentence, for a page or a line of an import.
    #[must_use]
    pub fn phrase(&self) -> String {
        match self {
            Self::Genre => "Ces lignes ne se corrigent pas ici.".to_owned(),
            Self::Champ(nom) => format!("Le champ « {nom} » ne se corrige pas."),
            Self::Vide => {
                "Saisissez une valeur, ou cochez « Aucune valeur » : zéro et vide ne veulent pas dire la même chose."
                    .to_owned()
            }
            Self::Entier(t) => format!("« {t} » n’est pas un nombre entier de 0 à 9999."),
            Self::Quantite(t) => {
                format!("« {t} » n’est pas une quantité : écrivez par exemple 6 ou 6,5, de 0 à 9999,99.")
            }
            Self::Oui(t) => format!("« {t} » n’est ni « oui » ni « non »."),
            Self::Jour(t) => {
                format!("« {t} » n’est pas une date : écrivez par exemple 2025-01-31 ou 31/01/2025.")
            }
            Self::TropLong(n) => format!("Ce texte a {n} caractères ; {TEXTE_MAX} au plus sont gardés."),
            Self::Invisible => {
                "Ce texte contient un caractère invisible, souvent venu d’un copier-coller : saisissez-le au clavier."
                    .to_owned()
            }
            Self::Motif => format!("Donnez un motif, de {MOTIF_MAX} caractères au plus."),
            Self::Fin(t) if t.trim().is_empty() => "Donnez le dernier jour de la correction.".to_owned(),
            Self::Fin(t) => format!("« {t} » n’est pas une date : écrivez par exemple 2025-01-31 ou 31/01/2025."),
            Self::FinPassee(jour) => format!(
                "Une correction ne peut pas finir le {}, qui est passé.",
                jour.format("%d/%m/%Y")
            ),
            Self::FinLointaine(jour, max) => format!(
                "Une correction ne peut pas durer jusqu’au {} : {max} jours au plus à compter d’aujourd’hui.",
                jour.format("%d/%m/%Y")
            ),
        }
    }

    /// The field of the form that it speaks of.
    #[must_use]
    pub fn champ_du_formulaire(&self) -> &'static str {
        match self {
            Self::Motif => "motif",
            Self::Fin(_) | Self::FinPassee(_) | Self::FinLointaine(..) => "fin",
            _ => "valeur",
        }
    }
}

/// Fields of a kind that may be corrected, with their place. Keys never are, nor what only repeats what each source says.
pub fn champs_corrigeables(genre: Genre) -> impl Iterator<Item = (usize, &'static Colonne)> {
    let corrigeable = matches!(
        genre,
        Genre::Composante
            | Genre::Nature
            | Genre::Diplome
            | Genre::VersionDiplome
            | Genre::Etape
            | Genre::VersionEtape
            | Genre::Rattachement
            | Genre::Liste
            | Genre::Element
            | Genre::LienEtapeListe
            | Genre::LienElementListe
            | Genre::Heures
            | Genre::Enseignant
    );
    let champs = if corrigeable { genre.champs() } else { &[] };
    champs.iter().enumerate().filter(|(_, c)| !c.nom.ends_with("_apogee") && !c.nom.ends_with("_kofr"))
}

/// The place and column of a field that may be corrected.
///
/// # Errors
/// [`Refus::Genre`], [`Refus::Champ`].
pub fn champ_corrigeable(genre: Genre, nom: &str) -> Result<(usize, &'static Colonne), Refus> {
    if champs_corrigeables(genre).next().is_none() {
        return Err(Refus::Genre);
    }
    champs_corrigeables(genre).find(|(_, c)| c.nom == nom).ok_or_else(|| Refus::Champ(nom.to_owned()))
}

/// What was typed, as the column holds it. Nothing typed is refused: saying « no value » is another choice.
///
/// # Errors
/// The refusal that names what is wrong.
pub fn saisie(colonne: &Colonne, texte: &str) -> Result<Valeur, Refus> {
    let t = texte.trim();
    if t.is_empty() {
        return Err(Refus::Vide);
    }
    let dit = || t.chars().take(60).collect::<String>();
    match colonne.sorte {
        SorteColonne::Texte => {
            let longueur = t.chars().count();
            if longueur > TEXTE_MAX {
                return Err(Refus::TropLong(longueur));
            }
            let t = t.replace("\r\n", "\n");
            if t.chars().any(|c| invisible(c) && c != '\n') {
                return Err(Refus::Invisible);
            }
            Ok(t.into())
        }
        SorteColonne::Entier => match t.parse::<i64>() {
            Ok(n @ 0..=9_999) => Ok(Valeur::Entier(n)),
            _ => Err(Refus::Entier(dit())),
        },
        SorteColonne::Centi => match Centi::parse(t) {
            Ok(c @ Centi(0..=999_999)) => Ok(c.into()),
            _ => Err(Refus::Quantite(dit())),
        },
        SorteColonne::Oui => match kernel::fold(t).as_str() {
            "oui" => Ok(Valeur::Oui(true)),
            "non" => Ok(Valeur::Oui(false)),
            _ => Err(Refus::Oui(dit())),
        },
        SorteColonne::Jour => jour(t).map(Valeur::Jour).ok_or_else(|| Refus::Jour(dit())),
    }
}

/// Control characters, and the marks that turn the direction of a text or hide within it.
fn invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A day as typed: `2025-01-31` or `31/01/2025`.
#[must_use]
pub fn jour(texte: &str) -> Option<NaiveDate> {
    let t = texte.trim();
    let lu = NaiveDate::parse_from_str(t, "%Y-%m-%d").or_else(|_| NaiveDate::parse_from_str(t, "%d/%m/%Y"));
    let (premier, dernier) = (NaiveDate::from_ymd_opt(1900, 1, 1)?, NaiveDate::from_ymd_opt(2199, 12, 31)?);
    lu.ok().filter(|j| (premier..=dernier).contains(j))
}

/// The reason, trimmed.
///
/// # Errors
/// [`Refus::Motif`].
pub fn motif(texte: &str) -> Result<String, Refus> {
    let t: String = texte.trim().chars().filter(|c| !invisible(*c) || *c == '\n').collect();
    if t.is_empty() || t.chars().count() > MOTIF_MAX { Err(Refus::Motif) } else { Ok(t) }
}

/// The last day, which the correction still covers: today at the earliest, and at most `max` days from today.
///
/// # Errors
/// [`Refus::FinPassee`], [`Refus::FinLointaine`].
pub fn fin(fin: NaiveDate, aujourd_hui: NaiveDate, max: i64) -> Result<NaiveDate, Refus> {
    if fin < aujourd_hui {
        return Err(Refus::FinPassee(fin));
    }
    let dernier = aujourd_hui.checked_add_days(Days::new(max.max(0).unsigned_abs())).unwrap_or(NaiveDate::MAX);
    if fin > dernier { Err(Refus::FinLointaine(fin, max)) } else { Ok(fin) }
}

/// A value as pages and messages write it: by its column, absence being nothing.
#[must_use]
pub fn ecrite(colonne: &Colonne, valeur: &Valeur) -> Option<String> {
    match (colonne.sorte, valeur) {
        (_, Valeur::Absent) => None,
        (SorteColonne::Centi, Valeur::Entier(n)) => Some(Centi(*n).to_string()),
        (_, autre) => Some(autre.to_string()),
    }
}

/// [`ecrite`], absence in words.
#[must_use]
pub fn dite(colonne: &Colonne, valeur: &Valeur) -> String {
    ecrite(colonne, valeur).unwrap_or_else(|| "aucune valeur".to_owned())
}

/// A value kept as JSON, read back as its column holds it; nothing when it is of another sort.
#[must_use]
pub fn de_json(sorte: SorteColonne, json: &serde_json::Value) -> Option<Valeur> {
    if json.is_null() {
        return Some(Valeur::Absent);
    }
    Some(match sorte {
        SorteColonne::Texte => json.as_str()?.into(),
        SorteColonne::Entier | SorteColonne::Centi => Valeur::Entier(json.as_i64()?),
        SorteColonne::Oui => Valeur::Oui(json.as_bool()?),
        SorteColonne::Jour => Valeur::Jour(json.as_str()?.parse().ok()?),
    })
}

/// A key kept as a JSON array, read back; nothing when it is not one of that kind.
#[must_use]
pub fn cle_de_json(genre: Genre, texte: &str) -> Option<Box<[Valeur]>> {
    let parts: Vec<serde_json::Value> = serde_json::from_str(texte).ok()?;
    cle_de_parts(genre, &parts)
}

fn cle_de_parts(genre: Genre, parts: &[serde_json::Value]) -> Option<Box<[Valeur]>> {
    let colonnes = genre.description().cle;
    if parts.len() != colonnes.len() {
        return None;
    }
    colonnes.iter().zip(parts).map(|(c, v)| de_json(c.sorte, v).filter(|v| *v != Valeur::Absent)).collect()
}

/// A correction that holds, as it is laid over rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Active {
    /// Its number.
    pub id: i64,
    /// Kind of row.
    pub genre: Genre,
    /// Key of the row.
    pub cle: Box<[Valeur]>,
    /// Place of the field.
    pub champ: usize,
    /// The value shown instead of the source's.
    pub valeur: Valeur,
    /// What the source said when it was set, for the year looked at; nothing when that year was never collected since.
    pub pose: Option<Valeur>,
    /// What the source last said.
    pub dite: Option<Valeur>,
}

/// What the source says of a corrected field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dite {
    /// Number of the correction.
    pub correction: i64,
    /// The source's value; nothing when the object is no longer there.
    pub valeur: Option<Valeur>,
    /// The object's label.
    pub libelle: String,
}

/// Lays the corrections of a kind over the rows received of it. Returns what the source said of each corrected field.
pub fn recouvrir(actives: &[Active], genre: Genre, lignes: &mut [Ligne]) -> Vec<Dite> {
    let mut par_cle: HashMap<&[Valeur], Vec<&Active>> = HashMap::new();
    for a in actives.iter().filter(|a| a.genre == genre) {
        par_cle.entry(&a.cle).or_default().push(a);
    }
    if par_cle.is_empty() {
        return Vec::new();
    }
    let nom = genre.description().libelle;
    let mut dites = Vec::new();
    for ligne in lignes {
        let Some(corrections) = par_cle.remove(&*ligne.cle) else { continue };
        let libelle = nom.and_then(|i| ligne.champs.get(i)).map(ToString::to_string).unwrap_or_default();
        for a in corrections {
            if let Some(champ) = ligne.champs.get_mut(a.champ) {
                let source = std::mem::replace(champ, a.valeur.clone());
                dites.push(Dite { correction: a.id, valeur: Some(source), libelle: libelle.clone() });
            }
        }
    }
    let absentes = par_cle.into_values().flatten();
    dites.extend(absentes.map(|a| Dite { correction: a.id, valeur: None, libelle: String::new() }));
    dites.sort_by_key(|d| d.correction);
    dites
}

/// Corrections were set or ended between the comparison and its application: the changes of a kind are put right, so that neither
/// overwrites the other. `avant` are those that were compared with, `maintenant` those that hold.
pub fn ajuster(changements: &mut [Changement], avant: &[Active], maintenant: &[Active], dites: &mut Vec<Dite>) {
    let absente = |a: &Active, la: &[Active]| !la.iter().any(|autre| autre.id == a.id);
    for c in changements.iter_mut().filter(|c| !c.apres.is_empty()) {
        let (genre, cle) = (c.genre, c.cle.clone());
        let celle_ci = |a: &&Active| a.genre == genre && a.cle == cle;
        for a in avant.iter().filter(celle_ci).filter(|a| absente(a, maintenant)) {
            let dite = dites.iter().find(|d| d.correction == a.id).and_then(|d| d.valeur.clone());
            if let (Some(champ), Some(dite)) = (c.apres.get_mut(a.champ), dite) {
                *champ = dite;
            }
        }
        for a in maintenant.iter().filter(celle_ci).filter(|a| absente(a, avant)) {
            if let Some(champ) = c.apres.get_mut(a.champ) {
                let source = std::mem::replace(champ, a.valeur.clone());
                dites.push(Dite { correction: a.id, valeur: Some(source), libelle: String::new() });
            }
        }
    }
    dites.retain(|d| maintenant.iter().any(|a| a.id == d.correction));
}

/// What somebody should look at again: the source moved under a correction, or came to say the same thing.
#[must_use]
pub fn ecart(active: &Active, dite: &Dite) -> Option<Anomalie> {
    let source = dite.valeur.as_ref()?;
    let d = active.genre.description();
    let colonne = d.champs.get(active.champ)?;
    let regle = if *source == active.valeur {
        Regle::CorrectionInutile
    } else if active.pose.as_ref().is_some_and(|pose| pose != source) {
        Regle::CorrectionDepassee
    } else {
        return None;
    };
    let valeur_a = match &active.pose {
        Some(pose) if pose != source => format!("{} → {}", self::dite(colonne, pose), self::dite(colonne, source)),
        _ => self::dite(colonne, source),
    };
    Some(Anomalie {
        regle,
        objet: d.code,
        cle: cle_lisible(&active.cle),
        champ: colonne.nom.to_owned(),
        libelle: dite.libelle.clone(),
        source_a: "La source",
        valeur_a,
        source_b: "Correction locale",
        valeur_b: self::dite(colonne, &active.valeur),
    })
}

/// Where a correction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EtatCorrection {
    /// It holds.
    Active,
    /// Its day has come.
    Expiree,
    /// Somebody ended it.
    Levee,
}

impl EtatCorrection {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Active, Self::Expiree, Self::Levee];

    /// The spelling filtered by.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expiree => "expiree",
            Self::Levee => "levee",
        }
    }

    /// As pages write it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Expiree => "Expirée",
            Self::Levee => "Levée",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn colonne(genre: Genre, nom: &str) -> &'static Colonne {
        champ_corrigeable(genre, nom).unwrap().1
    }

    fn active(code: &str, valeur: i64, pose: i64) -> Active {
        Active {
            id: 1,
            genre: Genre::Heures,
            cle: Box::new([code.into(), "CM".into()]),
            champ: 0,
            valeur: Valeur::Entier(valeur),
            pose: Some(Valeur::Entier(pose)),
            dite: None,
        }
    }

    fn heures(code: &str, n: i64) -> Ligne {
        Ligne::new([code.into(), "CM".into()], [n.into(), n.into(), Valeur::Absent, Valeur::Absent])
    }

    #[test]
    fn what_is_typed_becomes_what_the_column_holds_or_is_refused_in_words() {
        let ects = colonne(Genre::Element, "ects");
        assert_eq!(saisie(ects, " 6,5 "), Ok(Valeur::Entier(650)));
        assert_eq!(saisie(ects, "0"), Ok(Valeur::Entier(0)), "zero is a value");
        for faux in ["-1", "six", "6,555", "1e3", "99999", "=1+1"] {
            assert_eq!(saisie(ects, faux), Err(Refus::Quantite(faux.into())), "{faux}");
        }
        assert_eq!(saisie(ects, "  "), Err(Refus::Vide));
        assert_eq!(saisie(colonne(Genre::Element, "suspendu"), "Oui"), Ok(Valeur::Oui(true)));
        assert!(saisie(colonne(Genre::Element, "suspendu"), "1").is_err());
        let min = colonne(Genre::LienEtapeListe, "choix_min");
        assert_eq!(saisie(min, "2"), Ok(Valeur::Entier(2)));
        assert!(saisie(min, "2,5").is_err());
        let ferme = colonne(Genre::LienEtapeListe, "lien_ferme_le");
        assert_eq!(saisie(ferme, "31/01/2025"), saisie(ferme, "2025-01-31"));
        assert!(saisie(ferme, "31/02/2025").is_err());
        let libelle = colonne(Genre::Element, "libelle");
        assert_eq!(saisie(libelle, "N'Guyen-Đặng « x »"), Ok("N'Guyen-Đặng « x »".into()));
        assert_eq!(saisie(libelle, "a\0b"), Err(Refus::Invisible));
        assert_eq!(saisie(libelle, "a\u{202e}b"), Err(Refus::Invisible));
        assert_eq!(saisie(libelle, &"é".repeat(TEXTE_MAX + 1)), Err(Refus::TropLong(TEXTE_MAX + 1)));
    }

    #[test]
    fn keys_people_s_registrations_and_what_sources_say_are_not_corrected() {
        assert_eq!(champ_corrigeable(Genre::Element, "code").unwrap_err(), Refus::Champ("code".into()));
        assert!(champ_corrigeable(Genre::Element, "ects_kofr").is_err());
        assert!(champ_corrigeable(Genre::Heures, "heures_apogee").is_err());
        for genre in [Genre::Etudiant, Genre::Anomalie, Genre::InscriptionAdministrative, Genre::Maquette] {
            assert_eq!(champ_corrigeable(genre, "libelle").unwrap_err(), Refus::Genre);
        }
    }

    #[test]
    fn an_end_is_neither_past_nor_too_far() {
        let jour = |t: &str| t.parse::<NaiveDate>().unwrap();
        let auj = jour("2025-01-31");
        assert_eq!(fin(auj, auj, 30), Ok(auj), "the day itself still counts");
        assert_eq!(fin(jour("2025-01-30"), auj, 30), Err(Refus::FinPassee(jour("2025-01-30"))));
        assert!(fin(jour("2025-03-02"), auj, 30).is_ok());
        assert!(fin(jour("2025-03-03"), auj, 30).is_err());
    }

    #[test]
    fn an_object_that_left_says_nothing_and_raises_nothing() {
        let a = active("E1", 900, 600);
        let dites = recouvrir(std::slice::from_ref(&a), Genre::Heures, &mut [heures("E2", 600)]);
        assert_eq!(dites.iter().map(|d| d.valeur.clone()).collect::<Vec<_>>(), [None]);
        assert_eq!(ecart(&a, &dites[0]), None);
    }

    #[test]
    fn what_changed_during_a_collection_is_put_right() {
        let change = |valeur: i64| Changement {
            genre: Genre::Heures,
            sorte: crate::domain::Sorte::Modification,
            id: Some(1),
            cle: Box::new(["E1".into(), "CM".into()]),
            avant: heures("E1", 1).champs,
            apres: Box::new([valeur.into(), 7_i64.into(), Valeur::Absent, Valeur::Absent]),
        };
        let a = active("E1", 900, 600);
        // Set meanwhile: the source's new value gives way, and is kept.
        let (mut c, mut dites) = ([change(700)], Vec::new());
        ajuster(&mut c, &[], std::slice::from_ref(&a), &mut dites);
        assert_eq!(c[0].apres[0], Valeur::Entier(900));
        assert_eq!(dites[0].valeur, Some(Valeur::Entier(700)));
        // Ended meanwhile: the source's value comes through.
        let mut c = [change(900)];
        ajuster(&mut c, std::slice::from_ref(&a), &[], &mut dites);
        assert_eq!(c[0].apres[0], Valeur::Entier(700));
        assert!(dites.is_empty());
    }

    proptest! {
        /// Whatever the source says: the row shows the correction, the source's word is kept, and something is said only when
        /// the source moved or came to agree.
        #[test]
        fn a_correction_hides_nothing(valeur in 0_i64..4, pose in 0_i64..4, source in 0_i64..4) {
            let a = active("E1", valeur, pose);
            let mut lignes = [heures("E0", 1), heures("E1", source), heures("E2", 2)];
            let dites = recouvrir(std::slice::from_ref(&a), Genre::Heures, &mut lignes);
            prop_assert_eq!(&lignes[1].champs[0], &Valeur::Entier(valeur));
            prop_assert_eq!(&lignes[1].champs[1], &Valeur::Entier(source), "the neighbours are left alone");
            prop_assert_eq!(&lignes[0], &heures("E0", 1));
            prop_assert_eq!(dites.len(), 1);
            prop_assert_eq!(&dites[0].valeur, &Some(Valeur::Entier(source)));
            let regle = ecart(&a, &dites[0]).map(|e| e.regle);
            let attendue = if source == valeur {
                Some(Regle::CorrectionInutile)
            } else {
                (source != pose).then_some(Regle::CorrectionDepassee)
            };
            prop_assert_eq!(regle, attendue);
        }

        #[test]
        fn a_value_and_a_key_come_back_from_their_json(code in "\\PC{1,12}", n in any::<i64>()) {
            let cle: [Valeur; 2] = [code.as_str().into(), "CM".into()];
            let json = crate::domain::valeur::cle_json(&cle);
            prop_assert_eq!(cle_de_json(Genre::Heures, &json), Some(Box::from(cle)));
            prop_assert_eq!(de_json(SorteColonne::Centi, &Valeur::Entier(n).json()), Some(Valeur::Entier(n)));
        }

        #[test]
        fn whatever_is_typed_is_read_or_refused(texte in "\\PC{0,40}") {
            for (_, colonne) in champs_corrigeables(Genre::Element) {
                if let Err(refus) = saisie(colonne, &texte) {
                    prop_assert!(!refus.phrase().is_empty());
                }
            }
        }
    }
}
