//! Maquette's tables, and nobody else's. What leaves is domain or a view; what enters is bound, never concatenated.

pub mod absence;
pub mod annulation;
pub mod anomalie;
pub mod arbitrage;
pub mod arbre;
pub mod arbre_lu;
pub mod changement;
pub(crate) mod chercher;
pub mod collecte;
pub mod collecte_issues;
pub mod collecte_lu;
mod condition;
pub mod controle;
pub mod copie;
pub mod correction;
pub mod correction_lue;
pub mod diplome;
pub mod diplome_lu;
pub mod dossier;
pub mod ecarte;
pub mod element;
pub mod element_lu;
pub mod enseignant;
pub mod enseignant_lu;
pub mod etape;
pub mod etape_lu;
pub mod etudiant;
pub mod etudiant_lu;
pub mod evalue;
pub mod examen;
pub mod fil;
pub mod generation;
pub mod historique;
pub mod illustre;
pub mod importation;
pub mod inscription;
pub mod lecture;
pub mod maquette;
pub(crate) mod memoire;
pub mod objet;
pub mod page_lue;
pub mod parametre;
pub mod present;
pub mod recherche;
pub mod usage;

use db::Migration;

/// Maquette's migrations, in order.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        context: "maquette",
        name: "0001_collecte",
        sql: include_str!("migrations/0001_collecte.sql"),
    },
    Migration { context: "maquette", name: "0002_offre", sql: include_str!("migrations/0002_offre.sql") },
    Migration {
        context: "maquette",
        name: "0003_personnes",
        sql: include_str!("migrations/0003_personnes.sql"),
    },
    Migration {
        context: "maquette",
        name: "0004_corrections",
        sql: include_str!("migrations/0004_corrections.sql"),
    },
    Migration {
        context: "maquette",
        name: "0005_arbitrage",
        sql: include_str!("migrations/0005_arbitrage.sql"),
    },
    Migration {
        context: "maquette",
        name: "0006_annulation",
        sql: include_str!("migrations/0006_annulation.sql"),
    },
    Migration { context: "maquette", name: "0007_absence", sql: include_str!("migrations/0007_absence.sql") },
    Migration { context: "maquette", name: "0008_pages", sql: include_str!("migrations/0008_pages.sql") },
    Migration { context: "maquette", name: "0009_rest", sql: include_str!("migrations/0009_rest.sql") },
    Migration {
        context: "maquette",
        name: "0010_controle",
        sql: include_str!("migrations/0010_controle.sql"),
    },
    Migration { context: "maquette", name: "0011_import", sql: include_str!("migrations/0011_import.sql") },
    Migration { context: "maquette", name: "0012_pays", sql: include_str!("migrations/0012_pays.sql") },
];

use db::sea_orm::sea_query::Alias;

/// Name of a column or table, from a constant of ours.
pub(crate) fn nom(nom: &str) -> Alias {
    Alias::new(nom)
}
