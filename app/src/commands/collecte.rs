mod annuler;
mod lister;

use jobs::{Etat, Job, JobId, Worker};
use kernel::{Actor, AnneeUniversitaire, duree_francaise, nombre_francais};
use maquette::actions::demander::demander;
use maquette::domain::{Demande, EtatCollecte, Portee, Rapport};
use maquette::store::collecte::collecte_read;

use crate::assembly::House;
use crate::health::Readiness;
use crate::shutdown::Shutdown;
use crate::terminal::Followed;
use crate::{Failure, data, shutdown};

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    autre: Option<Autre>,
    /// Ce qui est collecté : offre, personnes ou tout
    #[arg(value_name = "PORTÉE", required = true)]
    portee: Option<Portee>,
    /// Année universitaire, par exemple 2024 pour 2024/2025 [par défaut : l'année en cours]
    #[arg(long, value_name = "ANNÉE")]
    annee: Option<AnneeUniversitaire>,
    /// Compare et montre, sans rien écrire
    #[arg(long)]
    simulation: bool,
    /// Applique même si une part anormale des lignes disparaît
    #[arg(long)]
    accepter_chute: bool,
    /// Écrit le rapport comme un objet JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    at: super::At,
}

#[derive(Debug, clap::Subcommand)]
enum Autre {
    /// Montre ce que l'annulation d'une collecte ferait, demande, puis l'annule
    Annuler(annuler::Args),
    /// Liste les dernières collectes et annulations
    Lister(lister::Args),
}

pub(crate) async fn run(args: Args) -> Result<(), Failure> {
    match args.autre {
        Some(Autre::Annuler(args)) => return annuler::run(args).await,
        Some(Autre::Lister(args)) => return lister::run(args).await,
        None => {}
    }
    let Some(portee) = args.portee else {
        return Err(Failure::new("Dites ce qui est à collecter : offre, personnes ou tout."));
    };
    let settings = args.at.load()?.settings;
    let db = data::open_ready(&settings).await?;
    let settings = crate::settings::en_vigueur(&db, settings).await?;
    let house = House::compose(db, &settings, super::clock(), Readiness::ready())?;
    let shutdown = shutdown::listen()?;
    let demande = Demande {
        portee,
        annee: args.annee,
        simulation: args.simulation,
        accepter_chute: args.accepter_chute,
    };
    let (collecte, job) = demander(&house.outils, &house.queue, &demande, &Actor::Commande).await?;
    say_who_is_before(&house, job).await?;
    let ended = run_here(&house, job, &shutdown, "Collecte").await?;
    let rapport = report(&house, collecte, &ended).await?;
    if args.json {
        let text = serde_json::to_string(&rapport).map_err(|err| Failure::new(err.to_string()))?;
        println!("{text}");
    } else {
        print!("{}", told(&rapport));
    }
    house.db.close().await;
    outcome(&ended, &rapport)
}

/// Another collection may hold the lock: this one waits, and says for which.
async fn say_who_is_before(house: &House, job: JobId) -> Result<(), Failure> {
    let mine = house.queue.read(job).await?;
    let Some(verrou) = mine.and_then(|job| job.verrou) else { return Ok(()) };
    if let Some(other) = house.queue.running(&verrou).await?.filter(|other| other.id != job) {
        let collecte = other.charge.get("collecte").and_then(serde_json::Value::as_i64).unwrap_or_default();
        eprintln!(
            "La collecte n° {collecte}, lancée par « {} », est en cours : celle-ci attend qu'elle finisse.",
            other.acteur
        );
    }
    Ok(())
}

/// Runs the job in this process with its progress shown; Ctrl-C asks it to stop.
async fn run_here(house: &House, job: JobId, shutdown: &Shutdown, title: &str) -> Result<Job, Failure> {
    let worker = Worker::new(house.queue.clone(), house.handlers.clone());
    let followed = Followed::start(&house.queue, job, title);
    let mut run = std::pin::pin!(worker.run_one(job));
    let ended = tokio::select! {
        ended = &mut run => ended?,
        () = shutdown.asked() => {
            house.queue.cancel(job).await?;
            run.await?
        }
    };
    drop(followed);
    Ok(ended)
}

async fn report(house: &House, collecte: i64, ended: &Job) -> Result<Rapport, Failure> {
    if let Some(rapport) = ended.resultat.clone().and_then(|value| serde_json::from_value(value).ok()) {
        return Ok(rapport);
    }
    // A collection that failed keeps its report as well: what was read, and what stopped it.
    let held = house.db.read(|c| async move { collecte_read(&c, collecte).await }).await?;
    Ok(held.and_then(|held| held.rapport).unwrap_or_else(|| Rapport { collecte, ..Rapport::default() }))
}

pub(crate) fn outcome(ended: &Job, rapport: &Rapport) -> Result<(), Failure> {
    match ended.etat {
        Etat::Termine if rapport.etat == EtatCollecte::AConfirmer.code() => Err(Failure::new(format!(
            "Trop de lignes disparaîtraient : rien n'a été appliqué. Vérifiez la source, puis relancez avec --accepter-chute, \
             ou confirmez la collecte n° {} depuis sa page.",
            rapport.collecte
        ))),
        Etat::Termine => Ok(()),
        Etat::Annule => Err(Failure::new("La collecte a été annulée. Rien n'a été modifié.")),
        _ => Err(Failure::new(ended.erreur.clone().unwrap_or_else(|| "La collecte a échoué.".to_owned()))),
    }
}

fn count(n: u64) -> String {
    nombre_francais(i64::try_from(n).unwrap_or(i64::MAX))
}

fn told(rapport: &Rapport) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    let annee = rapport.annee.map(AnneeUniversitaire::libelle).unwrap_or_default();
    let mode = if rapport.simulation { " (simulation : rien n'est écrit)" } else { "" };
    let duree =
        duree_francaise(chrono::Duration::milliseconds(i64::try_from(rapport.duree_ms).unwrap_or_default()));
    let _ = writeln!(out, "Collecte n° {} {annee}{mode}, en {duree}", rapport.collecte);
    for (genre, lus) in &rapport.lus {
        let _ = writeln!(out, "  {genre:<28} {:>12} lus", count(*lus));
    }
    let figures = [
        ("ajoutés", rapport.ajoutes),
        ("modifiés", rapport.modifies),
        ("fermés", rapport.fermes),
        ("rouverts", rapport.rouverts),
        ("inchangés", rapport.inchanges),
        ("anomalies", rapport.anomalies),
        ("rejets", rapport.rejets),
    ];
    for (name, n) in figures {
        let _ = writeln!(out, "  {name:<28} {:>12}", count(n));
    }
    for chute in &rapport.chutes {
        let _ = writeln!(
            out,
            "  ! {} : {} fermetures sur {} ouverts",
            chute.genre,
            count(chute.fermetures),
            count(chute.ouverts)
        );
    }
    for avis in &rapport.avis {
        let _ = writeln!(out, "  ! {avis}");
    }
    out
}
