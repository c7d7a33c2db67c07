//! `/connexion`, `/deconnexion`, `/compte`.

use askama::Template;
use axum::Form;
use axum::extract::{OriginalUri, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{Fault, FaultKind, Right, duree_francaise};
use serde::Deserialize;

use super::CompteFault;
use crate::components::{ActionForm, Alert, Badge, Button, Column, Field, Look, Maybe, Row, Table, Tone};
use crate::frame::{Frame, Theme};
use crate::page::safe_return;
use crate::sessions::{before_token, random};
use crate::{Page, PageError, Redirection, RouteTable, Routes, Visitor, Web, cookie};

pub(crate) fn routes(web: Web) -> RouteTable {
    Routes::with_state(web)
        .get("/connexion", Right::Public, entrer)
        .post("/connexion", Right::Public, connecter)
        .post("/deconnexion", Right::Connecte, deconnecter)
        .get("/compte", Right::Connecte, voir)
        .post("/compte/theme", Right::Connecte, choisir_theme)
        .post("/compte/mot-de-passe", Right::Connecte, changer)
        .post("/compte/sessions/{id}/fermer", Right::Connecte, fermer_session)
        .post("/compte/sessions/fermer-les-autres", Right::Connecte, fermer_autres)
        .build()
}

#[derive(Template)]
#[template(path = "compte/connexion.html")]
struct Connexion {
    frame: Frame,
    alert: Maybe<Alert>,
    csrf: String,
    suite: String,
    identifiant: Field,
    mot_de_passe: Field,
}

fn parameter(uri: &axum::http::Uri, name: &str) -> Option<String> {
    let query = uri.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).find(|(n, _)| n == name).map(|(_, value)| value.into_owned())
}

fn form(frame: Frame, alert: Option<Alert>, csrf: String, suite: &str, identifiant: &str) -> Connexion {
    let login = Field::text("identifiant", "Identifiant").required().autocomplete("username").maxlength(64);
    let login = if identifiant.is_empty() { login.autofocus() } else { login.value(identifiant) };
    let password =
        Field::password("mot_de_passe", "Mot de passe").required().autocomplete("current-password");
    let password = if identifiant.is_empty() { password } else { password.autofocus() };
    Connexion {
        frame: frame.titled("Connexion"),
        alert: Maybe(alert),
        csrf,
        suite: suite.to_owned(),
        identifiant: login,
        mot_de_passe: password,
    }
}

/// Shows the form, with a token of its own: there is no session to hold one yet.
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
    let alert = match parameter(&uri, "motif").as_deref() {
        Some("sortie") => Some(Alert::new(Tone::Success, "Vous êtes déconnecté.")),
        Some("expiree") => Some(
            Alert::new(
                Tone::Warning,
                "Votre session avait pris fin : ce que vous veniez d’envoyer n’a pas été enregistré.",
            )
            .way_out("Connectez-vous, puis recommencez."),
        ),
        _ if suite != "/" => Some(Alert::new(Tone::Info, "Connectez-vous pour ouvrir cette page.")),
        _ => None,
    };
    let https = web.settings().https;
    let held =
        cookie::read(&headers, cookie::before(https)).filter(|held| held.len() == 32).map(str::to_owned);
    let (value, fresh) = match held {
        Some(held) => (held, false),
        None => (random::<16>()?, true),
    };
    let mut response = Page(form(frame, alert, before_token(&value), suite, "")).into_response();
    if fresh {
        cookie::write(response.headers_mut(), cookie::before(https), &value, None, https);
    }
    Ok(response)
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
    headers: HeaderMap,
    Form(sent): Form<Identification>,
) -> Result<Response, PageError> {
    let https = web.settings().https;
    let suite = safe_return(&sent.suite);
    let compte = match web.comptes().authentifier(&sent.identifiant, sent.mot_de_passe).await {
        Ok(compte) => compte,
        Err(fault) if matches!(fault.kind(), FaultKind::Forbidden) => {
            let alert = Alert::new(Tone::Danger, fault.message()).way_out(fault.way_out());
            let before = cookie::read(&headers, cookie::before(https)).unwrap_or_default();
            let identifiant: String = sent.identifiant.chars().take(64).collect();
            let page = form(frame, Some(alert), before_token(before), suite, &identifiant);
            let status = if matches!(fault, CompteFault::Bloque(_)) {
                StatusCode::TOO_MANY_REQUESTS
            } else {
                StatusCode::OK
            };
            return Ok(Page(page).with_status(status));
        }
        Err(fault) => return Err(fault.into()),
    };
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let token = web.sessions().open(compte.id, agent).await?;
    let mut response = Redirect::to(suite).into_response();
    cookie::write(response.headers_mut(), cookie::session(https), &token, None, https);
    cookie::forget(response.headers_mut(), cookie::before(https), https);
    Ok(response)
}

async fn deconnecter(State(web): State<Web>, visitor: Visitor) -> Result<Response, PageError> {
    web.sessions().close(visitor.compte, visitor.session).await?;
    let mut response = Redirect::to("/connexion?motif=sortie").into_response();
    let https = web.settings().https;
    cookie::forget(response.headers_mut(), cookie::session(https), https);
    Ok(response)
}

#[derive(Template)]
#[template(path = "compte/compte.html")]
struct MonCompte {
    frame: Frame,
    visitor: Visitor,
    themes: Vec<(Theme, bool)>,
    sessions: Table,
    others: Maybe<ActionForm>,
    actuel: Field,
    nouveau: Field,
    encore: Field,
}

/// What a form of this page found wrong: field, sentence.
type Wrong = Option<(&'static str, String)>;

async fn mon_compte(web: &Web, frame: Frame, visitor: Visitor, wrong: Wrong) -> Result<MonCompte, PageError> {
    let now = web.clock().now();
    let seen = web.sessions().list(visitor.compte).await?;
    let several = seen.len() > 1;
    let rows = seen.into_iter().map(|session| {
        let row = Row::new().text(session.appareil);
        if session.id == visitor.session {
            return row.text("maintenant").badge(Badge::new(Tone::Success, "Cette session"));
        }
        let close = ActionForm::new(
            format!("/compte/sessions/{}/fermer", session.id),
            visitor.csrf(),
            Button::submit("Fermer").look(Look::Quiet),
        );
        row.text(format!("il y a {}", duree_francaise(now - session.vue_le))).component(&close)
    });
    let sessions = Table::new("sessions", "Sessions ouvertes")
        .columns([
            Column::text("appareil", "Appareil"),
            Column::text("vue", "Dernière activité"),
            Column::text("etat", "État"),
        ])
        .rows(rows);
    let others = several.then(|| {
        let button = Button::submit("Fermer les autres sessions").icon("logout");
        ActionForm::new("/compte/sessions/fermer-les-autres", visitor.csrf(), button)
    });
    let error = |field: &str| wrong.as_ref().filter(|(name, _)| *name == field).map(|(_, text)| text.clone());
    let password = |name: &'static str, label: &str, what: &'static str| {
        Field::password(name, label).required().autocomplete(what).error(error(name))
    };
    let theme = frame.theme();
    Ok(MonCompte {
        themes: Theme::ALL.into_iter().map(|one| (one, one == theme)).collect(),
        sessions,
        others: Maybe(others),
        actuel: password("actuel", "Mot de passe actuel", "current-password"),
        nouveau: password("nouveau", "Nouveau mot de passe", "new-password")
            .help("Au moins 12 caractères ; une phrase convient bien."),
        encore: password("encore", "Nouveau mot de passe, encore une fois", "new-password"),
        frame: frame.titled("Mon compte"),
        visitor,
    })
}

async fn voir(State(web): State<Web>, frame: Frame, visitor: Visitor) -> Result<Response, PageError> {
    Ok(Page(mon_compte(&web, frame, visitor, None).await?).into_response())
}

#[derive(Deserialize)]
struct ChoixTheme {
    theme: String,
}

async fn choisir_theme(State(web): State<Web>, Form(sent): Form<ChoixTheme>) -> Response {
    let theme = Theme::parse(&sent.theme);
    let done = format!("Apparence enregistrée sur cet appareil : {}.", theme.libelle().to_lowercase());
    let mut response = Redirection::to("/compte").success(done).into_response();
    const YEAR: i64 = 365 * 24 * 3600;
    cookie::write(response.headers_mut(), cookie::THEME, theme.code(), Some(YEAR), web.settings().https);
    response
}

#[derive(Deserialize)]
struct ChangementMotDePasse {
    actuel: String,
    nouveau: String,
    encore: String,
}

async fn changer(
    State(web): State<Web>,
    frame: Frame,
    visitor: Visitor,
    Form(sent): Form<ChangementMotDePasse>,
) -> Result<Response, PageError> {
    let wrong = if sent.nouveau != sent.encore {
        Some(("encore", "Les deux saisies diffèrent : écrivez deux fois le même mot de passe.".to_owned()))
    } else {
        let said = |fault: &CompteFault| format!("{} {}", fault.message(), fault.way_out());
        match web.comptes().authentifier(&visitor.identifiant, sent.actuel).await {
            Ok(_) => {
                let (actor, kept) = (visitor.actor(), Some(visitor.session));
                match web
                    .comptes()
                    .changer_mot_de_passe(&actor, &visitor.identifiant, sent.nouveau, kept)
                    .await
                {
                    Ok(()) => None,
                    Err(fault @ CompteFault::Faible) => Some(("nouveau", said(&fault))),
                    Err(fault) => return Err(fault.into()),
                }
            }
            Err(CompteFault::Refus) => Some(("actuel", "Ce n’est pas votre mot de passe actuel.".to_owned())),
            Err(fault @ CompteFault::Bloque(_)) => Some(("actuel", said(&fault))),
            Err(fault) => return Err(fault.into()),
        }
    };
    if wrong.is_some() {
        let page = mon_compte(&web, frame, visitor, wrong).await?;
        return Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY));
    }
    let done = "Votre mot de passe est changé. Vos autres sessions sont fermées.";
    Ok(Redirection::to("/compte").success(done).into_response())
}

async fn fermer_session(
    State(web): State<Web>,
    visitor: Visitor,
    Path(id): Path<i64>,
) -> Result<Redirection, PageError> {
    web.sessions().close(visitor.compte, id).await?;
    Ok(Redirection::to("/compte").success("La session est fermée."))
}

async fn fermer_autres(State(web): State<Web>, visitor: Visitor) -> Result<Redirection, PageError> {
    web.sessions().close_others(visitor.compte, visitor.session).await?;
    Ok(Redirection::to("/compte").success("Vos autres sessions sont fermées."))
}
