//! Hard cases of people: students under numbers fixed in advance, `21900001` and following.

use chrono::NaiveDate;
use kernel::Centi;

use super::super::people::Demande;
use super::super::people::{Registrar, Students};
use super::super::{Adresse, Dispense, EtatIa, Etudiant, InscriptionPedagogique, Sexe, World};

/// How many students are hard cases: the first of the table.
pub(in crate::world) const CASE_STUDENTS: usize = 30;

/// Adds them, with their registrations.
pub(in crate::world) fn case_students(world: &mut World, students: &mut Students, r: &mut Registrar) {
    for rank in 1..=CASE_STUDENTS {
        let rank = u32::try_from(rank).unwrap_or_default();
        let (nom, prenom, sexe) = identity(rank);
        let mut student = students.case(rank, nom, prenom, sexe);
        adjust(rank, &mut student);
        let at = super::super::index::position(world.etudiants.len());
        world.etudiants.push(student);
        register(rank, at, world, r);
    }
}

/// Name, first name, sex. Names of the hard spellings first; ordinary ones for the cases of registration.
fn identity(rank: u32) -> (&'static str, &'static str, Sexe) {
    match rank {
        1 => ("N'Guyen-Đặng", "Thị Mai", Sexe::F),
        2 => ("D’Épinay", "Louise-Florence", Sexe::F),
        3 => ("Wójcik", "Łukasz", Sexe::M),
        4 => ("O", "JUN", Sexe::M),
        5 => ("الخطيب", "ليلى", Sexe::F),
        6 => ("de la Fressange", "INES", Sexe::F),
        7 => ("FERREIRA DA SILVA DOS SANTOS M", "MARIA", Sexe::F),
        8 => ("MOUGIN", "ELODIE", Sexe::F),
        9 => ("GROSJEAN", "QUENTIN", Sexe::M),
        10 => ("VUILLEMIN", "FABIEN", Sexe::M),
        11 => ("FAIVRE", "NOEMIE", Sexe::F),
        12 => ("TISSOT", "BAPTISTE", Sexe::M),
        13 => ("BOILLOT", "CORALIE", Sexe::F),
        14 => ("JACQUOT", "CEDRIC", Sexe::M),
        15 => ("CUENOT", "HELENE", Sexe::F),
        16 => ("PAYET", "YANN", Sexe::M),
        17 => ("VIENNET", "MATHILDE", Sexe::F),
        18 => ("MAIRE", "ETIENNE", Sexe::M),
        19 => ("CATTIN", "JUSTINE", Sexe::F),
        20 => ("PRETOT", "ROMAIN", Sexe::M),
        21 => ("JEANNIN", "ALICE", Sexe::F),
        22 => ("BOURGON", "Camille", Sexe::F),
        23 => ("TEST", "DOUBLONS", Sexe::M),
        24 => ("HADDAD", "RIMA", Sexe::F),
        25 => ("ROUX", "LOIC", Sexe::M),
        26 => ("COURVOISIER", "AGATHE", Sexe::F),
        27 => ("SAINT-HILLIER", "STEPHANE", Sexe::M),
        28 => ("LE GOFF", "AUDREY", Sexe::F),
        29 => ("DE LA TOUR", "PAUL", Sexe::M),
        _ => ("DURAND", "CLAIRE", Sexe::F),
    }
}

fn adjust(rank: u32, e: &mut Etudiant) {
    let foreign = |ligne: &str, ville: &str, pays: &str, nom: &str| Adresse {
        ligne1: ligne.to_owned(),
        ligne2: None,
        ligne3: None,
        ville_etrangere: Some(ville.to_owned()),
        code_postal: None,
        code_insee: None,
        commune: None,
        pays: pays.to_owned(),
        pays_libelle: nom.to_owned(),
        telephone: None,
    };
    let pair = |c: &str, l: &str| Some((c.to_owned(), l.to_owned()));
    e.nom_usuel = None;
    match rank {
        15 => {
            e.adresse_annuelle = foreign("2-3-1 KAGURAZAKA, SHINJUKU-KU", "TOKYO 162-0825", "217", "JAPON");
            e.adresse_fixe = e.adresse_annuelle.clone();
        }
        16 => {
            e.adresse_annuelle = Adresse {
                code_postal: Some(String::from("98800")),
                code_insee: Some(String::from("98818")),
                commune: Some(String::from("YANN")),
                ville_etrangere: None,
                ..foreign("12 RUE DE L ALMA", "", "100", "FRANCE")
            };
        }
        17 => e.nom_usuel = Some(String::from("LEFEBVRE")),
        21 => e.ine = None,
        22 => {
            e.prenom_etat_civil = Some(String::from("Nicolas"));
            e.sexe_etat_civil = Sexe::M;
        }
        24 => {
            e.naissance_estimee = true;
            e.naissance = NaiveDate::from_ymd_opt(1985, 1, 1).unwrap_or_default();
            e.departement_naissance = None;
            e.pays_naissance = pair("205", "LIBAN");
        }
        26 => e.handicap = pair("M", "Troubles moteurs"),
        _ => {}
    }
}

fn register(rank: u32, at: u32, world: &World, r: &mut Registrar) {
    let nth = |n: usize| r.nth(n);
    let (Some((etape, version)), Some((autre, version_autre))) = (nth(4), nth(7)) else { return };
    let ici = |annee| Demande::new(annee, &etape, &version);
    match rank {
        8 => {
            r.yearly(at, 2023, EtatIa::EnCours, "1");
            r.register(world, at, Demande { etat: EtatIa::Annulee, payee: false, ..ici(2023) });
            r.register(world, at, Demande { occurrence: 2, ..ici(2023) });
        }
        9 => {
            r.yearly(at, 2023, EtatIa::EnCours, "1");
            r.register(world, at, ici(2023));
            r.register(world, at, Demande { premiere: false, ..Demande::new(2023, &autre, &version_autre) });
            r.register(world, at, Demande { premiere: false, ..Demande::new(2023, "5UIFD1", "101") });
        }
        10 => {
            for (annee, nb_etape) in [(2022, 1), (2023, 2)] {
                r.yearly(at, annee, EtatIa::EnCours, "1");
                r.register(world, at, Demande { nb_etape, ..ici(annee) });
            }
        }
        11 | 27 => {
            let regime = if rank == 27 { "2" } else { "1" };
            r.yearly(at, 2023, EtatIa::EnCours, regime);
            r.register(world, at, Demande { payee: false, regime, ..ici(2023) });
        }
        12 | 13 => {
            r.yearly(at, 2022, EtatIa::EnCours, "1");
            r.register(world, at, Demande::new(2022, "5UIFD1", "101"));
            r.yearly(at, 2023, EtatIa::EnCours, "1");
            let before = r.ip_mut().len();
            r.register(world, at, Demande { nb_etape: 2, ..Demande::new(2023, "5UIFD1", "101") });
            let dispense = Dispense {
                note: Some(Centi(1350)),
                decidee_le: NaiveDate::from_ymd_opt(2023, 10, 12).unwrap_or_default(),
            };
            let courses = r.ip_mut().iter_mut().skip(before).filter(|ip| ip.rang > 1);
            for (n, ip) in courses.take(3).enumerate() {
                ip.prc = rank == 12;
                // The first exemption carries a mark, the others do not.
                ip.dispense =
                    (rank == 13).then_some(Dispense { note: dispense.note.filter(|_| n == 0), ..dispense });
            }
        }
        14 => {
            // The year says financed continuing education, the étape says apprenticeship.
            r.yearly(at, 2022, EtatIa::EnCours, "5");
            r.register(world, at, Demande { regime: "5", ..ici(2022) });
            r.yearly(at, 2023, EtatIa::EnCours, "2");
            r.register(world, at, Demande { regime: "4", nb_etape: 2, ..ici(2023) });
        }
        18 => {
            r.yearly(at, 2023, EtatIa::Resiliee, "1");
            r.register(world, at, Demande { etat: EtatIa::Resiliee, ..ici(2023) });
        }
        19 => {
            r.yearly(at, 2023, EtatIa::EnCours, "2");
            r.register(world, at, Demande { pedagogique: false, regime: "2", ..ici(2023) });
        }
        // Nothing at all: every question about registrations is answered by a fault.
        20 => {}
        25 => {
            r.yearly(at, 2023, EtatIa::EnCours, "1");
            r.register(world, at, Demande::new(2023, "5UIFD1", "101"));
            suspended(at, world, r);
        }
        28 => r.yearly(at, 2023, EtatIa::EnCours, "1"),
        29 => {
            r.yearly(at, 2023, EtatIa::EnCours, "1");
            r.register(world, at, Demande::new(2023, "5ULNG1", "101"));
        }
        30 => {
            for (annee, version, nb_etape) in [(2021, "101", 1), (2022, "102", 2), (2023, "103", 3)] {
                r.yearly(at, annee, EtatIa::EnCours, "3");
                r.register(
                    world,
                    at,
                    Demande { regime: "3", nb_etape, ..Demande::new(annee, "5UVRS1", version) },
                );
            }
        }
        _ => {
            r.yearly(at, 2023, EtatIa::EnCours, "1");
            r.register(world, at, ici(2023));
        }
    }
}

/// A registration to an element that has been suspended since.
fn suspended(at: u32, world: &World, r: &mut Registrar) {
    let (Some((element, _)), Some((sup, _)), Some((liste, _))) =
        (world.element("IFD1E21"), world.element("IFD1S01"), world.liste("LIFDFAC"))
    else {
        return;
    };
    if let Some(model) = r.ip_mut().last().cloned() {
        r.ip_mut().push(InscriptionPedagogique {
            etudiant: at,
            element,
            element_sup: Some(sup),
            liste,
            rang: 2,
            ..model
        });
    }
}
