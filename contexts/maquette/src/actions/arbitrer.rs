//! Deciding of anomalies: assigning, setting aside, settling. Each decision is a line of the journal of each anomaly.

use ::web::Vu;
use chrono::NaiveDate;
use db::{Tx, journal};
use futures::future::BoxFuture;
use kernel::Actor;
use serde_json::json;

use super::Outils;
use super::arbitrer_fault::ArbitrageFault;
use super::corriger::{Pose, aujourd_hui, lever_sur, poser_sur};
use crate::domain::arbitrage::{Cible, Decision, EtatArbitrage, cible};
use crate::domain::correction::{self, MOTIF_MAX, champ_corrigeable};
use crate::domain::valeur::Valeur;
use crate::store::anomalie::{AnomalieVue, anomalie_lot, anomalie_read};
use crate::store::arbitrage::{Arbitrage, arbitrage_write};
use crate::store::correction::objet_par_cle;
use crate::store::correction_lue::correction_rivale;

/// Most anomalies decided of at once.
pub const LOT_MAX: u64 = 10_000;

/// Gives anomalies to somebody; an empty login gives them back to all. Returns how many.
///
/// # Errors
/// [`ArbitrageFault`]; nothing is then written.
pub async fn attribuer(
    outils: &Outils,
    ids: &[i64],
    login: &str,
    acteur: &Actor,
) -> Result<usize, ArbitrageFault> {
    let etat = if login.is_empty() { EtatArbitrage::ATraiter } else { EtatArbitrage::Attribuee };
    let decide = Arbitrage { etat: Some(etat), attribuee_a: Some(login), ..Arbitrage::default() };
    let decide = &decide;
    outils
        .db
        .write(|tx| async move {
            let lot = lot(outils, &tx, ids, None).await?;
            decider(outils, &tx, &lot, decide, acteur, "anomalie.attribuer").await?;
            Ok(lot.len())
        })
        .await
}

/// Sets anomalies aside until a day, which is the last one. Returns how many.
///
/// # Errors
/// [`ArbitrageFault`]; nothing is then written.
pub async fn ignorer(
    outils: &Outils,
    ids: &[i64],
    jusqu_au: NaiveDate,
    motif: &str,
    vu: Option<&str>,
    acteur: &Actor,
) -> Result<usize, ArbitrageFault> {
    let jour = aujourd_hui(outils);
    if jusqu_au < jour || jusqu_au > jour + chrono::Duration::days(3 * 366) {
        return Err(ArbitrageFault::Jour(jusqu_au));
    }
    let motif = correction::motif(motif)?;
    let decide = Arbitrage {
        etat: Some(EtatArbitrage::Ignoree),
        motif: Some(&motif),
        jusqu_au: Some(jusqu_au),
        ..Arbitrage::default()
    };
    let decide = &decide;
    outils
        .db
        .write(|tx| async move {
            let lot = lot(outils, &tx, ids, vu).await?;
            decider(outils, &tx, &lot, decide, acteur, "anomalie.ignorer").await?;
            Ok(lot.len())
        })
        .await
}

/// Puts an anomaly back to be treated: what was decided of it is forgotten, and stays in its history. A correction stays as it is.
///
/// # Errors
/// [`ArbitrageFault`]; nothing is then written.
pub async fn rouvrir(
    outils: &Outils,
    id: i64,
    vu: Option<&str>,
    acteur: &Actor,
) -> Result<(), ArbitrageFault> {
    outils
        .db
        .write(|tx| async move {
            let lot = lot(outils, &tx, &[id], vu).await?;
            let tenue = lot.iter().any(|a| a.attribuee_a().is_some());
            let etat = if tenue { EtatArbitrage::Attribuee } else { EtatArbitrage::ATraiter };
            let decide = Arbitrage { etat: Some(etat), ..Arbitrage::default() };
            decider(outils, &tx, &lot, &decide, acteur, "anomalie.rouvrir").await
        })
        .await
}

/// How an anomaly is to be settled.
#[derive(Clone, Debug)]
pub struct Reglement {
    /// Which way.
    pub decision: Decision,
    /// The local value as typed.
    pub valeur: String,
    /// Why.
    pub motif: String,
    /// Last day of the correction, when one is needed.
    pub fin: Option<NaiveDate>,
    /// Whether who decides may set corrections.
    pub corriger: bool,
}

/// What settling one way would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effet {
    /// Which way.
    pub decision: Decision,
    /// The value that would be shown, when one decides of a value.
    pub valeur: Option<Valeur>,
    /// That value in words.
    pub dite: String,
    /// Whether a correction is needed: the value shown is another one.
    pub corrige: bool,
}

/// What settling an anomaly each way would do, before anything is done. `presente` is what is shown today.
#[derive(Clone, Debug)]
pub struct Choix {
    /// The field.
    pub cible: Cible,
    /// Name of the field.
    pub colonne: &'static crate::domain::genre::Colonne,
    /// What is shown today.
    pub presente: Valeur,
    /// Each source.
    pub effets: Vec<Effet>,
    /// The correction that the field is under: deciding otherwise ends it.
    pub correction: Option<i64>,
}

/// What a value would settle of that anomaly, if a value settles it and its row is there.
///
/// # Errors
/// Those of the database.
pub async fn choix<C: db::sea_orm::ConnectionTrait>(
    conn: &C,
    a: &AnomalieVue,
) -> Result<Option<Choix>, db::DbError> {
    let regle = crate::domain::anomalie::Regle::of_code(&a.regle);
    let Some(cible) = regle.and_then(|r| cible(r, &a.cle, &a.champ)) else { return Ok(None) };
    let lignes = objet_par_cle(conn, cible.genre, Some(a.annee), &cible.cle).await?;
    let Some(ligne) = lignes.into_iter().find(|l| !l.fermee) else { return Ok(None) };
    let Ok((place, colonne)) = champ_corrigeable(cible.genre, cible.champ) else { return Ok(None) };
    let champ = |nom: &str| {
        let place = cible.genre.champs().iter().position(|c| c.nom == nom);
        place.and_then(|p| ligne.champs.get(p)).cloned().unwrap_or(Valeur::Absent)
    };
    let presente = ligne.champs.get(place).cloned().unwrap_or(Valeur::Absent);
    let (dit_a, dit_b) = match cible.dits {
        Some((a, b)) => (champ(a), champ(b)),
        None => (a.a.1.as_str().into(), a.b.1.as_str().into()),
    };
    let effet = |decision, valeur: Valeur| Effet {
        decision,
        dite: correction::dite(colonne, &valeur),
        corrige: valeur != presente,
        valeur: Some(valeur),
    };
    let effets = vec![effet(Decision::SourceA, dit_a), effet(Decision::SourceB, dit_b)];
    let correction = correction_rivale(conn, Some(a.annee), cible.genre, &cible.cle, cible.champ).await?;
    Ok(Some(Choix { cible, colonne, presente, effets, correction }))
}

/// Settles an anomaly. By a value that is not the one shown, a correction is set in the same transaction, and each knows the other.
/// Returns the number of that correction.
///
/// # Errors
/// [`ArbitrageFault`]; nothing is then written.
pub async fn regler(
    outils: &Outils,
    id: i64,
    r: &Reglement,
    vu: Option<&str>,
    acteur: &Actor,
) -> Result<Option<i64>, ArbitrageFault> {
    let motif = &correction::motif(&r.motif)?;
    let outils = &outils.a_jour().await?;
    outils.db.write(|tx| async move { regler_sur(outils, &tx, id, r, motif, vu, acteur).await }).await
}

/// Boxed: what pages await must be sendable, which the compiler only sees of a future whose lifetime has a name.
fn regler_sur<'t>(
    outils: &'t Outils,
    tx: &'t Tx,
    id: i64,
    r: &'t Reglement,
    motif: &'t str,
    vu: Option<&'t str>,
    acteur: &'t Actor,
) -> BoxFuture<'t, Result<Option<i64>, ArbitrageFault>> {
    Box::pin(async move {
        let ids = [id];
        let lot = lot(outils, tx, &ids, vu).await?;
        let a = lot.first().ok_or(ArbitrageFault::Inconnue(id))?;
        let (correction, dite) = if r.decision == Decision::Normal {
            (None, None)
        } else {
            corriger(outils, tx, a, r, motif, acteur).await?
        };
        let decide = Arbitrage {
            etat: Some(EtatArbitrage::Reglee),
            decision: Some(r.decision),
            motif: Some(motif),
            valeur_locale: dite.as_deref(),
            correction,
            ..Arbitrage::default()
        };
        decider(outils, tx, &lot, &decide, acteur, "anomalie.regler").await?;
        Ok(correction)
    })
}

/// Sets the correction that a value needs, if it needs one.
async fn corriger(
    outils: &Outils,
    tx: &Tx,
    a: &AnomalieVue,
    r: &Reglement,
    motif: &str,
    acteur: &Actor,
) -> Result<(Option<i64>, Option<String>), ArbitrageFault> {
    let choix = choix(&**tx, a).await?.ok_or(ArbitrageFault::SansValeur(a.id))?;
    let valeur = match choix.effets.iter().find(|e| e.decision == r.decision) {
        Some(effet) => effet.valeur.clone().unwrap_or(Valeur::Absent),
        None => correction::saisie(choix.colonne, &r.valeur)?,
    };
    let dite = correction::dite(choix.colonne, &valeur);
    if valeur == choix.presente {
        return Ok((None, Some(dite)));
    }
    if !r.corriger {
        return Err(ArbitrageFault::Interdit);
    }
    let Cible { genre, cle, champ, .. } = choix.cible;
    if let Some(ancienne) = choix.correction {
        let fin = format!("Autre décision sur l’anomalie n° {} : {motif}", a.id);
        let fin: String = fin.chars().take(MOTIF_MAX).collect();
        lever_sur(outils, tx, ancienne, &fin, None, acteur).await?;
        let lignes = objet_par_cle(&**tx, genre, Some(a.annee), &cle).await?;
        let place = champ_corrigeable(genre, champ)?.0;
        if lignes.iter().any(|l| l.champs.get(place) == Some(&valeur)) {
            return Ok((None, Some(dite)));
        }
    }
    let pose = Pose {
        annee: kernel::AnneeUniversitaire::new(a.annee),
        genre,
        cle,
        champ: champ.to_owned(),
        valeur,
        motif: motif.to_owned(),
        fin: r.fin.ok_or(ArbitrageFault::SansFin)?,
    };
    let id = poser_sur(outils, tx, &pose, None, acteur).await?;
    Ok((Some(id), Some(dite)))
}

/// The anomalies, still open; when a form showed one, as it showed it.
async fn lot(
    outils: &Outils,
    tx: &Tx,
    ids: &[i64],
    vu: Option<&str>,
) -> Result<Vec<AnomalieVue>, ArbitrageFault> {
    let jour = aujourd_hui(outils);
    let lot = anomalie_lot(&**tx, ids, jour).await?;
    if let (Some(vu), [une]) = (vu, lot.as_slice())
        && !Vu::of(une.vues()).is(vu)
    {
        return Err(ArbitrageFault::Change(une.id));
    }
    if !lot.is_empty() {
        return Ok(lot);
    }
    let seule = ids.first().copied().filter(|_| ids.len() == 1);
    let Some(id) = seule else { return Err(ArbitrageFault::Vide) };
    let connue = anomalie_read(&**tx, id, jour).await?.is_some();
    Err(if connue { ArbitrageFault::Disparue(id) } else { ArbitrageFault::Inconnue(id) })
}

async fn decider(
    outils: &Outils,
    tx: &Tx,
    lot: &[AnomalieVue],
    decide: &Arbitrage<'_>,
    acteur: &Actor,
    action: &str,
) -> Result<(), ArbitrageFault> {
    let quand = outils.clock.now();
    arbitrage_write(&**tx, lot, decide, acteur, quand).await?;
    let lignes = lot.iter().map(|a| {
        let etat = decide.etat.unwrap_or(EtatArbitrage::ATraiter).code();
        let attribuee_a = decide.attribuee_a.or(a.attribuee_a()).filter(|p| !p.is_empty());
        let avant = json!({
            "etat": a.situation.code(),
            "attribuee_a": a.attribuee_a(),
            "decision": a.arbitrage.as_ref().and_then(|t| t.decision).map(Decision::code),
        });
        let apres = json!({
            "etat": etat,
            "attribuee_a": attribuee_a,
            "decision": decide.decision.map(Decision::code),
            "motif": decide.motif,
            "jusqu_au": decide.jusqu_au,
            "valeur": decide.valeur_locale,
        });
        (a.id.to_string(), avant, apres)
    });
    let lignes: Vec<_> = lignes.collect();
    let entrees = lignes.iter().map(|(cle, avant, apres)| journal::Entry {
        quand,
        acteur,
        action,
        objet: "anomalie",
        cle,
        avant: Some(avant.clone()),
        apres: Some(apres.clone()),
    });
    journal::write_all(&**tx, entrees).await?;
    Ok(())
}
