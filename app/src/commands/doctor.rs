//! Looks at everything that an installation needs, one line each.

use std::path::Path;

use api::Etat;
use chrono::{DateTime, Utc};
use kernel::{Actor, Source};

use crate::assembly::House;
use crate::health::Readiness;
use crate::settings::Loaded;
use crate::{Failure, data};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    at: super::At,
}

/// What was looked at, and found well or ill.
#[derive(Default)]
struct Findings {
    ill: u32,
}

impl Findings {
    fn well(&mut self, what: &str) {
        println!("✓ {what}");
    }

    fn ill(&mut self, what: &str) {
        self.ill += 1;
        println!("✗ {what}");
    }
}

pub(crate) async fn run(args: Args) -> Result<(), Failure> {
    let mut findings = Findings::default();
    let place = args.at.place(Vec::new());
    let file = place.settings_file();
    let loaded = match args.at.load() {
        Ok(loaded) => loaded,
        Err(failure) => {
            findings.ill(&failure.message);
            return Err(Failure::said());
        }
    };
    if file.exists() {
        findings.well(&format!("paramètres lus dans {}", file.display()));
    } else {
        findings.well(&format!(
            "aucun fichier de paramètres ({}) : valeurs par défaut et environnement",
            file.display()
        ));
    }
    for line in loaded.lines() {
        println!("    {} = {}  ({})", line.key, line.value, line.origin);
    }
    folders(&mut findings, &loaded, &args.at.data);
    clock(&mut findings);
    payment(&mut findings, &loaded);
    database(&mut findings, &loaded).await;
    if findings.ill == 0 {
        println!("Tout va bien.");
        return Ok(());
    }
    println!("{} point(s) à corriger.", findings.ill);
    Err(Failure::said())
}

fn folders(findings: &mut Findings, loaded: &Loaded, data: &Path) {
    let copie = loaded.settings.extraction.copie.as_path();
    for (name, folder) in [("des données", data), ("de la copie de l'extraction", copie)] {
        match writable(folder) {
            Ok(()) => findings.well(&format!("dossier {name} : {} accepte l'écriture", folder.display())),
            Err(err) => findings.ill(&format!(
                "dossier {name} : « {} » : {err}. Créez-le, ou donnez-en le droit d'écriture au compte du service.",
                folder.display()
            )),
        }
    }
}

/// Tries to write in the folder, or in the nearest one above it that exists: it will be made when it is needed.
fn writable(folder: &Path) -> std::io::Result<()> {
    let existing = folder.ancestors().find(|f| f.as_os_str().is_empty() || f.exists()).unwrap_or(folder);
    let existing = if existing.as_os_str().is_empty() { Path::new(".") } else { existing };
    let trial = existing.join(format!(".telemaque-doctor-{}", std::process::id()));
    std::fs::write(&trial, b"")?;
    std::fs::remove_file(&trial)
}

/// A machine that woke up in another year gives wrong deadlines and refused certificates.
fn clock(findings: &mut Findings) {
    let now = super::clock().now();
    let built: DateTime<Utc> = DateTime::from_timestamp(1_735_689_600, 0).unwrap_or_default();
    let text = kernel::instant_francais(now.naive_utc());
    if now > built {
        findings.well(&format!("horloge : {text} (UTC)"));
    } else {
        findings
            .ill(&format!("horloge : {text} (UTC) est dans le passé. Réglez l'heure de la machine (NTP)."));
    }
}

/// Payment by card is whole, or is not there: a shop described by halves would lose payments.
fn payment(findings: &mut Findings, loaded: &Loaded) {
    match paybox::Boutique::new(&loaded.settings.paybox) {
        Ok(None) => findings.well("paiement en ligne : aucun ([paybox] est vide)"),
        Ok(Some(boutique)) => findings.well(&format!(
            "paiement en ligne : vers {}, clé publique de {} bits",
            boutique.origine(),
            boutique.cle_publique().bits()
        )),
        Err(erreur) => findings.ill(&format!("paiement en ligne : {erreur}.")),
    }
}

async fn database(findings: &mut Findings, loaded: &Loaded) {
    let settings = &loaded.settings;
    let db = match data::open(settings).await {
        Ok(db) => db,
        Err(failure) => {
            return findings
                .ill(&format!("{} « telemaque migrer » prépare une base neuve.", failure.message));
        }
    };
    findings.well(&format!("base : {} ({}) répond", settings.base.url, db.engine().name()));
    match data::pending(&db).await {
        Ok(missing) if missing.is_empty() => findings.well("migrations : toutes appliquées"),
        Ok(missing) => {
            return findings.ill(&format!(
                "migrations : {} à appliquer ({}). Lancez « telemaque migrer ».",
                missing.len(),
                missing.join(", ")
            ));
        }
        Err(err) => return findings.ill(&format!("migrations : {}", kernel::Fault::message(&err))),
    }
    let settings = match crate::settings::en_vigueur(&db, settings.clone()).await {
        Ok(settings) => settings,
        Err(failure) => return findings.ill(&failure.message),
    };
    set_by_pages(findings, &db).await;
    ledger(findings, &db).await;
    let house = match House::compose(db, &settings, super::clock(), Readiness::ready()) {
        Ok(house) => house,
        Err(failure) => return findings.ill(&failure.message),
    };
    accounts(findings, &house).await;
    sources(findings, &house).await;
    house.db.close().await;
}

/// What an administrator has set from the pages, over the settings shown above.
async fn set_by_pages(findings: &mut Findings, db: &db::Db) {
    match administration::actions::regler::poses(db).await {
        Ok(poses) if poses.is_empty() => {}
        Ok(poses) => {
            let keys: Vec<_> = poses.keys().map(String::as_str).collect();
            findings.well(&format!(
                "réglés depuis la page Paramètres, par-dessus le fichier : {}",
                keys.join(", ")
            ));
        }
        Err(err) => findings.ill(&format!("paramètres des pages : {}", kernel::Fault::message(&err))),
    }
}

async fn accounts(findings: &mut Findings, house: &House) {
    match house.web.comptes().lister().await {
        Ok(comptes) if comptes.iter().any(|c| c.actif) => {
            findings.well(&format!("comptes : {} actif(s)", comptes.iter().filter(|c| c.actif).count()));
        }
        Ok(_) => findings.ill(
            "comptes : aucun, personne ne peut entrer. Créez-en un : telemaque compte creer IDENTIFIANT --role informatique",
        ),
        Err(fault) => findings.ill(&format!("comptes : {}", kernel::Fault::message(&fault))),
    }
}

/// Days of the ledger that were closed are still as they were: a row changed by hand, or a base restored by halves, shows here.
async fn ledger(findings: &mut Findings, db: &db::Db) {
    let controles = match db.read(|c| async move { iexam::actions::clore::controler(&c).await }).await {
        Ok(controles) => controles,
        Err(err) => return findings.ill(&format!("caisse : {}", kernel::Fault::message(&err))),
    };
    let Some(derniere) = controles.last() else {
        return findings.well("caisse : aucune journée close");
    };
    let ecarts: Vec<_> = controles.iter().filter_map(|c| c.ecart.as_deref()).collect();
    if ecarts.is_empty() {
        let closes = match controles.len() {
            1 => "une journée close, inchangée".to_owned(),
            n => format!("{n} journées closes, inchangées"),
        };
        let jour = kernel::date_francaise(derniere.cloture.jour);
        return findings.well(&format!("caisse : {closes} (la dernière est celle du {jour})"));
    }
    for ecart in ecarts.iter().take(10) {
        findings.ill(&format!("caisse : {ecart}"));
    }
    if let Some(reste @ 1..) = ecarts.len().checked_sub(10) {
        println!("    et {reste} autres journées");
    }
    println!(
        "    Rien n'est perdu ni corrigé d'ici : arrêtez les clôtures, comparez ces journées au dernier export remis à la comptabilité et à la \
         sauvegarde du jour même, et prévenez l'agent comptable. Une écriture fausse se corrige par une autre, depuis la page de l'inscription ; \
         une base modifiée à la main se restaure."
    );
}

async fn sources(findings: &mut Findings, house: &House) {
    let liens = match house.api.verifier_liens(&Actor::Commande).await {
        Ok(liens) => liens,
        Err(fault) => return findings.ill(&format!("liens : {}", kernel::Fault::message(&fault))),
    };
    for source in Source::ALL {
        let ours: Vec<_> = liens.iter().filter(|lien| lien.source == source).collect();
        match ours.iter().find(|lien| lien.etat != Etat::Repond) {
            None if ours.is_empty() => findings.ill(&format!("{source} : aucun lien n'a pu être essayé.")),
            None => findings.well(&format!("{source} : {} lien(s) répondent", ours.len())),
            Some(lien) => findings.ill(&format!(
                "{source} : {} : {} {} « telemaque liens » donne le détail.",
                lien.nom,
                lien.detail,
                lien.remede.as_deref().unwrap_or_default()
            )),
        }
    }
}
