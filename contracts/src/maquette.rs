//! What Maquette lets the others see: the present year, the people, what they are registered to, the offer that is examined.
//!
//! Everything is asked by business key and in bulk where lists are made: an application never asks once per row.

use crate::apogee::Adresse;
use async_trait::async_trait;
use kernel::{AnneeUniversitaire, Centi, CodeElement, CodeEtape, CodeNature, NumeroEtudiant, VersionEtape};

/// What is held could not be read. The reason is logged where it happened; this is what a page may say.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Maquette ne répond pas : {0}")]
pub struct Indisponible(pub String);

/// A student, as the sources name and reach them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Etudiant {
    /// COD_ETU.
    pub numero: NumeroEtudiant,
    /// Name of birth.
    pub nom: String,
    /// Name of use, when it differs.
    pub nom_usage: Option<String>,
    /// First name.
    pub prenom: String,
    /// Where the service writes.
    pub courriel: Option<String>,
    /// Whether the source knows of a disability; what is arranged for it is Iexam's.
    pub handicap: bool,
}

impl Etudiant {
    /// « Prénom Nom »: the name of use before the name of birth.
    #[must_use]
    pub fn nom_complet(&self) -> String {
        format!("{} {}", self.prenom, self.nom_d_usage())
    }

    /// « Nom Prénom », as lists are put in order.
    #[must_use]
    pub fn nom_classe(&self) -> String {
        format!("{} {}", self.nom_d_usage(), self.prenom)
    }

    fn nom_d_usage(&self) -> &str {
        self.nom_usage.as_deref().unwrap_or(&self.nom)
    }
}

/// A student's live registration to an étape; a cancelled or ended one is not given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InscriptionEtape {
    /// COD_ETP.
    pub etape: CodeEtape,
    /// COD_VRS_VET.
    pub version: VersionEtape,
    /// Label of the version.
    pub libelle: String,
    /// Regime, as the source codes it.
    pub regime: Option<String>,
    /// The first of their registrations.
    pub premiere: bool,
}

/// An element that a student is registered to and has not earned, under a live registration to its étape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InscriptionElement {
    /// COD_ELP.
    pub element: CodeElement,
    /// Its label.
    pub libelle: String,
    /// Its nature.
    pub nature: CodeNature,
    /// ECTS; zero is a value.
    pub ects: Option<Centi>,
    /// The étape it is taken in; the same element taken in two étapes is given twice.
    pub etape: CodeEtape,
    /// Version of that étape.
    pub version: VersionEtape,
    /// S1, S2, AN: of the programme, never a period of examinations.
    pub periode: Option<String>,
}

/// One student of one element.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Inscrit {
    /// COD_ETU.
    pub etudiant: NumeroEtudiant,
    /// COD_ELP.
    pub element: CodeElement,
}

/// A version of an étape that has an open offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EtapeBreve {
    /// COD_ETP.
    pub code: CodeEtape,
    /// COD_VRS_VET.
    pub version: VersionEtape,
    /// Label.
    pub libelle: String,
    /// Students with a live registration.
    pub inscrits: u64,
}

/// How knowledge of an element is checked (MCCC), as Kofr says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Controle {
    /// 1, or 2 for the resits.
    pub session: u8,
    /// « écrit », « oral », « dossier »…
    pub nature: String,
    /// Minutes; zero is a value.
    pub duree_min: Option<u32>,
    /// Weight in the mark of the element.
    pub coefficient: Option<Centi>,
}

/// An open element of an étape's tree, with how it is examined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementEvalue {
    /// COD_ELP.
    pub code: CodeElement,
    /// Label.
    pub libelle: String,
    /// Nature.
    pub nature: CodeNature,
    /// S1, S2, AN.
    pub periode: Option<String>,
    /// ECTS.
    pub ects: Option<Centi>,
    /// Who answers for it, as Kofr names them.
    pub responsable: Option<String>,
    /// Students registered to it, in whatever étape.
    pub inscrits: u64,
    /// How it is examined; empty when Kofr does not say.
    pub controles: Vec<Controle>,
}

/// Asked by the other applications. Answers come from what was collected: they do not depend on Apogée being open.
#[async_trait]
pub trait Offre: Send + Sync {
    /// The current year, once a collection or a parameter has said which.
    async fn annee_courante(&self) -> Result<Option<AnneeUniversitaire>, Indisponible>;

    /// These students, of that year; those unknown are left out. In no order.
    async fn etudiants(
        &self,
        annee: AnneeUniversitaire,
        numeros: &[NumeroEtudiant],
    ) -> Result<Vec<Etudiant>, Indisponible>;

    /// Where a student lives, when the source says it.
    async fn domicile(
        &self,
        annee: AnneeUniversitaire,
        numero: &NumeroEtudiant,
    ) -> Result<Option<Adresse>, Indisponible>;

    /// At most `limite` students whose number or names hold every word.
    async fn etudiants_chercher(
        &self,
        annee: AnneeUniversitaire,
        recherche: &str,
        limite: u64,
    ) -> Result<Vec<Etudiant>, Indisponible>;

    /// The live étapes of a student, the first registration first.
    async fn etapes_de(
        &self,
        annee: AnneeUniversitaire,
        numero: &NumeroEtudiant,
    ) -> Result<Vec<InscriptionEtape>, Indisponible>;

    /// What a student may be examined on: elements of their pedagogical registrations of that year, not earned, under live étapes.
    async fn elements_de(
        &self,
        annee: AnneeUniversitaire,
        numero: &NumeroEtudiant,
    ) -> Result<Vec<InscriptionElement>, Indisponible>;

    /// Who is registered to these elements, each student once per element, in order.
    async fn inscrits(
        &self,
        annee: AnneeUniversitaire,
        elements: &[CodeElement],
    ) -> Result<Vec<Inscrit>, Indisponible>;

    /// At most `limite` étapes whose code or label hold every word; those with students first.
    async fn etapes_chercher(
        &self,
        annee: AnneeUniversitaire,
        recherche: &str,
        limite: u64,
    ) -> Result<Vec<EtapeBreve>, Indisponible>;

    /// The open elements of an étape's tree, each once however often it is shared, in the order of the tree. Empty when the étape is
    /// unknown.
    async fn elements_evalues(
        &self,
        annee: AnneeUniversitaire,
        etape: &CodeEtape,
        version: &VersionEtape,
    ) -> Result<Vec<ElementEvalue>, Indisponible>;

    /// These elements, in no order; those unknown or closed are left out.
    async fn elements(
        &self,
        annee: AnneeUniversitaire,
        codes: &[CodeElement],
    ) -> Result<Vec<ElementEvalue>, Indisponible>;
}
