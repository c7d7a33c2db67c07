use chrono::{NaiveDate, NaiveTime};
use kernel::{AnneeUniversitaire, Centi, CodeDiplome, CodeElement, VersionDiplome};

/// PERIODE_EXA.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodeExamen {
    /// COD_ANU.
    pub annee: AnneeUniversitaire,
    /// COD_PXA.
    pub code: String,
    /// LIB_PXA.
    pub libelle: String,
    /// COD_CIN: centre of incompatibility.
    pub centre_incompatibilite: String,
    /// Session that it serves: 1 or 2.
    pub session: u8,
    /// DAT_DEB_PXA.
    pub debut: NaiveDate,
    /// DAT_FIN_PXA.
    pub fin: NaiveDate,
    /// TEM_EN_SVE.
    pub en_service: bool,
}

/// EPREUVE, with its place in the calendar of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Epreuve {
    /// COD_EPR, at most 10 characters.
    pub code: String,
    /// LIB_EPR.
    pub libelle: String,
    /// LIC_EPR.
    pub libelle_court: String,
    /// COD_NEP: `E` written, `O` oral.
    pub nature: String,
    /// COD_TEP: `CT` terminal, `CC` continuous.
    pub type_epreuve: String,
    /// Length in minutes.
    pub duree: u16,
    /// Documents allowed.
    pub documents: Option<String>,
    /// COD_PXA of the period in which it takes place, in the current year.
    pub periode: Option<String>,
    /// Day of the paper.
    pub jour: Option<NaiveDate>,
    /// Start, in Besançon's time.
    pub heure: Option<NaiveTime>,
}

/// EPR_SANCTIONNE_ELP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpreuveElement {
    /// COD_ELP.
    pub element: CodeElement,
    /// COD_EPR.
    pub epreuve: String,
    /// COD_SES: 1 or 2.
    pub session: u8,
    /// TEM_SUS_EPR_SES.
    pub suspendue: bool,
}

/// RESULTAT_ELP: compact, since a large world holds many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultatElement {
    /// COD_ANU.
    pub annee: AnneeUniversitaire,
    /// Position of the student.
    pub etudiant: u32,
    /// Position of the element.
    pub element: u32,
    /// COD_SES: 1 or 2.
    pub session: u8,
    /// NOT_ELP out of 20; `None` with `defaillant`.
    pub note: Option<Centi>,
    /// The mark is `DEF`.
    pub defaillant: bool,
    /// Whether the result is positive (`COD_NEG_TRE` = 1).
    pub admis: bool,
}

/// RESULTAT_VET.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultatEtape {
    /// COD_ANU.
    pub annee: AnneeUniversitaire,
    /// Position of the student.
    pub etudiant: u32,
    /// Position of the VET.
    pub vet: u32,
    /// COD_SES.
    pub session: u8,
    /// NOT_VET out of 20.
    pub note: Option<Centi>,
    /// COD_TRE is `ADM`.
    pub admis: bool,
}

/// RESULTAT_VDI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultatVdi {
    /// COD_ANU.
    pub annee: AnneeUniversitaire,
    /// Position of the student.
    pub etudiant: u32,
    /// COD_DIP.
    pub diplome: CodeDiplome,
    /// COD_VRS_VDI.
    pub version: VersionDiplome,
    /// NOT_VDI out of 20.
    pub note: Option<Centi>,
    /// COD_TRE is `ADM`.
    pub admis: bool,
}
