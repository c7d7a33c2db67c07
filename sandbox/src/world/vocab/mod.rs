//! Words from which the sandbox makes labels, names and addresses. Small files of constants, one subject each.

mod angles;
mod economie;
mod humaines;
mod juridique;
mod langues;
mod lettres;
mod lieux;
mod noms;
mod sciences;
mod transversal;

pub(super) use angles::{Famille, angles};
pub(super) use lieux::{BESANCON, COMMUNES, Commune, PAYS, Pays, SUISSE, VOIES, departement};
pub(super) use noms::{FRANCAISE, ORIGINES, Origine};
pub(super) use transversal::{DEBOUCHES, LANGUES, NUMERIQUE, OBJECTIFS, OUVRAGES, PROJET};

/// A discipline: what its codes, labels and components are made of.
#[derive(Debug)]
pub(super) struct Discipline {
    /// Three letters, used in codes.
    pub code: &'static str,
    /// As in « Licence Droit ».
    pub nom: &'static str,
    /// Domain of the diploma.
    pub domaine: &'static str,
    /// Component that teaches it.
    pub composante: &'static str,
    /// CNU section.
    pub cnu: &'static str,
    /// Which angles its courses take.
    pub famille: Famille,
    /// Subjects: labels of UEs.
    pub themes: &'static [&'static str],
    /// Pathways, for programmes that have several.
    pub parcours: &'static [&'static str],
}

/// Every discipline, in the order in which the catalogue opens programmes.
pub(super) const DISCIPLINES: &[&Discipline] = &[
    &juridique::DROIT,
    &economie::AES,
    &humaines::PSYCHOLOGIE,
    &humaines::HISTOIRE,
    &lettres::LETTRES,
    &langues::ANGLAIS,
    &sciences::MATHEMATIQUES,
    &lettres::SCIENCES_DU_LANGAGE,
    &sciences::INFORMATIQUE,
    &humaines::PHILOSOPHIE,
    &humaines::GEOGRAPHIE,
    &humaines::SOCIOLOGIE,
    &langues::ESPAGNOL,
    &langues::ALLEMAND,
    &economie::ECONOMIE,
    &economie::GESTION,
    &sciences::PHYSIQUE,
    &sciences::CHIMIE,
    &sciences::VIE,
    &humaines::EDUCATION,
    &lettres::COMMUNICATION,
    &juridique::ADMINISTRATION,
    &lettres::ARTS,
    &humaines::ARCHEOLOGIE,
];

/// A discipline by its three letters.
pub(super) fn discipline(code: &str) -> Option<&'static Discipline> {
    DISCIPLINES.iter().copied().find(|d| d.code == code)
}
