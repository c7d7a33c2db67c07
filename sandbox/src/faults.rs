//! Makes a source ill: a layer around its routes that applies what the control page set.

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use futures::{StreamExt, stream};
use kernel::Source;

use crate::rest::Probleme;
use crate::soap;
use crate::state::{Panne, Sandbox};

/// What a reverse proxy shows while an application is being updated.
const PAGE: &str = "<!doctype html>\n<html lang=\"fr\"><head><title>Maintenance en cours</title></head>\n\
    <body><h1>Maintenance en cours</h1><p>Le service sera rétabli dans la matinée.</p></body></html>\n";

/// `router`, whose requests are counted as those of `source` and suffer from what is wrong with it.
pub fn around(router: Router, sandbox: &Arc<Sandbox>, source: Source) -> Router {
    router.layer(middleware::from_fn_with_state((sandbox.clone(), source), apply))
}

async fn apply(
    State((sandbox, source)): State<(Arc<Sandbox>, Source)>,
    mut requete: Request,
    next: Next,
) -> Response {
    sandbox.count(source);
    match sandbox.panne(source) {
        Panne::Aucune => next.run(requete).await,
        Panne::Lente(delai) => {
            tokio::select! {
                () = tokio::time::sleep(delai) => next.run(requete).await,
                () = sandbox.stopped() => closed(),
            }
        }
        Panne::Coupee => {
            // A 304 has no body to cut.
            requete.headers_mut().remove(header::IF_NONE_MATCH);
            cut(next.run(requete).await).await
        }
        Panne::Html => Html(PAGE).into_response(),
        Panne::ConnexionApogee if source == Source::Apogee => soap::fault_response(soap::FAULT_CONNEXION),
        Panne::ConnexionApogee => {
            Probleme::panne("La base de données ne répond pas (technical.data.transaction.connexion).")
                .into_response()
        }
        Panne::Absente => closed(),
    }
}

/// The same answer, announced whole and left in the middle.
async fn cut(reponse: Response) -> Response {
    let (mut tete, corps) = reponse.into_parts();
    let Ok(corps) = to_bytes(corps, usize::MAX).await else { return closed() };
    tete.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(corps.len()));
    let debut: io::Result<Bytes> = Ok(corps.slice(..corps.len() / 2));
    let morceaux = stream::iter([debut, Err(coupure())]).then(async |morceau| {
        // Pausing lets what precedes leave: an error that follows at once would take it along.
        tokio::task::yield_now().await;
        morceau
    });
    Response::from_parts(tete, Body::from_stream(morceaux))
}

/// No answer at all: the body fails before the head was sent, so the connection closes without a word.
fn closed() -> Response {
    Body::from_stream(stream::iter([Err::<Bytes, _>(coupure())])).into_response()
}

fn coupure() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "the control page cuts this source off")
}
