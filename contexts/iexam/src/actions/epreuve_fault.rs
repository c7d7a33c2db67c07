//! Refusals of épreuves.

use contracts::maquette::Indisponible;
use db::{DbError, MaybeDb};
use kernel::{CodeElement, Fault, FaultKind};

use crate::domain::sceau::Ferme;

/// Why épreuves were not written. Nothing was.
#[derive(Debug, thiserror::Error)]
pub enum EpreuveFault {
    /// The database.
    #[error(transparent)]
    Base(#[from] DbError),
    /// The offer could not be read.
    #[error(transparent)]
    Offre(#[from] Indisponible),
    /// No such period.
    #[error("période inconnue")]
    PeriodeInconnue,
    /// No such épreuve.
    #[error("épreuve inconnue")]
    Inconnue,
    /// The period is closed.
    #[error("période {} close", .0.nom)]
    PeriodeClose(Ferme),
    /// A field, and what is wrong with it.
    #[error("{0} : {1}")]
    Champ(&'static str, String),
    /// Somebody else wrote it since the form was opened.
    #[error("l’épreuve a changé")]
    Perimee,
    /// The element has that épreuve already.
    #[error("épreuve {1} de {0} déjà là")]
    Existe(CodeElement, i64),
    /// One of several cannot be changed that way: its label, and why.
    #[error("{0} : {1}")]
    Une(String, String),
    /// No étape by that name, or nothing under it.
    #[error("étape inconnue")]
    EtapeInconnue,
    /// What was confirmed is no longer what would be done.
    #[error("l’aperçu a changé")]
    Bouge,
    /// Nothing would change.
    #[error("rien à faire")]
    Rien,
}

impl From<Ferme> for EpreuveFault {
    fn from(ferme: Ferme) -> Self {
        Self::PeriodeClose(ferme)
    }
}

impl MaybeDb for EpreuveFault {
    fn as_db(&self) -> Option<&DbError> {
        match self {
            Self::Base(err) => Some(err),
            _ => None,
        }
    }
}

impl Fault for EpreuveFault {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Base(_) => FaultKind::Internal,
            Self::Offre(_) => FaultKind::Outage,
            Self::PeriodeInconnue | Self::Inconnue | Self::EtapeInconnue => FaultKind::NotFound,
            Self::PeriodeClose(_) | Self::Perimee | Self::Existe(..) | Self::Bouge => FaultKind::Conflict,
            Self::Champ(..) | Self::Une(..) | Self::Rien => FaultKind::Invalid,
        }
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::Base(_) => "base-de-donnees",
            Self::Offre(_) => "maquette-muette",
            Self::PeriodeInconnue => "periode-inconnue",
            Self::Inconnue => "epreuve-inconnue",
            Self::EtapeInconnue => "etape-inconnue",
            Self::PeriodeClose(_) => "periode-close",
            Self::Champ(..) | Self::Une(..) => "epreuve-invalide",
            Self::Perimee => "epreuve-changee",
            Self::Existe(..) => "epreuve-existante",
            Self::Bouge => "apercu-change",
            Self::Rien => "sans-effet",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Base(err) => err.message(),
            Self::Offre(_) => "Maquette ne répond pas : l’offre n’a pas pu être lue. Rien n’a été modifié.".to_owned(),
            Self::PeriodeInconnue => "Cette période d’examens n’existe pas.".to_owned(),
            Self::Inconnue => "Cette épreuve n’existe pas.".to_owned(),
            Self::EtapeInconnue => "Cette étape n’existe pas dans l’offre de l’année, ou n’a aucun élément.".to_owned(),
            Self::PeriodeClose(ferme) => format!("{} Rien n’a été modifié.", ferme.phrase()),
            Self::Champ(_, phrase) => format!("{phrase} Rien n’a été modifié."),
            Self::Perimee => "Quelqu’un d’autre a modifié cette épreuve depuis que vous l’avez ouverte. Rien n’a été modifié.".to_owned(),
            Self::Existe(element, rang) => format!("L’élément {element} a déjà une épreuve de rang {rang} dans cette période. Rien n’a été modifié."),
            Self::Une(libelle, phrase) => format!("«\u{a0}{libelle}\u{a0}» : {phrase} Aucune épreuve n’a été modifiée."),
            Self::Bouge => "L’offre ou les épreuves ont changé depuis l’aperçu. Rien n’a été écrit.".to_owned(),
            Self::Rien => "Rien ne change : rien n’a été écrit.".to_owned(),
        }
    }

    fn way_out(&self) -> String {
        match self {
            Self::Base(err) => err.way_out(),
            Self::Offre(_) => {
                "Réessayez dans quelques minutes ; les épreuves déjà créées se modifient sans elle."
                    .to_owned()
            }
            Self::PeriodeInconnue => "Choisissez une période dans la liste.".to_owned(),
            Self::Inconnue => "Revenez à la liste des épreuves.".to_owned(),
            Self::EtapeInconnue => "Cherchez-la de nouveau, par son code ou son libellé.".to_owned(),
            Self::PeriodeClose(_) => {
                "Choisissez une autre période, ou rouvrez celle-ci si elle n’est pas archivée.".to_owned()
            }
            Self::Champ(..) | Self::Une(..) => "Corrigez-le, puis recommencez.".to_owned(),
            Self::Perimee => {
                "Relisez ce qui a changé, puis enregistrez si votre choix reste le même.".to_owned()
            }
            Self::Existe(..) => "Modifiez celle qui existe, ou donnez un autre rang.".to_owned(),
            Self::Bouge => "Relisez l’aperçu, puis appliquez si votre choix reste le même.".to_owned(),
            Self::Rien => "Vérifiez votre choix.".to_owned(),
        }
    }
}
