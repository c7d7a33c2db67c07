//! What accounts and sessions hold beyond their first columns.

use db::Migration;

/// Entry by CAS, temporary passwords, last sign-in, search; the ticket and the role looked as of a session.
///
/// Names written before this step are folded by the letters that French uses; any other is folded when the account is next modified.
pub(crate) const COMPTES_CAS: Migration = Migration {
    context: "web",
    name: "0003_comptes_cas",
    sql: "ALTER TABLE web_compte ADD COLUMN entree TEXT NOT NULL DEFAULT 'tous';
ALTER TABLE web_compte ADD COLUMN a_changer BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE web_compte ADD COLUMN provisoire_jusqu_a {instant};
ALTER TABLE web_compte ADD COLUMN connecte_le {instant};
ALTER TABLE web_compte ADD COLUMN recherche TEXT NOT NULL DEFAULT '';
UPDATE web_compte SET recherche = lower(
        replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
            nom || ' ' || identifiant,
            'é', 'e'), 'è', 'e'), 'ê', 'e'), 'ë', 'e'), 'à', 'a'), 'â', 'a'), 'ç', 'c'), 'î', 'i'), 'ï', 'i'), 'ô', 'o'), 'É', 'e'));
CREATE INDEX web_compte_recherche ON web_compte (recherche);
CREATE INDEX web_compte_role ON web_compte (role, actif);
CREATE INDEX web_compte_connexion ON web_compte (connecte_le);
ALTER TABLE web_session ADD COLUMN ticket TEXT;
ALTER TABLE web_session ADD COLUMN voir_comme TEXT;
CREATE INDEX web_session_ticket ON web_session (ticket)",
};

/// The student whose account it is, by their number: absent for everybody else, and nobody's twice.
pub(crate) const COMPTES_ETUDIANT: Migration = Migration {
    context: "web",
    name: "0005_comptes_etudiant",
    sql: "ALTER TABLE web_compte ADD COLUMN etudiant TEXT;
CREATE UNIQUE INDEX web_compte_etudiant ON web_compte (etudiant)",
};
