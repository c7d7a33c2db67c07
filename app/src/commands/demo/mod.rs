//! The whole suite in one process, on invented data: sandbox, database, accounts, pages, jobs, first collection.

mod collect;
mod examens;
mod world;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::accounts::{self, DemoAccount};
use crate::assembly::House;
use crate::health::Readiness;
use crate::settings::{self, Written, load};
use crate::{Failure, data, serve, shutdown, worker};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Dossier des données : tout ce que la démonstration garde
    #[arg(long, value_name = "DOSSIER", default_value = "./data")]
    data: PathBuf,
    /// Port des pages ; 0 en prend un libre
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    port: u16,
    /// Graine de l'université inventée
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Nombre d'étudiants de l'université inventée
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(..=100_000))]
    etudiants: Option<u64>,
    /// Dossier d'une extraction réelle, servie au lieu de l'offre inventée
    #[arg(long, value_name = "DOSSIER")]
    extraction: Option<PathBuf>,
    /// N'écrit sur la sortie standard qu'une ligne de JSON : adresses et comptes
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: Args) -> Result<(), Failure> {
    let shutdown = shutdown::listen()?;
    // The address comes first: a port that is taken is said before anything is made.
    let listener = serve::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, args.port))).await?;
    let adresse = listener.local_addr().map_err(|err| Failure::new(err.to_string()))?;
    // By its absolute path: the settings written in it must hold wherever commands are typed.
    let folder = data::folder(&args.data)?;

    let at = super::At { data: folder.clone(), parametres: None };
    let held = at.load()?.settings;
    let world = world::start(&args, &held).await?;
    let file = at.place(Vec::new()).settings_file();
    settings::write(
        &file,
        &Written {
            base: &held.base.url.0,
            adresse,
            bac_a_sable: world.url.as_str(),
            courriel: &world.courriel,
            basic: (&world.basic.0, &world.basic.1),
            jeton: &world.jeton,
            demo: &world.demo,
        },
    )?;
    let settings = load(&at.place(Vec::new()))?.settings;

    let clock = super::clock();
    let (db, _) = data::open_migrated(&settings, clock.as_ref()).await?;
    let ready = Readiness::starting();
    let settings = settings::en_vigueur(&db, settings).await?;
    let house = House::compose(db, &settings, clock, ready.clone())?;
    let file = folder.join("comptes-demo.json");
    let mut accounts = accounts::ensure(&file, &house.web).await?;

    let pages = tokio::spawn({
        let (house, shutdown) = (house.clone(), shutdown.clone());
        async move { serve::run(listener, &house, &shutdown).await }
    });
    let work = tokio::spawn({
        let (house, travaux, shutdown) = (house.clone(), settings.travaux.clone(), shutdown.clone());
        async move { worker::run(&house, &travaux, &shutdown).await }
    });

    if let Err(failure) = collect::first(&house, &shutdown).await {
        eprintln!("{failure}");
        eprintln!("La démonstration continue avec ce qu'elle a : relancez la collecte depuis sa page.");
    }
    if !shutdown.was_asked() {
        accounts::assign(&file, &house, &mut accounts).await?;
        if let Err(failure) = examens::ensure(&house, &accounts).await {
            eprintln!("{failure}");
            eprintln!("La démonstration continue sans examens préparés.");
        }
        ready.set();
        if args.json {
            println!(
                "{}",
                json!({"adresse": format!("http://{adresse}"), "bac_a_sable": world.url, "comptes": accounts})
            );
        } else {
            print!("{}", welcome(adresse, &world.url, &house, &settings, &accounts, &file));
        }
    }
    shutdown.asked().await;
    let served = pages.await;
    // A job that panicked is its own affair; the worker itself has nothing to say.
    let _ = work.await;
    world.sandbox.stop().await;
    house.db.close().await;
    served.unwrap_or_else(|err| Err(Failure::new(format!("Le serveur s'est arrêté sur un défaut : {err}."))))
}

fn welcome(
    adresse: SocketAddr,
    sandbox: &str,
    house: &House,
    settings: &settings::Settings,
    accounts: &[DemoAccount],
    file: &Path,
) -> String {
    use std::fmt::Write as _;
    let mut out = String::from("\nTélémaque est prêt.\n\n");
    let _ = writeln!(out, "  Pages                http://{adresse}");
    let _ = writeln!(
        out,
        "  Bac à sable          {sandbox}  (panneau de commande : {sandbox}/controle ; courriels : {sandbox}/courriels)"
    );
    let _ = writeln!(out, "  Base                 {} ({})", settings.base.url, house.db.engine().name());
    let _ = writeln!(out, "\n  {:<20} {:<15} Mot de passe", "Rôle", "Identifiant");
    for account in accounts.iter().filter(|account| account.is_first()) {
        let _ = writeln!(
            out,
            "  {:<20} {:<15} {}",
            account.role.libelle(),
            account.identifiant,
            account.mot_de_passe
        );
    }
    let others: Vec<_> = accounts.iter().filter(|account| !account.is_first()).collect();
    if let (Some(first), Some(last)) = (others.first(), others.last()) {
        let _ = writeln!(
            out,
            "\n  {} autres comptes d'étudiants, de {} à {}, ont leurs mots de passe dans {}",
            others.len(),
            first.identifiant,
            last.identifiant,
            file.display()
        );
    }
    out.push_str(
        "\nCtrl-C pour tout arrêter. Les données restent : la prochaine fois, quelques secondes suffiront.\n",
    );
    out
}
