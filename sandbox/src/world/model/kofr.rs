use chrono::{DateTime, Utc};
use kernel::{
    Centi, CodeComposante, CodeDiplome, CodeElement, CodeEtape, CodeListe, CodeNature, NumeroEnseignant,
    VersionDiplome, VersionEtape,
};

use super::TypeListe;

/// An accreditation as Kofr designs it. Elements are shared: blocs hold positions in [`elements`](Self::elements).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Maquette {
    /// First academic year: 2019.
    pub annee_debut: u16,
    /// Last academic year: 2023.
    pub annee_fin: u16,
    /// « Accréditation 2019-2024 ».
    pub libelle: String,
    /// `en_conception`, `validee`, `versee`.
    pub etat: String,
    /// Programmes, each with its étapes.
    pub formations: Vec<Formation>,
    /// Every element of the accreditation; blocs refer to it by position.
    pub elements: Vec<ElementKofr>,
}

/// A programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formation {
    /// Kofr's identifier.
    pub id: String,
    /// COD_DIP once poured into Apogée.
    pub code_diplome: Option<CodeDiplome>,
    /// COD_VRS_VDI once poured.
    pub version_diplome: Option<VersionDiplome>,
    /// Label.
    pub libelle: String,
    /// Mention.
    pub mention: String,
    /// Domain.
    pub domaine: String,
    /// `Licence`, `Master`, `DAEU`, `Capacité`, `DU`.
    pub type_diplome: String,
    /// Three letters of the discipline, from which codes are made.
    pub discipline: String,
    /// COD_CMP.
    pub composante: CodeComposante,
    /// Person responsible.
    pub responsable: Option<ResponsableKofr>,
    /// `FI`, `FC`, `FA`.
    pub regimes: Vec<String>,
    /// Aims.
    pub objectifs: String,
    /// Careers.
    pub debouches: String,
    /// Last change.
    pub modifie_le: DateTime<Utc>,
    /// Étapes in order.
    pub etapes: Vec<EtapeKofr>,
}

/// An étape of a programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EtapeKofr {
    /// Kofr's identifier.
    pub id: String,
    /// COD_ETP once poured.
    pub code_etape: Option<CodeEtape>,
    /// COD_VRS_VET once poured.
    pub version_etape: Option<VersionEtape>,
    /// Label.
    pub libelle: String,
    /// Year in the programme.
    pub rang: u8,
    /// Credits, none for what awards none.
    pub ects: Option<Centi>,
    /// Blocs at the top.
    pub blocs: Vec<Bloc>,
}

/// A group of elements under an étape or an element: Apogée's list with the bounds of its link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bloc {
    /// Kofr's identifier. The same bloc under two parents has the same one.
    pub id: String,
    /// COD_LSE once poured.
    pub code_liste: Option<CodeListe>,
    /// Label.
    pub libelle: String,
    /// O, X or F.
    pub type_bloc: TypeListe,
    /// Least number of elements to take.
    pub min: Option<u8>,
    /// Greatest number.
    pub max: Option<u8>,
    /// Positions in [`Maquette::elements`].
    pub elements: Vec<u32>,
}

/// A teacher responsible for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponsableKofr {
    /// Eve's number.
    pub numero: NumeroEnseignant,
    /// Name.
    pub nom: String,
    /// First name.
    pub prenom: String,
}

/// Hours by type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HeuresKofr {
    /// Lectures.
    pub cm: Centi,
    /// Tutorials.
    pub td: Centi,
    /// Practicals.
    pub tp: Centi,
    /// At a distance.
    pub ead: Centi,
    /// Personal work.
    pub travail_personnel: Centi,
}

/// Groups by type of hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Groupes {
    /// Lecture groups.
    pub cm: u8,
    /// Tutorial groups.
    pub td: u8,
    /// Practical groups.
    pub tp: u8,
}

/// How an element is assessed in one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mccc {
    /// 1 or 2.
    pub session: u8,
    /// `écrit`, `oral`, `dossier`.
    pub nature: String,
    /// Length in minutes, none for a file handed in.
    pub duree_minutes: Option<u16>,
    /// Weight.
    pub coefficient: Centi,
}

/// An element as designed: authoritative for hours, ECTS, groups and texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementKofr {
    /// Kofr's identifier.
    pub id: String,
    /// COD_ELP once poured.
    pub code_elp: Option<CodeElement>,
    /// SEM, UE, EC…
    pub nature: CodeNature,
    /// Label, not limited to Apogée's 60 characters.
    pub libelle: String,
    /// Short label.
    pub libelle_court: String,
    /// Order among its siblings.
    pub rang: u16,
    /// Year of the semester in which it is first taught, from 1.
    pub annee_etude: u8,
    /// Semester in the programme, from 1; none over the whole year.
    pub semestre: Option<u8>,
    /// Three letters of the discipline.
    pub discipline: String,
    /// Component that teaches it.
    pub composante: CodeComposante,
    /// Credits.
    pub ects: Option<Centi>,
    /// Hours.
    pub heures: HeuresKofr,
    /// Groups.
    pub groupes: Groupes,
    /// `fr`, `en`…
    pub langue: String,
    /// Person responsible.
    pub responsable: Option<ResponsableKofr>,
    /// Assessment.
    pub mccc: Vec<Mccc>,
    /// Description.
    pub description: Option<String>,
    /// Prerequisites.
    pub prerequis: Option<String>,
    /// Reading list.
    pub bibliographie: Option<String>,
    /// Blocs below.
    pub blocs: Vec<Bloc>,
}
