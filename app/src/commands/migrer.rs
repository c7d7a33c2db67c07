use crate::{Failure, data};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    at: super::At,
}

pub(crate) async fn run(args: Args) -> Result<(), Failure> {
    let settings = args.at.load()?.settings;
    data::folder(&args.at.data)?;
    let (db, applied) = data::open_migrated(&settings, super::clock().as_ref()).await?;
    let base = &settings.base.url;
    match applied {
        0 => println!("La base {base} est à jour."),
        1 => println!("La base {base} est à jour : 1 migration appliquée."),
        n => println!("La base {base} est à jour : {n} migrations appliquées."),
    }
    db.close().await;
    Ok(())
}
