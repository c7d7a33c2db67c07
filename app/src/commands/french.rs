//! Help and mistakes of the command line, in French: the library's own words are English.

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};

const TEMPLATE: &str = "{about-with-newline}\nUtilisation : {usage}\n\n{all-args}{after-help}";

/// Gives a command and those under it French headings.
pub(crate) fn dress(command: Command) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    let version = command.get_version().is_some();
    let mut command = command
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .help_template(TEMPLATE)
        .subcommand_help_heading("Commandes ")
        .subcommand_value_name("COMMANDE")
        .arg(
            Arg::new("aide")
                .short('h')
                .long("help")
                .visible_alias("aide")
                .action(ArgAction::Help)
                .help("Affiche cette aide"),
        );
    if version {
        command = command.arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help("Affiche la version"),
        );
    }
    command = command.mut_args(|arg| {
        let heading = if arg.is_positional() { "Arguments " } else { "Options " };
        let shown: Vec<String> =
            arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
        let arg = arg.help_heading(heading);
        if !arg.get_action().takes_values() {
            return arg;
        }
        let arg = arg.hide_default_value(true).hide_possible_values(true).hide_env(true);
        match arg.get_help().map(ToString::to_string) {
            Some(help) if !shown.is_empty() => {
                arg.help(format!("{help} [par défaut : {}]", shown.join(", ")))
            }
            _ => arg,
        }
    });
    for name in names {
        command = command.mut_subcommand(name, dress);
    }
    command
}

/// Prints help, version or a mistake, and gives how the process ends.
pub(crate) fn tell(err: &clap::Error) -> ExitCode {
    match sentence(err) {
        Some(sentence) => {
            eprintln!("{sentence}");
            ExitCode::from(2)
        }
        None => {
            // Help and version; a terminal that went away has no use for them.
            let _ = err.print();
            ExitCode::SUCCESS
        }
    }
}

/// A mistake as a sentence; `None` when it is not one.
pub(crate) fn sentence(err: &clap::Error) -> Option<String> {
    let said = |kind| match err.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        _ => String::new(),
    };
    let bare = |text: String| text.split([' ', '=']).next().unwrap_or_default().to_owned();
    let option = || bare(said(ContextKind::InvalidArg));
    let what = match err.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => return None,
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
            "Il manque une commande".to_owned()
        }
        ErrorKind::InvalidSubcommand => {
            format!("« {} » n'est pas une commande", said(ContextKind::InvalidSubcommand))
        }
        ErrorKind::UnknownArgument => format!("« {} » n'est pas une option de cette commande", option()),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            // What our own types say of a value is better than what can be said here.
            let ours =
                std::error::Error::source(err).map(ToString::to_string).filter(|text| text.starts_with('«'));
            if let Some(sentence) = ours {
                return Some(sentence);
            }
            let value = said(ContextKind::InvalidValue);
            let accepted = match err.get(ContextKind::ValidValue) {
                Some(ContextValue::Strings(values)) if !values.is_empty() => {
                    format!(" (écrivez l'une de : {})", values.join(", "))
                }
                _ => String::new(),
            };
            if value.is_empty() {
                format!("L'option « {} » demande une valeur", option())
            } else {
                format!("« {value} » n'est pas une valeur acceptée par « {} »{accepted}", option())
            }
        }
        ErrorKind::MissingRequiredArgument => format!("Il manque : {}", said(ContextKind::InvalidArg)),
        ErrorKind::ArgumentConflict => {
            format!("« {} » ne va pas avec « {} »", option(), bare(said(ContextKind::PriorArg)))
        }
        ErrorKind::NoEquals | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("L'option « {} » demande une valeur", option())
        }
        ErrorKind::TooManyValues => format!("L'option « {} » a reçu trop de valeurs", option()),
        _ => "La commande n'a pas été comprise".to_owned(),
    };
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand]
        .into_iter()
        .map(said)
        .find(|text| !text.is_empty())
        .map(|text| format!(" Vouliez-vous dire « {text} » ?"))
        .unwrap_or_default();
    Some(format!("{what}.{near} L'option --help, après une commande, dit ce qu'elle accepte."))
}
