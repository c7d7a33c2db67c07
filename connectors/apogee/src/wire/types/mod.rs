//! The structures of the contract, one module per family, fields in the order of the XSD.

pub mod administratif;
pub mod epreuves;
pub mod etudiant;
pub mod offre;
pub mod offre_v3;
pub mod offre_v4;
pub mod pedagogique;
pub mod referentiel;
