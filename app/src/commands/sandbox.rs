use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use ::sandbox::server::{self, Reglages};
use ::sandbox::world;

use crate::{Failure, shutdown};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Port d'écoute sur cette machine ; 0 en prend un libre
    #[arg(long, value_name = "PORT", default_value_t = 8090)]
    port: u16,
    #[command(flatten)]
    world: Sizes,
    /// Sert ce dossier d'extraction au lieu de l'offre inventée
    #[arg(long, value_name = "DOSSIER")]
    extraction: Option<PathBuf>,
    /// Ouvre le panneau de commande (/controle)
    #[arg(long, overrides_with = "sans_controle")]
    controle: bool,
    /// Ferme le panneau de commande
    #[arg(long, overrides_with = "controle")]
    sans_controle: bool,
    /// Affiche les cas difficiles, par leur nom, et s'arrête
    #[arg(long)]
    cas: bool,
    /// Identifiant et mot de passe demandés par Apogée et l'extraction
    #[arg(long, value_name = "NOM:MOT DE PASSE", value_parser = basic)]
    basic: Option<(String, String)>,
    /// Jeton demandé par Kofr et Eve
    #[arg(long, value_name = "JETON")]
    jeton: Option<String>,
}

/// The sizes of the invented university.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Sizes {
    /// Graine : la même donne la même université
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Nombre d'étudiants
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(..=100_000))]
    pub etudiants: Option<u64>,
    /// Nombre d'étapes de l'offre inventée
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(..=10_000))]
    pub etapes: Option<u64>,
    /// Nombre d'éléments de l'offre inventée
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(..=60_000))]
    pub elements: Option<u64>,
    /// Nombre de liens de l'offre inventée
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(..=1_000_000))]
    pub liens: Option<u64>,
}

impl Sizes {
    pub(crate) fn options(&self) -> world::Options {
        let usual = world::Options::default();
        let size = |asked: Option<u64>, usual: usize| asked.and_then(|n| n.try_into().ok()).unwrap_or(usual);
        world::Options {
            seed: self.seed.unwrap_or(usual.seed),
            etudiants: size(self.etudiants, usual.etudiants),
            etapes: size(self.etapes, usual.etapes),
            elements: size(self.elements, usual.elements),
            liens: self.liens.and_then(|n| n.try_into().ok()).or(usual.liens),
            ..usual
        }
    }
}

fn basic(text: &str) -> Result<(String, String), String> {
    text.split_once(':')
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, password)| (name.to_owned(), password.to_owned()))
        .ok_or_else(|| "écrivez nom:mot de passe".to_owned())
}

pub(crate) async fn run(args: Args) -> Result<(), Failure> {
    if args.cas {
        print!("{}", cases());
        return Ok(());
    }
    let shutdown = shutdown::listen()?;
    let reglages = Reglages {
        adresse: SocketAddr::from((Ipv4Addr::LOCALHOST, args.port)),
        options: args.world.options(),
        extraction: args.extraction,
        controle: args.controle || (cfg!(debug_assertions) && !args.sans_controle),
        basic: args.basic,
        jeton: args.jeton,
    };
    let controle = reglages.controle;
    let sandbox = server::start(reglages).await?;
    println!("Bac à sable : {}", sandbox.url("/"));
    if controle {
        println!("Panneau de commande : {}", sandbox.url("/controle"));
    }
    println!("Ctrl-C pour arrêter.");
    shutdown.asked().await;
    sandbox.stop().await;
    Ok(())
}

/// The named cases: name, what it is, where to look.
fn cases() -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    for case in world::cases() {
        let _ = writeln!(out, "{} ({})\n    {}\n    {}", case.nom, case.slug, case.quoi, case.ou);
    }
    out
}
