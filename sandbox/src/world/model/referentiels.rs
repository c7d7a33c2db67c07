use kernel::{AnneeUniversitaire, CodeComposante, CodeNature};

/// State of an academic year for one kind of work (`ETA_ANU_…`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EtatAnnee {
    /// `O`: the current year.
    Ouverte,
    /// `I`: open to registrations, the next year.
    Inscriptions,
    /// `F`: closed.
    Fermee,
}

impl EtatAnnee {
    /// The letter stored by Apogée.
    #[must_use]
    pub fn lettre(self) -> &'static str {
        match self {
            Self::Ouverte => "O",
            Self::Inscriptions => "I",
            Self::Fermee => "F",
        }
    }
}

/// ANNEE_UNI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annee {
    /// COD_ANU.
    pub annee: AnneeUniversitaire,
    /// ETA_ANU_IAE: administrative registrations.
    pub etat_iae: EtatAnnee,
    /// ETA_ANU_IPE: pedagogical registrations.
    pub etat_ipe: EtatAnnee,
    /// ETA_ANU_RES: results.
    pub etat_res: EtatAnnee,
}

/// COMPOSANTE, with its place in CMP_CMP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composante {
    /// COD_CMP.
    pub code: CodeComposante,
    /// LIB_CMP.
    pub libelle: String,
    /// LIC_CMP, at most 10 characters.
    pub libelle_court: String,
    /// LIB_WEB_CMP.
    pub libelle_web: String,
    /// The component above, if any.
    pub parent: Option<CodeComposante>,
    /// COD_RNE_CMP.
    pub rne: Option<String>,
    /// COD_TPC: `UNI`, `UFR`, `SER`, `INS`.
    pub type_code: String,
    /// Label of the type.
    pub type_libelle: String,
    /// COD_SIG of its signatory.
    pub signataire: Option<String>,
    /// LIB_ADR1_CMP.
    pub adresse: String,
    /// Postcode of the address.
    pub code_postal: String,
    /// INSEE code of the address's commune.
    pub code_commune: String,
    /// TEM_EN_SVE_CMP.
    pub en_service: bool,
}

/// NATURE_ELP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nature {
    /// COD_NEL.
    pub code: CodeNature,
    /// LIB_NEL.
    pub libelle: String,
    /// LIC_NEL.
    pub libelle_court: String,
    /// TEM_EN_SVE_NEL.
    pub en_service: bool,
    /// TEM_FICTIF: a technical node that pages hide.
    pub fictif: bool,
    /// Whether it is a semester.
    pub semestre: bool,
    /// Whether it is a UE.
    pub ue: bool,
}

/// TYP_DIPLOME.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeDiplome {
    /// COD_TPD_ETB, two characters.
    pub code: String,
    /// LIB_TPD.
    pub libelle: String,
}

/// A row of a plain nomenclature: code, label, short label, in service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Libelle {
    /// The code.
    pub code: String,
    /// The long label.
    pub libelle: String,
    /// The short label.
    pub libelle_court: String,
    /// TEM_EN_SVE.
    pub en_service: bool,
}

/// CENTRE_INS_PED (CIP) or CENTRE_GESTION (CGE).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Centre {
    /// COD_CIP or COD_CGE, three characters.
    pub code: String,
    /// Label.
    pub libelle: String,
    /// TEM_EN_SVE.
    pub en_service: bool,
}

/// SIGNATAIRE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signataire {
    /// COD_SIG.
    pub code: String,
    /// NOM_SIG.
    pub nom: String,
    /// QUA_SIG: the title printed under the signature.
    pub qualite: String,
    /// TEM_EN_SVE_SIG.
    pub en_service: bool,
}
