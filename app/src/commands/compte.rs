use std::io::{BufRead as _, IsTerminal as _};

use clap::Subcommand;
use kernel::{Actor, Role};
use web::comptes::NouveauCompte;

use crate::{Failure, assembly, data};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Crée un compte
    Creer(Creer),
    /// Liste les comptes
    Lister(Lister),
}

#[derive(Debug, clap::Args)]
struct Creer {
    /// Identifiant de connexion
    #[arg(value_name = "IDENTIFIANT")]
    identifiant: String,
    /// Rôle : etudiant, enseignant, surveillant, scolarite, direction ou informatique
    #[arg(long, value_name = "ROLE")]
    role: Role,
    /// Nom affiché [par défaut : l'identifiant]
    #[arg(long, value_name = "NOM")]
    nom: Option<String>,
    /// Lit le mot de passe sur l'entrée standard au lieu de le demander
    #[arg(long)]
    mot_de_passe_stdin: bool,
    #[command(flatten)]
    at: super::At,
}

#[derive(Debug, clap::Args)]
struct Lister {
    /// Écrit un objet JSON par compte
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    at: super::At,
}

pub(crate) async fn run(args: Args) -> Result<(), Failure> {
    match args.command {
        Command::Creer(args) => creer(args).await,
        Command::Lister(args) => lister(args).await,
    }
}

async fn creer(args: Creer) -> Result<(), Failure> {
    let settings = args.at.load()?.settings;
    let db = data::open_ready(&settings).await?;
    let mot_de_passe = if args.mot_de_passe_stdin { from_stdin()? } else { from_terminal()? };
    let web = assembly::open_web(&db, &settings, super::clock());
    let nom = args.nom.unwrap_or_else(|| args.identifiant.clone());
    let new = NouveauCompte { identifiant: args.identifiant.clone(), nom, role: args.role, mot_de_passe };
    web.comptes().creer(&Actor::Commande, new).await?;
    println!("Le compte « {} » est créé ({}).", args.identifiant.trim().to_lowercase(), args.role.libelle());
    db.close().await;
    Ok(())
}

async fn lister(args: Lister) -> Result<(), Failure> {
    let settings = args.at.load()?.settings;
    let db = data::open_ready(&settings).await?;
    let comptes = assembly::open_web(&db, &settings, super::clock()).comptes().lister().await?;
    if comptes.is_empty() && !args.json {
        println!("Aucun compte. Créez le premier : telemaque compte creer IDENTIFIANT --role informatique");
    }
    for c in comptes {
        if args.json {
            let role = c.role;
            println!(
                "{}",
                serde_json::json!({"identifiant": c.identifiant, "nom": c.nom, "role": role, "actif": c.actif})
            );
        } else {
            let closed = if c.actif { "" } else { "  (désactivé)" };
            println!("{:<24} {:<22} {}{closed}", c.identifiant, c.role.libelle(), c.nom);
        }
    }
    db.close().await;
    Ok(())
}

fn from_stdin() -> Result<String, Failure> {
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|err| Failure::new(format!("Le mot de passe ne peut pas être lu : {err}.")))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn from_terminal() -> Result<String, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::new(
            "Il n'y a pas de terminal où demander le mot de passe : donnez-le sur l'entrée standard avec --mot-de-passe-stdin.",
        ));
    }
    let ask = |question: &str| {
        eprint!("{question} : ");
        console::Term::stderr()
            .read_secure_line()
            .map_err(|err| Failure::new(format!("Le mot de passe ne peut pas être lu : {err}.")))
    };
    let first = ask("Mot de passe (12 caractères au moins)")?;
    if ask("Le même, encore une fois")? != first {
        return Err(Failure::new("Les deux saisies diffèrent. Rien n'a été créé : recommencez."));
    }
    Ok(first)
}
