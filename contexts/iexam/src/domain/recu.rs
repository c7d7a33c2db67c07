//! The receipt of a confirmation: all that it says, decided once and kept as it was.

use kernel::{Cents, heure_de_besancon, instant_francais};
use serde::{Deserialize, Serialize};

use super::cadre::Cadre;
use super::decompte::{Decompte, Ligne};
use super::demande::Voulu;
use super::dossier::Sujet;
use super::horaire;
use super::inscription::Decision;

/// A receipt. Its texts are those of its day: labels, prices and hours may change afterwards, not what was confirmed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recu {
    /// `2024-P1-000123-1`.
    pub numero: String,
    /// The receipt that this one follows.
    pub remplace: Option<String>,
    /// « P1 2024/2025 ».
    pub periode: String,
    /// « Première période d’examens ».
    pub periode_libelle: String,
    /// COD_ETU.
    pub etudiant: String,
    /// « Prénom Nom ».
    pub nom: String,
    /// Labels of the student's étapes.
    pub etapes: Vec<String>,
    /// « lundi 2 décembre 2024 à 12 h 00 ».
    pub etabli_le: String,
    /// Label of the modality; none when nothing is sat.
    pub modalite: Option<String>,
    /// « Centre de Nouméa, Nouméa (Nouvelle-Calédonie) ».
    pub centre: Option<String>,
    /// What is sat now.
    pub passees: Vec<Epreuve>,
    /// Labels of what is deferred.
    pub reportees: Vec<String>,
    /// The period to which it is deferred, or in the resits an empty text.
    pub reportees_a: String,
    /// The account, line by line.
    pub lignes: Vec<LigneDite>,
    /// « 86,25 € ».
    pub total: String,
    /// The same in cents.
    pub total_cents: i64,
    /// What the modality says to know.
    pub consignes: String,
    /// Documents to send.
    pub pieces: Vec<String>,
}

/// An épreuve of a receipt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Epreuve {
    /// Label.
    pub libelle: String,
    /// Date and hour of Besançon.
    pub quand: String,
    /// Date and hour of the centre, when they differ.
    pub la_bas: Option<String>,
    /// How long, extra time included.
    pub duree: Option<String>,
}

/// A line of the account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LigneDite {
    /// What for.
    pub libelle: String,
    /// « 3 h à 12,50 € l’heure ».
    pub detail: String,
    /// « 37,50 € ».
    pub montant: String,
}

/// The lines of an account as they are read, with how each hourly one was made.
#[must_use]
pub fn lignes_dites(decompte: &Decompte, horaire: Option<Cents>) -> Vec<LigneDite> {
    let dite = |ligne: &Ligne| LigneDite {
        libelle: ligne.libelle.clone(),
        detail: match (ligne.minutes, horaire) {
            (Some(minutes), Some(horaire)) => format!("{} à {horaire} l’heure", horaire::duree(minutes)),
            _ => String::new(),
        },
        montant: ligne.montant.to_string(),
    };
    decompte.lignes.iter().map(dite).collect()
}

/// Who confirms, and when.
#[derive(Clone, Copy, Debug)]
pub struct Confirmation<'a> {
    /// Number given to the receipt.
    pub numero: &'a str,
    /// The receipt before it.
    pub remplace: Option<&'a str>,
    /// COD_ETU.
    pub etudiant: &'a str,
    /// « Prénom Nom ».
    pub nom: &'a str,
    /// Their étapes.
    pub etapes: &'a [String],
    /// The instant.
    pub quand: chrono::DateTime<chrono::Utc>,
}

impl Recu {
    /// What is confirmed, frozen.
    #[must_use]
    pub fn etablir(
        c: Confirmation<'_>,
        cadre: &Cadre,
        sujets: &[Sujet],
        voulu: &Voulu,
        decompte: &Decompte,
    ) -> Self {
        let modalite = voulu.modalite.and_then(|id| cadre.modalite(id));
        let centre = modalite.zip(voulu.centre).and_then(|(m, id)| m.centre(id));
        let decide =
            |s: &&Sujet, d: Decision| !s.epreuve.annulee && voulu.choix.get(&s.epreuve.id) == Some(&d);
        let passee = |s: &Sujet| Epreuve {
            libelle: s.epreuve.libelle.clone(),
            quand: horaire::quand(&s.epreuve),
            la_bas: centre.and_then(|c| horaire::quand_la_bas(&s.epreuve, &c.fuseau, &c.ville)),
            duree: horaire::duree_dite(&s.epreuve, s.majoration),
        };
        let mut retenus: Vec<&Sujet> = sujets.iter().filter(|s| decide(s, Decision::Passe)).collect();
        retenus.sort_by_key(|s| (s.epreuve.debut.is_none(), s.epreuve.debut, s.epreuve.id));
        let reportees = if cadre.peut_reporter() {
            let deferees = sujets.iter().filter(|s| decide(s, Decision::Report));
            deferees.map(|s| s.epreuve.libelle.clone()).collect()
        } else {
            Vec::new()
        };
        Self {
            numero: c.numero.to_owned(),
            remplace: c.remplace.map(str::to_owned),
            periode: cadre.periode.nom(),
            periode_libelle: cadre.periode.libelle.clone(),
            etudiant: c.etudiant.to_owned(),
            nom: c.nom.to_owned(),
            etapes: c.etapes.to_vec(),
            etabli_le: instant_francais(heure_de_besancon(c.quand)),
            modalite: modalite.map(|m| m.modalite.libelle.clone()),
            centre: centre.map(|c| format!("{}, {} ({})", c.nom, c.ville, c.pays)),
            passees: retenus.into_iter().map(passee).collect(),
            reportees,
            reportees_a: cadre.rattrapages.as_ref().map_or_else(|| "P3".to_owned(), |p| p.nom()),
            lignes: lignes_dites(decompte, modalite.and_then(|m| m.tarif).map(|t| t.horaire)),
            total: decompte.total().to_string(),
            total_cents: decompte.total().0,
            consignes: modalite.map(|m| m.modalite.consignes.clone()).unwrap_or_default(),
            pieces: modalite
                .map(|m| {
                    m.modalite
                        .pieces
                        .lines()
                        .map(str::trim)
                        .filter(|l| !l.is_empty())
                        .map(str::to_owned)
                        .collect()
                })
                .unwrap_or_default(),
        }
    }
}
