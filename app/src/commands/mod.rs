//! The commands, one file each.

mod absence;
mod base;
mod collecte;
mod compte;
mod demo;
mod doctor;
mod french;
mod jeton;
mod liens;
mod migrer;
mod periode;
mod sandbox;
mod serve;
mod work;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use kernel::{Clock, SystemClock};

use crate::Failure;
use crate::settings::{Env, Loaded, Place, load};

/// Télémaque, la suite de gestion de la formation ouverte et à distance.
#[derive(Debug, Parser)]
#[command(name = "telemaque", version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Démarre une démonstration complète : bac à sable, base, pages et travaux
    Demo(demo::Args),
    /// Démarre le bac à sable seul : Apogée, Kofr et Eve sur cette machine
    Sandbox(sandbox::Args),
    /// Sert les pages
    Serve(serve::Args),
    /// Mène les travaux de fond
    Work(work::Args),
    /// Vérifie l'installation et montre d'où vient chaque paramètre
    Doctor(doctor::Args),
    /// Prépare la base, ou la met à jour
    Migrer(migrer::Args),
    /// Vérifie chaque lien vers les systèmes extérieurs
    Liens(liens::Args),
    /// Collecte l'offre de formation, les personnes, ou tout
    Collecte(collecte::Args),
    /// Dit pourquoi un code ou un étudiant manque, de la source à l'écran
    Absence(absence::Args),
    /// Gère les comptes locaux
    Compte(compte::Args),
    /// Gère les jetons des autres applications
    Jeton(jeton::Args),
    /// Ouvre les périodes d'examens et les fait avancer
    Periode(periode::Args),
    /// Copie une base entière dans une autre
    Db(base::Args),
}

/// What every command but the sandbox takes.
#[derive(Debug, clap::Args)]
pub(crate) struct At {
    /// Dossier des données : base embarquée, copie de l'extraction, paramètres
    #[arg(long, value_name = "DOSSIER", default_value = "./data")]
    pub data: PathBuf,
    /// Fichier de paramètres [par défaut : telemaque.toml du dossier des données]
    #[arg(long, value_name = "FICHIER")]
    pub parametres: Option<PathBuf>,
}

impl At {
    pub(crate) fn place(&self, options: Vec<(String, String)>) -> Place {
        Place { data: self.data.clone(), file: self.parametres.clone(), env: Env::of_process(), options }
    }

    pub(crate) fn load(&self) -> Result<Loaded, Failure> {
        load(&self.place(Vec::new()))
    }
}

pub(crate) fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

/// Reads a command line; help, version and mistakes are printed and give how the process ends.
pub(crate) fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Cli, ExitCode> {
    let command = french::dress(Cli::command());
    let matches = command.clone().try_get_matches_from(args).map_err(|err| french::tell(&err))?;
    Cli::from_arg_matches(&matches).map_err(|err| french::tell(&err))
}

impl Cli {
    /// Whether only errors are logged: commands that somebody waits for.
    pub(crate) fn quiet(&self) -> bool {
        !matches!(self.command, Command::Serve(_) | Command::Work(_))
    }

    pub(crate) async fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Demo(args) => demo::run(args).await,
            Command::Sandbox(args) => sandbox::run(args).await,
            Command::Serve(args) => serve::run(args).await,
            Command::Work(args) => work::run(args).await,
            Command::Doctor(args) => doctor::run(args).await,
            Command::Migrer(args) => migrer::run(args).await,
            Command::Liens(args) => liens::run(args).await,
            Command::Collecte(args) => collecte::run(args).await,
            Command::Absence(args) => absence::run(args).await,
            Command::Compte(args) => compte::run(args).await,
            Command::Jeton(args) => jeton::run(args).await,
            Command::Periode(args) => periode::run(args).await,
            Command::Db(args) => base::run(args).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound_and_speaks_french() {
        let mut command = french::dress(Cli::command());
        command.clone().debug_assert();
        let mut texts = vec![command.render_long_help().to_string()];
        texts.extend(command.get_subcommands_mut().map(|c| c.render_long_help().to_string()));
        for text in texts {
            for english in
                ["Usage", "Options:", "Commands", "Arguments:", "Print ", "default:", "possible values"]
            {
                assert!(!text.contains(english), "« {english} » in:\n{text}");
            }
        }
    }

    #[test]
    fn mistakes_are_told_in_french() {
        let told = |args: &[&str]| {
            let args = std::iter::once("telemaque").chain(args.iter().copied());
            let err = french::dress(Cli::command()).try_get_matches_from(args).unwrap_err();
            french::sentence(&err).unwrap()
        };
        assert!(told(&["demmo"]).contains("« demmo » n'est pas une commande"), "{}", told(&["demmo"]));
        assert!(told(&["demo", "--prot", "1"]).contains("« --prot » n'est pas une option"));
        assert!(told(&["demo", "--port", "x"]).contains("« x » n'est pas une valeur acceptée"));
        assert!(told(&["compte", "creer", "x", "--role", "chef"]).contains("Rôles connus"));
        assert!(told(&["jeton", "creer", "x", "--droits", "tout"]).contains("Droits connus"));
        assert!(
            told(&["jeton", "creer", "x", "--droits", "maquette:lire", "--expire", "demain"])
                .contains("2027-08-31")
        );
        assert!(told(&["collecte", "hier"]).contains("Écrivez offre"));
        assert!(told(&["db", "copy"]).contains("--from"));
        assert!(told(&["compte"]).contains("commande"));
    }
}
