//! Plays the mail server: takes what the suite sends, delivers it to nobody, shows it.
//!
//! - `GET /courriels`: what was received; `GET /courriels/{n}/pieces/{rang}`: an attachment;
//! - `GET /controle/api/courriels`: the same as JSON, the latest first: see [`Recu`].
//!
//! Some addresses are answered as a mail server does on its bad days: `refuse…@` is unknown (550), `plus-tard…@` is busy (451), and on
//! `coupe…@` the connection is closed in the middle of the message.

mod smtp;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::header;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use mail_parser::{Address, MessageParser, MimeHeaders as _};
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::control::verifier_acces;
use crate::index::page;
use crate::rest::Probleme;

/// Messages kept, the latest ones.
const GARDES: usize = 200;

/// Bytes kept in all.
const OCTETS: usize = 64 * 1024 * 1024;

/// A message as it was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recu {
    /// From 1, in order of arrival.
    pub numero: u64,
    /// Who sends it, by the envelope.
    pub expediteur: String,
    /// Who receives it, by the envelope.
    pub destinataires: Vec<String>,
    /// Header `From`, decoded.
    pub de: String,
    /// Header `To`, decoded.
    pub a: String,
    /// Header `Subject`, decoded.
    pub sujet: String,
    /// Header `Message-ID`.
    pub identite: String,
    /// Header `Auto-Submitted`.
    pub automatique: String,
    /// Its plain text.
    pub texte: String,
    /// Its attachments.
    pub pieces: Vec<PieceRecue>,
}

/// An attachment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PieceRecue {
    /// File name.
    pub nom: String,
    /// `application/pdf`.
    pub nature: String,
    /// Bytes.
    pub taille: usize,
    #[serde(skip)]
    octets: Vec<u8>,
}

impl PieceRecue {
    /// The file.
    #[must_use]
    pub fn octets(&self) -> &[u8] {
        &self.octets
    }
}

/// What was received. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Boite(Arc<Interieur>);

#[derive(Debug, Default)]
struct Interieur {
    recus: Mutex<VecDeque<Recu>>,
    numero: AtomicU64,
    connexions: AtomicU64,
}

impl Boite {
    /// What was received, the latest first.
    #[must_use]
    pub fn recus(&self) -> Vec<Recu> {
        self.0.recus.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Connections since the start.
    #[must_use]
    pub fn connexions(&self) -> u64 {
        self.0.connexions.load(Ordering::Relaxed)
    }

    fn connexion(&self) {
        self.0.connexions.fetch_add(1, Ordering::Relaxed);
    }

    fn deposer(&self, expediteur: String, destinataires: Vec<String>, octets: Vec<u8>) {
        let numero = self.0.numero.fetch_add(1, Ordering::Relaxed) + 1;
        let recu = lire(numero, expediteur, destinataires, &octets);
        let mut recus = self.0.recus.lock().unwrap_or_else(PoisonError::into_inner);
        recus.push_front(recu);
        let poids =
            |recu: &Recu| recu.texte.len() + recu.pieces.iter().map(|piece| piece.taille).sum::<usize>();
        while recus.len() > GARDES || (recus.len() > 1 && recus.iter().map(poids).sum::<usize>() > OCTETS) {
            recus.pop_back();
        }
    }
}

fn lire(numero: u64, expediteur: String, destinataires: Vec<String>, octets: &[u8]) -> Recu {
    let lu = MessageParser::default().parse(octets).unwrap_or_default();
    let adresses = |adresses: Option<&Address<'_>>| {
        let une = |a: &mail_parser::Addr<'_>| match (a.name(), a.address()) {
            (Some(nom), Some(adresse)) => format!("{nom} <{adresse}>"),
            (nom, adresse) => adresse.or(nom).unwrap_or_default().to_owned(),
        };
        adresses.map(|a| a.iter().map(une).collect::<Vec<_>>().join(", ")).unwrap_or_default()
    };
    let pieces = lu.attachments().map(|piece| {
        let nature = piece.content_type().map(|nature| match nature.subtype() {
            Some(sous) => format!("{}/{sous}", nature.ctype()),
            None => nature.ctype().to_owned(),
        });
        PieceRecue {
            nom: piece.attachment_name().unwrap_or("sans nom").to_owned(),
            nature: nature.unwrap_or_else(|| "application/octet-stream".to_owned()),
            taille: piece.contents().len(),
            octets: piece.contents().to_vec(),
        }
    });
    Recu {
        numero,
        expediteur,
        destinataires,
        de: adresses(lu.from()),
        a: adresses(lu.to()),
        sujet: lu.subject().unwrap_or_default().to_owned(),
        identite: lu.message_id().unwrap_or_default().to_owned(),
        automatique: lu.header_raw("Auto-Submitted").unwrap_or_default().trim().to_owned(),
        texte: lu.body_text(0).map(|texte| texte.replace("\r\n", "\n")).unwrap_or_default(),
        pieces: pieces.collect(),
    }
}

/// A started mail server. Dropped, it stops listening.
#[derive(Debug)]
pub struct Serveur {
    /// Where it listens.
    pub adresse: SocketAddr,
    /// What it received.
    pub boite: Boite,
    tache: JoinHandle<()>,
}

impl Serveur {
    /// Listens on a free port of this machine.
    ///
    /// # Errors
    /// Those of the system.
    pub async fn demarrer() -> std::io::Result<Self> {
        let ecoute = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
        let (adresse, boite) = (ecoute.local_addr()?, Boite::default());
        let tache = tokio::spawn(smtp::ecouter(ecoute, boite.clone()));
        Ok(Self { adresse, boite, tache })
    }

    /// `smtp://127.0.0.1:2525`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("smtp://{}", self.adresse)
    }
}

impl Drop for Serveur {
    fn drop(&mut self) {
        self.tache.abort();
    }
}

#[derive(Template)]
#[template(path = "courriels.html")]
struct Page {
    adresse: SocketAddr,
    recus: Vec<Recu>,
}

/// The pages of what was received, for this machine alone.
pub(crate) fn router(boite: Boite, adresse: SocketAddr) -> Router {
    Router::new()
        .route("/courriels", get(move |State(boite): State<Boite>| async move { page(&Page { adresse, recus: boite.recus() }) }))
        .route("/courriels/{numero}/pieces/{rang}", get(piece))
        .route("/controle/api/courriels", get(|State(boite): State<Boite>| async move { Json(boite.recus()) }))
        .layer(middleware::from_fn(garde))
        .with_state(boite)
}

async fn garde(requete: Request, next: Next) -> Response {
    let pair = requete.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    match verifier_acces(pair, requete.method(), requete.headers()) {
        Ok(()) => next.run(requete).await,
        Err(refus) => refus.into_response(),
    }
}

async fn piece(
    State(boite): State<Boite>,
    Path((numero, rang)): Path<(u64, usize)>,
) -> Result<Response, Probleme> {
    let recu = boite.recus().into_iter().find(|recu| recu.numero == numero);
    let piece = recu.and_then(|recu| recu.pieces.into_iter().nth(rang));
    let piece = piece
        .ok_or_else(|| Probleme::inconnu("Cette pièce jointe n'est pas, ou plus, dans le bac à sable."))?;
    // What was received is shown as nothing but a file.
    let nature =
        if piece.nature == "application/pdf" { "application/pdf" } else { "application/octet-stream" };
    let entetes = [
        (header::CONTENT_TYPE, nature),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "sandbox"),
        (header::CONTENT_DISPOSITION, "inline"),
    ];
    Ok((entetes, piece.octets).into_response())
}
