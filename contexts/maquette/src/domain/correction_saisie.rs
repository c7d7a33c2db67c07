//! What somebody types to correct a field, read by its column or refused in words.

use chrono::{Days, NaiveDate};
use kernel::Centi;

use super::genre::{Colonne, Genre, SorteColonne};
use super::valeur::Valeur;

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
    let dernier =
        aujourd_hui.checked_add_days(Days::new(max.max(0).unsigned_abs())).unwrap_or(NaiveDate::MAX);
    if fin > dernier { Err(Refus::FinLointaine(fin, max)) } else { Ok(fin) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn colonne(genre: Genre, nom: &str) -> &'static Colonne {
        champ_corrigeable(genre, nom).unwrap().1
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
    fn an_end_is_neither_past_nor_too_far() {
        let jour = |t: &str| t.parse::<NaiveDate>().unwrap();
        let auj = jour("2025-01-31");
        assert_eq!(fin(auj, auj, 30), Ok(auj), "the day itself still counts");
        assert_eq!(fin(jour("2025-01-30"), auj, 30), Err(Refus::FinPassee(jour("2025-01-30"))));
        assert!(fin(jour("2025-03-02"), auj, 30).is_ok());
        assert!(fin(jour("2025-03-03"), auj, 30).is_err());
    }

    proptest! {
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
