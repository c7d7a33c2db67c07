//! Whether candidates can be spread over rooms: a small maximum flow, and the rooms that lack seats when it fails.

use std::collections::{BTreeMap, BTreeSet};

/// Candidates who may all sit in the same rooms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Groupe {
    /// Épreuve that they sit.
    pub epreuve: i64,
    /// How many.
    pub nombre: i64,
    /// Rooms that may take them, and their seats.
    pub salles: Vec<(i64, i64)>,
}

/// Rooms that lack seats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exces {
    /// Épreuves that only have these rooms.
    pub epreuves: Vec<i64>,
    /// The rooms.
    pub salles: Vec<i64>,
    /// Candidates of these épreuves.
    pub candidats: i64,
    /// Seats of these rooms.
    pub places: i64,
}

/// What does not fit; nothing when everybody can be seated. Each answer is a set of rooms whose own candidates are more than their seats.
#[must_use]
pub fn exces(groupes: &[Groupe]) -> Vec<Exces> {
    let mut libres: BTreeMap<i64, i64> = BTreeMap::new();
    for (salle, capacite) in groupes.iter().flat_map(|g| &g.salles) {
        libres.insert(*salle, (*capacite).max(0));
    }
    let capacites = libres.clone();
    // How many of each group are in each room.
    let mut assis: Vec<BTreeMap<i64, i64>> = vec![BTreeMap::new(); groupes.len()];
    let mut resultats: Vec<Exces> = Vec::new();
    for (n, groupe) in groupes.iter().enumerate() {
        let mut reste = groupe.nombre.max(0);
        while reste > 0 {
            match chemin(groupes, &assis, &libres, n) {
                Ok(chemin) => reste -= pousser(&mut assis, &mut libres, n, &chemin, reste),
                Err((atteints, salles)) => {
                    let siens = |g: &&usize| groupes.get(**g);
                    let epreuves: BTreeSet<i64> =
                        atteints.iter().filter_map(|g| siens(&g)).map(|g| g.epreuve).collect();
                    // A wider set says all that a narrower one said.
                    resultats.retain(|r| !r.salles.iter().all(|s| salles.contains(s)));
                    resultats.push(Exces {
                        epreuves: epreuves.into_iter().collect(),
                        candidats: atteints.iter().filter_map(|g| siens(&g)).map(|g| g.nombre.max(0)).sum(),
                        places: salles.iter().filter_map(|s| capacites.get(s)).sum(),
                        salles: salles.into_iter().collect(),
                    });
                    break;
                }
            }
        }
    }
    resultats
}

/// From a free room back to the first: who comes to each, when it is somebody who leaves the next one for it.
type Chemin = Vec<(i64, Option<usize>)>;

/// A way to a free seat; or the groups and the full rooms that were reached without finding one.
fn chemin(
    groupes: &[Groupe],
    assis: &[BTreeMap<i64, i64>],
    libres: &BTreeMap<i64, i64>,
    depart: usize,
) -> Result<Chemin, (BTreeSet<usize>, BTreeSet<i64>)> {
    // Room → the group that comes to it, and the room that this group leaves.
    let mut venus: BTreeMap<i64, (usize, Option<i64>)> = BTreeMap::new();
    let mut atteints = BTreeSet::from([depart]);
    let mut file = std::collections::VecDeque::from([(depart, None::<i64>)]);
    while let Some((n, quittee)) = file.pop_front() {
        let Some(groupe) = groupes.get(n) else { continue };
        for (salle, _) in &groupe.salles {
            if venus.contains_key(salle) {
                continue;
            }
            venus.insert(*salle, (n, quittee));
            if libres.get(salle).is_some_and(|l| *l > 0) {
                let mut chemin = Vec::new();
                let mut ici = Some(*salle);
                while let Some(salle) = ici {
                    let Some((venu, quittee)) = venus.get(&salle) else { break };
                    chemin.push((salle, quittee.map(|_| *venu)));
                    ici = *quittee;
                }
                return Ok(chemin);
            }
            for (autre, places) in assis.iter().enumerate() {
                if places.get(salle).is_some_and(|k| *k > 0) && atteints.insert(autre) {
                    file.push_back((autre, Some(*salle)));
                }
            }
        }
    }
    Err((atteints, venus.into_keys().collect()))
}

/// Moves as many as the way allows, and says how many.
fn pousser(
    assis: &mut [BTreeMap<i64, i64>],
    libres: &mut BTreeMap<i64, i64>,
    depart: usize,
    chemin: &[(i64, Option<usize>)],
    reste: i64,
) -> i64 {
    let mut combien = reste;
    if let Some((derniere, _)) = chemin.first() {
        combien = combien.min(libres.get(derniere).copied().unwrap_or(0));
    }
    for paire in chemin.windows(2) {
        if let [(_, Some(groupe)), (quittee, _)] = paire {
            let la = assis.get(*groupe).and_then(|p| p.get(quittee)).copied().unwrap_or(0);
            combien = combien.min(la);
        }
    }
    for (n, (salle, groupe)) in chemin.iter().enumerate() {
        let groupe = groupe.unwrap_or(depart);
        if let Some(places) = assis.get_mut(groupe) {
            *places.entry(*salle).or_default() += combien;
            if let Some((quittee, _)) = chemin.get(n + 1) {
                *places.entry(*quittee).or_default() -= combien;
            }
        }
    }
    if let Some(libre) = chemin.first().and_then(|(salle, _)| libres.get_mut(salle)) {
        *libre -= combien;
    }
    combien.max(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn groupe(epreuve: i64, nombre: i64, salles: &[(i64, i64)]) -> Groupe {
        Groupe { epreuve, nombre, salles: salles.to_vec() }
    }

    #[test]
    fn candidates_are_spread_before_a_room_is_said_too_small() {
        let (a, b) = ((1, 10), (2, 100));
        assert_eq!(exces(&[groupe(1, 60, &[a, b]), groupe(2, 10, &[a])]), [], "the first épreuve makes room");
        let trop = exces(&[groupe(1, 60, &[a, b]), groupe(2, 20, &[a])]);
        assert_eq!(trop, [Exces { epreuves: vec![2], salles: vec![1], candidats: 20, places: 10 }]);
        let trop = exces(&[groupe(1, 60, &[a, b]), groupe(2, 60, &[a, b])]);
        assert_eq!(trop, [Exces { epreuves: vec![1, 2], salles: vec![1, 2], candidats: 120, places: 110 }]);
        assert_eq!(exces(&[groupe(1, 110, &[a, b])]), []);
        assert_eq!(exces(&[groupe(1, 1, &[(3, 0)])]).len(), 1, "a room of no seat holds nobody");
    }

    proptest! {
        #[test]
        fn what_is_said_is_true_and_nothing_is_forgotten(
            nombres in prop::collection::vec((0i64..8, prop::collection::btree_set(0i64..4, 1..4)), 1..6),
            capacites in prop::collection::vec(0i64..12, 4),
        ) {
            let groupes: Vec<Groupe> = nombres.iter().enumerate().map(|(n, (nombre, salles))| Groupe {
                epreuve: n as i64,
                nombre: *nombre,
                salles: salles.iter().map(|s| (*s, capacites[*s as usize])).collect(),
            }).collect();
            // Hall: everybody can be seated when no set of rooms has more candidates of its own than seats.
            let deborde = (1u32..16).any(|masque| {
                let dans = |s: i64| masque & (1 << s) != 0;
                let demande: i64 = groupes.iter().filter(|g| g.salles.iter().all(|(s, _)| dans(*s))).map(|g| g.nombre).sum();
                let places: i64 = (0..4).filter(|s| dans(*s)).map(|s| capacites[s as usize]).sum();
                demande > places
            });
            let trouves = exces(&groupes);
            prop_assert_eq!(!trouves.is_empty(), deborde);
            for e in trouves {
                prop_assert!(e.candidats > e.places, "{:?}", e);
                for g in groupes.iter().filter(|g| e.epreuves.contains(&g.epreuve)) {
                    prop_assert!(g.salles.iter().all(|(s, _)| e.salles.contains(s)));
                }
            }
        }
    }
}
