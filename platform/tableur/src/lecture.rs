//! A table read row by row: what each row asks for, or all that is wrong with its cells, said at once.

use serde::{Deserialize, Serialize};

use crate::{Association, Cellule, Defaut, Ligne, Tableau};

/// A row, once read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LigneLue<T> {
    /// Its number in the spreadsheet.
    pub numero: usize,
    /// What it asks for, or what is wrong with its cells.
    pub lue: Result<T, Vec<Defaut>>,
}

/// The cells of one row, by expected column; keeps what is wrong with each.
#[derive(Debug)]
pub struct Lecteur<'t> {
    ligne: &'t Ligne,
    colonnes: &'t Association,
    defauts: Vec<Defaut>,
}

impl<'t> Lecteur<'t> {
    /// The cell of an expected column.
    #[must_use]
    pub fn cellule(&self, colonne: usize) -> Cellule<'t> {
        self.colonnes.cellule(self.ligne, colonne)
    }

    /// Reads a cell; nothing when it is in error, and its refusal is kept.
    pub fn lire<T>(
        &mut self,
        colonne: usize,
        lire: impl FnOnce(&Cellule<'t>) -> Result<T, Defaut>,
    ) -> Option<T> {
        lire(&self.cellule(colonne)).map_err(|defaut| self.defauts.push(defaut)).ok()
    }

    /// [`Self::lire`] for a cell that may be empty.
    pub fn si_remplie<T>(
        &mut self,
        colonne: usize,
        lire: impl FnOnce(&Cellule<'t>) -> Result<T, Defaut>,
    ) -> Option<Option<T>> {
        self.lire(colonne, |cellule| cellule.si_remplie(lire))
    }
}

impl Tableau {
    /// Reads every row by `une`, which reads all the cells that it can: what is wrong is then said in one go. A row is kept when none of its
    /// cells is refused, and when `doublon` does not recognise it: it says which cell shows it, and why.
    pub fn lire_lignes<T>(
        &self,
        colonnes: &Association,
        une: impl Fn(&mut Lecteur<'_>) -> Option<T>,
        mut doublon: impl FnMut(&T, usize) -> Option<(usize, String)>,
    ) -> Vec<LigneLue<T>> {
        let mut lue = |ligne: &Ligne| {
            let mut lecteur = Lecteur { ligne, colonnes, defauts: Vec::new() };
            let lue = une(&mut lecteur);
            let lue = lue.filter(|_| lecteur.defauts.is_empty()).ok_or(lecteur.defauts)?;
            match doublon(&lue, ligne.numero()) {
                Some((colonne, phrase)) => Err(vec![colonnes.cellule(ligne, colonne).defaut(phrase)]),
                None => Ok(lue),
            }
        };
        self.lignes.iter().map(|ligne| LigneLue { numero: ligne.numero(), lue: lue(ligne) }).collect()
    }

    /// What was left aside of the file, in sentences: columns that mean nothing here, sheets that are not read.
    #[must_use]
    pub fn avis(&self, colonnes: &Association) -> Vec<String> {
        let mut avis = Vec::new();
        let inconnues: Vec<String> = colonnes
            .inconnues()
            .iter()
            .take(20)
            .map(|e| format!("« {} » ({})", e.texte, e.adresse))
            .collect();
        match inconnues.len() {
            0 => {}
            1 => avis
                .push(format!("La colonne {} n’a pas été lue : elle ne sert pas ici.", inconnues.concat())),
            _ => avis.push(format!(
                "Les colonnes {} n’ont pas été lues : elles ne servent pas ici.",
                inconnues.join(", ")
            )),
        }
        if let (Some(feuille), n @ 1..) = (&self.feuille, self.autres_feuilles) {
            let autres = if n == 1 {
                "une autre est laissée".to_owned()
            } else {
                format!("{n} autres sont laissées")
            };
            avis.push(format!("Seule la feuille « {feuille} » est lue ; {autres} de côté."));
        }
        avis
    }
}
