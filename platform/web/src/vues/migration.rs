//! The tables of what a person keeps of a list.

use db::Migration;

pub(crate) const MIGRATION: Migration = Migration {
    context: "web",
    name: "0004_vues",
    sql: "CREATE TABLE web_vue (
        id {id},
        liste TEXT NOT NULL,
        compte BIGINT NOT NULL REFERENCES web_compte (id),
        nom TEXT NOT NULL,
        cle TEXT NOT NULL,
        parametres TEXT NOT NULL,
        role TEXT,
        modifiee_le {instant} NOT NULL,
        supprimee_le {instant});
CREATE INDEX web_vue_liste ON web_vue (liste, compte);
CREATE TABLE web_liste (
        compte BIGINT NOT NULL REFERENCES web_compte (id),
        liste TEXT NOT NULL,
        colonnes TEXT NOT NULL,
        vue BIGINT,
        PRIMARY KEY (compte, liste))",
};
