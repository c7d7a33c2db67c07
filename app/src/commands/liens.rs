use api::{Etat, Lien};
use kernel::{Actor, Source};

use crate::assembly::House;
use crate::health::Readiness;
use crate::{Failure, data};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    at: super::At,
    /// Écrit un objet JSON par lien
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: Args) -> Result<(), Failure> {
    let settings = args.at.load()?.settings;
    let db = data::open_ready(&settings).await?;
    let settings = crate::settings::en_vigueur(&db, settings).await?;
    let house = House::compose(db, &settings, super::clock(), Readiness::ready())?;
    let liens = house.api.verifier_liens(&Actor::Commande).await?;
    for lien in &liens {
        if args.json {
            println!("{}", json(lien));
        } else {
            println!("{}", line(lien));
        }
    }
    house.db.close().await;
    let down = liens.iter().filter(|lien| lien.etat != Etat::Repond).count();
    if !args.json {
        match down {
            0 => println!("{} liens vérifiés : tous répondent.", liens.len()),
            n => println!("{} liens vérifiés : {n} en panne.", liens.len()),
        }
    }
    if down > 0 { Err(Failure::said()) } else { Ok(()) }
}

fn line(lien: &Lien) -> String {
    let mark = if lien.etat == Etat::Repond { '✓' } else { '✗' };
    let width = Source::ALL.iter().map(|s| s.libelle().chars().count()).max().unwrap_or_default();
    let what = match &lien.remede {
        Some(remede) => format!("{} {remede}", lien.detail),
        None => lien.detail.clone(),
    };
    format!("{mark} {:width$}  {:<45} {:>6} ms  {what}", lien.source.libelle(), lien.nom, lien.latence_ms)
}

fn json(lien: &Lien) -> serde_json::Value {
    serde_json::json!({
        "source": lien.source,
        "lien": lien.nom,
        "etat": lien.etat,
        "latence_ms": lien.latence_ms,
        "detail": lien.detail,
        "remede": lien.remede,
        "depuis": lien.depuis,
        "dernier_bon": lien.dernier_bon,
    })
}
