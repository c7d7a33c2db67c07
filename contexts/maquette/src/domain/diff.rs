//! Held × received → changes. Pure: the same two sides always give the same changes, and equal sides give none.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::genre::Genre;
use super::valeur::{Ligne, Valeur, empreinte};

/// A row that the database holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenu {
    /// Number of the row.
    pub id: i64,
    /// Identity of its fields: see [`empreinte`].
    pub empreinte: i64,
    /// Whether it is closed: it disappeared from its source.
    pub ferme: bool,
}

/// What happens to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sorte {
    /// New at the source.
    Ajout,
    /// Some fields differ.
    Modification,
    /// No longer at the source: closed, not deleted.
    Fermeture,
    /// Back at the source, with its fields of today.
    Reouverture,
}

impl Sorte {
    /// The spelling stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Ajout => "ajout",
            Self::Modification => "modification",
            Self::Fermeture => "fermeture",
            Self::Reouverture => "reouverture",
        }
    }

    /// As pages write it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Ajout => "Ajouté",
            Self::Modification => "Modifié",
            Self::Fermeture => "Fermé",
            Self::Reouverture => "Rouvert",
        }
    }

    /// The sort of that code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Ajout, Self::Modification, Self::Fermeture, Self::Reouverture]
            .into_iter()
            .find(|s| s.code() == code)
    }
}

/// One change of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changement {
    /// Kind of row.
    pub genre: Genre,
    /// What happens.
    pub sorte: Sorte,
    /// Number of the held row, absent for an addition.
    pub id: Option<i64>,
    /// Business key.
    pub cle: Box<[Valeur]>,
    /// Fields before; empty for an addition, and until [`Changement::completer`] for the others.
    pub avant: Box<[Valeur]>,
    /// Fields after; empty for a closing.
    pub apres: Box<[Valeur]>,
}

impl Changement {
    /// Gives a change the fields that its row held.
    pub fn completer(&mut self, tenus: &mut HashMap<i64, Box<[Valeur]>>) {
        if let Some(avant) = self.id.and_then(|id| tenus.remove(&id)) {
            self.avant = avant;
        }
    }

    /// Positions of the fields that differ.
    pub fn champs_changes(&self) -> impl Iterator<Item = usize> + '_ {
        self.avant.iter().zip(&self.apres).enumerate().filter(|(_, (a, b))| a != b).map(|(i, _)| i)
    }

    /// A modification in which no field differs: the identity of the row was taken over other fields than today's, before a column was added.
    #[must_use]
    pub fn sans_effet(&self) -> bool {
        self.sorte == Sorte::Modification && self.avant == self.apres
    }

    /// Under which cause it is shown: for a modification, that of the first field that differs.
    #[must_use]
    pub fn cause(&self) -> &'static str {
        match self.sorte {
            Sorte::Ajout => "nouveau",
            Sorte::Fermeture => "disparu",
            Sorte::Reouverture => "revenu",
            Sorte::Modification => self
                .champs_changes()
                .next()
                .and_then(|i| self.genre.champs().get(i))
                .map_or("autre", |c| c.cause),
        }
    }
}

/// A key received twice with two contents: the first is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doublon {
    /// The key.
    pub cle: Box<[Valeur]>,
    /// Fields kept.
    pub garde: Box<[Valeur]>,
    /// Fields set aside.
    pub ecarte: Box<[Valeur]>,
}

/// The outcome of comparing one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparaison {
    /// Changes, in the order of reception, closings last and sorted by key.
    pub changements: Vec<Changement>,
    /// Rows that are equal on both sides.
    pub inchanges: u64,
    /// Rows that were held open before.
    pub ouverts: u64,
}

/// Compares what is held of one kind with what was received, each key once: see [`premieres`].
#[must_use]
pub fn comparer(genre: Genre, mut tenus: HashMap<Box<[Valeur]>, Tenu>, recus: Vec<Ligne>) -> Comparaison {
    let mut sortie =
        Comparaison { ouverts: tenus.values().filter(|t| !t.ferme).count() as u64, ..Comparaison::default() };
    let changement =
        |sorte, id, cle, apres| Changement { genre, sorte, id, cle, avant: Box::default(), apres };
    for ligne in recus {
        // What remains in `tenus` at the end was not received.
        let changement = match tenus.remove(&ligne.cle) {
            Some(tenu) if tenu.ferme => {
                changement(Sorte::Reouverture, Some(tenu.id), ligne.cle, ligne.champs)
            }
            Some(tenu) if tenu.empreinte == empreinte(&ligne.champs) => {
                sortie.inchanges += 1;
                continue;
            }
            Some(tenu) => changement(Sorte::Modification, Some(tenu.id), ligne.cle, ligne.champs),
            None => changement(Sorte::Ajout, None, ligne.cle, ligne.champs),
        };
        sortie.changements.push(changement);
    }
    let mut fermetures: Vec<Changement> = tenus
        .into_iter()
        .filter(|(_, tenu)| !tenu.ferme)
        .map(|(cle, tenu)| changement(Sorte::Fermeture, Some(tenu.id), cle, Box::default()))
        .collect();
    fermetures.sort_by(|a, b| a.cle.cmp(&b.cle));
    sortie.changements.append(&mut fermetures);
    sortie
}

/// The first row of each key, and those that contradict it.
#[must_use]
pub fn premieres(recus: Vec<Ligne>) -> (Vec<Ligne>, Vec<Doublon>) {
    let mut vues: HashMap<&[Valeur], usize> = HashMap::with_capacity(recus.len());
    let mut repetees: HashMap<usize, usize> = HashMap::new();
    for (i, ligne) in recus.iter().enumerate() {
        match vues.entry(&ligne.cle) {
            Entry::Occupied(premiere) => {
                repetees.insert(i, *premiere.get());
            }
            Entry::Vacant(place) => {
                place.insert(i);
            }
        }
    }
    let doublon = |(i, premiere): (&usize, &usize)| {
        let (ecarte, garde) = (recus.get(*i)?, recus.get(*premiere)?);
        let differe = ecarte.champs != garde.champs;
        differe.then(|| Doublon {
            cle: ecarte.cle.clone(),
            garde: garde.champs.clone(),
            ecarte: ecarte.champs.clone(),
        })
    };
    let mut doublons: Vec<Doublon> = repetees.iter().filter_map(doublon).collect();
    doublons.sort_by(|a, b| (&a.cle, &a.ecarte).cmp(&(&b.cle, &b.ecarte)));
    if repetees.is_empty() {
        return (recus, doublons);
    }
    let gardees = recus.into_iter().enumerate().filter(|(i, _)| !repetees.contains_key(i));
    (gardees.map(|(_, ligne)| ligne).collect(), doublons)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ligne(code: &str, libelle: &str) -> Ligne {
        Ligne::new([code.into()], [libelle.into(), true.into()])
    }

    fn appliquer(tenus: &HashMap<Box<[Valeur]>, Tenu>, c: &[Changement]) -> HashMap<Box<[Valeur]>, Tenu> {
        let mut suite = tenus.clone();
        let mut prochain = 10_000;
        for c in c {
            let id = c.id.unwrap_or_else(|| {
                prochain += 1;
                prochain
            });
            let ferme = c.sorte == Sorte::Fermeture;
            suite.insert(c.cle.clone(), Tenu { id, empreinte: empreinte(&c.apres), ferme });
        }
        suite
    }

    #[test]
    fn what_disappears_is_closed_and_comes_back_by_itself() {
        let tenus = appliquer(
            &HashMap::new(),
            &comparer(Genre::Composante, HashMap::new(), vec![ligne("A", "x")]).changements,
        );
        let parti = comparer(Genre::Composante, tenus.clone(), vec![]);
        assert_eq!(parti.changements.iter().map(|c| c.sorte).collect::<Vec<_>>(), [Sorte::Fermeture]);
        let ferme = appliquer(&tenus, &parti.changements);
        assert!(comparer(Genre::Composante, ferme.clone(), vec![]).changements.is_empty());
        let revenu = comparer(Genre::Composante, ferme, vec![ligne("A", "y")]);
        assert_eq!(revenu.changements.iter().map(|c| c.sorte).collect::<Vec<_>>(), [Sorte::Reouverture]);
    }

    #[test]
    fn the_first_of_two_contents_is_kept_and_the_other_reported() {
        let (gardees, doublons) =
            premieres(vec![ligne("A", "x"), ligne("A", "y"), ligne("A", "x"), ligne("B", "z")]);
        assert_eq!(gardees, [ligne("A", "x"), ligne("B", "z")]);
        assert_eq!(doublons.len(), 1, "a repetition is no contradiction");
        assert_eq!(doublons[0].ecarte[0], "y".into());
    }

    proptest! {
        /// Whatever is held and received: after applying, a second comparison finds nothing to write.
        #[test]
        fn a_second_run_writes_nothing(
            avant in proptest::collection::vec(("[A-E]", "[xyz]"), 0..8),
            apres in proptest::collection::vec(("[A-E]", "[xyz]"), 0..8),
        ) {
            let lignes = |v: &[(String, String)]| premieres(v.iter().map(|(c, l)| ligne(c, l)).collect()).0;
            let tenus = appliquer(&HashMap::new(), &comparer(Genre::Composante, HashMap::new(), lignes(&avant)).changements);
            let changes = comparer(Genre::Composante, tenus.clone(), lignes(&apres)).changements;
            let suite = appliquer(&tenus, &changes);
            let encore = comparer(Genre::Composante, suite.clone(), lignes(&apres));
            prop_assert!(encore.changements.is_empty());
            let ouverts = suite.values().filter(|t| !t.ferme).count();
            let codes: std::collections::BTreeSet<_> = apres.iter().map(|(c, _)| c).collect();
            prop_assert_eq!(ouverts, codes.len());
        }
    }
}
