//! Periods of exams from the command line, by the same actions as their pages.

use clap::Subcommand;
use db::Db;
use iexam::Iexam;
use iexam::actions::periode_avancer::{Pas, avancer, situation};
use iexam::actions::periode_ouvrir::{Copie, ouvrir, proposer};
use iexam::domain::avancement::Poids;
use iexam::domain::periode::{EtatPeriode, Periode};
use iexam::store::periode::{periode_list, periode_par_code};
use kernel::{Actor, AnneeUniversitaire, date_francaise, heure_de_besancon, instant_francais};
use serde_json::{Value, json};

use crate::{Failure, data};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Liste les périodes, la dernière année d'abord
    Lister(Toutes),
    /// Montre une période : ses dates, ce qu'elle contient, ce qui manque avant l'étape suivante
    Montrer(Une),
    /// Ouvre une période à partir d'une autre, en préparation
    Ouvrir(Ouvrir),
    /// Fait passer une période à l'étape suivante
    Avancer(Bouger),
    /// Ramène une période à l'étape précédente
    Reculer(Bouger),
}

#[derive(Debug, clap::Args)]
struct Toutes {
    /// Écrit un objet JSON par période
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    at: super::At,
}

#[derive(Debug, clap::Args)]
struct Une {
    /// Année universitaire : 2026 pour 2026/2027
    #[arg(value_name = "ANNÉE")]
    annee: AnneeUniversitaire,
    /// P1, P2 ou P3
    #[arg(value_name = "CODE")]
    code: String,
    /// Écrit un objet JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    at: super::At,
}

#[derive(Debug, clap::Args)]
struct Ouvrir {
    #[command(flatten)]
    une: Une,
    /// Période de départ, comme « 2025/P1 » [par défaut : celle de même code de l'année d'avant]
    #[arg(long, value_name = "ANNÉE/CODE")]
    depuis: Option<String>,
    /// Copie aussi les épreuves, sans leurs dates
    #[arg(long)]
    epreuves: bool,
}

#[derive(Debug, clap::Args)]
struct Bouger {
    #[command(flatten)]
    une: Une,
    /// Confirme ce qui demande une confirmation
    #[arg(long)]
    confirmer: bool,
}

pub(crate) async fn run(args: Args) -> Result<(), Failure> {
    match args.command {
        Command::Lister(args) => lister(args).await,
        Command::Montrer(args) => montrer(args).await,
        Command::Ouvrir(args) => ouvrir_une(args).await,
        Command::Avancer(args) => bouger(args, Pas::Avant).await,
        Command::Reculer(args) => bouger(args, Pas::Arriere).await,
    }
}

/// Exams of an installation, and what must be closed after.
async fn open(at: &super::At) -> Result<(Db, Iexam), Failure> {
    let settings = at.load()?.settings;
    let db = data::open_ready(&settings).await?;
    let settings = crate::settings::en_vigueur(&db, settings).await?;
    let iexam = crate::assembly::open_iexam(&db, &settings, &super::clock())?;
    Ok((db, iexam))
}

async fn lire(iexam: &Iexam, annee: AnneeUniversitaire, code: &str) -> Result<Periode, Failure> {
    let code = code.to_uppercase();
    let cle = code.as_str();
    let lue = iexam.db.read(|c| async move { periode_par_code(&c, annee, cle).await }).await?;
    lue.ok_or_else(|| {
        Failure::new(format!(
            "La période {code} {} n'existe pas. « telemaque periode lister » les donne toutes.",
            annee.libelle()
        ))
    })
}

async fn lister(args: Toutes) -> Result<(), Failure> {
    let (db, iexam) = open(&args.at).await?;
    let toutes = iexam.db.read(|c| async move { periode_list(&c).await }).await?;
    if toutes.is_empty() && !args.json {
        println!("Aucune période. Ouvrez la première depuis la page « Périodes ».");
    }
    for p in &toutes {
        if args.json {
            println!("{}", dite(p));
        } else {
            println!("{:<14} {:<22} {}", p.nom(), p.etat.libelle(), p.libelle);
        }
    }
    db.close().await;
    Ok(())
}

/// A period as an object.
fn dite(p: &Periode) -> Value {
    json!({
        "annee": p.annee, "code": p.code, "libelle": p.libelle, "etat": p.etat.code(),
        "inscriptions_debut": p.inscriptions_debut, "inscriptions_fin": p.inscriptions_fin,
        "epreuves_debut": p.epreuves_debut, "epreuves_fin": p.epreuves_fin,
    })
}

/// A period as an object, with more in it.
fn dite_avec(p: &Periode, plus: Value) -> Value {
    let mut objet = dite(p);
    if let (Some(objet), Value::Object(plus)) = (objet.as_object_mut(), plus) {
        objet.extend(plus);
    }
    objet
}

/// How much something weighs before a step: its code, and as it is read.
fn poids(poids: Poids) -> (&'static str, &'static str) {
    match poids {
        Poids::Bloque => ("bloque", "à régler"),
        Poids::Confirme => ("confirme", "à confirmer"),
        Poids::Avertit => ("avertit", "à savoir"),
    }
}

async fn montrer(args: Une) -> Result<(), Failure> {
    let (db, iexam) = open(&args.at).await?;
    let p = lire(&iexam, args.annee, &args.code).await?;
    let s = situation(&iexam, p).await?;
    let p = &s.periode;
    let freins = s.freins(Pas::Avant, iexam.clock.now());
    if args.json {
        let inscriptions: serde_json::Map<_, _> =
            s.constat.inscriptions.iter().map(|(etat, n)| (etat.code().to_owned(), json!(n))).collect();
        let horloge: Vec<_> = s
            .horloge
            .iter()
            .map(|a| json!({ "echeance": a.echeance.code(), "manquee": a.manquee(), "phrase": a.phrase() }))
            .collect();
        let avant: Vec<_> =
            freins.iter().map(|f| json!({ "poids": poids(f.poids).0, "phrase": f.phrase })).collect();
        let plus = json!({
            "epreuves": s.constat.epreuves, "modalites": s.constat.offertes, "inscriptions": inscriptions,
            "horloge": horloge, "suivant": p.etat.suivant().map(EtatPeriode::code), "avant_la_suite": avant,
        });
        println!("{}", dite_avec(p, plus));
        db.close().await;
        return Ok(());
    }
    println!("{} : {} ({})", p.nom(), p.libelle, p.etat.libelle());
    let le = |instant| instant_francais(heure_de_besancon(instant));
    println!("Inscriptions du {} au {}", le(p.inscriptions_debut), le(p.inscriptions_fin));
    println!("Épreuves du {} au {}", date_francaise(p.epreuves_debut), date_francaise(p.epreuves_fin));
    for a in &s.horloge {
        println!("{} : {}", a.echeance.libelle(), a.phrase());
    }
    println!("Épreuves : {} ; modalités offertes : {}", s.constat.epreuves, s.constat.offertes.len());
    for (etat, n) in &s.constat.inscriptions {
        println!("Inscriptions « {} » : {n}", etat.libelle());
    }
    if let Some(vers) = p.etat.suivant() {
        println!(
            "Avant l'étape « {} » :{}",
            vers.libelle(),
            if freins.is_empty() { " rien ne manque" } else { "" }
        );
    }
    for f in freins {
        println!("  [{}] {}", poids(f.poids).1, f.phrase);
    }
    db.close().await;
    Ok(())
}

async fn ouvrir_une(args: Ouvrir) -> Result<(), Failure> {
    let (db, iexam) = open(&args.une.at).await?;
    let code = args.une.code.to_uppercase();
    let (annee, de) = match &args.depuis {
        Some(texte) => {
            let nommee = texte.split_once('/').and_then(|(a, c)| Some((a.parse().ok()?, c.to_uppercase())));
            nommee.ok_or_else(|| {
                Failure::new(format!("« {texte} » ne nomme pas une période : écrivez par exemple 2025/P1."))
            })?
        }
        None => (args.une.annee.precedente(), code.clone()),
    };
    let source = lire(&iexam, annee, &de).await.map_err(|failure| match args.depuis {
        Some(_) => failure,
        None => Failure::new(format!("{failure} Dites de laquelle partir : --depuis ANNÉE/CODE.")),
    })?;
    let mut o = proposer(&iexam, Some(&source), args.une.annee).await?;
    o.code = code;
    o.copie = Copie { epreuves: args.epreuves, ..Copie::USUELLE };
    let (_, a) = ouvrir(&iexam, &o, &Actor::Commande).await?;
    if args.une.json {
        let ouverte = lire(&iexam, o.annee, &o.code).await?;
        let plus = json!({
            "copiee_de": source.nom(), "modalites": a.modalites.len(), "centres": a.centres.len(),
            "epreuves": if o.copie.epreuves { a.epreuves } else { 0 },
        });
        println!("{}", dite_avec(&ouverte, plus));
        db.close().await;
        return Ok(());
    }
    println!(
        "La période {} {} est ouverte, en préparation, à partir de {} : modalités {}, centres {}, épreuves {}.",
        o.code,
        o.annee.libelle(),
        source.nom(),
        a.modalites.len(),
        a.centres.len(),
        if o.copie.epreuves { a.epreuves } else { 0 }
    );
    println!(
        "Épreuves du {} au {}.",
        date_francaise(o.dates.epreuves_debut),
        date_francaise(o.dates.epreuves_fin)
    );
    db.close().await;
    Ok(())
}

async fn bouger(args: Bouger, pas: Pas) -> Result<(), Failure> {
    let (db, iexam) = open(&args.une.at).await?;
    let p = lire(&iexam, args.une.annee, &args.une.code).await?;
    let vers = avancer(&iexam, p.id, pas, p.etat, args.confirmer, &Actor::Commande).await;
    let vers = vers.map_err(|faute| match faute {
        iexam::actions::regler_fault::ReglageFault::AConfirmer(phrases) => {
            Failure::new(format!("{} Ajoutez --confirmer pour le faire quand même.", phrases.join(" ")))
        }
        faute => faute.into(),
    })?;
    if args.une.json {
        println!(
            "{}",
            dite_avec(&lire(&iexam, p.annee, &p.code).await?, json!({ "etat_avant": p.etat.code() }))
        );
        db.close().await;
        return Ok(());
    }
    println!("{} : {} → {}.", p.nom(), p.etat.libelle(), vers.libelle());
    db.close().await;
    Ok(())
}
