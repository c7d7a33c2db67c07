//! The size of the new design, made exactly that of the old.

use kernel::Centi;

use super::super::design::{UeSpec, bloc_label};
use super::super::vocab::discipline;
use super::super::{ElementKofr, TypeListe};
use super::Evolution;

impl Evolution<'_> {
    /// Makes the number of elements that étapes reach exactly `wanted`: courses then electives go, or electives come.
    pub(super) fn settle(&mut self, wanted: usize) {
        let alive = self.reachable();
        let mut count = alive.iter().filter(|a| **a).count();
        let living = |evolution: &Self, test: &dyn Fn(u32, &ElementKofr) -> bool| -> Vec<u32> {
            let all = (0..).zip(evolution.elements());
            all.filter(|(i, e)| alive.get(*i as usize) == Some(&true) && test(*i, e))
                .map(|(i, _)| i)
                .collect()
        };
        let ues = living(self, &|i, _| self.is_plain_ue(i));
        let semestres =
            living(self, &|_, e| e.nature.as_str() == "SEM" && discipline(&e.discipline).is_some());
        for _ in 0..8 {
            for ue in &ues {
                if count > wanted && self.drop_course(*ue) {
                    count -= 1;
                }
            }
        }
        let mut parents = self.parents();
        for semestre in &semestres {
            if count > wanted && self.drop_elective(*semestre, &mut parents) {
                count -= 1;
            }
        }
        for i in 0..wanted.saturating_sub(count) {
            let Some(&semestre) = semestres.get(i % semestres.len().max(1)) else { break };
            self.add_elective(semestre);
        }
    }

    /// How many lists hold each element.
    fn parents(&self) -> Vec<u32> {
        let mut parents = vec![0_u32; self.elements().len()];
        let below = self.elements().iter().flat_map(|e| &e.blocs).flat_map(|b| &b.elements);
        for at in below {
            if let Some(slot) = parents.get_mut(*at as usize) {
                *slot += 1;
            }
        }
        parents
    }

    /// An elective that no other list holds leaves a choice that keeps at least one.
    fn drop_elective(&mut self, semestre: u32, parents: &mut [u32]) -> bool {
        let Some(element) = self.atelier.maquette.elements.get_mut(semestre as usize) else { return false };
        let Some(bloc) =
            element.blocs.iter_mut().find(|b| b.type_bloc != TypeListe::Obligatoire && b.elements.len() > 1)
        else {
            return false;
        };
        let Some(at) = bloc.elements.iter().position(|e| parents.get(*e as usize) == Some(&1)) else {
            return false;
        };
        bloc.elements.remove(at);
        true
    }

    /// A new UE, free to take, in a semester.
    fn add_elective(&mut self, semestre: u32) {
        let Some(sem) = self.get(semestre).cloned() else { return };
        let Some(d) = discipline(&sem.discipline) else { return };
        let spec = UeSpec {
            discipline: d,
            annee: sem.annee_etude,
            semestre: sem.semestre.unwrap_or(1),
            rang: 60,
            ects: Centi::unites(3),
            ecs: 0,
        };
        let ue = self.atelier.ue(spec);
        self.extend();
        let libres = sem.blocs.iter().position(|b| b.type_bloc == TypeListe::Facultative);
        match libres {
            Some(at) => {
                let element = self.atelier.maquette.elements.get_mut(semestre as usize);
                if let Some(bloc) = element.and_then(|e| e.blocs.get_mut(at)) {
                    bloc.elements.push(ue);
                }
            }
            None => {
                let libelle = format!("UE libres, {}", bloc_label(spec.semestre));
                let bloc = self.atelier.bloc(TypeListe::Facultative, libelle, Some((0, 1)), vec![ue]);
                self.atelier.attach(semestre, bloc);
            }
        }
    }
}
