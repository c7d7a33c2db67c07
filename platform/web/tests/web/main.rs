//! Tests of the web side through its router, as a browser meets it. One program: linking is what test files cost.
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops")]

mod cas;
mod composants;
mod comptes;
mod connexion;
mod etudiant;
mod jetons;
mod listes;
mod securite;
mod support;
mod televersement;
mod vues;
