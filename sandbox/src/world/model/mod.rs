//! The rows that the sandbox holds: Apogée's tables, Eve's teachers and Kofr's designs, as plain data.
//!
//! Field docs name the Apogée column. Quantities are hundredths ([`kernel::Centi`]), witnesses (`TEM_…`) are booleans, and
//! `None` is Oracle's NULL.

mod devenir;
mod enseignants;
mod examens;
mod kofr;
mod offre;
mod personnes;
mod referentiels;

pub use devenir::{Devenir, NatureDevenir, Objet};
pub use enseignants::{Decharge, Enseignant, EtatService, NatureService, Service, TypeService};
pub use examens::{Epreuve, EpreuveElement, PeriodeExamen, ResultatElement, ResultatEtape, ResultatVdi};
pub use kofr::{
    Bloc, ElementKofr, EtapeKofr, Formation, Groupes, HeuresKofr, Maquette, Mccc, ResponsableKofr,
};
pub use offre::{
    Correspondance, Diplome, Element, ElpLse, Etape, Heure, Liste, LseElp, Portage, TypeHeure, TypeListe,
    VdiVet, VersionDiplomeRow, VersionEtapeRow, VetLse,
};
pub use personnes::{
    Adresse, Bac, Dispense, EtatIa, Etudiant, InscriptionAnnuelle, InscriptionEtape, InscriptionPedagogique,
    Sexe,
};
pub use referentiels::{Annee, Centre, Composante, EtatAnnee, Libelle, Nature, Signataire, TypeDiplome};
