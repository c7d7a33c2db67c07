use std::borrow::Cow;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};

/// Two rows of one key with different contents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflit {
    /// Table.
    pub table: String,
    /// The key, its parts joined by `;`.
    pub cle: String,
    /// First column that differs.
    pub colonne: String,
    /// What is kept.
    pub gardee: String,
    /// What is set aside; empty when an empty value was filled by the other row.
    pub ecartee: String,
    /// Lines of the file: of the row kept, then of the other.
    pub lignes: (u64, u64),
}

/// The rows of a table: cells side by side, `largeur` by row, the first `cle` of them being the key.
#[derive(Debug)]
pub(super) struct Grille<'a> {
    pub largeur: usize,
    pub cle: usize,
    pub cellules: Vec<Cow<'a, str>>,
    pub numeros: Vec<u64>,
}

impl<'a> Grille<'a> {
    pub fn ligne(&self, rang: usize) -> &[Cow<'a, str>] {
        let debut = rang * self.largeur;
        self.cellules.get(debut..debut + self.largeur).unwrap_or_default()
    }
}

/// What was found of rows that share a key.
#[derive(Debug, Default)]
pub(super) struct Doublons {
    /// Ranks of the rows to leave out, in order.
    pub ecartees: Vec<usize>,
    /// Rows that repeat another exactly.
    pub identiques: u64,
    pub conflits: Vec<Conflit>,
}

/// Keeps one row by key. Rows that differ only by an empty value are merged, the filled value being kept; when they
/// contradict each other, the first is kept. Both cases are reported.
pub(super) fn departager(
    table: &'static str,
    colonnes: &'static [&'static str],
    grille: &mut Grille<'_>,
) -> Doublons {
    let mut resultat = Doublons::default();
    let memes: Vec<(usize, usize)> = {
        let mut premieres: HashMap<&[Cow<'_, str>], usize> = HashMap::with_capacity(grille.numeros.len());
        let mut memes = Vec::new();
        for rang in 0..grille.numeros.len() {
            let cle = grille.ligne(rang).get(..grille.cle).unwrap_or_default();
            // A row with an empty key is not a duplicate of another: it will be set aside by itself.
            if cle.iter().any(|c| c.is_empty()) {
                continue;
            }
            match premieres.get(cle) {
                Some(premiere) => memes.push((*premiere, rang)),
                None => {
                    premieres.insert(cle, rang);
                }
            }
        }
        memes
    };
    for (premiere, autre) in memes {
        resultat.ecartees.push(autre);
        let differentes: Vec<usize> = (grille.cle..grille.largeur)
            .filter(|i| grille.ligne(premiere).get(*i) != grille.ligne(autre).get(*i))
            .collect();
        let Some(colonne) = differentes.first().copied() else {
            resultat.identiques += 1;
            continue;
        };
        let valeur = |rang: usize, i: usize| grille.ligne(rang).get(i).cloned().unwrap_or_default();
        let contredite = differentes
            .iter()
            .copied()
            .find(|i| !valeur(premiere, *i).is_empty() && !valeur(autre, *i).is_empty());
        let (colonne, gardee, ecartee) = match contredite {
            Some(i) => (i, valeur(premiere, i), valeur(autre, i)),
            None => {
                let pleine =
                    |i| if valeur(premiere, i).is_empty() { valeur(autre, i) } else { valeur(premiere, i) };
                (colonne, pleine(colonne), Cow::Borrowed(""))
            }
        };
        resultat.conflits.push(Conflit {
            table: table.to_owned(),
            cle: grille.ligne(premiere).get(..grille.cle).unwrap_or_default().join(";"),
            colonne: colonnes.get(colonne).copied().unwrap_or_default().to_owned(),
            gardee: gardee.into_owned(),
            ecartee: ecartee.into_owned(),
            lignes: (
                grille.numeros.get(premiere).copied().unwrap_or_default(),
                grille.numeros.get(autre).copied().unwrap_or_default(),
            ),
        });
        if contredite.is_none() {
            for i in differentes {
                let valeur = grille.ligne(autre).get(i).cloned().unwrap_or_default();
                if !valeur.is_empty()
                    && let Some(cellule) = grille.cellules.get_mut(premiere * grille.largeur + i)
                {
                    *cellule = valeur;
                }
            }
        }
    }
    resultat.ecartees.sort_unstable();
    resultat
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLONNES: &[&str] = &["COD_ELP", "LIB_ELP", "NBR_CRD_ELP"];

    fn grille(lignes: &[[&'static str; 3]]) -> Grille<'static> {
        Grille {
            largeur: 3,
            cle: 1,
            cellules: lignes.iter().flatten().map(|c| Cow::Borrowed(*c)).collect(),
            numeros: (2..).take(lignes.len()).collect(),
        }
    }

    #[test]
    fn a_contradiction_keeps_the_first_and_stays_visible() {
        let mut g = grille(&[["A", "Droit", ""], ["B", "Chimie", "6"], ["A", "Droit civil", "3"]]);
        let d = departager("ELEMENT_PEDAGOGI", COLONNES, &mut g);
        assert_eq!(d.ecartees, [2]);
        assert_eq!(g.ligne(0), ["A", "Droit", ""], "the first is kept whole");
        let c = &d.conflits[0];
        assert_eq!((c.cle.as_str(), c.colonne.as_str(), c.lignes), ("A", "LIB_ELP", (2, 4)));
        assert_eq!((c.gardee.as_str(), c.ecartee.as_str()), ("Droit", "Droit civil"));
    }

    #[test]
    fn an_empty_value_is_filled_by_the_other_row() {
        let mut g = grille(&[["A", "Droit", ""], ["A", "", "3"]]);
        let d = departager("ELEMENT_PEDAGOGI", COLONNES, &mut g);
        assert_eq!(g.ligne(0), ["A", "Droit", "3"]);
        assert_eq!(d.conflits.len(), 1, "it is reported all the same");
        assert_eq!((d.conflits[0].gardee.as_str(), d.conflits[0].ecartee.as_str()), ("Droit", ""));
    }

    #[test]
    fn exact_repetitions_are_counted_and_empty_keys_left_alone() {
        let mut g = grille(&[["A", "Droit", "3"], ["A", "Droit", "3"], ["", "x", ""], ["", "y", ""]]);
        let d = departager("ELEMENT_PEDAGOGI", COLONNES, &mut g);
        assert_eq!((d.identiques, d.conflits.len(), d.ecartees), (1, 0, vec![1]));
    }

    #[test]
    fn keys_are_case_sensitive_and_never_trimmed() {
        let mut g = grille(&[["A", "1", ""], ["a", "2", ""], ["A ", "3", ""], ["A\u{a0}", "4", ""]]);
        assert!(departager("ELEMENT_PEDAGOGI", COLONNES, &mut g).ecartees.is_empty());
    }
}
