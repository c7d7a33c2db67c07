use crate::assembly::House;
use crate::health::Readiness;
use crate::{Failure, data, serve, shutdown};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    at: super::At,
    /// Port d'écoute, au lieu de celui des paramètres
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
}

pub(crate) async fn run(args: Args) -> Result<(), Failure> {
    let mut settings = args.at.load()?.settings;
    if let Some(port) = args.port {
        settings.web.adresse.set_port(port);
    }
    let shutdown = shutdown::listen()?;
    let listener = serve::bind(settings.web.adresse).await?;
    let db = data::open_ready(&settings).await?;
    let settings = crate::settings::en_vigueur(&db, settings).await?;
    let house = House::compose(db, &settings, super::clock(), Readiness::ready())?;
    let address = listener.local_addr().unwrap_or(settings.web.adresse);
    tracing::info!(%address, "les pages sont servies");
    serve::run(listener, &house, &shutdown).await?;
    house.db.close().await;
    Ok(())
}
