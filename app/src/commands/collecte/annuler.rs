//! `telemaque collecte annuler N`: shows what would be undone, asks, undoes.

use std::io::{IsTerminal as _, Write as _};

use jobs::Etat;
use kernel::{Actor, Fault as _};
use maquette::actions::annuler::{Constat, constater, demander};
use maquette::domain::{Genre, Sorte};

use super::{count, report, run_here, told};
use crate::assembly::House;
use crate::health::Readiness;
use crate::{Failure, data, shutdown};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Numéro de la collecte, ou de l'annulation, à annuler
    #[arg(value_name = "NUMÉRO")]
    numero: i64,
    /// Annule sans demander de confirmation
    #[arg(long)]
    oui: bool,
    /// Écrit le rapport comme un objet JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    at: crate::commands::At,
}

pub(super) async fn run(args: Args) -> Result<(), Failure> {
    let settings = args.at.load()?.settings;
    let db = data::open_ready(&settings).await?;
    let settings = crate::settings::en_vigueur(&db, settings).await?;
    let house = House::compose(db, &settings, crate::commands::clock(), Readiness::ready())?;
    let constat = constater(&house.outils, args.numero).await?;
    if let Some(refus) = &constat.refus {
        for b in &constat.bloquants {
            eprintln!("  n° {} ({}, {})", b.id, b.portee.libelle(), b.acteur);
        }
        return Err(Failure::new(format!("{} {}", refus.message(), refus.way_out())));
    }
    if !args.json {
        print!("{}", shown(&constat));
    }
    if !args.oui && !confirmed(&constat)? {
        return Err(Failure::new("Rien n'a été modifié."));
    }
    let shutdown = shutdown::listen()?;
    let acteur = Actor::Commande;
    let (neuve, job) = demander(&house.outils, &house.queue, args.numero, Some(&constat.vu), &acteur).await?;
    super::say_who_is_before(&house, job).await?;
    let ended = run_here(&house, job, &shutdown, "Annulation").await?;
    let rapport = report(&house, neuve, &ended).await?;
    if args.json {
        let text = serde_json::to_string(&rapport).map_err(|err| Failure::new(err.to_string()))?;
        println!("{text}");
    } else {
        print!("{}", told(&rapport));
    }
    house.db.close().await;
    match ended.etat {
        Etat::Termine => Ok(()),
        Etat::Annule => Err(Failure::new("L'annulation a été arrêtée. Rien n'a été modifié.")),
        _ => Err(Failure::new(ended.erreur.unwrap_or_else(|| "L'annulation a échoué.".to_owned()))),
    }
}

fn shown(constat: &Constat) -> String {
    use std::fmt::Write as _;
    let c = &constat.collecte;
    let mut out = String::new();
    let _ = writeln!(
        out,
        "N° {} ({}, {}), demandé par {}",
        c.id,
        c.portee.libelle(),
        c.annee.libelle(),
        c.acteur
    );
    let mut sums: Vec<(&str, &str, u64)> = Vec::new();
    for g in &constat.groupes {
        match sums.iter_mut().find(|(genre, sorte, _)| *genre == g.genre && *sorte == g.sorte) {
            Some((.., n)) => *n += g.nombre,
            None => sums.push((&g.genre, &g.sorte, g.nombre)),
        }
    }
    for (genre, sorte, n) in sums {
        let genre = Genre::of_code(genre).map_or(genre, |genre| genre.description().titre);
        let effet = match Sorte::of_code(sorte) {
            Some(Sorte::Ajout) => "à refermer",
            Some(Sorte::Modification) => "à remettre comme avant",
            Some(Sorte::Fermeture) => "à rouvrir",
            Some(Sorte::Reouverture) => "à refermer comme avant",
            None => "",
        };
        let _ = writeln!(out, "  {genre:<32} {:>12} {effet}", count(n));
    }
    for (etape, version, n) in &constat.inscrits {
        let _ = writeln!(out, "  ! {etape} · {version} se fermerait avec {} étudiants inscrits", count(*n));
    }
    for (id, genre, cle) in &constat.corrections {
        let _ = writeln!(out, "  ! correction n° {id} posée sur {} « {cle} »", genre.description().titre);
    }
    if let Some(annulee) = c.annule {
        let _ = writeln!(out, "Les changements du n° {annulee} seront remis en place.");
        return out;
    }
    let _ = writeln!(out, "La prochaine collecte ramènera ces valeurs tant que la source ne change pas.");
    out
}

/// On a terminal, the number of changes is to be typed; elsewhere, `--oui` is needed.
fn confirmed(constat: &Constat) -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::new(
            "Rien n'a été modifié : hors d'un terminal, ajoutez --oui pour confirmer l'annulation.",
        ));
    }
    print!("Pour annuler ces changements, écrivez leur nombre ({}) : ", constat.changements);
    std::io::stdout().flush().map_err(|err| Failure::new(err.to_string()))?;
    let mut ligne = String::new();
    std::io::stdin().read_line(&mut ligne).map_err(|err| Failure::new(err.to_string()))?;
    let chiffres: String = ligne.chars().filter(|c| !c.is_whitespace()).collect();
    Ok(chiffres == constat.changements.to_string())
}
