//! Undoing a change set as one object: asking for it, doing it in one transaction. What it would do is in `annuler_constat`.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Instant;

use ::jobs::{JobId, NewJob, Progress, Queue};
use db::journal;
use kernel::Actor;

use super::Outils;
pub use super::annuler_constat::{Constat, constater};
use super::annuler_constat::{constater_sur, genres, refus, suspectes};
pub use super::annuler_faute::AnnulationFault;
use super::demander::VERROU;
use super::lire_offre::ms;
use crate::domain::annulation::{self, CAUSE, Fait, Presente};
use crate::domain::collecte::Bilan;
use crate::domain::valeur::cle_lisible;
use crate::domain::{Changement, Demande, EtatCollecte, Genre, Rapport, Sorte, Valeur};
use crate::store::annulation::{self as lues, Place};
use crate::store::changement::{changement_groups, changement_insert_as};
use crate::store::collecte::{self as tenues, Suite};
use crate::store::{generation, objet};

/// Nature of the job that carries an undo.
pub const NATURE: &str = "maquette.annulation";

/// Records an undo and queues the job that carries it, in one transaction. `vu`, when given, is what the person was shown.
///
/// # Errors
/// The refusal of [`constater`], [`AnnulationFault::Change`], those of the database.
pub async fn demander(
    outils: &Outils,
    queue: &Queue,
    id: i64,
    vu: Option<&str>,
    acteur: &Actor,
) -> Result<(i64, JobId), AnnulationFault> {
    let quand = outils.clock.now();
    let sorti = outils
        .db
        .write(|tx| async move {
            let constat = constater_sur(&*tx, id).await?;
            if let Some(refus) = constat.refus {
                return Err(refus);
            }
            if vu.is_some_and(|vu| vu != constat.vu) {
                return Err(AnnulationFault::Change(id));
            }
            let annee = constat.collecte.annee;
            let portee = constat.collecte.portee;
            let demande = Demande { portee, annee: Some(annee), simulation: false, accepter_chute: false };
            let neuve = tenues::collecte_create(&*tx, &demande, annee, acteur, quand).await?;
            lues::annulation_link(&*tx, neuve, id).await?;
            let job = NewJob {
                nature: NATURE.to_owned(),
                charge: serde_json::json!({ "collecte": neuve }),
                verrou: Some(VERROU.to_owned()),
                acteur: acteur.clone(),
            };
            let job = queue.enqueue_on(&*tx, &job).await?;
            let suite = Suite { job_id: Some(job.0), ..Suite::default() };
            tenues::collecte_update(&*tx, neuve, suite).await?;
            let entree = journal::Entry {
                quand,
                acteur,
                action: "collecte.annuler",
                objet: "collecte",
                cle: &id.to_string(),
                avant: serde_json::to_value(&constat.groupes).ok(),
                apres: Some(serde_json::json!({ "annulation": neuve, "changements": constat.changements })),
            };
            journal::write(&*tx, entree).await?;
            Ok((neuve, job))
        })
        .await?;
    queue.wake();
    Ok(sorti)
}

/// Does the undo of that number, in one transaction. Run again after a kill, it finds nothing done, or everything.
///
/// # Errors
/// What now stands in the way, a stop that was asked, the database; the undo then says so and nothing was changed.
pub async fn executer(outils: &Outils, id: i64, progress: &Progress) -> Result<Rapport, AnnulationFault> {
    let debut = Instant::now();
    let quand = outils.clock.now();
    let tenue = outils.db.read(|c| async move { tenues::collecte_read(&c, id).await }).await?;
    let tenue = tenue.ok_or(AnnulationFault::Inconnue(id))?;
    let annulee = tenue.annule.ok_or(AnnulationFault::Inconnue(id))?;
    if tenue.etat == EtatCollecte::Terminee {
        return Ok(tenue.rapport.unwrap_or_default());
    }
    noter(
        outils,
        id,
        Suite { etat: Some(EtatCollecte::EnCours), debutee_le: Some(quand), ..Suite::default() },
    )
    .await?;
    progress.step(format!("Annulation de la collecte n° {annulee}"));
    let mut rapport = Rapport {
        collecte: id,
        portee: tenue.portee.code().to_owned(),
        annee: Some(tenue.annee),
        ..Rapport::default()
    };
    let fait = outils.db.write(|tx| async move { defaire(&tx, annulee, id, quand, progress).await }).await;
    rapport.duree_ms = ms(debut.elapsed());
    let (etat, sortie) = match fait {
        Ok(fait) => {
            compter(&mut rapport, &fait);
            (EtatCollecte::Terminee, Ok(()))
        }
        Err(AnnulationFault::Arretee) => (EtatCollecte::Annulee, Err(AnnulationFault::Arretee)),
        Err(fault) => {
            rapport.avis.push(format!(
                "{} {}",
                kernel::Fault::message(&fault),
                kernel::Fault::way_out(&fault)
            ));
            (EtatCollecte::Interrompue, Err(fault))
        }
    };
    etat.code().clone_into(&mut rapport.etat);
    let finie_le = Some(outils.clock.now());
    let suite = Suite { etat: Some(etat), finie_le, rapport: Some(&rapport), ..Suite::default() };
    noter(outils, id, suite).await?;
    sortie?;
    if rapport.ajoutes + rapport.modifies + rapport.fermes + rapport.rouverts > 0 {
        outils.db.settle().await?;
    }
    Ok(rapport)
}

async fn noter(outils: &Outils, id: i64, suite: Suite<'_>) -> Result<(), AnnulationFault> {
    let suite = &suite;
    outils.db.write(|tx| async move { tenues::collecte_update(&*tx, id, suite.clone()).await }).await?;
    Ok(())
}

/// What an undo did.
#[derive(Debug, Default)]
struct Defait {
    bilans: BTreeMap<Genre, Bilan>,
    anomalies_laissees: u64,
    anomalies: u64,
    /// The undo that was taken back, if it was one.
    refait: Option<i64>,
}

fn compter(rapport: &mut Rapport, fait: &Defait) {
    for (genre, b) in &fait.bilans {
        rapport.par_genre.insert(genre.description().pluriel.to_owned(), *b);
        if *genre != Genre::Anomalie {
            rapport.modifies += b.modifies;
            rapport.fermes += b.fermes;
            rapport.rouverts += b.rouverts;
        }
    }
    rapport.anomalies = fait.anomalies;
    rapport.avis.push(match fait.refait {
        Some(annulee) => format!("Les changements du n° {annulee} sont de nouveau en place."),
        None => "La prochaine collecte ramènera ces valeurs tant que la source ne change pas : corrigez la source avant \
                 de collecter de nouveau."
            .to_owned(),
    });
    if fait.anomalies_laissees > 0 {
        rapport.avis.push(format!(
            "{} : elles restent telles quelles, et la prochaine collecte les recalculera.",
            if fait.anomalies_laissees == 1 {
                "Une anomalie a changé depuis".to_owned()
            } else {
                format!(
                    "{} anomalies ont changé depuis",
                    kernel::nombre_francais(i64::try_from(fait.anomalies_laissees).unwrap_or(i64::MAX))
                )
            }
        ));
    }
}

/// Everything that one transaction writes.
async fn defaire(
    tx: &db::Tx,
    annulee: i64,
    id: i64,
    quand: chrono::DateTime<chrono::Utc>,
    progress: &Progress,
) -> Result<Defait, AnnulationFault> {
    // The writers' turn: nobody corrects a row between what is read here and what is written.
    generation::fil_advance(&**tx).await?;
    let c = tenues::collecte_read(&**tx, annulee).await?.ok_or(AnnulationFault::Inconnue(annulee))?;
    let appliques = lues::appliques(&**tx).await?;
    let groupes = changement_groups(&**tx, annulee).await?;
    match refus(&**tx, &c, &groupes, &appliques).await? {
        None => {}
        // That is this very undo.
        Some(AnnulationFault::DejaDemandee(_, par)) if par == id => {}
        Some(refus) => return Err(refus),
    }
    let suivants = annulation::suivants(&appliques, annulee);
    let annee = c.annee.premiere();
    let mut fait = Defait { refait: c.annule, ..Defait::default() };
    let mut places: HashMap<Genre, HashMap<Box<[Valeur]>, Place>> = HashMap::new();
    let mut laissees: HashSet<Box<[Valeur]>> = HashSet::new();
    for genre in genres(&groupes) {
        let suspectes = suspectes(&**tx, &c, genre, &groupes).await?;
        let toutes = (suspectes.is_empty()).then_some(annulee);
        if !suspectes.is_empty() {
            let apres = lues::changes_apres(&**tx, genre, annee, &suivants, &suspectes).await?;
            let cles: HashSet<_> = apres.iter().map(|a| a.cle.clone()).collect();
            match apres.iter().map(|a| a.collecte).max() {
                Some(_) if genre == Genre::Anomalie => laissees = cles,
                Some(par) => return Err(AnnulationFault::Bloquee(annulee, cles.len() as u64, par)),
                None => {}
            }
        }
        places.insert(genre, lues::places(&**tx, genre, annee, toutes).await?);
    }
    let total: u64 = groupes.iter().map(|g| g.nombre).sum();
    let mut faits = 0;
    let (mut depuis, fin) = match lues::faits_bornes(&**tx, annulee).await? {
        Some((premier, dernier)) => (premier - 1, dernier),
        None => (0, 0),
    };
    loop {
        let (page, dernier) = lues::faits_page(&**tx, annulee, depuis, fin).await?;
        let Some(dernier) = dernier else { break };
        depuis = dernier;
        faits += page.len() as u64;
        for lot in page.chunk_by(|a, b| a.genre == b.genre) {
            let Some(genre) = lot.first().map(|f| f.genre) else { continue };
            let Some(places) = places.get(&genre) else { continue };
            let changements = inverser(tx, annulee, genre, lot, places, &laissees, &mut fait).await?;
            objet::objet_apply(&**tx, genre, annee, id, quand, &changements).await?;
            changement_insert_as(&**tx, id, Some(CAUSE), &changements).await?;
            let bilan = fait.bilans.entry(genre).or_default();
            for c in &changements {
                match c.sorte {
                    Sorte::Ajout => bilan.ajoutes += 1,
                    Sorte::Modification => bilan.modifies += 1,
                    Sorte::Fermeture => bilan.fermes += 1,
                    Sorte::Reouverture => bilan.rouverts += 1,
                }
            }
        }
        progress.advance(faits, total);
        if progress.cancelled() {
            return Err(AnnulationFault::Arretee);
        }
    }
    let touches: Vec<Genre> = genres(&groupes).collect();
    lues::ensembles_forget(&**tx, annee, &touches).await?;
    fait.anomalies = objet::objet_count(&**tx, Genre::Anomalie, annee).await?;
    // The state is part of what commits: a reader never sees rows given back by an undo that is still under way.
    let suite = Suite { etat: Some(EtatCollecte::Terminee), finie_le: Some(quand), ..Suite::default() };
    tenues::collecte_update(&**tx, id, suite).await?;
    let entree = journal::Entry {
        quand,
        acteur: &Actor::Planification,
        action: "collecte.annulee",
        objet: "collecte",
        cle: &annulee.to_string(),
        avant: None,
        apres: Some(serde_json::json!({ "annulation": id, "changements": faits })),
    };
    journal::write(&**tx, entree).await?;
    Ok(fait)
}

/// The changes that take back those of `lot`, all of one kind.
async fn inverser(
    tx: &db::Tx,
    annulee: i64,
    genre: Genre,
    lot: &[Fait],
    places: &HashMap<Box<[Valeur]>, Place>,
    laissees: &HashSet<Box<[Valeur]>>,
    fait: &mut Defait,
) -> Result<Vec<Changement>, AnnulationFault> {
    let ids: Vec<i64> = lot.iter().filter_map(|f| places.get(&f.cle)).map(|p| p.id).collect();
    let mut champs = objet::objet_champs(&**tx, genre, &ids).await?;
    let mut changements = Vec::with_capacity(lot.len());
    for f in lot {
        let differe = || AnnulationFault::Differe(annulee, cle_lisible(&f.cle));
        let inverse = places
            .get(&f.cle)
            .filter(|_| !laissees.contains(&f.cle))
            .and_then(|p| Some(Presente { id: p.id, ferme: p.ferme, champs: champs.remove(&p.id)? }))
            .and_then(|presente| annulation::inverse(f, &presente).ok());
        match inverse {
            Some(changement) => changements.push(changement),
            // Anomalies are conclusions: one that changed since is left, and drawn again by the next collection.
            None if genre == Genre::Anomalie => fait.anomalies_laissees += 1,
            None => return Err(differe()),
        }
    }
    Ok(changements)
}
