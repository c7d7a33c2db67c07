//! How what is taught is checked, in both sessions.

use kernel::Centi;

use super::super::Mccc;

fn epreuve(session: u8, nature: &str, duree_minutes: Option<u16>, coefficient: i64) -> Mccc {
    Mccc { session, nature: nature.to_owned(), duree_minutes, coefficient: Centi::unites(coefficient) }
}

/// The tests of a course: a written one of so many minutes, or an oral; without either, a file handed in, which the resits replace by a
/// longer oral. With `devoir`, homework counts for a third of the first session's mark, and for nothing in the second.
pub(super) fn controles(minutes: Option<u16>, oral: bool, devoir: bool) -> Vec<Mccc> {
    match (oral, minutes) {
        (true, _) => vec![epreuve(1, "oral", Some(20), 1), epreuve(2, "oral", Some(20), 1)],
        (false, None) => vec![epreuve(1, "dossier", None, 1), epreuve(2, "oral", Some(30), 1)],
        (false, ecrit) if devoir => {
            vec![epreuve(1, "écrit", ecrit, 2), epreuve(1, "dossier", None, 1), epreuve(2, "écrit", ecrit, 1)]
        }
        (false, ecrit) => vec![epreuve(1, "écrit", ecrit, 1), epreuve(2, "écrit", ecrit, 1)],
    }
}
