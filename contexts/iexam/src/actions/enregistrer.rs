//! A student saves a draft: what was chosen so far, complete or not. Nothing is promised, nothing is owed.

use chrono::{DateTime, Utc};
use db::journal;
use kernel::{Actor, AnneeUniversitaire, NumeroEtudiant};
use serde_json::{Value, json};

use super::dossier::{Dossier, place_de};
use super::inscrire_fault::InscrireFault;
use crate::Iexam;
use crate::domain::cadre::{Cadre, Fenetre, Refus};
use crate::domain::demande::Voulu;
use crate::domain::dossier::{Sujet, completer};
use crate::domain::inscription::{Decision, EtatInscription};
use crate::domain::sceau::Geste;
use crate::domain::validation::Obstacle;
use crate::store::brouillon::{Brouillon, brouillon_write, choix_tenus, inscription_prendre};
use crate::store::inscription::Inscription;
use crate::store::periode::periode_read;
use crate::store::place::{Plein, place_prendre, place_rendre};

/// What a page sends.
#[derive(Clone, Debug, Default)]
pub struct Saisie {
    /// The revision that the page shows.
    pub revision: i64,
    /// The name of the page: it may write over what it wrote itself without having read the answer yet.
    pub onglet: String,
    /// What is chosen.
    pub voulu: Voulu,
}

/// A draft as it now is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enregistre {
    /// Its revision.
    pub revision: i64,
    /// When it was last written.
    pub le: DateTime<Utc>,
}

/// Saves a draft; one that changes nothing writes nothing.
///
/// # Errors
/// [`InscrireFault`]; nothing is then written.
pub async fn enregistrer(
    iexam: &Iexam,
    numero: &NumeroEtudiant,
    (annee, code): (AnneeUniversitaire, &str),
    saisie: &Saisie,
    acteur: &Actor,
) -> Result<Enregistre, InscrireFault> {
    let dossier = Dossier::lire(iexam, annee, code, numero).await?;
    if let Some(muette) = dossier.muette {
        return Err(muette.into());
    }
    if dossier.personne.etudiant.is_none() {
        return Err(InscrireFault::EtudiantInconnu);
    }
    if dossier.sujets.is_empty() {
        return Err(InscrireFault::Obstacles(vec![Obstacle::AucuneEpreuve]));
    }
    let voulu = propre(&dossier.cadre, &dossier.sujets, &saisie.voulu);
    let (dossier, voulu, quand) = (&dossier, &voulu, iexam.clock.now());
    let identite = &dossier.personne.identite();
    iexam
        .db
        .write(|tx| async move {
            let tx = &*tx;
            let cadre = &dossier.cadre;
            let prise = inscription_prendre(tx, cadre.periode.id, numero, Some(quand)).await?;
            let Some((tenue, onglet)) = prise else { return Err(InscrireFault::EtudiantInconnu) };
            // What pages keep in memory may be a moment late: the seal is read in the transaction.
            let present = periode_read(tx, cadre.periode.id).await?;
            present.unwrap_or_else(|| cadre.periode.clone()).permet(Geste::Inscription)?;
            ecrivable(cadre, &tenue, quand)?;
            let decidees = choix_tenus(tx, tenue.id).await?;
            let avant = Voulu {
                modalite: tenue.modalite,
                centre: tenue.centre,
                choix: decidees.iter().map(|c| (c.epreuve, c.decision)).collect(),
            };
            if avant == *voulu && tenue.etat.modifiable() {
                return Ok(Enregistre { revision: tenue.revision, le: tenue.modifiee_le });
            }
            if tenue.revision != saisie.revision && onglet != saisie.onglet {
                return Err(InscrireFault::Conflit { le: tenue.modifiee_le, revision: tenue.revision });
            }
            deplacer(tx, cadre, &tenue, voulu, quand).await?;
            let etat =
                if tenue.etat == EtatInscription::Annulee { EtatInscription::Brouillon } else { tenue.etat };
            let brouillon = Brouillon { id: tenue.id, etat, identite, voulu, onglet: &saisie.onglet, quand };
            brouillon_write(tx, numero, &brouillon).await?;
            let entree = journal::Entry {
                quand,
                acteur,
                action: "inscription_examen.enregistrer",
                objet: "inscription_examen",
                cle: &tenue.id.to_string(),
                avant: Some(dit(cadre, &dossier.sujets, &avant)),
                apres: Some(dit(cadre, &dossier.sujets, voulu)),
            };
            journal::write(tx, entree).await?;
            Ok(Enregistre { revision: tenue.revision + 1, le: quand })
        })
        .await
}

/// Whether the student may write in it now.
pub(super) fn ecrivable(
    cadre: &Cadre,
    tenue: &Inscription,
    quand: DateTime<Utc>,
) -> Result<(), InscrireFault> {
    cadre.periode.permet(Geste::Inscription)?;
    if tenue.etat.engagee() {
        let recu = tenue.recu.clone().unwrap_or_default();
        return Err(InscrireFault::DejaValidee { recu, le: tenue.validee_le });
    }
    match cadre.fenetre(tenue.etat, quand) {
        Fenetre::Ouverte => Ok(()),
        fermee => Err(InscrireFault::Fermee(cadre.periode.nom(), fermee)),
    }
}

/// What is sent, kept to what exists: épreuves that concern the student, a modality of the period, a centre of that modality. The only
/// centre of a modality chooses itself.
#[must_use]
pub fn propre(cadre: &Cadre, sujets: &[Sujet], envoye: &Voulu) -> Voulu {
    let mut voulu = completer(cadre, sujets, envoye);
    if !cadre.peut_reporter() {
        // In the resits one sits or does not: there is nothing to leave undecided.
        for decision in voulu.choix.values_mut() {
            if *decision == Decision::Indecis {
                *decision = Decision::Report;
            }
        }
    }
    let modalite = voulu.modalite.and_then(|id| cadre.modalite(id));
    voulu.modalite = modalite.map(|m| m.modalite.id);
    voulu.centre = match modalite.filter(|m| m.a_centre()) {
        None => None,
        Some(m) => match (voulu.centre.filter(|id| m.centre(*id).is_some()), m.centres.as_slice()) {
            (Some(choisi), _) => Some(choisi),
            (None, [seul]) => Some(seul.id),
            (None, _) => None,
        },
    };
    voulu
}

/// What was sent back keeps its place: changing modality or centre there moves the place at once.
async fn deplacer(
    tx: &db::sea_orm::DatabaseTransaction,
    cadre: &Cadre,
    tenue: &Inscription,
    voulu: &Voulu,
    quand: DateTime<Utc>,
) -> Result<(), InscrireFault> {
    let place = place_de(tenue);
    if !tenue.tient_place || (place.modalite, place.centre) == (voulu.modalite, voulu.centre) {
        return Ok(());
    }
    if let Some(modalite) = voulu.modalite.and_then(|id| cadre.modalite(id)) {
        let nom = modalite.modalite.libelle.clone();
        match modalite.refus(quand, place.modalite == Some(modalite.modalite.id)) {
            Some(Refus::Complet) => return Err(InscrireFault::Complet(nom)),
            Some(refus) => return Err(InscrireFault::Obstacles(vec![Obstacle::Modalite(nom, refus)])),
            None => {}
        }
    }
    let periode = tenue.periode;
    place_rendre(tx, periode, place.modalite, place.centre).await?;
    place_prendre(tx, periode, voulu.modalite, voulu.centre)
        .await?
        .map_err(|plein| InscrireFault::Complet(nom_plein(cadre, voulu, plein)))
}

/// The name of what was full.
pub(super) fn nom_plein(cadre: &Cadre, voulu: &Voulu, plein: Plein) -> String {
    let modalite = voulu.modalite.and_then(|id| cadre.modalite(id));
    let centre = modalite.zip(voulu.centre).and_then(|(m, id)| m.centre(id)).map(|c| c.nom.clone());
    match plein {
        Plein::Centre => centre.unwrap_or_default(),
        Plein::Modalite => modalite.map(|m| m.modalite.libelle.clone()).unwrap_or_default(),
    }
}

/// A choice as the journal and the histories say it: labels, not numbers of rows.
#[must_use]
pub fn dit(cadre: &Cadre, sujets: &[Sujet], voulu: &Voulu) -> Value {
    let modalite = voulu.modalite.and_then(|id| cadre.modalite(id));
    let centre = modalite.zip(voulu.centre).and_then(|(m, id)| m.centre(id));
    let libelles = |d: Decision| {
        let retenus = sujets.iter().filter(|s| voulu.choix.get(&s.epreuve.id) == Some(&d));
        let libelles: Vec<_> = retenus.map(|s| s.epreuve.libelle.as_str()).collect();
        (!libelles.is_empty()).then(|| libelles.join(", "))
    };
    json!({
        "modalite": modalite.map(|m| m.modalite.libelle.as_str()),
        "centre": centre.map(|c| c.nom.as_str()),
        "passees": libelles(Decision::Passe),
        "reportees": libelles(Decision::Report),
    })
}
