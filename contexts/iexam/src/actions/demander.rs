//! A student asks for a change of what is confirmed: the registry decides. Until then nothing moves, and the request can be taken back.

use db::journal;
use kernel::{Actor, AnneeUniversitaire, NumeroEtudiant};
use serde_json::json;

use super::dossier::{Dossier, place_de};
use super::enregistrer::{dit, propre};
use super::inscrire_fault::InscrireFault;
use crate::Iexam;
use crate::domain::demande::{EtatDemande, Voulu};
use crate::domain::dossier::passees;
use crate::domain::periode::EtatPeriode;
use crate::domain::sceau::Geste;
use crate::domain::validation::{Obstacle, obstacles};
use crate::store::brouillon::inscription_prendre;
use crate::store::demande::{demande_repondre, demandes_de};
use crate::store::demande_faite::demande_add;
use crate::store::periode::periode_read;

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct Demandee {
    /// The revision of the registration that the page shows.
    pub revision: i64,
    /// What is wanted.
    pub voulu: Voulu,
    /// Why.
    pub motif: String,
    /// That nothing is sat now, and that this is meant.
    pub tout_reporter: bool,
}

/// Longest reason kept, in characters.
pub const MOTIF_MAX: usize = 1000;

/// Whether changes may still be asked for in a period.
#[must_use]
pub fn demandable(etat: EtatPeriode) -> bool {
    matches!(etat, EtatPeriode::Inscriptions | EtatPeriode::Verification | EtatPeriode::Convocations)
}

/// Refuses in a period that takes nothing from students any more, as it is now and not as pages remember it.
async fn scelle(tx: &db::sea_orm::DatabaseTransaction, periode: i64) -> Result<(), InscrireFault> {
    match periode_read(tx, periode).await? {
        Some(periode) => Ok(periode.permet(Geste::Inscription)?),
        None => Ok(()),
    }
}

/// Asks for a change.
///
/// # Errors
/// [`InscrireFault`]; nothing is then written.
pub async fn demander(
    iexam: &Iexam,
    numero: &NumeroEtudiant,
    (annee, code): (AnneeUniversitaire, &str),
    demandee: &Demandee,
    acteur: &Actor,
) -> Result<i64, InscrireFault> {
    let dossier = Dossier::lire(iexam, annee, code, numero).await?;
    if let Some(muette) = dossier.muette {
        return Err(muette.into());
    }
    let motif: String = demandee.motif.trim().chars().take(MOTIF_MAX).collect();
    if motif.is_empty() {
        return Err(InscrireFault::SansMotif);
    }
    let mut voulu = propre(&dossier.cadre, &dossier.sujets, &demandee.voulu);
    if passees(&dossier.sujets, &voulu).is_empty() {
        (voulu.modalite, voulu.centre) = (None, None);
    }
    let (dossier, voulu, motif, quand) = (&dossier, &voulu, &motif, iexam.clock.now());
    iexam
        .db
        .write(|tx| async move {
            let tx = &*tx;
            let cadre = &dossier.cadre;
            let prise = inscription_prendre(tx, cadre.periode.id, numero, None).await?;
            let Some((tenue, _)) = prise else {
                return Err(InscrireFault::Obstacles(vec![Obstacle::RienCoche]));
            };
            scelle(tx, cadre.periode.id).await?;
            if !tenue.etat.engagee() || !demandable(cadre.periode.etat) {
                return Err(InscrireFault::Etat(tenue.etat));
            }
            if tenue.demande_en_attente {
                return Err(InscrireFault::DemandeEnAttente);
            }
            if tenue.revision != demandee.revision {
                return Err(InscrireFault::Conflit { le: tenue.modifiee_le, revision: tenue.revision });
            }
            let place = place_de(&tenue);
            let manques = obstacles(cadre, &dossier.sujets, voulu, place, demandee.tout_reporter, quand);
            if !manques.is_empty() {
                return Err(InscrireFault::Obstacles(manques));
            }
            let tenu = dossier.tenu();
            if tenu == *voulu {
                return Err(InscrireFault::DemandeVide);
            }
            let id = demande_add(tx, tenue.id, voulu, motif, quand).await?;
            let mut apres = dit(cadre, &dossier.sujets, voulu);
            if let Some(champs) = apres.as_object_mut() {
                champs.insert("motif".to_owned(), json!(motif));
            }
            let entree = journal::Entry {
                quand,
                acteur,
                action: "inscription_examen.demander",
                objet: "inscription_examen",
                cle: &tenue.id.to_string(),
                avant: Some(dit(cadre, &dossier.sujets, &tenu)),
                apres: Some(apres),
            };
            journal::write(tx, entree).await?;
            Ok(id)
        })
        .await
}

/// Takes back a request that waits.
///
/// # Errors
/// [`InscrireFault::SansDemande`] when none waits.
pub async fn retirer(
    iexam: &Iexam,
    numero: &NumeroEtudiant,
    (annee, code): (AnneeUniversitaire, &str),
    acteur: &Actor,
) -> Result<(), InscrireFault> {
    let dossier = Dossier::lire(iexam, annee, code, numero).await?;
    let (periode, quand) = (dossier.cadre.periode.id, iexam.clock.now());
    iexam
        .db
        .write(|tx| async move {
            let tx = &*tx;
            let prise = inscription_prendre(tx, periode, numero, None).await?;
            let Some((tenue, _)) = prise else { return Err(InscrireFault::SansDemande) };
            scelle(tx, periode).await?;
            let attend =
                demandes_de(tx, tenue.id).await?.into_iter().find(|d| d.etat == EtatDemande::EnAttente);
            let Some(demande) = attend else { return Err(InscrireFault::SansDemande) };
            demande_repondre(tx, &demande, EtatDemande::Retiree, "", quand, acteur).await?;
            let entree = journal::Entry {
                quand,
                acteur,
                action: "inscription_examen.retirer_demande",
                objet: "inscription_examen",
                cle: &tenue.id.to_string(),
                avant: Some(json!({ "demande": demande.id, "etat_demande": "en_attente" })),
                apres: Some(json!({ "demande": demande.id, "etat_demande": "retiree" })),
            };
            Ok(journal::write(tx, entree).await?)
        })
        .await
}
