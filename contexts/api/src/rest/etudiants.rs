//! Students, one at a time.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::NaiveDate;
use contracts::apogee::{CleEtape, Dossier};
use kernel::{AnneeUniversitaire, NumeroEtudiant, Scope};
use serde::Serialize;
use utoipa::ToSchema;
use web::PageError;
use web::jetons::Acces;
use web::rest::{Conditions, ListeQuery};

use super::reponse::{Reponse, exigee, repondre};
use crate::Api;

/// Le dossier d’un étudiant pour une année. Ce qui l’identifie n’y est que pour un jeton qui porte `etudiants:identite`.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DossierJson {
    /// Numéro d’étudiant.
    #[schema(example = "21900042")]
    numero: String,
    /// Nom de naissance.
    nom: String,
    /// Nom d’usage.
    nom_usage: Option<String>,
    /// Prénom.
    prenom: String,
    /// Ce qui identifie ou joint la personne : absent sans le droit `etudiants:identite`.
    #[serde(skip_serializing_if = "Option::is_none")]
    identite: Option<IdentiteJson>,
    /// Inscriptions administratives de l’année, tous états.
    inscriptions: Vec<InscriptionJson>,
    /// Inscriptions pédagogiques de l’année.
    elements: Vec<ElementJson>,
}

/// Ce qui identifie ou joint une personne.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct IdentiteJson {
    /// INE.
    ine: Option<String>,
    /// Date de naissance.
    naissance: Option<NaiveDate>,
    /// Nationalité.
    nationalite: Option<String>,
    /// Un aménagement est enregistré.
    amenagement: bool,
    /// Courriel.
    email: Option<String>,
    /// Téléphone.
    telephone: Option<String>,
    /// Lignes de l’adresse.
    adresse: Vec<String>,
    /// Code postal, en France.
    code_postal: Option<String>,
    /// Ville.
    ville: Option<String>,
    /// Pays ; absent pour la France.
    pays: Option<String>,
}

/// Une inscription administrative à une étape.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct InscriptionJson {
    /// Code de l’étape.
    etape: String,
    /// Version de l’étape.
    version: String,
    /// Rang parmi les inscriptions à la même étape, à partir de 1.
    occurrence: i64,
    /// Code du diplôme.
    diplome: Option<String>,
    /// Version du diplôme.
    version_diplome: Option<String>,
    /// `E` en cours, `A` annulée, `R` résiliée.
    etat: String,
    /// Code du régime.
    regime: Option<String>,
    /// Inscription première.
    premiere: bool,
    /// Droits payés.
    payee: bool,
    /// Jour de l’inscription.
    date: Option<NaiveDate>,
}

/// Un élément du contrat pédagogique.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ElementJson {
    /// Code de l’étape.
    etape: String,
    /// Version de l’étape.
    version: String,
    /// Code de l’élément.
    element: String,
    /// Élément supérieur ; absent en haut de l’arbre.
    element_superieur: Option<String>,
    /// Niveau, à partir de 1.
    niveau: i64,
}

fn montrer(d: Dossier, identite: bool) -> DossierJson {
    DossierJson {
        numero: d.numero.0,
        nom: d.nom,
        nom_usage: d.nom_usage,
        prenom: d.prenom,
        identite: identite.then(|| {
            let a = d.adresse.unwrap_or_default();
            IdentiteJson {
                ine: d.ine.map(|ine| ine.0),
                naissance: d.naissance,
                nationalite: d.nationalite,
                amenagement: d.handicap,
                email: d.email,
                telephone: d.telephone,
                adresse: a.lignes,
                code_postal: a.code_postal,
                ville: a.ville,
                pays: a.pays,
            }
        }),
        inscriptions: d
            .inscriptions
            .into_iter()
            .map(|i| InscriptionJson {
                etape: i.etape.etape.0,
                version: i.etape.version.0,
                occurrence: i.occurrence,
                diplome: i.diplome.map(|c| c.0),
                version_diplome: i.version_diplome.map(|c| c.0),
                etat: i.etat,
                regime: i.regime,
                premiere: i.premiere,
                payee: i.payee,
                date: i.date,
            })
            .collect(),
        elements: d
            .contrats
            .into_iter()
            .map(|c| ElementJson {
                etape: c.etape.etape.0,
                version: c.etape.version.0,
                element: c.element.0,
                element_superieur: c.element_superieur.map(|e| e.0),
                niveau: c.rang,
            })
            .collect(),
    }
}

/// A number that could be one: the source is not asked about anything else.
fn numero(texte: String) -> Result<NumeroEtudiant, PageError> {
    let plausible = (1..=20).contains(&texte.len()) && texte.bytes().all(|b| b.is_ascii_alphanumeric());
    if plausible { Ok(NumeroEtudiant(texte)) } else { Err(crate::ApiFault::EtudiantInconnu.into()) }
}

/// People are read with the right to read people, whichever door they come through.
fn des_personnes(acces: &Acces) -> Result<(), PageError> {
    acces.exiger(Scope::EtudiantsLire)
}

async fn annee(api: &Api, query: &ListeQuery) -> AnneeUniversitaire {
    match query.annee {
        Some(annee) => annee,
        None => api.annee_courante().await,
    }
}

/// Dossier d’un étudiant pour une année
///
/// Lu dans Apogée, ou servi d’une copie récente. Quand Apogée ne répond pas, la dernière bonne réponse est servie, sinon ce que la
/// dernière collecte a lu : `origine` vaut alors `secours`.
#[utoipa::path(
    get,
    path = "/api/v1/apogee/etudiants/{numero}",
    tag = "Apogée",
    operation_id = "apogee_dossier",
    params(
        ("numero" = String, Path, description = "Numéro d’étudiant", example = "21900042"),
        ("annee" = Option<String>, Query, description = "Année universitaire, par sa première année civile ; l’année courante par défaut", example = "2024")
    ),
    responses((status = 200, description = "Le dossier", body = Reponse<DossierJson>), (status = 404, description = "Numéro inconnu d’Apogée")),
    security(("jeton" = ["apogee:lire", "etudiants:lire"]))
)]
pub(super) async fn dossier(
    acces: Acces,
    headers: HeaderMap,
    conditions: Conditions,
    query: ListeQuery,
    State(api): State<Api>,
    Path(texte): Path<String>,
) -> Result<Response, PageError> {
    des_personnes(&acces)?;
    query.seulement(&[])?;
    let lue = api.dossier(annee(&api, &query).await, &numero(texte)?, exigee(&headers)).await?;
    let identite = acces.may(Scope::EtudiantsIdentite);
    repondre(&api, &conditions, lue, |d| montrer(d, identite))
}

/// Années d’inscription d’un étudiant
#[utoipa::path(
    get,
    path = "/api/v1/apogee/etudiants/{numero}/annees",
    tag = "Apogée",
    operation_id = "apogee_annees",
    params(("numero" = String, Path, description = "Numéro d’étudiant", example = "21900042")),
    responses((status = 200, description = "Premières années civiles, dans l’ordre", body = Reponse<Vec<u16>>)),
    security(("jeton" = ["apogee:lire", "etudiants:lire"]))
)]
pub(super) async fn annees(
    acces: Acces,
    headers: HeaderMap,
    conditions: Conditions,
    query: ListeQuery,
    State(api): State<Api>,
    Path(texte): Path<String>,
) -> Result<Response, PageError> {
    des_personnes(&acces)?;
    query.seulement(&[])?;
    let lue = api.annees(&numero(texte)?, exigee(&headers)).await?;
    repondre(&api, &conditions, lue, |annees| annees)
}

/// Numéros des étudiants inscrits à une version d’étape
#[utoipa::path(
    get,
    path = "/api/v1/apogee/etapes/{code}/{version}/inscrits",
    tag = "Apogée",
    operation_id = "apogee_inscrits",
    params(
        ("code" = String, Path, description = "Code de l’étape", example = "L1DRO"),
        ("version" = String, Path, description = "Version de l’étape", example = "100"),
        ("annee" = Option<String>, Query, description = "Année universitaire, par sa première année civile ; l’année courante par défaut", example = "2024")
    ),
    responses((status = 200, description = "Les numéros, dans l’ordre", body = Reponse<Vec<String>>)),
    security(("jeton" = ["apogee:lire", "etudiants:lire"]))
)]
pub(super) async fn inscrits(
    acces: Acces,
    headers: HeaderMap,
    conditions: Conditions,
    query: ListeQuery,
    State(api): State<Api>,
    Path((code, version)): Path<(String, String)>,
) -> Result<Response, PageError> {
    des_personnes(&acces)?;
    query.seulement(&[])?;
    let etape = CleEtape { etape: code.into(), version: version.into() };
    let lue = api.inscrits(annee(&api, &query).await, &etape, exigee(&headers)).await?;
    repondre(&api, &conditions, lue, |numeros| numeros.into_iter().map(|n| n.0).collect::<Vec<_>>())
}
