//! The words every room of the house shares: codes, the academic year, roles and rights, time, outages and faults.
//!
//! Nothing here knows a database, a page or an outside system. A type belongs here when two crates that may
//! not see each other (a connector and a context, say) must mean the same thing by it.
//!
//! - **codes** are opaque keys given by Apogée: never trimmed, case-sensitive, spaces and no-break spaces allowed;
//! - **quantities** (ECTS, hours) are integers in hundredths, so that sums are exact and zero is not empty;
//! - **time** arrives through [`Clock`], never from the machine;
//! - **outages** say that a source did not answer; they are never an empty list.

mod actor;
mod annee;
mod clock;
mod code;
mod fault;
mod montant;
mod outage;
mod quantite;
mod right;
mod scope;
mod texte;

pub use actor::{Actor, Role};
pub use annee::AnneeUniversitaire;
pub use clock::{Clock, FixedClock, SystemClock};
pub use code::{
    CodeComposante, CodeDiplome, CodeElement, CodeEtape, CodeListe, CodeNature, Ine, NumeroEnseignant,
    NumeroEtudiant, VersionDiplome, VersionEtape,
};
pub use fault::{Fault, FaultKind};
pub use montant::{Cents, CentsError};
pub use outage::{Outage, OutageKind, Source};
pub use quantite::{Centi, CentiError};
pub use right::Right;
pub use scope::Scope;
pub use texte::{
    date_francaise, duree_francaise, fold, heure_de_besancon, heure_francaise, instant_francais,
    nombre_francais,
};
