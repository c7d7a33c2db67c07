//! Refusals of files of épreuves.

use contracts::maquette::Indisponible;
use db::{DbError, MaybeDb};
use kernel::{Fault, FaultKind};

use super::epreuve_fault::EpreuveFault;
use crate::domain::epreuve_fichier::LIGNES_MAX;

/// Why a file of épreuves was not taken or applied. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ImportFault {
    /// The database.
    #[error(transparent)]
    Base(#[from] DbError),
    /// The offer could not be read.
    #[error(transparent)]
    Offre(#[from] Indisponible),
    /// One of the épreuves.
    #[error(transparent)]
    Epreuve(#[from] EpreuveFault),
    /// The file.
    #[error(transparent)]
    Illisible(#[from] tableur::Illisible),
    /// More lines than can be looked at.
    #[error("{0} lignes")]
    TropDeLignes(usize),
    /// No such import.
    #[error("import {0} inconnu")]
    Inconnu(i64),
    /// It was applied already, by whom.
    #[error("import {0} déjà appliqué")]
    DejaApplique(i64, String),
    /// Lines are in error, and nobody said to leave them aside.
    #[error("{0} lignes en erreur")]
    EnErreur(usize),
    /// Nothing would change.
    #[error("aucun changement")]
    Rien,
    /// What would change is no longer what was shown.
    #[error("données changées depuis l’aperçu")]
    Bouge,
}

impl MaybeDb for ImportFault {
    fn as_db(&self) -> Option<&DbError> {
        match self {
            Self::Base(err) => Some(err),
            Self::Epreuve(fault) => fault.as_db(),
            _ => None,
        }
    }
}

impl Fault for ImportFault {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Base(_) => FaultKind::Internal,
            Self::Offre(_) => FaultKind::Outage,
            Self::Epreuve(fault) => fault.kind(),
            Self::Illisible(_) | Self::TropDeLignes(_) | Self::EnErreur(_) | Self::Rien => FaultKind::Invalid,
            Self::Inconnu(_) => FaultKind::NotFound,
            Self::DejaApplique(..) | Self::Bouge => FaultKind::Conflict,
        }
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::Base(_) => "base-de-donnees",
            Self::Offre(_) => "maquette-muette",
            Self::Epreuve(fault) => fault.slug(),
            Self::Illisible(fault) => fault.slug(),
            Self::TropDeLignes(_) => "import-trop-long",
            Self::Inconnu(_) => "import-inconnu",
            Self::DejaApplique(..) => "import-deja-applique",
            Self::EnErreur(_) => "import-en-erreur",
            Self::Rien => "import-sans-effet",
            Self::Bouge => "import-change",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Base(err) => err.message(),
            Self::Offre(_) => "Maquette ne répond pas : les éléments du fichier n’ont pas pu être vérifiés. Rien n’a été écrit.".to_owned(),
            Self::Epreuve(fault) => fault.message(),
            Self::Illisible(fault) => fault.message(),
            Self::TropDeLignes(n) => {
                format!("Ce fichier a {n} lignes ; {LIGNES_MAX} au plus sont importées à la fois. Rien n’a été écrit.")
            }
            Self::Inconnu(id) => {
                format!("L’import n° {id} n’existe pas ou plus : un aperçu est oublié au bout de sept jours.")
            }
            Self::DejaApplique(id, par) => {
                format!("L’import n° {id} a déjà été appliqué par {par}. Rien n’a été écrit de plus.")
            }
            Self::EnErreur(1) => "Une ligne du fichier est en erreur. Rien n’a été écrit.".to_owned(),
            Self::EnErreur(n) => format!("{n} lignes du fichier sont en erreur. Rien n’a été écrit."),
            Self::Rien => "Aucune ligne du fichier ne change quelque chose : rien n’a été écrit.".to_owned(),
            Self::Bouge => "Les épreuves ou l’offre ont changé depuis l’aperçu. Rien n’a été écrit.".to_owned(),
        }
    }

    fn way_out(&self) -> String {
        match self {
            Self::Base(err) => err.way_out(),
            Self::Offre(_) => "Réessayez dans quelques minutes : le fichier est gardé.".to_owned(),
            Self::Epreuve(fault) => fault.way_out(),
            Self::Illisible(fault) => fault.way_out(),
            Self::TropDeLignes(_) => "Partagez-le en plusieurs fichiers.".to_owned(),
            Self::Inconnu(_) => "Envoyez le fichier de nouveau.".to_owned(),
            Self::DejaApplique(..) => "Les épreuves sont dans la liste.".to_owned(),
            Self::EnErreur(_) => {
                "Corrigez ces cellules et envoyez le fichier de nouveau, ou choisissez d’appliquer les autres lignes.".to_owned()
            }
            Self::Rien => "Vérifiez que c’est bien ce fichier que vous vouliez envoyer.".to_owned(),
            Self::Bouge => "Relisez l’aperçu ci-dessous, puis appliquez si votre choix reste le même.".to_owned(),
        }
    }
}
