use kernel::AnneeUniversitaire;
use maquette::actions::absence::{Demande, Droits, chercher};
use maquette::actions::absence_demander::interroger;
use maquette::actions::demander::annee_courante;
use maquette::domain::absence::{Pas, Reponse};

use crate::assembly::House;
use crate::health::Readiness;
use crate::{Failure, data};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Code de diplôme, d'étape, de version (5UIFD1/101), de liste, d'élément, ou numéro d'enseignant ou d'étudiant
    #[arg(value_name = "CODE")]
    code: String,
    /// Année universitaire, par exemple 2024 pour 2024/2025 [par défaut : l'année en cours]
    #[arg(long, value_name = "ANNÉE")]
    annee: Option<AnneeUniversitaire>,
    /// Demande aussi aux sources, maintenant
    #[arg(long)]
    demander: bool,
    #[command(flatten)]
    at: super::At,
}

pub(crate) async fn run(args: Args) -> Result<(), Failure> {
    let settings = args.at.load()?.settings;
    let db = data::open_ready(&settings).await?;
    let settings = crate::settings::en_vigueur(&db, settings).await?;
    let house = House::compose(db, &settings, super::clock(), Readiness::ready())?;
    let annee = match args.annee {
        Some(annee) => annee,
        None => annee_courante(&house.outils).await?,
    };
    let demande = Demande::lire(&args.code);
    let chemin = chercher(&house.outils, &house.api, annee, &demande, Droits::TOUT).await?;
    println!("{}", chemin.conclusion);
    println!("{}", chemin.conseil);
    if args.demander {
        let pas =
            interroger(&house.outils, &house.sources, &house.api, annee, &demande, Droits::TOUT).await?;
        pas.iter().for_each(|p| println!("{}", line(p)));
    }
    chemin.pas.iter().for_each(|p| println!("{}", line(p)));
    house.db.close().await;
    Ok(())
}

fn line(p: &Pas) -> String {
    let mark = match p.reponse {
        Reponse::Oui => '✓',
        Reponse::Non => '✗',
        Reponse::Reserve => '!',
        Reponse::Inconnu => '?',
    };
    let date = p.date.map(|d| kernel::heure_de_besancon(d).format(" (%d/%m/%Y %H:%M)").to_string());
    format!("{mark} {}{} : {}", p.titre, date.unwrap_or_default(), p.texte)
}
