use chrono::{Datelike, Duration, NaiveDate};
use kernel::fold;

use super::super::dice::Dice;
use super::super::vocab::{
    BESANCON, COMMUNES, Commune, FRANCAISE, ORIGINES, Origine, PAYS, Pays, SUISSE, VOIES, departement,
};
use super::super::{Adresse, Bac, Etudiant, Sexe};

/// Makes students one after the other, with numbers that never come twice.
#[derive(Debug)]
pub(in crate::world) struct Students {
    dice: Dice,
    made: u32,
    /// Last number given for each year of entry.
    last: std::collections::BTreeMap<u16, u32>,
}

impl Students {
    pub(in crate::world) fn new(seed: u64) -> Self {
        Self { dice: Dice::new(seed, 100), made: 0, last: std::collections::BTreeMap::new() }
    }

    /// The next student, who entered the university in `entree`.
    pub(in crate::world) fn next(&mut self, entree: u16) -> Etudiant {
        let last = self.last.entry(entree).or_insert(100);
        // Two figures of the year, five of the rank, after a 2: as the establishment numbers its students.
        *last += if *last < 60_000 { 1 + u32::try_from(self.dice.below(2)).unwrap_or_default() } else { 1 };
        let numero = format!("2{:02}{:05}", entree % 100, last);
        let origine = self.origine();
        let sexe = if self.dice.percent(62) { Sexe::F } else { Sexe::M };
        let prenoms = if sexe == Sexe::F { origine.femmes } else { origine.hommes };
        let nom = match self.dice.below(100) {
            0..4 => format!("{}-{}", self.dice.word(origine.noms), self.dice.word(french().noms)),
            _ => self.dice.word(origine.noms).to_owned(),
        };
        let prenom = self.dice.word(prenoms).to_owned();
        let nom_usuel =
            (sexe == Sexe::F && self.dice.percent(18)).then(|| self.dice.word(french().noms).to_owned());
        let foreign = origine.pays != "100" && self.dice.percent(60);
        let age = match self.dice.below(10) {
            0..4 => self.dice.between(18, 22),
            4..7 => self.dice.between(22, 35),
            _ => self.dice.between(30, 62),
        };
        let naissance = NaiveDate::from_ymd_opt(i32::from(entree), 1, 1).unwrap_or_default()
            - Duration::days(age * 365 + self.dice.between(0, 364));
        self.finish(numero, entree, Identity { nom, nom_usuel, prenom, sexe, naissance, origine, foreign })
    }

    /// A student of a hard case: number and identity are given, the rest is drawn.
    pub(in crate::world) fn case(&mut self, rank: u32, nom: &str, prenom: &str, sexe: Sexe) -> Etudiant {
        let naissance =
            NaiveDate::from_ymd_opt(1990, 5, 17).unwrap_or_default() + Duration::days(i64::from(rank) * 97);
        let identity = Identity {
            nom: nom.to_owned(),
            nom_usuel: None,
            prenom: prenom.to_owned(),
            sexe,
            naissance,
            origine: french(),
            foreign: false,
        };
        self.finish(format!("219{rank:05}"), 2019, identity)
    }

    fn finish(&mut self, numero: String, entree: u16, i: Identity) -> Etudiant {
        self.made += 1;
        let rank = self.made;
        let ascii = |s: &str| fold(s).chars().filter(char::is_ascii_lowercase).collect::<String>();
        let (p, n) = (ascii(&i.prenom), ascii(&i.nom));
        let login =
            format!("{}{}{}", p.chars().next().unwrap_or('x'), n.chars().take(7).collect::<String>(), rank);
        // Foreign nationals who study from abroad mostly do so from home.
        let home = PAYS.iter().find(|p| i.foreign && p.code == i.origine.pays);
        let abroad = self.dice.percent(17).then(|| self.pays());
        let abroad = if home.is_some() && self.dice.percent(70) { abroad.and(home) } else { abroad };
        let adresse = match abroad {
            Some(pays) => self.foreign_address(pays),
            None => self.french_address(),
        };
        let fixe = if self.dice.percent(80) { adresse.clone() } else { self.french_address() };
        let pays = if i.foreign { PAYS.iter().find(|p| p.code == i.origine.pays) } else { None };
        let commune = self.commune();
        let bac_annee = u16::try_from(i.naissance.year() + 18).unwrap_or(entree).min(entree);
        Etudiant {
            cod_ind: 100_000 + rank * 3,
            numero: numero.into(),
            ine: Some(ine(rank).into()),
            nom_patronymique: i.nom,
            nom_usuel: i.nom_usuel,
            prenom: i.prenom,
            prenom2: self.dice.percent(45).then(|| {
                let noms = if i.sexe == Sexe::F { french().femmes } else { french().hommes };
                self.dice.word(noms).to_owned()
            }),
            prenom3: None,
            prenom_etat_civil: None,
            sexe: i.sexe,
            sexe_etat_civil: i.sexe,
            naissance: i.naissance,
            naissance_estimee: false,
            ville_naissance: pays.map_or(commune.nom, |p| last_words(p.ville)).to_owned(),
            departement_naissance: if pays.is_none() { Some(departement(commune.insee)) } else { None },
            pays_naissance: pays.map(|p| (p.code.to_owned(), p.nom.to_owned())),
            nationalite: pays.map_or_else(
                || (String::from("100"), String::from("FRANCAIS(E)")),
                |p| (p.code.to_owned(), p.nationalite.to_owned()),
            ),
            handicap: self.dice.percent(3).then(|| (String::from("T"), String::from("Troubles du langage"))),
            situation_familiale: {
                let situations = [
                    ("1", "Seul(e) sans enfant"),
                    ("2", "Couple sans enfant"),
                    ("3", "Seul(e) avec enfant"),
                    ("4", "Couple avec enfant"),
                ];
                self.dice.pick(&situations).map(|(c, l)| ((*c).to_owned(), (*l).to_owned()))
            },
            numero_boursier: self.dice.percent(12).then(|| format!("B{rank:07}")),
            bac: if pays.is_some() {
                Some(foreign_bac(bac_annee))
            } else {
                Some(self.bac(bac_annee, commune))
            },
            annee_premiere_sup: entree
                .saturating_sub(u16::try_from(self.dice.between(0, 3)).unwrap_or_default())
                .max(bac_annee),
            annee_premiere_etb: entree,
            adresse_annuelle: adresse,
            adresse_fixe: fixe,
            hebergement: (String::from("5"), String::from("LOGEMENT PERSONNEL (HORS CHAMBRE ETUDIANT)")),
            email: self.dice.percent(96).then(|| format!("{p}.{n}{rank}@example.org")),
            email_annuaire: Some(format!("{p}.{n}{rank}@edu.univ-fcomte.fr")),
            login: Some(login),
            portable: self
                .dice
                .percent(90)
                .then(|| format!("06{:08}", rank.wrapping_mul(7919) % 100_000_000)),
            modifie_le: NaiveDate::from_ymd_opt(2023, 9, 1).unwrap_or_default()
                + Duration::days(i64::from(rank % 200)),
        }
    }

    fn origine(&mut self) -> &'static Origine {
        let mut draw = u32::try_from(self.dice.below(1000)).unwrap_or_default();
        for origine in ORIGINES {
            if draw < origine.pour_mille {
                return origine;
            }
            draw -= origine.pour_mille;
        }
        french()
    }

    fn commune(&mut self) -> &'static Commune {
        let total: u32 = COMMUNES.iter().map(|c| c.poids).sum();
        let mut draw = u32::try_from(self.dice.below(total as usize)).unwrap_or_default();
        for commune in COMMUNES {
            if draw < commune.poids {
                return commune;
            }
            draw -= commune.poids;
        }
        &BESANCON
    }

    fn pays(&mut self) -> &'static Pays {
        let total: u32 = PAYS.iter().map(|p| p.poids).sum();
        let mut draw = u32::try_from(self.dice.below(total as usize)).unwrap_or_default();
        for pays in PAYS {
            if draw < pays.poids {
                return pays;
            }
            draw -= pays.poids;
        }
        &SUISSE
    }

    fn french_address(&mut self) -> Adresse {
        let commune = self.commune();
        let bis = if self.dice.percent(6) { " BIS" } else { "" };
        Adresse {
            ligne1: format!("{}{bis} {}", self.dice.between(1, 140), self.dice.word(VOIES)),
            ligne2: self.dice.percent(20).then(|| format!("APPARTEMENT {}", self.dice.between(1, 60))),
            ligne3: None,
            ville_etrangere: None,
            code_postal: Some(commune.code_postal.to_owned()),
            code_insee: Some(commune.insee.to_owned()),
            commune: Some(commune.nom.to_owned()),
            pays: String::from("100"),
            pays_libelle: String::from("FRANCE"),
            telephone: self.dice.percent(40).then(|| format!("0381{:06}", self.dice.between(0, 999_999))),
        }
    }

    fn foreign_address(&mut self, pays: &Pays) -> Adresse {
        Adresse {
            ligne1: format!("{} {}", self.dice.between(1, 300), pays.rue),
            ligne2: None,
            ligne3: None,
            ville_etrangere: Some(pays.ville.to_owned()),
            code_postal: None,
            code_insee: None,
            commune: None,
            pays: pays.code.to_owned(),
            pays_libelle: pays.nom.to_owned(),
            telephone: None,
        }
    }

    fn bac(&mut self, annee: u16, commune: &Commune) -> Bac {
        let series: &[(&str, &str)] = if annee >= 2021 {
            &[
                ("NBGE", "NBGE-Bac général à/c 2021"),
                ("STMG", "STMG-Sciences et technologies du management"),
                ("0031", "0031-DAEU A"),
            ]
        } else {
            &[
                ("S", "S-SCIENTIFIQUE"),
                ("L", "L-LITTERATURE"),
                ("ES", "ES-ECONOMIQUE ET SOCIAL"),
                ("0031", "0031-DAEU A"),
            ]
        };
        let mentions = [("P", "Passable"), ("AB", "Assez Bien"), ("B", "Bien"), ("TB", "Très Bien")];
        let (code, libelle) = self.dice.pick(series).copied().unwrap_or(("S", "S-SCIENTIFIQUE"));
        let mention = if self.dice.percent(70) { self.dice.pick(&mentions) } else { None };
        Bac {
            code: code.to_owned(),
            libelle: libelle.to_owned(),
            annee,
            mention: mention.map(|(c, l)| ((*c).to_owned(), (*l).to_owned())),
            departement: Some(departement(commune.insee)),
        }
    }
}

struct Identity {
    nom: String,
    nom_usuel: Option<String>,
    prenom: String,
    sexe: Sexe,
    naissance: NaiveDate,
    origine: &'static Origine,
    foreign: bool,
}

fn french() -> &'static Origine {
    &FRANCAISE
}

fn foreign_bac(annee: u16) -> Bac {
    Bac {
        code: String::from("0031"),
        libelle: String::from("0031-TITRE ETRANGER ADMIS EN EQUIVALENCE"),
        annee,
        mention: None,
        departement: None,
    }
}

/// Eleven characters, nine figures and two letters, different for every rank below a thousand million.
fn ine(rank: u32) -> String {
    let scattered = (u64::from(rank) * 387_420_489 + 12_345_678) % 999_999_937;
    let letter = |n: u64| char::from(b'A' + u8::try_from(n % 26).unwrap_or_default());
    format!("{scattered:09}{}{}", letter(scattered), letter(scattered / 26))
}

fn last_words(ville: &str) -> &str {
    ville.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-' || c == ' ')
}
