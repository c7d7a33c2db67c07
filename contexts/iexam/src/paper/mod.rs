//! Documents: what is kept in the database, given to its Typst template.

pub mod recu;
