//! Plays Eve over the world's teachers, with the connector's own types, so that what is written is what is read.

use std::sync::Arc;

use ::eve as contrat;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::middleware;
use axum::response::Response;
use axum::routing::get;

use crate::rest::{self, Parametres, Probleme};
use crate::state::Sandbox;
use crate::world::{Enseignant, EtatService, NatureService, Service, TypeHeure, TypeService};

const ENSEIGNANTS: usize = 100;
const SERVICES: usize = 500;

/// The endpoints of Eve, to be mounted at `/eve/api/v1`.
pub fn router(sandbox: Arc<Sandbox>) -> Router {
    Router::new()
        .route("/enseignants", get(enseignants))
        .route("/services", get(services))
        .fallback(rest::inconnu)
        .layer(middleware::from_fn_with_state(sandbox.clone(), rest::jeton))
        .with_state(sandbox)
}

type Demande = (State<Arc<Sandbox>>, Query<Parametres>, HeaderMap);

async fn enseignants((State(sandbox), Query(parametres), entetes): Demande) -> Result<Response, Probleme> {
    let world = sandbox.world();
    let (annee, depuis) = (parametres.annee()?, parametres.modifie_depuis()?);
    let lus: Vec<&Enseignant> = world
        .enseignants
        .iter()
        .filter(|e| e.annee.premiere() == annee && depuis.is_none_or(|instant| e.modifie_le >= instant))
        .collect();
    rest::page(&entetes, &parametres, ENSEIGNANTS, &lus, |e| enseignant(e))
}

async fn services((State(sandbox), Query(parametres), entetes): Demande) -> Result<Response, Probleme> {
    let world = sandbox.world();
    let (annee, depuis) = (parametres.annee()?, parametres.modifie_depuis()?);
    let retenu =
        |s: &&Service| s.annee.premiere() == annee && depuis.is_none_or(|instant| s.modifie_le >= instant);
    let lus: Vec<&Service> = match &parametres.enseignant {
        Some(numero) => world.services_of(numero).filter(retenu).collect(),
        None => world.services.iter().filter(retenu).collect(),
    };
    rest::page(&entetes, &parametres, SERVICES, &lus, |s| service(s))
}

fn enseignant(e: &Enseignant) -> contrat::Enseignant {
    let (code, libelle) = e.corps.clone();
    let decharge =
        |d: &crate::world::Decharge| contrat::Decharge { motif: Some(d.motif.clone()), heures: d.heures };
    contrat::Enseignant {
        numero: e.numero.clone(),
        civilite: Some(e.civilite.clone()),
        nom: e.nom.clone(),
        nom_usage: e.nom_usage.clone(),
        prenom: Some(e.prenom.clone()),
        email: Some(e.email.clone()),
        corps: Some(contrat::Corps { code, libelle: Some(libelle) }),
        statut: Some(e.statut.clone()),
        composante: Some(e.composante.0.clone()),
        section_cnu: e.section_cnu.clone(),
        quotite: Some(e.quotite),
        service_statutaire: Some(e.service_statutaire),
        decharges: e.decharges.iter().map(decharge).collect(),
        date_debut: e.date_debut,
        date_fin: e.date_fin,
        modifie_le: Some(e.modifie_le),
    }
}

fn service(s: &Service) -> contrat::Service {
    let (code_etape, version_etape) = s.etape.clone().unzip();
    contrat::Service {
        id: s.id.to_string(),
        annee: s.annee,
        enseignant: s.enseignant.clone(),
        code_elp: s.element.clone(),
        code_etape,
        version_etape,
        type_heures: match s.type_service {
            TypeService::Heure(TypeHeure::Cm) => contrat::TypeHeures::Cm,
            TypeService::Heure(TypeHeure::Td) => contrat::TypeHeures::Td,
            TypeService::Heure(TypeHeure::Tp) => contrat::TypeHeures::Tp,
            TypeService::Heure(TypeHeure::Ead) => contrat::TypeHeures::Ead,
            TypeService::Referentiel => contrat::TypeHeures::Referentiel,
        },
        intitule: s.intitule.clone(),
        heures: s.heures,
        groupes: Some(s.groupes.into()),
        nature: match s.nature {
            NatureService::Previsionnel => contrat::NatureService::Previsionnel,
            NatureService::Realise => contrat::NatureService::Realise,
        },
        etat: match s.etat {
            EtatService::Saisi => contrat::EtatService::Saisi,
            EtatService::Valide => contrat::EtatService::Valide,
            EtatService::Refuse => contrat::EtatService::Refuse,
            EtatService::Paye => contrat::EtatService::Paye,
        },
        paye_le: s.paye_le,
        modifie_le: Some(s.modifie_le),
    }
}
