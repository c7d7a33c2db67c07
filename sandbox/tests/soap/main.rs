//! The SOAP services over a small generated world, asked through HTTP and read back with the wire types.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what is wrong by failing")]

mod offre;
mod pedagogie;
mod personnes;
mod transport;

use std::sync::Arc;

use apogee::wire::{Fault, NilPolicy, Operation, SoapError, decode_response, encode_request};
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode};
use sandbox::soap;
use sandbox::state::{Acces, Sandbox};
use sandbox::world::{Options, World};
use tower::ServiceExt;

/// A running sandbox over a small world, with the world itself to compare with.
struct Banc {
    sandbox: Arc<Sandbox>,
    world: Arc<World>,
}

impl Banc {
    fn new() -> Self {
        Self::protege(Acces::default())
    }

    fn protege(acces: Acces) -> Self {
        let options =
            Options { etudiants: 120, etapes: 24, elements: 700, enseignants: 10, ..Options::default() };
        let sandbox = Arc::new(Sandbox::new(World::generate(&options), acces));
        let world = sandbox.world();
        Self { sandbox, world }
    }

    async fn http(&self, requete: Request<Body>) -> Response<Body> {
        soap::router(self.sandbox.clone()).oneshot(requete).await.unwrap()
    }

    async fn poste(&self, service: &str, corps: impl Into<Body>) -> (StatusCode, String) {
        let requete = Request::post(format!("/services/{service}"))
            .header("Content-Type", "text/xml; charset=utf-8")
            .header("SOAPAction", "\"\"")
            .body(corps.into())
            .unwrap();
        let reponse = self.http(requete).await;
        let statut = reponse.status();
        let octets = to_bytes(reponse.into_body(), usize::MAX).await.unwrap();
        (statut, String::from_utf8(octets.to_vec()).unwrap())
    }

    /// The answer of an operation, asked in both spellings of an unused parameter.
    async fn appelle<O: Operation>(&self, demande: &O::Request) -> Result<O::Response, Box<Fault>> {
        let mut lues = Vec::new();
        for policy in [NilPolicy::Omit, NilPolicy::Empty] {
            let (statut, corps) =
                self.poste(O::SERVICE.endpoint(), encode_request::<O>(demande, policy)).await;
            let lue = match decode_response::<O>(corps.as_bytes(), Some("utf-8")) {
                Ok(lue) => Ok(lue),
                Err(SoapError::Fault(fault)) => Err(fault),
                Err(SoapError::Xml(e)) => panic!("{e} : {corps}"),
            };
            let attendu = if lue.is_ok() { StatusCode::OK } else { StatusCode::INTERNAL_SERVER_ERROR };
            assert_eq!(statut, attendu, "{corps}");
            lues.push(lue);
        }
        let derniere = lues.pop().unwrap();
        assert_eq!(lues.pop().unwrap(), derniere, "absent et vide disent la même chose");
        derniere
    }

    /// The code of the fault that answers.
    async fn refus<O: Operation>(&self, demande: &O::Request) -> String {
        self.appelle::<O>(demande).await.unwrap_err().code().to_owned()
    }
}

/// Shorthand for an optional text.
fn t(texte: impl ToString) -> Option<String> {
    Some(texte.to_string())
}
