use chrono::{DateTime, NaiveDate, Utc};
use kernel::{
    AnneeUniversitaire, Centi, CodeComposante, CodeElement, CodeEtape, NumeroEnseignant, VersionEtape,
};

use super::TypeHeure;

/// A discharge of service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decharge {
    /// Why.
    pub motif: String,
    /// Hours HETD discharged.
    pub heures: Centi,
}

/// A teacher, as Eve knows them for one year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enseignant {
    /// Year of this row: a teacher has one row per year.
    pub annee: AnneeUniversitaire,
    /// Harpège or Eve number.
    pub numero: NumeroEnseignant,
    /// `M.` or `Mme`.
    pub civilite: String,
    /// Name of birth.
    pub nom: String,
    /// Name of use.
    pub nom_usage: Option<String>,
    /// First name.
    pub prenom: String,
    /// E-mail.
    pub email: String,
    /// Corps (code, label): `PR`, `MCF`, `PRAG`, `PRCE`, `ATER`, `CONT`, `VAC`.
    pub corps: (String, String),
    /// `titulaire`, `contractuel`, `vacataire`.
    pub statut: String,
    /// COD_CMP of assignment.
    pub composante: CodeComposante,
    /// CNU section, two digits.
    pub section_cnu: Option<String>,
    /// Percentage of working time, hundredths: 100 % is 10000.
    pub quotite: Centi,
    /// Hours HETD due.
    pub service_statutaire: Centi,
    /// Discharges.
    pub decharges: Vec<Decharge>,
    /// Start of the contract.
    pub date_debut: Option<NaiveDate>,
    /// End of the contract.
    pub date_fin: Option<NaiveDate>,
    /// Last change in Eve.
    pub modifie_le: DateTime<Utc>,
}

/// What is declared: a type of hour, or a reference task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeService {
    /// Hours in front of students, or at a distance.
    Heure(TypeHeure),
    /// `REF`: a task of the reference list.
    Referentiel,
}

impl TypeService {
    /// The code that Eve gives.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Heure(t) => t.code(),
            Self::Referentiel => "REF",
        }
    }
}

/// Planned or done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NatureService {
    /// `previsionnel`.
    Previsionnel,
    /// `realise`.
    Realise,
}

impl NatureService {
    /// The word that Eve gives.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Previsionnel => "previsionnel",
            Self::Realise => "realise",
        }
    }
}

/// Where a declaration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EtatService {
    /// Typed by the teacher.
    Saisi,
    /// Accepted.
    Valide,
    /// Refused.
    Refuse,
    /// Paid.
    Paye,
}

impl EtatService {
    /// The word that Eve gives.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Saisi => "saisi",
            Self::Valide => "valide",
            Self::Refuse => "refuse",
            Self::Paye => "paye",
        }
    }
}

/// Hours declared in Eve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Eve's identifier.
    pub id: u32,
    /// Academic year.
    pub annee: AnneeUniversitaire,
    /// Number of the teacher.
    pub enseignant: NumeroEnseignant,
    /// The element taught, if any.
    pub element: Option<CodeElement>,
    /// The VET for which it is taught, if any.
    pub etape: Option<(CodeEtape, VersionEtape)>,
    /// CM, TD, TP, EAD or REF.
    pub type_service: TypeService,
    /// Title, when there is no element.
    pub intitule: Option<String>,
    /// Hours.
    pub heures: Centi,
    /// Number of groups.
    pub groupes: u8,
    /// Planned or done.
    pub nature: NatureService,
    /// State.
    pub etat: EtatService,
    /// Day of payment.
    pub paye_le: Option<NaiveDate>,
    /// Last change in Eve.
    pub modifie_le: DateTime<Utc>,
}
