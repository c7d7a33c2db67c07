//! Why a student's write is refused, and what to do. Nothing is written when one of these is returned; a draft stays as it was.

use chrono::{DateTime, Utc};
use contracts::maquette::Indisponible;
use db::{DbError, MaybeDb};
use kernel::{Fault, FaultKind, heure_de_besancon, instant_francais};
use mail::MailFault;

use crate::domain::cadre::Fenetre;
use crate::domain::inscription::EtatInscription;
use crate::domain::sceau::Ferme;
use crate::domain::validation::Obstacle;

/// A refusal.
#[derive(Debug, thiserror::Error)]
pub enum InscrireFault {
    /// The account carries no student number.
    #[error("compte sans numéro d’étudiant")]
    SansNumero,
    /// No such period, or it is being set up.
    #[error("période {0} inconnue")]
    PeriodeInconnue(String),
    /// Maquette does not hold this student for the year.
    #[error("étudiant inconnu de l’année")]
    EtudiantInconnu,
    /// Registrations are not open.
    #[error("inscriptions fermées à {0}")]
    Fermee(String, Fenetre),
    /// The period is closed or archived.
    #[error("période {} fermée", .0.nom)]
    Scellee(Ferme),
    /// Written meanwhile from another page.
    #[error("inscription modifiée depuis une autre page")]
    Conflit {
        /// When.
        le: DateTime<Utc>,
        /// The revision it has now.
        revision: i64,
    },
    /// What would be confirmed is not what was read over.
    #[error("ce qui a été relu a changé")]
    Change,
    /// Confirmed already, from another page, with other choices.
    #[error("inscription déjà validée")]
    DejaValidee {
        /// Its receipt.
        recu: String,
        /// When.
        le: Option<DateTime<Utc>>,
    },
    /// Not possible in this state.
    #[error("état {}", .0.code())]
    Etat(EtatInscription),
    /// What is chosen cannot be confirmed.
    #[error("choix incomplets")]
    Obstacles(Vec<Obstacle>),
    /// The last place went while the page was open.
    #[error("complet : {0}")]
    Complet(String),
    /// A change was asked already, and waits.
    #[error("demande déjà en attente")]
    DemandeEnAttente,
    /// What is asked is what is held.
    #[error("demande sans changement")]
    DemandeVide,
    /// A request without its reason.
    #[error("demande sans motif")]
    SansMotif,
    /// No request waits.
    #[error("aucune demande en attente")]
    SansDemande,
    /// Maquette does not answer.
    #[error(transparent)]
    Maquette(#[from] Indisponible),
    /// The message could not be put down.
    #[error(transparent)]
    Courriel(#[from] MailFault),
    /// The database.
    #[error(transparent)]
    Base(#[from] DbError),
}

impl From<Ferme> for InscrireFault {
    fn from(ferme: Ferme) -> Self {
        Self::Scellee(ferme)
    }
}

impl MaybeDb for InscrireFault {
    fn as_db(&self) -> Option<&DbError> {
        match self {
            Self::Base(err) => Some(err),
            Self::Courriel(err) => err.as_db(),
            _ => None,
        }
    }
}

fn le(instant: DateTime<Utc>) -> String {
    instant_francais(heure_de_besancon(instant))
}

impl Fault for InscrireFault {
    fn kind(&self) -> FaultKind {
        match self {
            Self::SansNumero => FaultKind::Forbidden,
            Self::PeriodeInconnue(_) | Self::EtudiantInconnu => FaultKind::NotFound,
            Self::Obstacles(_) | Self::DemandeVide | Self::SansMotif => FaultKind::Invalid,
            Self::Fermee(..)
            | Self::Scellee(_)
            | Self::Conflit { .. }
            | Self::Change
            | Self::DejaValidee { .. }
            | Self::Etat(_)
            | Self::Complet(_)
            | Self::DemandeEnAttente
            | Self::SansDemande => FaultKind::Conflict,
            Self::Maquette(_) => FaultKind::Outage,
            Self::Courriel(err) => err.kind(),
            Self::Base(err) => err.kind(),
        }
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::SansNumero => "compte-sans-numero",
            Self::PeriodeInconnue(_) => "periode-inconnue",
            Self::EtudiantInconnu => "etudiant-inconnu",
            Self::Fermee(..) => "inscriptions-fermees",
            Self::Scellee(_) => "periode-close",
            Self::Conflit { .. } => "inscription-modifiee",
            Self::Change => "inscription-changee",
            Self::DejaValidee { .. } => "inscription-deja-validee",
            Self::Etat(_) => "inscription-etat",
            Self::Obstacles(_) => "inscription-incomplete",
            Self::Complet(_) => "inscription-complet",
            Self::DemandeEnAttente => "demande-en-attente",
            Self::DemandeVide => "demande-sans-changement",
            Self::SansMotif => "demande-sans-motif",
            Self::SansDemande => "demande-absente",
            Self::Maquette(_) => "maquette-indisponible",
            Self::Courriel(err) => err.slug(),
            Self::Base(err) => err.slug(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::SansNumero => "Votre compte ne porte pas de numéro d’étudiant : vos examens ne peuvent pas être retrouvés.".to_owned(),
            Self::PeriodeInconnue(nom) => format!("La période d’examens {nom} n’existe pas, ou n’est pas encore annoncée."),
            Self::EtudiantInconnu => {
                "Aucune inscription administrative n’est connue pour vous cette année : vos épreuves ne peuvent pas être retrouvées. Rien n’a été enregistré.".to_owned()
            }
            Self::Fermee(nom, Fenetre::PasEncore(debut)) => {
                format!("Les inscriptions à {nom} ouvriront le {}. Rien n’a été enregistré.", le(*debut))
            }
            Self::Fermee(nom, Fenetre::Passee(fin)) => format!(
                "Les inscriptions à {nom} ont fermé le {}. Ce que vous venez de choisir n’a pas été enregistré ; votre brouillon, lui, est gardé tel qu’il était.",
                le(*fin)
            ),
            Self::Fermee(nom, _) => format!("Les inscriptions à {nom} ne sont pas ouvertes. Rien n’a été enregistré."),
            Self::Scellee(ferme) => format!("{} Rien n’a été enregistré.", ferme.phrase()),
            Self::Conflit { le: quand, .. } => format!(
                "Votre inscription a été modifiée depuis une autre page ou un autre appareil le {}. Rien n’a été enregistré ici.",
                le(*quand)
            ),
            Self::Change => {
                "Ce que vous aviez relu a changé entre-temps (une épreuve, une date, un tarif ou votre brouillon). Rien n’a été validé.".to_owned()
            }
            Self::DejaValidee { recu, le: Some(quand) } => {
                format!("Votre inscription est déjà validée, depuis le {} (reçu {recu}). Rien n’a changé.", le(*quand))
            }
            Self::DejaValidee { recu, le: None } => format!("Votre inscription est déjà validée (reçu {recu}). Rien n’a changé."),
            Self::Etat(etat) => format!("Votre inscription est «\u{a0}{}\u{a0}» : ce geste n’est plus possible. Rien n’a changé.", etat.libelle()),
            Self::Obstacles(obstacles) => obstacles.iter().map(Obstacle::phrase).collect::<Vec<_>>().join(" "),
            Self::Complet(nom) => {
                format!("La dernière place («\u{a0}{nom}\u{a0}») vient d’être prise. Rien n’a été validé ; vos autres choix sont gardés.")
            }
            Self::DemandeEnAttente => "Une demande de modification attend déjà la réponse de la scolarité. Rien n’a été ajouté.".to_owned(),
            Self::DemandeVide => "Ce que vous demandez est ce que votre inscription porte déjà. Rien n’a été envoyé.".to_owned(),
            Self::SansMotif => "Dites en quelques mots pourquoi vous demandez ce changement. Rien n’a été envoyé.".to_owned(),
            Self::SansDemande => "Aucune demande n’attend : elle a été traitée ou retirée entre-temps.".to_owned(),
            Self::Maquette(_) => "Vos inscriptions pédagogiques ne peuvent pas être lues en ce moment. Votre brouillon est gardé ; rien n’est perdu.".to_owned(),
            Self::Courriel(err) => err.message(),
            Self::Base(err) => err.message(),
        }
    }

    fn way_out(&self) -> String {
        match self {
            Self::SansNumero => "Écrivez au service informatique en donnant votre numéro d’étudiant : il est sur votre certificat de scolarité.".to_owned(),
            Self::PeriodeInconnue(_) => "Revenez à « Mes examens » pour voir les périodes ouvertes.".to_owned(),
            Self::EtudiantInconnu => "Écrivez à la scolarité si vous êtes bien inscrit cette année.".to_owned(),
            Self::Fermee(_, Fenetre::PasEncore(_)) => "Revenez à cette date.".to_owned(),
            Self::Fermee(..) | Self::Scellee(_) => "Écrivez à la scolarité pour exposer votre situation.".to_owned(),
            Self::Conflit { .. } => "Regardez ce qui a changé, puis choisissez ce que vous gardez.".to_owned(),
            Self::Change => "Relisez, puis validez de nouveau.".to_owned(),
            Self::DejaValidee { .. } => "Pour changer quelque chose, demandez une modification depuis votre inscription.".to_owned(),
            Self::Etat(_) => "Revenez à votre inscription pour voir où elle en est.".to_owned(),
            Self::Obstacles(_) => "Complétez, puis validez de nouveau : ce qui est déjà choisi est gardé.".to_owned(),
            Self::Complet(_) => "Choisissez une autre modalité ou un autre centre, puis validez.".to_owned(),
            Self::DemandeEnAttente => "Attendez la réponse, ou retirez votre demande pour en faire une autre.".to_owned(),
            Self::DemandeVide => "Changez au moins une épreuve, la modalité ou le centre.".to_owned(),
            Self::SansMotif => "Écrivez le motif, puis envoyez.".to_owned(),
            Self::SansDemande => "Rechargez la page pour voir ce qui a été décidé.".to_owned(),
            Self::Maquette(_) => "Réessayez dans quelques minutes. Si la date limite approche, écrivez à la scolarité.".to_owned(),
            Self::Courriel(err) => err.way_out(),
            Self::Base(err) => err.way_out(),
        }
    }
}
