//! API's own tables.

mod copie;
mod lien;

use db::Migration;

pub(crate) use copie::Etendue;
pub(crate) use copie::{Copie, copie_purge, copie_read, copie_write, essai_write, etendue_list};
pub(crate) use lien::{lien_list, lien_list_of, lien_write};

/// The tables of API.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
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
    },
    Migration {
        context: "api",
        name: "0002_copies",
        sql: "CREATE TABLE api_copie (
        jeu TEXT NOT NULL,
        cle TEXT NOT NULL,
        contenu TEXT NOT NULL,
        obtenue_le {instant} NOT NULL,
        PRIMARY KEY (jeu, cle));
CREATE INDEX api_copie_age ON api_copie (jeu, obtenue_le);
CREATE TABLE api_jeu (
        jeu TEXT PRIMARY KEY,
        essai_le {instant} NOT NULL,
        echec TEXT)",
    },
];
