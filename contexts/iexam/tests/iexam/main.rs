//! The tests of exams, in one program: each file is linked once with all that it stands on.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what a test stands on fails as the test does"
)]

mod amenagements;
mod banc;
mod caisse;
mod cas_difficiles;
mod demande_tout_reporter;
mod en_ligne;
mod epreuves;
mod epreuves_fichier;
mod etudiant_pages;
mod inscrire;
mod notifications;
mod recompter;
mod recu;
mod recu_joint;
mod recu_pages;
mod registre;
mod reglages;
mod rest;
mod sceau;
