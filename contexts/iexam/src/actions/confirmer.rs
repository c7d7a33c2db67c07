//! What one transaction does with confirmations: each is judged on what is true inside it, and those that nothing prevents are written.
//!
//! Reads and writes are made for all at once: sixteen confirmations together cost hardly more statements than one alone, some twenty.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use db::journal;
use db::sea_orm::DatabaseTransaction;
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
    Confirmee, Identite, choix_de, choix_write, confirmees_write, inscriptions_prendre, reportes_de,
};
use crate::store::cadre::cadre_de_validation;
use crate::store::ecriture::{NouveauDu, dus_add};
use crate::store::etat::sans_salle_recompute;
use crate::store::inscription::Inscription;
use crate::store::periode::periodes_de_l_annee;
use crate::store::place::{Objet, Plein, place_rendre, places_prendre};
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
                retenues.push((rang, *confirme));
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

impl Confirme<'_> {
    fn complet(&self, quoi: Plein) -> InscrireFault {
        InscrireFault::Complet(nom_plein(self.cadre, &self.voulu, quoi))
    }

    /// What is already confirmed is confirmed again: the ledger then moves by the differences.
    fn de_nouveau(&self) -> bool {
        self.tenue.validee_le.is_some()
    }
}

enum Jugee<'a> {
    /// The second of two clicks finds what the first did.
    Deja(Validee),
    Retenue(Box<Confirme<'a>>),
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
    let confirme = Confirme { cadre, demande, tenue, sujets, stocke, voulu, identite };
    Ok(Jugee::Retenue(Box::new(confirme)))
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
    let mut pleines = BTreeMap::new();
    let Some(periode) = retenues.first().map(|(_, c)| c.tenue.periode) else { return Ok(pleines) };
    let (mut modalites, mut centres) = (BTreeMap::<_, Vec<_>>::new(), BTreeMap::<_, Vec<_>>::new());
    for (rang, c) in retenues {
        if let Some(modalite) = a_prendre(c.tenue, &c.voulu).0 {
            modalites.entry(modalite).or_default().push((*rang, c));
        }
    }
    for (modalite, ceux) in modalites {
        let servis = places_prendre(tx, periode, Objet::Modalite(modalite), ceux.len()).await?;
        pleines.extend(ceux.into_iter().skip(servis).map(|(rang, c)| (rang, c.complet(Plein::Modalite))));
    }
    for (rang, c) in retenues.iter().filter(|(rang, _)| !pleines.contains_key(rang)) {
        if let Some(centre) = a_prendre(c.tenue, &c.voulu).1 {
            centres.entry(centre).or_default().push((*rang, c));
        }
    }
    for (centre, ceux) in centres {
        let servis = places_prendre(tx, periode, Objet::Centre(centre), ceux.len()).await?;
        for (rang, c) in ceux.into_iter().skip(servis) {
            pleines.insert(rang, c.complet(Plein::Centre));
            place_rendre(tx, periode, a_prendre(c.tenue, &c.voulu).0, None).await?;
        }
    }
    for (_, c) in retenues.iter().filter(|(rang, c)| c.tenue.tient_place && !pleines.contains_key(rang)) {
        let quitte = |tenu: Option<i64>, voulu| tenu.filter(|_| tenu != voulu);
        let (tenue, voulu) = (c.tenue, &c.voulu);
        let centre = quitte(tenue.centre, voulu.centre);
        place_rendre(tx, periode, quitte(tenue.modalite, voulu.modalite), centre).await?;
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

    fn dus(&self) -> impl Iterator<Item = NouveauDu<'_>> {
        let (inscription, demande) = (self.c.tenue.id, self.c.demande);
        let (quand, acteur) = (demande.quand, &demande.acteur);
        self.compte.lignes.iter().map(move |ligne| NouveauDu { inscription, ligne, quand, acteur })
    }

    fn confirmee(&self) -> Confirmee<'_> {
        let c = self.c;
        Confirmee {
            id: c.tenue.id,
            etudiant: &c.tenue.etudiant,
            identite: &c.identite,
            voulu: &c.voulu,
            recu: &self.recu.numero,
            du: self.compte.total(),
            majoration: passees(&c.sujets, &c.voulu).iter().map(|e| e.majoration).max().unwrap_or(0),
            quand: c.demande.quand,
        }
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
        etablies.push(etablir(tx, *rang, c).await?);
    }
    let Some(periode) = etablies.first().map(|e| e.c.tenue.periode) else { return Ok(BTreeMap::new()) };
    inscrire(tx, &etablies).await?;
    let ailleurs = |e: &&Etablie<'_, '_>| e.c.voulu.centre.is_some() || e.c.tenue.sans_salle;
    let ailleurs: Vec<i64> = etablies.iter().filter(ailleurs).map(|e| e.c.tenue.id).collect();
    if !ailleurs.is_empty() {
        sans_salle_recompute(tx, periode, Some(&ailleurs)).await?;
    }
    let recus = etablies.iter().map(|e| (e.c.tenue.id, e.c.tenue.revision + 1, e.c.demande.quand, &e.recu));
    recus_add(tx, recus).await?;
    let lettres: Vec<_> = etablies.iter().filter_map(|e| accuser(e, publique)).collect();
    mail::enqueue_all(tx, &lettres).await?;
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

/// Writes registrations and what they owe.
async fn inscrire(tx: &DatabaseTransaction, etablies: &[Etablie<'_, '_>]) -> Result<(), InscrireFault> {
    for Etablie { c, .. } in etablies {
        if c.voulu.choix != c.stocke.choix {
            choix_write(tx, c.tenue.id, &c.voulu.choix).await?;
        }
    }
    let confirmees: Vec<_> = etablies.iter().map(Etablie::confirmee).collect();
    confirmees_write(tx, &confirmees).await?;
    // Never confirmed: the ledger is empty, and the account is the whole of what is written in it.
    let premieres = etablies.iter().filter(|e| !e.c.de_nouveau());
    let dus: Vec<_> = premieres.flat_map(Etablie::dus).collect();
    dus_add(tx, &dus).await?;
    for e in etablies.iter().filter(|e| e.c.de_nouveau()) {
        recompter(tx, &[e.c.tenue.id], e.c.demande.quand, &e.c.demande.acteur).await?;
    }
    Ok(())
}

/// The message that carries the receipt. A student without an address is told on the page; nothing is refused for that.
fn accuser(e: &Etablie<'_, '_>, publique: &str) -> Option<(Message, DateTime<Utc>)> {
    let (recu, identite) = (&e.recu, &e.c.identite);
    let sujet = format!("Votre inscription aux examens {} est validée", recu.periode);
    let message = Message::new(&identite.courriel, &sujet, lettre(recu, publique)).ok()?;
    let message = message.nomme(&identite.nom).objet("iexam.inscription", e.c.tenue.id);
    Some((joindre_recu(message, &recu.numero), e.c.demande.quand))
}
