//! Why a row of the ledger, or a closing, was refused.

use chrono::NaiveDate;
use db::{DbError, MaybeDb};
use kernel::{Cents, CentsError, Fault, FaultKind, date_francaise};

use crate::domain::registre::Ecart;
use crate::domain::sceau::Ferme;

/// Why the ledger took nothing.
#[derive(Debug, thiserror::Error)]
pub enum CaisseFault {
    /// No such registration.
    #[error("inscription {0} inconnue")]
    Inconnue(i64),
    /// No such row.
    #[error("écriture {0} inconnue")]
    Ecriture(i64),
    /// Somebody wrote since the page was opened.
    #[error("compte changé entre-temps")]
    Perime,
    /// Where the registration stands forbids it.
    #[error("inscription écartée : {0:?}")]
    Ecart(Ecart),
    /// The period takes no money any more.
    #[error("période {} fermée", .0.nom)]
    Ferme(Ferme),
    /// Not an amount.
    #[error(transparent)]
    Montant(#[from] CentsError),
    /// Zero, or less.
    #[error("montant nul ou négatif")]
    NonPositif,
    /// More than what is left to pay, and it was not said to be on purpose.
    #[error("plus que le reste à payer")]
    AuDela {
        /// What is left to pay.
        reste: Cents,
    },
    /// More than what was overpaid, and it was not said to be on purpose.
    #[error("plus que le trop perçu")]
    PlusQueTropPercu {
        /// What was overpaid.
        trop: Cents,
    },
    /// More than what was paid at all.
    #[error("plus que ce qui a été payé")]
    PlusQuePaye {
        /// What was paid, less what was given back.
        paye: Cents,
    },
    /// More than what an exemption may take off.
    #[error("exonération au-delà du reste à payer")]
    ExonerationTropForte {
        /// What is left to pay.
        reste: Cents,
    },
    /// The till has not so much cash.
    #[error("caisse insuffisante")]
    Especes {
        /// What it has.
        caisse: Cents,
    },
    /// No means chosen.
    #[error("moyen de paiement manquant")]
    Moyen,
    /// The bank writes online payments itself.
    #[error("paiement en ligne écrit à la main")]
    EnLigne,
    /// A cheque or a transfer without its number.
    #[error("référence manquante")]
    Reference,
    /// No reason.
    #[error("motif manquant")]
    Motif,
    /// Corrected already.
    #[error("écriture {0} déjà corrigée")]
    DejaCorrigee(i64),
    /// A row that cannot be corrected, and why.
    #[error("écriture non corrigeable : {0}")]
    Incorrigible(&'static str),
    /// A day that is closed.
    #[error("journée {0} déjà close")]
    JourClos(NaiveDate),
    /// A day to come.
    #[error("journée {0} à venir")]
    JourFutur(NaiveDate),
    /// An earlier day is to be closed first.
    #[error("journée {0} à clore d'abord")]
    JourAnterieur(NaiveDate),
    /// The day has no row.
    #[error("journée {0} vide")]
    JourVide(NaiveDate),
    /// The day has more rows than when it was shown.
    #[error("journée {0} changée")]
    JourChange(NaiveDate),
    /// The database.
    #[error(transparent)]
    Base(#[from] DbError),
}

impl From<Ferme> for CaisseFault {
    fn from(ferme: Ferme) -> Self {
        Self::Ferme(ferme)
    }
}

impl MaybeDb for CaisseFault {
    fn as_db(&self) -> Option<&DbError> {
        match self {
            Self::Base(err) => Some(err),
            _ => None,
        }
    }
}

impl CaisseFault {
    /// The field of the form that is wrong, when one is.
    #[must_use]
    pub fn champ(&self) -> Option<&'static str> {
        match self {
            Self::Montant(_)
            | Self::NonPositif
            | Self::AuDela { .. }
            | Self::PlusQueTropPercu { .. }
            | Self::PlusQuePaye { .. }
            | Self::ExonerationTropForte { .. }
            | Self::Especes { .. } => Some("montant"),
            Self::Moyen | Self::EnLigne => Some("moyen"),
            Self::Reference => Some("reference"),
            Self::Motif => Some("motif"),
            _ => None,
        }
    }
}

impl Fault for CaisseFault {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Inconnue(_) | Self::Ecriture(_) => FaultKind::NotFound,
            Self::Perime
            | Self::Ecart(_)
            | Self::Ferme(_)
            | Self::DejaCorrigee(_)
            | Self::Incorrigible(_)
            | Self::JourClos(_)
            | Self::JourFutur(_)
            | Self::JourAnterieur(_)
            | Self::JourVide(_)
            | Self::JourChange(_) => FaultKind::Conflict,
            Self::Base(err) => err.kind(),
            _ => FaultKind::Invalid,
        }
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::Inconnue(_) => "inscription-inconnue",
            Self::Ecriture(_) => "ecriture-inconnue",
            Self::Perime => "compte-change",
            Self::Ecart(_) => "inscription-etat",
            Self::Ferme(_) => "periode-close",
            Self::Montant(_) | Self::NonPositif => "montant",
            Self::AuDela { .. } => "montant-au-dela",
            Self::PlusQueTropPercu { .. } => "remboursement-au-dela",
            Self::PlusQuePaye { .. } => "remboursement-impaye",
            Self::ExonerationTropForte { .. } => "exoneration-au-dela",
            Self::Especes { .. } => "caisse-insuffisante",
            Self::Moyen => "moyen",
            Self::EnLigne => "moyen-en-ligne",
            Self::Reference => "reference",
            Self::Motif => "motif",
            Self::DejaCorrigee(_) => "ecriture-corrigee",
            Self::Incorrigible(_) => "ecriture-incorrigible",
            Self::JourClos(_) => "jour-clos",
            Self::JourFutur(_) => "jour-futur",
            Self::JourAnterieur(_) => "jour-anterieur",
            Self::JourVide(_) => "jour-vide",
            Self::JourChange(_) => "jour-change",
            Self::Base(err) => err.slug(),
        }
    }

    fn message(&self) -> String {
        let dit = match self {
            Self::Inconnue(id) => format!("L’inscription n° {id} n’existe pas."),
            Self::Ecriture(id) => format!("L’écriture n° {id} n’existe pas."),
            Self::Perime => "Ce compte a changé depuis que vous l’avez ouvert.".to_owned(),
            Self::Ecart(ecart) => format!("Cette inscription ne le permet pas : {}.", ecart.phrase()),
            Self::Ferme(ferme) => ferme.phrase(),
            Self::Montant(err) => format!("{err}."),
            Self::NonPositif => "Le montant doit être plus grand que zéro.".to_owned(),
            Self::AuDela { reste } => format!("Il ne reste que {reste} à payer."),
            Self::PlusQueTropPercu { trop } => format!("Le trop perçu n’est que de {trop}."),
            Self::PlusQuePaye { paye } => format!("L’étudiant n’a payé que {paye} en tout."),
            Self::ExonerationTropForte { reste } => {
                format!("On n’exonère pas de plus que ce qui reste à payer, {reste}.")
            }
            Self::Especes { caisse } => format!("La caisse n’a que {caisse} en espèces."),
            Self::Moyen => "Choisissez comment la somme a été versée.".to_owned(),
            Self::EnLigne => {
                "Un paiement en ligne n’est pas saisi à la main : la banque le notifie.".to_owned()
            }
            Self::Reference => "Le numéro du chèque ou la référence du virement manque.".to_owned(),
            Self::Motif => "Un motif est nécessaire : il reste dans le compte.".to_owned(),
            Self::DejaCorrigee(id) => format!("L’écriture n° {id} est déjà corrigée."),
            Self::Incorrigible(pourquoi) => format!("Cette écriture ne se corrige pas : {pourquoi}."),
            Self::JourClos(jour) => format!("La journée du {} est déjà close.", date_francaise(*jour)),
            Self::JourFutur(jour) => format!("La journée du {} n’est pas commencée.", date_francaise(*jour)),
            Self::JourAnterieur(jour) => {
                format!(
                    "La journée du {} n’est pas close : les journées se closent dans l’ordre.",
                    date_francaise(*jour)
                )
            }
            Self::JourVide(jour) => format!("La journée du {} n’a aucune écriture.", date_francaise(*jour)),
            Self::JourChange(jour) => {
                format!(
                    "Une écriture s’est ajoutée à la journée du {} depuis que vous l’avez lue.",
                    date_francaise(*jour)
                )
            }
            Self::Base(err) => return err.message(),
        };
        format!("{dit} Rien n’a été enregistré.")
    }

    fn way_out(&self) -> String {
        let dit = match self {
            Self::Inconnue(_) | Self::Ecriture(_) => "Revenez à la liste des inscriptions.",
            Self::Perime => "Relisez le compte tel qu’il est maintenant, puis recommencez s’il y a lieu.",
            Self::Ecart(_) => "Attendez que l’inscription soit dans le bon état.",
            Self::Ferme(_) => "Voyez avec la comptabilité comment traiter la somme hors de Télémaque.",
            Self::Montant(_) | Self::NonPositif => "Corrigez le montant.",
            Self::AuDela { .. } => "Corrigez le montant, ou cochez que vous avez bien reçu davantage.",
            Self::PlusQueTropPercu { .. } => {
                "Corrigez le montant, ou cochez que vous remboursez davantage : il restera alors quelque chose à payer."
            }
            Self::PlusQuePaye { .. } | Self::ExonerationTropForte { .. } => {
                "Saisissez un montant plus petit."
            }
            Self::Especes { .. } => "Remboursez par un autre moyen.",
            Self::Moyen => "Choisissez un moyen dans la liste.",
            Self::EnLigne => "Cherchez-le dans les paiements en ligne, ou choisissez « Carte au guichet ».",
            Self::Reference => "Recopiez ce numéro : la comptabilité en a besoin.",
            Self::Motif => "Écrivez-le en une phrase.",
            Self::DejaCorrigee(_) => "Relisez le compte : la correction y est.",
            Self::Incorrigible(_) => "Passez un remboursement ou un paiement, s’il y a lieu.",
            Self::JourClos(_) => "Une correction compte pour aujourd’hui.",
            Self::JourFutur(_) => "Attendez ce jour-là.",
            Self::JourAnterieur(_) => "Commencez par la plus ancienne.",
            Self::JourVide(_) => "Il n’y a rien à clore ce jour-là.",
            Self::JourChange(_) => "Relisez-la, puis recommencez.",
            Self::Base(err) => return err.way_out(),
        };
        dit.to_owned()
    }
}
