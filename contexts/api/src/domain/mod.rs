//! Pure rules of API.

pub mod lien;
