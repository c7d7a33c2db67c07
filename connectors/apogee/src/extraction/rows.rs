//! From cells to typed values. An error names the table, the line, the column and the value, and sets aside one row only.

use std::borrow::Cow;

use chrono::NaiveDate;
use kernel::Centi;
use serde::{Deserialize, Serialize};

/// A row that could not be read; the rest of its table stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejet {
    /// Table.
    pub table: String,
    /// Line in the file, the header being 1.
    pub ligne: u64,
    /// Column, as Apogée names it.
    pub colonne: String,
    /// The value that was refused.
    pub valeur: String,
    /// Why, as a French sentence.
    pub raison: String,
    /// First cell of the row: its code, most often.
    #[serde(default)]
    pub cle: String,
}

/// The cells of one row, read from left to right in the order of the table's declaration.
#[derive(Debug)]
pub struct Ligne<'a> {
    table: &'static str,
    colonnes: &'static [&'static str],
    cellules: &'a [Cow<'a, str>],
    numero: u64,
    suivante: usize,
}

impl<'a> Ligne<'a> {
    pub(super) fn new(
        table: &'static str,
        colonnes: &'static [&'static str],
        cellules: &'a [Cow<'a, str>],
        numero: u64,
    ) -> Self {
        Self { table, colonnes, cellules, numero, suivante: 0 }
    }

    /// The next cell; empty is NULL.
    fn cellule(&mut self) -> Option<&'a str> {
        let cellule = self.cellules.get(self.suivante).map(AsRef::as_ref);
        self.suivante += 1;
        cellule.filter(|c: &&str| !c.is_empty())
    }

    fn rejet(&self, valeur: &str, raison: impl Into<String>) -> Box<Rejet> {
        let colonne = self.colonnes.get(self.suivante.saturating_sub(1)).copied().unwrap_or_default();
        Box::new(Rejet {
            table: self.table.to_owned(),
            ligne: self.numero,
            colonne: colonne.to_owned(),
            valeur: valeur.to_owned(),
            raison: raison.into(),
            cle: self.cellules.first().map(|c| c.as_ref().to_owned()).unwrap_or_default(),
        })
    }

    /// A key, or another text that may not be empty. As it came: never trimmed.
    ///
    /// # Errors
    /// When the cell is empty.
    pub fn requis<T: From<String>>(&mut self) -> Result<T, Box<Rejet>> {
        let cellule = self.cellule().map(ToOwned::to_owned);
        cellule
            .map(T::from)
            .ok_or_else(|| self.rejet("", "La colonne est obligatoire et la valeur est vide."))
    }

    /// A text, absent when empty.
    ///
    /// # Errors
    /// Never; the signature is the one of the other accessors.
    pub fn texte<T: From<String>>(&mut self) -> Result<Option<T>, Box<Rejet>> {
        Ok(self.cellule().map(|c| T::from(c.to_owned())))
    }

    /// A whole number; `2`, and also `2.00` or `2,0` as some exports write it.
    ///
    /// # Errors
    /// When the cell is not one.
    pub fn entier(&mut self) -> Result<Option<i64>, Box<Rejet>> {
        let Some(cellule) = self.cellule() else { return Ok(None) };
        if let Ok(entier) = cellule.parse() {
            return Ok(Some(entier));
        }
        match Centi::parse(cellule) {
            Ok(Centi(n)) if n % 100 == 0 => Ok(Some(n / 100)),
            _ => Err(self.rejet(cellule, "Ce n'est pas un nombre entier.")),
        }
    }

    /// A quantity in hundredths, with a decimal point or comma. Zero is a value.
    ///
    /// # Errors
    /// When the cell is not a number, or would have to be rounded.
    pub fn centi(&mut self) -> Result<Option<Centi>, Box<Rejet>> {
        let Some(cellule) = self.cellule() else { return Ok(None) };
        Centi::parse(cellule).map(Some).map_err(|_| {
            self.rejet(cellule, "Ce n'est pas un nombre à deux décimales au plus, comme 10,5 ou 10.50.")
        })
    }

    /// As [`Ligne::centi`], where the column may not be empty.
    ///
    /// # Errors
    /// When the cell is empty or not a number.
    pub fn centi_requis(&mut self) -> Result<Centi, Box<Rejet>> {
        let valeur = self.centi()?;
        valeur.ok_or_else(|| self.rejet("", "La colonne est obligatoire et la valeur est vide."))
    }

    /// A first civil year, `9999` included.
    ///
    /// # Errors
    /// When the cell is not four digits.
    pub fn annee(&mut self) -> Result<Option<u16>, Box<Rejet>> {
        let Some(cellule) = self.cellule() else { return Ok(None) };
        let chiffres = cellule.len() == 4 && cellule.bytes().all(|b| b.is_ascii_digit());
        match cellule.parse() {
            Ok(annee) if chiffres => Ok(Some(annee)),
            _ => Err(self.rejet(cellule, "Ce n'est pas une année à quatre chiffres.")),
        }
    }

    /// As [`Ligne::annee`], where the column may not be empty.
    ///
    /// # Errors
    /// When the cell is empty or not four digits.
    pub fn annee_requise(&mut self) -> Result<u16, Box<Rejet>> {
        let valeur = self.annee()?;
        valeur.ok_or_else(|| self.rejet("", "La colonne est obligatoire et la valeur est vide."))
    }

    /// A day, `dd/mm/yyyy`.
    ///
    /// # Errors
    /// When the cell is not such a day of the calendar.
    pub fn jour(&mut self) -> Result<Option<NaiveDate>, Box<Rejet>> {
        let Some(cellule) = self.cellule() else { return Ok(None) };
        lire_jour(cellule)
            .map(Some)
            .ok_or_else(|| self.rejet(cellule, "Ce n'est pas une date de la forme jj/mm/aaaa."))
    }

    /// A witness: `O`, `oui` or `true` against `N`, `non` or `false`, whatever the case.
    ///
    /// # Errors
    /// When the cell is neither.
    pub fn oui(&mut self) -> Result<Option<bool>, Box<Rejet>> {
        let Some(cellule) = self.cellule() else { return Ok(None) };
        match cellule.to_ascii_lowercase().as_str() {
            "o" | "oui" | "true" => Ok(Some(true)),
            "n" | "non" | "false" => Ok(Some(false)),
            _ => Err(self.rejet(cellule, "Ce témoin devrait être O ou N.")),
        }
    }
}

fn lire_jour(texte: &str) -> Option<NaiveDate> {
    let mut parties = texte.split('/');
    let (jour, mois, annee) = (parties.next()?, parties.next()?, parties.next()?);
    let chiffres = |s: &str, n: usize| s.len() == n && s.bytes().all(|b| b.is_ascii_digit());
    if parties.next().is_some() || !chiffres(jour, 2) || !chiffres(mois, 2) || !chiffres(annee, 4) {
        return None;
    }
    NaiveDate::from_ymd_opt(annee.parse().ok()?, mois.parse().ok()?, jour.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn avec<'a, T>(
        cellule: &'a str,
        lire: impl FnOnce(&mut Ligne<'a>) -> Result<T, Box<Rejet>>,
    ) -> Result<T, Box<Rejet>> {
        let cellules = Box::leak(Box::new([Cow::Borrowed(cellule)]));
        lire(&mut Ligne::new("ELEMENT_PEDAGOGI", &["NBR_CRD_ELP"], cellules, 12))
    }

    #[test]
    fn empty_is_absent_and_zero_is_not() {
        assert_eq!(avec("", Ligne::centi), Ok(None));
        assert_eq!(avec("0", Ligne::centi), Ok(Some(Centi::ZERO)));
        assert_eq!(avec("0", Ligne::entier), Ok(Some(0)));
        assert_eq!(avec("", |l| l.texte::<String>()), Ok(None));
    }

    #[test]
    fn numbers_days_years_and_witnesses() {
        assert_eq!(avec("1,5", Ligne::centi), Ok(Some(Centi(150))));
        assert_eq!(avec("2.00", Ligne::entier), Ok(Some(2)));
        assert!(avec("2,5", Ligne::entier).is_err());
        assert_eq!(avec("9999", Ligne::annee), Ok(Some(9999)));
        assert!(avec("+999", Ligne::annee).is_err());
        assert_eq!(avec("29/02/2024", Ligne::jour), Ok(NaiveDate::from_ymd_opt(2024, 2, 29)));
        for faux in ["29/02/2023", "2024-02-29", "1/9/2024", "01/09/24", "01/09/2024/"] {
            assert!(avec(faux, Ligne::jour).is_err(), "{faux}");
        }
        for vrai in ["O", "oui", "OUI", "true"] {
            assert_eq!(avec(vrai, Ligne::oui), Ok(Some(true)));
        }
        assert_eq!(avec("non", Ligne::oui), Ok(Some(false)));
        assert!(avec("peut-être", Ligne::oui).is_err());
    }

    #[test]
    fn keys_keep_their_spaces() {
        assert_eq!(avec(" A\u{a0}1 ", |l| l.requis::<String>()), Ok(" A\u{a0}1 ".to_owned()));
    }

    #[test]
    fn a_refusal_names_table_line_column_and_value() {
        let rejet = avec("dix", Ligne::centi).unwrap_err();
        assert_eq!(
            (rejet.table.as_str(), rejet.ligne, rejet.colonne.as_str(), rejet.valeur.as_str()),
            ("ELEMENT_PEDAGOGI", 12, "NBR_CRD_ELP", "dix")
        );
    }
}
