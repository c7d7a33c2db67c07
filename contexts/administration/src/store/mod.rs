//! Administration's tables, and nobody else's.

pub mod reglage;

use db::Migration;

/// Administration's migrations, in order.
pub const MIGRATIONS: &[Migration] = &[Migration {
    context: "administration",
    name: "0001_reglages",
    sql: "CREATE TABLE administration_reglage (
        cle TEXT PRIMARY KEY,
        valeur TEXT NOT NULL,
        modifie_le {instant} NOT NULL,
        modifie_par TEXT NOT NULL)",
}];
