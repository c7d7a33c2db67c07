//! `telemaque`: the commands, the settings, and the composition of the contexts into one suite. No rule of the trade lives here.
//!
//! - **To add a context**: its migrations, routes, handlers and links in `assembly.rs`, its section in `settings/`.
//! - **To add a command**: a file in `commands/` with its `Args` and `run`, a line in `commands/mod.rs`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line speaks on its terminal")]

pub mod accounts;
pub mod assembly;
mod commands;
pub mod copy;
pub mod data;
mod failure;
pub mod health;
pub mod metrics;
pub mod openapi;
pub mod serve;
pub mod settings;
pub mod shutdown;
mod terminal;
pub mod worker;

use std::process::ExitCode;

pub use failure::Failure;

/// Reads the command line and does what it says.
#[must_use]
pub fn run() -> ExitCode {
    terminal::end_when_unread();
    let cli = match commands::parse(std::env::args_os()) {
        Ok(cli) => cli,
        Err(ended) => return ended,
    };
    terminal::log(cli.quiet());
    // Refused only when one was chosen before, which is as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(err) => {
            eprintln!("Le programme ne peut pas démarrer : {err}.");
            return ExitCode::FAILURE;
        }
    };
    let ended = runtime.block_on(cli.run());
    // A computation that nobody waits for any more must not keep the process.
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.message.is_empty() {
                eprintln!("{failure}");
            }
            ExitCode::from(failure.code)
        }
    }
}
