use proptest::prelude::*;

use super::*;

fn t(minutes: i64) -> DateTime<Utc> {
    "2025-01-13T08:00:00Z".parse::<DateTime<Utc>>().unwrap() + Duration::minutes(minutes)
}

fn salle(id: i64, capacite: i64, a_part: bool) -> SalleDonnee {
    SalleDonnee { id, nom: format!("S{id}"), centre: 1, capacite, a_part, active: true }
}

fn epreuve(id: i64, debut: i64, duree: i64, salles: &[SalleDonnee]) -> Planifiee {
    Planifiee { id, debut: t(debut), duree_min: Some(duree), salles: salles.to_vec() }
}

fn candidat(numero: i64, epreuves: &[i64]) -> Candidat {
    let epreuves = epreuves.iter().map(|e| (*e, 0, false)).collect();
    Candidat { etudiant: format!("2200{numero:04}").as_str().into(), centre: Some(1), epreuves }
}

fn faits(epreuves: Vec<Planifiee>, candidats: Vec<Candidat>) -> Faits {
    let lieux = vec![Lieu { id: 1, fuseau: chrono_tz::Europe::Paris, fermetures: Vec::new() }];
    Faits { ecart_min: 30, epreuves, candidats, lieux }
}

fn sortes(conflits: &[Conflit]) -> Vec<(Sorte, Vec<i64>)> {
    conflits.iter().map(|c| (c.cle.sorte, c.cle.epreuves.clone())).collect()
}

#[test]
fn two_at_once_and_two_too_close_are_not_the_same() {
    let epreuves = vec![
        epreuve(1, 0, 60, &[]),
        epreuve(2, 59, 60, &[]),
        epreuve(3, 140, 60, &[]),
        epreuve(4, 230, 60, &[]),
    ];
    let trouves = relever(&faits(epreuves, vec![candidat(1, &[1, 2, 3, 4])]));
    assert_eq!(sortes(&trouves), [(Sorte::Chevauchement, vec![1, 2]), (Sorte::TropProche, vec![2, 3])]);
    assert_eq!(trouves[1].nombres, (21, 30));
    // Thirty minutes exactly are enough between 3 and 4.
}

#[test]
fn extra_time_makes_a_conflict_for_its_candidate_only() {
    let epreuves = vec![epreuve(1, 0, 180, &[]), epreuve(2, 210, 60, &[])];
    let (sans, mut avec) = (candidat(1, &[1, 2]), candidat(2, &[1, 2]));
    assert_eq!(relever(&faits(epreuves.clone(), vec![sans.clone()])), []);
    avec.epreuves[0].1 = 20;
    let trouves = relever(&faits(epreuves, vec![sans, avec.clone()]));
    assert_eq!(sortes(&trouves), [(Sorte::Chevauchement, vec![1, 2])]);
    assert_eq!(trouves[0].etudiants, [avec.etudiant]);
}

#[test]
fn rooms_are_counted_together_at_the_same_instant() {
    let (a, b) = (salle(1, 2, false), salle(2, 1, false));
    let deux = [a.clone(), b];
    let tous: Vec<_> = (0..4).map(|n| candidat(n, &[1])).collect();
    let trouves = relever(&faits(vec![epreuve(1, 0, 60, &deux)], tous.clone()));
    assert_eq!(sortes(&trouves), [(Sorte::Capacite, vec![1])]);
    assert_eq!((trouves[0].nombres, &trouves[0].cle.salles), ((4, 3), &vec![1, 2]));
    // The same room an hour later is free again; while somebody with extra time is still in it, it is not.
    let suite =
        vec![epreuve(1, 0, 60, std::slice::from_ref(&a)), epreuve(2, 60, 60, std::slice::from_ref(&a))];
    let mut eux = vec![candidat(1, &[1]), candidat(2, &[1]), candidat(3, &[2]), candidat(4, &[2])];
    assert_eq!(relever(&faits(suite.clone(), eux.clone())), []);
    eux[0].epreuves[0].1 = 20;
    assert_eq!(sortes(&relever(&faits(suite, eux))), [(Sorte::Capacite, vec![1, 2])]);
}

#[test]
fn a_room_apart_takes_its_candidates_out_of_the_common_room() {
    let salles = [salle(1, 1, false), salle(2, 1, true)];
    let (sans, mut avec) = (candidat(1, &[1]), candidat(2, &[1]));
    avec.epreuves[0].2 = true;
    let eux = vec![sans, avec];
    assert_eq!(relever(&faits(vec![epreuve(1, 0, 60, &salles)], eux.clone())), []);
    let trouves = relever(&faits(vec![epreuve(1, 0, 60, &salles[..1])], eux));
    assert_eq!(sortes(&trouves), [(Sorte::Capacite, vec![1])], "without one they share the common room");
}

#[test]
fn a_centre_is_closed_by_its_own_calendar() {
    // 14 h in Besançon on the 13th is midnight of the 14th in Nouméa.
    let mut f = faits(vec![epreuve(1, 300, 60, &[])], vec![candidat(1, &[1])]);
    let le = |j| NaiveDate::from_ymd_opt(2025, 1, j).unwrap();
    let fermeture = Fermeture { id: 1, du: le(14), au: le(14), motif: "Jour férié".into() };
    f.lieux[0].fermetures.push(fermeture);
    assert_eq!(relever(&f), []);
    f.lieux[0].fuseau = chrono_tz::Pacific::Noumea;
    let trouves = relever(&f);
    assert_eq!(sortes(&trouves), [(Sorte::CentreFerme, vec![1])]);
    assert_eq!((trouves[0].motif.as_str(), trouves[0].etudiants.len()), ("Jour férié", 1));
}

#[test]
fn a_room_out_of_use_is_said_and_seats_nobody() {
    let morte = SalleDonnee { active: false, ..salle(1, 9, false) };
    let trouves = relever(&faits(vec![epreuve(1, 0, 60, &[morte])], vec![candidat(1, &[1])]));
    assert_eq!(sortes(&trouves), [(Sorte::SalleInactive, vec![1])]);
}

#[test]
fn an_edit_says_what_it_made_and_what_it_solved() {
    let eux = || vec![candidat(1, &[1, 2, 3])];
    let avant = relever(&faits(
        vec![epreuve(1, 0, 60, &[]), epreuve(2, 0, 60, &[]), epreuve(3, 600, 60, &[])],
        eux(),
    ));
    let apres = relever(&faits(
        vec![epreuve(1, 0, 60, &[]), epreuve(2, 600, 60, &[]), epreuve(3, 600, 60, &[])],
        eux(),
    ));
    let ecart = comparer(&avant, &apres);
    assert_eq!(sortes(&ecart.resolus), [(Sorte::Chevauchement, vec![1, 2])]);
    assert_eq!(sortes(&ecart.nouveaux), [(Sorte::Chevauchement, vec![2, 3])]);
    assert_eq!(comparer(&apres, &apres), Ecart::default());
}

/// Four hundred épreuves, two thousand students: what a page waits for.
#[test]
fn a_whole_university_takes_little_time() {
    let salles: Vec<_> = (0..20).map(|n| salle(n, 60, false)).collect();
    let epreuves =
        (0..400).map(|n| epreuve(n, (n % 60) * 90, 120, &salles[(n % 18) as usize..][..2])).collect();
    let candidats =
        (0..2000).map(|n| candidat(n, &[0, 1, 2, 3, 4, 5].map(|k| (n * 7 + k * 61) % 400))).collect();
    let f = faits(epreuves, candidats);
    let depart = std::time::Instant::now();
    assert!(!relever(&f).is_empty());
    assert!(depart.elapsed().as_millis() < 1000, "{:?}", depart.elapsed());
}

proptest! {
    #[test]
    fn pairs_are_those_that_looking_at_every_pair_finds(
        horaires in prop::collection::vec((0i64..600, 0i64..240), 2..12),
        qui in prop::collection::vec((prop::collection::btree_set(0usize..12, 1..8), 0i64..40), 1..6),
    ) {
        let epreuves: Vec<_> = horaires.iter().enumerate().map(|(n, (d, l))| epreuve(n as i64, *d, *l, &[])).collect();
        let candidats: Vec<Candidat> = qui.iter().enumerate().map(|(n, (e, plus))| Candidat {
            etudiant: format!("2200{n:04}").as_str().into(),
            centre: None,
            epreuves: e.iter().filter(|e| **e < horaires.len()).map(|e| (*e as i64, *plus, false)).collect(),
        }).collect();
        let mut attendus = BTreeSet::new();
        for c in &candidats {
            for (a, plus, _) in &c.epreuves {
                for (b, ..) in c.epreuves.iter().filter(|(b, ..)| b != a) {
                    let (ea, eb) = (&epreuves[*a as usize], &epreuves[*b as usize]);
                    let fin = ea.debut + Duration::minutes(duree_majoree(ea.duree_min.unwrap(), *plus));
                    let paire = (*a.min(b), *a.max(b));
                    if ea.debut <= eb.debut && (eb.debut < fin || ea.debut == eb.debut) {
                        attendus.insert((Sorte::Chevauchement, paire, c.etudiant.clone()));
                    } else if ea.debut < eb.debut && eb.debut - fin < Duration::minutes(30) {
                        attendus.insert((Sorte::TropProche, paire, c.etudiant.clone()));
                    }
                }
            }
        }
        let mut trouves = BTreeSet::new();
        for c in relever(&faits(epreuves, candidats)) {
            let (a, b) = (c.cle.epreuves[0], c.cle.epreuves[1]);
            for e in c.etudiants {
                prop_assert!(trouves.insert((c.cle.sorte, (a.min(b), a.max(b)), e)), "said twice");
            }
        }
        prop_assert_eq!(trouves, attendus);
    }
}
