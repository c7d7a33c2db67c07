use clap::Subcommand;
use db::{Db, Options};
use kernel::nombre_francais;

use crate::{Failure, assembly, copy};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Copie une base dans une autre, vide, du même moteur ou de l'autre
    Copy(Copy),
}

#[derive(Debug, clap::Args)]
struct Copy {
    /// Base de départ : sqlite:chemin ou postgres://…
    #[arg(long, value_name = "ADRESSE")]
    from: String,
    /// Base d'arrivée : sqlite:chemin (créée si elle n'existe pas) ou postgres://…
    #[arg(long, value_name = "ADRESSE")]
    to: String,
}

pub(crate) async fn run(args: Args) -> Result<(), Failure> {
    let Command::Copy(args) = args.command;
    if args.from == args.to {
        return Err(Failure::new("Les deux adresses sont la même : il n'y a rien à copier."));
    }
    let from = Db::open(&Options::new(args.from)).await?;
    let to = Db::open(&Options::creating(args.to)).await?;
    to.migrate(&assembly::migrations(), super::clock().now()).await?;
    let copied = copy::copy(&from, &to).await?;
    let mut total = 0;
    for table in &copied {
        total += table.rows;
        println!("{:<32} {:>12} lignes", table.name, figure(table.rows));
    }
    println!("{} tables, {} lignes copiées et comptées des deux côtés.", copied.len(), figure(total));
    from.close().await;
    to.close().await;
    Ok(())
}

fn figure(n: u64) -> String {
    nombre_francais(i64::try_from(n).unwrap_or(i64::MAX))
}
