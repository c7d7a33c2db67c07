//! Maquette's tables, and nobody else's. What leaves is domain or a view; what enters is bound, never concatenated.

pub mod anomalie;
pub mod arbre;
pub mod changement;
pub mod collecte;
pub mod copie;
pub mod element;
pub mod etape;
pub mod lecture;
pub mod maquette;
pub mod objet;
pub mod parametre;

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
];

use db::sea_orm::sea_query::Alias;

/// Name of a column or table, from a constant of ours.
pub(crate) fn nom(nom: &str) -> Alias {
    Alias::new(nom)
}
