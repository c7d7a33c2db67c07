use chrono::{NaiveDate, NaiveDateTime};
use kernel::{
    AnneeUniversitaire, Centi, CodeDiplome, CodeEtape, Ine, NumeroEtudiant, VersionDiplome, VersionEtape,
};

/// Sex in civil status (`COD_SEX_ETU`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sexe {
    /// `F`.
    F,
    /// `M`.
    M,
}

impl Sexe {
    /// The letter stored.
    #[must_use]
    pub fn lettre(self) -> &'static str {
        match self {
            Self::F => "F",
            Self::M => "M",
        }
    }
}

/// The baccalauréat that opened the university.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bac {
    /// COD_BAC.
    pub code: String,
    /// LIB_BAC.
    pub libelle: String,
    /// Civil year in which it was obtained.
    pub annee: u16,
    /// COD_MNB, with its label.
    pub mention: Option<(String, String)>,
    /// Department, three characters, with its label.
    pub departement: Option<(String, String)>,
}

/// ADRESSE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adresse {
    /// LIB_AD1.
    pub ligne1: String,
    /// LIB_AD2.
    pub ligne2: Option<String>,
    /// LIB_AD3.
    pub ligne3: Option<String>,
    /// LIB_ADE: the city line of an address abroad.
    pub ville_etrangere: Option<String>,
    /// COD_BDI: postcode, in France.
    pub code_postal: Option<String>,
    /// COD_COM: INSEE code, in France.
    pub code_insee: Option<String>,
    /// Name of the commune, in France.
    pub commune: Option<String>,
    /// COD_PAY, `100` is France.
    pub pays: String,
    /// LIB_PAY.
    pub pays_libelle: String,
    /// NUM_TEL.
    pub telephone: Option<String>,
}

/// INDIVIDU, with what the web services say of a student.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Etudiant {
    /// COD_IND.
    pub cod_ind: u32,
    /// COD_ETU, 8 digits.
    pub numero: NumeroEtudiant,
    /// INE, 11 characters.
    pub ine: Option<Ine>,
    /// LIB_NOM_PAT_IND: name of birth.
    pub nom_patronymique: String,
    /// LIB_NOM_USU_IND: name of use, `None` when there is none.
    pub nom_usuel: Option<String>,
    /// LIB_PR1_IND: the first name in use.
    pub prenom: String,
    /// LIB_PR2_IND.
    pub prenom2: Option<String>,
    /// LIB_PR3_IND.
    pub prenom3: Option<String>,
    /// LIB_PR_ETA_CIV: first name of civil status when another is in use.
    pub prenom_etat_civil: Option<String>,
    /// COD_SEX_ETU.
    pub sexe: Sexe,
    /// COD_SEX_ETA_CIV.
    pub sexe_etat_civil: Sexe,
    /// DATE_NAI_IND.
    pub naissance: NaiveDate,
    /// Whether the day of birth is an estimate.
    pub naissance_estimee: bool,
    /// LIB_VIL_NAI_ETU.
    pub ville_naissance: String,
    /// Department of birth (three characters, label), in France.
    pub departement_naissance: Option<(String, String)>,
    /// Country of birth (code, label), when it is not France.
    pub pays_naissance: Option<(String, String)>,
    /// Nationality (country code, label).
    pub nationalite: (String, String),
    /// COD_THP: disability arrangement (code, label).
    pub handicap: Option<(String, String)>,
    /// Family situation (code, label).
    pub situation_familiale: Option<(String, String)>,
    /// Number of the grant, if any.
    pub numero_boursier: Option<String>,
    /// The baccalauréat or its equivalent.
    pub bac: Option<Bac>,
    /// DAA_ENS_SUP: first year in higher education.
    pub annee_premiere_sup: u16,
    /// DAA_ETB: first year in this establishment.
    pub annee_premiere_etb: u16,
    /// Address of the present year.
    pub adresse_annuelle: Adresse,
    /// Fixed address.
    pub adresse_fixe: Adresse,
    /// Type of lodging (code, label).
    pub hebergement: (String, String),
    /// ADR_MAIL: personal e-mail.
    pub email: Option<String>,
    /// Login in the directory.
    pub login: Option<String>,
    /// E-mail in the directory.
    pub email_annuaire: Option<String>,
    /// NUM_TEL_PORT.
    pub portable: Option<String>,
    /// DAT_MOD_IND.
    pub modifie_le: NaiveDate,
}

/// State of a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EtatIa {
    /// `E`: live.
    EnCours,
    /// `A`: cancelled.
    Annulee,
    /// `R`: terminated.
    Resiliee,
}

impl EtatIa {
    /// The letter stored.
    #[must_use]
    pub fn lettre(self) -> &'static str {
        match self {
            Self::EnCours => "E",
            Self::Annulee => "A",
            Self::Resiliee => "R",
        }
    }

    /// The label that the web services give.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::EnCours => "En cours",
            Self::Annulee => "Annulée",
            Self::Resiliee => "Résiliée",
        }
    }
}

/// INS_ADM_ANU (IAA).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InscriptionAnnuelle {
    /// COD_ANU.
    pub annee: AnneeUniversitaire,
    /// Position of the student in [`crate::world::World::etudiants`].
    pub etudiant: u32,
    /// ETA_IAA.
    pub etat: EtatIa,
    /// COD_RGI.
    pub regime: String,
    /// COD_STU (code, label).
    pub statut: (String, String),
    /// COD_PRU (code, label).
    pub profil: (String, String),
    /// COD_SOC is `BO`.
    pub boursier: bool,
    /// TEM_RGM_AMG_ETU_IAA: arrangement of studies.
    pub amenagement: bool,
    /// DAT_CRE_IAA.
    pub creee_le: NaiveDateTime,
}

/// INS_ADM_ETP (IAE).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InscriptionEtape {
    /// COD_ANU.
    pub annee: AnneeUniversitaire,
    /// Position of the student in [`crate::world::World::etudiants`].
    pub etudiant: u32,
    /// COD_ETP.
    pub etape: CodeEtape,
    /// COD_VRS_VET.
    pub version: VersionEtape,
    /// NUM_OCC_IAE: 1, then 2 for a registration taken again after a cancellation.
    pub occurrence: u8,
    /// COD_DIP.
    pub diplome: CodeDiplome,
    /// COD_VRS_VDI.
    pub version_diplome: VersionDiplome,
    /// ETA_IAE.
    pub etat: EtatIa,
    /// TEM_IAE_PRM: the first of the year's registrations.
    pub premiere: bool,
    /// ETA_PMT_IAE is `P`.
    pub payee: bool,
    /// COD_RGE: regime at this level, which may differ from the year's.
    pub regime: String,
    /// COD_CGE.
    pub centre_gestion: String,
    /// COD_PRU (code, label).
    pub profil: (String, String),
    /// TEM_TLS_IAE.
    pub tele_enseignement: bool,
    /// Registered through the web.
    pub par_le_web: bool,
    /// NBR_INS_CYC.
    pub nb_inscriptions_cycle: u8,
    /// NBR_INS_DIP.
    pub nb_inscriptions_diplome: u8,
    /// NBR_INS_ETP.
    pub nb_inscriptions_etape: u8,
    /// DAT_CRE_IAE.
    pub creee_le: NaiveDateTime,
    /// DAT_ANNUL_RES_IAE.
    pub annulee_le: Option<NaiveDate>,
}

/// IND_CONTRAT_ELP (IP), and IND_DISPENSE_ELP when [`dispense`](Self::dispense). Compact, since a large world holds millions:
/// students, VET, elements and lists are positions in the tables of [`crate::world::World`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InscriptionPedagogique {
    /// COD_ANU.
    pub annee: AnneeUniversitaire,
    /// Position of the student.
    pub etudiant: u32,
    /// Position of the VET in [`crate::world::World::versions_etape`].
    pub vet: u32,
    /// Position of the element.
    pub element: u32,
    /// COD_ELP_SUP: position of the parent element, none at the top.
    pub element_sup: Option<u32>,
    /// COD_LSE: position of the list through which it was taken.
    pub liste: u32,
    /// RNG_ELP: depth, 1 at the top.
    pub rang: u8,
    /// COD_CIP: position of the centre in [`crate::world::World::centres`].
    pub centre: u8,
    /// COD_TYP_IPE: `N` normal, `S` supplementary.
    pub type_ipe: char,
    /// TEM_PRC_ICE: earned in an earlier year and kept.
    pub prc: bool,
    /// Exempted by validation of experience (VAC): the mark counted, when one was given.
    pub dispense: Option<Dispense>,
}

/// A decision that exempts from an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dispense {
    /// NOT_VAA, when the decision carries a mark.
    pub note: Option<Centi>,
    /// DAT_DEC_ELP_VAA.
    pub decidee_le: NaiveDate,
}
