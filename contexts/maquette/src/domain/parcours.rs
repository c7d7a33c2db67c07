//! What a tree offers, each element once.

use super::arbre::{Graphe, Lien};

/// What remains to be looked at.
enum Reste {
    Liste(usize),
    Element(usize),
}

/// The open elements under these links, by position, in the order in which the tree shows each for the first time. What is closed or
/// suspended is not followed; what comes back on itself was already seen.
#[must_use]
pub fn ouverts(graphe: &Graphe, departs: &[Lien]) -> Vec<usize> {
    let mut trouves = Vec::new();
    let mut listes = vec![false; graphe.listes.len()];
    let mut elements = vec![false; graphe.elements.len()];
    let mut pile = Vec::new();
    empiler(&mut pile, departs);
    while let Some(reste) = pile.pop() {
        match reste {
            Reste::Liste(position) => {
                let liste = graphe.listes.get(position).filter(|l| !l.fermee);
                if let (Some(liste), true) = (liste, premiere_fois(&mut listes, position)) {
                    pile.extend(liste.contenu.iter().rev().map(|e| Reste::Element(*e)));
                }
            }
            Reste::Element(position) => {
                let element = graphe.elements.get(position).filter(|_| graphe.est_ouvert(position));
                if let (Some(element), true) = (element, premiere_fois(&mut elements, position)) {
                    trouves.push(position);
                    empiler(&mut pile, &element.sous);
                }
            }
        }
    }
    trouves
}

/// Open links, the first on top.
fn empiler(pile: &mut Vec<Reste>, liens: &[Lien]) {
    let mut liens: Vec<&Lien> = liens.iter().filter(|l| l.ferme_le.is_none()).collect();
    liens.sort_by_key(|l| (l.ordre, l.liste));
    pile.extend(liens.into_iter().rev().map(|l| Reste::Liste(l.liste)));
}

fn premiere_fois(vus: &mut [bool], position: usize) -> bool {
    vus.get_mut(position).is_some_and(|vu| !std::mem::replace(vu, true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::arbre::{NoeudElement, NoeudListe};

    fn liste(contenu: &[usize]) -> NoeudListe {
        NoeudListe { contenu: contenu.to_vec(), ..NoeudListe::default() }
    }

    fn element(sous: &[usize]) -> NoeudElement {
        let sous = sous.iter().map(|liste| Lien { liste: *liste, ..Lien::default() }).collect();
        NoeudElement { sous, ..NoeudElement::default() }
    }

    #[test]
    fn each_is_given_once_in_the_order_of_the_tree() {
        // 0 → (1 → 3, 2 → 3): what is shared comes at its first place, what is below before what is beside.
        let g = Graphe {
            listes: vec![liste(&[0]), liste(&[1, 2]), liste(&[3])],
            elements: vec![element(&[1]), element(&[2]), element(&[2]), element(&[])],
        };
        assert_eq!(ouverts(&g, &[Lien::default()]), [0, 1, 3, 2]);
        assert_eq!(ouverts(&g, &[]), [] as [usize; 0]);
    }

    #[test]
    fn a_cycle_ends_and_what_is_closed_is_not_followed() {
        let mut g = Graphe {
            listes: vec![liste(&[0]), liste(&[1]), liste(&[0, 2])],
            elements: vec![element(&[1]), element(&[2]), element(&[])],
        };
        let depart = [Lien::default()];
        assert_eq!(ouverts(&g, &depart), [0, 1, 2]);
        g.elements[1].suspendu = true;
        assert_eq!(ouverts(&g, &depart), [0], "below what is suspended, nothing is offered");
        g.elements[1].suspendu = false;
        g.elements[1].sous[0].ferme_le = chrono::NaiveDate::from_ymd_opt(2024, 1, 1);
        assert_eq!(ouverts(&g, &depart), [0, 1], "nor below a closed link");
        g.listes[0].fermee = true;
        assert_eq!(ouverts(&g, &depart), [] as [usize; 0], "nor in a closed list");
    }

    #[test]
    fn however_deep_or_wide_it_takes_one_look_at_each() {
        // Thirty levels of two elements that both lead to the next: a walk by paths would take a thousand million steps.
        let n = 30;
        let listes = (0..n).map(|i| liste(&[2 * i, 2 * i + 1])).collect();
        let elements = (0..2 * n).map(|i| element(&[i / 2 + 1])).collect();
        assert_eq!(ouverts(&Graphe { listes, elements }, &[Lien::default()]).len(), 60);
    }
}
