//! Pure nouns and rules: no database, no HTTP, no clock.

pub mod absence;
pub mod annulation;
pub mod anomalie;
pub mod arbitrage;
pub mod arbre;
pub mod chute;
pub mod collecte;
pub mod controles;
pub mod correction;
mod correction_saisie;
pub mod desaccords;
pub mod diff;
pub mod ecarte;
pub mod genre;
pub mod illustre;
pub mod importation;
pub mod offre;
pub mod parcours;
pub mod perimetre;
pub mod traduction;
pub mod valeur;

pub use anomalie::Anomalie;
pub use collecte::{Demande, EtatCollecte, Portee, Rapport};
pub use diff::{Changement, Sorte, Tenu};
pub use genre::{Colonne, Genre, SorteColonne};
pub use offre::{ApportKofr, HeuresKofr, Offre};
pub use valeur::{Ligne, Valeur};
