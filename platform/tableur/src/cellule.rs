//! One cell: what it holds, where it is, and what it can be read as.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use kernel::Centi;
use serde::{Deserialize, Serialize};

use crate::{adresse, conversion};

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Contenu {
    /// Nothing.
    Vide,
    /// A text, as it is.
    Texte(String),
    /// A number of a workbook: it may be a date that was given no format.
    Nombre(f64),
    /// A yes or no.
    Oui(bool),
    /// A day, perhaps with an hour.
    Instant(NaiveDateTime),
    /// A time of day.
    Heure(NaiveTime),
    /// A formula that gave no value: « #N/A ».
    Erreur(String),
}

impl Contenu {
    /// Nothing, or spaces.
    pub(crate) fn est_blanc(&self) -> bool {
        match self {
            Self::Vide => true,
            Self::Texte(t) => t.trim().is_empty(),
            _ => false,
        }
    }

    /// As a French spreadsheet shows it.
    pub(crate) fn ecrit(&self) -> String {
        match self {
            Self::Vide => String::new(),
            Self::Texte(t) | Self::Erreur(t) => t.clone(),
            Self::Nombre(n) => conversion::nombre(*n),
            Self::Oui(oui) => if *oui { "oui" } else { "non" }.to_owned(),
            Self::Instant(i) if i.time() == NaiveTime::MIN => i.format("%d/%m/%Y").to_string(),
            Self::Instant(i) => i.format("%d/%m/%Y %H:%M").to_string(),
            Self::Heure(h) => h.format("%H:%M").to_string(),
        }
    }
}

/// What is wrong with a cell, for the person who will put it right.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Defaut {
    /// Number of the row.
    pub ligne: usize,
    /// « B7 », or « ligne 7 » when it is not about one cell.
    pub adresse: String,
    /// What was read and what is expected.
    pub phrase: String,
}

/// A cell of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cellule<'t> {
    ligne: usize,
    colonne: Option<usize>,
    contenu: &'t Contenu,
}

impl<'t> Cellule<'t> {
    pub(crate) fn new(ligne: usize, colonne: Option<usize>, contenu: &'t Contenu) -> Self {
        Self { ligne, colonne, contenu }
    }

    /// « B7 »; « ligne 7 » for a column that the file does not have.
    #[must_use]
    pub fn adresse(&self) -> String {
        self.colonne.map_or_else(|| format!("ligne {}", self.ligne), |c| adresse::ecrite(self.ligne, c))
    }

    /// What it holds.
    #[must_use]
    pub fn contenu(&self) -> &'t Contenu {
        self.contenu
    }

    /// Nothing is written in it, or only spaces.
    #[must_use]
    pub fn est_vide(&self) -> bool {
        self.contenu.est_blanc()
    }

    /// A refusal of this cell, in the context's words.
    #[must_use]
    pub fn defaut(&self, phrase: impl Into<String>) -> Defaut {
        Defaut { ligne: self.ligne, adresse: self.adresse(), phrase: phrase.into() }
    }

    /// Reads it if something is written: `cellule.si_remplie(|c| c.date())?`.
    ///
    /// # Errors
    /// Those of `lire`.
    pub fn si_remplie<T>(&self, lire: impl FnOnce(&Self) -> Result<T, Defaut>) -> Result<Option<T>, Defaut> {
        if self.est_vide() { Ok(None) } else { lire(self).map(Some) }
    }

    /// The text, as it is written, spaces included; numbers, dates and hours as a French spreadsheet shows them. May be empty.
    ///
    /// # Errors
    /// A formula that gave an error.
    pub fn texte(&self) -> Result<String, Defaut> {
        match self.contenu {
            Contenu::Erreur(erreur) => {
                let phrase = format!("La formule donne l’erreur « {erreur} » : écrivez une valeur.");
                Err(self.defaut(phrase))
            }
            autre => Ok(autre.ecrit()),
        }
    }

    /// [`Self::texte`], which must say something.
    ///
    /// # Errors
    /// An empty cell, a formula that gave an error.
    pub fn texte_requis(&self) -> Result<String, Defaut> {
        self.rempli("un texte est attendu")?;
        self.texte()
    }

    /// A whole number.
    ///
    /// # Errors
    /// Anything else.
    pub fn entier(&self) -> Result<i64, Defaut> {
        const ATTENDU: &str = "un nombre entier est attendu, par exemple 42";
        self.lue(ATTENDU, "n’est pas un nombre entier", conversion::entier)
    }

    /// A quantity with at most two decimals, `6,5` or `1 234.50`.
    ///
    /// # Errors
    /// Anything else.
    pub fn decimal(&self) -> Result<Centi, Defaut> {
        const ATTENDU: &str = "un nombre est attendu, avec deux décimales au plus, par exemple 6,5";
        self.lue(ATTENDU, "n’est pas un nombre à deux décimales au plus", conversion::decimal)
    }

    /// A day: of the spreadsheet, or `13/01/2025`, `2025-01-13`.
    ///
    /// # Errors
    /// Anything else.
    pub fn date(&self) -> Result<NaiveDate, Defaut> {
        const ATTENDU: &str = "une date est attendue, par exemple 13/01/2025";
        self.lue(ATTENDU, "n’est pas une date", conversion::date)
    }

    /// A time of day: of the spreadsheet, or `9h00`, `9 h`, `09:00`.
    ///
    /// # Errors
    /// Anything else.
    pub fn heure(&self) -> Result<NaiveTime, Defaut> {
        const ATTENDU: &str = "une heure est attendue, par exemple 9h00 ou 09:00";
        self.lue(ATTENDU, "n’est pas une heure", conversion::heure)
    }

    /// A yes or no: `oui`, `non`, `vrai`, `faux`.
    ///
    /// # Errors
    /// Anything else.
    pub fn oui(&self) -> Result<bool, Defaut> {
        self.lue("« oui » ou « non » est attendu", "n’est ni « oui » ni « non »", conversion::oui)
    }

    fn rempli(&self, attendu: &str) -> Result<(), Defaut> {
        if self.est_vide() { Err(self.defaut(format!("La cellule est vide : {attendu}."))) } else { Ok(()) }
    }

    fn lue<T>(
        &self,
        attendu: &str,
        refus: &str,
        lire: impl FnOnce(&Contenu) -> Option<T>,
    ) -> Result<T, Defaut> {
        self.rempli(attendu)?;
        let texte = self.texte()?;
        lire(self.contenu).ok_or_else(|| self.defaut(format!("« {} » {refus} : {attendu}.", montre(&texte))))
    }
}

/// What was read, short enough for a sentence.
#[must_use]
pub fn montre(texte: &str) -> String {
    let texte = texte.trim();
    let montre: String = texte.chars().take(60).collect();
    if montre.len() < texte.len() { montre + "…" } else { montre }
}
