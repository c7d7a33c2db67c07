//! API's own tables.

mod lien;

use db::Migration;

pub(crate) use lien::{lien_list, lien_list_of, lien_write};

/// The tables of API.
pub const MIGRATIONS: &[Migration] = &[Migration {
    context: "api",
    name: "0001_liens",
    sql: "CREATE TABLE api_lien (
        source TEXT NOT NULL,
        nom TEXT NOT NULL,
        rang BIGINT NOT NULL,
        etat TEXT NOT NULL,
        latence_ms BIGINT NOT NULL,
        detail TEXT NOT NULL,
        remede TEXT,
        verifie_le {instant} NOT NULL,
        depuis {instant} NOT NULL,
        dernier_bon {instant},
        PRIMARY KEY (source, nom))",
}];
