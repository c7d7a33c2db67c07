//! The offer as Kofr designs it, before anything is poured into Apogée.
//!
//! A design is built once for 2019–2024 ([`design_2019`]), and the one of 2024–2029 is made from it by a change of accreditation
//! ([`evolve`](super::evolve)). Both are then poured into Apogée's tables by the same hand ([`pour`](super::pour)), so that what
//! Kofr says and what Apogée holds agree wherever a hard case does not make them disagree.

mod atelier;
mod catalogue;
mod controles;
mod etapes;
mod shared;

use super::cases::offer::case_formations;
use super::{Maquette, Options};
pub(super) use atelier::{Atelier, UeSpec, bloc_label};
pub(super) use catalogue::catalogue;
pub(super) use etapes::{compose_daeu, compose_etape};
pub(super) use shared::Shared;

/// The design of 2019–2024: hard cases first, then programmes until the sizes asked are reached exactly.
pub(super) fn design_2019(options: &Options, responsables: &[(String, super::ResponsableKofr)]) -> Maquette {
    let mut atelier = Atelier::new(options.seed, 2019, 2023, responsables);
    case_formations(&mut atelier);
    let shared = Shared::design(&mut atelier);
    let etapes = options.etapes.saturating_sub(atelier.etapes());
    let programmes = catalogue(etapes);
    let budget = options.elements.saturating_sub(atelier.maquette.elements.len());
    let mut done = 0;
    for programme in &programmes {
        let mut formation = atelier.formation(programme);
        atelier.stem = Some(formation.discipline.clone());
        for rang in 1..=programme.etapes {
            // Whole quotas whose sum is exactly the budget.
            let quota = (done + 1) * budget / etapes.max(1) - done * budget / etapes.max(1);
            done += 1;
            let etape = if programme.annuel {
                compose_daeu(&mut atelier, programme, rang, quota)
            } else {
                compose_etape(&mut atelier, &shared, programme, rang, quota)
            };
            formation.etapes.push(etape);
        }
        atelier.maquette.formations.push(formation);
    }
    atelier.stem = None;
    super::cases::offer::share_between_twelve(&mut atelier.maquette);
    if let Some(liens) = options.liens {
        atelier.open_electives(liens);
    }
    atelier.maquette
}
