//! What undoing a change set would do, and what stands in the way. Reads only.

use std::collections::{HashMap, HashSet};

use db::sea_orm::ConnectionTrait;

use super::Outils;
use super::annuler_faute::AnnulationFault;
use crate::domain::annulation::{self, Applique};
use crate::domain::valeur::cle_lisible;
use crate::domain::{EtatCollecte, Genre, Portee, Sorte, Valeur};
use crate::store::annulation::{self as lues, Apres};
use crate::store::changement::{Groupe, changement_groups};
use crate::store::collecte::{self as tenues, Collecte};

/// Rows in the way that are shown.
const OBSTACLES: usize = 50;

/// Étapes whose students are shown.
const ETAPES: usize = 20;

/// What undoing a set would do.
#[derive(Debug)]
pub struct Constat {
    /// The set.
    pub collecte: Collecte,
    /// Its changes, by kind, sort and cause.
    pub groupes: Vec<Groupe>,
    /// How many, anomalies not counted: those are conclusions, that the next collection draws again.
    pub changements: u64,
    /// Rows that changed since.
    pub bloquees: u64,
    /// The first of these.
    pub obstacles: Vec<Apres>,
    /// The sets that they belong to, the latest first.
    pub bloquants: Vec<Collecte>,
    /// Étape versions that would close, and how many students are registered to each, the most numerous first.
    pub inscrits: Vec<(String, String, u64)>,
    /// How many étape versions would close with students in them.
    pub etapes_habitees: u64,
    /// Local corrections in force on rows that would close: number, kind, key.
    pub corrections: Vec<(i64, Genre, String)>,
    /// Anomalies that somebody decided of, and that would close or open again.
    pub decisions: u64,
    /// Why it cannot be undone.
    pub refus: Option<AnnulationFault>,
    /// A collection under way: the undo will wait for its end.
    pub en_cours: Option<i64>,
    /// What was shown, to be sent back with the confirmation.
    pub vu: String,
}

/// What undoing the set of that number would do, and what stands in the way.
///
/// # Errors
/// [`AnnulationFault::Inconnue`], those of the database. A set that cannot be undone is described, with the refusal.
pub async fn constater(outils: &Outils, id: i64) -> Result<Constat, AnnulationFault> {
    outils.db.read(|c| async move { constater_sur(&c, id).await }).await
}

pub(super) async fn constater_sur<C: ConnectionTrait>(conn: &C, id: i64) -> Result<Constat, AnnulationFault> {
    let collecte = tenues::collecte_read(conn, id).await?.ok_or(AnnulationFault::Inconnue(id))?;
    let appliques = lues::appliques(conn).await?;
    let groupes = changement_groups(conn, id).await?;
    let changements = nombre(&groupes);
    let dernier = appliques.last().map_or(0, |a| a.id);
    let en_cours = tenues::collecte_last(conn, None, None, EtatCollecte::EnCours).await?.map(|c| c.id);
    let mut constat = Constat {
        refus: refus(conn, &collecte, &groupes, &appliques).await?,
        vu: format!("{changements}-{dernier}"),
        en_cours,
        changements,
        bloquees: 0,
        obstacles: Vec::new(),
        bloquants: Vec::new(),
        inscrits: Vec::new(),
        etapes_habitees: 0,
        corrections: Vec::new(),
        decisions: 0,
        groupes,
        collecte,
    };
    if constat.refus.is_some() {
        return Ok(constat);
    }
    let suivants = annulation::suivants(&appliques, id);
    let mut derniers = HashSet::new();
    for genre in genres(&constat.groupes).filter(|g| *g != Genre::Anomalie) {
        let suspectes = suspectes(conn, &constat.collecte, genre, &constat.groupes).await?;
        if suspectes.is_empty() {
            continue;
        }
        let annee = constat.collecte.annee.premiere();
        let reste = OBSTACLES.saturating_sub(constat.obstacles.len());
        let apres = lues::changes_apres(conn, genre, annee, &suivants, &suspectes).await?;
        let lignes: HashSet<_> = apres.iter().map(|a| &a.cle).collect();
        constat.bloquees += lignes.len() as u64;
        derniers.extend(apres.iter().map(|a| a.collecte));
        constat.obstacles.extend(apres.into_iter().rev().take(reste));
    }
    let mut derniers: Vec<i64> = derniers.into_iter().collect();
    derniers.sort_unstable_by(|a, b| b.cmp(a));
    for bloquant in derniers.iter().take(OBSTACLES) {
        constat.bloquants.extend(tenues::collecte_read(conn, *bloquant).await?);
    }
    if let Some(par) = derniers.first() {
        constat.refus = Some(AnnulationFault::Bloquee(id, constat.bloquees, *par));
    }
    habitees(conn, &mut constat).await?;
    attaches(conn, &mut constat).await?;
    Ok(constat)
}

/// What people decided about rows that the undo touches.
async fn attaches<C: ConnectionTrait>(conn: &C, constat: &mut Constat) -> Result<(), AnnulationFault> {
    let (id, annee) = (constat.collecte.id, constat.collecte.annee.premiere());
    let mut fermees: HashMap<Genre, HashSet<Box<[Valeur]>>> = HashMap::new();
    for (numero, genre, cle) in lues::corrections_de(conn, annee).await? {
        if let std::collections::hash_map::Entry::Vacant(place) = fermees.entry(genre) {
            let mut cles = lues::cles(conn, id, genre, Some(Sorte::Ajout)).await?;
            cles.extend(lues::cles(conn, id, genre, Some(Sorte::Reouverture)).await?);
            place.insert(cles);
        }
        if fermees.get(&genre).is_some_and(|cles| cles.contains(&cle)) {
            constat.corrections.push((numero, genre, cle_lisible(&cle)));
        }
    }
    if genres(&constat.groupes).any(|g| g == Genre::Anomalie) {
        let cles = lues::cles(conn, id, Genre::Anomalie, None).await?;
        let decidees = lues::anomalies_decidees(conn, annee).await?;
        constat.decisions = decidees.iter().filter(|cle| cles.contains(*cle)).count() as u64;
    }
    Ok(())
}

/// Changes of a set, anomalies not counted.
fn nombre(groupes: &[Groupe]) -> u64 {
    let anomalie = Genre::Anomalie.description().code;
    groupes.iter().filter(|g| g.genre != anomalie).map(|g| g.nombre).sum()
}

pub(super) fn genres(groupes: &[Groupe]) -> impl Iterator<Item = Genre> + '_ {
    let mut vus = HashSet::new();
    groupes.iter().filter_map(|g| Genre::of_code(&g.genre)).filter(move |g| vus.insert(*g))
}

/// Why the set cannot be undone, without looking at its rows.
pub(super) async fn refus<C: ConnectionTrait>(
    conn: &C,
    c: &Collecte,
    groupes: &[Groupe],
    appliques: &[Applique],
) -> Result<Option<AnnulationFault>, AnnulationFault> {
    let rien = |pourquoi| Some(AnnulationFault::RienAAnnuler(c.id, pourquoi));
    if c.portee == Portee::Correction {
        return Ok(Some(AnnulationFault::Correction(c.id)));
    }
    if c.simulation {
        return Ok(rien("c’est une simulation, elle n’a rien écrit"));
    }
    if let Some(par) = annulation::annulee_par(appliques, c.id) {
        return Ok(Some(AnnulationFault::DejaAnnulee(c.id, par)));
    }
    if let Some(par) = lues::annulation_demandee(conn, c.id).await? {
        return Ok(Some(AnnulationFault::DejaDemandee(c.id, par)));
    }
    Ok(match c.etat {
        EtatCollecte::EnAttente | EtatCollecte::EnCours => rien("elle n’est pas finie"),
        EtatCollecte::AConfirmer => rien("elle attend d’être confirmée et n’a rien écrit"),
        EtatCollecte::Interrompue => rien("elle a été interrompue et n’a rien écrit"),
        EtatCollecte::Annulee => rien("elle a été arrêtée ou remplacée et n’a rien écrit"),
        EtatCollecte::Terminee if groupes.is_empty() => rien("tout était à jour, elle n’a rien changé"),
        EtatCollecte::Terminee => None,
    })
}

/// Keys of the rows of the set that something else touched after it. Counting tells, most often, that there are none.
pub(super) async fn suspectes<C: ConnectionTrait>(
    conn: &C,
    c: &Collecte,
    genre: Genre,
    groupes: &[Groupe],
) -> Result<HashSet<Box<[Valeur]>>, AnnulationFault> {
    let (code, annee) = (genre.description().code, c.annee.premiere());
    let total: u64 = groupes.iter().filter(|g| g.genre == code).map(|g| g.nombre).sum();
    if lues::intactes(conn, genre, annee, c.id).await? == total {
        return Ok(HashSet::new());
    }
    let intactes = lues::places(conn, genre, annee, Some(c.id)).await?;
    let mut cles = lues::cles(conn, c.id, genre, None).await?;
    cles.retain(|cle| !intactes.contains_key(cle));
    Ok(cles)
}

/// Students registered to the étape versions that would close.
async fn habitees<C: ConnectionTrait>(conn: &C, constat: &mut Constat) -> Result<(), AnnulationFault> {
    let mut fermees = HashSet::new();
    for sorte in [Sorte::Ajout, Sorte::Reouverture] {
        let code = sorte.code();
        let etapes = |g: &&Groupe| g.genre == Genre::VersionEtape.description().code && g.sorte == code;
        if constat.groupes.iter().any(|g| etapes(&g)) {
            fermees.extend(lues::cles(conn, constat.collecte.id, Genre::VersionEtape, Some(sorte)).await?);
        }
    }
    if fermees.is_empty() {
        return Ok(());
    }
    let inscrits = lues::inscrits_par_etape(conn, constat.collecte.annee.premiere()).await?;
    let mut habitees: Vec<_> = inscrits
        .into_iter()
        .filter(|((etape, version), _)| {
            fermees.contains([Valeur::from(etape.as_str()), version.as_str().into()].as_slice())
        })
        .map(|((etape, version), n)| (etape, version, n))
        .collect();
    habitees.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.cmp(b)));
    constat.etapes_habitees = habitees.len() as u64;
    habitees.truncate(ETAPES);
    constat.inscrits = habitees;
    Ok(())
}
