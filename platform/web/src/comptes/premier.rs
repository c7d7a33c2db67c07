//! The first entry with a temporary password: nothing opens until another is chosen.

use askama::Template;
use axum::Form;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{Fault, Right};
use serde::Deserialize;

use super::CompteFault;
use super::pages::renouvelee;
use crate::components::Field;
use crate::frame::Frame;
use crate::{Page, PageError, Redirection, RouteTable, Routes, Visitor, Web, problem};

const PATH: &str = "/compte/premier-mot-de-passe";

pub(super) fn routes(web: Web) -> RouteTable {
    Routes::with_state(web).get(PATH, Right::Connecte, voir).post(PATH, Right::Connecte, choisir).build()
}

/// Until the temporary password is changed, every page leads to the one where it is.
pub(crate) fn a_changer_d_abord(visitor: &Visitor, request: &Request) -> Option<Response> {
    let path = request.uri().path();
    let open = path == PATH || path == "/deconnexion" || path == "/sante" || path.starts_with("/assets/");
    if !visitor.a_changer || open {
        return None;
    }
    if problem::wants_json(path, request.headers()) {
        return Some(PageError::forbidden().into_response());
    }
    if request.headers().contains_key("hx-request") {
        let mut response = StatusCode::NO_CONTENT.into_response();
        response.headers_mut().insert("hx-redirect", HeaderValue::from_static(PATH));
        return Some(response);
    }
    Some(Redirect::to(PATH).into_response())
}

#[derive(Template)]
#[template(path = "compte/premier.html")]
struct Premier {
    frame: Frame,
    csrf: String,
    identifiant: String,
    nouveau: Field,
    encore: Field,
}

fn page(frame: Frame, visitor: &Visitor, nouveau: Option<String>, encore: Option<String>) -> Premier {
    let field = |name: &'static str, label: &str, error: Option<String>| {
        Field::password(name, label).required().autocomplete("new-password").error(error)
    };
    Premier {
        csrf: visitor.csrf().to_owned(),
        identifiant: visitor.identifiant.clone(),
        nouveau: field("nouveau", "Nouveau mot de passe", nouveau)
            .help("Au moins 12 caractères ; une phrase convient bien.")
            .autofocus(),
        encore: field("encore", "Nouveau mot de passe, encore une fois", encore),
        frame: frame.titled("Choisir son mot de passe"),
    }
}

async fn voir(frame: Frame, visitor: Visitor) -> Response {
    if !visitor.a_changer {
        return Redirect::to("/compte").into_response();
    }
    Page(page(frame, &visitor, None, None)).into_response()
}

#[derive(Deserialize)]
struct Choix {
    nouveau: String,
    encore: String,
}

async fn choisir(
    State(web): State<Web>,
    frame: Frame,
    visitor: Visitor,
    Form(sent): Form<Choix>,
) -> Result<Response, PageError> {
    // Elsewhere the present password is asked for; here it has just been typed.
    if !visitor.a_changer {
        return Ok(Redirect::to("/compte").into_response());
    }
    let again = |nouveau, encore| {
        Ok(Page(page(frame, &visitor, nouveau, encore)).with_status(StatusCode::UNPROCESSABLE_ENTITY))
    };
    if sent.nouveau != sent.encore {
        let text = "Les deux saisies diffèrent : écrivez deux fois le même mot de passe.".to_owned();
        return again(None, Some(text));
    }
    match web
        .comptes()
        .remplacer_provisoire(&visitor.actor(), &visitor.identifiant, sent.nouveau, visitor.session)
        .await
    {
        Ok(()) => {}
        Err(fault @ (CompteFault::Faible | CompteFault::Meme)) => {
            return again(Some(format!("{} {}", fault.message(), fault.way_out())), None);
        }
        Err(fault) => return Err(fault.into()),
    }
    let done = Redirection::to("/").success("Votre mot de passe est enregistré.");
    renouvelee(&web, &visitor, done).await
}
