//! What cannot be as it is planned: found for a whole period at once, out of facts already read.
//!
//! - A student with two épreuves at once, or closer than the period allows; each with their own end time.
//! - Rooms that cannot hold their candidates at some instant. Candidates of an épreuve may be spread over its rooms of their centre:
//!   what is asked is whether one way of spreading them exists (a flow), not whether each room is full.
//! - A centre that is closed on the day that its own calendar shows, a room that is out of use.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use kernel::NumeroEtudiant;

use super::amenagement::duree_majoree;
use super::capacite::{Groupe, exces};
use super::centre::Fermeture;
use super::placement::{SalleDonnee, salles_possibles};
use super::simultaneite::jour_local;

/// An épreuve that is scheduled and not cancelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planifiee {
    /// Row.
    pub id: i64,
    /// When it starts.
    pub debut: DateTime<Utc>,
    /// Minutes; unknown counts as none.
    pub duree_min: Option<i64>,
    /// Rooms it was given.
    pub salles: Vec<SalleDonnee>,
}

/// Somebody who sits épreuves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidat {
    /// COD_ETU.
    pub etudiant: NumeroEtudiant,
    /// Where they sit; unknown before they register, and for who sits at home.
    pub centre: Option<i64>,
    /// Épreuves sat: row, extra minutes per hour on its day, room apart on its day.
    pub epreuves: Vec<(i64, i64, bool)>,
}

/// A centre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lieu {
    /// Row.
    pub id: i64,
    /// Its time zone: a day there is not always a day of Besançon.
    pub fuseau: Tz,
    /// Days on which it receives nobody.
    pub fermetures: Vec<Fermeture>,
}

/// What is known of a period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faits {
    /// Least minutes between two épreuves of one student.
    pub ecart_min: i64,
    /// Épreuves.
    pub epreuves: Vec<Planifiee>,
    /// Who sits them.
    pub candidats: Vec<Candidat>,
    /// Centres.
    pub lieux: Vec<Lieu>,
}

/// Sorts of conflicts, the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sorte {
    /// Two épreuves of one student at once.
    Chevauchement,
    /// Rooms that cannot hold their candidates.
    Capacite,
    /// A centre is closed that day.
    CentreFerme,
    /// A room out of use.
    SalleInactive,
    /// Two épreuves of one student too close.
    TropProche,
}

impl Sorte {
    /// Every sort.
    pub const ALL: [Self; 5] =
        [Self::Chevauchement, Self::Capacite, Self::CentreFerme, Self::SalleInactive, Self::TropProche];

    /// As addresses write it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Chevauchement => "chevauchement",
            Self::Capacite => "capacite",
            Self::CentreFerme => "centre-ferme",
            Self::SalleInactive => "salle-inactive",
            Self::TropProche => "trop-proche",
        }
    }

    /// The sort of that spelling.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }

    /// As pages write it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Chevauchement => "Épreuves en même temps",
            Self::Capacite => "Salles trop petites",
            Self::CentreFerme => "Centre fermé",
            Self::SalleInactive => "Salle hors d’usage",
            Self::TropProche => "Épreuves trop proches",
        }
    }
}

/// What tells a conflict from another: the same before and after an edit is the same conflict, whoever it touches.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cle {
    /// Its sort.
    pub sorte: Sorte,
    /// Épreuves concerned, the earliest first.
    pub epreuves: Vec<i64>,
    /// Rooms concerned.
    pub salles: Vec<i64>,
    /// Centre concerned.
    pub centre: Option<i64>,
}

/// A conflict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflit {
    /// What it is.
    pub cle: Cle,
    /// Students it touches, in order.
    pub etudiants: Vec<NumeroEtudiant>,
    /// Candidates and seats, or least minutes between and minutes wanted.
    pub nombres: (i64, i64),
    /// Why a centre is closed.
    pub motif: String,
}

/// Every conflict of a period, the gravest first.
#[must_use]
pub fn relever(faits: &Faits) -> Vec<Conflit> {
    let par_id: HashMap<i64, &Planifiee> = faits.epreuves.iter().map(|e| (e.id, e)).collect();
    let mut conflits = horaires(faits, &par_id);
    conflits.extend(capacites(faits, &par_id));
    conflits.extend(lieux(faits));
    conflits.sort_by(|a, b| a.cle.cmp(&b.cle));
    conflits
}

fn horaires(faits: &Faits, par_id: &HashMap<i64, &Planifiee>) -> Vec<Conflit> {
    let mut trouves: HashMap<(Sorte, i64, i64), (Vec<NumeroEtudiant>, i64)> = HashMap::new();
    for candidat in &faits.candidats {
        let mut siennes: Vec<(DateTime<Utc>, DateTime<Utc>, i64)> = candidat
            .epreuves
            .iter()
            .filter_map(|(id, majoration, _)| {
                let e = par_id.get(id)?;
                let minutes = duree_majoree(e.duree_min.unwrap_or(0), *majoration);
                Some((e.debut, e.debut + Duration::minutes(minutes), *id))
            })
            .collect();
        siennes.sort_unstable();
        siennes.dedup();
        for (i, (debut, fin, a)) in siennes.iter().enumerate() {
            for (suivante, _, b) in siennes.iter().skip(i + 1) {
                let entre = (*suivante - *fin).num_minutes();
                let sorte = if suivante < fin || suivante == debut {
                    Sorte::Chevauchement
                } else if entre < faits.ecart_min {
                    Sorte::TropProche
                } else {
                    break;
                };
                // The two épreuves of a pair in one order, whichever of two that start together is sorted first.
                let trouve = trouves.entry((sorte, *a, *b)).or_insert((Vec::new(), i64::MAX));
                trouve.0.push(candidat.etudiant.clone());
                trouve.1 = trouve.1.min(entre.max(0));
            }
        }
    }
    let conflit =
        |((sorte, a, b), (mut etudiants, entre)): ((Sorte, i64, i64), (Vec<NumeroEtudiant>, i64))| {
            etudiants.sort();
            etudiants.dedup();
            let cle = Cle { sorte, epreuves: vec![a, b], salles: Vec::new(), centre: None };
            Conflit { cle, etudiants, nombres: (entre, faits.ecart_min), motif: String::new() }
        };
    trouves.into_iter().map(conflit).collect()
}

/// Candidates of an épreuve who end together: the épreuve, when they end, whether they go apart, how many.
type Assis<'a> = (&'a Planifiee, DateTime<Utc>, bool, i64);

/// Rooms that overflow. Who is in a room only grows when an épreuve starts: those instants are enough.
fn capacites(faits: &Faits, par_id: &HashMap<i64, &Planifiee>) -> Vec<Conflit> {
    // Candidates by centre, épreuve, end and whether they go apart.
    let mut assis: BTreeMap<(i64, i64, DateTime<Utc>, bool), i64> = BTreeMap::new();
    for candidat in &faits.candidats {
        let Some(centre) = candidat.centre else { continue };
        for (id, majoration, a_part) in &candidat.epreuves {
            let Some(e) = par_id.get(id) else { continue };
            let minutes = duree_majoree(e.duree_min.unwrap_or(0), *majoration).max(1);
            *assis.entry((centre, *id, e.debut + Duration::minutes(minutes), *a_part)).or_default() += 1;
        }
    }
    let mut par_centre: BTreeMap<i64, Vec<Assis<'_>>> = BTreeMap::new();
    for ((centre, id, fin, a_part), nombre) in assis {
        if let Some(e) = par_id.get(&id) {
            par_centre.entry(centre).or_default().push((e, fin, a_part, nombre));
        }
    }
    let mut pires: BTreeMap<Cle, (i64, i64)> = BTreeMap::new();
    for (centre, presents) in par_centre {
        let instants: BTreeSet<_> = presents.iter().map(|(e, ..)| e.debut).collect();
        for instant in instants {
            let groupes = presents.iter().filter(|(e, fin, ..)| e.debut <= instant && instant < *fin);
            let groupes = groupes.filter_map(|(e, _, a_part, nombre)| {
                let possibles = salles_possibles(&e.salles, centre, *a_part);
                // Without a room at all it is another matter: the registry has a list of those.
                (!possibles.is_empty()).then(|| Groupe {
                    epreuve: e.id,
                    nombre: *nombre,
                    salles: possibles.iter().map(|s| (s.id, s.capacite)).collect(),
                })
            });
            for trop in exces(&groupes.collect::<Vec<_>>()) {
                let cle = Cle {
                    sorte: Sorte::Capacite,
                    epreuves: trop.epreuves,
                    salles: trop.salles,
                    centre: Some(centre),
                };
                let pire = pires.entry(cle).or_insert((trop.candidats, trop.places));
                if trop.candidats - trop.places > pire.0 - pire.1 {
                    *pire = (trop.candidats, trop.places);
                }
            }
        }
    }
    let conflit = |(cle, nombres)| Conflit { cle, etudiants: Vec::new(), nombres, motif: String::new() };
    pires.into_iter().map(conflit).collect()
}

/// Closed centres, among those that have candidates or rooms of the épreuve; rooms out of use.
fn lieux(faits: &Faits) -> Vec<Conflit> {
    let mut centres: HashMap<i64, BTreeMap<i64, BTreeSet<&NumeroEtudiant>>> = HashMap::new();
    for candidat in &faits.candidats {
        let Some(centre) = candidat.centre else { continue };
        for (id, ..) in &candidat.epreuves {
            centres.entry(*id).or_default().entry(centre).or_default().insert(&candidat.etudiant);
        }
    }
    let par_id: HashMap<i64, &Lieu> = faits.lieux.iter().map(|l| (l.id, l)).collect();
    let mut conflits = Vec::new();
    for e in &faits.epreuves {
        let mut siens = centres.remove(&e.id).unwrap_or_default();
        for salle in &e.salles {
            siens.entry(salle.centre).or_default();
            if !salle.active {
                let cle = Cle {
                    sorte: Sorte::SalleInactive,
                    epreuves: vec![e.id],
                    salles: vec![salle.id],
                    centre: Some(salle.centre),
                };
                conflits.push(Conflit { cle, etudiants: Vec::new(), nombres: (0, 0), motif: String::new() });
            }
        }
        for (centre, etudiants) in siens {
            let Some(lieu) = par_id.get(&centre) else { continue };
            let ferme = |jour: NaiveDate| lieu.fermetures.iter().find(|f| f.du <= jour && jour <= f.au);
            if let Some(fermeture) = ferme(jour_local(e.debut, lieu.fuseau)) {
                let cle = Cle {
                    sorte: Sorte::CentreFerme,
                    epreuves: vec![e.id],
                    salles: Vec::new(),
                    centre: Some(centre),
                };
                let etudiants = etudiants.into_iter().cloned().collect();
                conflits.push(Conflit { cle, etudiants, nombres: (0, 0), motif: fermeture.motif.clone() });
            }
        }
    }
    conflits
}

/// What an edit made and what it solved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ecart {
    /// Conflicts that were not there.
    pub nouveaux: Vec<Conflit>,
    /// Conflicts that are gone.
    pub resolus: Vec<Conflit>,
}

/// Compares before and after.
#[must_use]
pub fn comparer(avant: &[Conflit], apres: &[Conflit]) -> Ecart {
    let cles = |c: &[Conflit]| c.iter().map(|c| c.cle.clone()).collect::<BTreeSet<_>>();
    let (anciennes, presentes) = (cles(avant), cles(apres));
    Ecart {
        nouveaux: apres.iter().filter(|c| !anciennes.contains(&c.cle)).cloned().collect(),
        resolus: avant.iter().filter(|c| !presentes.contains(&c.cle)).cloned().collect(),
    }
}

#[cfg(test)]
#[path = "conflits_tests.rs"]
mod tests;
