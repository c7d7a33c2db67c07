//! `/api/v1/iexam/amenagements`: what is arranged for students. It tells of their health: whoever reads or writes it holds
//! `etudiants:identite` besides the scope of the address.

use ::web::PageError;
use ::web::rest::{Liste, Probleme};
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use db::Paging;
use kernel::Scope;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::demande::{Demande, absente};
use crate::Iexam;
use crate::actions::amenager::vu;
use crate::store::amenagement::{AmenagementTenu, Filtre, amenagement_list, amenagement_read};

/// What an arrangement may be looked for by.
const AVEC: [&str; 5] = ["majoration", "exception", "salle", "ordinateur", "secretaire"];

/// Ce qui est aménagé pour un étudiant, entre deux jours.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AmenagementExamens)]
pub struct Amenagement {
    /// Son numéro.
    #[schema(example = 64)]
    id: i64,
    /// COD_ETU.
    #[schema(example = "21903456")]
    etudiant: String,
    /// Premier jour.
    valide_du: NaiveDate,
    /// Dernier jour, compris.
    valide_au: NaiveDate,
    /// Temps majoré, en minutes par heure : 20 est un tiers, 0 aucun.
    #[schema(example = 20)]
    majoration: i64,
    /// Salle à part.
    salle_a_part: bool,
    /// Ordinateur.
    ordinateur: bool,
    /// Secrétaire.
    secretaire: bool,
    /// Autre chose.
    autre: String,
    /// L’exception motivée qui permet plus d’un tiers.
    exception: String,
    /// Depuis quand il est retiré.
    retire_le: Option<DateTime<Utc>>,
    /// Empreinte de ce qui est lu ici, à renvoyer en le modifiant. Absente sans le droit `examens:ecrire`.
    #[serde(skip_serializing_if = "Option::is_none")]
    vu: Option<String>,
}

fn amenagement(tenu: AmenagementTenu, ecrit: bool) -> Amenagement {
    let vu = ecrit.then(|| vu(&tenu).value());
    let AmenagementTenu { amenagement: a, retire_le } = tenu;
    Amenagement {
        id: a.id,
        etudiant: a.etudiant.to_string(),
        valide_du: a.valide_du,
        valide_au: a.valide_au,
        majoration: a.majoration,
        salle_a_part: a.salle_a_part,
        ordinateur: a.ordinateur,
        secretaire: a.secretaire,
        autre: a.autre,
        exception: a.exception,
        retire_le,
        vu,
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
    /// De cet étudiant (COD_ETU). Peut être donné plusieurs fois.
    #[param(example = "21903456")]
    etudiant: Option<String>,
    /// Ceux qui valent ce jour-là. Tous par défaut.
    #[param(example = "2025-01-13")]
    le: Option<String>,
    /// Qui comprennent `majoration`, `exception`, `salle`, `ordinateur` ou `secretaire`.
    #[param(example = "ordinateur")]
    avec: Option<String>,
    /// Les aménagements retirés seulement. Ceux qui ne le sont pas, par défaut.
    #[param(example = "non")]
    retire: Option<String>,
}

/// Les aménagements, par numéro d’étudiant
#[utoipa::path(
    get,
    path = "/api/v1/iexam/amenagements",
    tag = "Examens",
    params(Filtres),
    responses((status = 200, description = "Une page de la liste.", body = Liste<Amenagement>)),
    security(("jeton" = ["examens:lire", "etudiants:identite"]))
)]
pub(super) async fn liste(State(iexam): State<Iexam>, demande: Demande) -> Result<Response, PageError> {
    demande.exiger(Scope::EtudiantsIdentite)?;
    demande.seulement(&["etudiant", "le", "avec", "retire"])?;
    let etudiants: Vec<_> = demande.tous("etudiant").map(Into::into).collect();
    let filtre = &Filtre {
        etudiants: (!etudiants.is_empty()).then_some(etudiants),
        le: demande.jour("le")?,
        quoi: demande.parmi("avec", AVEC)?.into_iter().map(str::to_owned).collect(),
        retires: demande.query.vrai("retire")?.unwrap_or(false),
        ..Filtre::default()
    };
    let paging = Paging::new(demande.query.page, demande.query.taille);
    let page = iexam.db.read(|c| async move { amenagement_list(&c, filtre, paging).await }).await?;
    let ecrit = demande.peut(Scope::ExamensEcrire);
    demande.lister(page.total, page.elements.into_iter().map(|tenu| amenagement(tenu, ecrit)).collect())
}

/// Un aménagement
#[utoipa::path(
    get,
    path = "/api/v1/iexam/amenagements/{id}",
    tag = "Examens",
    params(("id" = i64, Path, description = "Numéro de l’aménagement.", example = 64)),
    responses(
        (status = 200, description = "L’aménagement.", body = Amenagement),
        (status = 404, description = "Cet aménagement n’existe pas.", body = Probleme, content_type = "application/problem+json")
    ),
    security(("jeton" = ["examens:lire", "etudiants:identite"]))
)]
pub(super) async fn un(
    State(iexam): State<Iexam>,
    Path(id): Path<i64>,
    demande: Demande,
) -> Result<Response, PageError> {
    demande.exiger(Scope::EtudiantsIdentite)?;
    demande.seulement_un(&[])?;
    let tenu = iexam.db.read(|c| async move { amenagement_read(&c, id).await }).await;
    let tenu = absente(tenu, || format!("L’aménagement n° {id} n’existe pas."))?;
    demande.repondre(&amenagement(tenu, demande.peut(Scope::ExamensEcrire)))
}
