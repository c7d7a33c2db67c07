//! `/connexion` and `/deconnexion`.

use askama::Template;
use axum::Form;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{Fault, FaultKind, Right, duree_francaise};
use serde::Deserialize;

use super::CompteFault;
use crate::adresse::Adresse;
use crate::components::{Alert, Field, Maybe, Tone};
use crate::frame::Frame;
use crate::page::safe_return;
use crate::sessions::{before_token, random};
use crate::{Page, PageError, RouteTable, Routes, Visitor, Web, cookie};

pub(super) fn routes(web: Web) -> RouteTable {
    Routes::with_state(web)
        .get("/connexion", Right::Public, entrer)
        .post("/connexion", Right::Public, connecter)
        .post("/deconnexion", Right::Connecte, deconnecter)
        .build()
}

#[derive(Template)]
#[template(path = "compte/connexion.html")]
struct Connexion {
    frame: Frame,
    alert: Maybe<Alert>,
    /// Label and address of the university's button.
    cas: Option<(String, String)>,
    /// Whether the form of local accounts is unfolded.
    local: bool,
    csrf: String,
    suite: String,
    identifiant: Field,
    mot_de_passe: Field,
}

/// First value of a parameter of the address.
pub(crate) fn parameter(uri: &Uri, name: &str) -> Option<String> {
    let query = uri.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).find(|(n, _)| n == name).map(|(_, value)| value.into_owned())
}

/// What the form starts from.
#[derive(Default)]
struct Etat<'a> {
    alert: Option<Alert>,
    suite: &'a str,
    identifiant: &'a str,
    local: bool,
}

fn form(web: &Web, frame: Frame, csrf: String, etat: Etat<'_>) -> Connexion {
    let cas = web.cas().map(|cas| {
        let suite: String = form_urlencoded::byte_serialize(etat.suite.as_bytes()).collect();
        let href = if etat.suite == "/" {
            crate::cas::PATH.to_owned()
        } else {
            format!("{}?suite={suite}", crate::cas::PATH)
        };
        (cas.libelle().to_owned(), href)
    });
    let login = Field::text("identifiant", "Identifiant").required().autocomplete("username").maxlength(64);
    let password =
        Field::password("mot_de_passe", "Mot de passe").required().autocomplete("current-password");
    let (login, password) = match (etat.identifiant.is_empty(), cas.is_some() && !etat.local) {
        (_, true) => (login, password),
        (true, false) => (login.autofocus(), password),
        (false, false) => (login.value(etat.identifiant), password.autofocus()),
    };
    Connexion {
        frame: frame.titled("Connexion"),
        alert: Maybe(etat.alert),
        local: etat.local || cas.is_none(),
        cas,
        csrf,
        suite: etat.suite.to_owned(),
        identifiant: login,
        mot_de_passe: password,
    }
}

/// The page with a token of its own: there is no session to hold one yet.
fn show(
    web: &Web,
    frame: Frame,
    headers: &HeaderMap,
    etat: Etat<'_>,
    status: StatusCode,
) -> Result<Response, PageError> {
    let https = web.settings().https;
    let held =
        cookie::read(headers, cookie::before(https)).filter(|held| held.len() == 32).map(str::to_owned);
    let (value, fresh) = match held {
        Some(held) => (held, false),
        None => (random::<16>()?, true),
    };
    let mut response = Page(form(web, frame, before_token(&value), etat)).with_status(status);
    if fresh {
        cookie::write(response.headers_mut(), cookie::before(https), &value, None, https);
    }
    Ok(response)
}

/// Why CAS did not let somebody in, for the sign-in page.
pub(crate) struct Echoue {
    pub(crate) message: String,
    pub(crate) issue: String,
    /// Where one leaves CAS, to come again under another name.
    pub(crate) sortie: Option<String>,
    /// Whether a password of Télémaque is the way out.
    pub(crate) local: bool,
}

/// The sign-in page again, saying why CAS did not let in.
pub(crate) fn refuse(
    web: &Web,
    frame: Frame,
    headers: &HeaderMap,
    suite: &str,
    echoue: Echoue,
    status: StatusCode,
) -> Result<Response, PageError> {
    let mut alert = Alert::new(Tone::Danger, echoue.message).way_out(echoue.issue);
    if let Some(href) = echoue.sortie {
        alert = alert.link("Se connecter à l’université sous un autre nom", href);
    }
    let etat = Etat { alert: Some(alert), suite, local: echoue.local, ..Etat::default() };
    show(web, frame, headers, etat, status)
}

async fn entrer(
    State(web): State<Web>,
    frame: Frame,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let suite = parameter(&uri, "suite").unwrap_or_default();
    let suite = safe_return(&suite);
    if frame.visitor().is_some() {
        return Ok(Redirect::to(suite).into_response());
    }
    let alert = match (parameter(&uri, "motif").as_deref(), web.cas()) {
        (Some("sortie-cas"), Some(cas)) => Some(
            Alert::new(Tone::Success, "Vous êtes déconnecté de Télémaque.")
                .way_out("Votre connexion à l’université est encore ouverte : sur un ordinateur partagé, fermez-la aussi.")
                .link("Se déconnecter aussi de l’université", cas.deconnexion()),
        ),
        (Some("sortie" | "sortie-cas"), _) => Some(Alert::new(Tone::Success, "Vous êtes déconnecté.")),
        (Some("expiree"), _) => Some(
            Alert::new(
                Tone::Warning,
                "Votre session avait pris fin : ce que vous veniez d’envoyer n’a pas été enregistré.",
            )
            .way_out("Connectez-vous, puis recommencez."),
        ),
        _ if suite != "/" => Some(Alert::new(Tone::Info, "Connectez-vous pour ouvrir cette page.")),
        _ => None,
    };
    show(&web, frame, &headers, Etat { alert, suite, ..Etat::default() }, StatusCode::OK)
}

#[derive(Deserialize)]
struct Identification {
    identifiant: String,
    mot_de_passe: String,
    #[serde(default)]
    suite: String,
}

async fn connecter(
    State(web): State<Web>,
    frame: Frame,
    Adresse(adresse): Adresse,
    headers: HeaderMap,
    Form(sent): Form<Identification>,
) -> Result<Response, PageError> {
    let suite = safe_return(&sent.suite);
    let identifiant: String = sent.identifiant.chars().take(64).collect();
    let again = |alert: Alert, status| {
        let etat = Etat { alert: Some(alert), suite, identifiant: &identifiant, local: true };
        show(&web, frame, &headers, etat, status)
    };
    let now = web.clock().now();
    if let Some(attente) = adresse.and_then(|adresse| web.frein().attente(adresse, now)) {
        let wait = format!(
            "Réessayez dans {}, ou depuis un autre réseau. Si cela continue, écrivez au service informatique.",
            duree_francaise(attente)
        );
        let text = "Trop d’identifiants différents ont été essayés depuis votre réseau : la connexion par mot de passe y est suspendue un moment.";
        return again(Alert::new(Tone::Danger, text).way_out(wait), StatusCode::TOO_MANY_REQUESTS);
    }
    let compte = match web.comptes().authentifier(&sent.identifiant, sent.mot_de_passe).await {
        Ok(compte) => compte,
        Err(fault) if matches!(fault.kind(), FaultKind::Forbidden) => {
            if let (Some(adresse), CompteFault::Refus | CompteFault::Bloque(_)) = (adresse, &fault) {
                web.frein().echec(adresse, &sent.identifiant, now);
            }
            let mut issue = fault.way_out();
            if let (Some(cas), CompteFault::Refus) = (web.cas(), &fault) {
                issue = format!(
                    "{issue} Le mot de passe de l’université ne sert qu’au bouton « {} ».",
                    cas.libelle()
                );
            }
            let status = if matches!(fault, CompteFault::Bloque(_)) {
                StatusCode::TOO_MANY_REQUESTS
            } else {
                StatusCode::OK
            };
            return again(Alert::new(Tone::Danger, fault.message()).way_out(issue), status);
        }
        Err(fault) => return Err(fault.into()),
    };
    let https = web.settings().https;
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let token = web.sessions().open(compte.id, agent, None).await?;
    let mut response = Redirect::to(suite).into_response();
    cookie::write(response.headers_mut(), cookie::session(https), &token, None, https);
    cookie::forget(response.headers_mut(), cookie::before(https), https);
    Ok(response)
}

async fn deconnecter(State(web): State<Web>, visitor: Visitor) -> Result<Response, PageError> {
    web.sessions().close(visitor.compte, visitor.session).await?;
    let motif = if visitor.par_cas && web.cas().is_some() { "sortie-cas" } else { "sortie" };
    let mut response = Redirect::to(&format!("/connexion?motif={motif}")).into_response();
    let https = web.settings().https;
    cookie::forget(response.headers_mut(), cookie::session(https), https);
    Ok(response)
}
