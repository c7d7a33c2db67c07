//! `/api/v1/iexam/clotures`: days of the till, those to close and those that are closed. A closing is what the accountant takes.

use std::collections::BTreeMap;

use ::web::PageError;
use ::web::rest::{Liste, Probleme};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use db::DbError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::demande::Demande;
use super::ecriture::{Ecriture, Reponse};
use super::paiements::Paiement;
use crate::Iexam;
use crate::actions::clore::{Controle, clore, controler};
use crate::domain::cloture::Totaux;
use crate::store::caisse::{ecritures_du_jour, jours_a_clore};
use crate::store::paiement_lu::{Filtre, paiement_lu_list};

/// Une journée qui reste à clore.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct JourneeAClore {
    /// Le jour.
    jour: NaiveDate,
    /// Combien d’écritures comptent pour lui.
    #[schema(example = 18)]
    ecritures: i64,
}

/// Une journée close : elle ne reçoit plus rien.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Cloture {
    /// Son numéro.
    #[schema(example = 31)]
    id: i64,
    /// Le jour.
    jour: NaiveDate,
    /// Quand elle a été close.
    close_le: DateTime<Utc>,
    /// Par qui.
    close_par: String,
    /// Combien d’écritures elle tient.
    #[schema(example = 18)]
    ecritures: i64,
    /// Ce qui est entré, en centimes.
    #[schema(example = 155250)]
    encaisse_cents: i64,
    /// Ce qui est sorti, en centimes.
    rembourse_cents: i64,
    /// Empreinte de ses écritures et de la clôture d’avant.
    empreinte: String,
    /// Ses écritures, relues à l’instant, sont celles qui ont été closes.
    intacte: bool,
    /// Ce qui n’est plus comme à la clôture.
    ecart: Option<String>,
}

/// Une journée close et ses écritures : ce qu’en prend la comptabilité.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClotureComplete {
    /// La clôture.
    #[serde(flatten)]
    cloture: Cloture,
    /// Ce qui n’a pas été demandé, en centimes.
    exonere_cents: i64,
    /// Ce qui est entré moins ce qui est sorti, par moyen, en centimes.
    #[schema(example = json!({"cheque": 120750, "virement": 34500}))]
    par_moyen_cents: BTreeMap<String, i64>,
    /// Ses écritures, dans l’ordre.
    lignes: Vec<Paiement>,
}

impl From<Controle> for Cloture {
    fn from(c: Controle) -> Self {
        let Controle { cloture: k, ecart } = c;
        Self {
            id: k.id,
            jour: k.jour,
            close_le: k.close_le,
            close_par: k.close_par,
            ecritures: k.ecritures,
            encaisse_cents: k.encaisse.0,
            rembourse_cents: k.rembourse.0,
            empreinte: k.empreinte,
            intacte: ecart.is_none(),
            ecart,
        }
    }
}

/// Les journées à clore, la plus ancienne d’abord
///
/// Elles se closent dans cet ordre.
#[utoipa::path(
    get,
    path = "/api/v1/iexam/journees",
    tag = "Paiements des examens",
    responses((status = 200, description = "Les journées.", body = Liste<JourneeAClore>)),
    security(("jeton" = ["paiements:lire"]))
)]
pub(super) async fn journees(State(iexam): State<Iexam>, demande: Demande) -> Result<Response, PageError> {
    demande.seulement(&[])?;
    let jours = iexam.db.read(|c| async move { jours_a_clore(&c).await }).await?;
    demande
        .lister_tout(jours.into_iter().map(|(jour, ecritures)| JourneeAClore { jour, ecritures }).collect())
}

/// Les journées closes, la plus ancienne d’abord, chacune relue et contrôlée
#[utoipa::path(
    get,
    path = "/api/v1/iexam/clotures",
    tag = "Paiements des examens",
    responses((status = 200, description = "Les clôtures.", body = Liste<Cloture>)),
    security(("jeton" = ["paiements:lire"]))
)]
pub(super) async fn liste(State(iexam): State<Iexam>, demande: Demande) -> Result<Response, PageError> {
    demande.seulement(&[])?;
    let toutes = iexam.db.read(|c| async move { controler(&c).await }).await?;
    demande.lister_tout(toutes.into_iter().map(Cloture::from).collect())
}

/// Une journée close, avec ses totaux par moyen et toutes ses écritures
#[utoipa::path(
    get,
    path = "/api/v1/iexam/clotures/{id}",
    tag = "Paiements des examens",
    params(("id" = i64, Path, description = "Numéro de la clôture.", example = 31)),
    responses(
        (status = 200, description = "La clôture.", body = ClotureComplete),
        (status = 404, description = "Cette clôture n’existe pas.", body = Probleme, content_type = "application/problem+json")
    ),
    security(("jeton" = ["paiements:lire"]))
)]
pub(super) async fn une(
    State(iexam): State<Iexam>,
    Path(id): Path<i64>,
    demande: Demande,
) -> Result<Response, PageError> {
    demande.seulement_un(&[])?;
    let lue = iexam
        .db
        .read(|c| async move {
            let Some(k) = controler(&c).await?.into_iter().find(|k| k.cloture.id == id) else {
                return Ok(None);
            };
            let siennes = ecritures_du_jour(&c, k.cloture.jour).await?;
            let siennes: Vec<_> = siennes.into_iter().filter(|e| e.cloture == Some(id)).collect();
            let filtre = Filtre { cloture: Some(id), ..Filtre::default() };
            let (_, lignes) = paiement_lu_list(&c, filtre, (0, u64::MAX)).await?;
            Ok::<_, DbError>(Some((k, Totaux::de(&siennes), lignes)))
        })
        .await;
    let (k, totaux, lignes) = super::demande::absente(lue, || format!("La clôture n° {id} n’existe pas."))?;
    demande.repondre(&ClotureComplete {
        cloture: k.into(),
        exonere_cents: totaux.exonere.0,
        par_moyen_cents: totaux.par_moyen.iter().map(|(m, somme)| (m.code().to_owned(), somme.0)).collect(),
        lignes: lignes.into_iter().map(Paiement::from).collect(),
    })
}

/// La journée à clore.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AClore {
    /// Le jour : le plus ancien qui reste à clore.
    jour: NaiveDate,
    /// Combien d’écritures vous lui avez lues : la clôture est refusée s’il s’en est ajouté depuis.
    #[serde(default)]
    #[schema(example = 18)]
    ecritures: Option<i64>,
}

/// La journée close.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClotureFaite {
    /// Numéro de la clôture.
    #[schema(example = 31)]
    id: i64,
    /// Le jour.
    jour: NaiveDate,
    /// Où la lire en entier.
    #[schema(example = "/api/v1/iexam/clotures/31")]
    lien: String,
}

/// Clore une journée
///
/// Pour de bon : elle ne reçoit plus aucune écriture. Une correction compte pour le jour où elle est faite.
#[utoipa::path(
    post,
    path = "/api/v1/iexam/clotures",
    tag = "Paiements des examens",
    request_body = AClore,
    responses(
        (status = 201, description = "La journée est close.", body = ClotureFaite),
        (status = 409, description = "Elle est déjà close, à venir, vide, a changé, ou une journée d’avant ne l’est pas.")
    )
)]
pub(super) async fn cloture(e: Ecriture<(), AClore>) -> Reponse {
    e.faire(|iexam, par, (), c| async move {
        let id = clore(&iexam, c.jour, c.ecritures, &par.acteur).await?;
        let lien = format!("/api/v1/iexam/clotures/{id}");
        Ok((StatusCode::CREATED, ClotureFaite { id, jour: c.jour, lien }))
    })
    .await
}
