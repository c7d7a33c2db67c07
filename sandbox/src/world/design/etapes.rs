use kernel::Centi;

use super::super::{EtapeKofr, TypeListe};
use super::catalogue::Programme;
use super::{Atelier, Shared, UeSpec, bloc_label};

/// Credits of the UEs that a semester owns beside the six shared and the three to choose: they sum to 21.
const OWN: [&[i64]; 7] =
    [&[], &[21], &[12, 9], &[9, 6, 6], &[6, 6, 6, 3], &[6, 6, 3, 3, 3], &[6, 3, 3, 3, 3, 3]];

/// An étape of two semesters that uses exactly `quota` elements of its own: 30 ECTS a semester, 60 a year.
pub(in crate::world) fn compose_etape(
    atelier: &mut Atelier<'_>,
    shared: &Shared,
    p: &Programme,
    rang: usize,
    quota: usize,
) -> EtapeKofr {
    let rang = u8::try_from(rang).unwrap_or(u8::MAX);
    atelier.begin_etape();
    // Years of study run on: the first year of a master is the fourth.
    let annee = if p.type_diplome == "Master" { rang + 3 } else { rang };
    let mut semestres = Vec::new();
    for (i, part) in [quota.div_ceil(2), quota / 2].into_iter().enumerate() {
        let semestre = annee * 2 - 1 + u8::from(i == 1);
        semestres.push(compose_semestre(atelier, shared, p, (annee, semestre), part));
    }
    let niveau = niveau(p, rang);
    let bloc = atelier.bloc(
        TypeListe::Obligatoire,
        format!("Semestres {niveau} {}", p.discipline.nom),
        None,
        semestres,
    );
    etape(atelier, p, rang, Some(Centi::unites(60)), bloc)
}

fn compose_semestre(
    atelier: &mut Atelier<'_>,
    shared: &Shared,
    p: &Programme,
    (annee, semestre): (u8, u8),
    quota: usize,
) -> u32 {
    let d = p.discipline;
    let libelle = format!("Semestre {semestre} {} {}", p.type_diplome, d.nom);
    let rang = u16::from(semestre.is_multiple_of(2)) + 1;
    let sem = atelier.element("SEM", libelle, Some(Centi::unites(30)), (d, annee, Some(semestre), rang));
    let reste = quota.saturating_sub(1);
    // One element at least goes to the choice; the others to UEs and their courses.
    let ues = (reste.saturating_sub(1) / 4).clamp(1, 6).min(reste.saturating_sub(1).max(1));
    let choix = if reste > ues + 8 { 2 } else { 1 };
    let ecs = reste.saturating_sub(ues + choix);
    let par_ue = (ecs / ues).min(8);
    let mut extra = ecs.saturating_sub(par_ue * ues);
    let mut elements = Vec::new();
    let mut cours = 0;
    for (i, ects) in (0..).zip(OWN.get(ues).copied().unwrap_or_default()) {
        let plus = usize::from(extra > 0 && par_ue < 8);
        extra -= plus;
        cours += par_ue + plus;
        let spec = UeSpec {
            discipline: d,
            annee,
            semestre,
            rang: i + 1,
            ects: Centi::unites(*ects),
            ecs: par_ue + plus,
        };
        elements.push(atelier.ue(spec));
    }
    elements.extend(shared.of(semestre));
    let tronc = atelier.bloc(TypeListe::Obligatoire, bloc_label(semestre), None, elements);
    atelier.attach(sem, tronc);
    // A UE to choose among one's own and, when another programme opens one for this semester, that one.
    let mut options = Vec::new();
    for i in 0..choix {
        let rang = 20 + u16::try_from(i).unwrap_or_default();
        let spec = UeSpec { discipline: d, annee, semestre, rang, ects: Centi::unites(3), ecs: 0 };
        options.push(atelier.ue(spec));
    }
    let ouvertes: Vec<u32> =
        atelier.electives.iter().rev().filter(|(s, _)| *s == semestre).take(12).map(|(_, e)| *e).collect();
    options.extend(atelier.dice.pick(&ouvertes).copied());
    atelier.electives.extend(options.first().map(|o| (semestre, *o)));
    let bloc = atelier.bloc(
        TypeListe::AuChoix,
        format!("UE d'ouverture au choix S{semestre}"),
        Some((1, 1)),
        options,
    );
    atelier.attach(sem, bloc);
    // What is left of the quota makes electives beyond the degree.
    let libres = reste.saturating_sub(ues + choix + cours);
    if libres > 0 {
        let mut elements = Vec::new();
        for i in 0..libres {
            let rang = 40 + u16::try_from(i).unwrap_or_default();
            let spec = UeSpec { discipline: d, annee, semestre, rang, ects: Centi::unites(3), ecs: 0 };
            elements.push(atelier.ue(spec));
        }
        let bloc =
            atelier.bloc(TypeListe::Facultative, format!("UE libres S{semestre}"), Some((0, 1)), elements);
        atelier.attach(sem, bloc);
    }
    sem
}

/// A DAEU: modules over the whole year, two of them to choose, without ECTS.
pub(in crate::world) fn compose_daeu(
    atelier: &mut Atelier<'_>,
    p: &Programme,
    rang: usize,
    quota: usize,
) -> EtapeKofr {
    const A: &[&str] = &[
        "Français",
        "Anglais",
        "Histoire",
        "Géographie",
        "Mathématiques",
        "Espagnol",
        "Philosophie",
        "Droit",
        "Allemand",
    ];
    const B: &[&str] = &[
        "Français",
        "Mathématiques",
        "Physique",
        "Chimie",
        "Sciences de la vie et de la Terre",
        "Anglais",
        "Informatique",
    ];
    const COURS: &[&str] = &[
        "remise à niveau",
        "méthodologie",
        "cours du premier trimestre",
        "cours du deuxième trimestre",
        "devoirs corrigés",
        "préparation à l'examen",
        "regroupement en visioconférence",
        "exercices interactifs",
        "annales",
        "tutorat",
    ];
    let d = p.discipline;
    let matieres = if p.option == Some('A') { A } else { B };
    let modules = quota.clamp(1, matieres.len());
    let mut restants = quota.saturating_sub(modules);
    let mut elements = Vec::new();
    for (i, matiere) in matieres.iter().take(modules).enumerate() {
        let rang = u16::try_from(i + 1).unwrap_or(u16::MAX);
        let module = atelier.element("MOD", format!("{matiere} ({})", p.libelle()), None, (d, 1, None, rang));
        let part =
            if i + 1 == modules { restants } else { restants.min((quota - modules).div_ceil(modules)) };
        restants -= part;
        if part == 0 {
            atelier.teach(module, d);
        } else {
            let mut cours = Vec::new();
            for (j, ordre) in (0..part).zip(1..) {
                let nom = COURS.get(j % COURS.len()).copied().unwrap_or_default();
                let suite = if j < COURS.len() { String::new() } else { format!(" {}", j / COURS.len() + 1) };
                let ec =
                    atelier.element("EC", format!("{matiere} : {nom}{suite}"), None, (d, 1, None, ordre));
                atelier.teach(ec, d);
                cours.push(ec);
            }
            let bloc = atelier.bloc(TypeListe::Obligatoire, format!("Cours de {matiere}"), None, cours);
            atelier.attach(module, bloc);
        }
        elements.push(module);
    }
    let au_choix = elements.split_off(elements.len().min(2));
    let mut blocs = vec![atelier.bloc(TypeListe::Obligatoire, "Matières obligatoires", None, elements)];
    if !au_choix.is_empty() {
        let n = u8::try_from(au_choix.len().min(2)).unwrap_or(2);
        blocs.push(atelier.bloc(TypeListe::AuChoix, "Matières au choix", Some((n, n)), au_choix));
    }
    let premier = blocs.remove(0);
    let mut etape = etape(atelier, p, u8::try_from(rang).unwrap_or(1), None, premier);
    etape.blocs.extend(blocs);
    etape
}

fn niveau(p: &Programme, rang: u8) -> String {
    match p.type_diplome {
        "Licence" => format!("L{rang}"),
        "Master" => format!("M{rang}"),
        "Capacité" => format!("Capacité {rang}"),
        t => t.to_owned(),
    }
}

fn etape(
    atelier: &mut Atelier<'_>,
    p: &Programme,
    rang: u8,
    ects: Option<Centi>,
    bloc: super::super::Bloc,
) -> EtapeKofr {
    let nom = p.discipline.nom;
    let libelle = match p.type_diplome {
        "DAEU" => p.libelle(),
        "Capacité" => format!("Capacité en droit, année {rang}"),
        _ => match p.nom_parcours() {
            Some(parcours) => format!("{} {nom}, {parcours}", niveau(p, rang)),
            None => format!("{} {nom}", niveau(p, rang)),
        },
    };
    EtapeKofr {
        id: format!(
            "T{}-{:05}",
            atelier.maquette.annee_debut % 100,
            atelier.maquette.formations.len() * 10 + usize::from(rang)
        ),
        code_etape: None,
        version_etape: None,
        libelle,
        rang,
        ects,
        blocs: vec![bloc],
    }
}
