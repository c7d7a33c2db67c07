//! `/api/v1/maquette/diplomes`.

use ::web::PageError;
use ::web::rest::{Liste, ParametresListe};
use axum::extract::State;
use axum::response::Response;
use kernel::Source;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::demande::Demande;
use super::lecteur::Lecteur;
use super::provenance::Reponse;
use crate::domain::Portee;
use crate::store::diplome_lu::{DiplomeLu, FiltreDiplome, diplome_lu_list};

/// Premières et dernières années, comprises ; `null` quand la source n’en dit pas.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Fenetre {
    /// Première année.
    #[schema(example = 2024)]
    debut: Option<i64>,
    /// Dernière année.
    #[schema(example = 2028)]
    fin: Option<i64>,
}

impl From<(Option<i64>, Option<i64>)> for Fenetre {
    fn from((debut, fin): (Option<i64>, Option<i64>)) -> Self {
        Self { debut, fin }
    }
}

/// Une version de diplôme (VDI), ou un diplôme qui n’en a pas.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Diplome {
    /// COD_DIP, tel que la source l’écrit.
    #[schema(example = "LDROIT")]
    code: String,
    /// COD_VRS_VDI ; `null` quand le diplôme n’a pas de version.
    #[schema(example = "1")]
    version: Option<String>,
    /// Libellé de la version, sinon du diplôme.
    libelle: Option<String>,
    /// Libellé court du diplôme.
    libelle_court: Option<String>,
    /// Cycle.
    cycle: Option<String>,
    /// Type de diplôme.
    #[serde(rename = "type")]
    sorte: Option<String>,
    /// Code de la composante.
    composante: Option<String>,
    /// Années de recrutement.
    recrutement: Fenetre,
    /// Années de validation.
    validation: Fenetre,
    /// N’est plus dans la source.
    disparu: bool,
    /// Versions d’étape qu’il contient.
    etapes: Vec<EtapeDeDiplome>,
}

/// Une version d’étape d’un diplôme.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EtapeDeDiplome {
    /// COD_ETP.
    #[schema(example = "L1DRO")]
    code: String,
    /// COD_VRS_VET.
    #[schema(example = "1")]
    version: String,
    /// Année dans le diplôme.
    #[schema(example = 1)]
    rang: Option<i64>,
}

impl From<DiplomeLu> for Diplome {
    fn from(d: DiplomeLu) -> Self {
        Self {
            code: d.code,
            version: d.version,
            libelle: d.libelle,
            libelle_court: d.libelle_court,
            cycle: d.cycle,
            sorte: d.type_diplome,
            composante: d.composante,
            recrutement: d.recrutement.into(),
            validation: d.validation.into(),
            disparu: d.disparu,
            etapes: d
                .etapes
                .into_iter()
                .map(|(code, version, rang)| EtapeDeDiplome { code, version, rang })
                .collect(),
        }
    }
}

/// What narrows the list, for the document.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the document only")]
pub(super) struct Filtres {
    /// Code exact d’un diplôme.
    code: Option<String>,
    /// Code d’une composante.
    composante: Option<String>,
    /// Cycle.
    cycle: Option<String>,
    /// « oui » : ceux qui ne sont plus dans la source, à la place des autres.
    disparus: Option<bool>,
}

/// Les versions de diplôme d’une année, par code.
#[utoipa::path(
    get,
    path = "/api/v1/maquette/diplomes",
    tag = "Offre",
    params(ParametresListe, Filtres),
    responses((status = 200, description = "Une page de la liste.", body = Reponse<Liste<Diplome>>)),
    security(("jeton" = ["maquette:lire"]))
)]
pub(super) async fn liste(State(l): State<Lecteur>, demande: Demande) -> Result<Response, PageError> {
    let q = &demande.query;
    q.seulement(&["code", "composante", "cycle", "disparus"])?;
    let recherche = kernel::fold(&q.recherche);
    let filtre = &FiltreDiplome {
        recherche: &recherche,
        code: q.autre("code"),
        composante: q.autre("composante"),
        cycle: q.autre("cycle"),
        disparus: q.vrai("disparus")?.unwrap_or_default(),
    };
    l.lister(&demande, Portee::Offre, Source::Extraction, |s| {
        let (l, a, fenetre) = (&l, s.a(), s.fenetre(q));
        async move {
            let lus = l.db().read(|c| async move { diplome_lu_list(&c, a, filtre, fenetre).await }).await?;
            Ok((lus.0, lus.1.into_iter().map(Diplome::from).collect()))
        }
    })
    .await
}
