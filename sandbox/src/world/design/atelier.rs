use chrono::{DateTime, Duration, TimeZone, Utc};
use kernel::{Centi, CodeNature};

use super::super::dice::Dice;
use super::super::vocab::{DEBOUCHES, Discipline, OBJECTIFS, OUVRAGES, angles};
use super::super::{Bloc, ElementKofr, Formation, Groupes, HeuresKofr, Maquette, ResponsableKofr, TypeListe};
use super::catalogue::Programme;
use super::controles::controles;

/// Where designs are made: a maquette in progress, chance, and the teachers who may be responsible.
pub(in crate::world) struct Atelier<'t> {
    /// The design so far.
    pub maquette: Maquette,
    /// Chance.
    pub dice: Dice,
    /// Electives that other étapes may open: (semester, position of an element worth 3 ECTS).
    pub electives: Vec<(u8, u32)>,
    /// Stem of the codes of what is being designed, when it is not that of the discipline.
    pub stem: Option<String>,
    /// Subjects used lately: an étape does not teach one twice while others remain.
    recent: Vec<&'static str>,
    responsables: &'t [(String, ResponsableKofr)],
    blocs: u32,
    prefix: u16,
}

/// What a UE is made of.
#[derive(Clone, Copy, Debug)]
pub(in crate::world) struct UeSpec {
    /// Discipline.
    pub discipline: &'static Discipline,
    /// Year of study from 1.
    pub annee: u8,
    /// Semester from 1.
    pub semestre: u8,
    /// Order among siblings.
    pub rang: u16,
    /// Credits.
    pub ects: Centi,
    /// Number of courses below; 0 makes a UE that is taught whole.
    pub ecs: usize,
}

impl<'t> Atelier<'t> {
    pub(in crate::world) fn new(
        seed: u64,
        annee_debut: u16,
        annee_fin: u16,
        responsables: &'t [(String, ResponsableKofr)],
    ) -> Self {
        Self {
            maquette: Maquette {
                annee_debut,
                annee_fin,
                libelle: format!("Accréditation {annee_debut}-{}", annee_fin + 1),
                etat: String::from("validee"),
                formations: Vec::new(),
                elements: Vec::new(),
            },
            dice: Dice::new(seed, u64::from(annee_debut)),
            electives: Vec::new(),
            stem: None,
            recent: Vec::new(),
            responsables,
            blocs: 0,
            prefix: annee_debut % 100,
        }
    }

    /// Continues a design that exists, with the identifiers that follow.
    pub(in crate::world) fn resume(
        seed: u64,
        maquette: Maquette,
        blocs: u32,
        responsables: &'t [(String, ResponsableKofr)],
    ) -> Self {
        let prefix = maquette.annee_debut % 100;
        let dice = Dice::new(seed, u64::from(maquette.annee_debut));
        Self {
            maquette,
            dice,
            electives: Vec::new(),
            stem: None,
            recent: Vec::new(),
            responsables,
            blocs,
            prefix,
        }
    }

    /// Étapes designed so far.
    pub(in crate::world) fn etapes(&self) -> usize {
        self.maquette.formations.iter().map(|f| f.etapes.len()).sum()
    }

    /// Forgets the subjects of the étape before.
    pub(in crate::world) fn begin_etape(&mut self) {
        self.recent.clear();
    }

    /// A programme without étapes.
    pub(in crate::world) fn formation(&mut self, p: &Programme) -> Formation {
        let d = p.discipline;
        let regimes: &[&str] = if p.type_diplome == "DAEU" { &["FC"] } else { &["FI", "FC"] };
        let objectifs = self.dice.word(OBJECTIFS).replace("{}", &d.nom.to_lowercase());
        let composante = if matches!(p.type_diplome, "DAEU" | "DU") { "SED" } else { d.composante };
        Formation {
            id: format!("F{}-{:04}", self.prefix, self.maquette.formations.len() + 1),
            code_diplome: None,
            version_diplome: None,
            libelle: p.libelle(),
            mention: d.nom.to_owned(),
            domaine: d.domaine.to_owned(),
            type_diplome: p.type_diplome.to_owned(),
            discipline: match (p.type_diplome, p.option) {
                ("DAEU", Some('A')) => String::from("DUA"),
                ("DAEU", _) => String::from("DUB"),
                ("Capacité", _) => String::from("CAP"),
                _ => d.code.to_owned(),
            },
            composante: composante.into(),
            responsable: self.responsable(d.composante),
            regimes: regimes.iter().map(|r| (*r).to_owned()).collect(),
            objectifs,
            debouches: self.dice.word(DEBOUCHES).to_owned(),
            modifie_le: self.instant(),
            etapes: Vec::new(),
        }
    }

    /// A new bloc with its own identifier.
    pub(in crate::world) fn bloc(
        &mut self,
        type_bloc: TypeListe,
        libelle: impl Into<String>,
        bornes: Option<(u8, u8)>,
        elements: Vec<u32>,
    ) -> Bloc {
        self.blocs += 1;
        Bloc {
            id: format!("B{}-{:06}", self.prefix, self.blocs),
            code_liste: None,
            libelle: libelle.into(),
            type_bloc,
            min: bornes.map(|b| b.0),
            max: bornes.map(|b| b.1),
            elements,
        }
    }

    /// A new element, without hours.
    pub(in crate::world) fn element(
        &mut self,
        nature: &str,
        libelle: impl Into<String>,
        ects: Option<Centi>,
        place: (&'static Discipline, u8, Option<u8>, u16),
    ) -> u32 {
        let (d, annee_etude, semestre, rang) = place;
        let libelle: String = libelle.into();
        let at = u32::try_from(self.maquette.elements.len()).unwrap_or(u32::MAX);
        self.maquette.elements.push(ElementKofr {
            id: format!("E{}-{:06}", self.prefix, at + 1),
            code_elp: None,
            nature: CodeNature::from(nature),
            libelle_court: libelle.chars().take(25).collect::<String>().trim_end().to_owned(),
            libelle,
            rang,
            annee_etude,
            semestre,
            discipline: self.stem.clone().unwrap_or_else(|| d.code.to_owned()),
            composante: d.composante.into(),
            ects,
            heures: HeuresKofr::default(),
            groupes: Groupes::default(),
            langue: String::from("fr"),
            responsable: None,
            mccc: Vec::new(),
            description: None,
            prerequis: None,
            bibliographie: None,
            blocs: Vec::new(),
        });
        at
    }

    /// Gives a leaf what a course has: hours in proportion of its credits, groups, assessment, texts, a person responsible.
    pub(in crate::world) fn teach(&mut self, at: u32, d: &'static Discipline) {
        let responsable = if self.dice.percent(85) { self.responsable(d.composante) } else { None };
        let tp = matches!(d.composante, "SCT") && self.dice.percent(50);
        let oral = self.dice.percent(12);
        let minutes = [None, Some(120_u16), Some(120), Some(180), Some(240)].get(self.dice.below(5)).copied();
        let ouvrage = self.dice.word(OUVRAGES);
        let texte = self.dice.percent(70);
        let quarts = self.dice.between(0, 3);
        let Some(element) = self.maquette.elements.get_mut(at as usize) else { return };
        let credits = element.ects.map_or(300, |e| e.0.max(100));
        // About 8 hours at a distance and 17 of personal work per credit, in quarters of an hour.
        let heures = |par_credit: i64| Centi((credits * par_credit / 100) / 25 * 25);
        element.heures = HeuresKofr {
            cm: heures(200) + Centi(quarts * 25),
            td: heures(150),
            tp: if tp { heures(100) } else { Centi::ZERO },
            ead: heures(400),
            travail_personnel: heures(1700),
        };
        element.groupes = Groupes { cm: 1, td: 1, tp: u8::from(tp) * 2 };
        element.responsable = responsable;
        element.mccc = controles(minutes.flatten(), oral, quarts == 3);
        if texte {
            let sujet = element.libelle.clone();
            element.description = Some(format!(
                "Ce cours à distance présente : {sujet}. Documents, devoirs corrigés et forum."
            ));
            element.bibliographie =
                Some(format!("{ouvrage} {}.", sujet.split(" : ").next().unwrap_or_default()));
            element.prerequis =
                (element.annee_etude > 1).then(|| String::from("Les enseignements de l'année précédente."));
        }
        if d.nom.ends_with("Anglais") {
            element.langue = String::from("en");
        }
    }

    /// A UE and its courses: `1 + ecs` elements. The credits of the courses add up to those of the UE.
    pub(in crate::world) fn ue(&mut self, spec: UeSpec) -> u32 {
        let theme = self.theme(spec.discipline);
        self.ue_named(spec, theme.to_owned(), theme)
    }

    /// A subject that was not used lately.
    fn theme(&mut self, d: &'static Discipline) -> &'static str {
        let start = self.dice.below(d.themes.len());
        let (before, after) = d.themes.split_at(start);
        let fresh = after.iter().chain(before).copied().find(|t| !self.recent.contains(t));
        let theme = fresh.unwrap_or_else(|| {
            self.recent.clear();
            after.first().copied().unwrap_or_default()
        });
        self.recent.push(theme);
        theme
    }

    /// A UE whose label is given; `theme` begins the labels of its courses.
    pub(in crate::world) fn ue_named(&mut self, spec: UeSpec, libelle: String, theme: &str) -> u32 {
        let UeSpec { discipline: d, annee, semestre, rang, ects, ecs } = spec;
        // The same subject comes back over the years: a numeral tells them apart, as in real catalogues.
        let libelle = if libelle == theme && annee > 1 { format!("{libelle} {annee}") } else { libelle };
        let ue = self.element("UE", libelle, Some(ects), (d, annee, Some(semestre), rang));
        if ecs == 0 {
            self.teach(ue, d);
            return ue;
        }
        let coupes = angles(d.famille);
        let debut = self.dice.below(coupes.len());
        let mut elements = Vec::with_capacity(ecs);
        for (i, part) in split_credits(ects, ecs).into_iter().enumerate() {
            let angle = coupes.get((debut + i) % coupes.len().max(1)).copied().unwrap_or_default();
            let suite = if i < coupes.len() { String::new() } else { format!(" {}", i / coupes.len() + 1) };
            let place = (d, annee, Some(semestre), u16::try_from(i + 1).unwrap_or(u16::MAX));
            let ec = self.element("EC", format!("{theme} : {angle}{suite}"), Some(part), place);
            self.teach(ec, d);
            elements.push(ec);
        }
        let bloc = self.bloc(TypeListe::Obligatoire, format!("Enseignements de l'UE {rang}"), None, elements);
        self.attach(ue, bloc);
        ue
    }

    /// Hangs a bloc under an element.
    pub(in crate::world) fn attach(&mut self, at: u32, bloc: Bloc) {
        if let Some(element) = self.maquette.elements.get_mut(at as usize) {
            element.blocs.push(bloc);
        }
    }

    /// Someone of a component, or of any when it has nobody.
    pub(in crate::world) fn responsable(&mut self, composante: &str) -> Option<ResponsableKofr> {
        let start = self.dice.below(self.responsables.len());
        let (before, after) = self.responsables.split_at(start);
        let mut turn = after.iter().chain(before);
        let found = turn.clone().take(40).find(|(c, _)| c == composante).or_else(|| turn.next());
        found.map(|(_, r)| r.clone())
    }

    /// A moment of the design work: within the two years before the accreditation opens.
    pub(in crate::world) fn instant(&mut self) -> DateTime<Utc> {
        let debut = Utc
            .with_ymd_and_hms(i32::from(self.maquette.annee_debut) - 1, 1, 8, 8, 0, 0)
            .single()
            .unwrap_or_default();
        debut + Duration::minutes(self.dice.between(0, 60 * 24 * 450))
    }

    /// Opens electives of other étapes in optional lists, until the design holds `liens` links.
    pub(in crate::world) fn open_electives(&mut self, liens: usize) {
        let mut total = count_links(&self.maquette);
        let semestres: Vec<u32> = (0..)
            .zip(&self.maquette.elements)
            .filter(|(_, e)| e.nature.as_str() == "SEM")
            .map(|(i, _)| i)
            .collect();
        let mut turn = 0;
        while total < liens && !semestres.is_empty() && !self.electives.is_empty() && turn < liens {
            let Some(&semestre) = semestres.get(turn % semestres.len()) else { break };
            turn += 1;
            let Some((_, choisi)) = self.dice.pick(&self.electives).copied() else { break };
            let Some(element) = self.maquette.elements.get(semestre as usize) else { break };
            let bloc = element
                .blocs
                .iter()
                .position(|b| b.type_bloc == TypeListe::Facultative && b.libelle.starts_with("UE libres"));
            let Some(bloc) = bloc else {
                let bloc = self.bloc(
                    TypeListe::Facultative,
                    "UE libres ouvertes à tous",
                    Some((0, 2)),
                    vec![choisi],
                );
                self.attach(semestre, bloc);
                total += 2;
                continue;
            };
            let element = self.maquette.elements.get_mut(semestre as usize);
            if let Some(bloc) = element.and_then(|e| e.blocs.get_mut(bloc))
                && !bloc.elements.contains(&choisi)
            {
                bloc.elements.push(choisi);
                total += 1;
            }
        }
    }
}

/// Links a design will make in Apogée: one per bloc under its parent, one per element in a bloc.
fn count_links(maquette: &Maquette) -> usize {
    let blocs = |blocs: &[Bloc]| blocs.iter().map(|b| 1 + b.elements.len()).sum::<usize>();
    let tops: usize = maquette.formations.iter().flat_map(|f| &f.etapes).map(|e| blocs(&e.blocs)).sum();
    tops + maquette.elements.iter().map(|e| blocs(&e.blocs)).sum::<usize>()
}

/// Cuts credits in `n` parts of half credits whose sum is exact; a part may be zero when there are more parts than halves.
pub(in crate::world) fn split_credits(ects: Centi, n: usize) -> Vec<Centi> {
    let halves = usize::try_from(ects.0 / 50).unwrap_or_default();
    let n = n.max(1);
    (0..n)
        .map(|i| Centi(i64::try_from((halves / n + usize::from(i < halves % n)) * 50).unwrap_or_default()))
        .collect()
}

/// Label of a list of courses.
pub(in crate::world) fn bloc_label(semestre: u8) -> String {
    format!("UE du semestre {semestre}")
}
