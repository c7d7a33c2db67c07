//! Being asked to stop: Ctrl-C or SIGTERM, heard by everything that runs.

use std::future::Future;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::Failure;

/// Whether the process was asked to stop. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Shutdown(watch::Receiver<bool>);

/// Listens to the signals. A second one ends the process at once.
///
/// # Errors
/// When the system refuses to be listened to.
pub fn listen() -> Result<Shutdown, Failure> {
    let refused = |err| Failure::new(format!("Les signaux d'arrêt ne peuvent pas être écoutés : {err}."));
    let mut interrupt = signal(SignalKind::interrupt()).map_err(refused)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(refused)?;
    let (asked, shutdown) = watch::channel(false);
    tokio::spawn(async move {
        for stop_now in [false, true] {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            if stop_now {
                std::process::exit(130);
            }
            asked.send_replace(true);
        }
    });
    Ok(Shutdown(shutdown))
}

impl Shutdown {
    /// A stop that somebody else decides: tests, and the end of a command.
    #[must_use]
    pub fn by_hand() -> (watch::Sender<bool>, Self) {
        let (asked, shutdown) = watch::channel(false);
        (asked, Self(shutdown))
    }

    /// Ends once the process is asked to stop.
    pub fn asked(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut seen = self.0.clone();
        async move {
            if seen.wait_for(|asked| *asked).await.is_err() {
                // Nobody is left to ask.
                std::future::pending::<()>().await;
            }
        }
    }

    /// Whether it was.
    #[must_use]
    pub fn was_asked(&self) -> bool {
        *self.0.borrow()
    }
}
