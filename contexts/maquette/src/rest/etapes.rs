//! `/api/v1/maquette/etapes`, and one of them.

use ::web::PageError;
use ::web::rest::{Liste, ParametresListe, Probleme};
use axum::extract::{Path, State};
use axum::response::Response;
use kernel::{AnneeUniversitaire, Source};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::demande::Demande;
use super::diplomes::Fenetre;
use super::lecteur::Lecteur;
use super::provenance::Reponse;
use crate::domain::Portee;
use crate::store::etape_lu::{EtapeLue, FiltreEtape, RattachementLu, etape_lu_list, etape_lu_read};
use crate::web::segment;

/// Une version d’étape (VET), ou une étape d’un catalogue sans versions.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Etape {
    /// COD_ETP, tel que la source l’écrit.
    #[schema(example = "L1DRO")]
    code: String,
    /// COD_VRS_VET ; `null` quand le catalogue n’a pas de versions.
    #[schema(example = "1")]
    version: Option<String>,
    /// Libellé de la version, sinon de l’étape.
    #[schema(example = "Licence 1 Droit à distance")]
    libelle: String,
    /// Libellé court.
    libelle_court: Option<String>,
    /// Cycle.
    cycle: Option<String>,
    /// Code de la composante.
    composante: Option<String>,
    /// Libellé de la composante.
    composante_libelle: Option<String>,
    /// Enseignée à distance ; `null` quand la source ne le dit pas.
    a_distance: Option<bool>,
    /// `ouverte` au recrutement, `validation` seule, ou `disparue` de la source.
    #[schema(example = "ouverte")]
    etat: &'static str,
    /// Versions de diplôme auxquelles elle est rattachée.
    diplomes: Vec<Rattachement>,
    /// Adresse de son arbre.
    #[schema(example = "/api/v1/maquette/etapes/L1DRO/1/arbre?annee=2024")]
    arbre: String,
}

/// Une version de diplôme d’une étape.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Rattachement {
    /// COD_DIP.
    #[schema(example = "LDROIT")]
    code: String,
    /// COD_VRS_VDI.
    #[schema(example = "1")]
    version: String,
    /// Libellé.
    libelle: Option<String>,
    /// Année dans le diplôme.
    rang: Option<i64>,
    /// Années de recrutement.
    recrutement: Fenetre,
    /// Années de validation.
    validation: Fenetre,
}

impl From<RattachementLu> for Rattachement {
    fn from(r: RattachementLu) -> Self {
        Self {
            code: r.code,
            version: r.version,
            libelle: r.libelle,
            rang: r.rang,
            recrutement: r.recrutement.into(),
            validation: r.validation.into(),
        }
    }
}

impl Etape {
    fn de(e: EtapeLue, annee: AnneeUniversitaire) -> Self {
        let arbre = format!("{}/arbre?annee={annee}", lien_rest(&e.code, e.version.as_deref()));
        Self {
            etat: match (e.disparue, e.ouverte) {
                (true, _) => "disparue",
                (false, Some(false)) => "validation",
                (false, _) => "ouverte",
            },
            code: e.code,
            version: e.version,
            libelle: e.libelle,
            libelle_court: e.libelle_court,
            cycle: e.cycle,
            composante: e.composante,
            composante_libelle: e.composante_libelle,
            a_distance: e.a_distance,
            diplomes: e.diplomes.into_iter().map(Rattachement::from).collect(),
            arbre,
        }
    }
}

/// Address of an étape version in this interface.
pub(super) fn lien_rest(code: &str, version: Option<&str>) -> String {
    format!("/api/v1/maquette/etapes/{}/{}", segment(code), version.map_or_else(|| "-".to_owned(), segment))
}

/// The version of an address: « - » where the catalogue has none.
pub(super) fn version_demandee(version: &str) -> Option<&str> {
    (version != "-").then_some(version)
}

/// No such étape in that year.
pub(super) fn inconnue(code: &str, version: Option<&str>, annee: AnneeUniversitaire) -> PageError {
    let version = version.map(|v| format!(", version {v},")).unwrap_or_default();
    PageError::nothing(format!("L’étape {code}{version} n’existe pas dans l’offre de {}.", annee.libelle()))
}

/// What narrows the list, for the document.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the document only")]
pub(super) struct Filtres {
    /// Code exact d’une étape.
    code: Option<String>,
    /// Code d’une composante.
    composante: Option<String>,
    /// Code d’un diplôme auquel elle est rattachée.
    diplome: Option<String>,
    /// Enseignée à distance, « oui » ou « non ».
    a_distance: Option<bool>,
    /// `ouverte`, `validation` ou `disparue`. Par défaut, toutes celles de la source.
    #[param(example = "ouverte")]
    etat: Option<String>,
}

/// Les versions d’étape d’une année, par code.
#[utoipa::path(
    get,
    path = "/api/v1/maquette/etapes",
    tag = "Offre",
    params(ParametresListe, Filtres),
    responses((status = 200, description = "Une page de la liste.", body = Reponse<Liste<Etape>>)),
    security(("jeton" = ["maquette:lire"]))
)]
pub(super) async fn liste(State(l): State<Lecteur>, demande: Demande) -> Result<Response, PageError> {
    let q = &demande.query;
    q.seulement(&["code", "composante", "diplome", "a_distance", "etat"])?;
    let recherche = kernel::fold(&q.recherche);
    let filtre = &FiltreEtape {
        recherche: &recherche,
        code: q.autre("code"),
        composante: q.autre("composante"),
        diplome: q.autre("diplome"),
        a_distance: q.vrai("a_distance")?,
        etat: demande.parmi("etat", &["ouverte", "validation", "disparue"])?,
    };
    l.lister(&demande, Portee::Offre, Source::Extraction, |s| {
        let (l, annee, fenetre) = (&l, s.annee, s.fenetre(q));
        async move {
            let a = annee.premiere();
            let lues = l.db().read(|c| async move { etape_lu_list(&c, a, filtre, fenetre).await }).await?;
            Ok((lues.0, lues.1.into_iter().map(|e| Etape::de(e, annee)).collect()))
        }
    })
    .await
}

/// Une version d’étape, avec les diplômes auxquels elle est rattachée.
#[utoipa::path(
    get,
    path = "/api/v1/maquette/etapes/{code}/{version}",
    tag = "Offre",
    params(
        ("code" = String, Path, description = "COD_ETP, encodé pour une adresse.", example = "L1DRO"),
        ("version" = String, Path, description = "COD_VRS_VET ; « - » quand le catalogue n’a pas de versions.", example = "1"),
        ("annee" = Option<String>, Query, description = "Année universitaire, par sa première année civile. La courante par défaut.", example = "2024"),
        ("maquette" = Option<String>, Query, description = "Maquette, par sa première année.", example = "2024"),
    ),
    responses(
        (status = 200, description = "L’étape.", body = Reponse<Etape>),
        (status = 404, description = "Cette étape n’existe pas dans l’offre de l’année.", body = Probleme, content_type = "application/problem+json")
    ),
    security(("jeton" = ["maquette:lire"]))
)]
pub(super) async fn une(
    State(l): State<Lecteur>,
    Path((code, version)): Path<(String, String)>,
    demande: Demande,
) -> Result<Response, PageError> {
    demande.query.seulement(&[])?;
    let (code, version) = (code.as_str(), version_demandee(&version));
    l.repondre(&demande, Portee::Offre, Source::Extraction, |s| {
        let l = &l;
        async move {
            let a = s.a();
            let lue = l.db().read(|c| async move { etape_lu_read(&c, a, code, version).await }).await?;
            Ok(Etape::de(lue.ok_or_else(|| inconnue(code, version, s.annee))?, s.annee))
        }
    })
    .await
}
