//! UEs split, merged, moved; courses dropped; labels and hours revised.

use kernel::Centi;

use super::super::TypeListe;
use super::super::vocab::discipline;
use super::Evolution;

impl Evolution<'_> {
    /// Reshapes what goes on: chance decides for each semester's UEs.
    pub(super) fn reshape(&mut self) {
        let semestres: Vec<u32> =
            (0..).zip(self.elements()).filter(|(_, e)| e.nature.as_str() == "SEM").map(|(i, _)| i).collect();
        for &semestre in &semestres {
            self.reshape_semester(semestre);
        }
        for etape in 0..semestres.len() / 2 {
            if let (Some(&a), Some(&b)) = (semestres.get(etape * 2), semestres.get(etape * 2 + 1))
                && self.atelier.dice.percent(25)
            {
                self.exchange(a, b);
            }
        }
        for at in 0..self.elements().len() {
            self.rename(at);
        }
    }

    fn reshape_semester(&mut self, semestre: u32) {
        let Some(tronc) = self.get(semestre).and_then(|e| e.blocs.first()).cloned() else { return };
        let own: Vec<u32> = tronc.elements.iter().copied().filter(|ue| self.is_plain_ue(*ue)).collect();
        // At most one split and one merge a semester, in turn, so that the number of elements stays near the same.
        if let Some(&ue) = own.first()
            && self.atelier.dice.percent(30)
        {
            self.split(semestre, ue);
        }
        let mut merged = None;
        if let [.., a, b] = own.as_slice()
            && own.len() > 2
            && self.atelier.dice.percent(30)
        {
            self.merge(semestre, *a, *b);
            merged = Some([*a, *b]);
        }
        // What was merged is no longer there to lose a course.
        if let Some(&ue) = own.get(1)
            && !merged.is_some_and(|pair| pair.contains(&ue))
            && self.atelier.dice.percent(25)
        {
            self.drop_course(ue);
        }
    }

    /// A UE with courses under one list, which no other étape holds.
    pub(super) fn is_plain_ue(&self, ue: u32) -> bool {
        self.get(ue).is_some_and(|e| {
            e.nature.as_str() == "UE"
                && e.blocs.len() == 1
                && e.blocs.first().is_some_and(|b| b.type_bloc == TypeListe::Obligatoire)
                && !e.libelle.starts_with("Compétences transversales")
                && discipline(&e.discipline).is_some()
        })
    }

    /// One UE becomes two, each with a part of the courses and their credits.
    fn split(&mut self, semestre: u32, ue: u32) {
        let Some(element) = self.get(ue).cloned() else { return };
        let Some(bloc) = element.blocs.first() else { return };
        if bloc.elements.len() < 2 {
            return;
        }
        let (left, right) = bloc.elements.split_at(bloc.elements.len() / 2);
        let (left, right) = (left.to_vec(), right.to_vec());
        let origin = self.origins.get(ue as usize).cloned().unwrap_or_default();
        let mut halves = Vec::new();
        for (i, part) in (1..).zip([left, right]) {
            let ects: Option<Centi> = part.iter().map(|ec| self.get(*ec).and_then(|e| e.ects)).sum();
            let Some(d) = discipline(&element.discipline) else { return };
            let place = (d, element.annee_etude, element.semestre, element.rang * 2 + i);
            let libelle = if i == 1 {
                format!("{} : fondements", element.libelle)
            } else {
                format!("{} : développements", element.libelle)
            };
            let at = self.atelier.element("UE", libelle, ects, place);
            let bloc =
                self.atelier.bloc(TypeListe::Obligatoire, format!("Enseignements de l'UE {i}"), None, part);
            self.atelier.attach(at, bloc);
            self.extend();
            if let Some(slot) = self.origins.get_mut(at as usize) {
                slot.clone_from(&origin);
            }
            halves.push(at);
        }
        self.substitute(semestre, ue, &halves);
    }

    /// Two UEs of a semester become one.
    fn merge(&mut self, semestre: u32, a: u32, b: u32) {
        let (Some(ea), Some(eb)) = (self.get(a).cloned(), self.get(b).cloned()) else { return };
        let Some(d) = discipline(&ea.discipline) else { return };
        let ects: Option<Centi> = [ea.ects, eb.ects].into_iter().sum();
        let place = (d, ea.annee_etude, ea.semestre, ea.rang);
        let at = self.atelier.element(
            "UE",
            format!("{} et {}", ea.libelle, lower_first(&eb.libelle)),
            ects,
            place,
        );
        let courses: Vec<u32> =
            [&ea, &eb].into_iter().flat_map(|e| &e.blocs).flat_map(|b| b.elements.clone()).collect();
        let bloc =
            self.atelier.bloc(TypeListe::Obligatoire, "Enseignements de l'UE regroupée", None, courses);
        self.atelier.attach(at, bloc);
        self.extend();
        let origins: Vec<u32> =
            [a, b].iter().filter_map(|x| self.origins.get(*x as usize)).flatten().copied().collect();
        if let Some(slot) = self.origins.get_mut(at as usize) {
            *slot = origins;
        }
        self.substitute(semestre, a, &[at]);
        self.substitute(semestre, b, &[]);
    }

    /// Puts `new` in the place of `ue` in the lists of a semester.
    fn substitute(&mut self, semestre: u32, ue: u32, new: &[u32]) {
        let Some(element) = self.atelier.maquette.elements.get_mut(semestre as usize) else { return };
        for bloc in &mut element.blocs {
            if let Some(at) = bloc.elements.iter().position(|e| *e == ue) {
                bloc.elements.splice(at..=at, new.iter().copied());
            }
        }
    }

    /// The last course of a UE is dropped, its credits go to the one before.
    pub(super) fn drop_course(&mut self, ue: u32) -> bool {
        let Some(element) = self.atelier.maquette.elements.get_mut(ue as usize) else { return false };
        let Some(bloc) = element.blocs.first_mut().filter(|b| b.elements.len() > 2) else { return false };
        let Some(gone) = bloc.elements.pop() else { return false };
        let heir = bloc.elements.last().copied();
        let credits = self.get(gone).and_then(|e| e.ects);
        if let (Some(credits), Some(heir)) = (credits, heir)
            && let Some(slot) = self.atelier.maquette.elements.get_mut(heir as usize)
        {
            slot.ects = slot.ects.map(|e| e + credits);
        }
        true
    }

    /// Two UEs of equal credits change places between the semesters of a year.
    fn exchange(&mut self, a: u32, b: u32) {
        let pick = |evolution: &Self, s: u32| {
            let tronc = evolution.get(s)?.blocs.first()?.clone();
            let found = tronc.elements.iter().copied().find(|ue| evolution.is_plain_ue(*ue))?;
            Some((found, evolution.get(found)?.ects, evolution.get(s)?.semestre?))
        };
        let (Some((ua, ca, sa)), Some((ub, cb, sb))) = (pick(self, a), pick(self, b)) else { return };
        if ca != cb || ca.is_none() || ua == ub || sa == sb {
            return;
        }
        self.substitute(a, ua, &[ub]);
        self.substitute(b, ub, &[ua]);
        for (ue, semestre) in [(ua, sb), (ub, sa)] {
            self.move_down(ue, semestre);
        }
    }

    fn move_down(&mut self, at: u32, semestre: u8) {
        let Some(element) = self.atelier.maquette.elements.get_mut(at as usize) else { return };
        element.semestre = Some(semestre);
        let below: Vec<u32> = element.blocs.iter().flat_map(|b| b.elements.clone()).collect();
        if let Some(slot) = self.moved.get_mut(at as usize) {
            *slot = true;
        }
        for child in below {
            self.move_down(child, semestre);
        }
    }

    /// Some labels change, some hours too.
    fn rename(&mut self, at: usize) {
        let (renamed, lighter) = (self.atelier.dice.percent(15), self.atelier.dice.percent(10));
        let tour = self.atelier.dice.below(3);
        if self.origins.get(at).is_none_or(|o| o.len() != 1) {
            return;
        }
        let Some(element) = self.atelier.maquette.elements.get_mut(at) else { return };
        if renamed && element.nature.as_str() != "SEM" {
            element.libelle = match tour {
                0 => format!("{} (rénové)", element.libelle),
                1 => format!("Approches de : {}", lower_first(&element.libelle)),
                _ => element.libelle.replace(" : ", " – "),
            };
            element.libelle_court =
                element.libelle.chars().take(25).collect::<String>().trim_end().to_owned();
        }
        if lighter && element.heures.ead > Centi::unites(4) {
            element.heures.ead = element.heures.ead - Centi::unites(2);
        }
    }
}

fn lower_first(label: &str) -> String {
    let mut chars = label.chars();
    chars.next().map(|c| c.to_lowercase().chain(chars).collect()).unwrap_or_default()
}
