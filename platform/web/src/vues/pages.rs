//! Forms of the menus at the head of a list, and the page where one manages one's views.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{Fault, FaultKind, Right, Role};
use serde::Deserialize;

use super::actions::{self, Geste, NOM_MAX, VueError};
use super::{Garde, Vue, garde_read, vue_list};
use crate::components::{Alert, Maybe, Tone};
use crate::page::safe_return;
use crate::{Frame, ListQuery, Page, PageError, Redirection, RouteTable, Routes, Visitor, Web};

pub(crate) fn routes(web: Web) -> RouteTable {
    Routes::with_state(web)
        .get("/listes/vues", Right::Connecte, gerer)
        .post("/listes/vues", Right::Connecte, enregistrer)
        .post("/listes/vues/{id}", Right::Connecte, changer)
        .post("/listes/colonnes", Right::Connecte, colonnes)
        .build()
}

/// A route of ours, as lists are keyed: bounded, and never somewhere else.
fn route(text: &str) -> Result<String, PageError> {
    let ours = safe_return(text);
    let plain = ours.len() <= 200 && !ours.contains(['?', '#']) && !ours.chars().any(char::is_control);
    if ours == text && plain { Ok(ours.to_owned()) } else { Err(PageError::not_found()) }
}

fn pairs_of<'f>(fields: &'f [(String, String)], name: &str) -> &'f str {
    fields.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
}

async fn colonnes(
    State(web): State<Web>,
    visitor: Visitor,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Redirection, PageError> {
    let liste = route(pairs_of(&fields, "liste"))?;
    let retour = safe_return(pairs_of(&fields, "retour"));
    let origine = !pairs_of(&fields, "origine").is_empty();
    let wanted =
        fields.iter().filter(|(name, _)| name == "colonnes" && !origine).map(|(_, value)| value.as_str());
    // Read as an address would be: words only, and not too many.
    let asked = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(wanted.map(|c| ("colonnes", c)))
        .finish();
    let kept = ListQuery::parse(&liste, &asked).colonnes;
    actions::garder_colonnes(&web, &visitor, &liste, &kept).await?;
    Ok(Redirection::to(retour))
}

#[derive(Deserialize)]
struct Nouvelle {
    liste: String,
    page: String,
    parametres: String,
    nom: String,
    #[serde(default)]
    role: String,
}

async fn enregistrer(
    State(web): State<Web>,
    frame: Frame,
    visitor: Visitor,
    Form(form): Form<Nouvelle>,
) -> Result<Response, PageError> {
    let (liste, page) = (route(&form.liste)?, route(&form.page)?);
    let parametres = super::parametres(&ListQuery::parse(&page, &form.parametres));
    let role = form.role.parse::<Role>().ok();
    match actions::enregistrer(&web, &visitor, &liste, &form.nom, &parametres, role).await {
        Ok(id) => {
            let joint = if parametres.is_empty() { "" } else { "&" };
            let to = format!("{page}?{parametres}{joint}vue={id}");
            let said = format!("La vue « {} » est enregistrée.", actions::nom_propre(&form.nom));
            Ok(Redirection::to(to).success(said).into_response())
        }
        Err(err) => refused(&web, frame, &visitor, (&liste, &page), err, Some((form.nom, parametres))).await,
    }
}

#[derive(Deserialize)]
struct Changement {
    geste: String,
    page: String,
    liste: String,
    #[serde(default)]
    nom: String,
    #[serde(default)]
    role: String,
}

async fn changer(
    State(web): State<Web>,
    frame: Frame,
    visitor: Visitor,
    Path(id): Path<i64>,
    Form(form): Form<Changement>,
) -> Result<Response, PageError> {
    let (liste, page) = (route(&form.liste)?, route(&form.page)?);
    let done = match form.geste.as_str() {
        "premiere" => actions::choisir(&web, &visitor, &liste, Some(id))
            .await
            .map(|()| "Cette vue sera affichée en premier quand vous ouvrirez la liste.".to_owned()),
        "pas-premiere" => actions::choisir(&web, &visitor, &liste, None)
            .await
            .map(|()| "La liste s’ouvrira de nouveau entière.".to_owned()),
        geste => {
            let geste = match geste {
                "renommer" => Geste::Renommer(form.nom.clone()),
                "partager" => Geste::Partager(form.role.parse().ok()),
                "supprimer" => Geste::Supprimer,
                "retablir" => Geste::Retablir,
                _ => return Err(PageError::not_found()),
            };
            actions::changer(&web, &visitor, id, &geste).await.map(|vue| said(&geste, &vue))
        }
    };
    match done {
        Ok(said) => Ok(Redirection::to(address(&liste, &page)).success(said).into_response()),
        Err(err) => refused(&web, frame, &visitor, (&liste, &page), err, None).await,
    }
}

fn said(geste: &Geste, vue: &Vue) -> String {
    let nom = &vue.nom;
    match (geste, vue.role) {
        (Geste::Supprimer, _) => {
            format!("La vue « {nom} » est supprimée. Vous pouvez la rétablir ci-dessous.")
        }
        (Geste::Retablir, _) => format!("La vue « {nom} » est rétablie."),
        (Geste::Partager(_), Some(role)) => format!("La vue « {nom} » est partagée : {}.", role.libelle()),
        (Geste::Partager(_), None) => format!("La vue « {nom} » n’est plus partagée."),
        (Geste::Renommer(_), _) => format!("La vue s’appelle maintenant « {nom} »."),
    }
}

fn address(liste: &str, page: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("liste", liste).append_pair("page", page);
    format!("/listes/vues?{}", query.finish())
}

/// A view as the page shows it.
struct Ligne {
    vue: Vue,
    href: String,
    premiere: bool,
    modifiable: bool,
}

#[derive(Template)]
#[template(path = "vues/gerer.html")]
struct Gerer {
    frame: Frame,
    liste: String,
    page: String,
    csrf: String,
    refus: Maybe<Alert>,
    /// Name and parameters of a view that could not be kept, for another try.
    reprise: Option<(String, String)>,
    vues: Vec<Ligne>,
    supprimees: Vec<Vue>,
    roles: Vec<Role>,
}

impl Gerer {
    const NOM_MAX: usize = NOM_MAX;
}

#[derive(Deserialize)]
struct Demande {
    liste: String,
    page: String,
}

async fn gerer(
    State(web): State<Web>,
    frame: Frame,
    visitor: Visitor,
    Query(asked): Query<Demande>,
) -> Result<Page<Gerer>, PageError> {
    let (liste, page) = (route(&asked.liste)?, route(&asked.page)?);
    Ok(Page(build(&web, frame, &visitor, &liste, &page).await?))
}

async fn build(
    web: &Web,
    frame: Frame,
    visitor: &Visitor,
    liste: &str,
    page: &str,
) -> Result<Gerer, PageError> {
    let (garde, vues): (Garde, Vec<Vue>) = web
        .db()
        .read(|c| async move {
            let garde = garde_read(&c, liste, visitor.compte).await?;
            Ok::<_, db::DbError>((garde, vue_list(&c, liste, visitor.compte, visitor.role).await?))
        })
        .await?;
    let (supprimees, vues): (Vec<_>, Vec<_>) = vues.into_iter().partition(|vue| vue.supprimee);
    let line = |vue: Vue| Ligne {
        href: vue.url(page),
        premiere: garde.vue == Some(vue.id),
        modifiable: vue.editable_by(visitor),
        vue,
    };
    Ok(Gerer {
        csrf: visitor.csrf().to_owned(),
        frame: frame.titled("Vues enregistrées").crumb("Liste", format!("{page}?vue=0")),
        liste: liste.to_owned(),
        page: page.to_owned(),
        refus: Maybe(None),
        reprise: None,
        vues: vues.into_iter().map(line).collect(),
        supprimees,
        roles: Role::ALL.into_iter().filter(|role| Right::MaquetteLire.held_by(*role)).collect(),
    })
}

/// The page again, saying why, with what was typed.
async fn refused(
    web: &Web,
    frame: Frame,
    visitor: &Visitor,
    (liste, page): (&str, &str),
    err: VueError,
    reprise: Option<(String, String)>,
) -> Result<Response, PageError> {
    let status = match err.kind() {
        FaultKind::Conflict => StatusCode::CONFLICT,
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        _ => return Err(err.into()),
    };
    let alert = Alert::new(Tone::Warning, err.message()).way_out(err.way_out());
    let mut shown = build(web, frame, visitor, liste, page).await?;
    shown.refus = Maybe(Some(alert));
    shown.reprise = reprise;
    Ok(Page(shown).with_status(status))
}
