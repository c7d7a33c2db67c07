//! The offer of one year: Apogée's structure narrowed to the year, with what Kofr brings.

use std::collections::HashMap;

use contracts::apogee::Structure;
use kernel::{AnneeUniversitaire, Centi, CodeElement};

use super::anomalie::Anomalie;

/// What Kofr says of one element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApportKofr {
    /// Label.
    pub libelle: String,
    /// ECTS; zero is a value.
    pub ects: Option<Centi>,
    /// Hours and groups by type.
    pub heures: Vec<HeuresKofr>,
    /// How knowledge is checked, in Kofr's order.
    pub controles: Vec<ControleKofr>,
    /// Teaching language.
    pub langue: Option<String>,
    /// Who answers for it.
    pub responsable: Option<String>,
    /// Text of the study guide.
    pub description: Option<String>,
    /// Text of the study guide.
    pub prerequis: Option<String>,
}

/// Hours of one type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeuresKofr {
    /// CM, TD, TP, EAD.
    pub type_heure: String,
    /// How many, for one student.
    pub heures: Centi,
    /// How many groups, when planned.
    pub groupes: Option<i64>,
}

/// One test of an element (MCCC).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControleKofr {
    /// 1, or 2 for the resits.
    pub session: u8,
    /// « écrit », « oral »… in Kofr's word.
    pub nature: Option<String>,
    /// Minutes; zero is a value.
    pub duree: Option<u32>,
    /// Weight in the mark of the element.
    pub coefficient: Option<Centi>,
}

/// A maquette as declared in Kofr.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaquetteDeclaree {
    /// First academic year.
    pub annee_debut: u16,
    /// Last academic year, included.
    pub annee_fin: u16,
    /// Label.
    pub libelle: String,
    /// State, in Kofr's word.
    pub etat: String,
}

/// Everything collected of the offer for one year, before translation into rows.
#[derive(Clone, Debug)]
pub struct Offre {
    /// The year.
    pub annee: AnneeUniversitaire,
    /// Apogée's structure, already narrowed to the year.
    pub structure: Structure,
    /// Kofr's contributions by element code.
    pub kofr: HashMap<CodeElement, ApportKofr>,
    /// Maquettes that Kofr declares.
    pub maquettes: Vec<MaquetteDeclaree>,
    /// Differences met while reading Kofr: objects without code, unknown codes.
    pub ecarts_kofr: Vec<Anomalie>,
}
