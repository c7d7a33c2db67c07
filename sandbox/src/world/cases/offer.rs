//! Hard cases of the offer. What two designs may hold alike is designed (and poured) like the rest, under codes fixed in advance; what only
//! Apogée or only Kofr would hold is done to the tables afterwards, in [`apogee`](super::apogee).

use kernel::Centi;

use super::super::design::Atelier;
use super::super::vocab::{Discipline, discipline};
use super::super::{Bloc, ElementKofr, EtapeKofr, Formation, Maquette, TypeListe};

/// Étapes of the hard cases, in the order of the tables.
pub(in crate::world) const CASE_ETAPES: [&str; 8] =
    ["5UIFD1", "5UPRO1", "5UBCL1", "5UECT1", "5UORP1", "5ULNG1", "5UFER1", "5UVRS1"];

/// Whether an étape of a design is one of the hard cases.
pub(in crate::world) fn is_case(etape: &EtapeKofr) -> bool {
    etape.code_etape.as_ref().is_some_and(|c| CASE_ETAPES.contains(&c.as_str()))
}

/// A label of exactly 80 characters: Kofr and LIB_WEB_VET keep it, Apogée cuts it at 60.
pub(in crate::world) const LIBELLE_80: &str =
    "Ingénierie pédagogique : concevoir, animer et évaluer un parcours en ligne (2nd)";

/// The discipline that lends its texts and teachers to the cases.
fn host() -> &'static Discipline {
    discipline("EDU").unwrap_or(&FALLBACK)
}

static FALLBACK: Discipline = Discipline {
    code: "EDU",
    nom: "Sciences de l'éducation et de la formation",
    domaine: "Sciences humaines et sociales",
    composante: "SED",
    cnu: "70",
    famille: super::super::vocab::Famille::Humaines,
    themes: &[],
    parcours: &[],
};

/// A desk on which cases are written briefly: codes, natures, credits, lists.
struct Desk<'a, 't> {
    atelier: &'a mut Atelier<'t>,
    annee: u8,
    semestre: u8,
    stem: &'static str,
}

impl Desk<'_, '_> {
    /// An element under a fixed code, with its lists.
    fn e(&mut self, code: &str, nature: &str, libelle: &str, ects: Option<i64>, blocs: Vec<Bloc>) -> u32 {
        let semestre = Some(self.semestre);
        let at =
            self.atelier.element(nature, libelle, ects.map(Centi::unites), (host(), self.annee, semestre, 1));
        if blocs.is_empty() {
            self.atelier.teach(at, host());
        }
        if let Some(element) = self.element(at) {
            element.code_elp = Some(code.into());
            element.blocs = blocs;
        }
        let stem = self.stem;
        if let Some(element) = self.element(at) {
            stem.clone_into(&mut element.discipline);
        }
        at
    }

    fn element(&mut self, at: u32) -> Option<&mut ElementKofr> {
        self.atelier.maquette.elements.get_mut(at as usize)
    }

    fn o(&mut self, code: &str, elements: Vec<u32>) -> Bloc {
        self.l(code, TypeListe::Obligatoire, "Enseignements", None, elements)
    }

    fn x(&mut self, code: &str, (min, max): (u8, u8), elements: Vec<u32>) -> Bloc {
        self.l(code, TypeListe::AuChoix, "Enseignements au choix", Some((min, max)), elements)
    }

    fn f(&mut self, code: &str, max: u8, elements: Vec<u32>) -> Bloc {
        self.l(code, TypeListe::Facultative, "Enseignements facultatifs", Some((0, max)), elements)
    }

    fn l(
        &mut self,
        code: &str,
        t: TypeListe,
        libelle: &str,
        bornes: Option<(u8, u8)>,
        elements: Vec<u32>,
    ) -> Bloc {
        let mut bloc = self.atelier.bloc(t, libelle, bornes, elements);
        bloc.code_liste = Some(code.into());
        bloc
    }

    /// A plain UE with one course.
    fn ue(&mut self, n: u8, libelle: &str, ects: i64) -> u32 {
        let stem = self.stem;
        let ec = self.e(&format!("{stem}1E0{n}"), "EC", &format!("{libelle} : cours"), Some(ects), vec![]);
        let liste = self.o(&format!("L{stem}U0{n}"), vec![ec]);
        self.e(&format!("{stem}1U0{n}"), "UE", libelle, Some(ects), vec![liste])
    }

    /// A semester over lists.
    fn sem(&mut self, n: u8, blocs: Vec<Bloc>) -> u32 {
        let (stem, libelle) = (self.stem, format!("Semestre {n}"));
        self.semestre = n;
        self.e(&format!("{stem}1S0{n}"), "SEM", &libelle, Some(30), blocs)
    }

    /// Closes the étape: its programme, with the semesters under one list.
    fn etape(&mut self, libelle: &str, semestres: Vec<u32>, ects: i64) {
        let stem = self.stem;
        let bloc = self.o(&format!("L{stem}SEM"), semestres);
        let rank = self.atelier.maquette.formations.len() + 1;
        let prefix = self.atelier.maquette.annee_debut % 100;
        let modifie_le = self.atelier.instant();
        let responsable = self.atelier.responsable("SED");
        self.atelier.maquette.formations.push(Formation {
            id: format!("F{prefix}-{rank:04}"),
            code_diplome: Some(format!("5DU{stem}").into()),
            version_diplome: Some("101".into()),
            libelle: format!("DU {libelle}"),
            mention: String::from("Sciences de l'éducation et de la formation"),
            domaine: String::from("Sciences humaines et sociales"),
            type_diplome: String::from("DU"),
            discipline: stem.to_owned(),
            composante: "SED".into(),
            responsable,
            regimes: vec![String::from("FI"), String::from("FC")],
            objectifs: String::from("Former à distance des adultes en activité."),
            debouches: String::from("Métiers de la formation et de l'accompagnement."),
            modifie_le,
            etapes: vec![EtapeKofr {
                id: format!("T{prefix}-{:05}", (rank - 1) * 10 + 1),
                code_etape: Some(format!("5U{stem}1").into()),
                version_etape: Some("101".into()),
                libelle: format!("DU {libelle}"),
                rang: 1,
                ects: Some(Centi::unites(ects)),
                blocs: vec![bloc],
            }],
        });
    }
}

fn desk<'a, 't>(atelier: &'a mut Atelier<'t>, stem: &'static str) -> Desk<'a, 't> {
    Desk { atelier, annee: 1, semestre: 1, stem }
}

/// Writes the programmes of the hard cases, first of the design.
pub(in crate::world) fn case_formations(atelier: &mut Atelier<'_>) {
    ingenierie(&mut desk(atelier, "IFD"));
    depth_of_nine(&mut desk(atelier, "PRO"));
    loop_and_bounds(&mut desk(atelier, "BCL"));
    wrong_sums(&mut desk(atelier, "ECT"));
    small(&mut desk(atelier, "ORP"), "Médiation en bibliothèque");
    small(&mut desk(atelier, "LNG"), "Français langue étrangère");
    small(&mut desk(atelier, "FER"), "Conduite de réunion à distance");
    small(&mut desk(atelier, "VRS"), "Tutorat en ligne");
}

/// The programme that gathers most cases of lists and elements; its credits are right: 30 a semester, 60 a year.
fn ingenierie(d: &mut Desk<'_, '_>) {
    // First semester: codes that others trim, suspended, zero, null, texts.
    let insecable = d.e("IFD\u{a0}E01", "EC", "Scénarisation pédagogique", Some(3), vec![]);
    let espace = d.e("IFD E02", "EC", "Accessibilité des supports", Some(3), vec![]);
    let lu1 = d.o("LIFDU01", vec![insecable, espace]);
    let u1 = d.e("IFD1U01", "UE", "Concevoir", Some(6), vec![lu1]);
    let ferme = d.e("IFD1E03", "EC", "Minitel et télématique", Some(3), vec![]);
    let ecarts = d.e("IFD1E10", "EC", "Évaluer à distance", Some(3), vec![]);
    let libelle = d.e("IFD1E11", "EC", "Animer un forum", Some(3), vec![]);
    let inconnu = d.e("IFD1E12", "EC", "Classe virtuelle", Some(3), vec![]);
    let heures = d.e("IFD1E13", "EC", "Production vidéo", Some(3), vec![]);
    let lu2 = d.o("LIFDU02", vec![ecarts, libelle]);
    let lferme = d.o("LIFDFERM", vec![ferme]);
    let u2 = d.e("IFD1U02", "UE", "Animer", Some(6), vec![lu2, lferme]);
    let lu3 = d.o("LIFDU03", vec![inconnu, heures]);
    let u3 = d.e("IFD1U03", "UE", "Produire", Some(6), vec![lu3]);
    // The same list, two among five under one parent and one among five under the other.
    let choix: Vec<u32> = (1..=5)
        .map(|n| d.e(&format!("IFD1C0{n}"), "EC", &format!("Atelier au choix {n}"), Some(3), vec![]))
        .collect();
    let deux = d.x("LIFDCHX", (2, 2), choix);
    let mut un = deux.clone();
    (un.min, un.max) = (Some(1), Some(1));
    let u4 = d.e("IFD1U04", "UE", "Approfondissement long", Some(6), vec![deux]);
    let u5 = d.e("IFD1U05", "UE", "Approfondissement court", Some(3), vec![un]);
    let zero = d.e("IFD1E20", "UE", "Accueil et prise en main de la plateforme", Some(0), vec![]);
    let projet = d.e("IFD1U06", "UE", "Projet", Some(3), vec![]);
    let tronc = d.o("LIFDS1", vec![u1, u2, u3, u4, u5, zero, projet]);
    let suspendu = d.e("IFD1E21", "EC", "Langue arabe : مدخل إلى اللغة", Some(3), vec![]);
    let nul = d.e("IFD1E22", "EC", "Écrire ; « dire », \"lire\" & <publier>", None, vec![]);
    let long = d.e("IFD1E23", "EC", LIBELLE_80, Some(3), vec![]);
    let clos = d.e("IFD1E24", "EC", "Téléconférence par satellite", Some(3), vec![]);
    let sans_heures = d.e("IFD1E25", "EC", "Stage sans heures d'enseignement", Some(3), vec![]);
    if let Some(element) = d.element(sans_heures) {
        element.heures = super::super::HeuresKofr::default();
    }
    let facultatifs = d.f("LIFDFAC", 2, vec![suspendu, nul, long, clos, sans_heures]);
    let s1 = d.sem(1, vec![tronc, facultatifs]);
    // Second semester: a fictive node, an empty list, a closed list, an orphan (taken out of its list afterwards).
    d.semestre = 2;
    let f1 = d.e("IFD1E31", "EC", "Mutualisé avec le master", Some(6), vec![]);
    let lfict = d.o("LIFDFICM", vec![f1]);
    let fictif = d.e("IFD1FICM", "FICM", "Nœud technique de mutualisation", Some(6), vec![lfict]);
    let vide = d.o("LIFDVIDE", vec![]);
    let cours = d.e("IFD1E32", "EC", "Droit d'auteur", Some(6), vec![]);
    let lcours = d.o("LIFDU07", vec![cours]);
    let u7 = d.e("IFD1U07", "UE", "Droit du numérique", Some(6), vec![lcours, vide]);
    let u8 = d.e("IFD1U08", "UE", "Stage et mémoire", Some(18), vec![]);
    let l2 = d.o("LIFDS2", vec![fictif, u7, u8]);
    let ancien = d.e("IFD1E33", "EC", "Cours par correspondance", Some(3), vec![]);
    let orphelin = d.e("IFDORPH", "EC", "Élément sans liste", Some(3), vec![]);
    let close = d.f("LIFDCLOS", 1, vec![ancien, orphelin]);
    let s2 = d.sem(2, vec![l2, close]);
    d.etape("Ingénierie de la formation à distance", vec![s1, s2], 60);
}

/// Nine levels of elements, each under a list of one.
fn depth_of_nine(d: &mut Desk<'_, '_>) {
    let mut below: Vec<Bloc> = vec![];
    for n in (3..=9).rev() {
        let nature = if n == 3 { "UE" } else { "EC" };
        let at = d.e(
            &format!("PRO1N0{n}"),
            nature,
            &format!("Niveau {n} de la maquette emboîtée"),
            Some(30),
            below,
        );
        below = vec![d.o(&format!("LPRON0{n}"), vec![at])];
    }
    let bloc = d.e("PRO1N02", "BLOC", "Bloc de compétences", Some(30), below);
    let l2 = d.o("LPRON02", vec![bloc]);
    let s1 = d.sem(1, vec![l2]);
    let u = d.ue(1, "Compétences professionnelles", 30);
    let l = d.o("LPROS2", vec![u]);
    let s2 = d.sem(2, vec![l]);
    d.etape("Parcours professionnel emboîté", vec![s1, s2], 60);
}

/// A UE that Apogée will make contain itself, and a choice that asks for more than its list holds.
fn loop_and_bounds(d: &mut Desk<'_, '_>) {
    let u1 = d.ue(1, "Boucle pédagogique", 30);
    let l1 = d.o("LBCLS1", vec![u1]);
    let s1 = d.sem(1, vec![l1]);
    let u2 = d.ue(2, "Rétroaction", 24);
    let a = d.e("BCL1E11", "EC", "Option rare A", Some(3), vec![]);
    let b = d.e("BCL1E12", "EC", "Option rare B", Some(3), vec![]);
    let trop = d.x("LBCLTROP", (3, 3), vec![a, b]);
    let u3 = d.e("BCL1U03", "UE", "Options rares", Some(6), vec![trop]);
    let l2 = d.o("LBCLS2", vec![u2, u3]);
    let s2 = d.sem(2, vec![l2]);
    d.etape("Boucles et rétroactions", vec![s1, s2], 60);
}

/// A semester of 27 ECTS, one of 30, a year of 57 announced as 60.
fn wrong_sums(d: &mut Desk<'_, '_>) {
    let u1 = d.ue(1, "Gestion du temps", 15);
    let u2 = d.ue(2, "Prise de notes", 12);
    let l1 = d.o("LECTS1", vec![u1, u2]);
    let s1 = d.sem(1, vec![l1]);
    if let Some(element) = d.element(s1) {
        element.ects = Some(Centi::unites(27));
    }
    let u3 = d.ue(3, "Rédaction", 30);
    let l2 = d.o("LECTS2", vec![u3]);
    let s2 = d.sem(2, vec![l2]);
    d.etape("Organisation personnelle", vec![s1, s2], 60);
}

/// The smallest étape that is right.
fn small(d: &mut Desk<'_, '_>, libelle: &str) {
    let stem = d.stem;
    let u1 = d.ue(1, &format!("{libelle} : bases"), 30);
    let l1 = d.o(&format!("L{stem}S1"), vec![u1]);
    let s1 = d.sem(1, vec![l1]);
    let u2 = d.ue(2, &format!("{libelle} : pratique"), 30);
    let l2 = d.o(&format!("L{stem}S2"), vec![u2]);
    let s2 = d.sem(2, vec![l2]);
    d.etape(libelle, vec![s1, s2], 60);
}

/// Hangs one optional list, and the element in it, under twelve étapes of ordinary programmes.
pub(in crate::world) fn share_between_twelve(maquette: &mut Maquette) {
    let Some(at) =
        maquette.elements.iter().position(|e| e.code_elp.as_ref().is_some_and(|c| c.as_str() == "IFD1E23"))
    else {
        return;
    };
    let bloc = Bloc {
        id: format!("B{}-PARTAGE", maquette.annee_debut % 100),
        code_liste: Some("LPARTAGE".into()),
        libelle: String::from("Ouverture commune à douze étapes"),
        type_bloc: TypeListe::Facultative,
        min: Some(0),
        max: Some(1),
        elements: vec![super::super::index::position(at)],
    };
    let etapes = maquette
        .formations
        .iter_mut()
        .flat_map(|f| &mut f.etapes)
        .filter(|e| !is_case(e) && e.ects.is_some());
    for etape in etapes.take(12) {
        etape.blocs.push(bloc.clone());
    }
}
