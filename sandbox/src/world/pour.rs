//! Pouring a design into Apogée's tables: what a clerk does by hand or OReOF by web service. Every object without a code gets one, in
//! Apogée and in Kofr together.

use std::collections::{HashMap, HashSet};

use chrono::{Datelike, NaiveDate};
use kernel::{AnneeUniversitaire, Centi};

use super::codes::{Codes, cut};
use super::{
    Bloc, Diplome, Element, ElementKofr, ElpLse, Etape, EtapeKofr, Formation, Heure, Liste, LseElp, Maquette,
    TypeHeure, TypeListe, VdiVet, VersionDiplomeRow, VersionEtapeRow, VetLse, World,
};

/// How one accreditation writes its codes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    /// First character of the codes of diplomas and étapes.
    pub accreditation: char,
    /// Whether the year comes before the letter of the kind in codes of elements: `PSY1U01` and not `PSYU101`.
    pub year_first: bool,
    /// Last year in which degrees may be awarded.
    pub validation_fin: u16,
    /// Years for which hours are entered.
    pub heures: &'static [u16],
    /// Day on which the rows are created.
    pub jour: NaiveDate,
}

/// Every code that the tables hold.
pub(super) fn codes_of(world: &World) -> Taken {
    let mut taken = Taken::default();
    world.diplomes.iter().for_each(|r| taken.diplomes.reserve(r.code.as_str()));
    world.etapes.iter().for_each(|r| taken.etapes.reserve(r.code.as_str()));
    world.listes.iter().for_each(|r| taken.listes.reserve(r.code.as_str()));
    world.elements.iter().for_each(|r| taken.elements.reserve(r.code.as_str()));
    taken
}

/// Codes in use, by kind: the four kinds are four name spaces.
#[derive(Clone, Debug, Default)]
pub(super) struct Taken {
    pub diplomes: Codes,
    pub etapes: Codes,
    pub listes: Codes,
    pub elements: Codes,
}

/// Pours the design at `rank` in [`World::maquettes`]. Codes already in it are kept; étapes that no code was given to get new ones.
pub(super) fn pour(world: &mut World, rank: usize, style: Style) {
    let mut taken = codes_of(world);
    let Some(mut maquette) = world.maquettes.get(rank).cloned() else { return };
    reserve_preset(&maquette, &mut taken);
    name_elements(&mut maquette, style, &mut taken);
    let diplomes = world.diplomes.iter().map(|d| d.code.0.clone()).collect();
    let etapes = world.etapes.iter().map(|e| e.code.0.clone()).collect();
    let (debut, fin) = (maquette.annee_debut, maquette.annee_fin);
    let mut pouring = Pouring { world, style, taken, listes: HashMap::new(), diplomes, etapes, debut, fin };
    let Maquette { formations, elements, .. } = &mut maquette;
    for formation in formations.iter_mut() {
        pouring.formation(formation, elements);
    }
    for at in 0..elements.len() {
        pouring.element(elements, at);
    }
    maquette.etat = String::from("versee");
    if let Some(slot) = world.maquettes.get_mut(rank) {
        *slot = maquette;
    }
}

fn reserve_preset(maquette: &Maquette, taken: &mut Taken) {
    for formation in &maquette.formations {
        formation.code_diplome.iter().for_each(|c| taken.diplomes.reserve(c.as_str()));
        for etape in &formation.etapes {
            etape.code_etape.iter().for_each(|c| taken.etapes.reserve(c.as_str()));
        }
    }
    for element in &maquette.elements {
        element.code_elp.iter().for_each(|c| taken.elements.reserve(c.as_str()));
        element
            .blocs
            .iter()
            .filter_map(|b| b.code_liste.as_ref())
            .for_each(|c| taken.listes.reserve(c.as_str()));
    }
    let tops = maquette.formations.iter().flat_map(|f| &f.etapes).flat_map(|e| &e.blocs);
    tops.filter_map(|b| b.code_liste.as_ref()).for_each(|c| taken.listes.reserve(c.as_str()));
}

/// Names every element first, because a list may hold one that comes later in the table.
fn name_elements(maquette: &mut Maquette, style: Style, taken: &mut Taken) {
    for element in maquette.elements.iter_mut().filter(|e| e.code_elp.is_none()) {
        let letter = match element.nature.as_str() {
            "SEM" => 'S',
            "UE" => 'U',
            "MOD" => 'M',
            "EC" => 'E',
            _ => 'O',
        };
        let (d, annee) = (&element.discipline, element.annee_etude);
        let stem =
            if style.year_first { format!("{d}{annee}{letter}") } else { format!("{d}{letter}{annee}") };
        element.code_elp = Some(taken.elements.numbered(&stem, 2, 8).into());
    }
}

struct Pouring<'w> {
    world: &'w mut World,
    style: Style,
    taken: Taken,
    /// Lists already poured, by the identifier of their bloc: a bloc under two parents is one list.
    listes: HashMap<String, String>,
    /// Diplomas and étapes that stand: a version may be poured under one of them.
    diplomes: HashSet<String>,
    etapes: HashSet<String>,
    debut: u16,
    fin: u16,
}

impl Pouring<'_> {
    fn formation(&mut self, f: &mut Formation, elements: &[ElementKofr]) {
        let letter = match f.type_diplome.as_str() {
            "Licence" => 'L',
            "Master" => 'M',
            "DAEU" => 'D',
            "Capacité" => 'C',
            _ => 'U',
        };
        let stem = format!("{}{letter}{}", self.style.accreditation, f.discipline);
        let code = f.code_diplome.clone().unwrap_or_else(|| {
            let code =
                self.taken.diplomes.exact(&stem).unwrap_or_else(|| self.taken.diplomes.numbered(&stem, 1, 7));
            code.into()
        });
        let (cycle, type_diplome, nature) = match letter {
            'L' => (1, "XB", "10"),
            'M' => (2, "XA", "20"),
            'D' => (0, "AC", "30"),
            'C' => (1, "CA", "40"),
            _ => (1, "DU", "90"),
        };
        if self.diplomes.insert(code.0.clone()) {
            self.world.diplomes.push(Diplome {
                code: code.clone(),
                libelle: cut(&f.libelle, 60),
                libelle_court: cut(&f.libelle, 25),
                cycle,
                type_diplome: type_diplome.to_owned(),
                nature: nature.to_owned(),
            });
        }
        let version = f.version_diplome.clone().unwrap_or_else(|| "101".into());
        self.world.versions_diplome.push(VersionDiplomeRow {
            diplome: code.clone(),
            version: version.clone(),
            libelle_court: cut(&f.libelle, 25),
            libelle_web: cut(&f.libelle, 120),
            mention: f.mention.clone(),
            recrutement_debut: self.debut,
            recrutement_fin: self.fin,
            validation_debut: self.debut,
            validation_fin: self.style.validation_fin,
            composante: f.composante.clone(),
            ects: f.etapes.iter().map(|e| e.ects).sum::<Option<Centi>>(),
        });
        let regimes =
            if f.regimes.iter().any(|r| r == "FI") { vec!["1", "2", "3", "5"] } else { vec!["2", "3", "5"] };
        f.code_diplome = Some(code.clone());
        f.version_diplome = Some(version.clone());
        let (type_formation, composante) = (f.type_diplome.clone(), f.composante.clone());
        for etape in &mut f.etapes {
            self.etape(etape, (&stem, cycle, &type_formation), &regimes, &composante, elements);
            let (Some(code_etape), Some(version_etape)) = (&etape.code_etape, &etape.version_etape) else {
                continue;
            };
            self.world.vdi_vet.push(VdiVet {
                diplome: code.clone(),
                version_diplome: version.clone(),
                etape: code_etape.clone(),
                version_etape: version_etape.clone(),
                recrutement_debut: self.debut,
                recrutement_fin: self.fin,
                validation_debut: self.debut,
                validation_fin: self.style.validation_fin,
                rang: etape.rang,
            });
        }
    }

    fn etape(
        &mut self,
        etape: &mut EtapeKofr,
        (stem, cycle, type_formation): (&str, u8, &str),
        regimes: &[&str],
        composante: &kernel::CodeComposante,
        elements: &[ElementKofr],
    ) {
        let wanted = format!("{stem}{}", etape.rang);
        let code = etape.code_etape.clone().unwrap_or_else(|| {
            let given = if wanted.len() <= 6 { self.taken.etapes.exact(&wanted) } else { None };
            given.unwrap_or_else(|| self.taken.etapes.numbered(stem, 1, 6)).into()
        });
        if self.etapes.insert(code.0.clone()) {
            self.world.etapes.push(Etape {
                code: code.clone(),
                libelle: cut(&etape.libelle, 60),
                libelle_court: cut(&etape.libelle, 25),
                cycle,
                cursus: match type_formation {
                    "Licence" => Some(String::from("L")),
                    "Master" => Some(String::from("M")),
                    _ => None,
                },
            });
        }
        let version = etape.version_etape.clone().unwrap_or_else(|| "101".into());
        self.world.versions_etape.push(VersionEtapeRow {
            etape: code.clone(),
            version: version.clone(),
            libelle_web: cut(&format!("{} (à distance)", etape.libelle), 120),
            commentaire: None,
            composante: composante.clone(),
            duree: String::from("1A"),
            ects: etape.ects,
            tele_enseignement: true,
            regimes: regimes.iter().map(|r| (*r).to_owned()).collect(),
        });
        etape.code_etape = Some(code.clone());
        etape.version_etape = Some(version.clone());
        for bloc in &mut etape.blocs {
            let liste =
                self.liste(bloc, elements, &format!("L{}", code.as_str().get(1..).unwrap_or_default()));
            self.world.vet_lse.push(VetLse {
                etape: code.clone(),
                version: version.clone(),
                liste,
                min: bornes(bloc).0,
                max: bornes(bloc).1,
                cree_le: self.style.jour,
                ferme_le: None,
            });
        }
    }

    /// The list of a bloc, poured once whatever the number of its parents.
    fn liste(&mut self, bloc: &mut Bloc, elements: &[ElementKofr], stem: &str) -> kernel::CodeListe {
        if let Some(code) = self.listes.get(&bloc.id) {
            bloc.code_liste = Some(code.clone().into());
            return code.clone().into();
        }
        let code = match &bloc.code_liste {
            Some(code) => code.0.clone(),
            None => self.taken.listes.numbered(stem, 2, 8),
        };
        self.listes.insert(bloc.id.clone(), code.clone());
        bloc.code_liste = Some(code.clone().into());
        self.world.listes.push(Liste {
            code: code.clone().into(),
            type_liste: bloc.type_bloc,
            ouverte: true,
            libelle: cut(&bloc.libelle, 60),
            libelle_court: cut(&bloc.libelle, 25),
        });
        let codes = bloc.elements.iter().filter_map(|at| elements.get(*at as usize)?.code_elp.clone());
        self.world.lse_elp.extend(codes.map(|element| LseElp { liste: code.clone().into(), element }));
        code.into()
    }

    fn element(&mut self, elements: &mut [ElementKofr], at: usize) {
        let Some(element) = elements.get(at) else { return };
        let Some(code) = element.code_elp.clone() else { return };
        let h = element.heures;
        let par_type =
            [(TypeHeure::Cm, h.cm), (TypeHeure::Td, h.td), (TypeHeure::Tp, h.tp), (TypeHeure::Ead, h.ead)];
        let total: Centi = par_type.iter().map(|(_, heures)| *heures).sum();
        let feuille = element.blocs.is_empty();
        let jour = self.style.jour;
        let modifie = element.modifie_du(jour);
        self.world.elements.push(Element {
            code: code.clone(),
            libelle: cut(&element.libelle, 60),
            libelle_court: cut(&element.libelle_court, 25),
            nature: element.nature.clone(),
            composante: element.composante.clone(),
            periode: Some(element.semestre.map_or_else(|| String::from("AN"), periode)),
            ects: element.ects,
            volume: feuille.then_some(total),
            unite_volume: feuille.then(|| String::from("HE")),
            ouvert: true,
            suspendu: false,
            motif_suspension: None,
            a_distance: true,
            cree_le: jour,
            modifie_le: modifie,
        });
        if feuille {
            for annee in self.style.heures.iter().copied().filter_map(AnneeUniversitaire::new) {
                let rows =
                    par_type.into_iter().filter(|(t, heures)| *heures != Centi::ZERO || *t == TypeHeure::Cm);
                self.world.heures.extend(rows.map(|(type_heure, heures)| Heure {
                    annee,
                    element: code.clone(),
                    type_heure,
                    heures,
                }));
            }
        }
        let mut blocs = element.blocs.clone();
        let stem = format!("L{}", code.as_str().get(..4).unwrap_or("ELP"));
        for (ordre, bloc) in (1..).zip(&mut blocs) {
            let liste = self.liste(bloc, elements, &stem);
            self.world.elp_lse.push(ElpLse {
                element: code.clone(),
                liste,
                min: bornes(bloc).0,
                max: bornes(bloc).1,
                ordre,
                cree_le: jour,
                ferme_le: None,
            });
        }
        if let Some(element) = elements.get_mut(at) {
            element.blocs = blocs;
        }
    }
}

/// COD_PEL of a semester: two characters, so that the tenth goes without its letter.
fn periode(semestre: u8) -> String {
    if semestre < 10 { format!("S{semestre}") } else { semestre.to_string() }
}

/// Bounds as Apogée holds them: none on an obligatory list.
fn bornes(bloc: &Bloc) -> (Option<u8>, Option<u8>) {
    match bloc.type_bloc {
        TypeListe::Obligatoire => (None, None),
        TypeListe::AuChoix | TypeListe::Facultative => (bloc.min, bloc.max),
    }
}

impl ElementKofr {
    /// One element in three was touched again after its creation; which ones follows from their rank, not from chance.
    fn modifie_du(&self, creation: NaiveDate) -> Option<NaiveDate> {
        let n = u32::from(self.rang) + u32::from(self.annee_etude);
        n.is_multiple_of(3).then(|| creation.with_year(creation.year() + 1)).flatten()
    }
}
