//! Rights in words, and who holds each.

use kernel::{Right, Role, Scope};

/// Every right that a role may hold, apart from those of the REST interface.
pub const DROITS: [Right; 10] = [
    Right::Public,
    Right::Connecte,
    Right::MaquetteLire,
    Right::EtudiantsLire,
    Right::EnseignantsLire,
    Right::AnomaliesTraiter,
    Right::MaquetteCorriger,
    Right::MaquetteCollecter,
    Right::LiensVoir,
    Right::Administrer,
];

/// What a right lets one do.
#[must_use]
pub fn libelle(droit: Right) -> String {
    match droit {
        Right::Public => "Ouvrir les pages publiques (connexion, état du service)".to_owned(),
        Right::Connecte => "Ouvrir l’accueil, son compte et le manuel".to_owned(),
        Right::MaquetteLire => "Lire l’offre, les anomalies et les collectes".to_owned(),
        Right::EtudiantsLire => "Lire les étudiants et leurs inscriptions".to_owned(),
        Right::EnseignantsLire => "Lire les enseignants".to_owned(),
        Right::AnomaliesTraiter => "Traiter les anomalies".to_owned(),
        Right::MaquetteCorriger => "Corriger une valeur".to_owned(),
        Right::MaquetteCollecter => "Lancer, confirmer, arrêter ou annuler une collecte".to_owned(),
        Right::LiensVoir => "Voir l’état des liens et l’âge des données".to_owned(),
        Right::Administrer => "Administrer la suite".to_owned(),
        Right::ExamenPasser => "S’inscrire à ses examens".to_owned(),
        Right::ExamensLire => "Lire les examens, leurs inscriptions et leurs paiements".to_owned(),
        Right::ExamensRegler => {
            "Régler les périodes, modalités, centres, épreuves et aménagements".to_owned()
        }
        Right::InscriptionsTraiter => "Vérifier, renvoyer ou annuler une inscription aux examens".to_owned(),
        Right::PaiementsTenir => "Écrire les paiements et clore une journée".to_owned(),
        Right::Api(droit) => format!("Interface de programmation : {droit}"),
    }
}

/// Who holds it, in words: « Scolarité, Direction, Service informatique ».
#[must_use]
pub fn detenteurs(droit: Right) -> String {
    match droit {
        Right::Public => "tout le monde, sans connexion".to_owned(),
        Right::Connecte => "toute personne connectée".to_owned(),
        droit => {
            let roles: Vec<_> =
                Role::ALL.into_iter().filter(|role| droit.held_by(*role)).map(Role::libelle).collect();
            let personnes = if roles.is_empty() { "personne".to_owned() } else { roles.join(", ") };
            match droit {
                Right::Api(droit) => format!("jetons portant « {droit} » ; {personnes}"),
                _ => personnes,
            }
        }
    }
}

/// Whether a word searched for is one of a right's: its label, its holders.
#[must_use]
pub fn repond(droit: Right, cherche: &str) -> bool {
    kernel::fold(&format!("{} {}", libelle(droit), detenteurs(droit))).contains(cherche)
}

/// Scopes that tokens may carry.
#[must_use]
pub fn portees() -> Vec<Scope> {
    Scope::ALL.to_vec()
}
