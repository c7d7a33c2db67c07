//! The tree of an étape: a directed acyclic graph in principle, with shared elements, and cycles that are shown, never followed.

use std::collections::HashMap;

use chrono::NaiveDate;
use kernel::Centi;

/// Levels of elements beyond which a tree is not unfolded.
pub const PROFONDEUR_MAX: usize = 10;

/// Types of hours that have their own column.
pub const TYPES_HEURES: [&str; 4] = ["CM", "TD", "TP", "EAD"];

/// A list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoeudListe {
    /// COD_LSE.
    pub code: String,
    /// `O` all, `X` between min and max, `F` up to max.
    pub type_liste: String,
    /// Label.
    pub libelle: String,
    /// Closed in Apogée, or gone from it.
    pub fermee: bool,
    /// Elements within.
    pub contenu: Vec<usize>,
}

/// An element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoeudElement {
    /// COD_ELP.
    pub code: String,
    /// Label.
    pub libelle: String,
    /// COD_NEL.
    pub nature: String,
    /// Own ECTS; zero is a value.
    pub ects: Option<Centi>,
    /// Own hours, in the order of [`TYPES_HEURES`]; absent is not zero.
    pub heures: [Option<Centi>; 4],
    /// Closed in Apogée, or gone from it.
    pub ferme: bool,
    /// Suspended in Apogée.
    pub suspendu: bool,
    /// Of a nature that readers should not see.
    pub fictif: bool,
    /// Open lists it is in, in the whole offer of the year.
    pub usages: u32,
    /// Lists below.
    pub sous: Vec<Lien>,
}

/// A link to a list, from an étape or an element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lien {
    /// The list.
    pub liste: usize,
    /// At least so many of its elements.
    pub min: Option<i64>,
    /// At most so many.
    pub max: Option<i64>,
    /// Place among its siblings.
    pub ordre: i64,
    /// Closed since.
    pub ferme_le: Option<NaiveDate>,
}

/// Lists and elements, by position.
#[derive(Clone, Debug, Default)]
pub struct Graphe {
    /// Lists.
    pub listes: Vec<NoeudListe>,
    /// Elements.
    pub elements: Vec<NoeudElement>,
}

/// Between two totals, because a choice list leaves a choice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Intervalle {
    /// Least.
    pub min: Centi,
    /// Most.
    pub max: Centi,
}

impl Intervalle {
    /// Exactly this.
    #[must_use]
    pub fn juste(c: Centi) -> Self {
        Self { min: c, max: c }
    }

    /// Whether `c` is reachable.
    #[must_use]
    pub fn contient(self, c: Centi) -> bool {
        self.min <= c && c <= self.max
    }

    fn plus(self, autre: Self) -> Self {
        Self { min: self.min + autre.min, max: self.max + autre.max }
    }
}

impl std::fmt::Display for Intervalle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.min == self.max {
            write!(f, "{}", self.min)
        } else {
            write!(f, "{}–{}", self.min, self.max)
        }
    }
}

/// Sums of a subtree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Somme {
    /// ECTS, absent when nothing below says any.
    pub ects: Option<Intervalle>,
    /// Hours in the order of [`TYPES_HEURES`], absent when nothing below says any.
    pub heures: [Option<Intervalle>; 4],
}

fn ajouter(a: Option<Intervalle>, b: Option<Intervalle>) -> Option<Intervalle> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.plus(b)),
        (un, None) | (None, un) => un,
    }
}

impl Somme {
    fn plus(self, autre: Self) -> Self {
        let mut heures = self.heures;
        for (place, h) in heures.iter_mut().zip(autre.heures) {
            *place = ajouter(*place, h);
        }
        Self { ects: ajouter(self.ects, autre.ects), heures }
    }
}

/// How many elements of a list are taken, given its type and link: at least, at most.
#[must_use]
pub fn bornes(type_liste: &str, lien: &Lien, taille: usize) -> (usize, usize) {
    let borne =
        |n: Option<i64>, sinon: usize| n.and_then(|n| usize::try_from(n).ok()).unwrap_or(sinon).min(taille);
    match type_liste {
        "X" => {
            let max = borne(lien.max, taille);
            (borne(lien.min, 1).min(max), max)
        }
        "F" => (0, borne(lien.max, taille)),
        _ => (taille, taille),
    }
}

/// Sum of one measure over a list: all, or the least of the smallest and the most of the largest.
fn choisir(
    valeurs: impl Iterator<Item = Option<Intervalle>>,
    (min, max): (usize, usize),
) -> Option<Intervalle> {
    let connues: Vec<Option<Intervalle>> = valeurs.collect();
    if connues.iter().all(Option::is_none) {
        return None;
    }
    let mut bas: Vec<Centi> = connues.iter().map(|v| v.map_or(Centi::ZERO, |i| i.min)).collect();
    let mut haut: Vec<Centi> = connues.iter().map(|v| v.map_or(Centi::ZERO, |i| i.max)).collect();
    bas.sort_unstable();
    haut.sort_unstable_by(|a, b| b.cmp(a));
    Some(Intervalle { min: bas.into_iter().take(min).sum(), max: haut.into_iter().take(max).sum() })
}

/// Computes sums, remembering those of shared elements.
#[derive(Debug)]
pub struct Sommes<'g> {
    graphe: &'g Graphe,
    connues: HashMap<usize, Somme>,
    chemin: Vec<usize>,
}

impl<'g> Sommes<'g> {
    /// Over a graph.
    #[must_use]
    pub fn new(graphe: &'g Graphe) -> Self {
        Self { graphe, connues: HashMap::new(), chemin: Vec::new() }
    }

    /// What is below these links.
    pub fn sous(&mut self, liens: &[Lien]) -> Somme {
        liens.iter().filter(|l| l.ferme_le.is_none()).fold(Somme::default(), |s, l| s.plus(self.liste(l)))
    }

    /// What a list is worth through this link.
    pub fn liste(&mut self, lien: &Lien) -> Somme {
        let graphe = self.graphe;
        let Some(liste) = graphe.listes.get(lien.liste).filter(|l| !l.fermee) else {
            return Somme::default();
        };
        let ouverts: Vec<usize> = liste.contenu.iter().copied().filter(|e| graphe.est_ouvert(*e)).collect();
        let sommes: Vec<Somme> = ouverts.iter().map(|e| self.element(*e)).collect();
        let bornes = bornes(&liste.type_liste, lien, sommes.len());
        let mut heures = [None; 4];
        for (i, place) in heures.iter_mut().enumerate() {
            *place = choisir(sommes.iter().map(|s| s.heures.get(i).copied().flatten()), bornes);
        }
        Somme { ects: choisir(sommes.iter().map(|s| s.ects), bornes), heures }
    }

    /// What an element is worth: its own ECTS when it has some, else those below; its own hours and those below.
    pub fn element(&mut self, position: usize) -> Somme {
        if let Some(somme) = self.connues.get(&position) {
            return *somme;
        }
        let Some(element) = self.graphe.elements.get(position) else { return Somme::default() };
        // A cycle, or deeper than anything shown: worth nothing more here, and not remembered, as it depends on the way.
        if self.chemin.contains(&position) || self.chemin.len() >= 2 * PROFONDEUR_MAX {
            return Somme::default();
        }
        self.chemin.push(position);
        let dessous = self.sous(&element.sous);
        self.chemin.pop();
        let somme = Somme {
            ects: element.ects.map(Intervalle::juste).or(dessous.ects),
            heures: Somme { ects: None, heures: element.heures.map(|h| h.map(Intervalle::juste)) }
                .plus(dessous)
                .heures,
        };
        self.connues.insert(position, somme);
        somme
    }
}

impl Graphe {
    /// Whether an element is offered: neither closed nor suspended.
    #[must_use]
    pub fn est_ouvert(&self, position: usize) -> bool {
        self.elements.get(position).is_some_and(|e| !e.ferme && !e.suspendu)
    }
}

/// What a row of the tree shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Objet {
    /// A list and how many of its elements are taken.
    Liste {
        /// Position.
        liste: usize,
        /// At least.
        min: usize,
        /// At most.
        max: usize,
    },
    /// An element.
    Element(usize),
}

/// One row of the unfolded tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rang {
    /// What.
    pub objet: Objet,
    /// Level, from 1.
    pub niveau: usize,
    /// Its sums.
    pub somme: Somme,
    /// Sums of what is below it, without its own.
    pub dessous: Somme,
    /// Closed, suspended, or under something that is.
    pub ferme: bool,
    /// Already met on the way down: a cycle, not followed.
    pub boucle: bool,
    /// Below the deepest level shown.
    pub coupe: bool,
    /// Whether rows follow below it.
    pub a_des_enfants: bool,
}

/// Unfolds the tree under `liens`, depth first; lists and elements alternate. At most `limite` rows, because a graph with many shared
/// elements unfolds into far more rows than it has nodes.
#[must_use]
pub fn deplier(graphe: &Graphe, liens: &[Lien], limite: usize) -> Vec<Rang> {
    let mut d =
        Depliage { graphe, sommes: Sommes::new(graphe), rangs: Vec::new(), chemin: Vec::new(), limite };
    d.liens(liens, 1, false);
    d.rangs
}

struct Depliage<'g> {
    graphe: &'g Graphe,
    sommes: Sommes<'g>,
    rangs: Vec<Rang>,
    chemin: Vec<usize>,
    limite: usize,
}

impl Depliage<'_> {
    fn liens(&mut self, liens: &[Lien], niveau: usize, ferme: bool) {
        let mut liens = liens.to_vec();
        liens.sort_by_key(|l| (l.ferme_le.is_some(), l.ordre, l.liste));
        for lien in &liens {
            let graphe = self.graphe;
            let Some(liste) = graphe.listes.get(lien.liste) else { continue };
            if self.rangs.len() >= self.limite {
                return;
            }
            let ouverts = liste.contenu.iter().filter(|e| graphe.est_ouvert(**e)).count();
            let (min, max) = bornes(&liste.type_liste, lien, ouverts);
            let ferme = ferme || liste.fermee || lien.ferme_le.is_some();
            self.rangs.push(Rang {
                objet: Objet::Liste { liste: lien.liste, min, max },
                niveau,
                somme: self.sommes.liste(&Lien { ferme_le: None, ..*lien }),
                dessous: Somme::default(),
                ferme,
                boucle: false,
                coupe: false,
                a_des_enfants: !liste.contenu.is_empty(),
            });
            for element in &liste.contenu {
                self.element(*element, niveau + 1, ferme);
            }
        }
    }

    fn element(&mut self, position: usize, niveau: usize, ferme: bool) {
        let graphe = self.graphe;
        let Some(element) = graphe.elements.get(position) else { return };
        if self.rangs.len() >= self.limite {
            return;
        }
        let boucle = self.chemin.contains(&position);
        let coupe = !boucle && self.chemin.len() >= PROFONDEUR_MAX && !element.sous.is_empty();
        let ferme = ferme || !graphe.est_ouvert(position);
        let suivre = !boucle && !coupe;
        self.rangs.push(Rang {
            objet: Objet::Element(position),
            niveau,
            somme: self.sommes.element(position),
            dessous: if boucle { Somme::default() } else { self.sommes.sous(&element.sous) },
            ferme,
            boucle,
            coupe,
            a_des_enfants: suivre && !element.sous.is_empty(),
        });
        if suivre {
            self.chemin.push(position);
            self.liens(&element.sous, niveau + 1, ferme);
            self.chemin.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn liste(code: &str, type_liste: &str, contenu: &[usize]) -> NoeudListe {
        NoeudListe {
            code: code.into(),
            type_liste: type_liste.into(),
            contenu: contenu.to_vec(),
            ..NoeudListe::default()
        }
    }

    fn element(code: &str, ects: Option<i64>, sous: &[usize]) -> NoeudElement {
        NoeudElement {
            code: code.into(),
            ects: ects.map(Centi::unites),
            sous: sous.iter().map(|l| Lien { liste: *l, ..Lien::default() }).collect(),
            ..NoeudElement::default()
        }
    }

    #[test]
    fn a_choice_list_gives_an_interval() {
        let g = Graphe {
            listes: vec![liste("L", "X", &[0, 1, 2])],
            elements: vec![
                element("A", Some(3), &[]),
                element("B", Some(6), &[]),
                element("C", Some(0), &[]),
            ],
        };
        let lien = Lien { min: Some(2), max: Some(2), ..Lien::default() };
        let somme = Sommes::new(&g).sous(&[lien]);
        assert_eq!(somme.ects.map(|i| i.to_string()), Some("3–9".into()));
        let une = Lien { min: Some(3), max: Some(3), ..Lien::default() };
        assert_eq!(Sommes::new(&g).sous(&[une]).ects, Some(Intervalle::juste(Centi(900))));
    }

    #[test]
    fn a_cycle_is_shown_and_not_followed() {
        let g = Graphe {
            listes: vec![liste("L0", "O", &[0]), liste("L1", "O", &[1]), liste("L2", "O", &[0])],
            elements: vec![element("A", None, &[1]), element("B", None, &[2])],
        };
        let rangs = deplier(&g, &[Lien { liste: 0, ..Lien::default() }], 100);
        assert_eq!(rangs.iter().filter(|r| r.boucle).count(), 1);
        assert_eq!(rangs.len(), 6);
        assert_eq!(Sommes::new(&g).element(0).ects, None);
    }

    #[test]
    fn nothing_known_is_not_zero_and_closed_things_count_for_nothing() {
        let mut g = Graphe {
            listes: vec![liste("L", "O", &[0, 1])],
            elements: vec![element("A", None, &[]), element("B", Some(0), &[])],
        };
        let lien = [Lien::default()];
        assert_eq!(Sommes::new(&g).sous(&lien).ects, Some(Intervalle::juste(Centi::ZERO)));
        g.elements[1].suspendu = true;
        assert_eq!(Sommes::new(&g).sous(&lien).ects, None);
        assert!(deplier(&g, &lien, 100)[2].ferme);
    }
}
