//! This context's tables only: queries, migrations. No entity and no error of the engine leaves this room.

pub mod accord;
pub mod amenagement;
pub mod brouillon;
pub mod cadre;
pub mod caisse;
pub mod calcul;
pub mod candidat;
pub mod centre;
pub mod centre_lu;
pub mod colis_lu;
pub mod constat;
pub mod demande;
pub mod demande_faite;
pub mod demande_lue;
pub mod ecriture;
pub mod epreuve;
pub mod epreuve_copie;
pub mod epreuve_lue;
pub mod epreuve_salle;
pub mod etat;
pub mod fiche;
pub mod idempotence;
pub mod import_epreuves;
pub mod inscription;
pub mod inscription_lue;
pub mod journee;
pub mod modalite;
pub mod offre;
pub mod paiement;
pub mod paiement_lu;
pub mod periode;
pub mod periode_ecrite;
pub mod place;
pub mod recu;
pub mod registre;
pub mod voulu;

use db::Migration;

/// The tables of exams.
pub const MIGRATIONS: &[Migration] = &[
    Migration { context: "iexam", name: "0001_examens", sql: include_str!("migrations/0001_examens.sql") },
    Migration { context: "iexam", name: "0002_registre", sql: include_str!("migrations/0002_registre.sql") },
    Migration {
        context: "iexam",
        name: "0003_classement",
        sql: include_str!("migrations/0003_classement.sql"),
    },
];

/// `?, ?, ?`.
pub(crate) fn marques(nombre: usize) -> String {
    vec!["?"; nombre].join(", ")
}

/// A code that the tables hold and this program does not know: a later version wrote it.
pub(crate) fn inconnu(colonne: &str) -> db::DbError {
    db::DbError::Value(colonne.to_owned())
}
