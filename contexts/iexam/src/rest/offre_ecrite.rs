//! What a period offers: modalities, quotas, deadlines.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;

use super::ecriture::{Ecriture, Reponse};
use super::periodes_ecrites::{PeriodeEcrite, designee, relue};
use crate::actions::modalite_offrir::offrir;
use crate::actions::regler_fault::ReglageFault;
use crate::store::offre::offre_list;

/// Ce que la période propose.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OffreAPoser {
    /// Les modalités à régler ; celles qui n’y sont pas restent comme elles sont.
    modalites: Vec<ModaliteAOffrir>,
}

/// Une modalité dans une période.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModaliteAOffrir {
    /// Code de la modalité.
    #[schema(example = "tele_examen")]
    modalite: String,
    /// La période la propose.
    offerte: bool,
    /// Nombre de places ; sans limite par défaut.
    #[serde(default)]
    quota: Option<i64>,
    /// Quand elle cesse d’être proposée, si c’est avant la fin des inscriptions.
    #[serde(default)]
    echeance: Option<DateTime<Utc>>,
}

/// Régler ce qu’une période propose
///
/// Modalités, quotas, échéances. Un quota ne descend pas sous les places déjà tenues.
#[utoipa::path(
    put,
    path = "/api/v1/iexam/periodes/{annee}/{code}/offre",
    tag = "Examens",
    params(
        ("annee" = u16, Path, description = "Année universitaire, par sa première année civile.", example = 2024),
        ("code" = String, Path, description = "Code de la période.", example = "P1"),
    ),
    request_body = OffreAPoser,
    responses(
        (status = 200, description = "L’offre est réglée.", body = PeriodeEcrite),
        (status = 404, description = "Une modalité n’existe pas."),
        (status = 409, description = "L’offre de la période ne change plus."),
        (status = 422, description = "Un quota ou une échéance est refusé, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn offre(e: Ecriture<(u16, String), OffreAPoser>) -> Reponse {
    e.faire(|iexam, par, (annee, code), c| async move {
        let id = designee(&iexam, annee, &code).await?.id;
        let tenues = iexam.db.read(|conn| async move { offre_list(&conn, id).await }).await?;
        let mut voulues = Vec::new();
        for m in c.modalites {
            let tenue = tenues.iter().find(|t| t.code == m.modalite).cloned();
            let mut voulue = tenue.ok_or_else(|| ReglageFault::Inconnu("La modalité", m.modalite))?;
            (voulue.offerte, voulue.quota, voulue.echeance) = (m.offerte, m.quota, m.echeance);
            voulues.push(voulue);
        }
        offrir(&iexam, id, &voulues, None, &par.acteur).await?;
        relue(&iexam, id, StatusCode::OK).await
    })
    .await
}
