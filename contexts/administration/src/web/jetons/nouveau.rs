//! A new token, and its secret, shown once.

use ::web::components::Field;
use ::web::jetons::{Jeton, JetonFault, Secret};
use ::web::{Frame, Page, PageError, Visitor};
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::{Scope, date_francaise};

use super::formulaire::{Champs, Erreur, Saisie, champ};
use super::{LISTE, NOUVEAU, lien};
use crate::Administration;

#[derive(Template)]
#[template(path = "jetons/nouveau.html")]
struct Nouveau {
    frame: Frame,
    action: &'static str,
    nom: Field,
    champs: Champs,
}

fn page(frame: Frame, sent: &Saisie, wrong: Option<&Erreur>) -> Nouveau {
    let error = wrong.filter(|(field, _)| *field == "nom").map(|(_, text)| text.clone());
    Nouveau {
        action: NOUVEAU,
        nom: Field::text("nom", "Nom")
            .value(&sent.nom)
            .required()
            .maxlength(64)
            .autocomplete("off")
            .help("Le nom de l’application : lettres sans accent, chiffres, points, tirets. Il ne changera plus.")
            .error(error),
        champs: Champs::new(sent, wrong),
        frame: frame.titled("Nouveau jeton").crumb("Jetons", LISTE),
    }
}

pub(super) async fn voir(frame: Frame) -> Response {
    Page(page(frame, &Saisie::default(), None)).into_response()
}

pub(super) async fn creer(
    State(a): State<Administration>,
    frame: Frame,
    visitor: Visitor,
    headers: HeaderMap,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let sent = Saisie::of(pairs);
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    let voulu = match sent.lue() {
        Ok(voulu) => voulu,
        Err(wrong) => return Ok(Page(page(frame, &sent, Some(&wrong))).with_status(refused)),
    };
    match a.web.jetons().creer(&visitor.actor(), voulu).await {
        Ok((jeton, secret)) => Ok(remettre(frame, &headers, &jeton, &secret, "Jeton créé")),
        Err(fault) => match champ(&fault) {
            Some(wrong) => {
                let taken = matches!(fault, JetonFault::Existe { .. });
                let status = if taken { StatusCode::CONFLICT } else { refused };
                Ok(Page(page(frame, &sent, Some(&wrong))).with_status(status))
            }
            None => Err(fault.into()),
        },
    }
}

#[derive(Template)]
#[template(path = "jetons/remis.html")]
struct Remis {
    frame: Frame,
    nom: String,
    lien: String,
    secret: String,
    exemple: String,
    dernier_jour: Option<String>,
    ancien: Option<String>,
}

/// The secret, shown this once: the answer to the form itself, because nothing keeps it.
pub(super) fn remettre(
    frame: Frame,
    headers: &HeaderMap,
    jeton: &Jeton,
    secret: &Secret,
    titre: &str,
) -> Response {
    let host = headers.get(header::HOST).and_then(|v| v.to_str().ok()).unwrap_or("telemaque.exemple.fr");
    // An example that answers: what this token may read.
    let path = match jeton.droits.first() {
        Some(Scope::EtudiantsLire | Scope::EtudiantsIdentite) => "/api/v1/maquette/etudiants?taille=1",
        Some(Scope::EnseignantsLire) => "/api/v1/maquette/enseignants?taille=1",
        Some(Scope::CollectesLire) => "/api/v1/maquette/collectes?taille=1",
        Some(Scope::ChangementsLire) => "/api/v1/changements",
        Some(Scope::ApogeeLire) => "/api/v1/apogee/composantes",
        Some(Scope::MetriquesLire) => "/metrics",
        Some(Scope::ExamensLire | Scope::ExamensEcrire) => "/api/v1/iexam/periodes",
        Some(Scope::PaiementsLire | Scope::PaiementsEcrire) => "/api/v1/iexam/paiements?taille=1",
        Some(Scope::MaquetteLire) | None => "/api/v1/maquette/etapes?taille=1",
    };
    let local = host.starts_with("127.") || host.starts_with("localhost") || host.starts_with("[::1]");
    let scheme = if local { "http" } else { "https" };
    let lien = lien(&jeton.nom);
    Page(Remis {
        frame: frame.titled(titre).crumb("Jetons", LISTE).crumb(&jeton.nom, &lien),
        nom: jeton.nom.clone(),
        lien,
        secret: secret.expose().to_owned(),
        exemple: format!("curl -H \"Authorization: Bearer {}\" \"{scheme}://{host}{path}\"", secret.expose()),
        dernier_jour: jeton.jusqu_au().map(date_francaise),
        ancien: jeton.ancien_jusqu_a.map(crate::web::le),
    })
    .into_response()
}
