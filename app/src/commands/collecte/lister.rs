//! `telemaque collecte lister`: the last collections and undos.

use db::Paging;
use maquette::domain::annulation::annulee_par;
use maquette::store::annulation::appliques;
use maquette::store::collecte::collecte_list;

use crate::{Failure, data};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Combien
    #[arg(long, value_name = "NOMBRE", default_value_t = 20)]
    nombre: u64,
    /// Écrit un objet JSON par collecte
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    at: crate::commands::At,
}

pub(super) async fn run(args: Args) -> Result<(), Failure> {
    let settings = args.at.load()?.settings;
    let db = data::open_ready(&settings).await?;
    let paging = Paging::new(1, args.nombre.clamp(1, 200));
    let (page, appliques) = db
        .read(
            |c| async move { Ok::<_, db::DbError>((collecte_list(&c, paging).await?, appliques(&c).await?)) },
        )
        .await?;
    for c in &page.elements {
        if args.json {
            println!("{}", serde_json::to_string(c).map_err(|err| Failure::new(err.to_string()))?);
            continue;
        }
        let quoi = match c.annule {
            Some(annulee) => format!("annulation du n° {annulee}"),
            None => c.portee.libelle().to_lowercase(),
        };
        let par =
            annulee_par(&appliques, c.id).map(|par| format!(", annulée par le n° {par}")).unwrap_or_default();
        let quand = kernel::heure_de_besancon(c.demandee_le).format("%d/%m/%Y %H:%M");
        let simulation = if c.simulation { ", simulation" } else { "" };
        println!(
            "n° {:<6} {quand}  {}  {:<24} {}{simulation}{par}",
            c.id,
            c.annee.libelle(),
            quoi,
            c.etat.libelle().to_lowercase()
        );
    }
    if page.elements.is_empty() && !args.json {
        println!("Aucune collecte.");
    }
    db.close().await;
    Ok(())
}
