//! The web server of the suite.

use std::net::SocketAddr;
use std::time::Duration;

use axum::middleware::from_fn_with_state;
use tokio::net::TcpListener;

use crate::assembly::House;
use crate::shutdown::Shutdown;
use crate::{Failure, metrics};

/// How long answers under way may last once the process is asked to stop.
const DRAIN: Duration = Duration::from_secs(3);

/// Takes the address, or says in one sentence that it is not to be had.
///
/// # Errors
/// A port already taken, an address that is not ours, a port that needs more rights.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|err| {
        let port = address.port();
        Failure::new(match err.kind() {
            std::io::ErrorKind::AddrInUse => format!(
                "Le port {port} est déjà pris sur cette machine : arrêtez le programme qui l'occupe, ou choisissez-en un autre avec --port."
            ),
            std::io::ErrorKind::PermissionDenied => {
                format!("Le port {port} est réservé au système : choisissez-en un au-dessus de 1024 avec --port.")
            }
            _ => format!("L'adresse {address} ne peut pas être écoutée : {err}. Corrigez « web.adresse » dans les paramètres."),
        })
    })
}

/// Serves the suite until it is asked to stop, and lets short answers end.
///
/// # Errors
/// When the system stops listening.
pub async fn run(listener: TcpListener, house: &House, shutdown: &Shutdown) -> Result<(), Failure> {
    let router = house.web.serve(house.routes.clone());
    let router = router.layer(from_fn_with_state(house.metriques.clone(), metrics::count));
    // With the address of each connection: guessing is braked by it.
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(shutdown.asked());
    let late = {
        let asked = shutdown.asked();
        async move {
            asked.await;
            tokio::time::sleep(DRAIN).await;
        }
    };
    let jetons = house.web.jetons();
    let served = tokio::select! {
        ended = server => ended.map_err(|err| Failure::new(format!("Le serveur s'est arrêté : {err}."))),
        () = late => Ok(()),
        never = jetons.tenir() => match never {},
    };
    // What the last answers used is counted as well.
    if let Err(err) = jetons.relever().await {
        tracing::warn!(%err, "usage des jetons : les dernières secondes ne sont pas comptées");
    }
    served
}
