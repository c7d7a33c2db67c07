//! Some students of a demonstration have registered already, in all the ways there are: the worklists have something in them.

use std::collections::{BTreeMap, BTreeSet};

use iexam::Iexam;
use iexam::actions::amenager::ajouter;
use iexam::actions::dossier::{Dossier, relu};
use iexam::actions::enregistrer::{Saisie, enregistrer};
use iexam::actions::inscrire::{Relecture, valider as confirmer};
use iexam::actions::verifier::verifier;
use iexam::domain::amenagement_regles::Saisie as Amenagement;
use iexam::domain::demande::Voulu;
use iexam::domain::inscription::Decision;
use iexam::domain::periode_dates::Dates;
use iexam::store::epreuve::epreuves_de;
use kernel::{Actor, AnneeUniversitaire, CodeElement, NumeroEtudiant, Role};

use super::ACTEUR;
use crate::Failure;
use crate::accounts::DemoAccount;

/// Students who have registered.
const INSCRITS: usize = 16;

/// Extra time for the student whose file announces it.
pub(super) async fn amenagements(
    iexam: &Iexam,
    dates: &Dates,
    accounts: &[DemoAccount],
) -> Result<(), Failure> {
    let signale = |a: &&DemoAccount| a.sorte.as_deref().is_some_and(|s| s.starts_with("aménagement"));
    for etudiant in accounts.iter().filter(signale).filter_map(|a| a.etudiant.clone()) {
        let saisie = Amenagement {
            etudiant,
            valide_du: dates.enseignement_debut,
            valide_au: dates.fermeture_le + chrono::Duration::days(200),
            majoration: 20,
            salle_a_part: true,
            ordinateur: true,
            secretaire: false,
            autre: String::new(),
            exception: String::new(),
        };
        ajouter(iexam, &saisie, &ACTEUR).await?;
    }
    Ok(())
}

/// Registers students who have no account here; the registry has verified some.
pub(super) async fn valider(
    iexam: &Iexam,
    (periode, annee): (i64, AnneeUniversitaire),
    comptes: &BTreeSet<NumeroEtudiant>,
) -> Result<(), Failure> {
    let tenues = iexam.db.read(|c| async move { epreuves_de(&c, periode).await }).await?;
    let elements: BTreeSet<CodeElement> = tenues.into_iter().map(|e| e.element).collect();
    let elements: Vec<CodeElement> = elements.into_iter().collect();
    let inscrits = iexam.offre.inscrits(annee, &elements).await;
    let inscrits = inscrits.map_err(|err| Failure::new(err.to_string()))?;
    let mut eux: BTreeMap<NumeroEtudiant, usize> = BTreeMap::new();
    for i in inscrits.into_iter().filter(|i| !comptes.contains(&i.etudiant)) {
        *eux.entry(i.etudiant).or_default() += 1;
    }
    let mut verifiees = Vec::new();
    let choisis = eux.into_iter().filter(|(_, n)| (2..=12).contains(n)).take(INSCRITS);
    for (rang, (numero, _)) in choisis.enumerate() {
        let Some(id) = inscrire(iexam, annee, &numero, rang).await? else { continue };
        if rang % 4 == 3 {
            verifiees.push(id);
        }
    }
    verifier(iexam, &verifiees, None, &ACTEUR).await?;
    Ok(())
}

/// One registration: every second modality of those that are open, every third with something deferred. Its row when it is confirmed.
async fn inscrire(
    iexam: &Iexam,
    annee: AnneeUniversitaire,
    numero: &NumeroEtudiant,
    rang: usize,
) -> Result<Option<i64>, Failure> {
    let acteur = Actor::Personne { identifiant: numero.to_string(), role: Role::Etudiant };
    let dossier = Dossier::lire(iexam, annee, "P1", numero).await?;
    let cadre = &dossier.cadre;
    let ouvertes: Vec<_> =
        cadre.modalites.iter().filter(|m| m.offerte && m.refus(iexam.clock.now(), false).is_none()).collect();
    let Some(modalite) = ouvertes.get(rang % ouvertes.len().max(1)) else { return Ok(None) };
    let libre = modalite.centres.iter().filter(|c| c.refus(false).is_none());
    let libres: Vec<i64> = libre.map(|c| c.id).collect();
    let centre = libres.get(rang % libres.len().max(1)).copied();
    let choix = dossier.sujets.iter().enumerate().map(|(i, s)| {
        let reporte = rang % 3 == 2 && i == 0 && dossier.sujets.len() > 1;
        (s.epreuve.id, if reporte { Decision::Report } else { Decision::Passe })
    });
    let voulu = Voulu { modalite: Some(modalite.modalite.id), centre, choix: choix.collect() };
    let saisie = Saisie { revision: 0, onglet: "demonstration".to_owned(), voulu };
    enregistrer(iexam, numero, (annee, "P1"), &saisie, &acteur).await?;
    let dossier = Dossier::lire(iexam, annee, "P1", numero).await?;
    if !dossier.obstacles(&dossier.complet(), false, iexam.clock.now()).is_empty() {
        return Ok(None);
    }
    let Some(inscription) = &dossier.inscription else { return Ok(None) };
    let relecture = Relecture {
        revision: inscription.revision,
        vu: relu(&dossier.cadre, &dossier.sujets, &dossier.complet()).value(),
        tout_reporter: false,
    };
    confirmer(iexam, numero, (annee, "P1"), &relecture, &acteur).await?;
    Ok(Some(inscription.id))
}
