use crate::assembly::House;
use crate::health::Readiness;
use crate::{Failure, data, shutdown, worker};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    at: super::At,
}

pub(crate) async fn run(args: Args) -> Result<(), Failure> {
    let settings = args.at.load()?.settings;
    let shutdown = shutdown::listen()?;
    let db = data::open_ready(&settings).await?;
    let settings = crate::settings::en_vigueur(&db, settings).await?;
    let house = House::compose(db, &settings, super::clock(), Readiness::ready())?;
    tracing::info!(simultanes = settings.travaux.simultanes, "les travaux sont attendus");
    worker::run(&house, &settings.travaux, &shutdown).await;
    house.db.close().await;
    Ok(())
}
