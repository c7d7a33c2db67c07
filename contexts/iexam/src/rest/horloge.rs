//! `/api/v1/iexam/periodes/{annee}/{code}/horloge`: the dates that the law fixes, and the overrides that answer for those missed.
//!
//! An override is signed by a person. Somebody signed in signs in their own name; a token, which is nobody, says who signs in the
//! application that it belongs to, and both names are kept.

use ::web::PageError;
use ::web::rest::Liste;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::AnneeUniversitaire;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::demande::{Demande, absente};
use super::ecriture::{Ecriture, Par, Reponse, Rien};
use super::idempotence::Refus;
use super::periodes_ecrites::designee;
use crate::Iexam;
use crate::actions::deroger::{deroger, retirer};
use crate::actions::periode_avancer::situation;
use crate::actions::regler_fault::ReglageFault;
use crate::domain::horloge::{Aiguille, Echeance, Feu};
use crate::domain::periode::Periode;
use crate::store::periode::periode_par_code;
use crate::store::periode_ecrite::{Derogation, derogation_list};

/// Longest name of who signs.
const SIGNATAIRE_MAX: usize = 120;

/// Une date que la loi fixe à la période.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EcheanceLegale {
    /// `modalites` ou `convocations`.
    #[schema(example = "modalites")]
    echeance: &'static str,
    /// Ce que dit la loi.
    regle: &'static str,
    /// Le dernier jour, compris.
    limite: NaiveDate,
    /// Le jour où c’est fait ; `null` tant que ce ne l’est pas.
    faite_le: Option<NaiveDate>,
    /// `tenue`, `a_venir`, `proche` à une semaine ou moins, `manquee`, `levee` par une dérogation.
    #[schema(example = "proche")]
    etat: &'static str,
    /// Jours qui restent ; négatif une fois la date passée.
    reste_jours: i64,
    /// La dérogation signée, quand il y en a une.
    derogation: Option<DerogationSignee>,
}

/// Pourquoi une date est passée sans être tenue, et qui en répond.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DerogationSignee {
    /// Pourquoi.
    motif: String,
    /// Qui a signé.
    signee_par: String,
    /// Quand.
    signee_le: DateTime<Utc>,
}

/// Une dérogation à signer.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DerogationASigner {
    /// `modalites` ou `convocations`.
    #[schema(example = "modalites")]
    echeance: String,
    /// Pourquoi, en vingt caractères au moins.
    #[schema(example = "Le conseil de la formation ne s’est réuni que le 20 octobre.")]
    motif: String,
    /// La personne nommée signe.
    signe: bool,
    /// Qui signe, dans l’application dont c’est le jeton : nécessaire avec un jeton, inutile à qui est connecté.
    #[serde(default)]
    #[schema(example = "Anne Durand")]
    signataire: Option<String>,
}

fn echeance(dite: &str) -> Result<Echeance, ReglageFault> {
    Echeance::of_code(dite).ok_or_else(|| {
        let connues = Echeance::ALL.map(Echeance::code).join(", ");
        ReglageFault::saisie("echeance", format!("L’échéance est l’une de : {connues}."))
    })
}

fn legale(a: &Aiguille, derogations: &[Derogation]) -> EcheanceLegale {
    let derogation = derogations.iter().find(|d| d.echeance == a.echeance);
    EcheanceLegale {
        echeance: a.echeance.code(),
        regle: a.echeance.regle(),
        limite: a.limite,
        faite_le: a.faite_le,
        etat: match a.feu {
            Feu::Tenue => "tenue",
            Feu::Vert => "a_venir",
            Feu::Orange => "proche",
            Feu::Rouge => "manquee",
            Feu::Leve => "levee",
        },
        reste_jours: a.reste,
        derogation: derogation.map(|d| DerogationSignee {
            motif: d.motif.clone(),
            signee_par: d.signee_par.clone(),
            signee_le: d.signee_le,
        }),
    }
}

async fn lue(iexam: &Iexam, periode: Periode) -> Result<Vec<EcheanceLegale>, db::DbError> {
    let id = periode.id;
    let derogations = iexam.db.read(|c| async move { derogation_list(&c, id).await }).await?;
    let situation = situation(iexam, periode).await?;
    Ok(situation.horloge.iter().map(|a| legale(a, &derogations)).collect())
}

async fn une(iexam: &Iexam, periode: Periode, e: Echeance) -> Result<EcheanceLegale, Refus> {
    let toutes = lue(iexam, periode).await?;
    let trouvee = toutes.into_iter().find(|a| a.echeance == e.code());
    Ok(trouvee.ok_or_else(|| ReglageFault::Inconnu("L’échéance", e.code().to_owned()))?)
}

/// Les dates que la loi fixe à une période, et où elle en est de chacune
#[utoipa::path(
    get,
    path = "/api/v1/iexam/periodes/{annee}/{code}/horloge",
    tag = "Examens",
    params(
        ("annee" = u16, Path, description = "Année universitaire, par sa première année civile.", example = 2024),
        ("code" = String, Path, description = "Code de la période.", example = "P1"),
    ),
    responses((status = 200, description = "Les deux dates.", body = Liste<EcheanceLegale>)),
    security(("jeton" = ["examens:lire"]))
)]
pub(super) async fn horloge(
    State(iexam): State<Iexam>,
    Path((annee, code)): Path<(u16, String)>,
    demande: Demande,
) -> Result<Response, PageError> {
    demande.seulement(&[])?;
    let code = code.as_str();
    let annee = AnneeUniversitaire::new(annee)
        .ok_or_else(|| PageError::nothing(format!("Il n’y a pas d’année universitaire {annee}.")))?;
    let p = iexam.db.read(|c| async move { periode_par_code(&c, annee, code).await }).await;
    let p = absente(p, || format!("Il n’y a pas de période {code} en {}.", annee.libelle()))?;
    demande.lister_tout(lue(&iexam, p).await?)
}

/// The name under which an override is kept.
fn signataire(par: &Par, dit: Option<String>) -> Result<String, ReglageFault> {
    if let Some(nom) = &par.personne {
        return Ok(nom.clone());
    }
    let nom = dit.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    if nom.is_empty() || nom.chars().count() > SIGNATAIRE_MAX {
        return Err(ReglageFault::saisie(
            "signataire",
            format!(
                "Dites qui signe, en {SIGNATAIRE_MAX} caractères au plus : un jeton ne signe pas lui-même."
            ),
        ));
    }
    Ok(format!("{nom} ({})", par.acteur))
}

/// Signer une dérogation
///
/// Une date de la loi est passée sans être tenue : quelqu’un dit pourquoi, et signe. Ce qui en dépendait peut alors avoir lieu.
#[utoipa::path(
    post,
    path = "/api/v1/iexam/periodes/{annee}/{code}/derogations",
    tag = "Examens",
    params(
        ("annee" = u16, Path, description = "Année universitaire, par sa première année civile.", example = 2024),
        ("code" = String, Path, description = "Code de la période.", example = "P1"),
    ),
    request_body = DerogationASigner,
    responses(
        (status = 201, description = "La dérogation est signée.", body = EcheanceLegale),
        (status = 409, description = "La date n’est pas passée, ou a déjà sa dérogation."),
        (status = 422, description = "Le motif est trop court, la signature manque, ou la clé a servi à une autre demande.")
    )
)]
pub(super) async fn derogation(e: Ecriture<(u16, String), DerogationASigner>) -> Reponse {
    e.faire(|iexam, par, (annee, code), c| async move {
        let p = designee(&iexam, annee, &code).await?;
        let date = echeance(&c.echeance)?;
        let nom = signataire(&par, c.signataire)?;
        deroger(&iexam, p.id, date, &c.motif, (c.signe, &nom), &par.acteur).await?;
        Ok((StatusCode::CREATED, une(&iexam, p, date).await?))
    })
    .await
}

/// Retirer une dérogation
///
/// La date est de nouveau manquée.
#[utoipa::path(
    delete,
    path = "/api/v1/iexam/periodes/{annee}/{code}/derogations/{echeance}",
    tag = "Examens",
    params(
        ("annee" = u16, Path, description = "Année universitaire, par sa première année civile.", example = 2024),
        ("code" = String, Path, description = "Code de la période.", example = "P1"),
        ("echeance" = String, Path, description = "`modalites` ou `convocations`.", example = "modalites"),
    ),
    responses((status = 200, description = "La dérogation n’est plus.", body = EcheanceLegale))
)]
pub(super) async fn derogation_retrait(e: Ecriture<(u16, String, String), Rien>) -> Reponse {
    e.faire(|iexam, par, (annee, code, dite), Rien {}| async move {
        let p = designee(&iexam, annee, &code).await?;
        let date = echeance(&dite)?;
        retirer(&iexam, p.id, date, &par.acteur).await?;
        Ok((StatusCode::OK, une(&iexam, p, date).await?))
    })
    .await
}
