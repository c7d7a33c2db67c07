//! Accounts, from the command line: what is needed before anybody can sign in, and when nobody can any more. Only the database is opened:
//! neither Apogée nor the other sources need to be configured.

mod lister;
mod saisie;

use clap::{Subcommand, ValueEnum};
use db::Db;
use kernel::{Actor, Role, heure_de_besancon, instant_francais};
use web::comptes::{Comptes, Entree, Modification, NouveauCompte, NouvelAcces, Ouvert, numero_etudiant};

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
    /// Change le nom, le rôle ou la connexion d'un compte
    Modifier(Modifier),
    /// Donne un autre mot de passe à un compte et ferme ses sessions
    MotDePasse(MotDePasse),
    /// Rouvre un compte désactivé
    Activer(Un),
    /// Ferme un compte et ses sessions
    Desactiver(Un),
    /// Rouvre tout de suite un compte bloqué par des essais manqués
    Debloquer(Un),
    /// Liste les comptes
    Lister(lister::Args),
    /// Liste les sessions ouvertes d'un compte, ou les ferme
    Sessions(lister::Sessions),
}

/// How an account is entered, as one types it.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Connexion {
    Tous,
    Cas,
    Local,
}

impl From<Connexion> for Entree {
    fn from(connexion: Connexion) -> Self {
        match connexion {
            Connexion::Tous => Self::Tous,
            Connexion::Cas => Self::Cas,
            Connexion::Local => Self::Local,
        }
    }
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
    /// Numéro de l'étudiant dont c'est le compte, pour le rôle etudiant seulement
    #[arg(long, value_name = "NUMERO")]
    etudiant: Option<String>,
    /// Le compte ne s'ouvre que par le CAS : il n'a pas de mot de passe
    #[arg(long, conflicts_with_all = ["mot_de_passe_stdin", "provisoire"])]
    cas: bool,
    /// Donne un mot de passe provisoire, à changer à la première connexion, au lieu de le demander
    #[arg(long, conflicts_with = "mot_de_passe_stdin")]
    provisoire: bool,
    /// Lit le mot de passe sur l'entrée standard au lieu de le demander
    #[arg(long)]
    mot_de_passe_stdin: bool,
    #[command(flatten)]
    at: super::At,
}

#[derive(Debug, clap::Args)]
struct Modifier {
    /// Identifiant du compte
    #[arg(value_name = "IDENTIFIANT")]
    identifiant: String,
    /// Nouveau nom affiché
    #[arg(long, value_name = "NOM")]
    nom: Option<String>,
    /// Nouveau rôle
    #[arg(long, value_name = "ROLE")]
    role: Option<Role>,
    /// Comment il s'ouvre : tous (CAS ou mot de passe), cas (CAS seulement), local (mot de passe seulement)
    #[arg(long, value_name = "CONNEXION")]
    connexion: Option<Connexion>,
    /// Numéro de l'étudiant dont c'est le compte ; vide ('') pour le retirer
    #[arg(long, value_name = "NUMERO")]
    etudiant: Option<String>,
    #[command(flatten)]
    at: super::At,
}

#[derive(Debug, clap::Args)]
struct MotDePasse {
    /// Identifiant du compte
    #[arg(value_name = "IDENTIFIANT")]
    identifiant: String,
    /// Donne un mot de passe provisoire, à changer à la prochaine connexion, au lieu de le demander
    #[arg(long, conflicts_with = "mot_de_passe_stdin")]
    provisoire: bool,
    /// Lit le mot de passe sur l'entrée standard au lieu de le demander
    #[arg(long)]
    mot_de_passe_stdin: bool,
    #[command(flatten)]
    at: super::At,
}

#[derive(Debug, clap::Args)]
struct Un {
    /// Identifiant du compte
    #[arg(value_name = "IDENTIFIANT")]
    identifiant: String,
    #[command(flatten)]
    at: super::At,
}

pub(crate) async fn run(args: Args) -> Result<(), Failure> {
    match args.command {
        Command::Creer(args) => creer(args).await,
        Command::Modifier(args) => modifier(args).await,
        Command::MotDePasse(args) => mot_de_passe(args).await,
        Command::Activer(args) => activer(args, true).await,
        Command::Desactiver(args) => activer(args, false).await,
        Command::Debloquer(args) => debloquer(args).await,
        Command::Lister(args) => lister::lister(args).await,
        Command::Sessions(args) => lister::sessions(args).await,
    }
}

/// The accounts of an installation, and what must be closed after.
async fn open(at: &super::At) -> Result<(Db, Comptes), Failure> {
    let settings = at.load()?.settings;
    let db = data::open_ready(&settings).await?;
    let comptes = assembly::open_web(&db, &settings, super::clock()).comptes().clone();
    Ok((db, comptes))
}

async fn creer(args: Creer) -> Result<(), Failure> {
    let (db, comptes) = open(&args.at).await?;
    let nom = args.nom.unwrap_or_default();
    let etudiant = numero_etudiant(args.etudiant.as_deref().unwrap_or_default())?;
    if args.cas || args.provisoire {
        let entree = if args.cas { Entree::Cas } else { Entree::Tous };
        let nouvel = NouvelAcces { identifiant: args.identifiant, nom, role: args.role, entree, etudiant };
        let ouvert = comptes.ouvrir(&Actor::Commande, nouvel).await?;
        println!("Le compte « {} » est créé ({}).", ouvert.identifiant, args.role.libelle());
        dire_provisoire(&ouvert);
    } else {
        let mot_de_passe = saisie::mot_de_passe(args.mot_de_passe_stdin)?;
        let new = NouveauCompte { identifiant: args.identifiant.clone(), nom, role: args.role, mot_de_passe };
        match etudiant {
            Some(numero) => comptes.creer_etudiant(&Actor::Commande, new, numero).await?,
            None => comptes.creer(&Actor::Commande, new).await?,
        };
        println!(
            "Le compte « {} » est créé ({}).",
            args.identifiant.trim().to_lowercase(),
            args.role.libelle()
        );
    }
    db.close().await;
    Ok(())
}

fn dire_provisoire(ouvert: &Ouvert) {
    match &ouvert.provisoire {
        Some(mot) => {
            let jusqu_a = instant_francais(heure_de_besancon(ouvert.jusqu_a));
            println!("Mot de passe provisoire : {mot}");
            println!("Il n'est écrit nulle part ailleurs ; il sert une fois, jusqu'au {jusqu_a}.");
        }
        None => println!("Il s'ouvre par le CAS, sous le même identifiant."),
    }
}

async fn modifier(args: Modifier) -> Result<(), Failure> {
    let (db, comptes) = open(&args.at).await?;
    if args.nom.is_none() && args.role.is_none() && args.connexion.is_none() && args.etudiant.is_none() {
        return Err(Failure::new("Rien à modifier : donnez --nom, --role, --connexion ou --etudiant."));
    }
    let held = lister::connu(&comptes, &args.identifiant).await?;
    let role = args.role.unwrap_or(held.role);
    let etudiant = match &args.etudiant {
        Some(numero) => numero_etudiant(numero)?,
        // Who is no longer a student has no number any more.
        None => held.etudiant.clone().filter(|_| role == Role::Etudiant),
    };
    let modification = Modification {
        nom: args.nom.unwrap_or_else(|| held.nom.clone()),
        role,
        etudiant,
        entree: args.connexion.map_or(held.entree, Entree::from),
    };
    // On what was just read: another administrator's page may be saving at the same instant.
    comptes.modifier(&Actor::Commande, &held.identifiant, modification, Some(&held.vu().value())).await?;
    let now = lister::connu(&comptes, &held.identifiant).await?;
    println!(
        "Le compte « {} » est modifié : {}, {}, {}.",
        now.identifiant,
        now.nom,
        now.role.libelle(),
        now.entree.libelle()
    );
    if !now.mot_de_passe && now.entree != Entree::Cas {
        println!(
            "Il n'a pas de mot de passe : telemaque compte mot-de-passe {} --provisoire",
            now.identifiant
        );
    }
    db.close().await;
    Ok(())
}

async fn mot_de_passe(args: MotDePasse) -> Result<(), Failure> {
    let (db, comptes) = open(&args.at).await?;
    let held = lister::connu(&comptes, &args.identifiant).await?;
    if args.provisoire {
        let ouvert = comptes.reinitialiser(&Actor::Commande, &held.identifiant).await?;
        println!("Le mot de passe de « {} » est remplacé, ses sessions sont fermées.", held.identifiant);
        dire_provisoire(&ouvert);
    } else {
        let mot = saisie::mot_de_passe(args.mot_de_passe_stdin)?;
        comptes.changer_mot_de_passe(&Actor::Commande, &held.identifiant, mot, None).await?;
        println!("Le mot de passe de « {} » est changé, ses sessions sont fermées.", held.identifiant);
    }
    db.close().await;
    Ok(())
}

async fn activer(args: Un, actif: bool) -> Result<(), Failure> {
    let (db, comptes) = open(&args.at).await?;
    let held = lister::connu(&comptes, &args.identifiant).await?;
    comptes.activer(&Actor::Commande, &held.identifiant, actif).await?;
    if actif {
        println!("Le compte « {} » est actif.", held.identifiant);
    } else {
        println!("Le compte « {} » est désactivé, ses sessions sont fermées.", held.identifiant);
    }
    db.close().await;
    Ok(())
}

async fn debloquer(args: Un) -> Result<(), Failure> {
    let (db, comptes) = open(&args.at).await?;
    let held = lister::connu(&comptes, &args.identifiant).await?;
    if comptes.debloquer(&Actor::Commande, &held.identifiant).await? {
        println!("Le compte « {} » est débloqué.", held.identifiant);
    } else {
        println!("Le compte « {} » n'était pas bloqué.", held.identifiant);
    }
    db.close().await;
    Ok(())
}
