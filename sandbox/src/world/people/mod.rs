//! Students, their registrations and results.

mod registrations;
mod results;
mod students;
mod tree;

pub(super) use registrations::{Demande, Registrar};
pub(super) use results::results;
pub(super) use students::Students;

use super::cases::people::{CASE_STUDENTS, case_students};
pub(super) const MINIMUM: usize = CASE_STUDENTS + 10;
use super::World;
use super::dice::Dice;

/// Fills the tables of people: hard cases first, then ordinary students until `etudiants`.
pub(super) fn populate(world: &mut World, etudiants: usize) {
    let seed = world.options.seed;
    let mut students = Students::new(seed);
    let mut registrar = Registrar::new(world, seed);
    case_students(world, &mut students, &mut registrar);
    let mut dice = Dice::new(seed, 101);
    for _ in CASE_STUDENTS..etudiants {
        let entree = match dice.below(10) {
            0..4 => 2023,
            4..7 => 2022,
            7..9 => 2021,
            _ => 2018,
        };
        let student = students.next(entree);
        let at = super::index::position(world.etudiants.len());
        world.etudiants.push(student);
        registrar.ordinary(world, at, entree);
    }
    registrar.give(world);
    results(world, seed);
}
