//! What a command shows while it works, and its logs.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jobs::{Avancement, JobId, Queue};
use tracing_subscriber::EnvFilter;

/// Logs go to standard error; `TELEMAQUE_LOG` says how much (`info`, `debug`, `maquette=debug`…).
pub fn log(quiet: bool) {
    let level = if quiet { "error" } else { "info,sqlx=warn,hyper=warn,tower_http=warn" };
    let filter = EnvFilter::try_from_env("TELEMAQUE_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .compact()
        .init();
}

/// Whoever reads what a command writes may stop before its end (`telemaque liens | head`): that is the end of the command, not a panic.
pub fn end_when_unread() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let text = panic.payload_as_str().unwrap_or_default();
        if text.starts_with("failed printing to stdout") && text.contains("Broken pipe") {
            std::process::exit(0);
        }
        usual(panic);
    }));
}

/// How often a followed job is looked at.
const LOOK: Duration = Duration::from_millis(200);

/// Shows a job's progress on standard error until it is dropped: a bar on a terminal, a line for each step elsewhere.
pub struct Followed(tokio::task::JoinHandle<()>, ProgressBar);

impl Followed {
    /// Follows `job`, under `title`.
    #[must_use]
    pub fn start(queue: &Queue, job: JobId, title: &str) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let target = if terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        let (queue, title, shown) = (queue.clone(), title.to_owned(), bar.clone());
        let task = tokio::spawn(async move {
            let mut last = String::new();
            loop {
                if let Ok(Some(now)) = queue.progress(job).await {
                    if terminal {
                        draw(&shown, &title, &now);
                    } else if !now.texte.is_empty() && now.texte != last {
                        eprintln!("{title} : {}", now.texte);
                        last = now.texte;
                    }
                }
                tokio::time::sleep(LOOK).await;
            }
        });
        Self(task, bar)
    }
}

impl Drop for Followed {
    fn drop(&mut self) {
        self.0.abort();
        self.1.finish_and_clear();
    }
}

fn draw(bar: &ProgressBar, title: &str, now: &Avancement) {
    let template = if now.total > 0 {
        "{spinner} {prefix} : {msg} {wide_bar} {pos}/{len}"
    } else {
        "{spinner} {prefix} : {msg} ({elapsed})"
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    if now.total > 0 {
        bar.set_length(now.total);
    }
    bar.set_position(now.fait);
    bar.set_prefix(title.to_owned());
    bar.set_message(now.texte.clone());
    bar.tick();
}
