//! Whether a student may confirm what they chose. Pure: what is held, what is wanted, the instant; the answer names every obstacle at
//! once, so that nobody corrects one to meet the next.

use chrono::{DateTime, Utc};

use super::cadre::{Cadre, Refus};
use super::demande::Voulu;
use super::dossier::Sujet;
use super::inscription::Decision;

/// What prevents a confirmation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// None of the student's elements is examined in this period.
    AucuneEpreuve,
    /// Nothing was decided at all.
    RienCoche,
    /// Nothing is sat in the resits.
    RienPasse,
    /// Épreuves left undecided, by label.
    Indecises(Vec<String>),
    /// Everything is deferred, which asks for a word more.
    ToutReporte,
    /// No modality.
    SansModalite,
    /// The modality cannot be chosen.
    Modalite(String, Refus),
    /// No centre, and the modality needs one.
    SansCentre(String),
    /// The centre cannot be chosen.
    Centre(String, Refus),
}

impl Obstacle {
    /// What is missing and what to do, in one or two sentences.
    #[must_use]
    pub fn phrase(&self) -> String {
        match self {
            Self::AucuneEpreuve => {
                "Aucune épreuve de cette période ne correspond à votre inscription pédagogique. Si vous en attendiez une, écrivez à la scolarité.".to_owned()
            }
            Self::RienCoche => {
                "Vous n’avez encore rien choisi. Pour chaque épreuve, dites si vous la passez ou si vous la reportez.".to_owned()
            }
            Self::RienPasse => {
                "Vous n’avez coché aucune épreuve. Cochez celles que vous passez ; si vous n’en passez aucune, il n’y a rien à valider.".to_owned()
            }
            Self::Indecises(libelles) => match libelles.as_slice() {
                [seule] => format!("Une épreuve attend votre choix : «\u{a0}{seule}\u{a0}». Dites si vous la passez ou si vous la reportez."),
                _ => {
                    let noms: Vec<_> = libelles.iter().map(|l| format!("«\u{a0}{l}\u{a0}»")).collect();
                    format!("{} épreuves attendent votre choix : {}. Dites pour chacune si vous la passez ou si vous la reportez.", noms.len(), noms.join(", "))
                }
            },
            Self::ToutReporte => {
                "Vous reportez toutes vos épreuves : vous n’en passez aucune maintenant. Cochez la confirmation si c’est bien ce que vous voulez.".to_owned()
            }
            Self::SansModalite => "Choisissez comment vous passez vos épreuves.".to_owned(),
            Self::Modalite(libelle, refus) => {
                format!("La modalité «\u{a0}{libelle}\u{a0}» ne peut plus être choisie : {}. Choisissez-en une autre.", refus.phrase())
            }
            Self::SansCentre(libelle) => format!("Choisissez le centre où vous passez vos épreuves («\u{a0}{libelle}\u{a0}»)."),
            Self::Centre(nom, refus) => {
                format!("Le centre «\u{a0}{nom}\u{a0}» ne peut pas être choisi : {}. Choisissez-en un autre.", refus.phrase())
            }
        }
    }
}

/// What is held already, whose place is not asked for again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Modality whose place is held.
    pub modalite: Option<i64>,
    /// Centre whose place is held.
    pub centre: Option<i64>,
}

/// Every obstacle to confirming `voulu`, which has been laid over today's épreuves. `tout_reporter` says that the student has confirmed
/// that they sit nothing now.
#[must_use]
pub fn obstacles(
    cadre: &Cadre,
    sujets: &[Sujet],
    voulu: &Voulu,
    tenue: Place,
    tout_reporter: bool,
    maintenant: DateTime<Utc>,
) -> Vec<Obstacle> {
    let vives: Vec<&Sujet> = sujets.iter().filter(|s| !s.epreuve.annulee).collect();
    if vives.is_empty() {
        return vec![Obstacle::AucuneEpreuve];
    }
    let decision = |s: &Sujet| voulu.choix.get(&s.epreuve.id).copied().unwrap_or(Decision::Indecis);
    let (mut passe, mut indecises) = (false, Vec::new());
    for s in &vives {
        match decision(s) {
            Decision::Passe => passe = true,
            Decision::Indecis => indecises.push(s.epreuve.libelle.clone()),
            Decision::Report => {}
        }
    }
    let mut obstacles = Vec::new();
    if !cadre.peut_reporter() {
        if !passe {
            return vec![Obstacle::RienPasse];
        }
    } else if indecises.len() == vives.len() {
        obstacles.push(Obstacle::RienCoche);
    } else if !indecises.is_empty() {
        obstacles.push(Obstacle::Indecises(indecises));
    } else if !passe {
        // Nothing is sat: no place is taken, nothing is due, no modality is needed.
        return if tout_reporter { Vec::new() } else { vec![Obstacle::ToutReporte] };
    }
    obstacles.extend(obstacles_du_lieu(cadre, voulu, tenue, maintenant));
    obstacles
}

/// What is wrong with the modality and the centre alone.
#[must_use]
pub fn obstacles_du_lieu(
    cadre: &Cadre,
    voulu: &Voulu,
    tenue: Place,
    maintenant: DateTime<Utc>,
) -> Vec<Obstacle> {
    let Some(choisie) = voulu.modalite else { return vec![Obstacle::SansModalite] };
    let Some(modalite) = cadre.modalite(choisie) else {
        return vec![Obstacle::Modalite("choisie auparavant".to_owned(), Refus::Retiree)];
    };
    let libelle = modalite.modalite.libelle.clone();
    if let Some(refus) = modalite.refus(maintenant, tenue.modalite == Some(choisie)) {
        return vec![Obstacle::Modalite(libelle, refus)];
    }
    if !modalite.a_centre() {
        return Vec::new();
    }
    let Some(centre) = voulu.centre.and_then(|id| modalite.centre(id)) else {
        return vec![Obstacle::SansCentre(libelle)];
    };
    let refus = centre.refus(tenue.centre == Some(centre.id));
    refus.map(|refus| Obstacle::Centre(centre.nom.clone(), refus)).into_iter().collect()
}
