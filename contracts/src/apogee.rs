//! API's contract: the only door to Apogée, as the other contexts see it.
//!
//! The structure of the offer comes whole, from the nightly extraction; people come one by one, from the web services.
//! Nothing here is named after a table or an operation: that is API's knowledge.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use futures::stream::BoxStream;
use kernel::{
    AnneeUniversitaire, Centi, CodeComposante, CodeDiplome, CodeElement, CodeEtape, CodeListe, CodeNature,
    Ine, NumeroEtudiant, Outage, VersionDiplome, VersionEtape,
};
use serde::{Deserialize, Serialize};

/// Everything the extraction says of the offer, in the order of its files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Structure {
    /// Name of the establishment, from the manifest.
    pub etablissement: String,
    /// When the extraction was made at the source.
    pub extrait_le: Option<DateTime<FixedOffset>>,
    /// Identity of the whole set: equal empreintes mean equal content.
    pub empreinte: String,
    /// Academic years and their state.
    pub annees: Vec<Annee>,
    /// Components of the university.
    pub composantes: Vec<Composante>,
    /// Natures of elements.
    pub natures: Vec<Nature>,
    /// Diplomas.
    pub diplomes: Vec<Diplome>,
    /// Versions of diplomas.
    pub versions_diplome: Vec<VersionDeDiplome>,
    /// Étapes.
    pub etapes: Vec<Etape>,
    /// Versions of étapes.
    pub versions_etape: Vec<VersionDEtape>,
    /// Which étape versions belong to which diploma versions, and their years.
    pub rattachements: Vec<Rattachement>,
    /// Lists of elements.
    pub listes: Vec<Liste>,
    /// Elements.
    pub elements: Vec<Element>,
    /// VET → list.
    pub liens_etape: Vec<LienEtapeListe>,
    /// List → element.
    pub liens_liste: Vec<LienListeElement>,
    /// Element → list.
    pub liens_element: Vec<LienElementListe>,
    /// Hours by element, year and type, as Apogée holds them.
    pub heures: Vec<Heures>,
    /// How many rows the source gave of each kind, by the name of its field here, and how many repeat another exactly.
    pub lues: BTreeMap<&'static str, Lues>,
    /// Rows that could not be read; the rest stands.
    pub rejets: Vec<Rejet>,
    /// Rows of one key that contradict each other.
    pub conflits: Vec<Conflit>,
}

/// How much was read of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lues {
    /// Rows of the source.
    pub lignes: u64,
    /// Rows that repeat another exactly, counted once afterwards.
    pub repetees: u64,
}

/// ANNEE_UNI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annee {
    /// The year.
    pub annee: AnneeUniversitaire,
    /// `2023/2024`.
    pub libelle: String,
    /// ETA_ANU_IAE: `O` open (current), `I` open to registrations (next), `F` closed.
    pub etat: String,
}

/// COMPOSANTE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composante {
    /// COD_CMP.
    pub code: CodeComposante,
    /// LIB_CMP.
    pub libelle: String,
    /// TEM_EN_SVE_CMP; absent counts as in service.
    pub en_service: bool,
}

/// NATURE_ELP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nature {
    /// COD_NEL.
    pub code: CodeNature,
    /// LIB_NEL.
    pub libelle: String,
    /// TEM_FICTIF: a technical nature that readers should not see.
    pub fictive: bool,
}

/// DIPLOME.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diplome {
    /// COD_DIP.
    pub code: CodeDiplome,
    /// LIB_DIP.
    pub libelle: String,
    /// LIC_DIP.
    pub libelle_court: Option<String>,
    /// COD_CYC.
    pub cycle: Option<String>,
    /// COD_TPD_ETB.
    pub type_diplome: Option<String>,
}

/// First and last year of something, either end open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fenetre {
    /// First academic year.
    pub debut: Option<u16>,
    /// Last academic year, included; often 9999.
    pub fin: Option<u16>,
}

impl Fenetre {
    /// Whether both ends are unknown.
    #[must_use]
    pub fn inconnue(self) -> bool {
        self.debut.is_none() && self.fin.is_none()
    }

    /// Whether `annee` is within, an unknown end being open.
    #[must_use]
    pub fn contient(self, annee: AnneeUniversitaire) -> bool {
        let a = annee.premiere();
        self.debut.is_none_or(|d| d <= a) && self.fin.is_none_or(|f| a <= f)
    }
}

/// VERSION_DIPLOME.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionDeDiplome {
    /// COD_DIP.
    pub diplome: CodeDiplome,
    /// COD_VRS_VDI.
    pub version: VersionDiplome,
    /// LIB_WEB_VDI, or LIC_VDI.
    pub libelle: Option<String>,
    /// DAA_DEB/FIN_RCT_VDI: years of recruitment.
    pub recrutement: Fenetre,
    /// DAA_DEB/FIN_VAL_VDI: years of validation.
    pub validation: Fenetre,
    /// COD_CMP.
    pub composante: Option<CodeComposante>,
}

/// ETAPE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Etape {
    /// COD_ETP.
    pub code: CodeEtape,
    /// LIB_ETP.
    pub libelle: String,
    /// LIC_ETP.
    pub libelle_court: Option<String>,
    /// COD_CYC.
    pub cycle: Option<String>,
}

/// VERSION_ETAPE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionDEtape {
    /// COD_ETP.
    pub etape: CodeEtape,
    /// COD_VRS_VET.
    pub version: VersionEtape,
    /// LIB_WEB_VET.
    pub libelle: Option<String>,
    /// COD_CMP.
    pub composante: Option<CodeComposante>,
    /// TEM_TLS_VET.
    pub a_distance: bool,
}

/// VDI_FRACTIONNER_VET.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rattachement {
    /// COD_DIP.
    pub diplome: CodeDiplome,
    /// COD_VRS_VDI.
    pub version_diplome: VersionDiplome,
    /// COD_ETP.
    pub etape: CodeEtape,
    /// COD_VRS_VET.
    pub version_etape: VersionEtape,
    /// DAA_DEB/FIN_RCT_VET.
    pub recrutement: Fenetre,
    /// DAA_DEB/FIN_VAL_VET.
    pub validation: Fenetre,
    /// COD_SIS_DAA_MIN: year within the diploma.
    pub rang: Option<i64>,
}

/// LISTE_ELP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Liste {
    /// COD_LSE.
    pub code: CodeListe,
    /// COD_TYP_LSE: `O`, `X` or `F`.
    pub type_liste: String,
    /// ETA_LSE: `F` is closed.
    pub etat: Option<String>,
    /// LIB_LSE.
    pub libelle: String,
}

/// ELEMENT_PEDAGOGI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// COD_ELP.
    pub code: CodeElement,
    /// LIB_ELP.
    pub libelle: String,
    /// LIC_ELP.
    pub libelle_court: Option<String>,
    /// COD_NEL.
    pub nature: CodeNature,
    /// COD_CMP.
    pub composante: Option<CodeComposante>,
    /// COD_PEL: S1, S2, AN…
    pub periode: Option<String>,
    /// NBR_CRD_ELP.
    pub ects: Option<Centi>,
    /// NBR_VOL_ELP.
    pub volume: Option<Centi>,
    /// COD_VOL_ELP: HE hours, SM weeks…
    pub unite_volume: Option<String>,
    /// ETA_ELP: `F` is closed.
    pub etat: Option<String>,
    /// TEM_SUS_ELP.
    pub suspendu: bool,
    /// LIB_SUS_ELP.
    pub motif_suspension: Option<String>,
}

/// VET_REGROUPE_LSE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LienEtapeListe {
    /// COD_ETP.
    pub etape: CodeEtape,
    /// COD_VRS_VET.
    pub version: VersionEtape,
    /// COD_LSE.
    pub liste: CodeListe,
    /// NBR_MIN_ELP_OBL_CHX_VET.
    pub min: Option<i64>,
    /// NBR_MAX_ELP_OBL_CHX_VET.
    pub max: Option<i64>,
    /// DAT_FRM_REL_LSE_VET: closed since.
    pub ferme_le: Option<NaiveDate>,
}

/// LSE_REGROUPE_ELP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LienListeElement {
    /// COD_LSE.
    pub liste: CodeListe,
    /// COD_ELP.
    pub element: CodeElement,
}

/// ELP_REGROUPE_LSE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LienElementListe {
    /// COD_ELP.
    pub element: CodeElement,
    /// COD_LSE.
    pub liste: CodeListe,
    /// NBR_MIN_ELP_OBL_CHX.
    pub min: Option<i64>,
    /// NBR_MAX_ELP_OBL_CHX.
    pub max: Option<i64>,
    /// NUM_ORD_ERL.
    pub ordre: Option<i64>,
    /// DAT_FRM_REL_LSE_ELP.
    pub ferme_le: Option<NaiveDate>,
}

/// ELP_CHG_TYP_HEU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heures {
    /// COD_ANU.
    pub annee: AnneeUniversitaire,
    /// COD_ELP.
    pub element: CodeElement,
    /// COD_TYP_HEU: CM, TD, TP, EAD…
    pub type_heure: String,
    /// NBR_HEU_ELP.
    pub heures: Centi,
}

/// A row that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejet {
    /// Table or operation.
    pub table: String,
    /// Line in the file, the header being 1; 0 when it is not a file.
    pub ligne: u64,
    /// Column, as the source names it.
    pub colonne: String,
    /// The value that was refused.
    pub valeur: String,
    /// Why, as a French sentence.
    pub raison: String,
    /// First cell of the row, as the source spells it: its code, most often.
    #[serde(default)]
    pub cle: String,
}

/// Two rows of one key with different contents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflit {
    /// Table.
    pub table: String,
    /// The key, as the source spells it, parts joined by `;`.
    pub cle: String,
    /// First column that differs.
    pub colonne: String,
    /// What is kept.
    pub gardee: String,
    /// What is set aside.
    pub ecartee: String,
    /// Lines of the file, kept then set aside.
    pub lignes: (u64, u64),
}

/// A version of étape, as business keys go.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CleEtape {
    /// COD_ETP.
    pub etape: CodeEtape,
    /// COD_VRS_VET.
    pub version: VersionEtape,
}

/// A student's file for one year, from the web services.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dossier {
    /// COD_ETU.
    pub numero: NumeroEtudiant,
    /// INE, 11 characters.
    pub ine: Option<Ine>,
    /// Name of birth.
    pub nom: String,
    /// Name of use, absent when none.
    pub nom_usage: Option<String>,
    /// First name of use.
    pub prenom: String,
    /// Local date of birth.
    pub naissance: Option<NaiveDate>,
    /// Nationality, as a label.
    pub nationalite: Option<String>,
    /// Whether a disability arrangement is recorded; which one is for the registry's own file.
    pub handicap: bool,
    /// Personal or university mail, the university's first.
    pub email: Option<String>,
    /// Telephone.
    pub telephone: Option<String>,
    /// Annual address if any, else fixed.
    pub adresse: Option<Adresse>,
    /// Registrations of the year, every state.
    pub inscriptions: Vec<InscriptionAdministrative>,
    /// Pedagogical registrations of the year.
    pub contrats: Vec<InscriptionPedagogique>,
}

/// Where a letter reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adresse {
    /// Lines, without the empty ones.
    pub lignes: Vec<String>,
    /// Postcode, in France.
    pub code_postal: Option<String>,
    /// Town.
    pub ville: Option<String>,
    /// Country label; absent is France.
    pub pays: Option<String>,
    /// COD_PAY, the country as INSEE numbers it; absent is France.
    pub code_pays: Option<String>,
}

/// One IA at étape level (IAE).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InscriptionAdministrative {
    /// The étape version registered to.
    pub etape: CleEtape,
    /// Rank among the rows of the same étape and year, from 1, by date: an annulled IA beside a live one.
    pub occurrence: i64,
    /// COD_DIP.
    pub diplome: Option<CodeDiplome>,
    /// COD_VRS_VDI.
    pub version_diplome: Option<VersionDiplome>,
    /// `E`, `A` or `R`.
    pub etat: String,
    /// codRgi.
    pub regime: Option<String>,
    /// etapePremiere.
    pub premiere: bool,
    /// codeInscriptionPayee = P.
    pub payee: bool,
    /// dateIAE, local day.
    pub date: Option<NaiveDate>,
}

/// One element of a pedagogical contract (IP).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InscriptionPedagogique {
    /// The étape version.
    pub etape: CleEtape,
    /// COD_ELP.
    pub element: CodeElement,
    /// COD_ELP_SUP, absent at the top.
    pub element_superieur: Option<CodeElement>,
    /// RNG_ELP: depth from 1.
    pub rang: i64,
    /// Kept from an earlier year (PRC).
    pub acquis: bool,
}

/// A VET's students could be listed, or this one's file read, or not.
pub type Resultat<T> = Result<T, Outage>;

/// What a reading costs and waits, for reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attente {
    /// Calls answered.
    pub appels: u64,
    /// Calls made again after a transient failure.
    pub reprises: u64,
    /// Sum over calls of the time spent waiting for the source, in milliseconds.
    pub attente_ms: u64,
    /// Time during which at least one call was under way, in milliseconds: the source was working for us.
    pub occupee_ms: u64,
    /// Calls at once, at most.
    pub simultanees: u64,
}

/// Progress of a reading: what, done, total.
pub type Suivi = Arc<dyn Fn(&str, u64, u64) + Send + Sync>;

/// The door.
#[async_trait]
pub trait PorteApogee: Send + Sync {
    /// The whole structure, verified; an incoherent or truncated set is refused whole.
    async fn structure(&self, suivi: Suivi) -> Resultat<Structure>;

    /// Numbers of the students registered to one étape version in a year, whatever the state; empty when none.
    async fn etudiants(&self, annee: AnneeUniversitaire, etape: &CleEtape) -> Resultat<Vec<NumeroEtudiant>>;

    /// The files of these students, as they arrive, read politely and concurrently. A student unknown at the source comes as `None`;
    /// an outage ends the stream. The order is not kept.
    fn dossiers(
        &self,
        annee: AnneeUniversitaire,
        numeros: Vec<NumeroEtudiant>,
    ) -> BoxStream<'static, Resultat<(NumeroEtudiant, Option<Dossier>)>>;

    /// What was asked of the web services since the process started.
    fn attente(&self) -> Attente;
}

/// Who keeps files of students that were read before, for the day when Apogée is closed: Maquette, from its collections.
#[async_trait]
pub trait DossiersTenus: Send + Sync {
    /// The file of a student for a year, as last collected, and when that was; absent when none is held or nobody can say.
    async fn dossier(
        &self,
        annee: AnneeUniversitaire,
        numero: &NumeroEtudiant,
    ) -> Option<(Dossier, DateTime<Utc>)>;

    /// The year that is current for the university; absent before any collection.
    async fn annee_courante(&self) -> Option<AnneeUniversitaire>;
}
