//! What one transaction does with confirmations: each is judged on what is true inside it, and those that nothing prevents are written.
//!
//! Reads and writes that can be made for all at once are: a confirmation alone costs some twenty statements, and sixteen together some
//! six each.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use db::journal;
use db::sea_orm::DatabaseTransaction;
use kernel::{Cents, heure_de_besancon};
use mail::Message;
use serde_json::json;

use super::dossier::{place_de, relu};
use super::enregistrer::{ecrivable, nom_plein};
use super::ensemble::Demande;
use super::inscrire::{Validee, lettre};
use super::inscrire_fault::InscrireFault;
use super::joindre::joindre_recu;
use super::recompter::recompter;
use crate::domain::cadre::Cadre;
use crate::domain::decompte::Decompte;
use crate::domain::demande::Voulu;
use crate::domain::dossier::{Sujet, completer, decompte, passees, sujets};
use crate::domain::inscription::Decision;
use crate::domain::periode::EtatPeriode;
use crate::domain::recu::{Confirmation, Recu};
use crate::domain::validation::{Obstacle, obstacles};
use crate::store::brouillon::{
    Confirmee, Identite, choix_de, choix_write, confirmee_write, inscriptions_prendre, reportes_de,
};
use crate::store::cadre::cadre_de_validation;
use crate::store::ecriture::dus_add;
use crate::store::etat::sans_salle_recompute;
use crate::store::inscription::Inscription;
use crate::store::periode::periodes_de_l_annee;
use crate::store::place::{place_prendre, place_rendre};
use crate::store::recu::{recu_count, recus_add};

/// What became of a confirmation, and of those asked with it, in their order.
pub(super) type Issue = Result<Validee, InscrireFault>;

/// Confirms together: students of one period, each once.
///
/// # Errors
/// The database's: nothing is then written, for anybody.
pub(super) async fn confirmer(
    tx: &DatabaseTransaction,
    demandes: &[Demande],
    publique: &str,
) -> Result<Vec<Issue>, InscrireFault> {
    let Some(premiere) = demandes.first() else { return Ok(Vec::new()) };
    let (annee, code) = (premiere.annee, premiere.code.as_str());
    let mut periodes = periodes_de_l_annee(tx, annee).await?;
    periodes.retain(|p| p.etat != EtatPeriode::Preparation);
    let rattrapages = periodes.iter().find(|p| p.session >= 2).cloned();
    let Some(periode) = periodes.into_iter().find(|p| p.code == code) else {
        let nom = format!("{code} {}", annee.libelle());
        return Ok(demandes.iter().map(|_| Err(InscrireFault::PeriodeInconnue(nom.clone()))).collect());
    };
    let numeros: Vec<_> = demandes.iter().map(|d| d.numero.clone()).collect();
    let tenues = inscriptions_prendre(tx, periode.id, &numeros).await?;
    let mut codes: Vec<_> = demandes.iter().flat_map(|d| d.personne.codes()).collect();
    codes.sort();
    codes.dedup();
    let mut cadre = cadre_de_validation(tx, periode, &numeros, &codes).await?;
    if cadre.peut_reporter() {
        cadre.rattrapages = rattrapages;
    }
    let decidees = choix_de(tx, &tenues.values().map(|i| i.id).collect::<Vec<_>>()).await?;
    let mut issues = Vec::with_capacity(demandes.len());
    let mut retenues = Vec::new();
    for (rang, demande) in demandes.iter().enumerate() {
        let tenue = tenues.get(&demande.numero);
        match juger(tx, &cadre, demande, tenue, &decidees).await {
            Ok(Jugee::Deja(validee)) => issues.push(Some(Ok(validee))),
            Ok(Jugee::Retenue(confirme)) => {
                retenues.push((rang, confirme));
                issues.push(None);
            }
            // What the database refuses is everybody's; what the rules refuse is one student's.
            Err(fault @ InscrireFault::Base(_)) => return Err(fault),
            Err(fault) => issues.push(Some(Err(fault))),
        }
    }
    let pleines = placer(tx, &retenues).await?;
    retenues.retain(|(rang, _)| !pleines.contains_key(rang));
    let mut faites = ecrire(tx, &retenues, publique).await?;
    for (rang, fault) in pleines {
        faites.insert(rang, Err(fault));
    }
    let issue = |(rang, issue): (usize, Option<Issue>)| {
        issue.or_else(|| faites.remove(&rang)).unwrap_or(Err(InscrireFault::Change))
    };
    Ok(issues.into_iter().enumerate().map(issue).collect())
}

/// A confirmation that nothing prevents, about to be written.
struct Confirme<'a> {
    cadre: &'a Cadre,
    demande: &'a Demande,
    tenue: &'a Inscription,
    sujets: Vec<Sujet>,
    stocke: Voulu,
    voulu: Voulu,
    identite: Identite,
}

enum Jugee<'a> {
    /// The second of two clicks finds what the first did.
    Deja(Validee),
    Retenue(Confirme<'a>),
}

async fn juger<'a>(
    tx: &DatabaseTransaction,
    cadre: &'a Cadre,
    demande: &'a Demande,
    tenue: Option<&'a Inscription>,
    decidees: &BTreeMap<i64, BTreeMap<i64, Decision>>,
) -> Result<Jugee<'a>, InscrireFault> {
    let Some(tenue) = tenue else { return Err(InscrireFault::Obstacles(vec![Obstacle::RienCoche])) };
    let (relecture, quand) = (&demande.relecture, demande.quand);
    if tenue.etat.engagee() {
        return deja(tenue, relecture.revision).map(Jugee::Deja);
    }
    ecrivable(cadre, tenue, quand)?;
    if tenue.revision != relecture.revision {
        return Err(InscrireFault::Conflit { le: tenue.modifiee_le, revision: tenue.revision });
    }
    let reportes = match cadre.peut_reporter() {
        true => Default::default(),
        false => reportes_de(tx, cadre.periode.annee, &tenue.etudiant).await?,
    };
    let arranges = cadre.amenagements.get(&tenue.etudiant).map(Vec::as_slice).unwrap_or_default();
    let sujets = sujets(cadre, &demande.personne.elements, arranges, &reportes);
    let stocke = Voulu {
        modalite: tenue.modalite,
        centre: tenue.centre,
        choix: decidees.get(&tenue.id).cloned().unwrap_or_default(),
    };
    let mut voulu = completer(cadre, &sujets, &stocke);
    let manques = obstacles(cadre, &sujets, &voulu, place_de(tenue), relecture.tout_reporter, quand);
    if !manques.is_empty() {
        return Err(InscrireFault::Obstacles(manques));
    }
    if !relu(cadre, &sujets, &voulu).is(&relecture.vu) {
        return Err(InscrireFault::Change);
    }
    if passees(&sujets, &voulu).is_empty() {
        // Nothing is sat: no place is needed.
        (voulu.modalite, voulu.centre) = (None, None);
    }
    let identite = demande.personne.identite();
    Ok(Jugee::Retenue(Confirme { cadre, demande, tenue, sujets, stocke, voulu, identite }))
}

/// The second of two clicks finds what the first did; another page is told that it comes too late.
fn deja(tenue: &Inscription, relue: i64) -> Issue {
    let recu = tenue.recu.clone().unwrap_or_default();
    match tenue.revision == relue + 1 {
        true => Ok(Validee { recu, deja: true }),
        false => Err(InscrireFault::DejaValidee { recu, le: tenue.validee_le }),
    }
}

/// What a registration has still to take: the modality and the centre that it does not hold already.
fn a_prendre(tenue: &Inscription, voulu: &Voulu) -> (Option<i64>, Option<i64>) {
    let sauf = |voulu: Option<i64>, tenu| voulu.filter(|_| !tenue.tient_place || voulu != tenu);
    (sauf(voulu.modalite, tenue.modalite), sauf(voulu.centre, tenue.centre))
}

/// Takes a place for each, first come first served; who finds none is told which is full. A place that was held is given back only once the
/// other is had: who is refused keeps theirs, whoever confirms beside. Rows are taken modalities first and in the order of their numbers, so
/// that two transactions seldom wait for one another.
async fn placer(
    tx: &DatabaseTransaction,
    retenues: &[(usize, Confirme<'_>)],
) -> Result<BTreeMap<usize, InscrireFault>, InscrireFault> {
    let complet = |c: &Confirme<'_>, quoi| InscrireFault::Complet(nom_plein(c.cadre, &c.voulu, quoi));
    let mut pleines = BTreeMap::new();
    let mut ordre: Vec<_> =
        retenues.iter().map(|(rang, c)| (*rang, c, a_prendre(c.tenue, &c.voulu))).collect();
    ordre.sort_by_key(|(rang, _, (modalite, _))| (*modalite, *rang));
    for (rang, c, (modalite, _)) in &ordre {
        if let Err(quoi) = place_prendre(tx, c.tenue.periode, *modalite, None).await? {
            pleines.insert(*rang, complet(c, quoi));
        }
    }
    ordre.retain(|(rang, ..)| !pleines.contains_key(rang));
    ordre.sort_by_key(|(rang, _, (_, centre))| (*centre, *rang));
    for (rang, c, (modalite, centre)) in ordre {
        let t = c.tenue;
        if let Err(quoi) = place_prendre(tx, t.periode, None, centre).await? {
            pleines.insert(rang, complet(c, quoi));
            place_rendre(tx, t.periode, modalite, None).await?;
        } else if t.tient_place {
            let quitte = |tenu: Option<i64>, voulu| tenu.filter(|_| tenu != voulu);
            let (modalite, centre) = (quitte(t.modalite, c.voulu.modalite), quitte(t.centre, c.voulu.centre));
            place_rendre(tx, t.periode, modalite, centre).await?;
        }
    }
    Ok(pleines)
}

/// What is written of one, once its receipt is drawn up.
struct Etablie<'a, 'c> {
    rang: usize,
    c: &'a Confirme<'c>,
    compte: Decompte,
    recu: Recu,
}

impl Etablie<'_, '_> {
    fn etat_avant(&self) -> serde_json::Value {
        json!({ "etat": self.c.tenue.etat.code(), "recu": self.c.tenue.recu })
    }

    fn etat_apres(&self) -> serde_json::Value {
        let recu = &self.recu;
        json!({
            "etat": "validee", "recu": recu.numero, "modalite": recu.modalite, "centre": recu.centre,
            "passees": recu.passees.len(), "reportees": recu.reportees.len(), "total": recu.total,
        })
    }

    fn du(&self) -> Cents {
        self.compte.total()
    }
}

/// Draws up the receipt of a confirmation, under the next number of its registration.
async fn etablir<'a, 'c>(
    tx: &DatabaseTransaction,
    rang: usize,
    c: &'a Confirme<'c>,
) -> Result<Etablie<'a, 'c>, InscrireFault> {
    let suite = match &c.tenue.recu {
        None => 1,
        Some(_) => recu_count(tx, c.tenue.id).await? + 1,
    };
    let p = &c.cadre.periode;
    let numero = format!("{}-{}-{:06}-{suite}", p.annee, p.code, c.tenue.id);
    let compte = decompte(c.cadre, &c.sujets, &c.voulu);
    let libelles: Vec<_> = c.demande.personne.etapes.iter().map(|e| e.libelle.clone()).collect();
    let confirmation = Confirmation {
        numero: &numero,
        remplace: c.tenue.recu.as_deref(),
        etudiant: c.tenue.etudiant.as_str(),
        nom: &c.identite.nom,
        etapes: &libelles,
        quand: c.demande.quand,
    };
    let recu = Recu::etablir(confirmation, c.cadre, &c.sujets, &c.voulu, &compte);
    Ok(Etablie { rang, c, compte, recu })
}

async fn ecrire(
    tx: &DatabaseTransaction,
    retenues: &[(usize, Confirme<'_>)],
    publique: &str,
) -> Result<BTreeMap<usize, Issue>, InscrireFault> {
    let mut etablies = Vec::with_capacity(retenues.len());
    for (rang, c) in retenues {
        let etablie = etablir(tx, *rang, c).await?;
        inscrire(tx, &etablie).await?;
        etablies.push(etablie);
    }
    let Some(periode) = etablies.first().map(|e| e.c.tenue.periode) else { return Ok(BTreeMap::new()) };
    let ailleurs = |e: &&Etablie<'_, '_>| e.c.voulu.centre.is_some() || e.c.tenue.sans_salle;
    let ailleurs: Vec<i64> = etablies.iter().filter(ailleurs).map(|e| e.c.tenue.id).collect();
    if !ailleurs.is_empty() {
        sans_salle_recompute(tx, periode, Some(&ailleurs)).await?;
    }
    let recus = etablies.iter().map(|e| (e.c.tenue.id, e.c.tenue.revision + 1, e.c.demande.quand, &e.recu));
    recus_add(tx, recus).await?;
    for e in &etablies {
        prevenir(tx, e, publique).await?;
    }
    let cles: Vec<String> = etablies.iter().map(|e| e.c.tenue.id.to_string()).collect();
    let entrees = etablies.iter().zip(&cles).map(|(e, cle)| journal::Entry {
        quand: e.c.demande.quand,
        acteur: &e.c.demande.acteur,
        action: "inscription_examen.valider",
        objet: "inscription_examen",
        cle,
        avant: Some(e.etat_avant()),
        apres: Some(e.etat_apres()),
    });
    journal::write_all(tx, entrees).await?;
    Ok(etablies.into_iter().map(|e| (e.rang, Ok(Validee { recu: e.recu.numero, deja: false }))).collect())
}

/// Writes the registration and what it owes.
async fn inscrire(tx: &DatabaseTransaction, e: &Etablie<'_, '_>) -> Result<(), InscrireFault> {
    let (c, tenue) = (e.c, e.c.tenue);
    let (quand, acteur): (DateTime<Utc>, _) = (c.demande.quand, &c.demande.acteur);
    if c.voulu.choix != c.stocke.choix {
        choix_write(tx, tenue.id, &c.voulu.choix).await?;
    }
    let confirmee = Confirmee {
        id: tenue.id,
        identite: &c.identite,
        voulu: &c.voulu,
        recu: &e.recu.numero,
        du: e.du(),
        majoration: passees(&c.sujets, &c.voulu).iter().map(|e| e.majoration).max().unwrap_or(0),
        quand,
    };
    confirmee_write(tx, &tenue.etudiant, &confirmee).await?;
    if tenue.validee_le.is_some() {
        recompter(tx, &[tenue.id], quand, acteur).await?;
        return Ok(());
    }
    // Never confirmed: the ledger is empty, and the account is the whole of what is written in it.
    let lignes: Vec<_> = e.compte.lignes.iter().map(|l| (tenue.id, l.clone())).collect();
    if !lignes.is_empty() {
        dus_add(tx, &lignes, heure_de_besancon(quand).date(), quand, acteur).await?;
    }
    Ok(())
}

/// The message that carries the receipt. A student without an address is told on the page; nothing is refused for that.
async fn prevenir(
    tx: &DatabaseTransaction,
    e: &Etablie<'_, '_>,
    publique: &str,
) -> Result<(), InscrireFault> {
    let (recu, identite) = (&e.recu, &e.c.identite);
    let sujet = format!("Votre inscription aux examens {} est validée", recu.periode);
    let Ok(message) = Message::new(&identite.courriel, &sujet, lettre(recu, publique)) else {
        return Ok(());
    };
    let message = message.nomme(&identite.nom).objet("iexam.inscription", e.c.tenue.id);
    mail::enqueue(tx, &joindre_recu(message, &recu.numero), e.c.demande.quand).await?;
    Ok(())
}
