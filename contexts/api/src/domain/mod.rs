//! Pure rules of API.

pub mod copie;
pub mod lien;
pub mod reference;
