//! The tables that are read, one structure each: its columns in Apogée's names, the first ones being the key.

use chrono::NaiveDate;
use kernel::{
    Centi, CodeComposante, CodeDiplome, CodeElement, CodeEtape, CodeListe, CodeNature, VersionDiplome,
    VersionEtape,
};

use super::rows::{Ligne, Rejet};

/// A row of a table.
pub trait Enregistrement: Sized {
    /// Apogée's name of the table.
    const TABLE: &'static str;
    /// Columns read, the key first.
    const COLONNES: &'static [&'static str];
    /// How many of the columns are the key. A key column missing from the file refuses the table.
    const CLE: usize;
    /// Reads one row.
    ///
    /// # Errors
    /// When a value is not of its type.
    fn lire(ligne: &mut Ligne<'_>) -> Result<Self, Box<Rejet>>;
}

macro_rules! table {
    ($(#[$doc:meta])* $nom:ident, $table:literal, cle $cle:literal {
        $($champ:ident: $sorte:ty = $acces:ident $colonne:literal),+ $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $nom {
            $(#[doc = $colonne] pub $champ: $sorte,)+
        }

        impl Enregistrement for $nom {
            const TABLE: &'static str = $table;
            const COLONNES: &'static [&'static str] = &[$($colonne),+];
            const CLE: usize = $cle;
            // The fields of a structure are evaluated as written, which is the order of COLONNES.
            fn lire(ligne: &mut Ligne<'_>) -> Result<Self, Box<Rejet>> {
                Ok(Self { $($champ: ligne.$acces()?),+ })
            }
        }
    };
}

table! {
    /// An academic year and its state.
    Annee, "ANNEE_UNI", cle 1 {
        annee: u16 = annee_requise "COD_ANU",
        libelle: Option<String> = texte "LIB_ANU",
        etat_iae: Option<String> = texte "ETA_ANU_IAE",
    }
}

table! {
    /// A component of the university.
    Composante, "COMPOSANTE", cle 1 {
        code: CodeComposante = requis "COD_CMP",
        libelle: Option<String> = texte "LIB_CMP",
        libelle_court: Option<String> = texte "LIC_CMP",
        en_service: Option<bool> = oui "TEM_EN_SVE_CMP",
    }
}

table! {
    /// A nature of element; the list is local to each university.
    Nature, "NATURE_ELP", cle 1 {
        code: CodeNature = requis "COD_NEL",
        libelle: Option<String> = texte "LIB_NEL",
        en_service: Option<bool> = oui "TEM_EN_SVE_NEL",
        fictive: Option<bool> = oui "TEM_FICTIF",
    }
}

table! {
    /// A diploma.
    Diplome, "DIPLOME", cle 1 {
        code: CodeDiplome = requis "COD_DIP",
        libelle: Option<String> = texte "LIB_DIP",
        libelle_court: Option<String> = texte "LIC_DIP",
        cycle: Option<String> = texte "COD_CYC",
        type_diplome: Option<String> = texte "COD_TPD_ETB",
    }
}

table! {
    /// A version of diploma (VDI).
    VersionDeDiplome, "VERSION_DIPLOME", cle 2 {
        diplome: CodeDiplome = requis "COD_DIP",
        version: VersionDiplome = requis "COD_VRS_VDI",
        libelle_court: Option<String> = texte "LIC_VDI",
        libelle_web: Option<String> = texte "LIB_WEB_VDI",
        debut_recrutement: Option<u16> = annee "DAA_DEB_RCT_VDI",
        fin_recrutement: Option<u16> = annee "DAA_FIN_RCT_VDI",
        debut_validation: Option<u16> = annee "DAA_DEB_VAL_VDI",
        fin_validation: Option<u16> = annee "DAA_FIN_VAL_VDI",
        composante: Option<CodeComposante> = texte "COD_CMP",
    }
}

table! {
    /// An étape.
    Etape, "ETAPE", cle 1 {
        code: CodeEtape = requis "COD_ETP",
        libelle: Option<String> = texte "LIB_ETP",
        libelle_court: Option<String> = texte "LIC_ETP",
        cycle: Option<String> = texte "COD_CYC",
    }
}

table! {
    /// A version of étape (VET).
    VersionDEtape, "VERSION_ETAPE", cle 2 {
        etape: CodeEtape = requis "COD_ETP",
        version: VersionEtape = requis "COD_VRS_VET",
        libelle_web: Option<String> = texte "LIB_WEB_VET",
        composante: Option<CodeComposante> = texte "COD_CMP",
        tele_enseignement: Option<bool> = oui "TEM_TLS_VET",
    }
}

table! {
    /// Which version of étape belongs to which version of diploma, and in which years.
    Rattachement, "VDI_FRACTIONNER_VET", cle 4 {
        diplome: CodeDiplome = requis "COD_DIP",
        version_diplome: VersionDiplome = requis "COD_VRS_VDI",
        etape: CodeEtape = requis "COD_ETP",
        version_etape: VersionEtape = requis "COD_VRS_VET",
        debut_recrutement: Option<u16> = annee "DAA_DEB_RCT_VET",
        fin_recrutement: Option<u16> = annee "DAA_FIN_RCT_VET",
        debut_validation: Option<u16> = annee "DAA_DEB_VAL_VET",
        fin_validation: Option<u16> = annee "DAA_FIN_VAL_VET",
        rang: Option<i64> = entier "COD_SIS_DAA_MIN",
    }
}

table! {
    /// A list of elements (LSE).
    Liste, "LISTE_ELP", cle 1 {
        code: CodeListe = requis "COD_LSE",
        type_liste: String = requis "COD_TYP_LSE",
        etat: Option<String> = texte "ETA_LSE",
        libelle_court: Option<String> = texte "LIC_LSE",
        libelle: Option<String> = texte "LIB_LSE",
    }
}

table! {
    /// An element (ELP).
    Element, "ELEMENT_PEDAGOGI", cle 1 {
        code: CodeElement = requis "COD_ELP",
        libelle: Option<String> = texte "LIB_ELP",
        libelle_court: Option<String> = texte "LIC_ELP",
        nature: Option<CodeNature> = texte "COD_NEL",
        composante: Option<CodeComposante> = texte "COD_CMP",
        periode: Option<String> = texte "COD_PEL",
        ects: Option<Centi> = centi "NBR_CRD_ELP",
        volume: Option<Centi> = centi "NBR_VOL_ELP",
        unite_volume: Option<String> = texte "COD_VOL_ELP",
        etat: Option<String> = texte "ETA_ELP",
        suspendu: Option<bool> = oui "TEM_SUS_ELP",
        motif_suspension: Option<String> = texte "LIB_SUS_ELP",
    }
}

table! {
    /// A list under a version of étape. Min and max are of the link, not of the list.
    LienEtapeListe, "VET_REGROUPE_LSE", cle 3 {
        etape: CodeEtape = requis "COD_ETP",
        version: VersionEtape = requis "COD_VRS_VET",
        liste: CodeListe = requis "COD_LSE",
        min: Option<i64> = entier "NBR_MIN_ELP_OBL_CHX_VET",
        max: Option<i64> = entier "NBR_MAX_ELP_OBL_CHX_VET",
        ferme_le: Option<NaiveDate> = jour "DAT_FRM_REL_LSE_VET",
    }
}

table! {
    /// An element in a list.
    LienListeElement, "LSE_REGROUPE_ELP", cle 2 {
        liste: CodeListe = requis "COD_LSE",
        element: CodeElement = requis "COD_ELP",
    }
}

table! {
    /// A list under an element.
    LienElementListe, "ELP_REGROUPE_LSE", cle 2 {
        element: CodeElement = requis "COD_ELP",
        liste: CodeListe = requis "COD_LSE",
        min: Option<i64> = entier "NBR_MIN_ELP_OBL_CHX",
        max: Option<i64> = entier "NBR_MAX_ELP_OBL_CHX",
        ordre: Option<i64> = entier "NUM_ORD_ERL",
        ferme_le: Option<NaiveDate> = jour "DAT_FRM_REL_LSE_ELP",
    }
}

table! {
    /// Hours of one type, of an element, in a year.
    Heures, "ELP_CHG_TYP_HEU", cle 3 {
        annee: u16 = annee_requise "COD_ANU",
        element: CodeElement = requis "COD_ELP",
        type_heure: String = requis "COD_TYP_HEU",
        heures: Centi = centi_requis "NBR_HEU_ELP",
    }
}
