//! `/api/v1/maquette/enseignants`.

use ::web::PageError;
use ::web::rest::{Liste, ParametresListe};
use axum::extract::State;
use axum::response::Response;
use kernel::Source;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::demande::Demande;
use super::lecteur::Lecteur;
use super::nombre::Decimal;
use super::provenance::Reponse;
use crate::domain::Portee;
use crate::store::enseignant_lu::{EnseignantLu, FiltreEnseignant, enseignant_lu_list};

/// Un enseignant.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Enseignant {
    /// Numéro Harpège ou Eve.
    #[schema(example = "E01234")]
    numero: String,
    /// Nom de naissance.
    nom: Option<String>,
    /// Nom d’usage.
    nom_usage: Option<String>,
    /// Prénom.
    prenom: Option<String>,
    /// Civilité.
    civilite: Option<String>,
    /// Courriel professionnel.
    email: Option<String>,
    /// Corps : PR, MCF, PRAG…
    #[schema(example = "MCF")]
    corps: Option<String>,
    /// Statut.
    statut: Option<String>,
    /// Code de la composante.
    composante: Option<String>,
    /// Section CNU.
    section_cnu: Option<String>,
    /// Service dû, en heures ; zéro est une valeur.
    service_statutaire: Option<Decimal>,
}

impl From<EnseignantLu> for Enseignant {
    fn from(e: EnseignantLu) -> Self {
        let [nom, nom_usage, prenom, civilite] = e.noms;
        Self {
            numero: e.numero,
            nom,
            nom_usage,
            prenom,
            civilite,
            email: e.email,
            corps: e.corps,
            statut: e.statut,
            composante: e.composante,
            section_cnu: e.section_cnu,
            service_statutaire: e.service_statutaire.map(Decimal),
        }
    }
}

/// What narrows the list, for the document.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the document only")]
pub(super) struct Filtres {
    /// Numéro exact.
    numero: Option<String>,
    /// Corps : PR, MCF, PRAG…
    corps: Option<String>,
    /// Statut.
    statut: Option<String>,
    /// Code d’une composante.
    composante: Option<String>,
}

/// Les enseignants d’une année, par numéro.
#[utoipa::path(
    get,
    path = "/api/v1/maquette/enseignants",
    tag = "Personnes",
    params(ParametresListe, Filtres),
    responses((status = 200, description = "Une page de la liste.", body = Reponse<Liste<Enseignant>>)),
    security(("jeton" = ["enseignants:lire"]))
)]
pub(super) async fn liste(State(l): State<Lecteur>, demande: Demande) -> Result<Response, PageError> {
    let q = &demande.query;
    q.seulement(&["numero", "corps", "statut", "composante"])?;
    let recherche = kernel::fold(&q.recherche);
    let filtre = &FiltreEnseignant {
        recherche: &recherche,
        numero: q.autre("numero"),
        corps: q.autre("corps"),
        statut: q.autre("statut"),
        composante: q.autre("composante"),
    };
    l.lister(&demande, Portee::Personnes, Source::Eve, |s| {
        let (l, a, fenetre) = (&l, s.a(), s.fenetre(q));
        async move {
            let lus =
                l.db().read(|c| async move { enseignant_lu_list(&c, a, filtre, fenetre).await }).await?;
            Ok((lus.0, lus.1.into_iter().map(Enseignant::from).collect()))
        }
    })
    .await
}
