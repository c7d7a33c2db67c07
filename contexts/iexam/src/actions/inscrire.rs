//! A student confirms: the draft becomes a registration, holds its place, owes its fee and has its receipt, in one transaction.
//!
//! What the confirmation depends on (the window, the modality, the places, the épreuves) is read again inside the transaction: see
//! [`super::confirmer`]. Those that arrive together share one: see [`super::ensemble`]. The receipt's PDF is not made here: it takes as long
//! as all the rest. Its contents are frozen here, and the document is made from them when the letter leaves, or when it is asked for.

use chrono::{DateTime, Utc};
use kernel::{Actor, AnneeUniversitaire, NumeroEtudiant};

use super::dossier::{Dossier, Personne};
use super::ensemble::{Demande, attendre};
use super::inscrire_fault::InscrireFault;
use crate::Iexam;
use crate::domain::recu::Recu;
use crate::domain::validation::Obstacle;

/// What the page of confirmation sends.
#[derive(Clone, Debug, Default)]
pub struct Relecture {
    /// The revision that was read over.
    pub revision: i64,
    /// The fingerprint of what was read over.
    pub vu: String,
    /// That nothing is sat now, and that this is meant.
    pub tout_reporter: bool,
}

/// A confirmation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validee {
    /// Number of the receipt.
    pub recu: String,
    /// It had been confirmed already by the same click: this is the same receipt.
    pub deja: bool,
}

/// Confirms what was read over.
///
/// # Errors
/// [`InscrireFault`]; nothing is then written, and the draft is as it was.
pub async fn valider(
    iexam: &Iexam,
    numero: &NumeroEtudiant,
    (annee, code): (AnneeUniversitaire, &str),
    relecture: &Relecture,
    acteur: &Actor,
) -> Result<Validee, InscrireFault> {
    let quand = iexam.clock.now();
    let personne = Personne::lire(iexam, annee, numero).await?;
    if personne.etudiant.is_none() {
        return Err(InscrireFault::EtudiantInconnu);
    }
    let demande = Demande {
        numero: numero.clone(),
        annee,
        code: code.to_owned(),
        personne,
        relecture: relecture.clone(),
        acteur: acteur.clone(),
        quand,
    };
    attendre(iexam, demande).await
}

/// The receipt as a letter in plain text.
#[must_use]
pub fn lettre(recu: &Recu, publique: &str) -> String {
    let mut lignes = vec![
        format!("Bonjour {},", recu.nom),
        String::new(),
        format!(
            "Votre inscription aux examens {} est validée depuis le {} (heure de Besançon).",
            recu.periode, recu.etabli_le
        ),
        format!("Reçu : {}", recu.numero),
        String::new(),
    ];
    if recu.passees.is_empty() {
        lignes.push("Vous ne passez aucune épreuve dans cette période.".to_owned());
    } else {
        lignes.push("Vous passez :".to_owned());
        for e in &recu.passees {
            let duree = e.duree.as_ref().map(|d| format!(", {d}")).unwrap_or_default();
            let la_bas = e.la_bas.as_ref().map(|l| format!(" ({l})")).unwrap_or_default();
            lignes.push(format!("– {} : {}{la_bas}{duree}", e.libelle, e.quand));
        }
    }
    if !recu.reportees.is_empty() {
        lignes.push(String::new());
        lignes.push(format!(
            "Vous reportez à {}, où vous les passerez une seule fois, sans autre session cette année :",
            recu.reportees_a
        ));
        lignes.extend(recu.reportees.iter().map(|l| format!("– {l}")));
    }
    lignes.push(String::new());
    if let Some(modalite) = &recu.modalite {
        let centre = recu.centre.as_ref().map(|c| format!(", {c}")).unwrap_or_default();
        lignes.push(format!("Comment : {modalite}{centre}"));
    }
    lignes.extend(recu.lignes.iter().map(|l| format!("{} : {}", l.libelle, l.montant)));
    lignes.push(format!("Total : {}", recu.total));
    if !recu.pieces.is_empty() {
        lignes.push(String::new());
        lignes.push("Documents à envoyer à la scolarité :".to_owned());
        lignes.extend(recu.pieces.iter().map(|p| format!("– {p}")));
    }
    lignes.push(String::new());
    lignes.push("La scolarité vérifie maintenant votre inscription ; elle vous écrira si quelque chose est à corriger. Vous paierez ensuite.".to_owned());
    lignes.push(format!(
        "Votre reçu est joint à ce courriel. Il se retrouve ici : {publique}/examens/recus/{}",
        recu.numero
    ));
    lignes.join("\n")
}

/// Whether a student may read over a draft: what would prevent it from being confirmed.
#[must_use]
pub fn manques(dossier: &Dossier, tout_reporter: bool, maintenant: DateTime<Utc>) -> Vec<Obstacle> {
    dossier.obstacles(&dossier.complet(), tout_reporter, maintenant)
}
