//! The in-memory university that the sandbox plays: tables, lookups, generator, accreditations, hard cases.
//!
//! - [`World::generate`] makes one, the same for the same [`Options`];
//! - tables are public and read freely; lookups ([`World::etudiant`], [`World::ip_of`]…) answer in the size of their result;
//! - every change goes through a verb of this room ([`World::pour_new_accreditation`], [`World::advance_to`],
//!   [`World::change_share`]), which rebuilds the lookups and moves [`World::generation`], so that a server may cache what it
//!   derives (the extraction, say) for as long as that number stays.

mod calendar;
mod cases;
mod change;
mod codes;
mod design;
mod dice;
mod evolve;
mod exams;
mod extraction;
mod generate;
mod index;
mod lookup;
mod model;
mod people;
mod pour;
mod referentiels;
mod teachers;
mod vocab;

use chrono::NaiveDate;

pub use cases::{Case, cases};
pub use change::Changement;
pub use extraction::{Extraction, extraction, manifest, tables};
use index::Index;
pub use model::*;

/// What to generate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Seed: the same seed and sizes give the same world, byte for byte.
    pub seed: u64,
    /// Students, hard cases included.
    pub etudiants: usize,
    /// Étapes per accreditation, hard cases included.
    pub etapes: usize,
    /// Elements per accreditation, hard cases included.
    pub elements: usize,
    /// Links in total (VET→list, list→element, element→list) to reach by adding open electives; `None` leaves the offer as designed.
    pub liens: Option<usize>,
    /// Teachers.
    pub enseignants: usize,
    /// The day that it is in the sandbox.
    pub date: NaiveDate,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 1,
            etudiants: 1600,
            etapes: 60,
            elements: 3000,
            liens: None,
            enseignants: 150,
            date: NaiveDate::from_ymd_opt(2024, 4, 2).unwrap_or_default(),
        }
    }
}

/// Apogée's tables, Eve's and Kofr's, as they stand on [`World::date`].
#[derive(Clone, Debug)]
pub struct World {
    /// What it was generated from.
    pub options: Options,
    /// The day that it is in the sandbox.
    pub date: NaiveDate,
    /// Moves by one at each change: what was derived from an earlier generation is stale.
    pub generation: u64,
    /// Label of the establishment.
    pub etablissement: String,
    /// ANNEE_UNI.
    pub annees: Vec<Annee>,
    /// COMPOSANTE.
    pub composantes: Vec<Composante>,
    /// NATURE_ELP.
    pub natures: Vec<Nature>,
    /// PERIODE_ELP.
    pub periodes: Vec<Libelle>,
    /// TYP_DIPLOME.
    pub types_diplome: Vec<TypeDiplome>,
    /// REGIME_INS.
    pub regimes: Vec<Libelle>,
    /// SIGNATAIRE.
    pub signataires: Vec<Signataire>,
    /// CENTRE_INS_PED.
    pub centres: Vec<Centre>,
    /// CENTRE_GESTION.
    pub centres_gestion: Vec<Centre>,
    /// DIPLOME.
    pub diplomes: Vec<Diplome>,
    /// VERSION_DIPLOME.
    pub versions_diplome: Vec<VersionDiplomeRow>,
    /// ETAPE.
    pub etapes: Vec<Etape>,
    /// VERSION_ETAPE.
    pub versions_etape: Vec<VersionEtapeRow>,
    /// VDI_FRACTIONNER_VET.
    pub vdi_vet: Vec<VdiVet>,
    /// LISTE_ELP.
    pub listes: Vec<Liste>,
    /// ELEMENT_PEDAGOGI.
    pub elements: Vec<Element>,
    /// VET_REGROUPE_LSE.
    pub vet_lse: Vec<VetLse>,
    /// LSE_REGROUPE_ELP.
    pub lse_elp: Vec<LseElp>,
    /// ELP_REGROUPE_LSE.
    pub elp_lse: Vec<ElpLse>,
    /// ELP_CHG_TYP_HEU.
    pub heures: Vec<Heure>,
    /// ELP_CORRESPOND_ELP.
    pub correspondances: Vec<Correspondance>,
    /// ELP_PORTEUR_PORTE.
    pub portages: Vec<Portage>,
    /// PERIODE_EXA.
    pub periodes_examen: Vec<PeriodeExamen>,
    /// EPREUVE.
    pub epreuves: Vec<Epreuve>,
    /// EPR_SANCTIONNE_ELP.
    pub epreuves_elements: Vec<EpreuveElement>,
    /// INDIVIDU.
    pub etudiants: Vec<Etudiant>,
    /// INS_ADM_ANU.
    pub ia_annuelles: Vec<InscriptionAnnuelle>,
    /// INS_ADM_ETP.
    pub ia_etapes: Vec<InscriptionEtape>,
    /// IND_CONTRAT_ELP and IND_DISPENSE_ELP.
    pub ip: Vec<InscriptionPedagogique>,
    /// RESULTAT_ELP.
    pub resultats_elements: Vec<ResultatElement>,
    /// RESULTAT_VET.
    pub resultats_etapes: Vec<ResultatEtape>,
    /// RESULTAT_VDI.
    pub resultats_vdi: Vec<ResultatVdi>,
    /// Eve's teachers, one row per year.
    pub enseignants: Vec<Enseignant>,
    /// Eve's hours.
    pub services: Vec<Service>,
    /// Kofr's designs: 2019–2024 and 2024–2029.
    pub maquettes: Vec<Maquette>,
    /// What the change of accreditation does: for tests alone.
    pub verite: Vec<Devenir>,
    index: Index,
}
