use db::{DbError, MaybeDb};
use kernel::{Fault, FaultKind};

use crate::domain::correction::{MOTIF_MAX, Refus, dite};
use crate::domain::genre::{Colonne, Genre};
use crate::domain::valeur::Valeur;
use crate::store::correction_lue::CorrectionVue;

/// Why a correction was not set, extended or ended. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum CorrectionFault {
    /// What was typed.
    #[error(transparent)]
    Refus(#[from] Refus),
    /// The database.
    #[error(transparent)]
    Base(#[from] DbError),
    /// No such correction.
    #[error("correction {0} inconnue")]
    Inconnue(i64),
    /// No such row.
    #[error("objet inconnu : {1}")]
    ObjetInconnu(Genre, String),
    /// The row disappeared from its source.
    #[error("objet fermé : {1}")]
    ObjetFerme(Genre, String),
    /// Another correction holds on that field.
    #[error("déjà corrigé par la correction {}", .0.id)]
    DejaCorrige(Box<CorrectionVue>),
    /// The row already shows it.
    #[error("déjà cette valeur : {0}")]
    DejaCetteValeur(String),
    /// It ended already.
    #[error("correction {} déjà retirée", .0.id)]
    DejaRetiree(Box<CorrectionVue>),
    /// The row is no longer as the form showed it.
    #[error("valeur changée : {}", .champ.nom)]
    Change {
        /// The field.
        champ: &'static Colonne,
        /// What it shows now.
        presente: Valeur,
    },
    /// The correction is no longer as the form showed it.
    #[error("correction {0} changée")]
    Perime(i64),
}

impl MaybeDb for CorrectionFault {
    fn as_db(&self) -> Option<&DbError> {
        match self {
            Self::Base(err) => Some(err),
            _ => None,
        }
    }
}

impl Fault for CorrectionFault {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Refus(_) | Self::DejaCetteValeur(_) => FaultKind::Invalid,
            Self::Base(_) => FaultKind::Internal,
            Self::Inconnue(_) | Self::ObjetInconnu(..) => FaultKind::NotFound,
            Self::ObjetFerme(..)
            | Self::DejaCorrige(_)
            | Self::DejaRetiree(_)
            | Self::Change { .. }
            | Self::Perime(_) => FaultKind::Conflict,
        }
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::Refus(_) => "correction-refusee",
            Self::Base(_) => "base-de-donnees",
            Self::Inconnue(_) => "correction-inconnue",
            Self::ObjetInconnu(..) => "objet-inconnu",
            Self::ObjetFerme(..) => "objet-ferme",
            Self::DejaCorrige(_) => "deja-corrige",
            Self::DejaCetteValeur(_) => "deja-cette-valeur",
            Self::DejaRetiree(_) => "correction-finie",
            Self::Change { .. } => "valeur-changee",
            Self::Perime(_) => "correction-changee",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Refus(refus) => refus.phrase(),
            Self::Base(err) => err.message(),
            Self::Inconnue(id) => format!("La correction n° {id} n’existe pas."),
            Self::ObjetInconnu(genre, cle) => {
                format!("Rien de code {cle} dans « {} » pour cette année.", genre.description().titre)
            }
            Self::ObjetFerme(_, cle) => {
                format!("{cle} a disparu de sa source : il est gardé comme histoire, et ne se corrige plus.")
            }
            Self::DejaCorrige(c) => format!(
                "Ce champ porte déjà une correction : « {} », posée par {} jusqu’au {}. Rien n’a été écrit.",
                c.valeur_dite(),
                c.posee_par,
                c.fin.format("%d/%m/%Y")
            ),
            Self::DejaCetteValeur(valeur) => {
                format!("La valeur affichée est déjà « {valeur} » : il n’y a rien à corriger.")
            }
            Self::DejaRetiree(c) => match &c.retiree {
                Some((par, quand, _)) => format!(
                    "La correction n° {} a déjà pris fin, le {}, par {par}. Rien n’a été écrit.",
                    c.id,
                    kernel::heure_de_besancon(*quand).format("%d/%m/%Y")
                ),
                None => format!("La correction n° {} a déjà pris fin. Rien n’a été écrit.", c.id),
            },
            Self::Change { champ, presente } => format!(
                "« {} » a changé depuis que vous avez ouvert cette page : la valeur affichée est maintenant « {} ». Rien n’a été écrit.",
                champ.libelle,
                dite(champ, presente)
            ),
            Self::Perime(id) => format!(
                "Quelqu’un d’autre a modifié la correction n° {id} depuis que vous avez ouvert cette page. Rien n’a été écrit."
            ),
        }
    }

    fn way_out(&self) -> String {
        match self {
            Self::Refus(Refus::Motif) => {
                format!("Écrivez en quelques mots pourquoi la source se trompe ({MOTIF_MAX} caractères au plus).")
            }
            Self::Refus(Refus::Fin(_) | Refus::FinPassee(_) | Refus::FinLointaine(..)) => {
                "Choisissez un autre dernier jour.".to_owned()
            }
            Self::Refus(Refus::Genre | Refus::Champ(_)) => {
                "Corrigez un autre champ depuis la page de l’objet ; les codes et ce que dit chaque source ne se corrigent pas ici."
                    .to_owned()
            }
            Self::Refus(_) => "Modifiez la valeur, puis enregistrez de nouveau.".to_owned(),
            Self::Base(err) => err.way_out(),
            Self::Inconnue(_) => "Choisissez-la dans la liste des corrections.".to_owned(),
            Self::ObjetInconnu(..) => {
                "Vérifiez le code et l’année, ou partez de la page de l’objet.".to_owned()
            }
            Self::ObjetFerme(..) => "S’il revient à la source, vous pourrez le corriger.".to_owned(),
            Self::DejaCorrige(_) => {
                "Levez ou prolongez celle qui existe, ou attendez son terme.".to_owned()
            }
            Self::DejaCetteValeur(_) => "Saisissez une autre valeur, ou revenez à l’objet.".to_owned(),
            Self::DejaRetiree(_) => "Posez-en une nouvelle si elle est encore utile.".to_owned(),
            Self::Change { .. } | Self::Perime(_) => {
                "Relisez ce qui a changé, puis enregistrez de nouveau si votre choix reste le même.".to_owned()
            }
        }
    }
}
