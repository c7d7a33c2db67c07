use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime};
use kernel::{AnneeUniversitaire, CodeEtape, VersionEtape};

use super::super::dice::Dice;
use super::super::{EtatIa, InscriptionAnnuelle, InscriptionEtape, InscriptionPedagogique, World};
use super::tree::{Choice, Node, Taken, tree};

/// One étape that a student may register to.
#[derive(Clone, Debug)]
struct Open {
    etape: CodeEtape,
    version: VersionEtape,
    diplome: kernel::CodeDiplome,
    vet: u32,
    /// Position in the list of the étape that follows in the same programme.
    next: Option<usize>,
    /// First year of a programme.
    first: bool,
}

/// Registers students: keeps the trees of VETs and the rows in progress, which it gives to the world at the end.
#[derive(Debug)]
pub(in crate::world) struct Registrar {
    dice: Dice,
    open: Vec<Open>,
    trees: Vec<Vec<Choice>>,
    annuelles: Vec<InscriptionAnnuelle>,
    etapes: Vec<InscriptionEtape>,
    ip: Vec<InscriptionPedagogique>,
}

/// How to register to one étape: what is out of the ordinary is said, the rest is drawn.
#[derive(Clone, Copy, Debug)]
pub(in crate::world) struct Demande<'a> {
    pub annee: u16,
    pub etape: &'a str,
    pub version: &'a str,
    pub etat: EtatIa,
    pub occurrence: u8,
    pub premiere: bool,
    pub payee: bool,
    pub regime: &'a str,
    pub nb_etape: u8,
    pub pedagogique: bool,
}

impl<'a> Demande<'a> {
    /// A live, paid, first registration.
    pub(in crate::world) fn new(annee: u16, etape: &'a str, version: &'a str) -> Self {
        Self {
            annee,
            etape,
            version,
            etat: EtatIa::EnCours,
            occurrence: 1,
            premiere: true,
            payee: true,
            regime: "1",
            nb_etape: 1,
            pedagogique: true,
        }
    }
}

impl Registrar {
    pub(in crate::world) fn new(world: &World, seed: u64) -> Self {
        let mut open: Vec<Open> = Vec::new();
        for lien in &world.vdi_vet {
            let Some(vet) = world.vet_position(lien.etape.as_str(), lien.version_etape.as_str()) else {
                continue;
            };
            let case = super::super::cases::offer::CASE_ETAPES.contains(&lien.etape.as_str());
            if case || lien.recrutement_debut > 2022 || lien.recrutement_fin < 2023 {
                continue;
            }
            let at = open.len();
            if let Some(before) = open.last_mut()
                && before.diplome == lien.diplome
                && lien.rang > 1
            {
                before.next = Some(at);
            }
            open.push(Open {
                etape: lien.etape.clone(),
                version: lien.version_etape.clone(),
                diplome: lien.diplome.clone(),
                vet,
                next: None,
                first: lien.rang == 1,
            });
        }
        let trees =
            (0..world.versions_etape.len()).map(|v| tree(world, super::super::index::position(v))).collect();
        Self { dice: Dice::new(seed, 102), open, trees, annuelles: vec![], etapes: vec![], ip: vec![] }
    }

    /// The n-th ordinary étape: code and version.
    pub(in crate::world) fn nth(&self, n: usize) -> Option<(String, String)> {
        let open = self.open.get(n % self.open.len().max(1))?;
        Some((open.etape.0.clone(), open.version.0.clone()))
    }

    /// Two years of an ordinary student.
    pub(in crate::world) fn ordinary(&mut self, world: &World, etudiant: u32, entree: u16) {
        let Some(start) = self.start(entree) else { return };
        let regime = match self.dice.below(100) {
            0..58 => "1",
            58..70 => "3",
            70..86 => "2",
            86..97 => "5",
            97..99 => "4",
            _ => "6",
        };
        let first = if entree == 2023 { None } else { Some(start) };
        let second = match (first, self.dice.below(100)) {
            (None, _) => Some(start),
            // Repeats, goes on, or stops after the first year.
            (Some(at), 0..22) => Some(at),
            (Some(at), 22..72) => self.open.get(at).and_then(|o| o.next),
            _ => None,
        };
        for (annee, at) in [(2022_u16, first), (2023, second)] {
            let Some(open) = at.and_then(|at| self.open.get(at)).cloned() else { continue };
            let repeats = annee == 2023 && first == second;
            let etat = match self.dice.below(100) {
                0..2 => EtatIa::Annulee,
                2..3 => EtatIa::Resiliee,
                _ => EtatIa::EnCours,
            };
            let demande = Demande {
                etat,
                payee: self.dice.percent(96),
                regime,
                nb_etape: if repeats { 2 } else { 1 },
                ..Demande::new(annee, open.etape.as_str(), open.version.as_str())
            };
            self.yearly(etudiant, annee, etat, regime);
            self.register(world, etudiant, demande);
            if self.dice.percent(4)
                && let Some(other) = self.dice.pick(&self.open).cloned()
                && other.vet != open.vet
            {
                let second = Demande {
                    premiere: false,
                    regime,
                    ..Demande::new(annee, other.etape.as_str(), other.version.as_str())
                };
                self.register(world, etudiant, second);
            }
        }
    }

    /// Where a student begins: newcomers mostly in a first year.
    fn start(&mut self, entree: u16) -> Option<usize> {
        for _ in 0..6 {
            let at = self.dice.below(self.open.len());
            if entree < 2021 || self.open.get(at)?.first || self.dice.percent(25) {
                return Some(at);
            }
        }
        Some(self.dice.below(self.open.len())).filter(|_| !self.open.is_empty())
    }

    /// The yearly registration (IAA).
    pub(in crate::world) fn yearly(&mut self, etudiant: u32, annee: u16, etat: EtatIa, regime: &str) {
        let Some(annee_u) = AnneeUniversitaire::new(annee) else { return };
        let creee_le = self.moment(annee);
        let pair = |c: &str, l: &str| (c.to_owned(), l.to_owned());
        self.annuelles.push(InscriptionAnnuelle {
            annee: annee_u,
            etudiant,
            etat,
            regime: regime.to_owned(),
            statut: if regime == "1" {
                pair("01", "Etudiant")
            } else {
                pair("03", "Stagiaire de formation continue")
            },
            profil: pair("NO", "Profil normal"),
            boursier: regime == "1" && self.dice.percent(15),
            amenagement: self.dice.percent(3),
            creee_le,
        });
    }

    /// The registration to an étape (IAE), and the pedagogical ones that go with it.
    pub(in crate::world) fn register(&mut self, world: &World, etudiant: u32, d: Demande<'_>) {
        let Some(annee) = AnneeUniversitaire::new(d.annee) else { return };
        let Some(vet) = world.vet_position(d.etape, d.version) else { return };
        let Some(lien) = world.vdi_vet_of_vet(vet).next() else { return };
        let creee_le = self.moment(d.annee) + Duration::minutes(i64::from(d.occurrence));
        self.etapes.push(InscriptionEtape {
            annee,
            etudiant,
            etape: d.etape.into(),
            version: d.version.into(),
            occurrence: d.occurrence,
            diplome: lien.diplome.clone(),
            version_diplome: lien.version_diplome.clone(),
            etat: d.etat,
            premiere: d.premiere,
            payee: d.payee,
            regime: d.regime.to_owned(),
            centre_gestion: String::from("SED"),
            profil: (String::from("NO"), String::from("Profil normal")),
            tele_enseignement: true,
            par_le_web: self.dice.percent(70),
            nb_inscriptions_cycle: d.nb_etape,
            nb_inscriptions_diplome: d.nb_etape,
            nb_inscriptions_etape: d.nb_etape,
            creee_le,
            annulee_le: (d.etat != EtatIa::EnCours).then(|| creee_le.date() + Duration::days(20)),
        });
        if d.pedagogique && d.etat == EtatIa::EnCours {
            // One student in four works at half speed: one semester over the year.
            let half = self.dice.percent(25).then_some(d.nb_etape > 1);
            let Some(choices) = self.trees.get(vet as usize).cloned() else { return };
            let base = Base { annee, etudiant, vet };
            for choice in &choices {
                self.take(base, choice, None, 1, half);
            }
        }
    }

    fn take(&mut self, base: Base, choice: &Choice, sup: Option<u32>, rang: u8, half: Option<bool>) {
        let n = choice.elements.len();
        let chosen: Vec<usize> = match choice.type_liste {
            Taken::All => (0..n).collect(),
            Taken::Some => self.dice.sample(choice.min.max(1), n),
            Taken::Free if self.dice.percent(5) => self.dice.sample(1, n),
            Taken::Free => vec![],
        };
        for node in chosen.into_iter().filter_map(|at| choice.elements.get(at)) {
            if half.is_some() && node.semestre.is_some() && node.semestre != half {
                continue;
            }
            self.node(base, choice.liste, node, sup, rang, half);
        }
    }

    fn node(&mut self, base: Base, liste: u32, node: &Node, sup: Option<u32>, rang: u8, half: Option<bool>) {
        self.ip.push(InscriptionPedagogique {
            annee: base.annee,
            etudiant: base.etudiant,
            vet: base.vet,
            element: node.element,
            element_sup: sup,
            liste,
            rang,
            centre: 0,
            type_ipe: 'N',
            prc: false,
            dispense: None,
        });
        for choice in &node.below {
            self.take(base, choice, Some(node.element), rang.saturating_add(1), half);
        }
    }

    /// The pedagogical registrations made so far, for a case to change.
    pub(in crate::world) fn ip_mut(&mut self) -> &mut Vec<InscriptionPedagogique> {
        &mut self.ip
    }

    /// A moment of the registration campaign of a year.
    fn moment(&mut self, annee: u16) -> NaiveDateTime {
        let jour = NaiveDate::from_ymd_opt(i32::from(annee), 7, 5).unwrap_or_default()
            + Duration::days(self.dice.between(0, 110));
        jour.and_time(NaiveTime::MIN) + Duration::minutes(self.dice.between(8 * 60, 18 * 60))
    }

    /// Gives the rows to the world.
    pub(in crate::world) fn give(self, world: &mut World) {
        world.ia_annuelles = self.annuelles;
        world.ia_etapes = self.etapes;
        world.ip = self.ip;
    }
}

#[derive(Clone, Copy, Debug)]
struct Base {
    annee: AnneeUniversitaire,
    etudiant: u32,
    vet: u32,
}
