use kernel::{AnneeUniversitaire, Centi};

use super::super::dice::Dice;
use super::super::{EtatIa, ResultatElement, ResultatEtape, ResultatVdi, World};

/// Results of 2022/2023: a mark for every element taken, a second session for those who fail, the year, the diploma at its end.
pub(in crate::world) fn results(world: &mut World, seed: u64) {
    let Some(annee) = AnneeUniversitaire::new(2022) else { return };
    let mut dice = Dice::new(seed, 103);
    // A student has a level, around which the marks turn: marks drawn apart would fail nobody and pass nobody.
    let levels: Vec<i64> = world.etudiants.iter().map(|_| dice.between(700, 1600)).collect();
    let mut elements = Vec::new();
    for ip in world.ip.iter().filter(|ip| ip.annee == annee && !ip.prc && ip.dispense.is_none()) {
        let level = levels.get(ip.etudiant as usize).copied().unwrap_or(1000);
        let absent = dice.percent(6);
        let mark = (level + dice.between(-450, 450)).clamp(0, 2000) / 25 * 25;
        let row = |session: u8, mark: i64, absent: bool| ResultatElement {
            annee,
            etudiant: ip.etudiant,
            element: ip.element,
            session,
            note: (!absent).then_some(Centi(mark)),
            defaillant: absent,
            admis: !absent && mark >= 1000,
        };
        let first = row(1, mark, absent);
        let again = !first.admis && dice.percent(60);
        elements.push(first);
        if again {
            elements.push(row(2, (mark + dice.between(-100, 500)).clamp(0, 2000), false));
        }
    }
    let mut etapes = Vec::new();
    let mut diplomes = Vec::new();
    for iae in world.ia_etapes.iter().filter(|i| i.annee == annee && i.etat == EtatIa::EnCours) {
        let Some(vet) = world.vet_position(iae.etape.as_str(), iae.version.as_str()) else { continue };
        let level = levels.get(iae.etudiant as usize).copied().unwrap_or(1000);
        let admis = level >= 1000;
        let note = Some(Centi(level));
        let session = if admis && level < 1100 { 2 } else { 1 };
        etapes.push(ResultatEtape { annee, etudiant: iae.etudiant, vet, session, note, admis });
        let last = world.vdi_vet_of_diplome(iae.diplome.as_str()).all(|l| {
            l.version_diplome != iae.version_diplome
                || world.vdi_vet_of_vet(vet).any(|mine| mine.diplome == l.diplome && mine.rang >= l.rang)
        });
        if admis && last {
            diplomes.push(ResultatVdi {
                annee,
                etudiant: iae.etudiant,
                diplome: iae.diplome.clone(),
                version: iae.version_diplome.clone(),
                note,
                admis,
            });
        }
    }
    world.resultats_elements = elements;
    world.resultats_etapes = etapes;
    world.resultats_vdi = diplomes;
}
