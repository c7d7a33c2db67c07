use chrono::NaiveDate;
use kernel::{
    AnneeUniversitaire, Centi, CodeComposante, CodeDiplome, CodeElement, CodeEtape, CodeListe, CodeNature,
    VersionDiplome, VersionEtape,
};

/// DIPLOME.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diplome {
    /// COD_DIP.
    pub code: CodeDiplome,
    /// LIB_DIP, at most 60 characters.
    pub libelle: String,
    /// LIC_DIP, at most 25.
    pub libelle_court: String,
    /// COD_CYC.
    pub cycle: u8,
    /// COD_TPD_ETB.
    pub type_diplome: String,
    /// COD_NDI.
    pub nature: String,
}

/// VERSION_DIPLOME (VDI).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionDiplomeRow {
    /// COD_DIP.
    pub diplome: CodeDiplome,
    /// COD_VRS_VDI.
    pub version: VersionDiplome,
    /// LIC_VDI, at most 25.
    pub libelle_court: String,
    /// LIB_WEB_VDI, at most 120.
    pub libelle_web: String,
    /// Label of the mention.
    pub mention: String,
    /// DAA_DEB_RCT_VDI: first year of recruitment.
    pub recrutement_debut: u16,
    /// DAA_FIN_RCT_VDI.
    pub recrutement_fin: u16,
    /// DAA_DEB_VAL_VDI: first year in which the degree may be awarded.
    pub validation_debut: u16,
    /// DAA_FIN_VAL_VDI.
    pub validation_fin: u16,
    /// COD_CMP: the component entitled to deliver it.
    pub composante: CodeComposante,
    /// Credits of the whole diploma.
    pub ects: Option<Centi>,
}

/// ETAPE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Etape {
    /// COD_ETP.
    pub code: CodeEtape,
    /// LIB_ETP, at most 60.
    pub libelle: String,
    /// LIC_ETP, at most 25.
    pub libelle_court: String,
    /// COD_CYC.
    pub cycle: u8,
    /// COD_CUR: `L`, `M`, `D`, or none.
    pub cursus: Option<String>,
}

/// VERSION_ETAPE (VET): what a student registers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionEtapeRow {
    /// COD_ETP.
    pub etape: CodeEtape,
    /// COD_VRS_VET.
    pub version: VersionEtape,
    /// LIB_WEB_VET, at most 120.
    pub libelle_web: String,
    /// LIB_CMT_VET.
    pub commentaire: Option<String>,
    /// COD_CMP: the organising component.
    pub composante: CodeComposante,
    /// COD_DUE: `1A`.
    pub duree: String,
    /// Credits of the year.
    pub ects: Option<Centi>,
    /// TEM_TLS_VET: taught at a distance.
    pub tele_enseignement: bool,
    /// Regimes allowed (RGI_AUTORISER_VET).
    pub regimes: Vec<String>,
}

/// VDI_FRACTIONNER_VET: a VET is a fraction of a VDI, within years.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VdiVet {
    /// COD_DIP.
    pub diplome: CodeDiplome,
    /// COD_VRS_VDI.
    pub version_diplome: VersionDiplome,
    /// COD_ETP.
    pub etape: CodeEtape,
    /// COD_VRS_VET.
    pub version_etape: VersionEtape,
    /// DAA_DEB_RCT_VET: first year of recruitment.
    pub recrutement_debut: u16,
    /// DAA_FIN_RCT_VET.
    pub recrutement_fin: u16,
    /// DAA_DEB_VAL_VET.
    pub validation_debut: u16,
    /// DAA_FIN_VAL_VET.
    pub validation_fin: u16,
    /// COD_SIS_DAA_MIN: year within the diploma (1, 2, 3).
    pub rang: u8,
}

impl VdiVet {
    /// Whether one may register in `annee`.
    #[must_use]
    pub fn ouverte_en(&self, annee: AnneeUniversitaire) -> bool {
        (self.recrutement_debut..=self.recrutement_fin).contains(&annee.premiere())
    }
}

/// COD_TYP_LSE.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TypeListe {
    /// `O`: take all.
    Obligatoire,
    /// `X`: take min..max of the link.
    AuChoix,
    /// `F`: take 0..max.
    Facultative,
}

impl TypeListe {
    /// The letter stored by Apogée and Kofr.
    #[must_use]
    pub fn lettre(self) -> &'static str {
        match self {
            Self::Obligatoire => "O",
            Self::AuChoix => "X",
            Self::Facultative => "F",
        }
    }
}

/// LISTE_ELP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Liste {
    /// COD_LSE.
    pub code: CodeListe,
    /// COD_TYP_LSE.
    pub type_liste: TypeListe,
    /// ETA_LSE: `true` is `O`, `false` is `F`.
    pub ouverte: bool,
    /// LIB_LSE, at most 60.
    pub libelle: String,
    /// LIC_LSE, at most 25.
    pub libelle_court: String,
}

/// ELEMENT_PEDAGOGI (ELP).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// COD_ELP: opaque, spaces and no-break spaces occur.
    pub code: CodeElement,
    /// LIB_ELP, at most 60.
    pub libelle: String,
    /// LIC_ELP, at most 25.
    pub libelle_court: String,
    /// COD_NEL.
    pub nature: CodeNature,
    /// COD_CMP.
    pub composante: CodeComposante,
    /// COD_PEL: `S1`…`S6`, `AN`.
    pub periode: Option<String>,
    /// NBR_CRD_ELP: zero is not empty.
    pub ects: Option<Centi>,
    /// NBR_VOL_ELP.
    pub volume: Option<Centi>,
    /// COD_VOL_ELP: `HE`.
    pub unite_volume: Option<String>,
    /// ETA_ELP: `true` is `O`.
    pub ouvert: bool,
    /// TEM_SUS_ELP.
    pub suspendu: bool,
    /// LIB_SUS_ELP.
    pub motif_suspension: Option<String>,
    /// TEM_A_DIS_ELP.
    pub a_distance: bool,
    /// DAT_CRE_ELP.
    pub cree_le: NaiveDate,
    /// DAT_MOD_ELP.
    pub modifie_le: Option<NaiveDate>,
}

/// VET_REGROUPE_LSE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VetLse {
    /// COD_ETP.
    pub etape: CodeEtape,
    /// COD_VRS_VET.
    pub version: VersionEtape,
    /// COD_LSE.
    pub liste: CodeListe,
    /// NBR_MIN_ELP_OBL_CHX_VET.
    pub min: Option<u8>,
    /// NBR_MAX_ELP_OBL_CHX_VET.
    pub max: Option<u8>,
    /// DAT_CRE_REL_LSE_VET.
    pub cree_le: NaiveDate,
    /// DAT_FRM_REL_LSE_VET: a closed link is history.
    pub ferme_le: Option<NaiveDate>,
}

/// LSE_REGROUPE_ELP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LseElp {
    /// COD_LSE.
    pub liste: CodeListe,
    /// COD_ELP.
    pub element: CodeElement,
}

/// ELP_REGROUPE_LSE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElpLse {
    /// COD_ELP: the parent.
    pub element: CodeElement,
    /// COD_LSE.
    pub liste: CodeListe,
    /// NBR_MIN_ELP_OBL_CHX.
    pub min: Option<u8>,
    /// NBR_MAX_ELP_OBL_CHX.
    pub max: Option<u8>,
    /// NUM_ORD_ERL.
    pub ordre: u16,
    /// DAT_CRE_REL_LSE_ELP.
    pub cree_le: NaiveDate,
    /// DAT_FRM_REL_LSE_ELP.
    pub ferme_le: Option<NaiveDate>,
}

/// COD_TYP_HEU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TypeHeure {
    /// Lecture.
    Cm,
    /// Tutorial.
    Td,
    /// Practical.
    Tp,
    /// At a distance.
    Ead,
}

impl TypeHeure {
    /// The code stored by Apogée and Eve.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Cm => "CM",
            Self::Td => "TD",
            Self::Tp => "TP",
            Self::Ead => "EAD",
        }
    }
}

/// ELP_CHG_TYP_HEU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heure {
    /// COD_ANU.
    pub annee: AnneeUniversitaire,
    /// COD_ELP.
    pub element: CodeElement,
    /// COD_TYP_HEU.
    pub type_heure: TypeHeure,
    /// NBR_HEU_ELP, hundredths of an hour.
    pub heures: Centi,
}

/// ELP_CORRESPOND_ELP: an element that replaces another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correspondance {
    /// COD_ELP_S1: the element that was earned.
    pub source: CodeElement,
    /// COD_ELP_C: the element that it now counts for.
    pub cible: CodeElement,
    /// DAT_CRE_LCC.
    pub cree_le: NaiveDate,
}

/// ELP_PORTEUR_PORTE: an element taught with another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portage {
    /// COD_ANU.
    pub annee: AnneeUniversitaire,
    /// COD_ELP_PORTEUR.
    pub porteur: CodeElement,
    /// COD_ELP_PORTE.
    pub porte: CodeElement,
}
