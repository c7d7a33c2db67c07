//! `/api/v1/iexam/periodes`, and one of them.

use ::web::PageError;
use ::web::rest::{Liste, Probleme};
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AnneeUniversitaire, Scope};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

use super::demande::{Demande, absente, reference};
use crate::Iexam;
use crate::actions::periode_dater::dates_vu;
use crate::domain::periode::{EtatPeriode, Periode as Tenue};
use crate::store::inscription_lue::inscriptions_par_etat;
use crate::store::periode::{periode_list, periode_par_code};

/// Une période d’examens, avec ses dates.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PeriodeExamens)]
pub struct Periode {
    /// Son nom dans toute l’interface : année et code.
    #[schema(example = "2024-P1")]
    periode: String,
    /// Année universitaire, par sa première année civile : une période de janvier 2025 est de 2024.
    #[schema(example = 2024)]
    annee: u16,
    /// `P1`, `P2`, `P3`.
    #[schema(example = "P1")]
    code: String,
    /// Libellé.
    libelle: String,
    /// 1, ou 2 pour les rattrapages.
    #[schema(example = 1)]
    session: u8,
    /// `preparation`, `inscriptions`, `verification`, `convocations`, `epreuves`, `cloturee`, `archivee`.
    #[schema(example = "inscriptions")]
    etat: &'static str,
    /// Début de l’enseignement.
    enseignement_debut: NaiveDate,
    /// Quand les modalités ont été publiées.
    modalites_publiees_le: Option<DateTime<Utc>>,
    /// Les étudiants s’inscrivent à partir de cet instant…
    inscriptions_debut: DateTime<Utc>,
    /// … et jusqu’à celui-ci, non compris.
    inscriptions_fin: DateTime<Utc>,
    /// Dernier jour de la vérification.
    verification_fin: NaiveDate,
    /// Jour d’envoi des convocations.
    convocations_le: NaiveDate,
    /// Premier jour d’épreuves.
    epreuves_debut: NaiveDate,
    /// Dernier jour d’épreuves.
    epreuves_fin: NaiveDate,
    /// Jour de la clôture.
    fermeture_le: NaiveDate,
    /// Minutes voulues entre deux épreuves d’un même étudiant.
    #[schema(example = 30)]
    ecart_minutes: i64,
    /// Depuis quand des convocations sont parties.
    convoquee_le: Option<DateTime<Utc>>,
}

/// Une période, et où en sont ses inscriptions.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PeriodeComplete {
    /// La période.
    #[serde(flatten)]
    periode: Periode,
    /// Nombre d’inscriptions dans chaque état où il y en a.
    #[schema(example = json!({"validee": 412, "finalisee": 1038}))]
    inscriptions: BTreeMap<String, i64>,
    /// Empreinte de ses dates, à renvoyer en les changeant. Absente sans le droit `examens:ecrire`.
    #[serde(skip_serializing_if = "Option::is_none")]
    vu: Option<String>,
}

impl From<&Tenue> for Periode {
    fn from(p: &Tenue) -> Self {
        Self {
            periode: reference(p),
            annee: p.annee.premiere(),
            code: p.code.clone(),
            libelle: p.libelle.clone(),
            session: p.session,
            etat: p.etat.code(),
            enseignement_debut: p.enseignement_debut,
            modalites_publiees_le: p.modalites_publiees_le,
            inscriptions_debut: p.inscriptions_debut,
            inscriptions_fin: p.inscriptions_fin,
            verification_fin: p.verification_fin,
            convocations_le: p.convocations_le,
            epreuves_debut: p.epreuves_debut,
            epreuves_fin: p.epreuves_fin,
            fermeture_le: p.fermeture_le,
            ecart_minutes: p.ecart_min,
            convoquee_le: p.convoquee_le,
        }
    }
}

/// What narrows the list, for the document.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the document only")]
pub(super) struct Filtres {
    /// Numéro de page, à partir de 1.
    #[param(minimum = 1, default = 1)]
    page: Option<u64>,
    /// Lignes par page, de 1 à 500.
    #[param(minimum = 1, maximum = 500, default = 50)]
    taille: Option<u64>,
    /// Année universitaire, par sa première année civile. Toutes par défaut.
    #[param(example = "2024")]
    annee: Option<String>,
    /// Dans cet état.
    #[param(example = "inscriptions")]
    etat: Option<String>,
}

/// Les périodes d’examens, la plus récente année d’abord.
#[utoipa::path(
    get,
    path = "/api/v1/iexam/periodes",
    tag = "Examens",
    params(Filtres),
    responses((status = 200, description = "Une page de la liste.", body = Liste<Periode>)),
    security(("jeton" = ["examens:lire"]))
)]
pub(super) async fn liste(State(iexam): State<Iexam>, demande: Demande) -> Result<Response, PageError> {
    demande.seulement(&["annee", "etat"])?;
    let etat = demande.parmi("etat", EtatPeriode::ALL.map(EtatPeriode::code))?;
    let toutes = iexam.db.read(|c| async move { periode_list(&c).await }).await?;
    let choisie = |p: &&Tenue| {
        demande.query.annee.is_none_or(|annee| p.annee == annee) && etat.is_none_or(|e| p.etat.code() == e)
    };
    demande.lister_tout(toutes.iter().filter(choisie).map(Periode::from).collect())
}

/// Une période, avec le nombre de ses inscriptions dans chaque état.
#[utoipa::path(
    get,
    path = "/api/v1/iexam/periodes/{annee}/{code}",
    tag = "Examens",
    params(
        ("annee" = u16, Path, description = "Année universitaire, par sa première année civile.", example = 2024),
        ("code" = String, Path, description = "Code de la période.", example = "P1"),
    ),
    responses(
        (status = 200, description = "La période.", body = PeriodeComplete),
        (status = 404, description = "Cette période n’existe pas.", body = Probleme, content_type = "application/problem+json")
    ),
    security(("jeton" = ["examens:lire"]))
)]
pub(super) async fn une(
    State(iexam): State<Iexam>,
    Path((annee, code)): Path<(u16, String)>,
    demande: Demande,
) -> Result<Response, PageError> {
    demande.seulement_un(&[])?;
    let code = code.as_str();
    let annee = AnneeUniversitaire::new(annee)
        .ok_or_else(|| PageError::nothing(format!("Il n’y a pas d’année universitaire {annee}.")))?;
    let lue = iexam.db.read(|c| async move { periode_par_code(&c, annee, code).await }).await;
    let p = absente(lue, || format!("Il n’y a pas de période {code} en {}.", annee.libelle()))?;
    let id = p.id;
    let inscriptions = iexam.db.read(|c| async move { inscriptions_par_etat(&c, id).await }).await?;
    let vu = demande.peut(Scope::ExamensEcrire).then(|| dates_vu(&p).value());
    demande.repondre(&PeriodeComplete { periode: Periode::from(&p), inscriptions, vu })
}
