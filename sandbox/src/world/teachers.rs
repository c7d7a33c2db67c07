//! Eve's teachers and their hours.

use chrono::{DateTime, Duration, NaiveDate, TimeZone, Utc};
use kernel::{AnneeUniversitaire, Centi, NumeroEnseignant, fold};

use super::dice::Dice;
use super::vocab::{DISCIPLINES, ORIGINES};
use super::{
    Decharge, Enseignant, EtatService, NatureService, ResponsableKofr, Service, TypeHeure, TypeService, World,
};

/// Years that Eve holds.
const ANNEES: [u16; 2] = [2022, 2023];

/// Number under which the second record of the same person is found: a hard case.
pub(super) const DOUBLON: [&str; 2] = ["E00001", "E90001"];

/// Teachers of two years, the last record being the same person as the first.
pub(super) fn teachers(seed: u64, n: usize) -> Vec<Enseignant> {
    let mut dice = Dice::new(seed, 200);
    let mut persons: Vec<Enseignant> = (1..n).map(|rank| teacher(&mut dice, rank)).collect();
    if let Some(double) = persons.first().cloned() {
        let corps = (String::from("VAC"), String::from("Vacataire"));
        persons.push(Enseignant {
            numero: DOUBLON[1].into(),
            prenom: double.prenom.to_uppercase(),
            nom: double.nom.to_uppercase(),
            statut: String::from("vacataire"),
            corps,
            service_statutaire: Centi::ZERO,
            decharges: vec![],
            ..double
        });
    }
    let years = ANNEES.into_iter().filter_map(AnneeUniversitaire::new);
    years.flat_map(|annee| persons.iter().map(move |p| Enseignant { annee, ..p.clone() })).collect()
}

fn teacher(dice: &mut Dice, rank: usize) -> Enseignant {
    // Corps, statut, hours due.
    const CORPS: &[(&str, &str, &str, i64)] = &[
        ("PR", "Professeur des universités", "titulaire", 192),
        ("MCF", "Maître de conférences", "titulaire", 192),
        ("MCF", "Maître de conférences", "titulaire", 192),
        ("PRAG", "Professeur agrégé", "titulaire", 384),
        ("PRCE", "Professeur certifié", "titulaire", 384),
        ("ATER", "Attaché temporaire d'enseignement et de recherche", "contractuel", 192),
        ("CONT", "Enseignant contractuel", "contractuel", 384),
        ("VAC", "Vacataire", "vacataire", 0),
        ("VAC", "Vacataire", "vacataire", 0),
    ];
    let discipline = DISCIPLINES.get(rank % DISCIPLINES.len()).copied();
    let femme = dice.percent(48);
    let origine = if dice.percent(80) { ORIGINES.first() } else { dice.pick(ORIGINES) };
    let (nom, prenom) = origine.map_or(("DURAND", "ANNE"), |o| {
        (dice.word(o.noms), dice.word(if femme { o.femmes } else { o.hommes }))
    });
    let (nom, prenom) = (titled(nom), titled(prenom));
    let (code, libelle, statut, du) =
        dice.pick(CORPS).copied().unwrap_or(("MCF", "Maître de conférences", "titulaire", 192));
    let ascii = |s: &str| fold(s).chars().filter(char::is_ascii_lowercase).collect::<String>();
    let email = format!(
        "{}.{}{}@univ-fcomte.fr",
        ascii(&prenom),
        ascii(&nom),
        if rank > 150 { rank.to_string() } else { String::new() }
    );
    let decharge = (statut == "titulaire" && dice.percent(12)).then(|| Decharge {
        motif: dice
            .word(&[
                "Direction de département",
                "Responsabilité de filière",
                "Mandat syndical",
                "Congé pour recherches",
            ])
            .to_owned(),
        heures: Centi::unites(dice.between(2, 8) * 12),
    });
    let contrat = statut != "titulaire";
    Enseignant {
        annee: AnneeUniversitaire::new(2023)
            .unwrap_or_else(|| AnneeUniversitaire::du_jour(NaiveDate::default())),
        numero: NumeroEnseignant(format!("E{rank:05}")),
        civilite: String::from(if femme { "Mme" } else { "M." }),
        nom_usage: (femme && dice.percent(15))
            .then(|| titled(dice.word(ORIGINES.first().map_or(&[], |o| o.noms)))),
        nom,
        prenom,
        email,
        corps: (code.to_owned(), libelle.to_owned()),
        statut: statut.to_owned(),
        composante: discipline.map_or("SED", |d| d.composante).into(),
        section_cnu: discipline.filter(|_| matches!(code, "PR" | "MCF" | "ATER")).map(|d| d.cnu.to_owned()),
        quotite: Centi(if dice.percent(6) { 5000 } else { 10_000 }),
        service_statutaire: Centi::unites(du),
        decharges: decharge.into_iter().collect(),
        date_debut: contrat.then(|| NaiveDate::from_ymd_opt(2022, 9, 1)).flatten(),
        date_fin: contrat.then(|| NaiveDate::from_ymd_opt(2024, 8, 31)).flatten(),
        modifie_le: instant(2023, dice),
    }
}

/// « JEAN-PIERRE » gives « Jean-Pierre ».
fn titled(name: &str) -> String {
    let mut start = true;
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if start {
            out.push(c)
        } else {
            out.extend(c.to_lowercase())
        }
        start = !c.is_alphabetic();
    }
    out
}

fn instant(annee: i32, dice: &mut Dice) -> DateTime<Utc> {
    let debut = Utc.with_ymd_and_hms(annee, 9, 4, 7, 0, 0).single().unwrap_or_default();
    debut + Duration::minutes(dice.between(0, 60 * 24 * 180))
}

/// Who may be responsible for something, with their component: people in post.
pub(super) fn responsables(enseignants: &[Enseignant]) -> Vec<(String, ResponsableKofr)> {
    let seen = enseignants.iter().filter(|e| e.annee.premiere() == ANNEES[0] && e.statut != "vacataire");
    let row = |e: &Enseignant| {
        let responsable =
            ResponsableKofr { numero: e.numero.clone(), nom: e.nom.clone(), prenom: e.prenom.clone() };
        (e.composante.0.clone(), responsable)
    };
    let mut rows: Vec<_> = seen.map(row).collect();
    if rows.is_empty() {
        rows = enseignants.iter().map(row).collect();
    }
    rows
}

/// Hours declared: planned and done, in all states, one line of reference tasks in ten.
pub(super) fn services(world: &World, seed: u64) -> Vec<Service> {
    let mut dice = Dice::new(seed, 201);
    let mut services = Vec::new();
    let leaves: Vec<_> =
        world.heures.iter().filter(|h| h.annee.premiere() == 2023 && h.heures > Centi::ZERO).collect();
    for enseignant in &world.enseignants {
        for _ in 0..dice.between(2, 9) {
            let Some(heure) = dice.pick(&leaves) else { break };
            let realise = enseignant.annee.premiere() == 2022 || dice.percent(40);
            let etat = match (realise, dice.below(10)) {
                (true, 0..5) => EtatService::Paye,
                (_, 9) => EtatService::Refuse,
                (true, 5..=7) | (false, 0..=5) => EtatService::Valide,
                _ => EtatService::Saisi,
            };
            let referentiel = dice.percent(10);
            let paye = (etat == EtatService::Paye)
                .then(|| NaiveDate::from_ymd_opt(i32::from(enseignant.annee.premiere()) + 1, 3, 28))
                .flatten();
            let id = super::index::position(services.len() + 1);
            let etape = if dice.percent(60) {
                dice.pick(&world.versions_etape).map(|v| (v.etape.clone(), v.version.clone()))
            } else {
                None
            };
            services.push(Service {
                id,
                annee: enseignant.annee,
                enseignant: enseignant.numero.clone(),
                element: (!referentiel).then(|| heure.element.clone()),
                etape: etape.filter(|_| !referentiel),
                type_service: if referentiel {
                    TypeService::Referentiel
                } else {
                    TypeService::Heure(heure.type_heure)
                },
                intitule: referentiel.then(|| {
                    dice.word(&[
                        "Responsabilité d'année",
                        "Accompagnement de stagiaires",
                        "Conception de ressources",
                    ])
                    .to_owned()
                }),
                heures: if referentiel { Centi::unites(dice.between(4, 24)) } else { heure.heures },
                groupes: 1,
                nature: if realise { NatureService::Realise } else { NatureService::Previsionnel },
                etat,
                paye_le: paye,
                modifie_le: instant(i32::from(enseignant.annee.premiere()), &mut dice),
            });
        }
    }
    hard_lines(world, &mut services);
    services
}

/// The same hours paid twice to one person under two numbers, and forty lines of a third of an hour of TP.
fn hard_lines(world: &World, services: &mut Vec<Service>) {
    let (Some(annee), Some(element)) = (AnneeUniversitaire::new(2023), world.element("IFD1E13")) else {
        return;
    };
    let modifie_le = Utc.with_ymd_and_hms(2024, 3, 1, 8, 0, 0).single().unwrap_or_default();
    let mut line = |numero: &str, type_heure, heures| {
        services.push(Service {
            id: super::index::position(services.len() + 1),
            annee,
            enseignant: numero.into(),
            element: Some(element.1.code.clone()),
            etape: Some(("5UIFD1".into(), "101".into())),
            type_service: TypeService::Heure(type_heure),
            intitule: None,
            heures,
            groupes: 1,
            nature: NatureService::Realise,
            etat: EtatService::Paye,
            paye_le: NaiveDate::from_ymd_opt(2024, 3, 28),
            modifie_le,
        });
    };
    for numero in DOUBLON {
        line(numero, TypeHeure::Td, Centi(1050));
    }
    for _ in 0..40 {
        line("E00002", TypeHeure::Tp, Centi(33));
    }
}
