//! `/compte`: one's own account, theme, password and sessions.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{Fault, Right, duree_francaise};
use serde::Deserialize;

use super::CompteFault;
use crate::components::{ActionForm, Badge, Button, Column, Field, Look, Maybe, Row, Table, Tone};
use crate::frame::{Frame, Theme};
use crate::sessions::NewCsrf;
use crate::{Page, PageError, Redirection, RouteTable, Routes, Visitor, Web, cookie};

pub(crate) fn routes(web: Web) -> RouteTable {
    Routes::with_state(web)
        .get("/compte", Right::Connecte, voir)
        .post("/compte/theme", Right::Connecte, choisir_theme)
        .post("/compte/mot-de-passe", Right::Connecte, changer)
        .post("/compte/sessions/{id}/fermer", Right::Connecte, fermer_session)
        .post("/compte/sessions/fermer-les-autres", Right::Connecte, fermer_autres)
        .build()
}

#[derive(Template)]
#[template(path = "compte/compte.html")]
struct MonCompte {
    frame: Frame,
    visitor: Visitor,
    themes: Vec<(Theme, bool)>,
    sessions: Table,
    others: Maybe<ActionForm>,
    /// Whether a password of its own opens the account.
    mot_de_passe: bool,
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
    let held = web.comptes().lire(&visitor.identifiant).await?;
    Ok(MonCompte {
        mot_de_passe: held.is_some_and(|compte| compte.mot_de_passe),
        themes: Theme::ALL.into_iter().map(|one| (one, one == theme)).collect(),
        sessions,
        others: Maybe(others),
        actuel: password("actuel", "Mot de passe actuel", "current-password"),
        nouveau: password("nouveau", "Nouveau mot de passe", "new-password")
            .help("Au moins 12 caractères ; une phrase convient bien."),
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
    let done = format!("Apparence enregistrée sur cet appareil : {}.", theme.libelle().to_lowercase());
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
        Some(("encore", "Les deux saisies diffèrent : écrivez deux fois le même mot de passe.".to_owned()))
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
    renouvelee(&web, &visitor, Redirection::to("/compte").success(done)).await
}

/// An answer that gives the session another cookie: after a change of password, the one that somebody may have copied is worth nothing.
pub(super) async fn renouvelee(
    web: &Web,
    visitor: &Visitor,
    answer: impl IntoResponse,
) -> Result<Response, PageError> {
    let token = web.sessions().renew(visitor.session).await?;
    let mut response = answer.into_response();
    let https = web.settings().https;
    cookie::write(response.headers_mut(), cookie::session(https), &token.jeton, None, https);
    // The message of the answer is bound to the session's token of forms, which is another now.
    response.extensions_mut().insert(NewCsrf(token.csrf));
    Ok(response)
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
