//! Looking at the suite as another role sees it, without being able to change anything.
//!
//! The session keeps the role; rights, rail and pages then follow it, so that what is seen is what that role sees. Every request that is
//! not a reading is refused, except leaving. Entering and leaving are in the journal; the session's end ends it.

use askama::Template;
use axum::Form;
use axum::extract::{Request, State};
use kernel::{Right, Role};
use serde::Deserialize;

use crate::components::{ActionForm, Button};
use crate::frame::Frame;
use crate::{Page, PageError, Redirection, RouteTable, Routes, Visitor, Web};

const PATH: &str = "/compte/voir-comme";
const QUITTER: &str = "/compte/voir-comme/quitter";

pub(super) fn routes(web: Web) -> RouteTable {
    Routes::with_state(web)
        .get(PATH, Right::Administrer, choisir)
        .post(PATH, Right::Administrer, entrer)
        .post(QUITTER, Right::Connecte, quitter)
        .build()
}

/// Nothing is changed while looking as another role.
pub(crate) fn refuse_ecriture(visitor: &Visitor, request: &Request) -> Option<PageError> {
    let leaving = matches!(request.uri().path(), QUITTER | "/deconnexion");
    if visitor.reel.is_none() || request.method().is_safe() || leaving {
        return None;
    }
    Some(PageError::looking_only(visitor.role.libelle()))
}

#[derive(Template)]
#[template(path = "compte/voir_comme.html")]
struct VoirComme {
    frame: Frame,
    roles: Vec<(String, ActionForm)>,
}

async fn choisir(frame: Frame, visitor: Visitor) -> Page<VoirComme> {
    let roles = Role::ALL.into_iter().filter(|role| *role != visitor.role).map(|role| {
        let button = Button::submit(format!("Voir comme : {}", role.libelle())).icon("eye");
        let form = ActionForm::new(PATH, visitor.csrf(), button).sending("role", role.code());
        (role.libelle().to_owned(), form)
    });
    let roles = roles.collect();
    Page(VoirComme { frame: frame.titled("Voir comme un autre rôle").crumb("Mon compte", "/compte"), roles })
}

#[derive(Deserialize)]
struct Choix {
    role: String,
}

async fn entrer(
    State(web): State<Web>,
    visitor: Visitor,
    Form(sent): Form<Choix>,
) -> Result<Redirection, PageError> {
    let role: Option<Role> = sent.role.parse().ok();
    let Some(role) = role.filter(|role| *role != visitor.role) else {
        return Err(PageError::invalid(
            "Ce rôle n’existe pas, ou c’est le vôtre.",
            "Choisissez un rôle de la liste.",
        ));
    };
    web.comptes().voir_comme(&visitor.actor(), &visitor.identifiant, visitor.session, Some(role)).await?;
    Ok(Redirection::to("/"))
}

async fn quitter(State(web): State<Web>, visitor: Visitor) -> Result<Redirection, PageError> {
    if visitor.reel.is_some() {
        web.comptes().voir_comme(&visitor.actor(), &visitor.identifiant, visitor.session, None).await?;
    }
    Ok(Redirection::to("/").success("Vous voyez de nouveau Télémaque avec votre rôle."))
}
