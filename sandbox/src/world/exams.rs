//! Exam periods, papers and what they sanction.

use chrono::{Duration, NaiveDate, NaiveTime};
use kernel::AnneeUniversitaire;

use super::{Epreuve, EpreuveElement, PeriodeExamen, World};

/// P1, P2 and P3 of a year: January, May, the second session at the end of June.
pub(super) fn periods(annee: u16) -> Vec<PeriodeExamen> {
    let Some(annee) = AnneeUniversitaire::new(annee) else { return vec![] };
    let y = i32::from(annee.premiere()) + 1;
    let day = |m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap_or_default();
    let row = |n: u8, libelle: &str, session, debut, fin| PeriodeExamen {
        annee,
        code: format!("P{n}{}", annee.premiere()),
        libelle: format!("{libelle} {}", annee.libelle()),
        centre_incompatibilite: String::from("SED"),
        session,
        debut,
        fin,
        en_service: true,
    };
    vec![
        row(1, "Première période d'examens", 1, day(1, 8), day(1, 19)),
        row(2, "Deuxième période d'examens", 1, day(5, 13), day(5, 24)),
        row(3, "Rattrapages", 2, day(6, 24), day(7, 5)),
    ]
}

/// One paper for each leaf that has credits, in the current year's calendar; it sanctions both sessions.
pub(super) fn papers(world: &mut World, from: usize) {
    let annee = world.annee_courante().map_or(2023, AnneeUniversitaire::premiere);
    let starts = [(8, 30), (10, 30), (14, 0), (16, 15)];
    let mut made = world.epreuves.len();
    let mut epreuves = Vec::new();
    let mut liens = Vec::new();
    for element in world.elements.iter().skip(from) {
        if element.volume.is_none() || element.ects.is_none_or(|e| e == kernel::Centi::ZERO) {
            continue;
        }
        made += 1;
        let even = element
            .periode
            .as_deref()
            .and_then(|p| p.chars().last())
            .and_then(|c| c.to_digit(10))
            .is_some_and(|n| n % 2 == 0);
        let debut = NaiveDate::from_ymd_opt(
            i32::from(annee) + 1,
            if even { 5 } else { 1 },
            if even { 13 } else { 8 },
        );
        // Ten working days, four starts a day; the rank of the paper decides, so that neighbours do not meet.
        let slot = made % 40;
        let jour = debut.map(|d| {
            d + Duration::days(
                i64::try_from(slot / 4 + if slot / 4 >= 5 { 2 } else { 0 }).unwrap_or_default(),
            )
        });
        let (h, m) = starts.get(slot % 4).copied().unwrap_or((8, 30));
        let oral = made.is_multiple_of(9);
        let code = format!("EPR{made:06}");
        epreuves.push(Epreuve {
            code: code.clone(),
            libelle: super::codes::cut(&format!("Examen {}", element.libelle), 60),
            libelle_court: super::codes::cut(&element.libelle_court, 25),
            nature: String::from(if oral { "O" } else { "E" }),
            type_epreuve: String::from("CT"),
            duree: if oral { 20 } else { [90, 120, 180, 240].get(made % 4).copied().unwrap_or(120) },
            documents: match made % 5 {
                0 => Some(String::from("Calculatrice sans mémoire")),
                1 => Some(String::from("Codes non annotés")),
                _ => None,
            },
            periode: Some(format!("P{}{annee}", if even { 2 } else { 1 })),
            jour,
            heure: NaiveTime::from_hms_opt(h, m, 0),
        });
        for session in [1, 2] {
            liens.push(EpreuveElement {
                element: element.code.clone(),
                epreuve: code.clone(),
                session,
                suspendue: element.suspendu,
            });
        }
    }
    world.epreuves.extend(epreuves);
    world.epreuves_elements.extend(liens);
}
