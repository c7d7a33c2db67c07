//! The change of accreditation: how the design of 2024–2029 comes out of that of 2019–2024.
//!
//! UEs are split, merged, moved to the other semester, renamed; courses are dropped and created; some programmes end and others open. What
//! became of what is kept in a [`truth table`](super::Devenir), which nothing but tests reads: it is what the suite must be able to find.

mod reshape;
mod settle;
mod truth;

use super::design::{Atelier, Shared, catalogue, compose_etape};
use super::{Devenir, ElementKofr, Maquette, ResponsableKofr};
pub(super) use truth::name_truth;

/// The new design and what became of what. Codes of the truth table are filled when the design is poured.
pub(super) fn evolve(
    seed: u64,
    old: &Maquette,
    responsables: &[(String, ResponsableKofr)],
) -> (Maquette, Vec<Devenir>) {
    let mut next = Evolution::start(seed, old, responsables);
    next.replace_programmes(old);
    next.reshape();
    next.settle(old.elements.len());
    next.finish(old)
}

struct Evolution<'t> {
    atelier: Atelier<'t>,
    /// Positions in the old design that each new element comes from.
    origins: Vec<Vec<u32>>,
    /// Elements that changed semester.
    moved: Vec<bool>,
    /// Old formation of each new one.
    formations: Vec<Option<usize>>,
}

impl<'t> Evolution<'t> {
    fn start(seed: u64, old: &Maquette, responsables: &'t [(String, ResponsableKofr)]) -> Self {
        let mut maquette = old.clone();
        maquette.annee_debut = old.annee_fin + 1;
        maquette.annee_fin = old.annee_fin + 5;
        maquette.libelle = format!("Accréditation {}-{}", maquette.annee_debut, maquette.annee_fin + 1);
        maquette.etat = String::from("validee");
        let formations = (0..maquette.formations.len()).map(Some).collect();
        let origins = (0..maquette.elements.len()).map(|i| vec![super::index::position(i)]).collect();
        let moved = vec![false; maquette.elements.len()];
        let blocs = 10_000_000;
        Self { atelier: Atelier::resume(seed, maquette, blocs, responsables), origins, moved, formations }
    }

    /// One programme in ten ends; as many years open in programmes that did not exist, with as many elements as the ended ones alone used.
    fn replace_programmes(&mut self, old: &Maquette) {
        let shared = Shared::find(&self.atelier.maquette);
        let etapes = old.formations.iter().map(|f| f.etapes.len()).sum::<usize>();
        let ordinary = |f: &super::Formation| f.etapes.iter().all(|e| !super::cases::offer::is_case(e));
        let ending: Vec<usize> = (0..old.formations.len())
            .filter(|i| i % 10 == 9 && old.formations.get(*i).is_some_and(ordinary))
            .collect();
        let mut fresh = catalogue(etapes * 2 + 600);
        fresh.drain(..old.formations.len().min(fresh.len()));
        for at in &ending {
            if let Some(formation) = self.atelier.maquette.formations.get_mut(*at) {
                formation.etapes.iter_mut().for_each(|e| e.blocs.clear());
            }
        }
        let alive = self.reachable().iter().filter(|a| **a).count();
        let freed = old.elements.len().saturating_sub(alive);
        let opening: usize =
            ending.iter().filter_map(|at| old.formations.get(*at)).map(|f| f.etapes.len()).sum();
        let mut done = 0;
        for at in ending {
            let Some(gone) = old.formations.get(at) else { continue };
            let Some(found) = fresh.iter().position(|p| p.etapes == gone.etapes.len() && !p.annuel) else {
                continue;
            };
            let programme = fresh.remove(found);
            let mut formation = self.atelier.formation(&programme);
            self.atelier.stem = None;
            for rang in 1..=programme.etapes {
                let quota = (done + 1) * freed / opening.max(1) - done * freed / opening.max(1);
                done += 1;
                formation.etapes.push(compose_etape(
                    &mut self.atelier,
                    &shared,
                    &programme,
                    rang,
                    quota.max(6),
                ));
            }
            if let Some(slot) = self.atelier.maquette.formations.get_mut(at) {
                *slot = formation;
            }
            if let Some(slot) = self.formations.get_mut(at) {
                *slot = None;
            }
        }
        self.extend();
    }

    fn extend(&mut self) {
        self.origins.resize(self.atelier.maquette.elements.len(), Vec::new());
        self.moved.resize(self.atelier.maquette.elements.len(), false);
    }

    fn elements(&self) -> &[ElementKofr] {
        &self.atelier.maquette.elements
    }

    fn get(&self, at: u32) -> Option<&ElementKofr> {
        self.elements().get(at as usize)
    }

    fn reachable(&self) -> Vec<bool> {
        let mut alive = vec![false; self.elements().len()];
        let tops = self.atelier.maquette.formations.iter().flat_map(|f| &f.etapes).flat_map(|e| &e.blocs);
        let mut pile: Vec<u32> = tops.flat_map(|b| b.elements.iter().copied()).collect();
        while let Some(at) = pile.pop() {
            match alive.get_mut(at as usize) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            if let Some(e) = self.get(at) {
                pile.extend(e.blocs.iter().flat_map(|b| b.elements.iter().copied()));
            }
        }
        alive
    }
}
