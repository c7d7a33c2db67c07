//! Random changes at the source: what a week of the registry's work does to the tables.

use std::collections::HashSet;
use std::fmt;

use kernel::Centi;

use super::cases::is_case_code;
use super::codes::cut;
use super::dice::Dice;
use super::index::position;
use super::pour::codes_of;
use super::{Element, LseElp, TypeListe, World};

/// What [`World::change_share`] changed, in rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changement {
    /// Labels of diplomas, étapes, lists and elements.
    pub libelles: usize,
    /// Credits of elements.
    pub ects: usize,
    /// Rows of hours.
    pub heures: usize,
    /// Links closed.
    pub liens_fermes: usize,
    /// Bounds of choice links.
    pub bornes: usize,
    /// Elements suspended or taken up again.
    pub suspensions: usize,
    /// New elements, each with one link.
    pub elements_ajoutes: usize,
    /// Elements that are no longer in the table, with their links.
    pub elements_retires: usize,
    /// Links list→element that are no longer in the table, those of removed elements included.
    pub liens_retires: usize,
}

impl Changement {
    /// Rows touched, whatever was done to them.
    #[must_use]
    pub fn total(&self) -> usize {
        self.libelles
            + self.ects
            + self.heures
            + self.liens_fermes
            + self.bornes
            + self.suspensions
            + self.elements_ajoutes
            + self.elements_retires
            + self.liens_retires
    }
}

impl fmt::Display for Changement {
    /// « 12 libellés, 3 ECTS… ».
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} libellés, {} ECTS, {} volumes horaires, {} bornes et {} suspensions modifiés ; {} liens fermés ; \
             {} éléments ajoutés ; {} éléments et {} liens retirés",
            self.libelles,
            self.ects,
            self.heures,
            self.bornes,
            self.suspensions,
            self.liens_fermes,
            self.elements_ajoutes,
            self.elements_retires,
            self.liens_retires
        )
    }
}

impl World {
    /// Changes about `pourcentage` of the rows of the offer (`Centi(200)` is 2 %): mostly labels, some credits, hours, bounds, suspensions and closed
    /// links, a few elements added and removed. Hard cases are left alone, and so is whatever a student is registered to when something is removed.
    /// The same seed on the same world changes the same rows.
    pub fn change_share(&mut self, seed: u64, pourcentage: Centi) -> Changement {
        #[expect(clippy::cast_precision_loss, reason = "a percentage in hundredths is far below 53 bits")]
        let share = pourcentage.0.clamp(0, 10_000) as f64 / 10_000.0;
        let mut dice = Dice::new(seed, 300 + self.generation);
        let mut done = Changement::default();
        if share > 0.0 {
            self.change_labels(&mut dice, share, &mut done);
            self.change_elements(&mut dice, share, &mut done);
            self.change_links(&mut dice, share, &mut done);
            // Few enough not to look like a truncated source.
            self.add_elements(&mut dice, share, &mut done);
            self.remove_elements(&mut dice, share, &mut done);
        }
        self.touch();
        done
    }

    /// Changes one element in Apogée's tables, and there alone: what Kofr says of it stays. Tells whether there is such an element.
    pub fn change_element(&mut self, code: &str, libelle: Option<&str>, ects: Option<Centi>) -> bool {
        let today = self.date;
        let Some(row) = self.elements.iter_mut().find(|e| e.code.as_str() == code) else { return false };
        if let Some(libelle) = libelle {
            row.libelle = cut(libelle, 60);
        }
        row.ects = ects.or(row.ects);
        row.modifie_le = Some(today);
        self.touch();
        true
    }

    fn change_labels(&mut self, dice: &mut Dice, share: f64, done: &mut Changement) {
        for row in self.diplomes.iter_mut().filter(|r| !is_case_code(r.code.as_str())) {
            if dice.share(share) {
                row.libelle = revised(&row.libelle, 60);
                done.libelles += 1;
            }
        }
        for row in self.versions_etape.iter_mut().filter(|r| !is_case_code(r.etape.as_str())) {
            if dice.share(share) {
                row.libelle_web = revised(&row.libelle_web, 120);
                done.libelles += 1;
            }
        }
        for row in self.listes.iter_mut().filter(|r| !is_case_code(r.code.as_str())) {
            if dice.share(share) {
                row.libelle = revised(&row.libelle, 60);
                done.libelles += 1;
            }
        }
    }

    fn change_elements(&mut self, dice: &mut Dice, share: f64, done: &mut Changement) {
        let today = self.date;
        for row in self.elements.iter_mut().filter(|r| !is_case_code(r.code.as_str())) {
            if !dice.share(share) {
                continue;
            }
            row.modifie_le = Some(today);
            match (dice.below(10), row.ects) {
                (0, Some(ects)) if row.nature.as_str() == "EC" => {
                    row.ects =
                        Some(if ects < Centi::unites(2) { ects + Centi(50) } else { ects - Centi(50) });
                    done.ects += 1;
                }
                (1, _) if row.nature.as_str() == "EC" => {
                    row.suspendu = !row.suspendu;
                    row.motif_suspension = row.suspendu.then(|| String::from("Effectif insuffisant"));
                    done.suspensions += 1;
                }
                _ => {
                    row.libelle = revised(&row.libelle, 60);
                    done.libelles += 1;
                }
            }
        }
        for row in self.heures.iter_mut().filter(|r| !is_case_code(r.element.as_str())) {
            if dice.share(share) {
                row.heures = row.heures + Centi(25 * dice.between(1, 8));
                done.heures += 1;
            }
        }
    }

    fn change_links(&mut self, dice: &mut Dice, share: f64, done: &mut Changement) {
        let today = self.date;
        let choices: HashSet<&str> = self
            .listes
            .iter()
            .filter(|l| l.type_liste == TypeListe::AuChoix)
            .map(|l| l.code.as_str())
            .collect();
        for row in self.elp_lse.iter_mut().filter(|r| !is_case_code(r.liste.as_str()) && r.ferme_le.is_none())
        {
            if !dice.share(share) {
                continue;
            }
            if choices.contains(row.liste.as_str()) && dice.percent(60) {
                row.max = row.max.map(|m| if m > 1 { m - 1 } else { m + 1 });
                row.min = row.min.zip(row.max).map(|(min, max)| min.min(max));
                done.bornes += 1;
            } else {
                row.ferme_le = Some(today);
                done.liens_fermes += 1;
            }
        }
    }

    /// One new element for ten changed, in a list that exists, at least one.
    fn add_elements(&mut self, dice: &mut Dice, share: f64, done: &mut Changement) {
        let mut taken = codes_of(self);
        let models: Vec<usize> = self
            .lse_elp
            .iter()
            .enumerate()
            .filter(|(_, l)| !is_case_code(l.liste.as_str()) && !is_case_code(l.element.as_str()))
            .map(|(i, _)| i)
            .collect();
        for _ in 0..tenth(self.elements.len(), share) {
            let link = dice.pick(&models).and_then(|at| self.lse_elp.get(*at)).cloned();
            let Some((link, (_, model))) =
                link.and_then(|l| Some((l.clone(), self.element(l.element.as_str())?)))
            else {
                continue;
            };
            let stem: String = model.code.as_str().chars().take(5).collect();
            let element = Element {
                code: taken.elements.numbered(&stem, 2, 8).into(),
                libelle: cut(&format!("{} (nouveau)", cut(&model.libelle, 50)), 60),
                suspendu: false,
                motif_suspension: None,
                cree_le: self.date,
                modifie_le: None,
                ..model.clone()
            };
            self.lse_elp.push(LseElp { liste: link.liste, element: element.code.clone() });
            self.elements.push(element);
            done.elements_ajoutes += 1;
        }
    }

    /// One element for ten changed, at least one, among leaves that nobody is registered to; and as many links.
    fn remove_elements(&mut self, dice: &mut Dice, share: f64, done: &mut Changement) {
        let mut kept = vec![false; self.elements.len()];
        let mut keep = |at: u32| {
            if let Some(slot) = kept.get_mut(at as usize) {
                *slot = true;
            }
        };
        self.ip.iter().for_each(|ip| {
            keep(ip.element);
            ip.element_sup.iter().for_each(|at| keep(*at));
        });
        self.resultats_elements.iter().for_each(|r| keep(r.element));
        self.elp_lse.iter().filter_map(|l| self.element(l.element.as_str())).for_each(|(at, _)| keep(at));
        let free: Vec<u32> = (0_u32..)
            .zip(&self.elements)
            .filter(|(at, e)| {
                kept.get(*at as usize) == Some(&false)
                    && !is_case_code(e.code.as_str())
                    && e.cree_le < self.date
            })
            .map(|(at, _)| at)
            .collect();
        let gone: HashSet<u32> = dice
            .sample(tenth(self.elements.len(), share), free.len())
            .into_iter()
            .filter_map(|i| free.get(i).copied())
            .collect();
        let codes: HashSet<String> =
            gone.iter().filter_map(|at| self.elements.get(*at as usize)).map(|e| e.code.0.clone()).collect();
        done.elements_retires = gone.len();
        let before = self.lse_elp.len();
        self.lse_elp.retain(|l| !codes.contains(l.element.as_str()));
        done.liens_retires = before - self.lse_elp.len();
        self.heures.retain(|h| !codes.contains(h.element.as_str()));
        self.epreuves_elements.retain(|e| !codes.contains(e.element.as_str()));
        self.renumber(&gone);
    }

    /// Takes rows out of the table of elements, and moves the positions that others hold.
    fn renumber(&mut self, gone: &HashSet<u32>) {
        let mut to = Vec::with_capacity(self.elements.len());
        let mut next = 0_u32;
        for at in 0..position(self.elements.len()) {
            to.push(next);
            next += u32::from(!gone.contains(&at));
        }
        let moved = |at: u32| to.get(at as usize).copied().unwrap_or(at);
        let mut at = 0_u32;
        self.elements.retain(|_| {
            at += 1;
            !gone.contains(&(at - 1))
        });
        for ip in &mut self.ip {
            ip.element = moved(ip.element);
            ip.element_sup = ip.element_sup.map(moved);
        }
        for r in &mut self.resultats_elements {
            r.element = moved(r.element);
        }
    }
}

/// A tenth of a share of `n` rows, one at least.
fn tenth(n: usize, share: f64) -> usize {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count of rows times a share"
    )]
    let rows = (n as f64 * share / 10.0) as usize;
    rows.max(1)
}

/// A label as revised; one that was revised already loses the mention.
fn revised(label: &str, max: usize) -> String {
    match label.strip_suffix(" (rév.)") {
        Some(before) => before.to_owned(),
        None => format!("{} (rév.)", cut(label, max.saturating_sub(7))),
    }
}
