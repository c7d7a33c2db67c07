use chrono::{Datelike, NaiveDate};

use super::design::design_2019;
use super::pour::{Style, pour};
use super::{Index, Options, World, cases, evolve, exams, people, referentiels, teachers};

/// Smallest sizes in which every hard case finds its place.
const MINIMUM: Options = Options {
    seed: 0,
    etudiants: people::MINIMUM,
    etapes: 24,
    elements: 420,
    liens: None,
    enseignants: 12,
    date: NaiveDate::MIN,
};

impl Options {
    /// The sizes that will be made: those asked, or the least that holds every hard case.
    #[must_use]
    pub fn bornees(&self) -> Self {
        let etapes = self.etapes.max(MINIMUM.etapes);
        Self {
            etudiants: self.etudiants.max(MINIMUM.etudiants),
            etapes,
            // An étape of its own needs ten elements to be one.
            elements: self.elements.max(MINIMUM.elements).max(etapes * 10 + 180),
            enseignants: self.enseignants.max(MINIMUM.enseignants),
            ..self.clone()
        }
    }
}

impl World {
    /// A university, the same for the same options: its offer of 2019–2024 in Apogée, that of 2024–2029 in Kofr alone, two years of
    /// registrations, two years of teachers, and every hard case of [`cases`](super::cases()). Sizes too small for them are raised
    /// ([`Options::bornees`]).
    #[must_use]
    pub fn generate(options: impl std::borrow::Borrow<Options>) -> Self {
        let options = options.borrow().bornees();
        let mut world = Self::empty(&options);
        world.enseignants = teachers::teachers(options.seed, options.enseignants);
        let responsables = teachers::responsables(&world.enseignants);
        world.maquettes.push(design_2019(&options, &responsables));
        pour(&mut world, 0, STYLE_2019);
        if let Some(old) = world.maquettes.first() {
            let (next, truth) = evolve::evolve(options.seed, old, &responsables);
            world.maquettes.push(next);
            world.verite = truth;
        }
        cases::apogee::disturb(&mut world);
        world.set_date(options.date);
        exams::papers(&mut world, 0);
        for annee in [2022, 2023] {
            world.periodes_examen.extend(exams::periods(annee));
        }
        // Registrations are made by looking the offer up.
        world.touch();
        people::populate(&mut world, options.etudiants);
        world.services = teachers::services(&world, options.seed);
        world.touch();
        world.generation = 1;
        world
    }

    /// Pours the accreditation that was held apart: new diplomas or versions, étapes, lists, elements, under new codes. The old one stays, closed to
    /// registrations after its last year. A second call does nothing and says so.
    pub fn pour_new_accreditation(&mut self) -> bool {
        let Some(rank) = self.maquettes.iter().position(|m| m.etat != "versee") else { return false };
        let from = self.elements.len();
        pour(self, rank, STYLE_2024);
        if let Some(new) = self.maquettes.get(rank) {
            evolve::name_truth(&mut self.verite, new);
        }
        exams::papers(self, from);
        self.touch();
        true
    }

    /// Whether [`World::pour_new_accreditation`] was done.
    #[must_use]
    pub fn accreditation_versee(&self) -> bool {
        self.maquettes.iter().all(|m| m.etat == "versee")
    }

    fn empty(options: &Options) -> Self {
        Self {
            options: options.clone(),
            date: options.date,
            generation: 0,
            etablissement: String::from("Université de Franche-Comté (bac à sable)"),
            annees: referentiels::annees(2019, u16::try_from(options.date.year()).unwrap_or(2024).max(2024)),
            composantes: referentiels::composantes(),
            natures: referentiels::natures(),
            periodes: referentiels::periodes(),
            types_diplome: referentiels::types_diplome(),
            regimes: referentiels::regimes(),
            signataires: referentiels::signataires(),
            centres: referentiels::centres(),
            centres_gestion: referentiels::centres(),
            diplomes: vec![],
            versions_diplome: vec![],
            etapes: vec![],
            versions_etape: vec![],
            vdi_vet: vec![],
            listes: vec![],
            elements: vec![],
            vet_lse: vec![],
            lse_elp: vec![],
            elp_lse: vec![],
            heures: vec![],
            correspondances: vec![],
            portages: vec![],
            periodes_examen: vec![],
            epreuves: vec![],
            epreuves_elements: vec![],
            etudiants: vec![],
            ia_annuelles: vec![],
            ia_etapes: vec![],
            ip: vec![],
            resultats_elements: vec![],
            resultats_etapes: vec![],
            resultats_vdi: vec![],
            enseignants: vec![],
            services: vec![],
            maquettes: vec![],
            verite: vec![],
            index: Index::default(),
        }
    }
}

const STYLE_2019: Style = Style {
    accreditation: '3',
    year_first: true,
    validation_fin: 2025,
    heures: &[2022, 2023],
    jour: day(2019, 3, 1),
};

const STYLE_2024: Style = Style {
    accreditation: '6',
    year_first: false,
    validation_fin: 2030,
    heures: &[2024],
    jour: day(2024, 3, 18),
};

const fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(y, m, d) {
        Some(day) => day,
        None => NaiveDate::MIN,
    }
}
