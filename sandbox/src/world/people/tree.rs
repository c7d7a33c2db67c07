use super::super::{TypeListe, World};

/// The offer under one VET as a student may take it: closed links, closed lists and suspended elements left out, a cycle cut.
#[derive(Clone, Debug, Default)]
pub(in crate::world) struct Choice {
    /// Position of the list.
    pub liste: u32,
    /// How it is taken.
    pub type_liste: Taken,
    /// Least number to take.
    pub min: usize,
    /// What it holds.
    pub elements: Vec<Node>,
}

/// How a list is taken, without the default that the table's type rightly lacks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::world) enum Taken {
    /// All of it.
    #[default]
    All,
    /// Some of it.
    Some,
    /// Rarely.
    Free,
}

/// An element and the lists below.
#[derive(Clone, Debug)]
pub(in crate::world) struct Node {
    /// Position of the element.
    pub element: u32,
    /// Whether it is a semester, and which half of the year.
    pub semestre: Option<bool>,
    /// Lists below.
    pub below: Vec<Choice>,
}

const MAX_DEPTH: usize = 12;

/// The tree of a VET.
pub(in crate::world) fn tree(world: &World, vet: u32) -> Vec<Choice> {
    let links: Vec<_> =
        world.vet_lse_of(vet).filter(|l| l.ferme_le.is_none()).map(|l| (l.liste.as_str(), l.min)).collect();
    let mut path = Vec::new();
    links.into_iter().filter_map(|(liste, min)| choice(world, liste, min, &mut path)).collect()
}

fn choice(world: &World, code: &str, min: Option<u8>, path: &mut Vec<u32>) -> Option<Choice> {
    let (liste, row) = world.liste(code).filter(|(_, l)| l.ouverte)?;
    let mut elements = Vec::new();
    for link in world.lse_elp_of(liste) {
        let Some((at, element)) = world.element(link.element.as_str()) else { continue };
        if element.suspendu || !element.ouvert || path.contains(&at) || path.len() >= MAX_DEPTH {
            continue;
        }
        path.push(at);
        let links = world.elp_lse_of(at).filter(|l| l.ferme_le.is_none());
        let below = links.filter_map(|l| choice(world, l.liste.as_str(), l.min, path)).collect();
        path.pop();
        let rang = element.periode.as_deref().and_then(|p| p.trim_start_matches('S').parse::<u8>().ok());
        let semestre = (element.nature.as_str() == "SEM").then(|| rang.is_some_and(|r| r.is_multiple_of(2)));
        elements.push(Node { element: at, semestre, below });
    }
    let type_liste = match row.type_liste {
        TypeListe::Obligatoire => Taken::All,
        TypeListe::AuChoix => Taken::Some,
        TypeListe::Facultative => Taken::Free,
    };
    Some(Choice { liste, type_liste, min: usize::from(min.unwrap_or(1)), elements })
}
