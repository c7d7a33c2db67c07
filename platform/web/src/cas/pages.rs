//! `/connexion/cas`: going to CAS, coming back from it, and CAS telling that a session ends.

use axum::body::Bytes;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{Actor, Fault as _, Right, Role};

use super::{Cas, CasFault, Personne, reponse};
use crate::comptes::{
    Compte, CompteFault, Echoue, Entree, NouvelAcces, Passage, normalise, parameter, refuse,
};
use crate::frame::Frame;
use crate::page::safe_return;
use crate::sessions::{before_token, random};
use crate::{PageError, RouteTable, Routes, Web, cookie};

/// Where CAS sends back to.
pub(crate) const PATH: &str = "/connexion/cas";

/// How long one may stay on CAS's page.
const DEPART_S: i64 = 3600;

/// Longest way back that is carried through CAS, whose own addresses have a limit.
const SUITE_MAX: usize = 600;

pub(crate) fn routes(web: Web) -> RouteTable {
    Routes::with_state(web).get(PATH, Right::Public, passer).post(PATH, Right::Public, fermer).build()
}

async fn passer(
    State(web): State<Web>,
    frame: Frame,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let Some(cas) = web.cas() else { return Err(PageError::not_found()) };
    let suite = parameter(&uri, "suite").unwrap_or_default();
    let suite = Some(safe_return(&suite)).filter(|suite| suite.len() <= SUITE_MAX).unwrap_or("/");
    if frame.visitor().is_some() {
        return Ok(Redirect::to(suite).into_response());
    }
    let https = web.settings().https;
    let name = cookie::depart(https);
    let held = cookie::read(&headers, name).filter(|held| held.len() == 32).map(str::to_owned);
    let done = match parameter(&uri, "ticket") {
        None => partir(&web, cas, held, suite).await,
        Some(ticket) => revenir(&web, cas, &uri, &headers, held, &ticket, suite).await,
    };
    match done {
        Ok(response) => Ok(response),
        Err(Refus::Cas(fault)) => {
            let known = matches!(fault, CasFault::Inconnu(_) | CasFault::Desactive(_) | CasFault::Ticket);
            if !known {
                // Neither the ticket nor the address that holds it.
                tracing::warn!(slug = fault.slug(), cause = %fault, "CAS");
            }
            let status = match &fault {
                CasFault::Etat | CasFault::Ticket => StatusCode::BAD_REQUEST,
                CasFault::Muet(_) | CasFault::Illisible(_) | CasFault::Service { .. } => {
                    StatusCode::SERVICE_UNAVAILABLE
                }
                _ => StatusCode::FORBIDDEN,
            };
            let sortie =
                matches!(fault, CasFault::Inconnu(_) | CasFault::Desactive(_) | CasFault::LocalSeulement(_))
                    .then(|| cas.deconnexion());
            let local =
                status == StatusCode::SERVICE_UNAVAILABLE || matches!(fault, CasFault::LocalSeulement(_));
            let echoue = Echoue { message: fault.message(), issue: fault.way_out(), sortie, local };
            refuse(&web, frame, &headers, suite, echoue, status)
        }
        Err(Refus::Page(fault)) => Err(fault),
    }
}

enum Refus {
    Cas(CasFault),
    Page(PageError),
}

impl From<CasFault> for Refus {
    fn from(fault: CasFault) -> Self {
        Self::Cas(fault)
    }
}

impl From<CompteFault> for Refus {
    fn from(fault: CompteFault) -> Self {
        Self::Page(fault.into())
    }
}

impl From<PageError> for Refus {
    fn from(fault: PageError) -> Self {
        Self::Page(fault)
    }
}

/// Sends to CAS. Tabs that leave together share one cookie: each comes back.
async fn partir(web: &Web, cas: &Cas, held: Option<String>, suite: &str) -> Result<Response, Refus> {
    cas.repond().await?;
    let value = match held {
        Some(held) => held,
        None => random::<16>()?,
    };
    let mut response = Redirect::to(&cas.depart(&before_token(&value), suite)).into_response();
    let https = web.settings().https;
    cookie::write(response.headers_mut(), cookie::depart(https), &value, Some(DEPART_S), https);
    Ok(response)
}

async fn revenir(
    web: &Web,
    cas: &Cas,
    uri: &axum::http::Uri,
    headers: &HeaderMap,
    held: Option<String>,
    ticket: &str,
    suite: &str,
) -> Result<Response, Refus> {
    let etat = parameter(uri, "etat").unwrap_or_default();
    // Somebody else's ticket, in a link, would sign the person in as that somebody.
    if held.is_none_or(|held| before_token(&held) != etat) {
        return Err(CasFault::Etat.into());
    }
    let personne = cas.valider(ticket, &etat, suite).await?;
    let compte = compte_de(web, cas, &personne).await?;
    reconnaitre(web, cas, &personne, &compte).await?;
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let token = web.sessions().open(compte.id, agent, Some(ticket)).await?;
    let https = web.settings().https;
    let mut response = Redirect::to(suite).into_response();
    cookie::write(response.headers_mut(), cookie::session(https), &token, None, https);
    cookie::forget(response.headers_mut(), cookie::before(https), https);
    Ok(response)
}

/// The account of somebody CAS vouches for; made if the settings say so.
async fn compte_de(web: &Web, cas: &Cas, personne: &Personne) -> Result<Compte, Refus> {
    let identifiant = normalise(&personne.utilisateur).ok_or(CasFault::Identifiant)?;
    match web.comptes().passer(&identifiant).await? {
        Passage::Entre(compte) => Ok(compte),
        Passage::Desactive => Err(CasFault::Desactive(identifiant).into()),
        Passage::LocalSeulement => Err(CasFault::LocalSeulement(identifiant).into()),
        Passage::Inconnu => {
            let Some((role, nom)) = cas.compte_a_creer(personne) else {
                return Err(CasFault::Inconnu(identifiant).into());
            };
            let acteur = Actor::Personne { identifiant: identifiant.clone(), role };
            let nouvel = NouvelAcces {
                identifiant: identifiant.clone(),
                nom,
                role,
                entree: Entree::Cas,
                etudiant: None,
            };
            match web.comptes().ouvrir(&acteur, nouvel).await {
                // Two tabs may come for the first time together: the second finds the account of the first.
                Ok(_) | Err(CompteFault::Existe(_)) => {}
                Err(fault) => return Err(fault.into()),
            }
            match web.comptes().passer(&identifiant).await? {
                Passage::Entre(compte) => Ok(compte),
                _ => Err(CasFault::Inconnu(identifiant).into()),
            }
        }
    }
}

/// Gives a student's account the number that the university knows them by, which stands before whatever was typed here: somebody must
/// not open another's file. A number that another account carries already is left there, and does not keep them out.
async fn reconnaitre(web: &Web, cas: &Cas, personne: &Personne, compte: &Compte) -> Result<(), Refus> {
    let Some(numero) = cas.numero_etudiant(personne).filter(|_| compte.role == Role::Etudiant) else {
        return Ok(());
    };
    if compte.etudiant.as_ref() == Some(&numero) {
        return Ok(());
    }
    let acteur = Actor::Personne { identifiant: compte.identifiant.clone(), role: compte.role };
    match web.comptes().rattacher(&acteur, &compte.identifiant, Some(numero)).await {
        Ok(_) => Ok(()),
        Err(CompteFault::EtudiantPris { .. }) => {
            // What it carried is not theirs, by the university's own word.
            web.comptes().rattacher(&acteur, &compte.identifiant, None).await?;
            tracing::warn!(compte = compte.id, "CAS : numéro d’étudiant déjà porté par un autre compte");
            Ok(())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// CAS tells, from server to server, that a person has left it. Whoever knows a ticket may end its session, and nothing else; the answer
/// does not say whether there was one.
async fn fermer(State(web): State<Web>, body: Bytes) -> Result<StatusCode, PageError> {
    if web.cas().is_none() {
        return Err(PageError::not_found());
    }
    let sent = form_urlencoded::parse(&body).find(|(name, _)| name == "logoutRequest");
    let ticket = sent.and_then(|(_, xml)| reponse::ticket_a_fermer(&xml));
    let Some(ticket) = ticket else {
        return Err(PageError::invalid(
            "Cette demande n’est pas une fin de session du CAS.",
            "Rien n’a changé. Les personnes se déconnectent par le menu personnel.",
        ));
    };
    web.comptes().fermer_par_ticket(&ticket).await?;
    Ok(StatusCode::OK)
}
