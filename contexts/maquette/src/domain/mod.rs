//! Pure nouns and rules: no database, no HTTP, no clock.

pub mod anomalie;
pub mod arbre;
pub mod chute;
pub mod collecte;
pub mod controles;
pub mod desaccords;
pub mod diff;
pub mod genre;
pub mod offre;
pub mod perimetre;
pub mod traduction;
pub mod valeur;

pub use anomalie::Anomalie;
pub use collecte::{Demande, EtatCollecte, Portee, Rapport};
pub use diff::{Changement, Sorte, Tenu};
pub use genre::{Colonne, Genre, SorteColonne};
pub use offre::{ApportKofr, HeuresKofr, Offre};
pub use valeur::{Ligne, Valeur};
