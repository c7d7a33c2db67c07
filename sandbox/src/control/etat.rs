use kernel::{Source, date_francaise, nombre_francais};
use serde::Serialize;

use super::ordre;
use crate::origine::Origine;
use crate::state::{NilPolicy, Panne, Sandbox};
use crate::world::{self, Case, World};

/// The state of the sandbox, as the page and `GET /controle/api/etat` tell it.
#[derive(Clone, Debug, Serialize)]
pub struct Etat {
    /// Day of the sandbox: `2024-04-02`.
    pub date: chrono::NaiveDate,
    /// The same in French.
    #[serde(skip)]
    pub date_libelle: String,
    /// First civil year of the current academic year, if one is open.
    pub annee: Option<u16>,
    /// The same as « 2024/2025 ».
    #[serde(skip)]
    pub annee_libelle: String,
    /// Whether the new accreditation was poured into Apogée.
    pub accreditation_versee: bool,
    /// Where the offer comes from.
    pub offre: String,
    /// Whether the offer is a folder served as it is, which orders do not change.
    pub telle_quelle: bool,
    /// Worlds shown since the start, the present one included.
    pub generation: u64,
    /// How SOAP answers spell absence.
    pub nil: NilPolicy,
    /// Rows of the main tables.
    pub tailles: Vec<Taille>,
    /// Each source.
    pub sources: Vec<EtatSource>,
    /// The named hard cases.
    #[serde(skip)]
    pub cas: Vec<Case>,
}

/// Rows of a table.
#[derive(Clone, Debug, Serialize)]
pub struct Taille {
    /// What they are.
    pub nom: &'static str,
    /// How many.
    pub nombre: usize,
}

/// One source.
#[derive(Clone, Debug, Serialize)]
pub struct EtatSource {
    /// `apogee`, `extraction`, `kofr`, `eve`.
    pub code: &'static str,
    /// As pages write it.
    #[serde(skip)]
    pub nom: &'static str,
    /// Path under which it is served.
    pub adresse: &'static str,
    /// Requests since the start.
    pub demandes: u64,
    /// The word that the order `panne` takes.
    pub panne: &'static str,
    /// Delay of `lente`, in seconds.
    pub secondes: Option<u64>,
    /// The same as a sentence.
    #[serde(skip)]
    pub panne_libelle: String,
}

impl Etat {
    /// The state now.
    #[must_use]
    pub fn new(sandbox: &Sandbox, origine: &Origine) -> Self {
        let (world, generation) = sandbox.world_and_generation();
        let annee = world.annee_courante();
        Self {
            date: world.date,
            date_libelle: date_francaise(world.date),
            annee: annee.map(kernel::AnneeUniversitaire::premiere),
            annee_libelle: annee.map_or_else(|| "aucune".into(), kernel::AnneeUniversitaire::libelle),
            accreditation_versee: accreditation_versee(&world),
            offre: origine.libelle(),
            telle_quelle: origine.dossier().is_some(),
            generation,
            nil: sandbox.nil(),
            tailles: tailles(&world),
            sources: Source::ALL.map(|source| etat_source(sandbox, source)).into(),
            cas: if origine.dossier().is_none() { world::cases() } else { Vec::new() },
        }
    }

    /// « versée » or « pas encore versée ».
    #[must_use]
    pub fn accreditation_libelle(&self) -> &'static str {
        if self.accreditation_versee { "versée" } else { "pas encore versée" }
    }

    /// How absence is spelt, in words.
    #[must_use]
    pub fn nil_libelle(&self) -> &'static str {
        match self.nil {
            NilPolicy::Nil => "xsi:nil",
            NilPolicy::Omit => "omis",
        }
    }
}

impl Taille {
    /// « 3 000 ».
    #[must_use]
    pub fn libelle(&self) -> String {
        francais(self.nombre as u64)
    }
}

impl EtatSource {
    /// « 1 204 demandes reçues ».
    #[must_use]
    pub fn demandes_libelle(&self) -> String {
        match self.demandes {
            0 => "aucune demande reçue".into(),
            1 => "1 demande reçue".into(),
            n => format!("{} demandes reçues", francais(n)),
        }
    }
}

fn francais(n: u64) -> String {
    nombre_francais(i64::try_from(n).unwrap_or(i64::MAX))
}

fn tailles(world: &World) -> Vec<Taille> {
    let taille = |nom, nombre| Taille { nom, nombre };
    vec![
        taille("Diplômes", world.diplomes.len()),
        taille("Étapes", world.etapes.len()),
        taille("Listes", world.listes.len()),
        taille("Éléments", world.elements.len()),
        taille("Liens", world.vet_lse.len() + world.lse_elp.len() + world.elp_lse.len()),
        taille("Étudiants", world.etudiants.len()),
        taille("Inscriptions administratives", world.ia_etapes.len()),
        taille("Inscriptions pédagogiques", world.ip.len()),
        taille("Enseignants, par année", world.enseignants.len()),
        taille("Heures déclarées", world.services.len()),
    ]
}

fn etat_source(sandbox: &Sandbox, source: Source) -> EtatSource {
    let panne = sandbox.panne(source);
    EtatSource {
        code: source.code(),
        nom: source.libelle(),
        adresse: match source {
            Source::Apogee => "/services",
            Source::Extraction => "/extraction",
            Source::Kofr => "/kofr/api/v1",
            Source::Eve => "/eve/api/v1",
        },
        demandes: sandbox.demandes(source),
        panne: match panne {
            Panne::Aucune => "aucune",
            Panne::Lente(_) => "lente",
            Panne::Coupee => "coupee",
            Panne::Html => "html",
            Panne::ConnexionApogee => "connexion",
            Panne::Absente => "absente",
        },
        secondes: match panne {
            Panne::Lente(delai) => Some(delai.as_secs()),
            _ => None,
        },
        panne_libelle: ordre::libelle(panne),
    }
}

/// Whether nothing is held apart any more. A catalogue has no accreditation to pour.
pub fn accreditation_versee(world: &World) -> bool {
    !world.maquettes.is_empty() && world.maquettes.iter().all(|m| m.etat == "versee")
}
