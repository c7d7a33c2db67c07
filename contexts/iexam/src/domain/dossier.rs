//! The épreuves of one student in a period: what they are registered to, crossed with what is examined.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use contracts::maquette::InscriptionElement;
use kernel::{CodeElement, CodeEtape, heure_de_besancon};

use super::amenagement::{Amenagement, amenagement_du};
use super::cadre::Cadre;
use super::decompte::{Decompte, Passee};
use super::demande::Voulu;
use super::epreuve::Epreuve;
use super::inscription::Decision;

/// An épreuve that concerns a student.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sujet {
    /// The épreuve.
    pub epreuve: Epreuve,
    /// The étapes in which its element is taken, the first first; more than one for an element shared by two étapes.
    pub etapes: Vec<CodeEtape>,
    /// The student's extra minutes per hour on its day.
    pub majoration: i64,
    /// The period that it was deferred from: « P1 ».
    pub reportee_de: Option<String>,
}

impl Sujet {
    /// What is decided of it as long as the student has said nothing. In the resits, what was deferred is sat, the rest is not.
    #[must_use]
    pub fn par_defaut(&self, peut_reporter: bool) -> Decision {
        match (peut_reporter, &self.reportee_de) {
            (true, _) => Decision::Indecis,
            (false, Some(_)) => Decision::Passe,
            (false, None) => Decision::Report,
        }
    }

    fn passee(&self) -> Passee {
        Passee {
            epreuve: self.epreuve.id,
            libelle: self.epreuve.libelle.clone(),
            duree_min: self.epreuve.duree_min,
            surveillee: self.epreuve.surveillee,
            majoration: self.majoration,
        }
    }
}

/// Extra time of a day in Besançon; of the first day of the period for what is not scheduled.
#[must_use]
pub fn majoration(cadre: &Cadre, tenus: &[Amenagement], debut: Option<DateTime<Utc>>) -> i64 {
    let jour = debut.map_or(cadre.periode.epreuves_debut, |d| heure_de_besancon(d).date());
    amenagement_du(tenus, jour).map_or(0, |a| a.majoration)
}

/// The épreuves of a student, each once, grouped by étape in the order of their registrations, then in the order of time. `reportes` are
/// the elements that they deferred, each with the period it was deferred from.
#[must_use]
pub fn sujets(
    cadre: &Cadre,
    elements: &[InscriptionElement],
    amenagements: &[Amenagement],
    reportes: &BTreeMap<CodeElement, String>,
) -> Vec<Sujet> {
    let mut rang: BTreeMap<&CodeEtape, usize> = BTreeMap::new();
    let mut prises: BTreeMap<&CodeElement, Vec<&CodeEtape>> = BTreeMap::new();
    for inscription in elements {
        let suivant = rang.len();
        rang.entry(&inscription.etape).or_insert(suivant);
        let etapes = prises.entry(&inscription.element).or_default();
        if !etapes.contains(&&inscription.etape) {
            etapes.push(&inscription.etape);
        }
    }
    let mut sujets: Vec<Sujet> = Vec::new();
    for (element, etapes) in &prises {
        for epreuve in cadre.epreuves.get(*element).into_iter().flatten() {
            sujets.push(Sujet {
                majoration: majoration(cadre, amenagements, epreuve.debut),
                epreuve: epreuve.clone(),
                etapes: etapes.iter().copied().cloned().collect(),
                reportee_de: reportes.get(*element).cloned(),
            });
        }
    }
    sujets.sort_by_key(|s| {
        let groupe = s.etapes.first().and_then(|e| rang.get(e)).copied();
        (groupe, s.epreuve.debut.is_none(), s.epreuve.debut, s.epreuve.id)
    });
    sujets
}

/// What is held once the épreuves of today are laid over what was decided: what was never decided takes its default, what no longer
/// concerns the student goes.
#[must_use]
pub fn completer(cadre: &Cadre, sujets: &[Sujet], tenu: &Voulu) -> Voulu {
    let vives = sujets.iter().filter(|s| !s.epreuve.annulee);
    let choix = vives.map(|s| {
        let par_defaut = s.par_defaut(cadre.peut_reporter());
        (s.epreuve.id, tenu.choix.get(&s.epreuve.id).copied().unwrap_or(par_defaut))
    });
    Voulu { choix: choix.collect(), ..tenu.clone() }
}

/// How today's épreuves differ from those that were decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ecarts {
    /// Labels of épreuves that came since the draft was begun.
    pub ajoutees: Vec<String>,
    /// Labels of épreuves that were decided and no longer concern the student.
    pub retirees: Vec<String>,
    /// Labels of épreuves that were decided and have been cancelled.
    pub annulees: Vec<String>,
}

impl Ecarts {
    /// Nothing moved.
    #[must_use]
    pub fn aucun(&self) -> bool {
        self.ajoutees.is_empty() && self.retirees.is_empty() && self.annulees.is_empty()
    }
}

/// What moved under a draft: `decidees` are its épreuves with the labels they have today.
#[must_use]
pub fn ecarts(sujets: &[Sujet], decidees: &[(i64, String)]) -> Ecarts {
    let tenues: BTreeSet<i64> = decidees.iter().map(|(id, _)| *id).collect();
    let concernees: BTreeMap<i64, bool> = sujets.iter().map(|s| (s.epreuve.id, s.epreuve.annulee)).collect();
    let nouvelles = sujets.iter().filter(|s| !s.epreuve.annulee && !tenues.contains(&s.epreuve.id));
    let mut ecarts = Ecarts::default();
    if !decidees.is_empty() {
        ecarts.ajoutees = nouvelles.map(|s| s.epreuve.libelle.clone()).collect();
    }
    for (id, libelle) in decidees {
        match concernees.get(id) {
            None => ecarts.retirees.push(libelle.clone()),
            Some(true) => ecarts.annulees.push(libelle.clone()),
            Some(false) => {}
        }
    }
    ecarts
}

/// The épreuves sat now, none cancelled, in the order of time: what the account is made from.
#[must_use]
pub fn passees(sujets: &[Sujet], voulu: &Voulu) -> Vec<Passee> {
    let passe = |s: &&Sujet| !s.epreuve.annulee && voulu.choix.get(&s.epreuve.id) == Some(&Decision::Passe);
    let mut retenus: Vec<&Sujet> = sujets.iter().filter(passe).collect();
    retenus.sort_by_key(|s| (s.epreuve.debut.is_none(), s.epreuve.debut, s.epreuve.id));
    retenus.into_iter().map(Sujet::passee).collect()
}

/// What that choice costs; nothing as long as no modality with a tariff is chosen.
#[must_use]
pub fn decompte(cadre: &Cadre, sujets: &[Sujet], voulu: &Voulu) -> Decompte {
    let modalite = voulu.modalite.and_then(|id| cadre.modalite(id));
    match modalite.and_then(|m| Some((m, m.tarif?))) {
        Some((m, tarif)) => {
            let (libelle, surveillee) = (&m.modalite.libelle, m.modalite.surveillee);
            Decompte::calculer(libelle, surveillee, tarif, &passees(sujets, voulu))
        }
        None => Decompte::default(),
    }
}
