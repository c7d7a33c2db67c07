//! Tokens of other applications, from the command line. Only the database is opened: neither Apogée nor the other sources need to be
//! configured. A process that serves knows of what is done here within five seconds.

use chrono::{Duration, NaiveDate};
use clap::Subcommand;
use db::Db;
use kernel::{Actor, Scope, date_francaise, heure_de_besancon, instant_francais, nombre_francais};
use serde_json::json;
use web::jetons::{DELAI_DE_GRACE, EtatJeton, Jeton, Jetons, NouveauJeton, Secret};

use crate::{Failure, assembly, data};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Crée un jeton ; son secret n'est montré qu'ici
    Creer(Creer),
    /// Remplace le secret d'un jeton ; l'ancien sert encore 24 heures
    Renouveler(Renouveler),
    /// Révoque un jeton : il est refusé aussitôt, en cinq secondes au plus par les autres processus
    Revoquer(Un),
    /// Liste les jetons
    Lister(Lister),
    /// Montre ce qu'un jeton a demandé, jour par jour
    Usage(UsageArgs),
}

#[derive(Debug, clap::Args)]
struct Creer {
    /// Nom du jeton : celui de l'application
    #[arg(value_name = "NOM")]
    nom: String,
    /// Ce qu'il permet de lire, séparé par des virgules : maquette:lire, etudiants:lire…
    #[arg(long, value_name = "DROITS", value_delimiter = ',', required = true)]
    droits: Vec<Scope>,
    /// À quoi il sert, qui appeler
    #[arg(long, value_name = "TEXTE", default_value = "", hide_default_value = true)]
    objet: String,
    /// Dernier jour où il est accepté : 2027-08-31 [par défaut : sans échéance]
    #[arg(long, value_name = "JOUR", value_parser = jour)]
    expire: Option<NaiveDate>,
    /// Requêtes par minute [par défaut : sans limite]
    #[arg(long, value_name = "N")]
    quota_minute: Option<i64>,
    /// Requêtes par jour [par défaut : sans limite]
    #[arg(long, value_name = "N")]
    quota_jour: Option<i64>,
    /// Écrit un objet JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    at: super::At,
}

#[derive(Debug, clap::Args)]
struct Renouveler {
    /// Nom du jeton
    #[arg(value_name = "NOM")]
    nom: String,
    /// Dernier jour où il sera accepté : 2027-08-31 [par défaut : celui d'avant s'il est à venir]
    #[arg(long, value_name = "JOUR", value_parser = jour)]
    expire: Option<NaiveDate>,
    /// Refuse l'ancien secret tout de suite, au lieu de l'accepter encore 24 heures
    #[arg(long)]
    sans_delai: bool,
    /// Écrit un objet JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    at: super::At,
}

#[derive(Debug, clap::Args)]
struct Un {
    /// Nom du jeton
    #[arg(value_name = "NOM")]
    nom: String,
    #[command(flatten)]
    at: super::At,
}

#[derive(Debug, clap::Args)]
struct Lister {
    /// Écrit un objet JSON par jeton
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    at: super::At,
}

#[derive(Debug, clap::Args)]
struct UsageArgs {
    /// Nom du jeton
    #[arg(value_name = "NOM")]
    nom: String,
    /// Nombre de jours, aujourd'hui compris
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=366))]
    jours: u16,
    /// Écrit un objet JSON par jour et famille d'adresses
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    at: super::At,
}

fn jour(text: &str) -> Result<NaiveDate, String> {
    text.parse().map_err(|_| format!("« {text} » n'est pas un jour. Écrivez année-mois-jour : 2027-08-31."))
}

pub(crate) async fn run(args: Args) -> Result<(), Failure> {
    match args.command {
        Command::Creer(args) => creer(args).await,
        Command::Renouveler(args) => renouveler(args).await,
        Command::Revoquer(args) => revoquer(args).await,
        Command::Lister(args) => lister(args).await,
        Command::Usage(args) => usage(args).await,
    }
}

/// The tokens of an installation, and what must be closed after.
async fn open(at: &super::At) -> Result<(Db, Jetons), Failure> {
    let settings = at.load()?.settings;
    let db = data::open_ready(&settings).await?;
    let jetons = assembly::open_web(&db, &settings, super::clock()).jetons().clone();
    Ok((db, jetons))
}

async fn creer(args: Creer) -> Result<(), Failure> {
    let (db, jetons) = open(&args.at).await?;
    let nouveau = NouveauJeton {
        nom: args.nom,
        objet: args.objet,
        droits: args.droits,
        jusqu_au: args.expire,
        quota_minute: args.quota_minute,
        quota_jour: args.quota_jour,
    };
    let (jeton, secret) = jetons.creer(&Actor::Commande, nouveau).await?;
    if args.json {
        println!("{}", avec_secret(&jeton, &secret));
    } else {
        println!("Le jeton « {} » est créé : {}.", jeton.nom, droits(&jeton));
        dire_secret(&jeton, &secret);
    }
    db.close().await;
    Ok(())
}

async fn renouveler(args: Renouveler) -> Result<(), Failure> {
    let (db, jetons) = open(&args.at).await?;
    let grace = (!args.sans_delai).then_some(DELAI_DE_GRACE);
    let held = jetons.lire(&args.nom).await?;
    let day = args.expire.or_else(|| held.jusqu_au().filter(|_| etat(&held) == EtatJeton::Actif));
    let (jeton, secret) = jetons.renouveler(&Actor::Commande, &args.nom, day, grace).await?;
    if args.json {
        println!("{}", avec_secret(&jeton, &secret));
    } else {
        println!("Le secret du jeton « {} » est remplacé.", jeton.nom);
        match jeton.ancien_jusqu_a {
            Some(fin) => {
                println!("L'ancien est encore accepté jusqu'au {}.", instant_francais(heure_de_besancon(fin)))
            }
            None => println!("L'ancien n'est plus accepté."),
        }
        dire_secret(&jeton, &secret);
    }
    db.close().await;
    Ok(())
}

fn dire_secret(jeton: &Jeton, secret: &Secret) {
    println!("Secret : {}", secret.expose());
    println!("Il n'est écrit nulle part ailleurs : copiez-le maintenant dans les réglages de l'application.");
    if let Some(jour) = jeton.jusqu_au() {
        println!("Il est accepté jusqu'au {} inclus.", date_francaise(jour));
    }
}

fn avec_secret(jeton: &Jeton, secret: &Secret) -> serde_json::Value {
    let mut out = objet(jeton, None);
    if let Some(fields) = out.as_object_mut() {
        fields.insert("secret".to_owned(), json!(secret.expose()));
    }
    out
}

fn droits(jeton: &Jeton) -> String {
    jeton.droits.iter().map(|scope| scope.code()).collect::<Vec<_>>().join(", ")
}

async fn revoquer(args: Un) -> Result<(), Failure> {
    let (db, jetons) = open(&args.at).await?;
    let jeton = jetons.revoquer(&Actor::Commande, &args.nom).await?;
    println!("Le jeton « {} » est révoqué : l'application qui l'utilise ne peut plus rien lire.", jeton.nom);
    println!("Pour la rouvrir avec un autre secret : telemaque jeton renouveler {}", jeton.nom);
    db.close().await;
    Ok(())
}

fn etat(jeton: &Jeton) -> EtatJeton {
    jeton.etat(super::clock().now())
}

fn objet(jeton: &Jeton, requetes: Option<i64>) -> serde_json::Value {
    json!({
        "nom": jeton.nom,
        "objet": jeton.objet,
        "prefixe": jeton.prefixe,
        "droits": jeton.droits,
        "etat": etat(jeton).code(),
        "expire": jeton.jusqu_au(),
        "quota_minute": jeton.quota_minute,
        "quota_jour": jeton.quota_jour,
        "cree_le": jeton.cree_le,
        "cree_par": jeton.cree_par,
        "revoque_le": jeton.revoque_le,
        "vu_le": jeton.vu_le,
        "requetes_30_jours": requetes,
    })
}

async fn lister(args: Lister) -> Result<(), Failure> {
    let (db, jetons) = open(&args.at).await?;
    let held = jetons.lister().await?;
    let totals = jetons.usage_totaux(jetons.aujourd_hui() - Duration::days(29)).await?;
    if held.is_empty() && !args.json {
        println!("Aucun jeton. Créez le premier : telemaque jeton creer NOM --droits maquette:lire");
    }
    for jeton in held {
        let used = totals.iter().find(|(id, _)| *id == jeton.id).map_or(0, |(_, n)| *n);
        if args.json {
            println!("{}", objet(&jeton, Some(used)));
            continue;
        }
        let end = match (etat(&jeton), jeton.jusqu_au()) {
            (EtatJeton::Actif, Some(jour)) => format!("jusqu'au {}", jour.format("%d/%m/%Y")),
            (EtatJeton::Actif, None) => "sans échéance".to_owned(),
            (other, _) => other.libelle().to_lowercase(),
        };
        println!(
            "{:<24} {:<10} {:<22} {:>12} en 30 jours  {}",
            jeton.nom,
            format!("{}…", jeton.prefixe),
            end,
            nombre_francais(used),
            droits(&jeton)
        );
    }
    db.close().await;
    Ok(())
}

async fn usage(args: UsageArgs) -> Result<(), Failure> {
    let (db, jetons) = open(&args.at).await?;
    let jeton = jetons.lire(&args.nom).await?;
    let since = jetons.aujourd_hui() - Duration::days(i64::from(args.jours) - 1);
    let lines = jetons.usage(&jeton, since).await?;
    if !args.json {
        let seen = jeton.vu_le.map(|vu| instant_francais(heure_de_besancon(vu)));
        println!("Jeton « {} », dernière utilisation : {}.", jeton.nom, seen.as_deref().unwrap_or("jamais"));
        if lines.is_empty() {
            println!("Aucune requête depuis le {}.", date_francaise(since));
        } else {
            println!(
                "{:<12} {:<34} {:>12} {:>10} {:>14}",
                "Jour", "Adresses", "Requêtes", "Refusées", "Octets"
            );
        }
    }
    for line in lines {
        if args.json {
            println!(
                "{}",
                json!({
                    "jour": line.jour, "famille": line.famille, "requetes": line.requetes,
                    "refusees": line.refusees, "octets": line.octets,
                })
            );
        } else {
            println!(
                "{:<12} {:<34} {:>12} {:>10} {:>14}",
                line.jour.format("%d/%m/%Y"),
                line.famille,
                nombre_francais(line.requetes),
                nombre_francais(line.refusees),
                nombre_francais(line.octets)
            );
        }
    }
    db.close().await;
    Ok(())
}
